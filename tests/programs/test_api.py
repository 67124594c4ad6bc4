"""The catalogue's API beyond what tests/api checks for all apps: shapes of details, calls and projects."""

from typing import Any

import pytest
from django.test import Client

from programs.models import Call

pytestmark = pytest.mark.django_db


def get(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_a_list_row_carries_the_contract(client: Client, reference: None) -> None:
    rows = get(client, "programs/?search=まちづくり推進コンシェルジュ")["results"]
    row = next(row for row in rows if row["slug"] == "machizukuri-concierge")
    assert row["title"] == "まちづくり推進コンシェルジュ"
    assert (row["level"], row["level_label"], row["kind"]) == ("metropolitan", "都", "consultation")
    assert row["department"] == "総務局 行政部 振興企画課"
    assert (row["phone"], row["url"], row["parent"], row["status"]) == ("03-5388-2443", None, None, "active")
    assert row["availability"]["text"] == "通年"
    assert row["page"] == "/programs/machizukuri-concierge/"


def test_city_programs_say_which_kind_of_town(client: Client, reference: None) -> None:
    assert get(client, "programs/tama-kigyo-yuchi-shoreikin/")["level_label"] == "市"


def test_a_program_in_full(client: Client, reference: None) -> None:
    one = get(client, "programs/diverse-partners-grant/")
    assert [money["text"] for money in one["money"]] == ["補助率 2/3", "1事業2,000万円", "初年度は1,000万円"]
    assert one["facts"][0] == {
        "label": "補助期間（最長）",
        "text": None,
        "value": 3,
        "unit": "年間",
        "approx": None,
    }
    assert {record["value"] for record in one["records"]} >= {"1", "2"}
    assert one["projects"] == ["r8-new-community", "r7-hikikomori-women", "r6-akigawa", "r6-common-platform"]
    assert one["citations"][0]["source"] == "tokyo-renraku-jiko"
    parent = get(client, "programs/kyoryokutai/")
    assert "kyoryokutai-intern" in parent["components"]
    assert parent["series"][0]["values"][-1] == 7910


def test_numbers_are_exact_text(client: Client, reference: None) -> None:
    records = get(client, "programs/kyoryokutai/")["records"]
    assert next(r["value"] for r in records if r["text"] == "同じ地域に定住") == "68.9"


def test_calls(client: Client, demo_calls: None) -> None:
    rows = get(client, "calls/")["results"]
    assert len(rows) == 8
    grants = [row for row in rows if row["program"] == "diverse-partners-grant"]
    assert [row["is_open"] for row in grants].count(True) == 1
    grant = next(row for row in grants if row["is_open"])
    assert grant["is_fictional"] is True
    assert grant["availability"]["text"].startswith("受付中 あと")
    call = Call.objects.get(public_id=grant["id"])
    assert get(client, f"calls/{grant['id']}/")["closes_at"].startswith(f"{call.closes_at:%Y-%m-%d}")


def test_projects(client: Client, reference: None) -> None:
    one = get(client, "projects/r6-akigawa/")
    assert one["lead"] == {"code": "132284", "name": "あきる野市"}
    assert [partner["code"] for partner in one["partners"]] == ["133051", "133078"]
    assert one["actors"] == [{"name": "3市町村観光協会", "is_group": True}]
    assert one["results"][1]["as_written"] == "12回程度"


@pytest.mark.parametrize(("size", "rows"), [("1", 1), ("200", 155), ("500", 155)])
def test_page_sizes(client: Client, reference: None, size: str, rows: int) -> None:
    assert len(get(client, f"programs/?page_size={size}")["results"]) == rows


def test_search_and_filters_are_those_of_the_page(client: Client, reference: None) -> None:
    query = "search=移住&level=metropolitan&level=national&audience=municipality"
    rows = get(client, f"programs/?{query}&page_size=200")["results"]
    text = client.get(f"/programs/?{query}").content.decode()
    assert f"<b>{len(rows)}件</b>見つかりました" in text
    assert [text.index(f'/programs/{row["slug"]}/"') for row in rows[:5]] == sorted(
        text.index(f'/programs/{row["slug"]}/"') for row in rows[:5]
    )

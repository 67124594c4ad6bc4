"""The read API existing subsidy clients speak, key by key and rule by rule."""

import base64
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from core import clock as core_clock
from programs.exp import identity, vocabulary
from programs.models import Program
from tests.api import open_forms
from tests.factories import programs as make

SEARCH = "/exp/v1/public/subsidies"
EVERYTHING = {"keyword": "事業", "sort": "created_date", "order": "DESC", "acceptance": "0"}
ACCEPTS = ["application/json", "application/json, text/plain, */*", "*/*"]

pytestmark = pytest.mark.django_db


def ask(client: Client, **query: str) -> list[dict[str, Any]]:
    response = client.get(SEARCH, EVERYTHING | query)
    assert response.status_code == 200, response.content.decode()
    body = response.json()
    assert body["metadata"]["resultset"]["count"] == len(body["result"])
    return list(body["result"])


def detail(client: Client, slug: str, version: int = 1) -> dict[str, Any]:
    path = f"/exp/v{version}/public/subsidies/id/{identity.identifier(identity.PROGRAM, slug)}"
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()
    body = response.json()
    assert open_forms.faults("national-contract", body, f"detail_v{version}") == []
    assert body["metadata"]["resultset"] == {"count": 1}
    (found,) = body["result"]
    return dict(found)


def titles(rows: list[dict[str, Any]]) -> list[str]:
    return [row["title"] for row in rows]


# --- Shapes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", [*ACCEPTS, ""])
def test_the_search_answers_as_the_contract_says(client: Client, demo: None, accept: str) -> None:
    response = client.get(SEARCH, EVERYTHING, headers={"accept": accept} if accept else None)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert "\\u" not in response.content.decode()
    body = response.json()
    assert open_forms.faults("national-contract", body, "search") == []
    assert body["metadata"]["resultset"]["count"] == len(body["result"]) > 10
    assert len({row["id"] for row in body["result"]}) == len({row["name"] for row in body["result"]})


def test_programs_keep_their_identifiers_and_have_both_details(client: Client, demo: None) -> None:
    slugs = list(Program.objects.order_by("slug").values_list("slug", flat=True))
    ids = {identity.identifier(identity.PROGRAM, slug) for slug in slugs}
    assert len(ids) == len(slugs) == len({identity.label(slug) for slug in slugs})
    for slug in slugs[::4]:
        first, second = detail(client, slug), detail(client, slug, 2)
        both = set(first) & set(second)
        assert (len(first), len(second), len(both)) == (
            25,
            22,
            20,
        )  # 22 and 19 of the contract, and three of ours
        assert {key: first[key] for key in both} == {key: second[key] for key in both}
        check_words(first)
        assert None not in [
            each[key] for each in second["workflow"] for key in each if key.startswith("acceptance")
        ]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "a0P"}, {"name": "S-1"}, {"subsidy_max_limit": "200万円"}, {"subsidy_max_limit": 1.5}, {"title": None},
        {"update_datetime": "2026-12-08T17:00:00+09:00"}, {"request_reception_presence": "あり"}, {"industry": ""},
        {"is_enable_multiple_request": "true"}, {"outline_of_grant": [{"name": "x.txt", "data": "本文"}]},
        {"front_subsidy_detail_page_url": "https://x.example/" + "x" * 90}, {"note": "x"},
    ],
)  # fmt: skip
def test_a_detail_put_wrong_is_found(client: Client, change: dict[str, Any]) -> None:
    make.published(slug="right")
    told = detail(client, "right") | change
    body = {"metadata": {"type": "https://x.example", "resultset": {"count": 1}}, "result": [told]}
    assert len(open_forms.faults("national-contract", body, "detail_v1")) == 1
    told.pop("detail")
    assert len(open_forms.faults("national-contract", body, "detail_v1")) == 2


def check_words(told: dict[str, Any]) -> None:
    """What is known here, and the words of the contract."""
    for key in ("industry", "target_industry", "target_number_of_employees", "project_end_deadline"):
        assert told[key] is None
    assert told["target_area_search"] in vocabulary.AREAS
    assert told["application_guidelines"] == told["application_form"] == []
    assert set((told["use_purpose"] or vocabulary.TOWN).split(" / ")) <= set(vocabulary.PURPOSES)
    for file in told["outline_of_grant"]:
        assert told["title"] in base64.b64decode(file["data"], validate=True).decode("utf-8-sig")
    assert re.sub(r"</?p>|</?strong>|<br>", "", told["detail"]).count("<") == 0


def test_a_known_program_exactly(client: Client, demo: None) -> None:
    told = detail(client, "diverse-partners-grant")
    assert told["title"] == "多摩地域における多様な主体との連携活動促進支援事業"
    assert told["subsidy_rate"] == "2/3"
    assert told["subsidy_max_limit"] == 20_000_000
    assert told["use_purpose"] == "まちづくり・地域振興支援がほしい"
    assert told["target_area_search"] == "東京都"
    assert told["request_reception_presence"] == "有"
    assert told["front_subsidy_detail_page_url"].endswith("/programs/diverse-partners-grant/")
    assert "多摩の2つ以上の市町村" in told["detail"]
    workflow = detail(client, "diverse-partners-grant", 2)["workflow"]
    assert len(workflow) > 1
    assert all("架空" in each["fiscal_year_round"] for each in workflow)


def test_checksums_follow_the_upper_case_letters() -> None:
    """Known pair: of 001A0000006Vm9r the last three characters are IAC."""
    assert identity.checksum("001A0000006Vm9r") == "IAC"
    made = identity.identifier(identity.PROGRAM, "diverse-partners-grant")
    assert made == identity.identifier(identity.PROGRAM, "diverse-partners-grant")
    assert made[15:] == identity.checksum(made[:15])


def test_text_is_escaped(client: Client) -> None:
    make.published(slug="sharp", summary="<script>alert(1)</script> & <b>太字</b>\n次の行")
    told = detail(client, "sharp")
    assert "<script" not in told["detail"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;太字&lt;/b&gt;<br>次の行" in told["detail"]


def test_a_file_over_the_ceiling_is_left_out(client: Client) -> None:
    make.published(slug="long", summary="長" * 1000)
    assert detail(client, "long")["outline_of_grant"]
    with override_settings(EXP_FILE_CEILING=2000):
        assert detail(client, "long")["outline_of_grant"] == []


def test_a_long_page_address_is_shortened_and_leads_there(client: Client) -> None:
    slug = "very-long-" + "x" * 70
    make.published(slug=slug)
    with override_settings(PORTAL_ORIGIN="https://portal.tama-shima.example.lg.jp"):
        address = detail(client, slug)["front_subsidy_detail_page_url"]
    assert len(address) <= 100
    response = client.get(address.removeprefix("https://portal.tama-shima.example.lg.jp"))
    assert (response.status_code, response["Location"]) == (302, f"/programs/{slug}/")


# --- Search -------------------------------------------------------------------------------------------


def test_the_overview_query_finds_something(client: Client, reference: None) -> None:
    assert len(ask(client)) > 30


@pytest.mark.parametrize("keyword", ["クラウドファンディング", "ｸﾗｳﾄﾞﾌｧﾝﾃﾞｨﾝｸﾞ", "くらうどふぁんでぃんぐ"])
def test_width_and_kana_do_not_matter(client: Client, reference: None, keyword: str) -> None:
    assert titles(ask(client, keyword=keyword)) == titles(ask(client, keyword="クラウドファンディング")) != []


def test_the_search_is_that_of_the_page(client: Client, reference: None) -> None:
    served = client.get("/api/v1/programs/", {"search": "移住", "page_size": "200"}).json()["results"]
    assert sorted(titles(ask(client, keyword="移住"))) == sorted(row["title"] for row in served)


def test_open_means_a_round_is_open_now(client: Client, clock: Any) -> None:
    now = core_clock.now()
    running, coming, over, without = (
        make.published(title=f"事業{name}") for name in ("甲", "乙", "丙", "丁")
    )
    call = make.call_open(running)
    make.call_open(coming, opens_at=now + timedelta(days=3), closes_at=now + timedelta(days=9))
    make.call_open(over, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=3))
    make.published(title="相談事業", kind="consultation")  # always open, but without a round
    assert titles(ask(client, acceptance="1")) == ["事業甲"]
    assert len(ask(client)) == 5
    clock.set(call.closes_at)
    assert "事業甲" in titles(ask(client, acceptance="1"))
    clock.set(call.closes_at + timedelta(microseconds=1))
    assert "事業甲" not in titles(ask(client, acceptance="1"))
    assert without.slug


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("sort", ["acceptance_start_datetime", "acceptance_end_datetime"])
def test_dates_sort_and_none_comes_last_in_both_orders(
    client: Client, clock: Any, sort: str, order: str
) -> None:
    now = core_clock.now()
    make.published(title="事業なし")
    for days in (5, 2, 8):
        make.call_open(
            make.published(title=f"事業{days}"),
            opens_at=now - timedelta(days=days),
            closes_at=now + timedelta(days=days),
        )
    found = [row[sort] for row in ask(client, sort=sort, order=order)]
    dates = found[:3]
    assert found[3] is None
    assert dates == sorted(dates, reverse=order == "DESC")


def test_creation_sorts_too(client: Client) -> None:
    old = core_clock.now() - timedelta(days=40)
    make.published(title="事業新")
    make.published(title="事業古", at=old)
    assert titles(ask(client, sort="created_date", order="ASC")) == ["事業古", "事業新"]
    assert titles(ask(client, sort="created_date", order="DESC")) == ["事業新", "事業古"]


def test_one_round_is_shown_with_its_own_cap(client: Client, clock: Any) -> None:
    """The open round counts, and nothing of it is taken from another one."""
    now = core_clock.now()
    program = make.published(title="事業回")
    open_now = make.call_open(program)
    make.call_open(
        program,
        opens_at=now + timedelta(days=30),
        closes_at=now + timedelta(days=60),
        cap_per_member=9_000_000,
    )
    (row,) = ask(client)
    assert row["subsidy_max_limit"] is None
    assert (
        row["acceptance_end_datetime"]
        == f"{open_now.closes_at:%Y-%m-%dT%H:%M:%S}.{open_now.closes_at.microsecond // 1000:03d}Z"
    )


def test_purposes_areas_and_schemes(client: Client) -> None:
    parent = make.published(title="移住総合事業", themes=["relocation"])
    make.published(title="住まいの内訳事業", parent=parent, themes=["culture"])
    make.published(title="国の事業", level="national", kind="loan")
    town, culture = "まちづくり・地域振興支援がほしい", "スポーツ・文化支援がほしい"
    assert titles(ask(client, use_purpose=town)) == ["移住総合事業"]
    assert len(ask(client, use_purpose=f"{town} / {culture}")) == 2
    assert titles(ask(client, use_purpose="資金繰りを改善したい")) == ["国の事業"]
    assert ask(client, use_purpose="知らない目的") == []
    assert titles(ask(client, target_area_search="全国")) == ["国の事業"]
    assert len(ask(client, target_area_search="東京都")) == 2
    assert len(ask(client, target_area_search="関東・甲信越地方")) == 2
    assert ask(client, target_area_search="北海道") == []
    assert len(ask(client, institution_name="移住総合")) == 2
    assert len(ask(client, industry="漁業")) == 3
    assert ask(client, industry="知らない業種") == []
    assert len(ask(client, target_number_of_employees="20名以下")) == 3


def test_limit_and_offset_cut_and_say_how_many_there_are(client: Client) -> None:
    for number in range(4):
        make.published(title=f"事業{number}")
    response = client.get(SEARCH, EVERYTHING | {"limit": "2", "offset": "1"}).json()
    assert response["metadata"]["resultset"]["count"] == 4
    whole = ask(client)
    assert response["result"] == whole[1:3]


# --- What is not public -------------------------------------------------------------------------------


def test_what_is_not_on_view_never_appears(client: Client, clock: Any) -> None:
    hidden = [
        make.draft(title="事業下書き"),
        make.withdrawn(title="事業取下げ"),
        make.published(title="事業未来", at=core_clock.now() + timedelta(days=1)),
    ]
    parent = make.draft(title="事業隠れた親")
    make.published(title="事業見える子", parent=parent)
    make.call_draft(make.published(title="事業募集前"), round_name="隠れた募集")
    rows = ask(client)
    assert sorted(titles(rows)) == ["事業募集前", "事業見える子"]
    assert {row["institution_name"] for row in rows} == set(titles(rows))
    assert ask(client, institution_name="隠れた親") == []
    assert ask(client, acceptance="1") == []
    for program in [*hidden, parent]:
        path = f"id/{identity.identifier(identity.PROGRAM, program.slug)}"
        for version in (1, 2):
            response = client.get(f"/exp/v{version}/public/subsidies/{path}")
            assert (response.status_code, response.json()) == (404, {"message": "Resource not found"})
    assert detail(client, Program.objects.get(title="事業募集前").slug, 2)["workflow"] == []


def test_a_publisher_is_shown_no_more_than_anybody(client: Client, demo: None, client_as: Any) -> None:
    Program.objects.filter(slug="diverse-partners-grant").update(publication="draft")
    signed_in = client_as("publisher@tokyo.example").get(SEARCH, EVERYTHING)
    assert signed_in.json() == client.get(SEARCH, EVERYTHING).json()


def test_as_many_queries_for_three_as_for_one(client: Client, clock: Any) -> None:
    counts: list[tuple[int, int]] = []
    for number in range(3):
        parent = make.published(title=f"事業{number}")
        make.call_open(parent)
        make.call_open(make.published(title=f"内訳の事業{number}", parent=parent))
        detail(client, parent.slug)
        with CaptureQueriesContext(connection) as listing:
            ask(client)
        with CaptureQueriesContext(connection) as one:
            detail(client, parent.slug, 2)
        counts.append((len(listing), len(one)))
    assert len(set(counts)) == 1
    assert counts[0][0] <= 3


# --- Moments ---------------------------------------------------------------------------------------------


def test_moments_are_utc_with_milliseconds() -> None:
    from programs.exp.shapes import instant

    tokyo = datetime(2026, 12, 8, 17, 0, 0, 1999, tzinfo=core_clock.JST)
    assert instant(tokyo) == "2026-12-08T08:00:00.001Z"
    assert instant(None) is None

"""Every export is read back by the validator of its form; each validator finds what is put wrong."""

import copy
import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from tama_portal.open_data.datasets import DATASETS
from tama_portal.open_data.tables import as_text
from tests.api import open_forms
from tests.factories import programs as make

BASE = "/open-data/"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("reads back files; how they are queried is tested beside it"),
]


def content(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, path
    return b"".join(response)


def tables(client: Client) -> dict[str, list[dict[str, Any]]]:
    return {each.name: json.loads(content(client, f"{BASE}{each.name}.json"))["rows"] for each in DATASETS}


def told(cell: Any) -> set[str]:
    """What CSV may say of a value: its words, led by an apostrophe where they begin like a formula."""
    return {as_text(cell), f"'{as_text(cell)}"}


def test_every_table_keeps_to_its_form_in_json_and_both_encodings(client: Client, demo: None) -> None:
    found = tables(client)
    assert sorted(found) == list(open_forms.TABLES)
    for dataset in DATASETS:
        name, rows = dataset.name, found[dataset.name]
        assert open_forms.columns(name) == dataset.columns
        assert open_forms.faults("table-file", json.loads(content(client, f"{BASE}{name}.json"))) == []
        assert open_forms.table_faults(name, rows, found) == [], name
        for suffix, encoding in (("csv", "utf-8-sig"), ("sjis.csv", "cp932")):
            text = content(client, f"{BASE}{name}.{suffix}").decode(encoding)
            read = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
            wrong = [
                (row[column], cell)
                for row, exact in zip(read, rows, strict=True)
                for column, cell in exact.items()
                if row[column] not in told(cell) and as_text(cell).encode("cp932", "replace").decode("cp932") == as_text(cell)
            ]  # fmt: skip
            assert wrong == [], f"{name}.{suffix}"


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("calls", "締切", "2020-01-01T00:00:00+09:00"), ("calls", "締切", "2030-13-01T00:00:00+09:00"),
        ("calls", "締切", "2030-12-01T00:00:00Z"), ("calls", "募集番号", None), ("calls", "予算（円）", 1.5),
        ("calls", "制度番号", "unknown"), ("calls", "架空", "はい"), ("calls", "ページ", "/calls/x/"), ("calls", "概要", 3),
        ("projects", "代表コード", "132018"), ("projects", "連携する市町村", "一；二；三；四；五；六；七"),
        ("figures", "値", 12), ("figures", "値", "1,200"), ("figures", "種別", "予想"), ("figures", "年度", 26),
        ("programs", "最大補助率（分数）", "3/2"), ("programs", "公募開始日", "2026/12/8"), ("indicators", "計画", "x"),
        ("programs", "概要", "長" * 101), ("programs", "連絡先情報", None), ("programs", "給付上限額", -1),
        ("programs", "地域", "130002"), ("support-programs", "URL", "公式ページ"), ("plans", "成果指標の数", None),
        ("observations", "測定不能", 2), ("measures", "予算額（円）", "1500"), ("measures", "決算額（円）", -1),
    ],
)  # fmt: skip
def test_a_table_put_wrong_is_found(client: Client, demo: None, table: str, column: str, value: Any) -> None:
    found = tables(client)
    found[table][0][column] = value
    assert len(open_forms.table_faults(table, found[table], found)) == 1


def test_a_row_twice_is_found(client: Client, demo: None) -> None:
    found = tables(client)
    assert len(open_forms.table_faults("calls", [*found["calls"], found["calls"][0]], found)) == 1


def test_the_catalogue_keeps_to_dcat_ap(client: Client, demo: None) -> None:
    told = json.loads(content(client, f"{BASE}catalog.jsonld"))
    assert open_forms.faults("dcat-catalogue", told) == []
    changes: list[Callable[[dict[str, Any]], object]] = [
        lambda node: node.pop("dct:publisher"),
        lambda node: node.update({"dct:language": "ja"}),
        lambda node: node["dcat:dataset"][0].update({"dct:conformsTo": "GIF"}),
        lambda node: node["dcat:dataset"][0]["dcat:distribution"][0].update({"dcat:byteSize": 12}),
        lambda node: node["dcat:dataset"][0]["dcat:distribution"][0].update({"dcat:mediaType": "text/csv"}),
        lambda node: node["dcat:dataset"][0]["dcat:distribution"][0].pop("dcat:accessURL"),
        lambda node: node["dcat:dataset"][0]["dct:license"].pop("@type"),
        lambda node: node["@context"].pop("dct"),
    ]
    for change in changes:
        wrong = copy.deepcopy(told)
        change(wrong)
        assert len(open_forms.faults("dcat-catalogue", wrong)) == 1


_IN_PAGE = re.compile(rb'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def test_every_program_is_a_service_of_schema_org_beside_its_page_and_in_it(
    client: Client, demo: None
) -> None:
    slugs = [row["制度番号"] for row in tables(client)["programs"]]
    for slug in slugs[::9]:
        told = json.loads(content(client, f"/programs/{slug}.jsonld"))
        assert open_forms.faults("government-service", told) == [], slug
        (inside,) = _IN_PAGE.findall(content(client, f"/programs/{slug}/"))
        assert json.loads(inside) == told
    for wrong in ({"audience": [{"@type": "Audience", "name": ""}]}, {"price": "1"}, {"url": "/programs/x/"}):
        assert len(open_forms.faults("government-service", told | wrong)) == 1


def test_no_text_ends_the_data_inside_a_page(client: Client) -> None:
    evil = "</script><b>\"'\\ & {{ x }}\u2028𠮷"
    program = make.published(slug="evil", title=evil, summary=evil)
    page = content(client, "/programs/evil/")
    (inside,) = _IN_PAGE.findall(page)
    assert (json.loads(inside)["name"], b"</script><b>" in page) == (evil, False)
    type(program).objects.update(publication="draft")
    assert client.get("/programs/evil/").status_code == 404


def test_projects_are_a_package_of_360giving_but_for_what_nobody_knows(client: Client, demo: None) -> None:
    told = json.loads(content(client, f"{BASE}projects.360giving.json"))
    assert open_forms.faults("360giving-package", told) == []
    assert len({row["id"] for row in told["grants"]}) == len(told["grants"]) > 0
    changes: list[dict[str, Any]] = [
        {"amountAwarded": 1}, {"currency": "円"}, {"recipientOrganization": []}, {"awardDate": "令和8年"},
        {"fundingOrganization": [{"id": "130001", "name": "東京都"}]}, {"title": "長" * 141},
    ]  # fmt: skip
    for change in changes:
        wrong = told | {"grants": [told["grants"][0] | change]}
        assert len(open_forms.faults("360giving-package", wrong)) == 1, change


def test_feeds_calendar_and_sitemap(client: Client, demo: None) -> None:
    with override_settings(OPEN_REQUESTS_A_MINUTE=1000):
        feed, projects, pages, dates = (
            content(client, path)
            for path in (f"{BASE}calls.atom", f"{BASE}projects.atom", "/sitemap.xml", "/deadlines.ics")
        )
    assert open_forms.atom_faults(feed) == open_forms.atom_faults(projects) == []
    assert open_forms.sitemap_faults(pages) == []
    assert open_forms.calendar_faults(dates) == []
    assert open_forms.atom_faults(feed.replace(b"+09:00</updated>", b"</updated>", 1)) != []
    assert open_forms.sitemap_faults(pages.replace(b"<loc>http", b"<loc>", 1)) != []
    assert open_forms.calendar_faults(dates.replace(b"\r\n", b"\n", 1)) != []
    assert open_forms.calendar_faults(dates.replace(b"DTSTAMP", b"X-STAMP", 1)) != []

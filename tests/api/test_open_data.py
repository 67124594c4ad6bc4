"""Open data: every file reads back, keeps to its form, and holds only what everybody sees."""

import csv
import hashlib
import io
import json
import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from core import clock as core_clock
from core.codes import corporate_number_for_municipality
from indicators.models import Measure, SheetYear
from programs.models import AdoptedProject, Call, Program
from tama_portal.open_data import datasets, dump, giving, tables
from tama_portal.open_data.datasets import DATASETS, REPLACED, DataFile, files_of, write_all
from tama_portal.tasks import dump_open_data
from tests.api import open_forms
from tests.factories import programs as make

BASE = "/open-data/"
pytestmark = pytest.mark.django_db


def content(client: Client, name: str) -> bytes:
    response = client.get(BASE + name)
    assert response.status_code == 200, name
    return b"".join(response.streaming_content)


def table(client: Client, name: str) -> list[dict[str, str]]:
    raw = content(client, name)
    text = raw.decode("cp932") if ".sjis." in name else raw.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def rows_of(client: Client, name: str) -> list[dict[str, Any]]:
    return list(json.loads(content(client, name))["rows"])


# --- Every file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_each_data_set_says_the_same_in_every_form(client: Client, demo: None, dataset: Any) -> None:
    raw = content(client, f"{dataset.name}.csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") >= 2
    rows, exact = table(client, f"{dataset.name}.csv"), rows_of(client, f"{dataset.name}.json")
    shift = table(client, f"{dataset.name}.sjis.csv")
    assert len(rows) == len(exact) == len(shift) > 0
    for row, told, narrow in zip(rows, exact, shift, strict=True):
        assert tuple(row) == tuple(told) == tuple(narrow) == dataset.columns
        assert [bool(value) for value in row.values()] == [value is not None for value in told.values()]


def test_as_many_rows_as_there_are_records(client: Client, demo: None) -> None:
    assert len(table(client, "programs.csv")) == len(table(client, "support-programs.csv")) == 155
    assert len(table(client, "calls.csv")) == Call.objects.published(core_clock.now()).count()
    assert len(table(client, "projects.csv")) == AdoptedProject.objects.count()
    assert {row["番号"] for row in table(client, "measures.csv")} == set(
        Measure.objects.values_list("number", flat=True)
    )


def test_formulas_are_text_in_csv_and_untouched_in_json(client: Client) -> None:
    for number, title in enumerate(["=1+1", "+81", "-2", "@SUM(A1)", "＝1", "\tx"]):
        make.published(slug=f"formula-{number}", title=title)
    written = {row["制度番号"]: row["タイトル（制度名）"] for row in table(client, "programs.csv")}
    assert all(value.startswith("'") for value in written.values())
    exact = {row["制度番号"]: row["タイトル（制度名）"] for row in rows_of(client, "programs.json")}
    assert exact["formula-0"] == "=1+1"
    assert {slug: value.removeprefix("'") for slug, value in written.items()} == exact


def test_what_shift_jis_lacks_is_replaced_and_listed(client: Client) -> None:
    make.published(slug="rare", title="𠮷野家の〜支援−制度", summary="笑顔😀と髙﨑")
    response = client.get(BASE + "support-programs.sjis.csv")
    body = b"".join(response.streaming_content).decode("cp932")
    assert "〓野家の～支援－制度" in body
    assert "笑顔〓と髙﨑" in body
    assert response["X-Replaced-Characters"] == "2"
    assert "support-programs.sjis-replaced.csv" in response["Link"]
    listed = table(client, "support-programs.sjis-replaced.csv")
    assert [(row["行"], row["列"], row["文字"], row["文字の番号"]) for row in listed] == [
        ("1", "タイトル（制度名）", "𠮷", "U+20BB7"),
        ("1", "制度概要", "😀", "U+1F600"),
    ]


def test_files_are_kept_by_their_etag(client: Client) -> None:
    make.published()
    for name in ("programs.csv", "programs.json", "catalog.jsonld", "calls.atom", "projects.atom"):
        first = client.get(BASE + name)
        again = client.get(BASE + name, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), name
    before = client.get(BASE + "programs.csv")["ETag"]
    make.published()
    assert client.get(BASE + "programs.csv", headers={"if-none-match": before}).status_code == 200


@pytest.mark.parametrize(
    "name", ["x.csv", "programs", "programs.xlsx", "programs.csv.gz", "..", "projects.sjis", "x" * 500]
)
def test_other_names_are_unknown(client: Client, name: str) -> None:
    assert client.get(BASE + name).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(client: Client, method: str) -> None:
    for path in (BASE, f"{BASE}programs.csv", f"{BASE}catalog.jsonld", "/sitemap.xml"):
        assert getattr(client, method)(path).status_code == 405


@override_settings(OPEN_REQUESTS_A_MINUTE=1)
def test_a_flood_is_put_off(client: Client, clock: Any) -> None:
    assert [client.get(BASE + "calls.csv").status_code for _ in range(2)] == [200, 429]


def test_as_many_queries_for_three_rows_as_for_one(client: Client, clock: Any) -> None:
    names = [file.name for dataset in DATASETS[:4] for file in files_of(dataset)]
    counts: dict[str, set[int]] = {name: set() for name in names}
    for number in range(3):
        program = make.published(themes=["industry"])
        make.call_open(program)
        AdoptedProject.objects.create(
            slug=f"p{number}", program=program, title="事業", adopted_fiscal_year=2026, lead=make.metropolis()
        )
        for name in names:
            with CaptureQueriesContext(connection) as queries:
                content(client, name)
            counts[name].add(len(queries))
    assert {name for name, found in counts.items() if len(found) != 1} == set()


def test_what_is_not_on_view_is_in_no_file(client: Client, client_as: Any, demo: None) -> None:
    hidden = make.draft(title="隠し制度", slug="hidden-draft")
    gone = make.withdrawn(title="隠し取下げ")
    make.call_draft(Program.objects.get(slug="diverse-partners-grant"), round_name="隠し募集")
    child = make.published(title="見える内訳", parent=hidden)
    AdoptedProject.objects.create(
        slug="hidden-project", program=child, title="隠し事業", adopted_fiscal_year=2027, lead=make.metropolis(),
        announced_at=core_clock.now() + timedelta(days=9),
    )  # fmt: skip
    names = [file.name for dataset in DATASETS for file in files_of(dataset)]
    for reader in (client, client_as("publisher@tokyo.example")):
        for name in [*names, "calls.atom", "projects.atom", "../sitemap.xml"]:
            response = reader.get("/sitemap.xml" if "sitemap" in name else BASE + name)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            told = body.decode("cp932") if ".sjis." in name else body.decode()
            assert "隠し" not in told and "hidden" not in told, name
        for program in (hidden, gone):
            assert reader.get(f"/programs/{program.slug}.jsonld").status_code == 404


# --- Forms --------------------------------------------------------------------------------------------


def test_a_program_in_the_words_of_the_government_model(client: Client, demo: None) -> None:
    rows = rows_of(client, "programs.json")
    row = next(row for row in rows if row["制度番号"] == "diverse-partners-grant")
    assert (row["最大補助率"], row["最大補助率（分数）"], row["給付上限額"]) == ("66.7", "2/3", 20_000_000)
    assert row["制度所管組織"] == "東京都 総務局 行政部 振興企画課"
    assert row["連絡先情報"] == "03-5388-2443"
    assert row["地域"] == "130001"
    loan = next(row for row in rows if row["制度番号"] == "tama-loan-chusho")
    assert (loan["最大金利"], loan["借入限度額"], loan["給付上限額"]) == ("2.05", 20_000_000, None)


def test_projects_in_the_shape_of_360giving(client: Client, demo: None) -> None:
    package = json.loads(content(client, "projects.360giving.json"))
    grants = {row["id"]: row for row in package["grants"]}
    assert len(grants) == len(package["grants"]) == AdoptedProject.objects.count()
    akigawa = grants[f"{giving.PREFIX}-r6-akigawa"]
    lead = corporate_number_for_municipality("132284")
    assert akigawa["recipientOrganization"] == [{"id": f"JP-JCN-{lead}", "name": "あきる野市"}]
    assert akigawa["fundingOrganization"][0]["id"] == "JP-JCN-8000020130001"
    assert [place["geoCode"] for place in akigawa["beneficiaryLocation"]] == ["132284", "133051", "133078"]
    assert akigawa["plannedDates"][0]["startDate"] == "2024-04-01"


def test_yearly_figures_are_exact(client: Client, reference: None) -> None:
    rows = rows_of(client, "figures.json")
    assert {row["種別"] for row in rows} == {"実績", "予算", "年次の数値"}
    settled = next(
        row for row in rows if row["制度番号"] == "kyoryokutai" and row["項目"] == "同じ地域に定住"
    )
    assert settled["値"] == "68.9"


def test_a_value_that_was_not_measured_is_not_zero(client: Client, reference: None) -> None:
    rows = rows_of(client, "indicators.json")
    assert len({row["識別名"] for row in rows}) == 7
    assert {row["種別"] for row in rows} >= {"現状値", "目標"}
    assert all(row["値"] != "" for row in rows)


def test_budget_and_settlement_of_a_sheet_are_yen_and_blank_is_not_zero(
    client: Client, reference: None
) -> None:
    year = SheetYear.objects.filter(measure__number="3").earliest("fiscal_year")
    SheetYear.objects.filter(pk=year.pk).update(budget_yen=1_500_000, settled_yen=0)
    said = {
        "json": [(row["予算額（円）"], row["決算額（円）"]) for row in rows_of(client, "measures.json") if row["番号"] == "3"],
        "csv": [(row["予算額（円）"], row["決算額（円）"]) for row in table(client, "measures.csv") if row["番号"] == "3"],
    }  # fmt: skip
    years = year.measure.years.count()
    assert said["json"] == [(1_500_000, 0), *[(None, None)] * (years - 1)]
    assert said["csv"] == [("1500000", "0"), *[("", "")] * (years - 1)]


def test_the_catalogue_names_every_file(client: Client, demo: None) -> None:
    response = client.get(BASE + "catalog.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    catalogue = response.json()
    assert catalogue["@type"] == "dcat:Catalog"
    assert len(catalogue["dcat:dataset"]) == len(DATASETS)
    for dataset in catalogue["dcat:dataset"]:
        assert {"@id", "dct:title", "dct:description", "dct:license", "dcat:distribution"} <= set(dataset)
        for distribution in dataset["dcat:distribution"]:
            where = distribution["dcat:downloadURL"]["@id"].removeprefix(settings.PORTAL_ORIGIN)
            answer = client.get(where)
            assert answer.status_code == 200
            kind = answer["Content-Type"].partition(";")[0]
            assert distribution["dcat:mediaType"]["@id"].endswith(f"/media-types/{kind}")


def test_one_program_as_linked_data(client: Client, demo: None) -> None:
    told = client.get("/programs/diverse-partners-grant.jsonld").json()
    assert (told["@context"], told["@type"]) == ("https://schema.org", "GovernmentService")
    assert told["name"] == "多摩地域における多様な主体との連携活動促進支援事業"
    assert told["serviceOperator"] == {"@type": "GovernmentOrganization", "name": "東京都"}
    assert told["availableChannel"]["servicePhone"]["telephone"] == "03-5388-2443"
    assert None not in told.values()
    assert client.get("/programs/no-such-program.jsonld").status_code == 404


# --- The page and the dump ----------------------------------------------------------------------------


def test_the_page_leads_to_every_file(client: Client, demo: None) -> None:
    text = client.get(BASE).content.decode()
    for dataset in DATASETS:
        assert dataset.title in text
        for file in files_of(dataset):
            assert f'href="{BASE}{file.name}"' in text
    assert "CC BY 4.0" in text
    assert "出典：" in text


def test_the_nightly_dump(client: Client, demo: None, clock: Any, tmp_path: Any) -> None:
    with override_settings(MEDIA_ROOT=tmp_path):
        dump_open_data()
        first = {path.name: path.read_bytes() for path in (tmp_path / "open-data" / "2026-11-21").iterdir()}
        dump_open_data()  # twice a day: the same files, nothing left behind
        (written,) = dump.dumps()
        manifest = json.loads(first["manifest.json"])
        assert open_forms.faults("dump-manifest", manifest) == []
        assert set(first) == {*manifest["files"], "manifest.json", "SHA256SUMS"}
        assert len(manifest["files"]) == sum(len(files_of(dataset)) + 1 for dataset in DATASETS)
        for name, row in manifest["files"].items():
            assert hashlib.sha256(first[name]).hexdigest() == row["sha256"]
            assert len(first[name]) == row["bytes"] == written.sizes[name]
            assert f"{row['sha256']}  {name}\n" in first["SHA256SUMS"].decode()
        assert [path.name for path in (tmp_path / "open-data").iterdir()] == ["2026-11-21"]
        sent = client.get(f"{BASE}dumps/2026-11-21/programs.csv")
        assert b"".join(sent.streaming_content) == first["programs.csv"] == content(client, "programs.csv")
        again = client.get(f"{BASE}dumps/2026-11-21/programs.csv", headers={"if-none-match": sent["ETag"]})
        assert again.status_code == 304
        sums = client.get(f"{BASE}dumps/2026-11-21/SHA256SUMS")
        assert b"".join(sums.streaming_content) == first["SHA256SUMS"] and not sums.has_header("ETag")
        assert "SHA256SUMS" in client.get(BASE).content.decode()
        for day, name in (
            ("2026-11-21", "..%2Fx"),
            ("..", "manifest.json"),
            ("2026-11-20", "programs.csv"),
            ("2026-11-21", "x"),
        ):
            assert client.get(f"{BASE}dumps/{day}/{name}").status_code == 404


def test_a_dump_reads_records_once_and_writes_what_each_address_gives(
    reference: None, clock: Any, monkeypatch: Any
) -> None:
    readings: list[str] = []
    read_once: dict[Any, Any] = {}

    def counting(read: Any) -> Any:
        def counted(at: Any) -> Any:
            readings.append(read.__name__)
            return read(at)

        return read_once.setdefault(read, counted)

    sets = [replace(dataset, records=counting(dataset.records)) for dataset in DATASETS]
    monkeypatch.setattr(datasets, "DATASETS", sets)
    together = dict(write_all(core_clock.now()))
    assert sorted(readings) == sorted({dataset.records.__name__ for dataset in DATASETS})
    files = [file for one in DATASETS for file in (*files_of(one), DataFile(one, REPLACED))]
    alone = {file.name: file.write(core_clock.now()) for file in files}
    assert {name: one.digest for name, one in together.items()} == {
        name: one.digest for name, one in alone.items()
    }
    for written in (*alone.values(), *together.values()):
        written.stream.close()


def test_seven_dumps_are_kept(db: None, clock: Any, tmp_path: Any) -> None:
    with override_settings(MEDIA_ROOT=tmp_path):
        for _ in range(9):
            dump.write(core_clock.now())
            clock.advance(timedelta(days=1))
        assert [each.day.day for each in dump.dumps()] == [29, 28, 27, 26, 25, 24, 23]
        killed, writing = (tmp_path / "open-data" / f".new-{name}" for name in ("killed", "writing"))
        for each in (killed, writing):
            each.mkdir()
        os.utime(killed, (0, 0))
        dump.write(core_clock.now())
        assert (killed.exists(), writing.exists()) == (False, True)
        assert len(dump.dumps()) == 7, "what was not finished is no dump"
        (tmp_path / "open-data" / "2026-11-30" / "manifest.json").write_text("{", encoding="utf-8")
        assert len(dump.dumps()) == 6


def test_a_large_file_leaves_memory_and_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_IN_MEMORY", 1000)
    rows = [[number, "あ" * 40] for number in range(200)]
    for file in (tables.CsvFile(("n", "t")), tables.JsonFile({}, ("n", "t"))):
        written = tables.filled(file, rows)
        with written.stream as stream:
            assert not isinstance(stream, io.BytesIO)
            raw = stream.read()
        assert len(raw) == written.size > 1000
        assert hashlib.sha256(raw).hexdigest() == written.digest
        assert raw.decode("utf-8-sig").count("あ" * 40) == 200

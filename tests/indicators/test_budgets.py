"""A 予算・決算カルテ taken in by its columns: every filled cell has a fate, nothing is added up, twice changes nothing."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from openpyxl import Workbook

from accounts.models import Organization
from core.actor import SYSTEM
from core.exceptions import DomainError
from indicators.actions.budgets import import_budget, read_for
from indicators.actions.importing import create_plan
from indicators.enums import BudgetField as F
from indicators.importing import UnreadableSourceError, read
from indicators.importing.budget import Choice, Column, Page, heading_row, open_pages, proposed
from indicators.importing.budget_rows import BudgetReading, Known, read_budget, unaccounted_cells
from indicators.models import BudgetMapping, Plan, PlanEvent, SheetYear
from tests.indicators import sheet_texts as texts
from tests.indicators.test_sheet_pages import COORDINATOR, SECTION, ClientAs

HEADS = ("施策番号", "施策名", "所管課", "令和9年度決算額", "令和10年度予算額", "実施結果", "備考")
KNOWN = [Known(texts.number_of(sheet), f"{sheet.title}{sheet.mark}", sheet.unit) for sheet in texts.SHEETS]
TABLE = [
    ["あさぎり市　予算・決算カルテ", "", "", "", "", "", "（単位：千円）"],
    [],
    list(HEADS),
    ["1", "川べりの散歩道の手入れ", "みどり課", "1,200", "1,350", "柵を直しました。", "委託"],
    ["4①", "水辺の催し", "地域振興課", "0", "△20", "", ""],
    ["４－２", "水辺の催し②", "教育総務課", "80.5", "", "6校で\n行いました。", ""],
    ["", "夜の図書館", "図書館", "-", "640千円", "", ""],
    ["", "合計", "", "1,280.5", "1,970", "", ""],
]


def csv_of(table: list[list[str]] = TABLE, encoding: str = "utf-8-sig") -> bytes:
    quoted = ('"' + '","'.join(cell.replace('"', '""') for cell in row) + '"' if row else "" for row in table)
    return ("\r\n".join(quoted) + "\r\n").encode(encoding)


def book_of(table: list[list[str]] = TABLE) -> bytes:
    book = Workbook()
    page: Any = book.active
    page.title = "決算"
    for row in table:
        page.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    book.create_sheet("控え").append(["読まないシート"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def reading_of(pages: tuple[Page, ...], year: int | None = 2028) -> BudgetReading:
    heading = heading_row(pages[0])
    return read_budget(pages, Choice(pages[0].name, heading, proposed(pages[0], heading), year), KNOWN)


def table_of(*rows: tuple[str, ...]) -> tuple[Page, ...]:
    return (Page("表", (("（単位：千円）",), HEADS, *rows)),)


@pytest.fixture
def asagiri(reference: None) -> Plan:
    city = Organization.objects.get(code="132225")
    return create_plan(reading=read(texts.whole()), organization=city, slug="asagiri", by=SYSTEM).plan


def test_headings_are_found_and_columns_recognised_with_their_years() -> None:
    page = open_pages(csv_of())[0]
    assert heading_row(page) == 2
    assert proposed(page, 2) == {
        0: Column(F.NUMBER), 1: Column(F.TITLE), 2: Column(F.DEPARTMENT), 3: Column(F.SETTLED_THOUSAND, 2027),
        4: Column(F.BUDGET_THOUSAND, 2028), 5: Column(F.RESULT),
    }  # fmt: skip
    assert 3 not in proposed(Page("表", (HEADS,)), 0)  # yen or thousands of yen: nobody says
    known = {"備考": "issues", "実施結果": "", "決算額": "settled"}
    again = proposed(page, 2, known)
    assert (again[6], again[3], 5 in again) == (Column(F.ISSUES), Column(F.SETTLED, 2027), False)


def test_every_filled_cell_is_taken_repaired_or_doubted() -> None:
    reading = reading_of(open_pages(csv_of()))
    assert unaccounted_cells(reading) == []
    assert [(v.number, v.year, v.name, v.text) for v in reading.values] == [
        ("1", 2027, "settled", "1200000"), ("1", 2028, "budget", "1350000"), ("1", 2028, "result", "柵を直しました。"),
        ("4-1", 2027, "settled", "0"), ("4-1", 2028, "budget", "-20000"),
        ("4-2", 2027, "settled", "80500"), ("4-2", 2028, "result", "6校で\n行いました。"),
        ("5", 2028, "budget", "640000"),
    ]  # fmt: skip
    assert [(row.kind, row.before, row.after) for row in reading.repairs] == [
        ("amount", "△20", "-20,000円"), ("digits", "４－２", "4-2"), ("amount", "80.5", "80,500円"),
        ("no_amount", "-", ""), ("amount", "640千円", "640,000円"),
    ]  # fmt: skip
    assert [(row.kind, row.cell) for row in reading.doubts] == [
        ("above", "CSVシート A1（施策番号）"), ("above", "CSVシート G1（備考）"), ("unmapped", "CSVシート G4（備考）"),
        ("unknown_measure", "CSVシート B8（施策名）"), ("unknown_measure", "CSVシート D8（令和9年度決算額）"),
        ("unknown_measure", "CSVシート E8（令和10年度予算額）"),
    ]  # fmt: skip
    assert all(row.fault and row.cure for row in (*reading.doubts, *reading.repairs))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_workbook_and_each_encoding_say_the_same(encoding: str) -> None:
    said = [
        (v.number, v.year, v.name, v.text) for v in reading_of(open_pages(csv_of(encoding=encoding))).values
    ]
    book = reading_of(open_pages(book_of()))
    assert [(v.number, v.year, v.name, v.text) for v in book.values] == said
    pasted = "\n".join(["予算・決算カルテ", "\t".join(HEADS), "1\t\t\t1,200"]).encode()
    assert open_pages(pasted)[0].rows[2] == ("1", "", "", "1,200")
    assert [row.cell for row in book.doubts if row.kind == "other_page"] == ["控えシート"]
    assert unaccounted_cells(book) == []


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["1", "水辺の催し①", "", "5"], "unknown_measure"), (["99", "", "", "5"], "unknown_measure"),
        (["", "水辺の催し", "", "5"], "unknown_measure"), (["", "", "", "5"], "unknown_measure"),
        (["1", "", "図書館", "5"], "department"), (["1", "", "", "約5"], "amount"), (["1", "", "", "5円"], "amount"),
        (["1", "", "", "0.0005"], "amount"), (["1", "", "", "1,20"], "amount"), (["1", "", "", "9" * 17], "amount"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_doubted_and_taken_nowhere(row: list[str], kind: str) -> None:
    reading = reading_of(table_of(tuple(row)))
    assert kind in {found.kind for found in reading.doubts}
    assert unaccounted_cells(reading) == []
    assert [v.text for v in reading.values] == (["5000"] if kind == "department" else [])


def test_two_rows_that_differ_are_not_added_up() -> None:
    same = ("1", "", "", "5")
    assert [v.text for v in reading_of(table_of(same, same)).values] == ["5000", "5000"]
    reading = reading_of(table_of(same, ("1", "", "", "△7")))
    assert reading.values == []
    assert [(row.kind, row.before) for row in reading.doubts[1:]] == [("repeated", "5"), ("repeated", "△7")]
    assert reading.repairs == []
    assert unaccounted_cells(reading) == []


def test_years_stand_in_their_column_the_heading_or_the_choice() -> None:
    heads = ("施策番号", "年度", "決算額（円）", "R8予算額（円）")
    rows = (heads, ("1", "令和9年度", "5", "6"), ("2", "2026", "5", ""), ("3", "9", "5", "6"))
    reading = reading_of((Page("表", rows),), None)
    assert [(v.number, v.year, v.text) for v in reading.values] == [
        ("1", 2027, "5"), ("1", 2026, "6"), ("2", 2026, "5"), ("3", 2026, "6"),
    ]  # fmt: skip
    assert [row.kind for row in reading.doubts] == ["year", "year"]


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost_whatever_happens_to_the_table(seed: int) -> None:
    dice = random.Random(seed)
    table = [list(row) for row in TABLE]
    for _ in range(6):
        row = dice.choice([row for row in table if row])
        act = dice.randrange(5)
        if act == 0:
            row.insert(dice.randrange(len(row)), "")
        elif act == 1:
            row[dice.randrange(len(row))] = dice.choice(
                ["０１", "O1", "１，２００", "施策No.4②", "千円", "―", "再掲"]
            )
        elif act == 2:
            table.insert(dice.randrange(len(table)), list(row))
        elif act == 3:
            del table[dice.randrange(1, len(table))]
        else:
            dice.shuffle(row)
    reading = reading_of(open_pages(csv_of(table)), dice.choice([None, 2028]))
    assert unaccounted_cells(reading) == []


def test_the_proof_finds_what_is_lost() -> None:
    reading = reading_of(open_pages(csv_of()))
    lists: tuple[list[Any], ...] = (reading.values, reading.repairs, reading.doubts)
    for damage in lists:
        one = damage.pop(0)
        assert len(unaccounted_cells(reading)) == 1
        damage.insert(0, one)
    reading.fates.popitem()
    assert len(unaccounted_cells(reading)) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "空です"), (b'"a', "引用符"), (b"\r\n,,\r\n", "何も書かれていません"), (b"%PDF-1.7", "ではなく"), (b"\xff\xfe\x00\xd8", "読めません")],
)  # fmt: skip
def test_files_that_are_no_table_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableSourceError, match=said):
        open_pages(data)


def test_taken_twice_nothing_changes_and_a_persons_text_stays(asagiri: Plan) -> None:
    pages = open_pages(csv_of())
    heading = heading_row(pages[0])
    choice = Choice("CSV", heading, proposed(pages[0], heading), 2028)

    def take(*accept: str) -> Any:
        return import_budget(
            reading=read_for(asagiri, pages, choice), plan=asagiri, by=SYSTEM, accept=accept, source="表.csv"
        )

    events = PlanEvent.objects.count()
    first = take()
    written = {row.key for row in first.changes}
    assert written == {
        "1/2027/settled", "1/2028/budget", "4-1/2027/settled", "4-1/2028/budget", "4-2/2027/settled",
        "4-2/2028/result", "5/2028/budget",
    }  # fmt: skip
    assert [(row.key, row.after) for row in first.differences] == [("1/2028/result", "柵を直しました。")]
    year = SheetYear.objects.get(measure__plan=asagiri, measure__number="4-1", fiscal_year=2027)
    assert (year.settled_yen, year.budget_yen) == (0, None)
    assert (take().changes, PlanEvent.objects.count()) == ((), events + 1)
    assert BudgetMapping.objects.get(plan=asagiri).columns["決算額"] == "settled_thousand"
    SheetYear.objects.filter(pk=year.pk).update(settled_yen=77)
    assert not take().changes  # the sheet says what it said before: the person's figure stays
    assert [row.key for row in take("1/2028/result").changes] == ["1/2028/result"]
    assert (take().changes, take().differences) == ((), ())
    with pytest.raises(DomainError, match="番号か名称"):
        read_for(asagiri, pages, Choice("CSV", 2, {3: Column(F.SETTLED, 2027)}))
    with pytest.raises(DomainError, match="値の列がありません"):
        read_for(asagiri, pages, Choice("CSV", 2, {0: Column(F.NUMBER)}))


URL = "/plans/tama-sangyo-shinko/import/budget/"
TAMA = [
    ["施策番号", "所管課", "令和7年度予算額（千円）", "執行率"],
    ["3", "産業観光課", "1,500", "98%"],
    ["11③", "", "７０", ""],
]


def carried(page: str) -> dict[str, str]:
    """The hidden fields and choices of a page, as a browser sends them."""
    from html.parser import HTMLParser

    found: dict[str, str] = {}
    name = ""

    class Fields(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            nonlocal name
            said = dict(attrs)
            if tag == "input" and said.get("name") and said.get("type") not in {"checkbox", "file"}:
                found[str(said["name"])] = said.get("value") or ""
            elif tag == "select":
                name = str(said.get("name"))
            elif tag == "option" and "selected" in said and name:
                found[name] = said.get("value") or ""

    Fields().feed(page[page.index("<main") : page.index("</main")])
    found.pop("csrfmiddlewaretoken", None)
    return found


def test_the_coordinator_by_the_pages(demo: None, client_as: ClientAs, client: Client) -> None:
    coordinator: Client = client_as(COORDINATOR)
    page = coordinator.post(
        URL, {"file": SimpleUploadedFile("カルテ.csv", csv_of(TAMA, "cp932"))}
    ).content.decode()
    fields = carried(page)
    assert (fields["as-0"], fields["as-2"], fields["of-2"], fields["as-3"]) == (
        "number",
        "budget_thousand",
        "令和7年度",
        "",
    )
    assert "98%" in page
    difference = coordinator.post(URL, fields)
    shown = difference.content.decode()
    assert difference.status_code == 200
    assert all(words in shown for words in ("3/2025/budget", "1500000", "11-3/2025/budget", "D1（執行率）"))
    assert not SheetYear.objects.filter(budget_yen__isnull=False).exists()
    done = coordinator.post(URL, carried(shown), follow=True).content.decode()
    assert "書いた欄は2です" in done
    assert "1,500,000円" in client.get("/plans/tama-sangyo-shinko/measures/3/").content.decode()
    again = coordinator.post(URL, carried(shown), follow=True).content.decode()
    assert "書いた欄は0です" in again
    renamed = [["施策番号", "所管課", "令和8年度予算額（千円）", "執行率"], *TAMA[1:]]
    later = carried(
        coordinator.post(URL, {"file": SimpleUploadedFile("次.csv", csv_of(renamed))}).content.decode()
    )
    assert (later["as-2"], later["of-2"], later["as-3"]) == ("budget_thousand", "令和8年度", "")
    assert client_as(SECTION).get(URL).status_code == 404
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"as-0": ""}, "番号か名称"), ({"as-2": ""}, "値の列がありません"), ({"as-1": "number"}, "同じもの"),
        ({"of-2": "来年"}, "年度として読めません"), ({"heading": "900"}, "表は3行まで"), ({"packed": "?"}, "受け取れませんでした"),
    ],
)  # fmt: skip
def test_faults_of_the_choice_keep_the_table(
    demo: None, client_as: ClientAs, change: dict[str, str], said: str
) -> None:
    client = client_as(COORDINATOR)
    fields = carried(
        client.post(URL, {"file": SimpleUploadedFile("カルテ.csv", csv_of(TAMA))}).content.decode()
    )
    response = client.post(URL, {**fields, **change})
    shown = response.content.decode()
    assert response.status_code == 422
    assert said in shown
    if "packed" not in change:
        assert carried(shown)["packed"] == fields["packed"]
    other = carried(client.post(URL, {**fields, "step": "look", "heading": "2"}).content.decode())
    assert (other["heading"], other["as-0"]) == ("2", "")


def test_the_command(asagiri: Plan, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "カルテ.csv"
    file.write_bytes(csv_of(encoding="cp932"))
    run: Callable[..., object] = call_command
    run(
        "import_progress_sheets",
        file,
        plan="asagiri",
        table=True,
        column=["備考=次年度以降の課題"],
        year="R10",
        preview=True,
        json=True,
    )
    shown = capsys.readouterr().out
    assert '"issues"' in shown
    assert not SheetYear.objects.filter(budget_yen__isnull=False).exists()
    run("import_progress_sheets", file, plan="asagiri", table=True, year="R10")
    assert "書いた欄7" in capsys.readouterr().out
    run("import_progress_sheets", file, plan="asagiri", table=True, year="R10")
    assert "書いた欄0" in capsys.readouterr().out
    for options, said in (
        ({"plan": "none"}, "計画がありません"), ({"column": ["無い列=課題"]}, "「無い列」の列がありません"),
        ({"column": ["備考=何か"]}, "えらべる欄"), ({"year": "来年"}, "年度として読めません"), ({"worksheet": "無い"}, "シート「無い」がありません"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=said):
            run("import_progress_sheets", file, **{"plan": "asagiri", "table": True, **options})

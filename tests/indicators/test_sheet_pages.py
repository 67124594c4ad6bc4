"""The workbook both ways, and the coordinator's page: difference first, then the act, for nobody else."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.models import Organization
from core.actor import SYSTEM
from core.packing import pack, unpack
from indicators import queries
from indicators.actions.importing import create_plan, import_sheets
from indicators.forms import MOST_BYTES
from indicators.importing import UnreadableSourceError, preview, read, text_of, text_of_workbook, unaccounted
from indicators.models import Measure, Plan, PlanEvent, SheetYear
from indicators.workbook import plan_workbook, year_label
from tests.indicators import sheet_texts as texts

ClientAs = Callable[[str], Client]
COORDINATOR, SECTION = "coordinator@tama.example", "section1@tama.example"
URL = "/plans/tama-sangyo-shinko/import/"


@pytest.fixture
def asagiri(reference: None) -> Plan:
    city = Organization.objects.get(code="132225")
    return create_plan(reading=read(texts.whole()), organization=city, slug="asagiri", by=SYSTEM).plan


def exported(plan: Plan, department: str = "") -> bytes:
    actor = replace(SYSTEM, organization_id=plan.organization_id)
    found = queries.plan_by_slug(actor, plan.slug)
    assert found is not None
    indicators = [row.indicator for row in queries.indicators_of(found)]
    return plan_workbook(found, indicators, queries.measures_of(found, department))


def test_the_workbook_says_what_the_plan_says(asagiri: Plan) -> None:
    reading = read(text_of(exported(asagiri)).text)
    assert unaccounted(reading) == []
    assert reading.doubts == ()
    got, wanted = preview(reading), preview(read(texts.whole()))
    assert got["measures"] == wanted["measures"]
    assert got["indicators"] == wanted["indicators"]
    assert got["plan"] == wanted["plan"]


def test_taking_the_workbook_back_changes_nothing(asagiri: Plan) -> None:
    outcome = import_sheets(reading=read(text_of(exported(asagiri)).text), plan=asagiri, by=SYSTEM)
    assert (outcome.changes, outcome.differences, outcome.refused) == ((), (), ())
    assert PlanEvent.objects.count() == 1


def test_a_department_fills_its_workbook_and_only_its_cells_change(asagiri: Plan) -> None:
    book = load_workbook(io.BytesIO(exported(asagiri, "図書館")))
    assert book.sheetnames == ["成果指標", "施策一覧", "05"]
    page = book["05"]
    labels = {str(row[0].value).replace("\n", ""): row[1] for row in page.iter_rows()}
    cell = next(cell for label, cell in labels.items() if label.startswith("R10年度実施結果"))
    cell.value = "利用者は月に310人でした。\n目標を上回りました。"
    stream = io.BytesIO()
    book.save(stream)
    decoded = text_of(stream.getvalue())
    outcome = import_sheets(reading=read(decoded.text), plan=asagiri, by=SYSTEM)
    assert [(row.key, row.after) for row in outcome.changes] == [
        ("5/2028/result", "利用者は月に310人でした。\n目標を上回りました。")
    ]


def test_text_that_looks_like_a_formula_is_text(asagiri: Plan) -> None:
    SheetYear.objects.filter(measure__plan=asagiri).update(content='=HYPERLINK("https://example.org")')
    page = load_workbook(io.BytesIO(exported(asagiri)))["01"]
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    reading = read(text_of(exported(asagiri)).text)
    assert reading.measures[0].years[2028].content == '=HYPERLINK("https://example.org")'


def test_pages_are_a4_in_the_printed_layout(asagiri: Plan) -> None:
    book = load_workbook(io.BytesIO(exported(asagiri)))
    assert book.sheetnames == ["成果指標", "施策一覧", "01", "02", "03", "04①", "04②", "05", "06"]
    assert {page.page_setup.paperSize for page in book.worksheets} == {9}
    assert book["03"].page_setup.orientation == "portrait"
    assert [cell.value for cell in book["04①"][3]] == ["施策名", "04 水辺の催し①", None, None, "○"]
    assert (year_label(2019), year_label(2018)) == ("R1年度", "2018年度")


def test_places_are_named_by_worksheet_and_row(asagiri: Plan) -> None:
    book = load_workbook(io.BytesIO(exported(asagiri)))
    book["02"].cell(row=20, column=3).value = "はみ出した文"
    stream = io.BytesIO()
    book.save(stream)
    decoded = text_of(stream.getvalue())
    (doubt,) = read(decoded.text).doubts
    assert (doubt.before, decoded.place(doubt.line)) == ("はみ出した文", "02シート 20行目")


@pytest.mark.parametrize("value", [7, 7.0, "7", True, None])
def test_values_of_cells(value: Any) -> None:
    book = Workbook()
    book.active.append(["施策名", value])
    stream = io.BytesIO()
    book.save(stream)
    shown = {7: "7", "7": "7", True: "TRUE", None: ""}[value]
    assert text_of_workbook(stream.getvalue()).text.split("\n")[0].rstrip("\t") == f"施策名\t{shown}".rstrip(
        "\t"
    )


def test_a_document_that_is_no_workbook_is_refused() -> None:
    import docx

    stream = io.BytesIO()
    docx.Document().save(stream)
    with pytest.raises(UnreadableSourceError, match="Excelのブックではありません"):
        text_of(stream.getvalue())


def test_anyone_gets_the_workbook_of_a_published_plan_and_nobody_of_a_draft(
    client: Client, asagiri: Plan
) -> None:
    url = reverse("plans:workbook", args=["tama-sangyo-shinko"])
    response = client.get(url, {"department": "行政管理課"})
    assert response.status_code == 200
    assert load_workbook(io.BytesIO(response.content)).sheetnames == ["成果指標", "施策一覧", "11②"]
    assert "attachment" in response["Content-Disposition"]
    assert client.get(url, {"department": "ない課"}).status_code == 404
    assert client.get(reverse("plans:workbook", args=[asagiri.slug])).status_code == 404
    assert client.post(url).status_code == 405


# --- The coordinator's page -------------------------------------------------------------------------------


def filled(client: Client) -> str:
    """The public plan's workbook as text, with one cell filled in."""
    text = text_of(client.get(reverse("plans:workbook", args=["tama-sangyo-shinko"])).content).text
    sheet = text.index("施策名\t03 ")
    at = text.index("R7年度\x0b事業内容\t", sheet) + len("R7年度\x0b事業内容\t")
    return f"{text[:at]}試しに書いた文です。{text[at:]}"


def test_the_difference_is_shown_before_anything_is_written(demo: None, client_as: ClientAs) -> None:
    client, before = client_as(COORDINATOR), PlanEvent.objects.count()
    text = filled(client)
    strange = f"{texts.FOREIGN}\n{text}"
    page = client.post(URL, {"file": SimpleUploadedFile("表.txt", strange.encode())})
    assert page.status_code == 200
    shown = page.content.decode()
    doubted = read(strange).doubts[0]
    assert doubted.line
    assert shown.index(f"{doubted.line}行目　") < shown.index("この内容で取り込む"), (
        "before anything is accepted"
    )
    assert "試しに書いた文です。" in shown
    assert "3/2025/content" in shown
    assert not SheetYear.objects.filter(content="試しに書いた文です。").exists()
    assert PlanEvent.objects.count() == before
    done = client.post(URL, {"packed": pack(text), "name": "表.txt"}, follow=True)
    assert "進行管理表を取り込みました。" in done.content.decode()
    assert SheetYear.objects.get(content="試しに書いた文です。").measure.number == "3"
    event = PlanEvent.objects.latest("pk")
    assert PlanEvent.objects.count() == before + 1
    assert (event.actor_name, event.payload["source"]) == ("【架空】関戸 はるか", "表.txt")


def test_a_persons_text_stays_unless_it_is_ticked(demo: None, client_as: ClientAs) -> None:
    client = client_as(COORDINATOR)
    text = filled(client)
    Measure.objects.get(plan__slug="tama-sangyo-shinko", number="3").years.filter(fiscal_year=2025).update(
        content="人が書いた文です。"
    )
    shown = client.post(URL, {"text": text}).content.decode()
    assert 'name="accept" value="3/2025/content"' in shown
    client.post(URL, {"packed": pack(text)})
    assert SheetYear.objects.filter(content="人が書いた文です。").exists()
    client.post(URL, {"packed": pack(text), "accept": ["3/2025/content"]})
    assert not SheetYear.objects.filter(content="人が書いた文です。").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "どちらか一方にしてください"), ({"text": "議事録"}, "1枚も見つかりません"),
        ({"text": texts.whole((*texts.SHEETS, texts.SHEETS[0]))}, "番号1の個票が2枚あります"),
        ({"packed": "?"}, "表の文字を受け取れませんでした"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_and_kept(
    demo: None, client_as: ClientAs, data: dict[str, str], said: str
) -> None:
    response = client_as(COORDINATOR).post(URL, data)
    assert response.status_code == 422
    shown = response.content.decode()
    assert said in shown
    if data.get("text"):
        assert data["text"].split("\n")[0].split("\t")[0] in shown


def test_nobody_else_reaches_the_page(demo: None, client: Client, client_as: ClientAs) -> None:
    assert client.get(URL).status_code == 302
    section = client_as(SECTION)
    assert (section.get(URL).status_code, section.post(URL, {"text": "x"}).status_code) == (404, 404)
    assert "進行管理表を取り込む" not in section.get("/plans/tama-sangyo-shinko/").content.decode()
    own = client_as(COORDINATOR)
    assert own.get(URL).status_code == 200
    assert "進行管理表を取り込む" in own.get("/plans/tama-sangyo-shinko/").content.decode()
    assert own.get("/plans/none/import/").status_code == 404


def test_the_packed_text_comes_back_to_the_letter() -> None:
    text = "\n\t①\x0bＡ\r\n "
    assert unpack(pack(text), MOST_BYTES) == text
    import zlib
    from base64 import b64encode

    with pytest.raises(ValueError, match="more than"):
        unpack(b64encode(zlib.compress(b"0" * (20 * 1024 * 1024 + 1))).decode(), MOST_BYTES)

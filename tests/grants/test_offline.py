"""The form as a workbook: out and back unchanged says nothing, a change is shown before it counts, a fault has its cell."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from grants.actions import budgeting, drafting
from grants.actions.budgeting import CostEntry
from grants.models import Answer, BudgetLine, Revision
from programs.models import Call
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, fields, text

__all__ = ["bodies_are_few"]
NASTY = '=SUM(A1)\n二行目\tタブ　全角 "引用" <b>&amp;</b> 髙﨑 葛󠄀城 𠮷野 _x000D_ \u3000末尾'


def downloaded(client: Client, root: str) -> Any:
    """The workbook, opened for editing."""
    response = client.get(f"{root}offline/form.xlsx")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return load_workbook(BytesIO(response.content))


def sent(client: Client, root: str, book: Any, status: int = 200) -> str:
    """The page's answer to a workbook brought back."""
    stream = BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("様式.xlsx", stream.getvalue())
    response = client.post(f"{root}offline/", {"file": file})
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def cell(book: Any, sheet: str, mark: str, column: int) -> Any:
    """The cell in the row of a mark."""
    row = next(row for row in book[sheet].iter_rows() if row[0].value == mark)
    return row[column - 1]


def test_out_and_back_unchanged_says_nothing(world: World, client_as: ClientAs) -> None:
    """Every sign survives; also in thousands of yen with amounts that are not whole thousands."""
    application = draft(world)
    drafting.save_answer(
        application_id=application.pk, question="issue", value=NASTY, by=world["lead_editor"]
    )
    lead = cases.lead_of(application)
    entries = budgeting.entries_of(lead)
    costs = [*entries["costs"], CostEntry("7", 2028, 1_234_567, note=NASTY[:39])]
    budgeting.save_budget(
        application_id=application.pk, member_id=lead.pk, costs=costs, incomes=entries["incomes"], by=world["lead_editor"]
    )  # fmt: skip
    root = f"/applications/{application.public_id}/"
    client = client_as(world.users["lead_editor"])
    for unit in ("yen", "thousand_yen"):
        Call.objects.filter(pk=world.call.pk).update(input_unit=unit)
        book = downloaded(client, root)
        assert cell(book, "設問", "issue", 4).data_type == "s"
        before = Revision.objects.count()
        assert "違いはありません" in sent(client, root, book)
        assert Revision.objects.count() == before


def test_a_change_is_shown_before_it_counts(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    root, lead = f"/applications/{application.public_id}/", cases.lead_of(application)
    client = client_as(world.users["lead_editor"])
    book = downloaded(client, root)
    cell(book, "設問", "purpose", 4).value = "外で書いた\n目的"
    cell(book, "設問", "issue", 4).value = "外で書いた課題"
    cell(book, "収支1", "c-7", 3).value = 300_000
    drafting.save_answer(
        application_id=application.pk, question="issue", value="同僚の課題", by=world["lead_colleague"]
    )
    shown = sent(client, root, book)
    assert "外で書いた<br>目的" in shown
    assert "ダウンロードの後に、この欄は画面で変わっています" in shown
    assert "同僚の課題" in shown
    assert not BudgetLine.objects.filter(item="7").exists()
    data = fields(shown)
    data.pop("take", None)
    chosen = {"do": "accept", "take": ["purpose", f"budget/{lead.public_id}"]}
    drafting.save_answer(
        application_id=application.pk, question="purpose", value="さらに同僚", by=world["lead_colleague"]
    )
    late = client.post(f"{root}offline/", data | chosen)
    assert late.status_code == 409
    assert "ほかの人が同じ欄を保存しました" in late.content.decode()
    assert not BudgetLine.objects.filter(item="7").exists()
    again = fields(late.content.decode())
    assert client.post(f"{root}offline/", again | chosen)["Location"] == root
    values = dict(Answer.objects.values_list("question__code", "value"))
    assert values["purpose"] == "外で書いた\n目的"
    assert values["issue"] == "同僚の課題"
    assert BudgetLine.objects.get(item="7").amount == 300_000
    nothing = client.post(f"{root}offline/", {"do": "accept"})
    assert nothing.status_code == 422
    assert "選ばれていません" in nothing.content.decode()


def _lose_mark(book: Any) -> None:
    cell(book, "設問", "purpose", 1).value = None


def _set(sheet: str, mark: str, column: int, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        cell(book, sheet, mark, column).value = value

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_lose_mark, "「設問」シートのA4の記号がありません"),
        (_set("設問", "purpose", 1, "title"), "の記号「title」が二つあります"),
        (
            _set("設問", "purpose", 1, "budget"),
            "「設問」シートのD4の記号「budget」は、いま入力できる設問にありません",
        ),
        (_set("設問", "purpose", 5, "x"), "「設問」シートのE4の版が読めません"),
        (_set("設問", "purpose", 4, "あ" * 20_001), "「設問」シートのD4：長すぎます"),
        (
            _set("収支1", "c-7", 3, 1.5),
            "「収支1」シートのC3（7 報償費、令和9年度）：「1.5」に小数は使えません",
        ),
        (_set("収支1", "c-8", 4, "千円くらい"), "「収支1」シートのD4"),
        (_set("収支1", "c-8", 4, -5), "マイナスの金額は使えません"),
        (_set("収支1", "c-7", 1, "c-99"), "行の記号「c-99」がありません"),
        (lambda book: book["収支2"].__setitem__("A1", "somebody"), "「収支2」シートのA1の団体が"),
        (lambda book: book["説明"].__setitem__("B1", "other-form"), "このポータルの様式ではありません"),
        (lambda book: book["説明"].__setitem__("B2", "othercase"), "別の申請のブックです"),
        (lambda book: book["説明"].__setitem__("B3", "99"), "様式の版が違います"),
        (lambda book: setattr(book["説明"], "title", "はじめに"), "このポータルの様式ではありません"),
    ],
)
def test_what_is_wrong_has_its_cell(
    world: World, client_as: ClientAs, change: Callable[[Any], None], says: str
) -> None:
    application = draft(world)
    root = f"/applications/{application.public_id}/"
    client = client_as(world.users["lead_editor"])
    book = downloaded(client, root)
    change(book)
    before = Revision.objects.count()
    assert says in sent(client, root, book, 422)
    assert Revision.objects.count() == before


def test_other_files_and_other_people(world: World, client_as: ClientAs) -> None:
    """A workbook of somebody else's making, a late cell, another kind of file; a partner has its own part alone."""
    application = draft(world)
    root = f"/applications/{application.public_id}/"
    client = client_as(world.users["lead_editor"])
    foreign = Workbook()
    foreign.active.cell(1_048_576, 16_384, "late")
    assert "このポータルの様式ではありません" in sent(client, root, foreign, 422)
    wrong = client.post(f"{root}offline/", {"file": cases.upload("様式.xlsx")})
    assert wrong.status_code == 422
    assert "Excel" in wrong.content.decode()
    text(client, f"{root}offline/", 422, do="read")
    partner = client_as(world.users["partner_editor"])
    own = downloaded(partner, root)
    assert own.sheetnames == ["説明", "設問", "収支1"]
    marks = [row[0].value for row in own["設問"].iter_rows(min_row=3)]
    assert all(mark.endswith(f"/{cases.partner_of(application).public_id}") for mark in marks)
    forged = downloaded(client, root)
    assert "いま入力できる設問にありません" in sent(partner, root, forged, 422)
    reader = client_as(world.users["lead_finance"])
    assert reader.get(f"{root}offline/form.xlsx").status_code == 404
    assert "いまは取り込めません" in text(reader, f"{root}offline/")
    assert reader.post(f"{root}offline/", {"do": "accept"}).status_code == 404
    for name in ("stranger_editor", "officer"):
        other = client_as(world.users[name])
        assert other.get(f"{root}offline/form.xlsx").status_code == 404
        assert other.get(f"{root}offline/").status_code == 404

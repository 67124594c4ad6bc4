"""One sheet of a round: typed by its section, read by those who check it, edited by the coordinator."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_POST

from core import clock, fiscal_year
from core.access import access
from core.exceptions import DomainError, Refused
from indicators.actions import checking, filling
from indicators.actions.filling import Saved, Typed
from indicators.forms import CellsForm, field_name
from indicators.forms.cells import shown_mark
from indicators.models import SheetCell
from indicators.queries.cells import cells_by_key, fillable
from indicators.queries.rounds import beside_task
from indicators.rules import sheets
from indicators.rules.sheets import Key
from indicators.views.round_frame import SheetPage, sheet_page, status_of


@dataclass(frozen=True)
class Both:
    """One cell two people changed: what this person typed, and what stands now."""

    label: str
    mine: str
    theirs: str
    who: str


@dataclass(frozen=True)
class Button:
    """A link to an act, as the page offers it."""

    name: str
    label: str


BUTTONS: Final = {
    "approve": "承認して提出する",
    "send_back": "課内で差し戻す",
    "agree": "手直しを認める",
    "object_to": "手直しを認めない",
    "confirm": "確認済にする",
    "return_cells": "欄ごとに差し戻す",
    "reassign": "担当課を決める",
    "exempt": "報告なしにする",
    "include": "報告ありに戻す",
    "correct": "公表した内容を訂正する",
    "hand_over": "同僚に引き継ぐ",
    "disclaim": "この課のものではない",
}


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, round_id: int, number: str) -> HttpResponse:
    """Last year beside this year: typed and handed on where that is open, else read."""
    page = sheet_page(request, round_id, number)
    if "fill" not in page.can:
        if request.method == "POST":
            return _locked(request, page)
        return _page(request, page, None)
    keys = fillable(page.task, page.activities)
    if request.method != "POST":
        form = CellsForm(keys=keys, cells=page.cells, activities=page.activities)
        return _page(request, page, form)
    return _save(request, page, keys, lambda form: filling.save_cells(
        task_id=page.task.pk, typed=form.typed(), by=page.actor, at=page.at
    ))  # fmt: skip


@access(action="indicators.see_rounds")
@require_POST
def autosave(request: HttpRequest, round_id: int, number: str) -> JsonResponse:
    """Save while somebody types, for the page's script; what cannot be stored or was changed by others is named.

    200 {"at": "10:31", "saved": {name: {"version", "shown"}}}; 409 with "clashes" [{"code", "label", "theirs", "who",
    "version", "shown"}], or "held" and why where the sheet cannot be typed into any more; 422 with "faults" {name: words}.
    """
    page = sheet_page(request, round_id, number)
    if "fill" not in page.can:
        words = "この個票は、いまは記入できません。画面を開き直してください。"
        return JsonResponse({"held": words, "saved": {}, "clashes": [], "faults": {}}, status=409)
    keys = fillable(page.task, page.activities)
    form = CellsForm(request.POST, keys=keys, cells=page.cells, activities=page.activities)
    faults = {} if form.is_valid() else {name: " ".join(map(str, rows)) for name, rows in form.errors.items()}
    saved, refused = _saved_where_possible(page, form.typed())
    cells = cells_by_key(SheetCell.objects.filter(task=page.task).select_related("updated_by"))
    data = {
        "at": f"{clock.local(page.at):%H:%M}",
        "saved": {field_name(key): _mark(cells[key]) for key in saved.keys},
        "clashes": [
            {
                "code": field_name(row.key),
                "label": f"{fiscal_year.label(row.key[0])}　{sheets.label_of(row.key[1], page.activities)}",
                "theirs": row.cell.value,
                "who": cells[row.key].updated_by.name,
            }
            | _mark(row.cell)
            for row in saved.clashes
        ],
        "faults": faults | refused,
    }
    return JsonResponse(data, status=409 if saved.clashes else 422 if data["faults"] else 200)


def _mark(cell: SheetCell) -> dict[str, object]:
    return {"version": cell.version, "shown": shown_mark(cell.value)}


def _storage_key(page: SheetPage) -> str:
    """Under what a browser keeps what is not saved yet: per person and sheet, and nobody can read it back."""
    place = f"{page.task.pk}/{page.actor.user_id}"
    return f"tama-sheet-{salted_hmac('indicators.drafts', place).hexdigest()[:32]}"


def _saved_where_possible(page: SheetPage, typed: list[Typed]) -> tuple[Saved, dict[str, str]]:
    """Save what can be stored; one number that is none keeps no text from being saved."""
    try:
        return filling.save_cells(task_id=page.task.pk, typed=typed, by=page.actor, at=page.at), {}
    except DomainError as error:
        bad = {fault.field for fault in error.faults}
        rest = [item for item in typed if sheets.key_text(item.key) not in bad]
        words = {f"c-{fault.field.replace('/', '-', 1)}": str(fault) for fault in error.faults}
        if len(rest) == len(typed):
            return Saved(page.task), words
        return filling.save_cells(task_id=page.task.pk, typed=rest, by=page.actor, at=page.at), words


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, round_id: int, number: str) -> HttpResponse:
    """The coordinator changes a submitted sheet; the section is asked to agree."""
    page = sheet_page(request, round_id, number)
    if "edit" not in page.can:
        raise Refused
    if request.method != "POST":
        form = CellsForm(keys=page.keys, cells=page.cells, activities=page.activities)
        return _page(request, page, form, editing=True)
    return _save(request, page, page.keys, lambda form: checking.edit(
        task_id=page.task.pk, typed=form.typed(), by=page.actor, at=page.at
    ), editing=True)  # fmt: skip


def _locked(request: HttpRequest, page: SheetPage) -> HttpResponse:
    """Somebody moved the sheet on while this person typed: what was typed is shown, to be copied."""
    form = CellsForm(request.POST, keys=page.keys, cells=page.cells, activities=page.activities)
    form.is_valid()
    typed = [
        Both(
            f"{fiscal_year.label(item.key[0])}　{sheets.label_of(item.key[1], page.activities)}",
            item.value,
            "",
            "",
        )
        for item in form.typed()
    ]
    return _page(request, page, None, unsaved=typed, status=409)


def _save(
    request: HttpRequest,
    page: SheetPage,
    keys: list[Key],
    run: Callable[[CellsForm], Saved],
    *,
    editing: bool = False,
) -> HttpResponse:
    form = CellsForm(request.POST, keys=keys, cells=page.cells, activities=page.activities)
    if not form.is_valid():
        return _page(request, page, form, editing=editing, status=422)
    try:
        saved = run(form)
    except DomainError as error:
        form.refuse(error)
        return _page(request, page, form, editing=editing, status=status_of(error))
    if saved.clashes:
        for clash in saved.clashes:
            form.renew(clash.key, clash.cell.version, clash.cell.value)
        both = [
            Both(
                f"{fiscal_year.label(row.key[0])}　{sheets.label_of(row.key[1], page.activities)}",
                sheets.shown(row.key[1], row.mine), sheets.shown(row.key[1], row.cell.value), row.cell.updated_by.name,
            )
            for row in saved.clashes
        ]  # fmt: skip
        _renew_saved(form, saved, page)
        return _page(request, page, form, both=both, editing=editing, status=409)
    if "propose" in request.POST and not editing:
        return _propose(request, page, form, saved)
    messages.success(request, "保存しました。" if saved.keys else "打った内容は、すべて保存してあります。")
    return redirect(page.url())


def _renew_saved(form: CellsForm, saved: Saved, page: SheetPage) -> None:
    """The cells that were saved beside a clash are not saved again from the same page."""
    cells = cells_by_key(SheetCell.objects.filter(task=page.task))
    for key in saved.keys:
        form.renew(key, cells[key].version, cells[key].value)


def _propose(request: HttpRequest, page: SheetPage, form: CellsForm, saved: Saved) -> HttpResponse:
    _renew_saved(form, saved, page)
    try:
        filling.propose(task_id=page.task.pk, by=page.actor, at=page.at)
    except DomainError as error:
        again = CellsForm(form.data, keys=form.keys, cells={}, activities=page.activities)
        again.is_valid()
        again.refuse(error)
        return _page(request, page, again, saved=True, status=status_of(error))
    messages.success(request, "保存して、課長に承認を依頼しました。")
    return redirect(page.url())


def _page(
    request: HttpRequest,
    page: SheetPage,
    form: CellsForm | None,
    *,
    both: list[Both] | None = None,
    unsaved: list[Both] | None = None,
    editing: bool = False,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    before, after = beside_task(page.actor, page.task)
    context = {
        "page": page,
        "task": page.task,
        "measure": page.task.measure,
        "round": page.task.round,
        "form": form,
        "parts": page.parts(form),
        "hidden": form.hidden_fields() if form else [],
        "both": both or [],
        "unsaved": unsaved or [],
        "saved": saved,
        "editing": editing,
        "buttons": [Button(name, label) for name, label in BUTTONS.items() if name in page.can],
        "due_at": page.returned.due_at if page.returned else page.task.round.due_at,
        "storage": _storage_key(page),
        "warnings": page.warnings() if status == 200 else [],  # noqa: PLR2004
        "edited": [row for row in page.cells.values() if row.edited_by_secretariat],
        "before": before,
        "after": after,
        "last": max(page.cells.values(), key=lambda row: row.updated_at, default=None),
    }
    return render(request, "rounds/sheet.html", context, status=status)

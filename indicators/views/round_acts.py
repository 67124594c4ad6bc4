"""Single acts on a sheet, each on its own page that says what it does; and the sheet's whole history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Department, Membership, User
from core import clock, fiscal_year
from core.access import access
from core.exceptions import DomainError, Refused
from indicators.actions import checking, filling, publishing
from indicators.forms import CorrectForm, DepartmentForm, HandOverForm, PlainForm, ReasonForm, ReturnForm
from indicators.lifecycle import SHEET
from indicators.models import PlanEvent, SheetCellVersion
from indicators.permissions import judge_sheet
from indicators.rules import sheets
from indicators.views.round_frame import SheetPage, sheet_page, status_of

Run = Callable[..., object]
MakeForm = Callable[[SheetPage, Any], PlainForm]
_EVENTS: Final = 200


@dataclass(frozen=True)
class Act:
    """An act on its own page: what it is called, what it does, how it asks, and the action behind it."""

    label: str
    effect: str
    done: str
    form: MakeForm
    run: Run
    grave: bool = False


def _start(page: SheetPage) -> dict[str, Any]:
    return {"initial": {"version": page.task.version}}


def _plain(page: SheetPage, data: Any) -> PlainForm:
    return PlainForm(data, **_start(page))


def _reason(page: SheetPage, data: Any) -> PlainForm:
    return ReasonForm(data, **_start(page))


def _optional_reason(page: SheetPage, data: Any) -> PlainForm:
    return ReasonForm(
        data,
        optional=True,
        label="自分で記入したものを承認するときだけ、理由（人数が少ないなど）を書きます。",
        **_start(page),
    )


def _department(page: SheetPage, data: Any) -> PlainForm:
    units = Department.objects.in_force(clock.today(page.at)).filter(
        organization=page.task.round.plan.organization_id
    )
    return DepartmentForm(data, units=units.order_by("display_order", "name"), **_start(page))


def _colleague(page: SheetPage, data: Any) -> PlainForm:
    posts = Membership.objects.in_force(clock.today(page.at)).filter(
        department=page.actor.department_id, role__in=["editor", "approver"]
    )
    here = User.objects.filter(pk__in=posts.values("user"), is_active=True)
    return HandOverForm(data, colleagues=here.order_by("kana", "pk"), **_start(page))


def _cells(page: SheetPage, data: Any) -> PlainForm:
    keys = [key for key in page.keys if key[1] in sheets.TEXTS]
    return ReturnForm(data, keys=keys, activities=page.activities, **_start(page))


def _correction(page: SheetPage, data: Any) -> PlainForm:
    return CorrectForm(data, keys=page.keys, activities=page.activities, **_start(page))


def _decided(action: str) -> Run:
    return lambda **given: checking.decide(action=action, **given)


ACTS: Final[dict[str, Act]] = {
    "approve": Act("承認して提出する", "この個票を、計画の取りまとめ課に提出します。提出の後は、差し戻されるまで直せません。", "承認して提出しました。", _optional_reason, filling.approve),
    "send_back": Act("課内で差し戻す", "記入した人に、理由とともに戻します。", "課内で差し戻しました。", _reason, filling.send_back),
    "agree": Act("手直しを認める", "事務局の手直しを、課として認めます。", "手直しを認めました。", _plain, checking.agree),
    "object_to": Act("手直しを認めない", "課の文に戻し、理由を取りまとめ課に知らせます。", "課の文に戻しました。", _reason, checking.object_to),
    "confirm": Act("確認済にする", "この個票の確認を終えます。公表までは、差し戻すこともできます。", "確認済にしました。", _plain, _decided("confirm")),
    "return_cells": Act("欄ごとに差し戻す", "理由を書いた欄だけを、新しい期限まで直せるようにします。ほかの欄は変わりません。", "差し戻しました。担当課に知らせます。", _cells, checking.return_cells),
    "reassign": Act("担当課を決める", "えらんだ課が記入します。いままでの記入は残ります。", "担当課を決めました。その課に知らせます。", _department, checking.reassign),
    "exempt": Act("報告なしにする", "この照会では、この個票に書くことがないものとします。", "報告なしにしました。", _reason, _decided("exempt"), grave=True),
    "include": Act("報告ありに戻す", "担当課に、記入を改めてお願いします。", "記入をお願いしました。", _plain, _decided("include")),
    "correct": Act("公表した内容を訂正する", "公表した欄を直します。前の内容と理由は、公開のページに残ります。", "訂正しました。", _correction, publishing.correct, grave=True),
    "hand_over": Act("同僚に引き継ぐ", "この個票の担当者を、同じ課の人に変えます。", "引き継ぎました。相手に知らせます。", _colleague, filling.hand_over),
    "disclaim": Act("この課のものではない", "担当でないことを、取りまとめ課に知らせます。どの課のものと思うかも書いてください。記入したものは残ります。", "取りまとめ課に知らせました。", _reason, filling.disclaim),
}  # fmt: skip


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, round_id: int, number: str, name: str) -> HttpResponse:
    """One act: what it does, what it asks, and why it cannot be done where that is so."""
    page, chosen = sheet_page(request, round_id, number), ACTS.get(name)
    if chosen is None:
        raise Refused
    judgement = judge_sheet(page.actor, name, page.task, page.at)
    form, status = chosen.form(page, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                chosen.run(task_id=page.task.pk, by=page.actor, at=page.at, **form.arguments())
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, chosen.done)
                return _after(page, name)
    context = {
        "page": page, "task": page.task, "measure": page.task.measure, "round": page.task.round, "act": chosen,
        "form": form, "decision": judgement.decision(), "cells": _shown_cells(page) if name != "hand_over" else [],
    }  # fmt: skip
    return render(request, "rounds/act.html", context, status=status)


def _after(page: SheetPage, name: str) -> HttpResponse:
    """The sheet again, or the list where the sheet has left this person's sight."""
    if name in {"reassign", "disclaim"} and not page.is_coordinator:
        return redirect("rounds:detail", page.task.round_id)
    return redirect(page.url())


@dataclass(frozen=True)
class Shown:
    """A text as it stands, beside the form of an act."""

    label: str
    text: str


def _shown_cells(page: SheetPage) -> list[Shown]:
    return [
        Shown(
            f"{fiscal_year.label(key[0])}　{sheets.label_of(key[1], page.activities)}",
            sheets.shown(key[1], value),
        )
        for key in page.keys
        if (value := page.values.get(key, ""))
    ]


@dataclass(frozen=True)
class Past:
    """One thing that happened, or one saved version of a cell."""

    at: Any
    who: str
    unit: str
    what: str
    text: str = ""
    mark: str = ""


@access(action="indicators.see_rounds")
@require_safe
def history(request: HttpRequest, round_id: int, number: str) -> HttpResponse:
    """Everything that happened to the sheet and every version of its cells, newest first."""
    page = sheet_page(request, round_id, number)
    events = PlanEvent.objects.filter(chain_key=page.task.chain_key).order_by("-sequence")[:_EVENTS]
    words = {row.action: row.label for row in SHEET.transitions}
    rows = [
        Past(row.at, row.actor_name, row.department_name, words.get(row.action, row.action), row.comment)
        for row in events
    ]
    versions = (
        SheetCellVersion.objects.filter(cell__task=page.task)
        .select_related("cell", "saved_by")
        .order_by("-saved_at", "-pk")[:_EVENTS]
    )
    rows += [
        Past(
            row.saved_at, row.saved_by.name, row.department_name,
            f"{fiscal_year.label(row.cell.fiscal_year)}　{sheets.label_of(row.cell.name, page.activities)}　第{row.version}版",
            sheets.shown(row.cell.name, row.value) or "（空）",
            "代理の記入" if row.is_proxy else "事務局の手直し" if row.edited_by_secretariat else "",
        )
        for row in versions
    ]  # fmt: skip
    rows.sort(key=lambda row: row.at, reverse=True)
    context = {
        "page": page,
        "task": page.task,
        "measure": page.task.measure,
        "round": page.task.round,
        "rows": rows,
    }
    return render(request, "rounds/history.html", context)

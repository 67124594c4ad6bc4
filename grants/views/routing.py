"""庁内照会: the board of what is out, overdue and back, and the acts on one part."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.queries import colleagues_of
from core import clock
from core.access import access, actor_of, allowed, arrival_of
from core.exceptions import DomainError, Refused
from grants.actions import routing as actions
from grants.enums import FILLING_ROUTINGS, WAITING_ROUTINGS, RoutingStatus
from grants.forms.routing import DistributeForm, RoutingActForm, moment_text
from grants.lifecycle import ROUTING
from grants.models import Application, ApplicationEvent, Distribution, Routing
from grants.permissions import (
    available_routing_actions,
    coordinates,
    judge_distribution,
    member_of,
    reaches,
    sees,
)
from grants.queries.routing import (
    outer_due,
    part_label,
    parts_of,
    proposed_due,
    routings_of,
    units_to_ask,
)
from grants.views.frame import CasePage, form_page, status_of

TONES: Final = {
    RoutingStatus.OUT: "info", RoutingStatus.SENT_BACK: "warn", RoutingStatus.ANSWERED: "good",
    RoutingStatus.DISCLAIMED: "bad", RoutingStatus.TAKEN_OVER: "warn", RoutingStatus.COMPILED: "neutral",
    RoutingStatus.RECALLED: "neutral",
}  # fmt: skip


@dataclass(frozen=True)
class RoutingPage:
    """A case as one unit of a town sees it here. `whole`: it may see the rest of the case too."""

    case: CasePage
    whole: bool
    coordinating: bool

    def render(
        self,
        request: HttpRequest,
        template: str,
        *,
        heading: str = "庁内照会",
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """A page under the case, without links into what the town hides."""
        shared = {
            "page": self.case, "heading": heading, "sub": template != "board", "application": self.case.application, "call": self.case.application.call,
            "whole": self.whole, "coordinating": self.coordinating, "outer": outer_due(self.case.application),
        }  # fmt: skip
        return render(request, f"grants/routing/{template}.html", shared | context, status=status)


@dataclass(frozen=True)
class Row:
    """One part with the words the board shows."""

    routing: Routing
    label: str
    tone: str
    is_overdue: bool
    proxies: int = 0


def routing_page(request: HttpRequest, public_id: str) -> RoutingPage:
    """The case for the units of a town that distribute it or were given a part. Raises Refused (404)."""
    actor, at = actor_of(request), arrival_of(request)
    application = Application.objects.with_parts().filter(public_id=public_id).first()
    member = member_of(actor, application) if application else None
    if application is None or member is None:
        raise Refused
    whole = sees(actor, application)
    if not (whole or reaches(actor, application, at)):
        raise Refused
    member.application = application
    return RoutingPage(CasePage(application, actor, at, member), whole, coordinates(actor, member, at))


def row_of(routing: Routing, at: datetime, proxies: int = 0) -> Row:
    """A part for the template."""
    late = routing.status in FILLING_ROUTINGS and routing.is_overdue(at)
    return Row(routing, part_label(routing), TONES[routing.state], late, proxies)


# --- The board ------------------------------------------------------------------------------------------------


@access(action="grants.distribute")
@form_page
def board(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where each part is; the liaison unit sends parts from here, a unit finds its own."""
    page = routing_page(request, public_id)
    case = page.case
    judgement = judge_distribution(case.actor, case.member, case.at)
    decision = judgement.decision()
    plan = Distribution.objects.filter(member=case.member).first()
    units = units_to_ask(case.member, clock.today(case.at)) if page.coordinating else []
    form = DistributeForm(
        request.POST or None, choices=parts_of(case.member), units=units,
        initial={
            "due_at": moment_text(proposed_due(case.member, case.at)),
            "hides_others": plan.hides_others if plan else False,
        },
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        if not page.coordinating:
            raise Refused
        status = _send(form, case)
        if status == 0:
            messages.success(request, "照会しました。相手の部署に知らせました。")
            return redirect(request.path)
    return page.render(
        request, "board", status=status, form=form, decision=decision, plan=plan, **_rows(page),
    )  # fmt: skip


def _send(form: DistributeForm, case: CasePage) -> int:
    """0 where the parts were sent, else the code of the page that says why not."""
    if not form.is_valid():
        return 422
    try:
        actions.distribute(
            application_id=case.application.pk, member_id=case.member.pk, by=case.actor, at=case.at,
            **{name: form.cleaned_data[name] for name in ("parts", "department", "due_at", "message", "hides_others")},
        )  # fmt: skip
    except DomainError as error:
        form.refuse(error)
        return status_of(error)
    return 0


def _rows(page: RoutingPage) -> dict[str, Any]:
    case = page.case
    found = routings_of(case.actor, case.member, case.at)
    rows = [row_of(routing, case.at) for routing in found]
    return {
        "rows": rows,
        "out": sum(row.routing.status in FILLING_ROUTINGS for row in rows),
        "late": sum(row.is_overdue for row in rows),
        "back": sum(row.routing.status in WAITING_ROUTINGS for row in rows),
        "done": sum(row.routing.status == RoutingStatus.COMPILED for row in rows),
    }


def part(page: RoutingPage, routing: str) -> Routing:
    """One part of this town the actor may know of. Raises Refused."""
    case = page.case
    found = Routing.objects.with_parts().filter(distribution__member=case.member, public_id=routing).first()
    if found is None or not allowed(case.actor, "grants.see_routing", found, case.at):
        raise Refused
    return found


def history(routing: Routing) -> list[tuple[ApplicationEvent, str]]:
    """What happened to a part, newest first, in words."""
    words = {row.action: row.label for row in ROUTING.transitions} | {"proxy_fill": "代理で記入"}
    events = ApplicationEvent.objects.filter(chain_key=routing.distribution.chain_key).order_by("-sequence")
    return [(event, words[event.action]) for event in events if event.payload.get("part") == routing.key]


# --- Acts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """An act on its own page: label, what it does, what it asks, and the action behind it."""

    label: str
    effect: str
    asks: tuple[str, ...]
    run: Callable[..., Routing]
    done: str
    optional: bool = False


ACTS: Final[dict[str, Act]] = {
    "answer": Act("回答する", "この部分を書き終えたと伝えます。回答のあとは、差し戻されるまで書き直せません。", (), actions.answer, "回答しました。取りまとめの部署に知らせました。"),
    "disclaim": Act("担当ではないと答える", "理由を付けて、取りまとめの部署に戻します。書いた内容は残ります。", ("reason",), actions.disclaim, "担当ではないと答えました。取りまとめの部署に知らせました。"),
    "hand_over": Act("同僚に任せる", "同じ部署のだれが書くかを決めます。", ("to",), actions.hand_over, "担当する人を決めました。"),
    "send_back": Act("差し戻す", "直してほしい所を書いて、部署に戻します。", ("reason", "due_at"), actions.send_back, "差し戻しました。相手の部署に知らせました。"),
    "reroute": Act("別の部署に照会する", "いままでの内容を残して、別の部署に照会し直します。", ("department", "due_at", "message"), actions.reroute, "照会し直しました。相手の部署に知らせました。"),
    "move_due": Act("庁内の期限を変える", "新しい期限を部署に知らせます。", ("due_at",), actions.move_due, "期限を変えました。相手の部署に知らせました。"),
    "take_over": Act("引き取る", "取りまとめの部署が代わりに書きます。書いた所には代理の記録が残ります。", ("reason",), actions.take_over, "引き取りました。この部分を記入できます。"),
    "compile": Act("とりまとめ済にする", "内容を確かめたことを記録します。このあとは取りまとめの部署が直せます。", (), actions.compile_, "とりまとめ済にしました。"),
    "recall": Act("照会を取りやめる", "照会をやめます。書いた内容は残ります。", ("reason",), actions.recall, "照会を取りやめました。相手の部署に知らせました。", optional=True),
}  # fmt: skip


@access(action="grants.see_routing")
@form_page
def act(request: HttpRequest, public_id: str, routing: str, name: str) -> HttpResponse:
    """One act: what it does, what it needs, and why it cannot be done where that is so."""
    page = routing_page(request, public_id)
    found, chosen = part(page, routing), ACTS.get(name)
    if chosen is None:
        raise Refused
    case, status = page.case, 200
    form = _act_form(request, page, found, chosen)
    decision = name in available_routing_actions(case.actor, found, case.at)
    if request.method == "POST":
        status = _run(form, chosen, found, case)
        if status == 0:
            messages.success(request, chosen.done)
            return redirect("applications:routing", public_id)
    return page.render(
        request,
        "act",
        heading=chosen.label,
        status=status,
        act=chosen,
        row=row_of(found, case.at),
        form=form,
        decision=decision,
    )


def _act_form(request: HttpRequest, page: RoutingPage, routing: Routing, chosen: Act) -> RoutingActForm:
    case = page.case
    today = clock.today(case.at)
    people = [*colleagues_of(case.actor, today), *User.objects.filter(pk=case.actor.user_id or 0)]
    form = RoutingActForm(
        request.POST or None, asks=chosen.asks, units=units_to_ask(case.member, today), people=people,
        initial={
            "version": routing.version, "message": routing.message,
            "due_at": moment_text(
                routing.due_at if not routing.is_overdue(case.at) else proposed_due(case.member, case.at)
            ),
        },
    )  # fmt: skip
    if chosen.optional:
        form.fields["reason"].required = False
    return form


def _run(form: RoutingActForm, chosen: Act, routing: Routing, case: CasePage) -> int:
    """0 where it was done, else the code of the page that says why not."""
    if not form.is_valid():
        return 422
    typed = {name: form.cleaned_data[name] for name in chosen.asks}
    try:
        chosen.run(
            routing_id=routing.pk, by=case.actor, at=case.at,
            expected_version=form.cleaned_data["version"], **typed,
        )  # fmt: skip
    except DomainError as error:
        form.refuse(error)
        return status_of(error)
    return 0

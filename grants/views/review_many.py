"""Several decisions of one kind at once: choose, see what would be refused, then do it, with a result for each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from core.access import access, actor_of, arrival_of
from core.actor import Actor
from core.downloads import under_name
from core.exceptions import DomainError, Refused
from core.form_fields import DomainForm
from core.money import yen
from core.zip_stream import stream_zip
from grants.actions.many import VERBS, Item, Result, Verb, decide_many, preflight
from grants.actions.packages import READY, draft_package
from grants.forms.many import ManyDecisionsForm, ManyDraftsForm
from grants.queries.call_board import CaseLine, call_board, line_of, received
from grants.views.review_call import call_of
from programs.models import Call

_STEPS: Final = frozenset({"check", "run"})


@dataclass(frozen=True)
class Choice:
    """One case of the list: as figures, whether it is chosen, the amount as typed, what was judged of it."""

    line: CaseLine
    chosen: bool
    version: int
    amount: str
    fault: str = ""
    result: Result | None = None


@access(action="grants.view_call")
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest, call: str, name: str) -> HttpResponse:
    """One kind of act for the cases of a call that stand where it starts."""
    found = call_of(request, call, "grants.view_call")
    actor, at = actor_of(request), arrival_of(request)
    verb = VERBS.get(name)
    if verb is None or not actor.has_role(Role.OFFICER if verb.drafts else Role.DECIDER):
        raise Refused
    form = _form(verb, request.POST or None)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    choices = _choices(request, actor, found, verb)
    status, results, problem = 200, list[Result](), ""
    if step in _STEPS:
        items = [_item(choice) for choice in choices if choice.chosen]
        faulty = not form.is_valid() or any(choice.fault for choice in choices) or not items
        if faulty:
            status, step = 422, ""
            problem = "" if items else "申請が選ばれていません。1件以上えらんでください。"
        else:
            try:
                run = preflight if step == "check" else decide_many
                results = run(verb=name, items=items, by=actor, facts=_facts(form), at=at)
            except DomainError as error:
                status, step, problem = 422, "", str(error)
    choices = _judged(choices, results)
    context = {
        "call": found, "verb": verb, "name": name, "form": form, "step": step, "choices": choices, "problem": problem,
        "others": [(key, each.label) for key, each in VERBS.items() if actor.has_role(Role.OFFICER if each.drafts else Role.DECIDER)],
        "done": sum(result.done for result in results), "refused": sum(not result.done for result in results),
        "board": call_board(actor, found, at) if step == "check" else None,
        "sum": sum(choice.line.counts if choice.result.item.amount is None else choice.result.item.amount
                   for choice in choices if choice.result and choice.result.done),
    }  # fmt: skip
    return render(request, "grants/review/many.html", context, status=status)


def _form(verb: Verb, data: QueryDict | None) -> DomainForm:
    if verb.drafts:
        return ManyDraftsForm(data, with_amounts=verb.takes_amount)
    return ManyDecisionsForm(data)


def _facts(form: DomainForm) -> Mapping[str, Any]:
    return dict(form.cleaned_data)


def _choices(request: HttpRequest, actor: Actor, call: Call, verb: Verb) -> list[Choice]:
    """The cases to choose from in 建制順; after a post also those that were chosen and have moved on since."""
    sent = dict(value.rpartition(":")[::2] for value in request.POST.getlist("item"))
    rows = received(actor, call, arrival_of(request))
    found = []
    for row in rows:
        version = sent.get(row.public_id, "")
        if row.state != verb.source and not version.isdecimal():
            continue
        line = line_of(row, actor)
        typed = request.POST.get(f"amount-{row.public_id}", f"{line.requested:,}")
        chosen = version.isdecimal()
        found.append(
            Choice(
                line, chosen, int(version) if chosen else row.version, typed,
                _amount_fault(typed) if verb.takes_amount and chosen else "",
            )
        )  # fmt: skip
    return found


def _amount_fault(typed: str) -> str:
    try:
        yen(typed)
    except ValueError as error:
        return str(error)
    return ""


def _item(choice: Choice) -> Item:
    amount = None if choice.fault or not choice.amount else yen(choice.amount)
    return Item(choice.line.application.pk, choice.version, amount)


def _judged(choices: list[Choice], results: list[Result]) -> list[Choice]:
    found = {result.item.application_id: result for result in results}
    return [replace(choice, result=found.get(choice.line.application.pk)) for choice in choices]


@access(action="grants.view_call")
@require_safe
def package(request: HttpRequest, call: str) -> HttpResponseBase:
    """起案一式 as one archive: the list, the points, the letters; written while it is sent."""
    found = call_of(request, call, "grants.view_call")
    actor, at = actor_of(request), arrival_of(request)
    chosen = request.GET.getlist("item")
    rows = received(actor, found, at).filter(status__in=sorted(READY))
    if not (rows.filter(public_id__in=chosen) if chosen else rows).exists():
        raise Refused
    body = stream_zip(draft_package(actor, found, at, chosen), at=at)
    return under_name(
        StreamingHttpResponse(body, content_type="application/zip"), f"起案一式_{found.name}.zip"
    )

"""What a successor must know of a department's cases: which are open, what was promised, why things were decided."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from django.db.models import Prefetch, Q

from core import clock
from core.actor import Actor
from core.wareki import wareki
from grants.enums import (
    DELIBERATION_ACTIONS,
    EDITABLE_STATES,
    OPEN_STATES,
    ApplicationStatus,
    ConsentState,
    DecisionOutcome,
)
from grants.lifecycle import APPLICATION
from grants.models import (
    Application,
    ApplicationEvent,
    Consent,
    Decision,
    Member,
    Petition,
    Precheck,
    ReturnRequest,
)
from grants.permissions.visibility import OVERSEERS, TOWN_READERS
from grants.queries.cases import applications

LOOK_BACK: Final = timedelta(days=730)
_RUNNING: Final = OPEN_STATES | {ApplicationStatus.ADOPTED}


@dataclass(frozen=True)
class OpenCase:
    """A case as the reader may know it. Amounts in yen; `decided` only once the reader may know it."""

    number: str
    title: str
    call: str
    status: str
    bodies: str
    requested: int | None
    decided: int | None
    unit: str


@dataclass(frozen=True)
class Promise:
    """Something asked of somebody and still open: by whom, what, by when."""

    case: str
    at: datetime
    by: str
    what: str
    due_at: datetime | None


@dataclass(frozen=True)
class Reason:
    """Something that was decided or done, and why."""

    case: str
    at: datetime
    by: str
    what: str
    why: str


@dataclass(frozen=True)
class CaseHandover:
    """All three, soonest or newest first."""

    cases: list[OpenCase]
    promises: list[Promise]
    reasons: list[Reason]


def case_handover(actor: Actor, at: datetime) -> CaseHandover:
    """The running cases the actor sees, and those decided within two years. A fixed number of queries.

    Empty for people who only review: what they read of a case is not their department's. A town reads nothing of
    the deliberation, and a result only once it is announced.
    """
    if not actor.has_role(*TOWN_READERS, *OVERSEERS):
        return CaseHandover([], [], [])
    wanted = Q(status__in=_RUNNING) | Q(decided_at__gte=at - LOOK_BACK)
    rows = list(applications(actor, at).filter(wanted).prefetch_related(*_parts()).order_by("-started_at"))
    town = not actor.has_role(*OVERSEERS)
    return CaseHandover(
        cases=[_case(row, town=town) for row in rows],
        promises=sorted(
            chain.from_iterable(chain(_promises(row), _awaited(row, actor)) for row in rows),
            key=lambda row: row.due_at or row.at,
        ),
        reasons=sorted(_reasons(actor, rows, at, town=town), key=lambda row: row.at, reverse=True),
    )


def _parts() -> "list[Prefetch[str]]":
    given = Consent.objects.filter(state=ConsentState.GIVEN)
    present = Member.objects.present().select_related("organization")
    return [
        Prefetch("members", present.prefetch_related(Prefetch("consents", given, "held")), "present"),
        Prefetch("prechecks", Precheck.objects.filter(answered_at__isnull=True), "asked"),
        Prefetch("returns", ReturnRequest.objects.filter(closed_at__isnull=True), "to_correct"),
        Prefetch("petitions", Petition.objects.filter(granted_at__isnull=True), "wished"),
        Prefetch(
            "decisions",
            Decision.objects.filter(superseded_at__isnull=True)
            .select_related("recommendation")
            .prefetch_related(Prefetch("letters", to_attr="written")),
            "standing",
        ),
    ]


def _case(row: Application, *, town: bool) -> OpenCase:
    members: list[Member] = vars(row)["present"]
    return OpenCase(
        number=row.receipt_number or "未提出",
        title=str(row),
        call=str(row.call),
        status=row.town_label() if town else str(row.state.label),
        bodies="、".join(member.name for member in members),
        requested=row.requested_amount,
        decided=row.decided_amount if not town or row.announced_at is not None else None,
        unit=f"{row.lead.name} {row.lead_department.name}",
    )


def _promises(row: Application) -> Iterator[Promise]:
    asked: list[Precheck] = vars(row)["asked"]
    to_correct: list[ReturnRequest] = vars(row)["to_correct"]
    wished: list[Petition] = vars(row)["wished"]
    name, lead = str(row), row.lead.name
    for precheck in asked:
        words = f"案の事前確認の依頼。{precheck.message}"
        yield Promise(name, precheck.requested_at, lead, words, row.call.precheck_due_at)
    for request in to_correct:
        words = f"修正の依頼。{request.reason}"
        yield Promise(name, request.returned_at, "都の担当", words, request.due_at)
    for petition in wished:
        words = f"{petition.get_kind_display()}の申出。{petition.reason}"
        yield Promise(name, petition.asked_at, lead, words, None)


def _awaited(row: Application, actor: Actor) -> Iterator[Promise]:
    """Consents that partners have not given: all of them for the lead, its own for a partner, none for the office."""
    if row.state not in EDITABLE_STATES or actor.has_role(*OVERSEERS):
        return
    requests: list[ReturnRequest] = vars(row)["to_correct"]
    due = requests[0].due_at if requests else row.call.closes_at
    members: list[Member] = vars(row)["present"]
    for member in members:
        concerned = actor.organization_id in {row.lead_id, member.organization_id}
        if concerned and not member.is_lead and not vars(member)["held"]:
            yield Promise(
                str(row), member.invited_at, row.lead.name, f"{member.name}の同意を待っています。", due
            )


def _reasons(actor: Actor, rows: list[Application], at: datetime, *, town: bool) -> Iterable[Reason]:
    by_pk = {row.pk: row for row in rows}
    labels = {row.action: str(row.label) for row in APPLICATION.transitions}
    events = ApplicationEvent.objects.filter(application__in=by_pk, at__gte=at - LOOK_BACK)
    events = events.exclude(comment="")
    if town:
        events = events.exclude(action__in=DELIBERATION_ACTIONS)
    else:  # what towns wrote to themselves before they submitted is theirs
        events = events.filter(Q(organization_name=actor.organization_name) | ~Q(to_state=""))
    for event in events.order_by("at", "pk"):
        office = f"{event.organization_name} {event.department_name}".strip() or "システム"
        what = labels.get(event.action, event.action)
        yield Reason(str(by_pk[event.application_id]), event.at, office, what, event.comment)
    for row in rows:
        yield from _decided(row, town=town)


def _decided(row: Application, *, town: bool) -> Iterator[Reason]:
    """The decision in force: to towns as announced, with what their letter says; inside 都 why it was drafted so."""
    if town and row.announced_at is None:
        return
    standing: list[Decision] = vars(row)["standing"]
    for decision in standing:
        number = f"{wareki(decision.decided_on)}、{decision.document_number}"
        in_reserve = decision.outcome == DecisionOutcome.RESERVE
        told = decision.told_reason if vars(decision)["written"] and not in_reserve else ""
        reason = told if town else decision.recommendation.reason
        why = f"{number}。{reason}" if reason else number
        instant = clock.instant(decision.decided_on)
        yield Reason(str(row), instant, "東京都", f"{decision.get_outcome_display()}の決定", why)

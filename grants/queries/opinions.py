"""Requests for opinion: those of a case, those that wait for a unit, and what the asked unit reads of the case."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import OrganizationKind, Role
from accounts.models import Department
from accounts.models.audience import with_predecessors
from core import clock
from core.actor import Actor
from grants.enums import PENDING_STATES, SectionScope
from grants.models import Application, InternalNote, OpinionRequest, Question
from grants.permissions import bureau
from grants.queries.forms import form_of

_OPEN = Q(answered_at__isnull=True, withdrawn_at__isnull=True)


def opinions_of(application: Application) -> list[OpinionRequest]:
    """All requests of a case, newest first. For the bureau's own people: the caller asks who reads."""
    rows = OpinionRequest.objects.filter(application=application)
    return list(
        rows.select_related("department", "asked_by", "answered_by", "reminded_by", "snapshot").order_by(
            "-asked_at", "-pk"
        )
    )


def open_opinions(applications: "QuerySet[Application]") -> "QuerySet[OpinionRequest]":
    """The requests of these cases that wait for an answer while the case is in review, the most urgent first."""
    rows = OpinionRequest.objects.filter(
        _OPEN, application__in=applications.order_by().values("pk"), application__status__in=sorted(PENDING_STATES)
    )  # fmt: skip
    return rows.select_related("application__call__program", "application__lead", "department").order_by(
        "due_at", "pk"
    )


def waits_for_opinion() -> Exists:
    """Condition on applications: an opinion is waited for."""
    return Exists(OpinionRequest.objects.filter(_OPEN, application=OuterRef("pk")))


def asked_of(actor: Actor) -> "QuerySet[OpinionRequest]":
    """The requests that wait for the actor's own unit, also those of units it took over, the most urgent first."""
    if actor.department_id is None or not actor.has_role(Role.OFFICER, Role.DECIDER):
        return OpinionRequest.objects.none()
    rows = OpinionRequest.objects.filter(
        _OPEN, department__in=with_predecessors(actor.department_id),
        application__status__in=sorted(PENDING_STATES),
    )  # fmt: skip
    return rows.select_related("application__call__program", "application__lead", "department").order_by(
        "due_at", "pk"
    )


def units_to_ask(application: Application, at: datetime) -> "QuerySet[Department]":
    """The metropolis' units of today but those of the program's own bureau."""
    program = application.call.program
    units = Department.objects.in_force(clock.today(at)).filter(
        organization__kind=OrganizationKind.METROPOLITAN
    )
    units = units.select_related("organization")
    own = bureau(program.department) if program.department else ""
    return units.exclude(name__startswith=own).order_by("name", "pk") if own else units.order_by("name", "pk")


def notes_of(application: Application) -> list[InternalNote]:
    """The notes of a case, newest first. For the bureau's own people: the caller asks who reads."""
    return list(application.notes.select_related("written_by").order_by("-written_at", "-pk"))


@dataclass(frozen=True)
class ShownSection:
    """One section as the asked unit reads it: (question, answer as stored)."""

    label: str
    member: str
    answers: list[tuple[Question, str]]


def shown_sections(asked: OpinionRequest) -> list[ShownSection]:
    """The named sections of the version asked about; nothing else of the case."""
    template, data = form_of(asked.application, asked.snapshot), asked.snapshot.content
    questions: dict[str, list[Question]] = {}
    for question in template.questions.order_by("position"):
        questions.setdefault(question.section, []).append(question)
    found = []
    for code in asked.sections:
        label, each = template.section_label(code), questions.get(code, [])
        if template.section_scope(code) is SectionScope.COMMON:
            given = data["answers"].get(code, {})
            found.append(ShownSection(label, "", [(q, str(given.get(q.code, ""))) for q in each]))
            continue
        for member in data["members"]:
            given = data["parts"].get(member["key"], {}).get(code, {})
            if given:
                found.append(
                    ShownSection(label, member["name"], [(q, str(given.get(q.code, ""))) for q in each])
                )
    return found

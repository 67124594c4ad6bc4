"""The parts of a case as one actor may see them: a partner its own part and budget, reviewers after their own scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from core.actor import Actor
from core.exceptions import Fault
from grants.enums import (
    BUDGET_SECTION,
    DOCUMENTS_SECTION,
    FIXED_SECTIONS,
    INDICATORS_SECTION,
    LINES_SECTION,
    MEMBERS_SECTION,
    ApplicationStatus,
    DocumentState,
    Party,
    SectionScope,
)
from grants.models import Answer, Application, BudgetLine, Document, IncomeLine, Member, Score
from grants.permissions import EditTarget, judge_edits, parties, readable_documents, reads_copy, restricted_to
from grants.permissions.conditions import open_return
from grants.queries.checks import check


def answers_for(actor: Actor, application: Application) -> QuerySet[Answer]:
    """Answers to the form's questions in the working copy: the common ones, and those of members (a partner: its own).

    Empty for the metropolitan side once submitted: it reads `application.snapshots`.
    """
    asked = application.answers.filter(question__template=application.template_id)
    answers = asked.select_related("question", "member", "updated_by")
    if not reads_copy(actor, application):
        return answers.none()
    own = restricted_to(actor, application)
    return answers.filter(Q(member__isnull=True) | Q(member=own)) if own else answers


def shares_for(actor: Actor, application: Application) -> tuple[QuerySet[BudgetLine], QuerySet[IncomeLine]]:
    """Budget and income lines of the working copy (a partner: its own); empty as answers_for."""
    costs = application.budget_lines.select_related("member", "paid_to")
    incomes = application.income_lines.select_related("member")
    if not reads_copy(actor, application):
        return costs.none(), incomes.none()
    own = restricted_to(actor, application)
    return (costs.filter(member=own), incomes.filter(member=own)) if own else (costs, incomes)


def members_for(actor: Actor, application: Application) -> list[Member]:
    """Who is in, and (for the lead) who was: with organization and consents at hand."""
    members = application.members.select_related("organization").prefetch_related("consents__document")
    if restricted_to(actor, application):
        members = members.present()
    return list(members.order_by("position"))


def documents_for(actor: Actor, application: Application) -> QuerySet[Document]:
    """The files the actor may open: grants.permissions.papers says which."""
    documents = application.documents.filter(readable_documents(actor, application))
    return documents.select_related("member", "uploaded_by").order_by("pk")


def scores_for(actor: Actor, application: Application) -> QuerySet[Score]:
    """Points of a case: officers and deciders all, a reviewer the others' only after its own, towns none."""
    scores = Score.objects.filter(assignment__application=application).select_related("assignment__reviewer")
    held = parties(actor, application)
    if held & {Party.OFFICER, Party.DECIDER, Party.SYSTEM}:
        return scores
    if Party.REVIEWER in held:
        done = application.assignments.filter(reviewer_id=actor.user_id, scored_at__isnull=False).exists()
        return scores if done else scores.filter(assignment__reviewer_id=actor.user_id)
    return scores.none()


# --- The task list ------------------------------------------------------------------------------------------


class TaskState:
    """Words of the task list."""

    NOT_STARTED = "未着手"
    IN_PROGRESS = "入力中"
    DONE = "完了"
    TO_CORRECT = "修正依頼"


@dataclass(frozen=True)
class Task:
    """One part of the form: its state, what is missing, who touched it last, and whether the actor may change it."""

    section: str
    label: str
    member: Member | None
    state: str
    faults: tuple[Fault, ...]
    editable: bool


def task_list(actor: Actor, application: Application, at: datetime) -> list[Task]:
    """The parts of the form in order, each member's own parts one by one; a partner sees its own and the common ones."""
    faults = check(application)
    own = restricted_to(actor, application)
    members = [own] if own else list(application.members.present().municipalities().order_by("position"))
    bodies = [member for member in members if member.is_municipality]
    targets = []
    for section in application.template.section_codes():
        per_member = (
            application.template.section_scope(section) is SectionScope.MEMBER or section == BUDGET_SECTION
        )
        targets += [EditTarget(application, section, member) for member in (bodies if per_member else [None])]
    judged = judge_edits(actor, targets, at) if targets else []
    homes = dict(application.template.questions.values_list("code", "section"))
    return [
        _task(target, _concerning(target, faults, homes), editable=judgement.decision().permitted)
        for target, judgement in zip(targets, judged, strict=True)
    ]


def _task(target: EditTarget, faults: tuple[Fault, ...], *, editable: bool) -> Task:
    application, section, member = target.application, target.section, target.member
    label = application.template.section_label(section)
    request = open_return(application) if application.state is ApplicationStatus.RETURNED else None
    if request is not None and section in request.sections:
        state = TaskState.TO_CORRECT
    elif not faults:
        state = TaskState.DONE
    else:
        state = TaskState.IN_PROGRESS if _touched(application, section, member) else TaskState.NOT_STARTED
    return Task(section, f"{label}（{member}）" if member else label, member, state, faults, editable)


def _concerning(target: EditTarget, faults: Iterable[Fault], homes: Mapping[str, str]) -> tuple[Fault, ...]:
    """The faults whose field lies in a section (and part); `homes`: the section of each question."""
    return tuple(fault for fault in faults if _concerns(target.section, target.member, fault.field, homes))


def _concerns(section: str, member: Member | None, field: str, homes: Mapping[str, str]) -> bool:
    parts = field.split("/")
    if section in FIXED_SECTIONS:
        mine = member is None or len(parts) == 1 or parts[1] == member.public_id
        return parts[0] == section and mine
    if parts[0] != "answers" or (member.public_id if member else "") != (parts[2] if len(parts) > 2 else ""):  # noqa: PLR2004 - answers/question/member
        return False
    return homes.get(parts[1]) == section


def _touched(application: Application, section: str, member: Member | None) -> bool:
    if section == MEMBERS_SECTION:
        return application.members.count() > 1
    if section == INDICATORS_SECTION:
        return application.project_indicators.exists()
    if section == DOCUMENTS_SECTION:
        return application.documents.filter(state=DocumentState.ATTACHED).exists()
    if section == LINES_SECTION:
        return application.line_requests.exists()
    if section == BUDGET_SECTION:
        return application.budget_lines.filter(member=member).exists()
    asked = application.answers.filter(question__template=application.template_id, question__section=section)
    return asked.filter(member=member).exclude(value="").exists()

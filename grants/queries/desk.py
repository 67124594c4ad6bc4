"""What waits on whose desk, by due date. Derived from the cases; nothing is stored.

`case_deadlines` is the only rule. The desk shows of it what concerns the actor; reminders and calendars read all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Prefetch

from accounts.enums import Role
from accounts.models import Department
from core import clock
from core.actor import Actor
from core.deadlines import Cases, Deadline
from grants.enums import RESULT_STATES, ApplicationStatus, ConsentState
from grants.models import (
    Application,
    ApplicationQuerySet,
    Certification,
    Consent,
    Member,
    Precheck,
    ReturnRequest,
    ReviewAssignment,
)
from grants.permissions.parties import REVIEWING_ROLES
from grants.queries.cases import applications
from grants.queries.units import Units

S = ApplicationStatus
_EDITOR, _APPROVER = Role.EDITOR.value, Role.APPROVER.value
_TOWN = frozenset({_EDITOR, _APPROVER})
_WAITING = frozenset({S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.DECIDING, S.ADOPTED, S.REJECTED})
_CHUNK = 500


def desk_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """What this actor's department has to do, soonest first.

    Towns: ask for the precheck, finish and submit a draft, record the certificate, consent, correct. Officers:
    answer a precheck, start the review after closing, draft, announce. Reviewers: declare and score. Deciders:
    decide.
    """
    return sorted(task for task in case_deadlines(applications(actor, at), at) if task.is_for(actor))


def planned_deadlines(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The deadlines of all cases and of everybody concerned, case by case."""
    rows = Application.objects.with_parts()
    return case_deadlines(rows if cases is None else rows.filter(public_id__in=cases), at)


def case_deadlines(rows: ApplicationQuerySet, at: datetime) -> Iterator[Deadline]:
    """Everything that everybody still has to do in these cases at an instant, case by case."""
    waiting = rows.filter(status__in=_WAITING).exclude(status__in=RESULT_STATES, announced_at__isnull=False)
    units = Units(at)
    for application in waiting.prefetch_related(*_parts()).order_by("pk").iterator(chunk_size=_CHUNK):
        yield from _Case(application, at, units).deadlines()


def _parts() -> "list[Prefetch[str]]":
    """What the rule looks at, a fixed number of queries for a chunk of cases."""
    given = Consent.objects.filter(state=ConsentState.GIVEN)
    partners = Member.objects.present().partners()
    unscored = ReviewAssignment.objects.filter(scored_at__isnull=True).select_related("declaration")
    return [
        Prefetch("members", partners.prefetch_related(Prefetch("consents", given, "held")), "partners_in"),
        Prefetch("prechecks", Precheck.objects.order_by("pk"), "asked"),
        Prefetch("returns", ReturnRequest.objects.filter(closed_at__isnull=True), "open_returns"),
        Prefetch("certifications", Certification.objects.filter(voided_at__isnull=True), "in_force"),
        Prefetch("assignments", unscored, "unscored"),
    ]


@dataclass(frozen=True)
class _Doing:
    """Whose desk a unit's task is on: the unit's, or those of its successors."""

    department_id: int | None = None
    departments: frozenset[int] = frozenset()


def _doing(unit: Department, units: Units, at: datetime) -> _Doing:
    if unit.valid_to is None or unit.valid_to >= clock.today(at):
        return _Doing(department_id=unit.pk)
    return _Doing(departments=units.doing(unit.pk))


class _Case:
    """One case with its parts, read once, and what is still to do in it."""

    def __init__(self, application: Application, at: datetime, units: Units) -> None:
        self.application, self.at, self.call = application, at, application.call
        self.in_charge, self.bureau = units.of(self.call.program)
        self.lead_units = _doing(application.lead_department, units, at)
        self.partners: list[Member] = vars(application)["partners_in"]
        self.asked: list[Precheck] = vars(application)["asked"]
        self.certified: list[Certification] = vars(application)["in_force"]
        self.unscored: list[ReviewAssignment] = vars(application)["unscored"]
        requests: list[ReturnRequest] = vars(application)["open_returns"]
        self.request = requests[0] if application.state is S.RETURNED and requests else None
        self.drafting = application.state is S.DRAFT and not application.is_late(at)

    def deadlines(self) -> Iterator[Deadline]:
        """All of them."""
        yield from self._of_lead()
        yield from self._of_partners()
        yield from self._of_officers()
        yield from self._of_reviewers()
        if self.application.state is S.DECIDING:
            yield self._metropolitan("decide", "決定", "決定してください", self.result_due, role=Role.DECIDER)

    @property
    def result_due(self) -> datetime:
        """By when the review has to end: the planned announcement, or the closing where none is planned."""
        return self.call.announce_at or self.call.closes_at

    def _of_lead(self) -> Iterator[Deadline]:
        case, closes = self.application, self.call.closes_at
        units = self.lead_units
        task = partial(
            self._task,
            root="applications",
            organization_id=case.lead_id,
            department_id=units.department_id,
            departments=units.departments,
        )
        if self.drafting:
            due = self.call.precheck_due_at
            if case.template.requires_precheck and not self.asked and due is not None and self.at <= due:
                yield task(
                    "request_precheck", "案の事前確認の依頼", "案の事前確認を依頼してください", due,
                    roles=frozenset({_EDITOR}), since=case.started_at,
                )  # fmt: skip
            yield task(
                "submit", "申請の提出", "作成中です。締切までに提出してください", closes, roles=_TOWN,
                since=case.started_at,
            )  # fmt: skip
            if not self.certified and all(_held(member) for member in self.partners):
                agreed = [consent.given_at for member in self.partners for consent in _held(member)]
                yield task(
                    "certify", "庁内決裁の記録", "庁内決裁を記録してください", closes,
                    roles=frozenset({_APPROVER}), since=max([case.started_at, *agreed]),
                )  # fmt: skip
        if self.request is not None:
            yield task(
                "resubmit", "修正と再提出", "修正の依頼があります。再提出してください", self.request.due_at,
                roles=_TOWN, since=self.request.returned_at,
            )  # fmt: skip

    def _of_partners(self) -> Iterator[Deadline]:
        if not (self.drafting or self.request):
            return
        due = self.request.due_at if self.request else self.call.closes_at
        for member in self.partners:
            if member.organization_id is None or _held(member):
                continue
            since = max(member.invited_at, self.request.returned_at) if self.request else member.invited_at
            yield self._task(
                "consent", "内容の確認と同意", "内容を確かめ、同意か辞退を選んでください", due,
                root="applications", organization_id=member.organization_id, roles=_TOWN, since=since,
            )  # fmt: skip

    def _of_officers(self) -> Iterator[Deadline]:
        case, state, task = self.application, self.application.state, self._metropolitan
        waiting = next((precheck for precheck in self.asked if precheck.answered_at is None), None)
        if state is S.DRAFT and waiting is not None:
            due = self.call.precheck_due_at or self.call.closes_at
            title = "案の事前確認に回答してください"
            yield task("answer_precheck", "案の事前確認への回答", title, due, since=waiting.requested_at)
        if state is S.SUBMITTED and case.is_late(self.at):
            title = "受付を終えました。審査を始めてください"
            yield task("start_review", "審査の開始", title, self.result_due, since=self.call.closes_at)
        if state is S.UNDER_REVIEW:
            title = "審査を進め、起案してください"
            yield task("recommend", "審査と起案", title, self.result_due, since=self.call.closes_at)
        if self.request is not None and self.at > self.request.due_at:
            title = "修正の期限を過ぎました。引き取るか相談してください"
            yield task("take_back", "期限を過ぎた修正依頼の引取り", title, self.request.due_at)
        if state in RESULT_STATES:
            title = "結果を公表してください"
            yield task("announce", "結果の公表", title, self.result_due, since=case.decided_at)

    def _of_reviewers(self) -> Iterator[Deadline]:
        if self.application.state is not S.UNDER_REVIEW:
            return
        for assignment in self.unscored:
            declaration = getattr(assignment, "declaration", None)
            if declaration is not None and declaration.has_interest:
                continue
            yield self._task(
                "score", "審査の採点", "採点してください" if declaration else "利害関係を申告してください",
                self.result_due, root="review", organization_id=self.call.program.owner_id,
                roles=frozenset(role.value for role in REVIEWING_ROLES), since=assignment.assigned_at,
                users=frozenset({assignment.reviewer_id}),
            )  # fmt: skip

    def _metropolitan(
        self,
        kind: str,
        what: str,
        title: str,
        due: datetime,
        *,
        role: Role = Role.OFFICER,
        since: datetime | None = None,
    ) -> Deadline:
        return self._task(
            kind, what, title, due, root="review", organization_id=self.call.program.owner_id,
            departments=self.in_charge, roles=frozenset({role.value}), since=since,
        )  # fmt: skip

    def _task(
        self,
        kind: str,
        what: str,
        title: str,
        due: datetime,
        *,
        root: str,
        organization_id: int,
        roles: frozenset[str],
        department_id: int | None = None,
        departments: frozenset[int] = frozenset(),
        users: frozenset[int] = frozenset(),
        since: datetime | None = None,
    ) -> Deadline:
        case = self.application
        return Deadline(
            kind=f"grants.{kind}",
            at=due,
            title=f"{title}：{case}",
            url=f"/{root}/{case.public_id}/",
            organization_id=organization_id,
            department_id=department_id,
            audience_roles=roles,
            case_key=case.public_id,
            what=what,
            about=f"募集：{self.call}",
            since=since,
            departments=departments,
            users=users,
            known_to=self.bureau if self.asked or case.submitted_at is not None else frozenset(),
        )


def _held(member: Member) -> list[Consent]:
    """The consent that holds, if there is one."""
    held: list[Consent] = vars(member)["held"]
    return held

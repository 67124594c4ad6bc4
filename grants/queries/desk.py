"""What waits on whose desk, by due date. Derived from the cases; nothing is stored."""

from collections.abc import Iterable
from datetime import datetime

from accounts.enums import Role
from core.actor import Actor
from core.deadlines import Deadline
from grants.enums import ApplicationStatus, ConsentState, Party
from grants.models import Application, Member
from grants.permissions import member_of, parties
from grants.permissions.conditions import open_return
from grants.permissions.parties import REVIEWING_ROLES
from grants.queries.cases import applications
from grants.queries.checks import certification_of

S = ApplicationStatus
_TOWN = frozenset({Role.EDITOR.value, Role.APPROVER.value})
_WAITING = frozenset({S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.DECIDING, S.ADOPTED, S.REJECTED})


def desk_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """What this actor's department has to do, soonest first.

    Towns: finish and submit a draft, record the certificate, consent, correct. Officers: answer a precheck,
    start the review after closing, draft, announce. Reviewers: declare and score. Deciders: decide.
    """
    found: list[Deadline] = []
    for application in applications(actor, at).filter(status__in=_WAITING):
        held = parties(actor, application)
        if held & {Party.LEAD_EDITOR, Party.LEAD_APPROVER}:
            found += _lead(application, held, at)
        if held & {Party.PARTNER_EDITOR, Party.PARTNER_APPROVER}:
            found += _partner(actor, application, at)
        if Party.OFFICER in held:
            found += _officer(actor, application, at)
        if Party.REVIEWER in held:
            found += _reviewer(actor, application)
        if Party.DECIDER in held and application.state is S.DECIDING:
            found.append(
                _task(
                    application,
                    "decide",
                    "決定してください",
                    _result_due(application),
                    _metro(actor, Role.DECIDER),
                )
            )
    return sorted(found)


def _lead(application: Application, held: frozenset[Party], at: datetime) -> Iterable[Deadline]:
    audience = (application.lead_id, application.lead_department_id, _TOWN)
    if application.state is S.DRAFT and not application.is_late(at):
        yield _task(
            application,
            "submit",
            "作成中です。締切までに提出してください",
            application.call.closes_at,
            audience,
        )
        ready = not application.members.present().partners().exclude(pk__in=_consented(application)).exists()
        if Party.LEAD_APPROVER in held and ready and certification_of(application) is None:
            yield _task(
                application, "certify", "庁内決裁を記録してください", application.call.closes_at, audience
            )
    request = open_return(application) if application.state is S.RETURNED else None
    if request is not None:
        yield _task(
            application, "resubmit", "修正の依頼があります。再提出してください", request.due_at, audience
        )


def _consented(application: Application) -> list[int]:
    members = Member.objects.filter(application=application, consents__state=ConsentState.GIVEN)
    return list(members.values_list("pk", flat=True))


def _partner(actor: Actor, application: Application, at: datetime) -> Iterable[Deadline]:
    member = member_of(actor, application)
    if member is None or member.pk in _consented(application):
        return
    request = open_return(application) if application.state is S.RETURNED else None
    due = request.due_at if request else application.call.closes_at
    if (application.state is S.DRAFT and not application.is_late(at)) or request:
        audience = (actor.organization_id, None, _TOWN)
        yield _task(application, "consent", "内容を確かめ、同意か辞退を選んでください", due, audience)


def _officer(actor: Actor, application: Application, at: datetime) -> Iterable[Deadline]:
    audience, call = _metro(actor, Role.OFFICER), application.call
    state = application.state
    if state is S.DRAFT and application.prechecks.filter(answered_at__isnull=True).exists():
        due = call.precheck_due_at or call.closes_at
        yield _task(application, "answer_precheck", "案の事前確認に回答してください", due, audience)
    if state is S.SUBMITTED and application.is_late(at):
        yield _task(
            application,
            "start_review",
            "受付を終えました。審査を始めてください",
            _result_due(application),
            audience,
        )
    if state is S.UNDER_REVIEW:
        yield _task(
            application, "recommend", "審査を進め、起案してください", _result_due(application), audience
        )
    request = open_return(application) if state is S.RETURNED else None
    if request is not None and at > request.due_at:
        yield _task(
            application,
            "take_back",
            "修正の期限を過ぎました。引き取るか相談してください",
            request.due_at,
            audience,
        )
    if state in {S.ADOPTED, S.REJECTED} and application.announced_at is None:
        yield _task(application, "announce", "結果を公表してください", _result_due(application), audience)


def _reviewer(actor: Actor, application: Application) -> Iterable[Deadline]:
    assignment = application.assignments.filter(reviewer_id=actor.user_id, scored_at__isnull=True).first()
    if application.state is S.UNDER_REVIEW and assignment is not None:
        declared = hasattr(assignment, "declaration")
        title = "採点してください" if declared else "利害関係を申告してください"
        audience = (
            actor.organization_id,
            actor.department_id,
            frozenset(role.value for role in REVIEWING_ROLES),
        )
        yield _task(application, "score", title, _result_due(application), audience)


_Audience = tuple[int | None, int | None, frozenset[str]]


def _metro(actor: Actor, role: Role) -> _Audience:
    return actor.organization_id, actor.department_id, frozenset({role.value})


def _result_due(application: Application) -> datetime:
    """By when the review has to end: the planned announcement, or the closing where none is planned."""
    return application.call.announce_at or application.call.closes_at


def _task(application: Application, kind: str, title: str, at: datetime, audience: _Audience) -> Deadline:
    metropolitan = kind in {
        "answer_precheck",
        "start_review",
        "recommend",
        "take_back",
        "announce",
        "score",
        "decide",
    }
    root = "review" if metropolitan else "applications"
    organization_id, department_id, roles = audience
    return Deadline(
        kind=f"grants.{kind}",
        at=at,
        title=f"{title}：{application}",
        url=f"/{root}/{application.public_id}/",
        organization_id=organization_id,
        department_id=department_id,
        audience_roles=roles,
        case_key=application.public_id,
    )

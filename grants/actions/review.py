"""Review: begin it, assign people, declare interests, score, record the meeting."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from accounts.enums import Role
from accounts.models import Membership, User
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from grants.actions import locking, telling, transition
from grants.actions.changes import person
from grants.actions.documents import adopt_file, keep
from grants.enums import RECEIVED_STATES, DocumentPurpose
from grants.models import Application, InterestDeclaration, ReviewAssignment, ReviewMeeting, Score
from grants.permissions.parties import REVIEWING_ROLES
from programs.models import Call

LOWEST, HIGHEST = 1, 5


def start_review(
    *, application_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> Application:
    """Begin the review of a submitted application after closing. Raises as transition.begin."""
    return transition.fire(application_id, "start_review", by=by, at=at, expected_version=expected_version)


@transaction.atomic
def assign_reviewers(
    *, application_id: int, by: Actor, reviewers: Sequence[User], at: datetime | None = None
) -> list[ReviewAssignment]:
    """Give a case to people who hold a reviewing post today; returns the new assignments.

    People assigned already are left as they are. Raises DomainError for somebody without such a post or from a
    body of the application, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "assign", by=by, at=instant)
    there = set(application.assignments.values_list("reviewer_id", flat=True))
    made = []
    for reviewer in reviewers:
        external = _reviewing_post(application, reviewer, instant)
        if reviewer.pk in there:
            continue
        made.append(
            ReviewAssignment.objects.create(
                application=application, reviewer=reviewer, is_external=external, assigned_at=instant,
                assigned_by_id=person(by),
            )
        )  # fmt: skip
    transition.finish(
        application, "assign", by=by, at=instant, payload={"reviewers": [row.reviewer_id for row in made]}
    )
    return made


def _reviewing_post(application: Application, reviewer: User, at: datetime) -> bool:
    """Whether the reviewer's post is an external one; raises DomainError without any."""
    posts = Membership.objects.in_force(clock.today(at)).filter(
        user=reviewer, role__in=sorted(REVIEWING_ROLES)
    )
    bodies = set(
        application.members.present().exclude(organization=None).values_list("organization_id", flat=True)
    )
    held = list(posts.select_related("department"))
    if not held:
        raise DomainError(
            Fault("reviewers", f"{reviewer}さんは審査員の配属がありません。", "別の人を選んでください。")
        )
    if any(post.department.organization_id in bodies for post in held):
        raise DomainError(
            Fault("reviewers", f"{reviewer}さんは申請の団体に所属しています。", "別の人を選んでください。")
        )
    return all(post.role == Role.EXTERNAL_REVIEWER for post in held)


@transaction.atomic
def declare_interest(
    *, application_id: int, by: Actor, has_interest: bool, detail: str = "", at: datetime | None = None
) -> InterestDeclaration:
    """Say whether one has an interest in the case; who has stands back and sees nothing more of it.

    Raises DomainError for an interest without a word about it, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "declare_interest", by=by, at=instant)
    if has_interest and not detail.strip():
        raise DomainError(Fault("detail", "利害関係の内容が空です。", "どのような関係かを入力してください。"))
    assignment = application.assignments.get(reviewer_id=person(by))
    found = InterestDeclaration.objects.create(
        assignment=assignment,
        has_interest=has_interest,
        detail=detail,
        declared_at=instant,
        declared_by_id=person(by),
    )
    transition.finish(
        application, "declare_interest", by=by, at=instant, payload={"has_interest": has_interest}
    )
    return found


@transaction.atomic
def score(
    *,
    application_id: int,
    by: Actor,
    points: Mapping[str, int],
    remarks: Mapping[str, str] | None = None,
    comment: str = "",
    at: datetime | None = None,
) -> ReviewAssignment:
    """Give 1–5 points on every criterion (code → points), with remarks per criterion; may be done again.

    Raises DomainError naming each criterion without points or out of range, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "score", by=by, at=instant)
    assignment = application.assignments.get(reviewer_id=person(by))
    return _score(application, "score", assignment, points, remarks or {}, comment, by, instant)


@transaction.atomic
def proxy_score(
    *,
    application_id: int,
    assignment_id: int,
    by: Actor,
    points: Mapping[str, int],
    remarks: Mapping[str, str] | None = None,
    comment: str = "",
    at: datetime | None = None,
) -> ReviewAssignment:
    """Enter an external member's points from its paper or workbook; marked as entered by proxy.

    Raises Refused for an assignment of another case, DomainError for an internal reviewer or one with an
    interest, and as `score`.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "proxy_score", by=by, at=instant)
    assignment = application.assignments.filter(pk=assignment_id).first()
    if assignment is None:
        raise Refused
    if not assignment.is_external:
        raise DomainError(
            Fault("assignment", "代理入力は外部委員の採点だけです。", "審査員本人が採点してください。")
        )
    if InterestDeclaration.objects.filter(assignment=assignment, has_interest=True).exists():
        raise DomainError(Fault("assignment", "利害関係のある委員の採点は入れられません。"))
    return _score(application, "proxy_score", assignment, points, remarks or {}, comment, by, instant)


def _score(  # noqa: PLR0917 - one body for two verbs
    application: Application,
    action: str,
    assignment: ReviewAssignment,
    points: Mapping[str, int],
    remarks: Mapping[str, str],
    comment: str,
    by: Actor,
    at: datetime,
) -> ReviewAssignment:
    weights = application.template.weights()
    labels = {str(criterion["code"]): str(criterion["label"]) for criterion in application.template.criteria}
    faults = [
        Fault(
            f"points/{code}",
            f"「{labels[code]}」の点がないか、範囲の外です。",
            f"{LOWEST}から{HIGHEST}で入力してください。",
        )
        for code in weights
        if not _in_range(points.get(code))
    ]
    faults += [Fault(f"points/{code}", "この募集にない観点です。") for code in points if code not in weights]
    if faults:
        raise DomainError(*faults)
    assignment.scores.all().delete()
    Score.objects.bulk_create(
        Score(
            assignment=assignment, criterion=code, points=points[code], weight=weight, comment=remarks.get(code, "")
        )
        for code, weight in weights.items()
    )  # fmt: skip
    assignment.comment, assignment.scored_at, assignment.scored_by_id = comment, at, person(by)
    assignment.save(update_fields=["comment", "scored_at", "scored_by"])
    total = sum(points[code] * weight for code, weight in weights.items())
    payload = {"assignment": assignment.pk, "points": dict(points), "total": total}
    transition.finish(application, action, by=by, at=at, payload=payload)
    return assignment


def _in_range(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


@transaction.atomic
def record_meeting(
    *,
    call: Call,
    by: Actor,
    applications: Sequence[Application],
    held_on: date,
    attendees: Sequence[str],
    quorum: int,
    summary: str,
    file: "File[Any] | None" = None,
    at: datetime | None = None,
) -> ReviewMeeting:
    """Record a 審査会 on cases of one call: date, who was there, quorum, 議事要旨.

    Raises Refused for anyone but the bureau's officers and for cases of another call, Conflict when fewer were
    there than the quorum, DomainError for missing facts.
    """
    instant = at or clock.now()
    require(by, "grants.record_meeting", call, instant)
    locked = [locking.application(pk) for pk in sorted(row.pk for row in applications)]
    if any(row.call_id != call.pk or row.state not in RECEIVED_STATES for row in locked):
        raise Refused
    if not locked or held_on > clock.today(instant):
        raise DomainError(
            Fault("held_on", "対象の申請と、今日までの開催日が必要です。", "選び直してください。")
        )
    _check_minutes(attendees, quorum, summary)
    paper = None
    if file is not None:
        paper = adopt_file(keep(locked[0], file, purpose=DocumentPurpose.MINUTES, by=by, at=instant))
    meeting = ReviewMeeting.objects.create(
        call=call, held_on=held_on, attendees=list(attendees), quorum=quorum, summary=summary, document=paper,
        recorded_at=instant, recorded_by_id=person(by),
    )  # fmt: skip
    meeting.applications.set(locked)
    payload = {"meeting": meeting.public_id, "held_on": held_on, "present": len(attendees), "quorum": quorum}
    for application in locked:
        event = transition.record(application, "record_meeting", by=by, at=instant, payload=payload)
        telling.tell(application, event)
    return meeting


def _check_minutes(attendees: Sequence[str], quorum: int, summary: str) -> None:
    if not summary.strip() or not attendees:
        raise DomainError(Fault("summary", "出席者と議事要旨が必要です。", "空の欄を入力してください。"))
    if len(attendees) < quorum:
        raise Conflict(
            Fault("attendees", f"出席者（{len(attendees)}人）が定足数（{quorum}人）に足りません。")
        )

"""What a town asks for after adoption, and the decider grants: a change of members, a discontinuation."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import Organization
from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from grants import rules
from grants.actions import transition
from grants.actions.announcing import publish
from grants.actions.changes import person
from grants.actions.membership import require_reason
from grants.enums import ActorKind, MemberRole, MemberState, PetitionKind
from grants.models import Application, Member, Petition
from grants.queries.checks import circle_of, requirements_of


@transaction.atomic
def request_change_members(
    *,
    application_id: int,
    by: Actor,
    reason: str,
    removes: Sequence[int] = (),
    adds: Sequence[Organization] = (),
    at: datetime | None = None,
) -> Petition:
    """Ask for other members: ids of those that go, bodies that come. Raises DomainError, and as transition.begin."""
    instant = at or clock.now()
    application = transition.begin(application_id, "request_change_members", by=by, at=instant)
    require_reason(reason)
    leaving = list(application.members.present().partners().filter(pk__in=removes))
    if len(leaving) != len(set(removes)):
        raise Refused
    if not leaving and not adds:
        raise DomainError(
            Fault("members", "変更の内容がありません。", "外れる団体か加わる団体を選んでください。")
        )
    there = set(application.members.present().values_list("organization_id", flat=True))
    if any(body.pk in there for body in adds):
        raise DomainError(Fault("members", "加わる団体は、すでに構成団体です。", "選び直してください。"))
    found = Petition.objects.create(
        application=application, kind=PetitionKind.CHANGE_MEMBERS, reason=reason, asked_at=instant,
        asked_by_id=person(by), adds=[body.code for body in adds],
    )  # fmt: skip
    found.removes.set(leaving)
    payload = {"removes": [member.public_id for member in leaving], "adds": found.adds}
    transition.finish(
        application, "request_change_members", by=by, at=instant, comment=reason, payload=payload
    )
    return found


@transaction.atomic
def change_members(
    *,
    application_id: int,
    by: Actor,
    effective_on: date | None = None,
    comment: str = "",
    at: datetime | None = None,
) -> Application:
    """Grant the change that was asked for; the circle that results is judged again.

    Raises Incomplete's kind of DomainError when it would not be eligible, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "change_members", by=by, at=instant)
    petition = _open(application, PetitionKind.CHANGE_MEMBERS)
    for member in petition.removes.all():
        member.state, member.reason = MemberState.REMOVED, petition.reason
        member.ended_at, member.ended_by_id = instant, person(by)
        member.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    for body in Organization.objects.filter(code__in=petition.adds):
        _join(application, body, petition, instant)
    faults = rules.eligibility(circle_of(application), requirements_of(application.template))
    if faults:
        raise DomainError(*faults)
    _grant(petition, by, instant)
    if application.announced_at is not None:
        publish(application, by=by, at=instant)
    payload = {"removes": [m.public_id for m in petition.removes.all()], "adds": petition.adds}
    transition.finish(
        application,
        "change_members",
        by=by,
        at=instant,
        comment=comment,
        effective_on=effective_on,
        payload=payload,
    )
    return application


def _join(application: Application, body: Organization, petition: Petition, at: datetime) -> None:
    role = MemberRole.PARTNER if body.is_municipality else MemberRole.DIVERSE_ACTOR
    last = application.members.order_by("-position").values_list("position", flat=True).first() or 0
    Member.objects.create(
        application=application, role=role, organization=body, name=body.name, position=last + 1,
        actor_kind="" if role == MemberRole.PARTNER else ActorKind.OTHER,
        corporate_number=body.corporate_number or "", invited_at=at, invited_by=petition.asked_by,
    )  # fmt: skip


@transaction.atomic
def request_discontinuation(
    *, application_id: int, by: Actor, reason: str, at: datetime | None = None
) -> Petition:
    """Ask to stop an adopted project. Raises DomainError without a reason, and as transition.begin."""
    instant = at or clock.now()
    application = transition.begin(application_id, "request_discontinuation", by=by, at=instant)
    require_reason(reason)
    found = Petition.objects.create(
        application=application,
        kind=PetitionKind.DISCONTINUE,
        reason=reason,
        asked_at=instant,
        asked_by_id=person(by),
    )
    transition.finish(application, "request_discontinuation", by=by, at=instant, comment=reason)
    return found


@transaction.atomic
def discontinue(
    *,
    application_id: int,
    by: Actor,
    effective_on: date,
    comment: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Application:
    """Grant the discontinuation; a date before the town asked needs a reason in `comment`. Raises as transition.begin."""
    instant = at or clock.now()
    application = transition.begin(
        application_id, "discontinue", by=by, at=instant, expected_version=expected_version
    )
    petition = _open(application, PetitionKind.DISCONTINUE)
    if effective_on < clock.today(petition.asked_at):
        require_reason(comment, "comment")
    _grant(petition, by, instant)
    transition.finish(
        application, "discontinue", by=by, at=instant, comment=comment, effective_on=effective_on
    )
    return application


def _open(application: Application, kind: PetitionKind) -> Petition:
    return application.petitions.get(kind=kind, granted_at__isnull=True)


def _grant(petition: Petition, by: Actor, at: datetime) -> None:
    petition.granted_at, petition.granted_by_id = at, person(by)
    petition.save(update_fields=["granted_at", "granted_by"])

"""The circle of bodies: invite, invite again, take out, decline, leave."""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.enums import OrganizationKind
from accounts.models import Organization
from core import clock
from core.actor import ANONYMOUS, Actor
from core.codes import corporate_number_valid
from core.exceptions import Conflict, DomainError, Fault, Refused
from grants.actions import telling, transition
from grants.actions.changes import changed, end_certificate, end_consent, person
from grants.actions.prefilling import prefill
from grants.enums import (
    MEMBERS_SECTION,
    ActorKind,
    ApplicationStatus,
    ConsentState,
    MemberRole,
    MemberState,
)
from grants.models import Application, Member
from grants.permissions import member_of
from grants.permissions.conditions import open_return
from grants.queries import invitation_digest
from grants.queries.content import member_data

_SECRET_BYTES: Final = 24


@transaction.atomic
def invite(
    *,
    application_id: int,
    by: Actor,
    organization: Organization | None = None,
    name: str = "",
    actor_kind: str = "",
    corporate_number: str = "",
    email: str = "",
    is_group: bool = False,
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> Member:
    """Invite a body: a municipality (`organization`) as partner, any other body as diverse actor.

    A diverse actor has an `organization` when it is known here, else name and kind (grants.enums.ActorKind), with or
    without 法人番号, or `is_group` for an entry that stands for several (各市の商工会議所). The notice carries a link that
    works until `expires_at` (default: as long as the case can be worked on). Raises Conflict for a body that is in already, DomainError
    naming each faulty field, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "invite", by=by, at=instant)
    if organization is not None and application.members.present().filter(organization=organization).exists():
        raise Conflict(Fault("organization", f"{organization}はすでに構成団体です。"))
    role = MemberRole.PARTNER if organization and organization.is_municipality else MemberRole.DIVERSE_ACTOR
    shown = organization.name if organization else name.strip()
    faults = _invitation_faults(role, organization, shown, actor_kind, corporate_number)
    if faults := faults + (_group_faults(organization, corporate_number) if is_group else []):
        raise DomainError(*faults)
    token = secrets.token_urlsafe(_SECRET_BYTES)
    last = application.members.order_by("-position").values_list("position", flat=True).first() or 0
    member = Member.objects.create(
        application=application, role=role, organization=organization, name=shown,
        actor_kind=actor_kind if role == MemberRole.DIVERSE_ACTOR else "",
        corporate_number=corporate_number or (organization.corporate_number or "" if organization else ""),
        email=email.strip(), is_group=is_group, position=last + 1, invited_at=instant, invited_by_id=person(by),
        invitation_digest=invitation_digest(token),
        invitation_expires_at=expires_at or _last_instant(application),
    )  # fmt: skip
    return _record_invitation(application, member, token, by, instant)


def _record_invitation(
    application: Application, member: Member, token: str, by: Actor, at: datetime
) -> Member:
    """The event, the notice with the link, and what the new member changes for the consents."""
    payload = {"members": [member.public_id], "role": member.role}
    event = transition.finish(application, "invite", by=by, at=at, payload=payload, told=False)
    telling.tell_invitation(application, member, event, token)
    changed(
        application, section=MEMBERS_SECTION, key=member.public_id, member=member, by=by, at=at, before=None,
        after=member_data(member), action="invite",
    )  # fmt: skip
    prefill(application, [member], by=by, at=at)
    return member


@transaction.atomic
def renew_invitation(
    *, application_id: int, member_id: int, sent: datetime | None, by: Actor, at: datetime | None = None
) -> Member:
    """Send an invitation nobody has opened once more: a new link to the same addresses; the old one works no longer.

    `sent` is when the page said it was sent last, so that a form posted twice sends one mail. Raises Conflict when it
    was sent again or opened meanwhile, DomainError where nobody can be written to, Refused for the lead and for bodies
    of other cases, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "invite", by=by, at=instant)
    rows = application.members.present().partners().select_for_update(of=("self",))
    member = rows.select_related("organization").filter(pk=member_id).first()
    if member is None:
        raise Refused
    if member.invitation_used_at is not None:
        raise Conflict(Fault("members", f"{member}への案内は、すでに開かれています。"))
    if member.invited_at != sent:
        raise Conflict(
            Fault("members", f"{member}には、すでに送り直しました。", "最新の画面で確かめてください。")
        )
    if member.organization_id is None and not member.email:
        fault = "連絡先のメールアドレスが登録されていません。"
        raise DomainError(
            Fault("members", f"{member}の{fault}", "外してから、連絡先を付けて加え直してください。")
        )
    token = secrets.token_urlsafe(_SECRET_BYTES)
    member.invitation_digest, member.invitation_expires_at = (
        invitation_digest(token),
        _last_instant(application),
    )
    member.invited_at, member.invited_by_id = instant, person(by)
    member.save(update_fields=["invitation_digest", "invitation_expires_at", "invited_at", "invited_by"])
    event = transition.record(
        application, "renew_invitation", by=by, at=instant, comment=str(member),
        payload={"members": [member.public_id], "expires_at": clock.local(member.invitation_expires_at).isoformat()},
    )  # fmt: skip
    telling.tell_invitation(application, member, event, token)
    return member


def _last_instant(application: Application) -> datetime:
    """Until when the case can be worked on: a returned one until its own due instant, every other until the closing."""
    request = open_return(application) if application.state is ApplicationStatus.RETURNED else None
    return request.due_at if request else application.call.closes_at


def _invitation_faults(
    role: MemberRole, organization: Organization | None, name: str, actor_kind: str, corporate_number: str
) -> list[Fault]:
    faults = []
    if not name:
        faults.append(Fault("name", "団体の名称が空です。", "名称を入力してください。"))
    if organization is not None and organization.kind in {
        OrganizationKind.METROPOLITAN,
        OrganizationKind.MINISTRY,
    }:
        faults.append(
            Fault("organization", f"{organization}は構成団体になれません。", "別の団体を選んでください。")
        )
    if role == MemberRole.DIVERSE_ACTOR and actor_kind not in ActorKind.values:
        faults.append(
            Fault("actor_kind", "主体の種類を選んでください。", "企業、大学・学校などから選びます。")
        )
    if corporate_number and not corporate_number_valid(corporate_number):
        faults.append(
            Fault("corporate_number", "法人番号の検査数字が合いません。", "13桁を確かめてください。")
        )
    return faults


def _group_faults(organization: Organization | None, corporate_number: str) -> list[Fault]:
    """An entry that stands for several bodies is none of them."""
    if organization is None and not corporate_number:
        return []
    return [
        Fault(
            "organization" if organization is not None else "corporate_number",
            "複数をまとめた記載に、登録のある団体や法人番号は付けられません。",
            "1団体ずつ加えるか、印を外してください。",
        )
    ]


@transaction.atomic
def use_invitation(*, token: str, by: Actor, at: datetime | None = None) -> Member:
    """The invited body's people opened the link: it works once. Raises Refused for anyone else and later."""
    instant = at or clock.now()
    digest = invitation_digest(token)
    member = Member.objects.select_for_update().filter(invitation_digest=digest).first()
    if member is None or not member.invitation_open(instant) or not by.belongs_to(member.organization_id):
        raise Refused
    member.invitation_used_at = instant
    member.save(update_fields=["invitation_used_at"])
    return member


@transaction.atomic
def acknowledge_invitation(*, token: str, at: datetime | None = None) -> Member:
    """Whoever got the mail of a body without an account here has seen what it is asked: the link works once.

    It opens nothing of the case and consents to nothing. Raises Refused for a body with people here, and later.
    """
    instant = at or clock.now()
    member = (
        Member.objects.select_for_update(of=("self",))
        .select_related("application__call")
        .filter(invitation_digest=invitation_digest(token), organization__isnull=True)
        .first()
    )
    if member is None or not member.invitation_open(instant):
        raise Refused
    member.invitation_used_at = instant
    member.save(update_fields=["invitation_used_at"])
    transition.record(
        member.application, "acknowledge_invitation", by=ANONYMOUS, at=instant, comment=f"{member}（メールの案内から）",
        payload={"members": [member.public_id]},
    )  # fmt: skip
    return member


@transaction.atomic
def remove_member(
    *, application_id: int, member_id: int, by: Actor, reason: str = "", at: datetime | None = None
) -> Application:
    """Take a body out; what it filled in stays on record and is not submitted. Raises as transition.begin.

    While the call asks for corrections elsewhere only, a body that asked to leave can still be taken out.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "remove_member", by=by, at=instant)
    member = application.members.present().filter(pk=member_id).first()
    if member is None:
        raise Refused
    if member.is_lead:
        raise DomainError(Fault("members", "代表市町村は外せません。", "取り下げるか、破棄してください。"))
    request = application.returns.filter(closed_at__isnull=True).first()
    if request and MEMBERS_SECTION not in request.sections and member.state != MemberState.LEAVING:
        raise DomainError(
            Fault("members", "構成団体は修正の対象ではありません。", "離脱を申し出た団体だけを外せます。")
        )
    _end(member, MemberState.REMOVED, reason, by, instant)
    payload = {"members": [member.public_id]}
    transition.finish(application, "remove_member", by=by, at=instant, comment=reason, payload=payload)
    _changed(application, member, by, instant, "remove_member")
    return application


@transaction.atomic
def decline(*, application_id: int, by: Actor, reason: str = "", at: datetime | None = None) -> Application:
    """The invited body says no, through its approver. It sees the case no longer. Raises as transition.begin."""
    instant = at or clock.now()
    application = transition.begin(application_id, "decline", by=by, at=instant)
    member = own_member(by, application)
    _end(member, MemberState.DECLINED, reason, by, instant)
    payload = {"members": [member.public_id]}
    transition.finish(application, "decline", by=by, at=instant, comment=reason, payload=payload)
    _changed(application, member, by, instant, "decline")
    return application


@transaction.atomic
def leave(*, application_id: int, by: Actor, reason: str, at: datetime | None = None) -> Application:
    """A partner asks to leave what was submitted: its consent ends, and draft and decision wait until it is resolved.

    Raises DomainError without a reason, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "leave", by=by, at=instant)
    require_reason(reason)
    member = own_member(by, application)
    for consent in member.consents.filter(state=ConsentState.GIVEN):
        end_consent(consent, ConsentState.WITHDRAWN, reason=reason, by=by, at=instant)
    _end(member, MemberState.LEAVING, reason, by, instant)
    payload = {"members": [member.public_id]}
    transition.finish(application, "leave", by=by, at=instant, comment=reason, payload=payload)
    return application


@transaction.atomic
def withdraw_consent(
    *, application_id: int, by: Actor, reason: str = "", at: datetime | None = None
) -> Application:
    """A partner takes its consent back before the submission; the certificate that stood on it ends too.

    Raises as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "withdraw_consent", by=by, at=instant)
    member = own_member(by, application)
    for consent in member.consents.filter(state=ConsentState.GIVEN):
        end_consent(consent, ConsentState.WITHDRAWN, reason=reason[:300], by=by, at=instant)
    for certificate in application.certifications.filter(voided_at__isnull=True):
        end_certificate(application, certificate, reason="同意が撤回されたため", by=by, at=instant)
    payload = {"members": [member.public_id]}
    transition.finish(application, "withdraw_consent", by=by, at=instant, comment=reason, payload=payload)
    return application


def own_member(by: Actor, application: Application) -> Member:
    """The partner the actor acts for; raises Refused for the lead and for others."""
    member = member_of(by, application)
    if member is None or member.is_lead:
        raise Refused
    return member


def require_reason(reason: str, field: str = "reason") -> None:
    """Raise DomainError when a reason is empty."""
    if not reason.strip():
        raise DomainError(Fault(field, "理由が空です。", "理由を入力してください。"))


def _end(member: Member, state: MemberState, reason: str, by: Actor, at: datetime) -> None:
    member.state, member.reason = state, reason
    member.ended_at, member.ended_by_id = at, person(by)
    member.save(update_fields=["state", "reason", "ended_at", "ended_by"])


def _changed(application: Application, member: Member, by: Actor, at: datetime, action: str) -> None:
    changed(
        application, section=MEMBERS_SECTION, key=member.public_id, member=member, by=by, at=at,
        before=member_data(member), after=None, action=action,
    )  # fmt: skip

"""Supports: opened for an adopted service, asked for beside the money, assigned to an adviser, ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from accounts.models import Organization
from core import clock
from core.access import require
from core.actor import SYSTEM, Actor
from core.exceptions import DomainError, Fault, Refused
from grants.actions import locking, telling, transition
from grants.actions.membership import require_reason
from grants.actions.texts import text_faults
from grants.enums.supports import SupportOrigin, SupportStatus, VisitStatus
from grants.lifecycle import SUPPORT
from grants.models import Application, SupportEvent, SupportRequest
from grants.permissions import not_now, support_parties, visible_supports
from programs.enums import EndsIn

RUNNING = (SupportStatus.WAITING, SupportStatus.ACTIVE)


def locked(support_id: int, *, by: Actor) -> SupportRequest:
    """The support, behind the lock of its case until the transaction ends. Raises Refused for those who do not see it."""
    seen = SupportRequest.objects.filter(visible_supports(by), pk=support_id).first()
    if seen is None:
        raise Refused
    application = locking.application(seen.application_id)
    support = SupportRequest.objects.select_related("adviser").get(pk=support_id)
    support.application = application
    return support


def insist(row: Any, table: Any, action: str, support: SupportRequest, by: Actor) -> None:
    """Make sure that the table knows the action in this state for this actor: Refused, UnknownTransition, PersonRequired."""
    rows = [one for one in table.transitions if one.action == action]
    if not by.is_system:
        transition.require_person(by)
    held = support_parties(by, support)
    if not any(party.value in one.roles for one in rows for party in held):
        raise Refused
    if row is not None and not any(row.status in one.source for one in rows):
        transition.insist(not_now(table, action, row.get_status_display()))


def record(
    support: SupportRequest, action: str, *, by: Actor, at: datetime, before: str = "", after: str = "",
    comment: str = "", payload: Mapping[str, Any] | None = None,
) -> SupportEvent:  # fmt: skip
    """Append to the support's chain."""
    held = sorted(support_parties(by, support))
    return SupportEvent.append(
        support.chain_key, by, action, role=held[0] if held else "", from_state=before,
        to_state=after or before, comment=comment, payload=payload, at=at, support=support,
    )  # fmt: skip


def check_text(**texts: str) -> list[Fault]:
    """Faults of texts that are too long or hold what no database can keep, by field."""
    return [fault for field, text in texts.items() for fault in text_faults(field, text)]


def check_themes(application: Application, themes: Sequence[str]) -> list[Fault]:
    """Themes that the form does not have."""
    known = application.template.visits.get("themes", [])
    strange = [theme for theme in themes if theme not in known]
    return [Fault("themes", "この募集にないテーマがあります。", "選び直してください。")] if strange else []


# --- Beginning --------------------------------------------------------------------------------------------


def open_for(application: Application, *, at: datetime) -> SupportRequest | None:
    """Begin the support of an adopted service, once; None for calls that end in money. Within the announcement."""
    if application.call.ends_in != EndsIn.SERVICE:
        return None
    running = SupportRequest.objects.filter(
        application=application, origin=SupportOrigin.CALL, status=SupportStatus.ACTIVE
    ).first()
    if running is not None:
        return running
    support = SupportRequest(application=application, origin=SupportOrigin.CALL, started_at=at)
    transition.move(support, SUPPORT, "open", begins=True)
    support.save()
    record(support, "open", by=SYSTEM, at=at, after=support.status)
    return support


@transaction.atomic
def ask(
    *, application_id: int, wishes: str, themes: Sequence[str] = (), by: Actor, at: datetime | None = None
) -> SupportRequest:
    """Ask for technical support beside the money. Raises Refused, PersonRequired, DomainError naming each field."""
    instant = at or clock.now()
    transition.require_person(by)
    application = locking.application(application_id)
    require(by, "grants.ask_support", application, instant)
    faults = [*check_text(wishes=wishes), *check_themes(application, themes)]
    if not wishes.strip():
        faults.append(Fault("wishes", "支援してほしいことが空です。", "入力してください。"))
    if SupportRequest.objects.filter(
        application=application, origin=SupportOrigin.WISH, status__in=RUNNING
    ).exists():
        faults.append(Fault("wishes", "進行中の技術的支援がすでにあります。", "そちらに書き足してください。"))
    if faults:
        raise DomainError(*faults)
    support = SupportRequest.objects.create(
        application=application, origin=SupportOrigin.WISH, wishes=wishes.strip(), themes=list(themes),
        started_at=instant,
    )  # fmt: skip
    record(support, "ask", by=by, at=instant, after=support.status, payload={"themes": list(themes)})
    tell(
        support,
        "ask",
        telling.office(application.call.program, Role.OFFICER),
        "技術的支援の申込が届きました",
        at=instant,
    )
    return support


# --- Assigning and ending -----------------------------------------------------------------------------------


@transaction.atomic
def assign(
    *, support_id: int, adviser: Organization, by: Actor, at: datetime | None = None
) -> SupportRequest:
    """Give a support to a body of advisers; the one before does not see it any more. Raises as `insist`."""
    instant = at or clock.now()
    support = locked(support_id, by=by)
    insist(support, SUPPORT, "assign", support, by)
    if adviser not in advising_bodies():
        raise DomainError(
            Fault("adviser", "アドバイザーのいる団体ではありません。", "一覧から選び直してください。")
        )
    before = transition.move(support, SUPPORT, "assign")
    support.adviser = adviser
    support.save(update_fields=["status", "adviser"])
    record(
        support, "assign", by=by, at=instant, before=before, after=support.status, payload={"adviser": adviser.code}
    )  # fmt: skip
    tell(
        support, "assign", Audience.of_organization(adviser.pk, Role.ADVISER), "支援の割当てがありました", at=instant
    )  # fmt: skip
    return support


def advising_bodies() -> "list[Organization]":
    """The bodies with an adviser in post, by name."""
    today = clock.today()
    held = Organization.objects.filter(
        departments__memberships__role=Role.ADVISER, departments__memberships__starts_on__lte=today
    ).exclude(departments__memberships__ends_on__lt=today)
    return list(held.distinct().order_by("name"))


@transaction.atomic
def refuse(*, support_id: int, reason: str, by: Actor, at: datetime | None = None) -> SupportRequest:
    """Turn a wish down, with a reason. Raises DomainError, and as `insist`."""
    return _end(support_id, "refuse", reason, by, at or clock.now())


@transaction.atomic
def close(*, support_id: int, reason: str, by: Actor, at: datetime | None = None) -> SupportRequest:
    """End a support in which nothing is planned any more. Raises DomainError, and as `insist`."""
    return _end(support_id, "close", reason, by, at or clock.now())


def _end(support_id: int, action: str, reason: str, by: Actor, at: datetime) -> SupportRequest:
    support = locked(support_id, by=by)
    insist(support, SUPPORT, action, support, by)
    require_reason(reason)
    if faults := check_text(reason=reason):
        raise DomainError(*faults)
    if support.visits.filter(status=VisitStatus.PLANNED).exists():
        raise DomainError(
            Fault("reason", "予定の回が残っています。", "実施するか中止してから終えてください。")
        )
    before = transition.move(support, SUPPORT, action)
    support.ended_at, support.end_reason = at, reason.strip()
    support.save(update_fields=["status", "ended_at", "end_reason"])
    record(support, action, by=by, at=at, before=before, after=support.status, comment=reason)
    tell(support, action, telling.lead_of(support.application), "支援が終わりました", at=at)
    return support


def tell(support: SupportRequest, action: str, audience: Audience, title: str, *, at: datetime) -> None:
    """One notice: which call, and the page; never what was written."""
    number = support.events.count()
    notify(
        kind=f"grants.support_{action}", key=f"support:{support.public_id}:{number}", audience=audience, title=title,
        lines=[f"募集：{support.application.call}"], path=f"/supports/{support.public_id}/", at=at,
    )  # fmt: skip

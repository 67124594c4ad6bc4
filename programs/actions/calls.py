"""Preparing and announcing rounds of application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from programs.enums import PUBLISHABLE_PUBLICATIONS, VISIBLE_PUBLICATIONS, Publication
from programs.models import Call, Program, ProgramEvent


@transaction.atomic
def create_call(
    *,
    program: Program,
    by: Actor,
    fiscal_year: int,
    round_name: str,
    opens_at: datetime,
    closes_at: datetime,
    applicants: str,
    at: datetime | None = None,
    **details: Any,
) -> Call:
    """Prepare a call as a draft and record it. `details` are further columns of `Call`, by name.

    Raises Refused for anyone but the program's publisher, DomainError naming each faulty column.
    """
    instant = at or clock.now()
    require(by, "programs.create_call", program, instant)
    call = Call(
        program=program,
        fiscal_year=fiscal_year,
        round_name=round_name,
        opens_at=opens_at,
        closes_at=closes_at,
        applicants=applicants,
        **details,
    )
    call.publication, call.published_at = Publication.DRAFT, None
    try:
        call.full_clean()
    except ValidationError as error:
        raise DomainError(*_faults(error)) from error
    call.save()
    _record(call, "create_call", by, instant=instant)
    return call


@transaction.atomic
def publish_call(*, call: Call, by: Actor, comment: str = "", at: datetime | None = None) -> ProgramEvent:
    """Announce a call from `at` (default: now) and record it.

    Raises Refused for anyone but the program's publisher, Conflict when it is announced already,
    DomainError when its program is not on view or its closing has passed.
    """
    instant = at or clock.now()
    locked = Call.objects.select_for_update().select_related("program").get(pk=call.pk)
    if locked.publication not in PUBLISHABLE_PUBLICATIONS:
        raise Conflict("この募集はすでに公開されています。ページを読み込み直してください。")
    require(by, "programs.publish_call", locked, instant)
    if locked.program.publication not in VISIBLE_PUBLICATIONS:
        raise DomainError(Fault("program", "制度が公開されていません。", "先に制度を公開してください。"))
    if locked.closes_at < instant:
        raise DomainError(Fault("closes_at", "締切を過ぎています。", "締切を先の日時に直してください。"))
    source = locked.publication
    locked.publication, locked.published_at = Publication.PUBLISHED, instant
    locked.save(update_fields=["publication", "published_at"])
    call.publication, call.published_at = locked.publication, locked.published_at
    return _record(locked, "publish_call", by, instant=instant, comment=comment, source=source)


def move_closing(
    *,
    call: Call,
    closes_at: datetime,
    precheck_due_at: datetime | None,
    announce_at: datetime | None,
    reason: str,
    by: Actor,
    at: datetime,
    action: str = "extend_call",
) -> ProgramEvent:
    """Write a closing that grants.actions.extending (or .shortening: "shorten_call") has judged, in its transaction,
    and record what was before."""
    earlier = {
        "closed_at": call.closes_at,
        "precheck_due_before": call.precheck_due_at,
        "announce_before": call.announce_at,
    }
    call.closes_at, call.precheck_due_at, call.announce_at = closes_at, precheck_due_at, announce_at
    try:
        call.full_clean()
    except ValidationError as error:
        raise DomainError(*_faults(error)) from error
    call.save(update_fields=["closes_at", "precheck_due_at", "announce_at"])
    return _record(call, action, by, instant=at, comment=reason, facts=earlier)


def record_closing_proposal(
    *, call: Call, action: str, by: Actor, comment: str, facts: Mapping[str, Any], at: datetime
) -> ProgramEvent:
    """Record that an earlier closing was proposed, or that a proposal ended without being confirmed."""
    return _record(call, action, by, instant=at, comment=comment, facts=facts)


def _record(
    call: Call,
    action: str,
    by: Actor,
    *,
    instant: datetime,
    comment: str = "",
    source: str = "",
    facts: Mapping[str, Any] | None = None,
) -> ProgramEvent:
    return ProgramEvent.append(
        f"program:{call.program.slug}",
        by,
        action,
        from_state=source,
        to_state=call.publication,
        comment=comment,
        at=instant,
        payload={
            "call": call.public_id,
            "fiscal_year": call.fiscal_year,
            "round_name": call.round_name,
            "opens_at": call.opens_at,
            "closes_at": call.closes_at,
            **(facts or {}),
        },
        program=call.program,
        call=call,
    )


def _faults(error: ValidationError) -> list[Fault]:
    """Field errors as faults under the field's Japanese name; constraints carry their own sentence."""
    faults = []
    for name, messages in error.message_dict.items():
        label = "" if name == "__all__" else f"{Call._meta.get_field(name).verbose_name}："  # type: ignore[union-attr]
        faults += [Fault("" if name == "__all__" else name, f"{label}{message}") for message in messages]
    return faults

"""Putting programs on view and taking them off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from programs.actions import contents
from programs.content import REQUIRED
from programs.enums import (
    PUBLISHABLE_PUBLICATIONS,
    UNPUBLISHED_PUBLICATIONS,
    VISIBLE_PUBLICATIONS,
    Publication,
)
from programs.models import Program, ProgramEvent, ProgramRevision


@transaction.atomic
def publish(*, program: Program, by: Actor, comment: str = "", at: datetime | None = None) -> ProgramEvent:
    """Put a program on view from `at` (default: now) and record it.

    Raises Refused for anyone but its publisher, Conflict when it is on view already, DomainError naming
    the texts a reader needs and it lacks.
    """
    instant = at or clock.now()
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if locked.publication not in PUBLISHABLE_PUBLICATIONS:
        raise Conflict("この制度はすでに公開されています。ページを読み込み直してください。")
    require(by, "programs.publish", locked, instant)
    if ProgramRevision.objects.unfinished().filter(program=locked).exists():
        raise Conflict("書きかけの版があります。確認を依頼し、別の制度編集者が公開してください。")
    if missing := contents.missing({name: getattr(locked, name) for name in REQUIRED}):
        raise DomainError(*missing)
    return _move(
        locked, program, Publication.PUBLISHED, action="publish", by=by, comment=comment, instant=instant
    )


@transaction.atomic
def withdraw(*, program: Program, by: Actor, reason: str, at: datetime | None = None) -> ProgramEvent:
    """Take a published program off view, with a reason, and record it.

    Raises Refused for anyone but its publisher, Conflict when it is not on view, DomainError without a
    reason.
    """
    instant = at or clock.now()
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if locked.publication not in VISIBLE_PUBLICATIONS:
        raise Conflict("この制度は公開されていません。ページを読み込み直してください。")
    require(by, "programs.withdraw", locked, instant)
    if not reason.strip():
        raise DomainError(Fault("reason", "取り下げる理由が空です。", "理由を入力してください。"))
    return _move(
        locked, program, Publication.WITHDRAWN, action="withdraw", by=by, comment=reason, instant=instant
    )


def follow(program: Program, *, in_review: bool) -> None:
    """Keep the state of a program that has never been on view in step with its revision; others stay as they are."""
    wanted = Publication.IN_REVIEW if in_review else Publication.DRAFT
    if program.publication in UNPUBLISHED_PUBLICATIONS and program.publication != wanted:
        program.publication = wanted
        program.save(update_fields=["publication"])


def put_on_view(
    program: Program, *, by: Actor, instant: datetime, comment: str, payload: Mapping[str, Any]
) -> ProgramEvent:
    """What a published revision does to its program (locked, in the caller's transaction): on view from `instant`,
    or, where it is on view already, the record that it reads anew.
    """
    if program.publication in PUBLISHABLE_PUBLICATIONS:
        return _move(
            program, program, Publication.PUBLISHED, action="publish", by=by, comment=comment, instant=instant,
            payload=payload,
        )  # fmt: skip
    return ProgramEvent.append(
        f"program:{program.slug}", by, "revise", from_state=program.publication, to_state=program.publication,
        comment=comment, at=instant, payload=payload, program=program,
    )  # fmt: skip


def _move(
    locked: Program,
    program: Program,
    target: Publication,
    *,
    action: str,
    by: Actor,
    comment: str,
    instant: datetime,
    payload: Mapping[str, Any] | None = None,
) -> ProgramEvent:
    """Write the state and its event; `program` is brought up to date for the caller."""
    source = locked.publication
    locked.publication = target
    if target in VISIBLE_PUBLICATIONS:
        locked.published_at = instant
        locked.merged_into = None
    locked.save(update_fields=["publication", "published_at", "merged_into"])
    program.publication, program.published_at = locked.publication, locked.published_at
    return ProgramEvent.append(
        f"program:{locked.slug}",
        by,
        action,
        from_state=source,
        to_state=target,
        comment=comment,
        at=instant,
        payload=payload,
        program=locked,
    )

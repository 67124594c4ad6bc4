"""Deciding about two programs that look the same: they are two, or one goes on and the other leads to it."""

from datetime import datetime

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from programs.actions.publication import withdraw
from programs.enums import VISIBLE_PUBLICATIONS
from programs.models import Call, DistinctPair, Program, ProgramEvent, ProgramRevision


@transaction.atomic
def keep_apart(
    *, one: Program, other: Program, reason: str, by: Actor, at: datetime | None = None
) -> DistinctPair:
    """Note that two programs are two, with the reason; again only changes the reason.

    Raises Refused for a program the actor does not look after, DomainError without a reason.
    """
    instant = at or clock.now()
    first, second = _both(one, other, by, instant)
    said = _reason(reason)
    pair, _ = DistinctPair.objects.update_or_create(
        first=first, second=second,
        defaults={"reason": said, "ruled_by_id": by.user_id, "ruled_name": by.name, "ruled_at": instant},
    )  # fmt: skip
    _record(first, second, "keep_apart", said, by=by, at=instant)
    return pair


@transaction.atomic
def look_again(*, one: Program, other: Program, by: Actor, at: datetime | None = None) -> None:
    """Take back that two programs are two; the record keeps that it was said. Raises Refused, Conflict."""
    instant = at or clock.now()
    first, second = _both(one, other, by, instant)
    if not DistinctPair.objects.filter(first=first, second=second).delete()[0]:
        raise Conflict("この組の判断は、すでに取り消されています。ページを読み込み直してください。")
    _record(first, second, "look_again", "", by=by, at=instant)


@transaction.atomic
def merge(*, ending: Program, into: Program, reason: str, by: Actor, at: datetime | None = None) -> None:
    """Take one program off view for good; its address leads to the other from now on.

    Raises Refused, DomainError while something hangs on the ending one that people still need: a call that is not
    over, components, a draft; or when the other is not on view.
    """
    instant = at or clock.now()
    first, second = _both(ending, into, by, instant)
    ending, into = (first, second) if first.pk == ending.pk else (second, first)
    said = _reason(reason)
    if faults := _faults(ending, into, instant):
        raise DomainError(*faults)
    if ending.publication in VISIBLE_PUBLICATIONS:
        withdraw(program=ending, by=by, reason=said, at=instant)
    Program.objects.filter(pk=ending.pk).update(merged_into=into)
    Program.objects.filter(merged_into=ending).update(merged_into=into)
    _record(ending, into, "merge", said, by=by, at=instant)


def _faults(ending: Program, into: Program, at: datetime) -> list[Fault]:
    faults = []
    if into.publication not in VISIBLE_PUBLICATIONS:
        faults.append(Fault("into", "残す制度が公開されていません。", "公開中の制度を残してください。"))
    if Call.objects.filter(program=ending, publication="published", closes_at__gte=at).exists():
        faults.append(Fault("", "なくす制度に、まだ締め切っていない募集があります。", "募集が終わってから、まとめてください。"))  # fmt: skip
    if Program.objects.filter(parent=ending).exists():
        faults.append(
            Fault("", "なくす制度に、内訳の制度があります。", "先に、内訳の上位の制度を変えてください。")
        )
    if ProgramRevision.objects.unfinished().filter(program=ending).exists():
        faults.append(
            Fault("", "なくす制度に、書きかけの版があります。", "公開するか破棄してから、まとめてください。")
        )
    return faults


def _both(one: Program, other: Program, by: Actor, at: datetime) -> tuple[Program, Program]:
    """The two as they are now, locked in one order."""
    rows = Program.objects.select_for_update(of=("self",)).select_related("owner")
    found = list(rows.filter(pk__in=[one.pk, other.pk]).order_by("pk"))
    for program in found:
        require(by, "programs.edit", program, at)
    first, second = found
    return first, second


def _reason(typed: str) -> str:
    if not typed.strip():
        raise DomainError(Fault("reason", "理由が空です。", "そう判断した理由を入力してください。"))
    return typed.strip()


def _record(one: Program, other: Program, action: str, comment: str, *, by: Actor, at: datetime) -> None:
    for program, counterpart in ((one, other), (other, one)):
        ProgramEvent.append(
            f"program:{program.slug}", by, action, from_state=program.publication, to_state=program.publication,
            comment=comment, payload={"other": counterpart.slug}, at=at, program=program,
        )  # fmt: skip

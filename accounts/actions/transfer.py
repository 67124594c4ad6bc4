"""人事異動 of a unit in one step: who leaves, who comes, from which day, and what becomes of the unit itself.

`on` is the first day of the new order (JST); the day before is the last of the old one. Nothing is copied and
nothing is moved by hand: drafts, tasks and notices belong to the unit, and a unit that ends is succeeded by others.
Source: docs/glossary.md (配属, 部署); domain rule "人事異動 ends one and starts another".
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.actions.invitation import Invited, invite
from accounts.actions.membership import add_post, cancel_post, chain_of, checked, end_post
from accounts.enums import UnitChange
from accounts.models import AccountEvent, Department, Membership, Organization
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault

MOST_COMING: Final = 5
LONGEST_NAME: Final = 120
NEW_UNITS: Final = {UnitChange.RENAME: 1, UnitChange.SPLIT: 2}
_FARTHEST: Final = timedelta(days=400)
_EARLIEST: Final = timedelta(days=92)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who comes, with a role; `second` places them in the second unit of a split."""

    email: str
    name: str
    role: str
    second: bool = False


@dataclass(frozen=True)
class Transfer:
    """What is to happen to a unit on a day. `leaving` and `second` are numbers of posts; all others stay.

    `names` are those of the units a rename (1) or a split (2) makes, `into` the unit it is merged into.
    """

    unit: Department
    on: date
    change: UnitChange = UnitChange.NONE
    names: tuple[str, ...] = ()
    into: Department | None = None
    leaving: frozenset[int] = frozenset()
    second: frozenset[int] = frozenset()
    coming: tuple[Newcomer, ...] = ()
    comment: str = ""
    posts: tuple[int, ...] = field(default=())

    @property
    def digest(self) -> str:
        """Equal for transfers that would do the same to the same posts: what is confirmed is what was shown."""
        facts: list[Any] = [
            self.unit.pk, self.on.isoformat(), self.change, self.names, self.into.pk if self.into else 0,
            sorted(self.leaving), sorted(self.second), [vars(each) for each in self.coming], self.comment,
            self.posts,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def posts_at(unit: Department, on: date) -> QuerySet[Membership]:
    """The posts of a unit that would hold on a day or later if nothing were done; by person."""
    held = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), department=unit)
    rows = held.filter(user__is_active=True).select_related("user", "department__organization")
    return rows.order_by("user__kana", "user__name", "user", "pk")


@transaction.atomic
def carry_out(transfer: Transfer, *, by: Actor) -> list[Invited]:
    """Do all of it or nothing; returns the newcomers with the secrets of their links.

    Raises DomainError for what does not fit together, Conflict when the posts have changed since they were shown.
    """
    unit = Department.objects.select_related("organization").get(pk=transfer.unit.pk)
    require(by, "accounts.manage_people", unit)
    Organization.objects.select_for_update().get(pk=unit.organization_id)
    posts = list(posts_at(unit, transfer.on).select_for_update(of=("self",)))
    if tuple(post.pk for post in posts) != transfer.posts:
        raise Conflict("表示してから、この部署の配属が変わりました。もう一度内容を確かめてください。")
    if faults := faults_of(transfer):
        raise DomainError(*faults)
    places = _places(transfer, unit)
    made = [_welcome(each, places, transfer, by) for each in transfer.coming]
    for post in posts:
        _move(post, places, transfer, by)
    _end_unit(unit, places, transfer)
    AccountEvent.append(
        chain_of(unit.organization), by, "transfer_unit", organization=unit.organization,
        effective_on=transfer.on, comment=transfer.comment,
        payload={
            "department": unit.name, "change": transfer.change.value, "names": [place.name for place in places],
            "left": sum(post.pk in transfer.leaving for post in posts), "came": len(made),
        },
    )  # fmt: skip
    return made


def faults_of(transfer: Transfer) -> list[Fault]:
    """What keeps a transfer from being carried out, by field of its form."""
    today, faults = clock.today(), list(_faults_of_day(transfer, clock.today()))
    if transfer.on <= today and not transfer.comment:
        faults.append(
            Fault("comment", "異動の日が今日以前です。", "理由を書くか、明日以後の日にしてください。")
        )
    faults += _faults_of_unit(transfer)
    addresses = [each.email.casefold() for each in transfer.coming]
    if len(set(zip(addresses, [each.role for each in transfer.coming], strict=True))) != len(addresses):
        faults.append(Fault("coming", "同じ人と役割が2度あります。", "1行にしてください。"))
    if not (transfer.leaving or transfer.coming or transfer.change is not UnitChange.NONE):
        faults.append(
            Fault("", "変わることがありません。", "異動する人、来る人、部署の変更のどれかを入れてください。")
        )
    return faults


def _faults_of_day(transfer: Transfer, today: date) -> Iterable[Fault]:
    if not today - _EARLIEST <= transfer.on <= today + _FARTHEST:
        yield Fault("on", "異動の日が遠すぎます。", "前後3か月から1年までの日にしてください。")
    if transfer.on <= transfer.unit.valid_from:
        yield Fault("on", "異動の日が部署の設置日以前です。", "設置日より後の日にしてください。")
    if transfer.unit.valid_to is not None and transfer.change is not UnitChange.NONE:
        yield Fault("change", "この部署の終わりは、すでに決まっています。", "部署は変えずに進めてください。")


def _faults_of_unit(transfer: Transfer) -> Iterable[Fault]:
    wanted = NEW_UNITS.get(transfer.change, 0)
    if len(transfer.names) != wanted:
        yield Fault("names", f"新しい部署の名前が{wanted}つ必要です。", "入力してください。")
    if any(len(name) > LONGEST_NAME for name in transfer.names):
        yield Fault("names", "新しい部署の名前が長すぎます。", f"{LONGEST_NAME}字までにしてください。")
    if len(set(transfer.names)) != len(transfer.names):
        yield Fault("names", "新しい部署の名前が同じです。", "別の名前にしてください。")
    there = Department.objects.in_force(transfer.on).filter(organization=transfer.unit.organization_id)
    for name in there.filter(name__in=transfer.names).values_list("name", flat=True):
        yield Fault("names", f"部署「{name}」は登録済みです。", "別の名前にするか、統合を選んでください。")
    if transfer.change is UnitChange.MERGE:
        into = transfer.into
        if into is None or into.pk == transfer.unit.pk or not there.filter(pk=into.pk).exists():
            yield Fault(
                "into", "統合する先の部署がありません。", "その日にある、ほかの部署をえらんでください。"
            )


def _places(transfer: Transfer, unit: Department) -> list[Department]:
    """The units where people of this one work from that day on: itself, or its successors (made here)."""
    if transfer.change is UnitChange.NONE:
        return [unit]
    if transfer.into is not None and transfer.change is UnitChange.MERGE:
        return [transfer.into]
    made = []
    for name in transfer.names:
        place = Department(
            organization=unit.organization, name=name, aliases=[unit.name], phone=unit.phone, mailbox=unit.mailbox,
            is_liaison=unit.is_liaison, is_fictional=unit.is_fictional, display_order=unit.display_order,
            valid_from=transfer.on,
        )  # fmt: skip
        checked(place)
        place.save()
        made.append(place)
    return made


def _welcome(each: Newcomer, places: list[Department], transfer: Transfer, by: Actor) -> Invited:
    return invite(
        email=each.email, name=each.name, department=places[-1 if each.second else 0], role=each.role,
        starts_on=transfer.on, comment=transfer.comment, by=by,
    )  # fmt: skip


def _move(post: Membership, places: list[Department], transfer: Transfer, by: Actor) -> None:
    """End a leaver's post; let everybody else's go on in the unit that follows, with the same end."""
    leaves = post.pk in transfer.leaving
    if transfer.change is UnitChange.NONE and not leaves:
        return
    if not leaves:
        place = places[-1 if post.pk in transfer.second else 0]
        starts_on = max(transfer.on, post.starts_on)
        same = Membership.objects.filter(user=post.user, department=place, role=post.role)
        if not same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)).exists():
            add_post(
                person=post.user, department=place, role=post.role, kind=post.kind, starts_on=starts_on,
                ends_on=post.ends_on, comment=transfer.comment, by=by,
            )  # fmt: skip
    if post.starts_on >= transfer.on:
        cancel_post(post=post, by=by)
    else:
        end_post(post=post, ends_on=transfer.on - timedelta(days=1), comment=transfer.comment, by=by)


def _end_unit(unit: Department, places: list[Department], transfer: Transfer) -> None:
    if transfer.change is UnitChange.NONE:
        return
    unit.valid_to = transfer.on - timedelta(days=1)
    checked(unit)
    unit.save(update_fields=["valid_to"])
    unit.succeeded_by.add(*places)

"""What a transfer would do, before anything is done: for each person what changes and what is lost, and gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Q

from accounts.actions.transfer import Transfer, posts_at
from accounts.enums import Role, UnitChange
from accounts.models import ApiToken, CalendarToken, Department, Membership
from core import clock, deadlines
from core.wareki import wareki


@dataclass(frozen=True)
class PersonChange:
    """One person: posts before and from the day on, in words, and what is lost by it."""

    name: str
    before: list[str]
    after: list[str]
    losses: list[str]

    @property
    def leaves(self) -> bool:
        """Whether nothing is left in the unit or its successors."""
        return not self.after


@dataclass(frozen=True)
class Preview:
    """`people` of the unit, `coming` in words, `tasks` that pass to whoever is there, `gaps` to think about."""

    people: list[PersonChange]
    coming: list[str]
    places: list[str]
    tasks: int
    gaps: list[str]


def preview(transfer: Transfer, *, at: datetime) -> Preview:
    """What `carry_out` would do. Tasks are counted, not named: who manages people need not read their cases."""
    posts = list(posts_at(transfer.unit, transfer.on))
    names = _place_names(transfer)
    tasks, own = _tasks(transfer.unit, at)
    people = [
        _change(transfer, names, list(of_one), own)
        for _, of_one in groupby(posts, key=lambda post: post.user_id)
    ]
    coming = [
        f"{each.name}（{names[-1 if each.second else 0]}・{Role(each.role).label}）"
        for each in transfer.coming
    ]
    return Preview(people, coming, names, tasks, list(_gaps(transfer, names, posts)))


def _place_names(transfer: Transfer) -> list[str]:
    if transfer.change is UnitChange.MERGE and transfer.into is not None:
        return [transfer.into.name]
    return list(transfer.names) or [transfer.unit.name]


def _tasks(unit: Department, at: datetime) -> tuple[int, dict[int, int]]:
    """How many tasks stand on the unit's desk, and how many are given to one person alone (by user)."""
    of_unit, own = 0, dict[int, int]()
    for deadline in deadlines.planned(at):
        if unit.pk == deadline.department_id or unit.pk in deadline.departments:
            of_unit += 1
        if deadline.organization_id == unit.organization_id:
            for user_id in deadline.users:
                own[user_id] = own.get(user_id, 0) + 1
    return of_unit, own


def _change(
    transfer: Transfer, names: list[str], posts: list[Membership], own: dict[int, int]
) -> PersonChange:
    person = posts[0].user
    staying = [post for post in posts if post.pk not in transfer.leaving]
    after = [
        f"{names[-1 if post.pk in transfer.second else 0]}・{post.get_role_display()}" for post in staying
    ]
    gone = [post for post in posts if post.pk in transfer.leaving]
    before = [f"{transfer.unit.name}・{post.get_role_display()}" for post in posts]
    losses = [
        *_losses(transfer, gone, staying, own),
        *_keys(gone, transfer),
    ]
    return PersonChange(person.name, before, after, losses)


def _keys(ended: list[Membership], transfer: Transfer) -> Iterable[str]:
    """API tokens belong to a post; those of the people who stay follow the unit (accounts.actions.tokens)."""
    day = clock.instant(transfer.on)
    held = ApiToken.objects.filter(membership__in=ended, revoked_at__isnull=True, expires_at__gt=day)
    if tokens := held.count():
        yield f"APIのトークン{tokens}件が使えなくなります。"


def _losses(
    transfer: Transfer, gone: list[Membership], staying: list[Membership], own: dict[int, int]
) -> Iterable[str]:
    if not gone:
        return
    person, day = gone[0].user, wareki(transfer.on)
    yield f"{day}から「{'・'.join(post.get_role_display() for post in gone)}」の操作ができなくなります。"
    if staying:
        return
    held = CalendarToken.objects.filter(department=transfer.unit, made_by=person, revoked_at__isnull=True)
    if tokens := held.count():
        yield f"作ったカレンダーのアドレス{tokens}件が止まります。"
    if alone := own.get(person.pk, 0):
        yield f"この人だけに割り当てた仕事が{alone}件あります。担当を割り当て直してください。"
    elsewhere = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=transfer.on), user=person
    ).exclude(department=transfer.unit)
    if not elsewhere.exists():
        yield "ほかの配属がないため、サインインしても団体の仕事を見られなくなります。"


def _gaps(transfer: Transfer, names: list[str], posts: list[Membership]) -> Iterable[str]:
    """Roles that were held the day before and nobody holds afterwards."""
    last, day = transfer.on - timedelta(days=1), wareki(transfer.on)
    held = {post.role for post in posts if post.starts_on <= last}
    if transfer.change is UnitChange.MERGE and transfer.into is not None:
        there = Membership.objects.in_force(transfer.on).filter(department=transfer.into)
        held -= set(there.values_list("role", flat=True))
    for place, name in enumerate(names):
        kept = {
            post.role
            for post in posts
            if post.pk not in transfer.leaving and (post.pk in transfer.second) == (place == 1)
        }
        came = {each.role for each in transfer.coming if each.second == (place == 1)}
        for role in [role for role in Role if role.value in held - kept - came]:
            yield f"{day}から、{name}に「{role.label}」がいなくなります。"
    if transfer.change is not UnitChange.NONE and not transfer.unit.mailbox:
        yield "この部署には共有メールアドレスがありません。組織の変更のあとは、人あてのメールだけが届きます。"

"""Telling people: `notify` writes a notice in the caller's transaction, `notify_all` many at once; `mark_read`
keeps who has read it.

Nothing is sent here. The worker finds the row once the transaction has been committed (accounts.actions.delivery),
so a rollback tells nobody and a crash after the commit loses nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

from django.db import transaction

from accounts.enums import Role
from accounts.models import Addressees, Notice, NoticeAudience, NoticeRead, notice_bulk
from accounts.models.audience import joined
from core import clock
from core.actor import Actor
from core.exceptions import Refused

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_ADDRESS: Final = re.compile(r"\S@\S+\.\S")
_LOCAL_PATH: Final = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f\u2028\u2029]*")
_CHUNK: Final = 1000


@dataclass(frozen=True)
class Audience:
    """For whom a notice is. Audiences are added with `+`; an empty one means nobody.

    Departments and bodies stand with a role ("" for everybody there): who holds it is looked up when the notice
    is delivered, and again when it is read, so that a successor finds it. A unit that has ended is followed to
    those that took over its work. The shared mailbox of the department (of a body: its 取りまとめ窓口) is told
    besides. People who have not joined yet and people whose account is stopped are not told.
    """

    departments: frozenset[tuple[int, str]] = frozenset()
    organizations: frozenset[tuple[int, str]] = frozenset()
    users: frozenset[int] = frozenset()
    mailboxes: frozenset[str] = frozenset()

    @classmethod
    def of_department(cls, department_id: int, *roles: str) -> "Audience":
        """A department: those who hold one of the roles, or everybody when no role is named."""
        return cls(departments=frozenset((department_id, role) for role in _known(roles)))

    @classmethod
    def of_organization(cls, organization_id: int, *roles: str) -> "Audience":
        """A whole body, for work that has no department there yet."""
        return cls(organizations=frozenset((organization_id, role) for role in _known(roles)))

    @classmethod
    def of_users(cls, *user_ids: int) -> "Audience":
        """People by name, whatever their posts: for what concerns only them."""
        return cls(users=frozenset(user_ids))

    @classmethod
    def of_mailbox(cls, *addresses: str) -> "Audience":
        """Mailboxes of bodies without accounts here. They get the mail and have no inbox."""
        return cls(mailboxes=frozenset(address.strip() for address in addresses if address.strip()))

    def __add__(self, other: "Audience") -> "Audience":
        return Audience(
            self.departments | other.departments,
            self.organizations | other.organizations,
            self.users | other.users,
            self.mailboxes | other.mailboxes,
        )

    def __bool__(self) -> bool:
        return bool(self.departments or self.organizations or self.users or self.mailboxes)

    @cached_property
    def key(self) -> str:
        """The same for two audiences that are the same."""
        parts = (self.departments, self.organizations, self.users, self.mailboxes)
        return sha256(repr([sorted(part) for part in parts]).encode()).hexdigest()

    def rows(self, addressees: Addressees) -> list[NoticeAudience]:
        """The audience as rows, not saved."""
        return [
            *(
                NoticeAudience(addressees=addressees, department_id=unit, roles=roles)
                for unit, roles in _by_unit(self.departments)
            ),
            *(
                NoticeAudience(addressees=addressees, organization_id=body, roles=roles)
                for body, roles in _by_unit(self.organizations)
            ),
            *(NoticeAudience(addressees=addressees, user_id=user) for user in sorted(self.users)),
            *(NoticeAudience(addressees=addressees, mailbox=mailbox) for mailbox in sorted(self.mailboxes)),
        ]


def _by_unit(targets: frozenset[tuple[int, str]]) -> list[tuple[int, str]]:
    """Each department or body once, with its roles as a row keeps them."""
    roles: dict[int, list[str]] = {}
    for unit, role in sorted(targets):
        roles.setdefault(unit, []).append(role)
    return [(unit, joined(held)) for unit, held in roles.items()]


@transaction.atomic
def notify(
    *,
    kind: str,
    key: str,
    audience: Audience,
    title: str,
    lines: Sequence[str] = (),
    path: str,
    due_at: datetime | None = None,
    at: datetime | None = None,
) -> Notice | None:
    """Tell an audience something, once per `key`. Called inside the transaction of what it tells about.

    `kind` is "<app>.<what>"; `key` names the event (case, action, version; for reminders the deadline's instant);
    `title` and `lines` are plain Japanese without names of persons or addresses, because they are mailed; `path`
    is where the case opens; `due_at` is by when somebody must act. Returns the notice; with a key told before the
    first one, unchanged; None when the audience is empty. Raises ValueError for text that must not be mailed and for
    a path that leaves the portal, TypeError for lines that are one text.
    """
    if isinstance(lines, str):
        raise TypeError("the lines of a notice are a list, one entry a line")
    _check_text_of(kind, title, tuple(lines))
    _check_place(key, path)
    if not audience:
        return None
    notice, created = Notice.objects.get_or_create(  # type: ignore[misc]  # django-stubs know no callable default
        case_key="",
        dedupe_key=key,
        defaults={
            "addressees": Addressees.objects.create, "kind": kind, "title": title, "lines": list(lines),
            "path": path, "due_at": due_at, "at": at or clock.now(),
        },
    )  # fmt: skip
    if created:
        NoticeAudience.objects.bulk_create(audience.rows(notice.addressees))
    return notice


class Told(NamedTuple):
    """A notice to be written: the arguments of `notify`, and for a reminder its case and deadline."""

    kind: str
    key: str
    audience: Audience
    title: str
    lines: tuple[str, ...]
    path: str
    due_at: datetime | None
    at: datetime
    case_key: str = ""
    deadline_key: str = ""


@transaction.atomic
def notify_all(told: Iterable[Told]) -> int:
    """As `notify` for many notices in a few statements; returns how many are new. Raises as `notify`.

    Safe to run twice at once: the database keeps the first notice of a key. Leave out the keys known
    already (`notice_bulk.written`), so that they use up no 通知番号. Notices to the same audience share its addressees.
    """
    wanted = {each.key: each for each in told if each.audience}
    audiences = {id(each.audience): each.audience for each in wanted.values()}
    for each in wanted.values():
        _check_text_of(each.kind, each.title, each.lines)
        _check_place(each.key, each.path)
    numbers = notice_bulk.share({audience.key: audience for audience in audiences.values()})
    places = {place: numbers[audience.key] for place, audience in audiences.items()}
    return notice_bulk.insert_notices(
        list(wanted.values()), [places[id(each.audience)] for each in wanted.values()]
    )


@transaction.atomic
def mark_read(*, notices: Iterable[int], by: Actor, at: datetime | None = None) -> int:
    """Mark notices (row numbers) as read by this person; returns how many were unread. Safe to repeat.

    Raises Refused, and marks none, when one of them is not the reader's.
    """
    wanted = set(notices)
    own = set(Notice.objects.for_reader(by).filter(pk__in=wanted).values_list("pk", flat=True))
    if own != wanted:
        raise Refused("ほかの人の通知は既読にできません。")
    return _keep_read(sorted(own), by, at)


@transaction.atomic
def mark_all_read(*, by: Actor, at: datetime | None = None) -> int:
    """Mark everything in the reader's inbox as read; returns how many were unread."""
    return _keep_read(list(Notice.objects.unread_by(by).order_by("pk").values_list("pk", flat=True)), by, at)


def _keep_read(numbers: list[int], by: Actor, at: datetime | None) -> int:
    if by.user_id is None or not numbers:
        return 0
    already = NoticeRead.objects.filter(user=by.user_id, notice__in=numbers).count()
    read_at = at if at is not None else clock.now()
    NoticeRead.objects.bulk_create(
        [NoticeRead(notice_id=number, user_id=by.user_id, read_at=read_at) for number in numbers],
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )
    return len(numbers) - already


def _known(roles: tuple[str, ...]) -> tuple[str, ...]:
    """The roles, or "" for everybody. Raises ValueError for a role that does not exist."""
    return tuple(Role(role).value for role in roles) or ("",)


def _check_place(key: str, path: str) -> None:
    if not key:
        raise ValueError("a notice needs a key")
    if not _LOCAL_PATH.fullmatch(path):
        raise ValueError(f"the path of a notice stays on the portal: {path!r}")


def sayable(text: str) -> bool:
    """Whether a notice may carry this text: no control characters, no mail address."""
    return not (_CONTROL.search(text) or _ADDRESS.search(text))


@lru_cache(maxsize=1024)
def _check_text_of(kind: str, title: str, lines: tuple[str, ...]) -> None:
    """Cached, because many notices share their words; a fault is raised every time."""
    if "." not in kind:
        raise ValueError(f"a notice needs a kind <app>.<what>: {kind!r}")
    for text in (title, *lines):
        if _CONTROL.search(text):
            raise ValueError(f"a line of a notice has no line breaks or control characters: {text!r}")
        if _ADDRESS.search(text):
            raise ValueError("a notice names no mail address: it is mailed as it stands")
    if not title.strip():
        raise ValueError("a notice needs a title")

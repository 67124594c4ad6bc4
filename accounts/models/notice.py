"""Notices and for whom they are: the first half of the outbox, and at the same time the inbox.

A `Notice` (what) is written in the transaction of the action it tells about; a rollback takes it away again.
`NoticeAudience` says for whom, in terms of departments and roles, so that whoever holds the post finds it.
Source: docs/architecture.md ("How the parts speak").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models.audience import Addressees, NoticeAudience
from accounts.models.membership import Deputy, Membership
from accounts.models.notice_code import PERIOD, code_of, turn_of
from accounts.models.organization import Department
from accounts.models.user import User
from core import clock
from core.actor import Actor

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

AUDIENCES: Final = "addressees__audiences"


@dataclass(frozen=True)
class Recipient:
    """One address to tell: a person (by way of a department, or by name), a shared or an outside mailbox."""

    email: str
    user_id: int | None = None
    department_id: int | None = None

    @property
    def key(self) -> str:
        """Equal for deliveries that would land in the same mailbox."""
        return self.email.strip().casefold()


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Chainable reads of notices; those for people start from the actor."""

    def for_reader(self, actor: Actor) -> "NoticeQuerySet":
        """What is addressed to this person, or to the acting department or body in a role held there.

        A department also reads what was sent to the units it succeeded. Nobody else's, nobody's for the anonymous.
        """
        if actor.user_id is None:
            return self.none()
        return self.filter(addressees__in=NoticeAudience.objects.reaching(actor).values("addressees"))

    def unread_by(self, actor: Actor) -> "NoticeQuerySet":
        """The reader's notices not marked as read; of the department's, only those since the post began."""
        if actor.user_id is None:
            return self.none()
        posts = Membership.objects.filter(pk__in=[actor.membership_id])
        post = posts.values_list("starts_on", flat=True).first()
        own = NoticeAudience.objects.filter(user=actor.user_id).values("addressees")
        since = Q(at__gte=clock.instant(post)) if post else Q()
        unread = self.for_reader(actor).filter(Q(addressees__in=own) | since)
        return unread.exclude(pk__in=NoticeRead.objects.filter(user=actor.user_id).values("notice"))

    def with_code(self, code: str) -> "NoticeQuerySet":
        """Notices with this 通知番号, newest first; none for a mistyped number."""
        turn = turn_of(code)
        if turn is None:
            return self.none()
        return self.annotate(turn=F("pk") % PERIOD).filter(turn=turn).order_by("-pk")

    def unaddressed(self, at: datetime) -> "NoticeQuerySet":
        """Notices whose deliveries have not been made yet, oldest first."""
        return self.filter(addressed_at__isnull=True, at__lte=at).order_by("at", "pk")

    def with_read_state(self, user_id: int) -> "NoticeQuerySet":
        """Adds `is_read` for one person."""
        return self.annotate(is_read=Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), user=user_id)))

    def erase(self) -> None:
        """Delete them with the addresses that nobody else is told at."""
        Addressees.objects.filter(key=None, notices__in=self).delete()
        self.delete()


class Notice(models.Model):
    """通知. `title` and `lines` hold no personal data; they are mailed as they stand here.

    A reminder names the case and the deadline it speaks of (core.deadlines: key and target), so that it is not
    mailed any more once that deadline has moved or the task is done. The key of a reminder holds its case, that
    of any other notice stands alone with no case, so case and key together are as unique as the key; by that one
    index the notices of a case are found too. A check of `addressees` row by row would cost a reminder as much
    as the rest of its row: whoever writes many takes it from the table (notice_bulk), and an invariant counts.
    """

    dedupe_key = models.CharField("重複を防ぐ鍵", max_length=200)
    kind = models.CharField("種類", max_length=80)
    title = models.CharField("件名", max_length=120)
    lines = models.JSONField("本文", default=list, blank=True)
    path = models.CharField("開く先", max_length=300)
    due_at = models.DateTimeField("期限", null=True, blank=True)
    case_key = models.CharField("催促した案件", max_length=60, blank=True)
    deadline_key = models.CharField("催促した期限", max_length=200, blank=True)
    at = models.DateTimeField("通知日時")
    addressed_at = models.DateTimeField("宛先を決めた日時", null=True, blank=True)
    unreached = models.CharField("届かなかった理由", max_length=200, blank=True)
    addressees = models.ForeignKey(
        Addressees, models.CASCADE, related_name="notices", verbose_name="宛先", db_constraint=False
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = "通知"
        indexes = [
            models.Index(
                fields=["at", "id"], name="notice_unaddressed", condition=Q(addressed_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case_key", "dedupe_key"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//") & ~Q(path__contains="\\"),
                name="notice_path_is_local",
                violation_error_message="開く先は、このポータルの中の「/」で始まるパスにしてください。",
            ),
            models.CheckConstraint(
                condition=Q(unreached="") | Q(addressed_at__isnull=False),
                name="notice_unreached_when_addressed",
                violation_error_message="届かなかった理由は、宛先を決めたあとにだけ書けます。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_code} {self.title}"

    @property
    def notice_code(self) -> str:
        """通知番号, six digits."""
        return code_of(self.pk)

    @property
    def audiences(self) -> "RelatedManager[NoticeAudience]":
        """For whom, row by row; to be read for many with `prefetch_related(AUDIENCES)`."""
        return self.addressees.audiences

    def recipients(self, on: date) -> list[Recipient]:
        """Who is to be told on a day (JST): people in force before shared mailboxes, each address once."""
        return Recipients(on).of(self)


class NoticeRead(models.Model):
    """A person has read a notice. Absent means unread."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reads", verbose_name="通知")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="利用者")
    read_at = models.DateTimeField("読んだ日時")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "通知の既読"
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.notice_id}：{self.user_id}"


# --- From audiences to people ------------------------------------------------------------------------------


def heirs(department_ids: Iterable[int], on: date) -> dict[int, set[int]]:
    """For each unit, the units that exist on a day and do its work: itself, or those that succeeded it."""
    return {department_id: _heirs_of(department_id, on) for department_id in department_ids}


def _heirs_of(department_id: int, on: date) -> set[int]:
    standing: set[int] = set()
    known: set[int] = set()
    wave = {department_id}
    while wave:
        known |= wave
        exist = set(Department.objects.filter(pk__in=wave).in_force(on).values_list("pk", flat=True))
        standing |= exist
        ended = wave - exist
        wave = (
            set(Department.objects.filter(predecessors__in=ended).values_list("pk", flat=True)) - known
            if ended
            else set()
        )
    return standing


class Recipients:
    """Who is to be told on a day (JST), by audience. Many notices share one, so it is kept for one short run."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._found: dict[frozenset[tuple[object, ...]], list[Recipient]] = {}

    def of(self, notice: Notice) -> list[Recipient]:
        """People in force before shared mailboxes, each address once."""
        rows = list(notice.audiences.all())
        key = frozenset(
            (row.department_id, row.organization_id, row.roles, row.user_id, row.mailbox) for row in rows
        )
        if key not in self._found:
            found: dict[str, Recipient] = {}
            for recipient in _recipients(rows, self._on):
                if recipient.email:
                    found.setdefault(recipient.key, recipient)
            self._found[key] = list(found.values())
        return self._found[key]


def _recipients(audiences: list[NoticeAudience], on: date) -> Iterable[Recipient]:
    named = [row.user_id for row in audiences if row.user_id is not None]
    if named:
        for user in User.objects.filter(pk__in=named, is_active=True, joined_at__isnull=False).order_by("pk"):
            yield Recipient(user.email, user_id=user.pk)
    if any(row.department_id or row.organization_id for row in audiences):
        yield from _of_units(audiences, on)
    for row in audiences:
        yield Recipient(row.mailbox)


def _of_units(audiences: list[NoticeAudience], on: date) -> Iterable[Recipient]:
    """Those in post, who stands in for them, and the shared mailboxes."""
    succession = heirs({row.department_id for row in audiences if row.department_id is not None}, on)
    posts = list(_posts(audiences, succession, on))
    for post in posts:
        yield Recipient(post.user.email, user_id=post.user_id, department_id=post.department_id)
    yield from _deputies(posts, on)
    units = {unit for heir in succession.values() for unit in heir}
    bodies = {row.organization_id for row in audiences if row.organization_id is not None}
    shared = Q(pk__in=units) | Q(organization__in=bodies, is_liaison=True)
    for department in Department.objects.filter(shared).in_force(on):
        yield Recipient(department.mailbox, department_id=department.pk)


def _deputies(posts: list[Membership], on: date) -> Iterable[Recipient]:
    """Who stands in that day for those who are away, while both are in the unit they were in or in its successor."""
    away = {(post.user_id, post.department_id) for post in posts}
    found = Deputy.objects.in_force(on).filter(user__in={user for user, _ in away})
    rows = list(found.select_related("deputy"))
    if not rows:
        return
    succession = heirs({row.department_id for row in rows}, on)
    held = Membership.objects.in_force(on).filter(user__in={row.deputy_id for row in rows})
    there = set(held.filter(user__joined_at__isnull=False).values_list("user", "department"))
    for row in rows:
        for unit in sorted(succession[row.department_id]):
            if (row.user_id, unit) in away and (row.deputy_id, unit) in there:
                yield Recipient(row.deputy.email, user_id=row.deputy_id, department_id=unit)


def _posts(
    audiences: list[NoticeAudience], succession: dict[int, set[int]], on: date
) -> QuerySet[Membership]:
    wanted = Q(pk__in=[])
    for row in audiences:
        role = Q(role__in=row.role_codes) if row.roles else Q()
        if row.department_id is not None:
            wanted |= Q(department__in=succession[row.department_id]) & role
        elif row.organization_id is not None:
            wanted |= Q(department__organization=row.organization_id) & role
    posts = Membership.objects.in_force(on).filter(wanted, user__joined_at__isnull=False)
    return posts.select_related("user").order_by("department__display_order", "department", "pk")

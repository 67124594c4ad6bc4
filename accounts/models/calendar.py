"""Calendars outside the portal: the secret addresses of private feeds, and what the feeds have said so far."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from accounts.models.membership import Membership
from accounts.models.notice import heirs
from accounts.models.organization import Department
from accounts.models.user import User


class CalendarTokenQuerySet(models.QuerySet["CalendarToken"]):
    """Chainable reads of calendar addresses."""

    def working(self, on: date) -> "CalendarTokenQuerySet":
        """Those that open a calendar on a day: not revoked, and their maker has a post in the unit that does its work.

        However often the unit was renamed since. Narrow it down first: each address is looked at.
        """
        kept = self.filter(revoked_at__isnull=True, made_by__is_active=True)
        made = list(kept.values_list("pk", "department", "made_by"))
        succession = heirs({unit for _, unit, _ in made}, on)
        posts = Membership.objects.in_force(on).filter(user__in={maker for _, _, maker in made})
        held = set(posts.values_list("department", "user"))
        return kept.filter(
            pk__in=[pk for pk, unit, maker in made if any((heir, maker) in held for heir in succession[unit])]
        )


class CalendarToken(models.Model):
    """The address of a department's calendar, made by one of its people. Only the secret's SHA-256 is kept.

    It ends with its maker's post there, so that nobody who has left goes on reading. `last_used_on` shows which
    addresses nobody uses any more.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="calendar_tokens", verbose_name="部署"
    )
    digest = models.CharField("照合値", max_length=64, unique=True)
    made_at = models.DateTimeField("作成日時")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="作った人")
    revoked_at = models.DateTimeField("取消日時", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="取り消した人"
    )
    last_used_on = models.DateField("最後に読まれた日", null=True, blank=True)

    objects = CalendarTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = verbose_name_plural = "カレンダーのアドレス"
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="calendar_token_revoked_paired",
                violation_error_message="取消しには日時と人が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
                name="calendar_token_period",
                violation_error_message="取消しは作成の後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.made_at:%Y-%m-%d}"


class CalendarEntryQuerySet(models.QuerySet["CalendarEntry"]):
    """Chainable reads of entries."""

    def cancelled_since(self, at: datetime) -> "CalendarEntryQuerySet":
        """Public dates that are off, for as long as calendars still ask."""
        return self.filter(is_public=True, cancelled_at__gte=at)


class CalendarEntry(models.Model):
    """What the feeds have said about one deadline: its instant, how often it moved, and whether it is off.

    Deadlines are derived and forget; calendar programs want a number that rises when a date moves (RFC 5545,
    SEQUENCE). `uid` is kind and case, never the instant.
    """

    uid = models.CharField("識別子", max_length=120, unique=True)
    starts_at = models.DateTimeField("期限")
    summary = models.CharField("題", max_length=200)
    path = models.CharField("開く先", max_length=300)
    is_public = models.BooleanField("公開", default=False)
    sequence = models.PositiveIntegerField("変更の回数", default=0)
    modified_at = models.DateTimeField("変更日時")
    cancelled_at = models.DateTimeField("取りやめた日時", null=True, blank=True)

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = verbose_name_plural = "カレンダーの予定"

    def __str__(self) -> str:
        return self.uid

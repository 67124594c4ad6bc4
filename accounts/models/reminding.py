"""When who is reminded of what, and on which days a body is closed: rules as data.

A rule speaks of a kind of deadline (core.deadlines) by its name and knows nothing of the app it comes from.
Source: fixtures/reference/reminder_rules.json.
"""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.models.organization import Organization

MOST_BUSINESS_DAYS: Final = 60
_LAST_HOUR: Final = 23


def validate_before(value: Any) -> None:
    """Refuse anything but different whole numbers of business days; 0 is the day itself."""
    _whole_days(value, 0)


def validate_after(value: Any) -> None:
    """As before the deadline, from the first business day after it on."""
    _whole_days(value, 1)


def validate_roles(value: Any) -> None:
    """Refuse roles that do not exist."""
    unknown = [code for code in value if code not in Role.values]
    if unknown:
        raise ValidationError("役割「%(code)s」はありません。", params={"code": unknown[0]})


def _whole_days(value: Any, least: int) -> None:
    good = all(type(days) is int and least <= days <= MOST_BUSINESS_DAYS for days in value)
    if not good or len(set(value)) != len(value):
        raise ValidationError(
            "日数は%(least)d以上%(most)d以下の、重ならない整数にしてください。",
            params={"least": least, "most": MOST_BUSINESS_DAYS},
        )


class ReminderRule(models.Model):
    """催促の決まり of one kind of deadline. Days are business days of the body that has to act.

    `before` and `after`: offsets from the deadline's day, sent at `hour` JST. `roles` replaces the task's own
    audience where it is not empty. From `escalates_after` business days overdue on, the department's
    `escalation_roles` and the whole body's `escalation_body_roles` are told too. `quiet_hours`: nothing before
    the deadline within so many hours after the task began. `priority`: of several reminders of one case on one
    day the smallest goes out. `is_required`: the law wants it, so nobody can switch it off.
    """

    kind = models.CharField("期限の種類", max_length=60, unique=True)
    before = models.JSONField("期限前（営業日）", default=list, blank=True, validators=[validate_before])
    after = models.JSONField("期限後（営業日）", default=list, blank=True, validators=[validate_after])
    hour = models.PositiveSmallIntegerField("送る時刻（時・日本時間）", default=9)
    roles = models.JSONField("知らせる役割", default=list, blank=True, validators=[validate_roles])
    escalates_after = models.PositiveSmallIntegerField("広げる期限後の営業日", null=True, blank=True)
    escalation_roles = models.JSONField(
        "広げる役割（部署）", default=list, blank=True, validators=[validate_roles]
    )
    escalation_body_roles = models.JSONField(
        "広げる役割（団体）", default=list, blank=True, validators=[validate_roles]
    )
    quiet_hours = models.PositiveSmallIntegerField("始まりのあと静かにする時間", default=24)
    priority = models.PositiveSmallIntegerField("同じ日の優先順", default=100)
    is_required = models.BooleanField("受け取らない設定にできない", default=False)
    lines_before = models.JSONField("期限前の文", default=list, blank=True)
    lines_after = models.JSONField("期限後の文", default=list, blank=True)
    is_active = models.BooleanField("使う", default=True)

    class Meta:
        ordering = ["priority", "kind"]
        verbose_name = verbose_name_plural = "催促の決まり"
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__lte=_LAST_HOUR),
                name="reminder_rule_hour_of_day",
                violation_error_message="時刻は0時から23時までにしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ClosingDay(models.Model):
    """A day on which one body's offices are closed beyond weekends, 祝日 and the turn of the year."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="closing_days", verbose_name="団体"
    )
    day = models.DateField("閉庁日")
    name = models.CharField("名称", max_length=60)

    class Meta:
        ordering = ["organization", "day"]
        verbose_name = verbose_name_plural = "閉庁日"
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="closing_day_once")]

    def __str__(self) -> str:
        return f"{self.organization} {self.day} {self.name}"

"""庁内照会: which unit of one town fills which part of its application, and by when. Seen by that town alone."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import Department, User
from grants.enums import LIVE_ROUTINGS, RoutingStatus
from grants.models.base import random_public_id
from grants.models.member import Member


class Distribution(models.Model):
    """That a town has distributed its work on a case: which unit compiles, and what the others may see.

    From its first row on, units without a part of their own only read; with `hides_others` they see nothing but
    the part they were given.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    member = models.OneToOneField(
        Member, models.PROTECT, related_name="distribution", verbose_name="構成団体"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="取りまとめる部署"
    )
    hides_others = models.BooleanField("ほかの部分を見せない", default=False)
    begun_at = models.DateTimeField("始めた日時")
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="始めた人")

    class Meta:
        verbose_name = verbose_name_plural = "庁内照会の取りまとめ"

    def __str__(self) -> str:
        return f"{self.member}の庁内照会"

    @property
    def chain_key(self) -> str:
        """The name of its chain of events, apart from the case's own that other bodies read."""
        return f"routing:{self.public_id}"


class RoutingQuerySet(models.QuerySet["Routing"]):
    """Chainable reads."""

    def live(self) -> "RoutingQuerySet":
        """Those whose part is still with somebody."""
        return self.filter(status__in=sorted(LIVE_ROUTINGS))

    def with_parts(self) -> "RoutingQuerySet":
        """Joined with what every page and notice names."""
        return self.select_related(
            "department__organization",
            "assignee",
            "distribution__department__organization",
            "distribution__member__organization",
            "distribution__member__application__template",
            "distribution__member__application__call__program__owner",
            "distribution__member__application__lead_department",
        )


class Routing(models.Model):
    """One part with one unit. `section` is a code of the form, `item` narrows the budget or the documents to one
    code ("" is all of it). `due_at` is the town's own date; `status` is written by grants.actions.transition only.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    distribution = models.ForeignKey(
        Distribution, models.PROTECT, related_name="routings", verbose_name="庁内照会"
    )
    section = models.CharField("部分", max_length=40)
    item = models.CharField("部分のうちの項目", max_length=40, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="照会を受けた部署"
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="担当者"
    )
    status = models.CharField("状態", max_length=20, choices=RoutingStatus)
    message = models.TextField("依頼の内容", blank=True)
    reason = models.TextField("いまの状態の理由", blank=True)
    due_at = models.DateTimeField("庁内の期限")
    version = models.PositiveIntegerField("版", default=1)
    sent_at = models.DateTimeField("照会した日時")
    moved_at = models.DateTimeField("いまの状態になった日時")

    objects = RoutingQuerySet.as_manager()

    class Meta:
        ordering = ["distribution", "due_at", "pk"]
        verbose_name = verbose_name_plural = "庁内照会"
        constraints = [
            models.UniqueConstraint(
                fields=["distribution", "section", "item"],
                condition=Q(status__in=sorted(LIVE_ROUTINGS)),
                name="routing_part_with_one_unit",
                violation_error_message="この部分はすでに照会しています。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RoutingStatus.values),
                name="routing_known_status",
                violation_error_message="状態は決められた値だけです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.distribution}：{self.section}{f'/{self.item}' if self.item else ''}"

    @property
    def state(self) -> RoutingStatus:
        """The status as its enum."""
        return RoutingStatus(self.status)

    @property
    def key(self) -> str:
        """The part in one word: "budget/12"."""
        return f"{self.section}/{self.item}" if self.item else self.section

    def is_overdue(self, at: datetime) -> bool:
        """Whether the town's own date has gone by: the instant itself is in time."""
        return at > self.due_at

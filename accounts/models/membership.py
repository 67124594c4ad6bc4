"""Posts: who works where, as what, from when to when."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from accounts.enums import MembershipKind, Role
from accounts.models.organization import Department
from accounts.models.user import User
from accounts.rules import ABSENT_DAYS
from core import clock


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Chainable reads of posts."""

    def in_force(self, on: date) -> "MembershipQuerySet":
        """Posts that hold on a day (JST): started, not ended, in a department that exists."""
        return self.filter(starts_on__lte=on).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            Q(department__valid_to__isnull=True) | Q(department__valid_to__gte=on),
            department__valid_from__lte=on,
            user__is_active=True,
        )

    def administering(self, on: date) -> "MembershipQuerySet":
        """The posts in force of administrators who can really sign in."""
        return self.in_force(on).filter(role=Role.ADMINISTRATOR, user__joined_at__isnull=False)

    def within_reach(self, on: date) -> "MembershipQuerySet":
        """Those of them who signed in, or joined, within the last ABSENT_DAYS."""
        since = clock.instant(on - timedelta(days=ABSENT_DAYS))
        return self.administering(on).filter(Q(user__last_login__gte=since) | Q(user__joined_at__gte=since))


class Membership(models.Model):
    """配属. 人事異動 ends one and starts another; drafts, tasks and reminders stay with the department."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    department = models.ForeignKey(Department, models.PROTECT, related_name="memberships")
    role = models.CharField("役割", max_length=20, choices=Role)
    kind = models.CharField("配属の種類", max_length=20, choices=MembershipKind, default=MembershipKind.MAIN)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user", "starts_on", "pk"]
        verbose_name = verbose_name_plural = "配属"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role", "starts_on"], name="membership_natural_key"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_period",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.department}・{self.get_role_display()}）"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """Chainable reads of deputies."""

    def in_force(self, on: date) -> "DeputyQuerySet":
        """Those named for a day (JST)."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Deputy(models.Model):
    """代理: while somebody is away, a colleague of the department is told too. It gives no rights."""

    user = models.ForeignKey(User, models.PROTECT, related_name="deputies", verbose_name="不在の人")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="代理の人")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="部署")
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("最後の日")

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name = verbose_name_plural = "代理"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="deputy_period",
                violation_error_message="最後の日は開始日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("deputy")), name="deputy_is_another",
                violation_error_message="代理には、ほかの人をえらんでください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id}→{self.deputy_id}"

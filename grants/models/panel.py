"""What-ifs of a panel under a name, and seats that could make a reviewer a party to a case."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Organization, User
from programs.models import Call


class PanelScenario(models.Model):
    """保存した試算: other weights by criterion and another budget (yen), as docs/adr/0018 tries them. It changes no
    record; everybody who may see the panel sees it."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="scenarios", verbose_name="募集")
    name = models.CharField("名前", max_length=60)
    note = models.CharField("メモ", max_length=200, blank=True)
    weights = models.JSONField("重み", default=dict)
    budget = models.BigIntegerField("予算（円）", null=True, blank=True)
    saved_at = models.DateTimeField("保存日時")
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="保存した人")

    class Meta:
        ordering = ["call", "saved_at", "pk"]
        verbose_name = verbose_name_plural = "審査の試算"
        constraints = [
            models.UniqueConstraint(fields=["call", "name"], name="panel_scenario_name_once"),
            models.CheckConstraint(
                condition=~Q(name="") & (Q(budget__isnull=True) | Q(budget__gte=0)),
                name="panel_scenario_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CommitteeSeat(models.Model):
    """委員等の兼職 of a reviewer in a body (審議会の委員、実行委員会の役員 …), with its dates; the end may be open."""

    user = models.ForeignKey(User, models.PROTECT, related_name="committee_seats", verbose_name="審査員")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="団体")
    name = models.CharField("職", max_length=120)
    starts_on = models.DateField("開始日", null=True, blank=True)
    ends_on = models.DateField("終了日", null=True, blank=True)
    recorded_at = models.DateTimeField("登録日時")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登録した人")

    class Meta:
        ordering = ["user", "organization", "starts_on", "pk"]
        verbose_name = verbose_name_plural = "委員等の兼職"
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "name"], name="committee_seat_once"),
            models.CheckConstraint(condition=~Q(name=""), name="committee_seat_has_name"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="committee_seat_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.name}"

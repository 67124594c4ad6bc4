"""活動指標: what a measure does in numbers (年4回 …), planned and done, year by year."""

from django.db import models
from django.db.models import Q

from indicators.models.plan import Measure


class ActivityIndicator(models.Model):
    """活動指標 of a measure, with the unit its numbers are counted in."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="activities", verbose_name="施策")
    name = models.CharField("活動指標", max_length=80)
    unit = models.CharField("単位", max_length=20)
    is_fictional = models.BooleanField("架空", default=False)

    class Meta:
        ordering = ["measure", "pk"]
        verbose_name = verbose_name_plural = "活動指標"
        constraints = [models.UniqueConstraint(fields=["measure", "name"], name="activity_once")]

    def __str__(self) -> str:
        return self.name


class ActivityYear(models.Model):
    """Planned and done of one fiscal year, as published. A blank, 0 and "not counted" with its reason differ."""

    activity = models.ForeignKey(
        ActivityIndicator, models.CASCADE, related_name="years", verbose_name="活動指標"
    )
    fiscal_year = models.PositiveIntegerField("年度")
    planned = models.DecimalField("予定", max_digits=14, decimal_places=2, null=True, blank=True)
    done = models.DecimalField("実績", max_digits=14, decimal_places=2, null=True, blank=True)
    not_counted_reason = models.CharField("数えていない理由", max_length=200, blank=True)

    class Meta:
        ordering = ["activity", "fiscal_year"]
        verbose_name = verbose_name_plural = "活動指標の年度"
        constraints = [
            models.UniqueConstraint(fields=["activity", "fiscal_year"], name="activity_year_once"),
            models.CheckConstraint(
                condition=Q(done__isnull=True) | Q(not_counted_reason=""), name="activity_done_or_reason",
                violation_error_message="実績か、数えていない理由のどちらか一方を入れてください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity} {self.fiscal_year}"

"""負担割合: by which rule the towns' burden was split, kept each time it was applied."""

from django.db import models

from accounts.models import User
from grants.models.application import Application


class SharePlan(models.Model):
    """One application of a rule. `parts` {"equal": 50, "population": 50, "cost": 0} in percent.

    `populations` {member id: number} as of `population_on` (null where no part follows them); `shares`
    {fiscal year: {member id: yen}} are what was written into the budgets. The newest is in force.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="share_plans", verbose_name="申請"
    )
    parts = models.JSONField("割合（%）", default=dict)
    unit = models.PositiveIntegerField("端数処理の単位（円）", default=1)
    populations = models.JSONField("人口", default=dict)
    population_on = models.DateField("人口の基準日", null=True, blank=True)
    shares = models.JSONField("負担金", default=dict)
    applied_at = models.DateTimeField("適用日時")
    applied_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="適用した人")

    class Meta:
        ordering = ["application", "-applied_at", "-pk"]
        verbose_name = verbose_name_plural = "負担割合"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit__gte=1),
                name="share_plan_unit",
                violation_error_message="端数処理の単位は1円以上にしてください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.applied_at:%Y-%m-%d}"

"""What happened to an indicator's figures: new definitions, corrections, and each change of the next update.

All three are only ever added to: the published page shows the earlier figure, word or definition beside the new one.
"""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from core.append_only import append_only
from indicators.models.indicator import Indicator, Observation


@append_only
class IndicatorDefinition(models.Model):
    """A new version of what an indicator counts, for figures whose period ends in `starts` or later.

    The definition the plan began with is version 1 and has no row. Where `is_comparable` is false the figures from here
    on are not held against the baseline and the target, which were set under the earlier definition.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="definitions", verbose_name="成果指標"
    )
    number = models.PositiveSmallIntegerField("定義の版")
    starts = models.PositiveIntegerField("この年の値から")
    text = models.TextField("新しい定義")
    statistic = models.CharField("出典の統計", max_length=120, blank=True)
    reason = models.TextField("変えた理由")
    is_comparable = models.BooleanField("前の定義の値と比べられる")
    decided_at = models.DateTimeField("記録日時")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記録した人")

    class Meta:
        ordering = ["indicator", "number"]
        verbose_name = verbose_name_plural = "指標の定義の版"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="definition_number_once"),
            models.UniqueConstraint(fields=["indicator", "starts"], name="definition_starts_once"),
            models.CheckConstraint(condition=Q(number__gte=2), name="definition_after_the_first"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(reason=""), name="definition_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} 第{self.number}版"


@append_only
class ObservationCorrection(models.Model):
    """訂正 of a published figure: what was public before, what stands now, and why. A side is a value or a reason."""

    observation = models.ForeignKey(
        Observation, models.PROTECT, related_name="corrections", verbose_name="観測値"
    )
    before = models.DecimalField("前の値", max_digits=20, decimal_places=4, null=True)
    before_reason = models.TextField("前の、測定できない理由", blank=True)
    after = models.DecimalField("後の値", max_digits=20, decimal_places=4, null=True)
    after_reason = models.TextField("後の、測定できない理由", blank=True)
    reason = models.TextField("訂正の理由")
    corrected_at = models.DateTimeField("訂正日時")
    corrected_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="訂正した人")

    class Meta:
        ordering = ["observation", "pk"]
        verbose_name = verbose_name_plural = "観測値の訂正"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="observation_correction_has_reason"),
            models.CheckConstraint(
                condition=Q(before__isnull=False, before_reason="")
                | (Q(before__isnull=True) & ~Q(before_reason="")),
                name="observation_correction_before",
            ),
            models.CheckConstraint(
                condition=Q(after__isnull=False, after_reason="")
                | (Q(after__isnull=True) & ~Q(after_reason="")),
                name="observation_correction_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.observation} {self.corrected_at:%Y-%m-%d}"


@append_only
class UpdateChange(models.Model):
    """What the next update was called before and after: a slip (遅れ, with its reason), or the update after this one."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="update_changes", verbose_name="成果指標"
    )
    before = models.CharField("前の予定", max_length=60, blank=True)
    after = models.CharField("後の予定", max_length=60, blank=True)
    is_slip = models.BooleanField("遅れ")
    reason = models.TextField("理由", blank=True)
    changed_at = models.DateTimeField("記録日時")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記録した人")

    class Meta:
        ordering = ["indicator", "pk"]
        verbose_name = verbose_name_plural = "次回数値更新の変更"
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="update_change_changes"),
            models.CheckConstraint(condition=Q(is_slip=False) | ~Q(reason=""), name="update_slip_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.before}→{self.after}"

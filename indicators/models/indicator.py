"""成果指標: definition, baseline, typed target, observations."""

from django.db import models
from django.db.models import Q

from indicators.enums import Operator, Reference, TargetKind
from indicators.models.plan import Direction, Plan


class Indicator(models.Model):
    """An indicator of a plan. Values are exact decimals; the sign rule is stated in `sign_note`."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="indicators")
    slug = models.SlugField("識別名", max_length=60)
    number = models.PositiveSmallIntegerField("番号")
    name = models.CharField("指標名", max_length=120)
    printed_name = models.CharField("資料の表記", max_length=120, blank=True)
    unit = models.CharField("単位", max_length=20)
    sign_note = models.CharField("符号の決まり", max_length=120, blank=True)
    statistic = models.CharField("出典の統計", max_length=120, blank=True)
    next_update_text = models.CharField("次回数値更新（予定）", max_length=60, blank=True)
    baseline_text = models.CharField("現状値の表記", max_length=120)
    baseline_value = models.DecimalField("現状値", max_digits=20, decimal_places=4)
    baseline_start = models.PositiveIntegerField("現状値の期間（始）")
    baseline_end = models.PositiveIntegerField("現状値の期間（終）")
    baseline_extra = models.JSONField("現状値の補足", default=dict, blank=True)
    target_text = models.CharField("目標の表記", max_length=120, blank=True)
    target_kind = models.CharField("目標の種類", max_length=12, choices=TargetKind)
    target_operator = models.CharField("比較", max_length=2, choices=Operator)
    target_value = models.DecimalField("目標値", max_digits=20, decimal_places=4, null=True, blank=True)
    target_other = models.ForeignKey(
        "self", models.PROTECT, related_name="compared_by", null=True, blank=True, verbose_name="比べる指標"
    )
    target_reference = models.CharField("方向の基準", max_length=10, choices=Reference, blank=True)
    target_start = models.PositiveIntegerField("目標の期間（始）")
    target_end = models.PositiveIntegerField("目標の期間（終）")
    notes = models.TextField("備考", blank=True)
    citations = models.JSONField("出典", default=list, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        ordering = ["plan", "number"]
        verbose_name = verbose_name_plural = "成果指標"
        constraints = [
            models.UniqueConstraint(fields=["plan", "slug"], name="indicator_slug"),
            models.CheckConstraint(
                condition=Q(baseline_end__gte=models.F("baseline_start"))
                & Q(target_end__gte=models.F("target_start")),
                name="indicator_periods",
                violation_error_message="期間の終わりは始まり以後にしてください。",
            ),
            models.CheckConstraint(
                condition=~Q(target_kind=TargetKind.THRESHOLD) | Q(target_value__isnull=False),
                name="indicator_threshold_has_value",
                violation_error_message="数値との比較には目標値が必要です。",
            ),
            models.CheckConstraint(
                condition=~Q(target_kind=TargetKind.DIRECTION) | ~Q(target_reference=""),
                name="indicator_direction_has_reference",
                violation_error_message="方向の目標には基準（0または現状値）が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Observation(models.Model):
    """A measured value of a period. A value, 0 and "not measurable with a reason" are three distinct things."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="observations")
    period_start = models.PositiveIntegerField("期間（始）")
    period_end = models.PositiveIntegerField("期間（終）")
    value = models.DecimalField("値", max_digits=20, decimal_places=4, null=True, blank=True)
    not_measurable_reason = models.TextField("測定できない理由", blank=True)
    source_text = models.CharField("値の出典", max_length=200, blank=True)
    missed_text = models.TextField("目標に届かなかった要因と今後の対応", blank=True)
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["indicator", "period_start", "period_end"]
        verbose_name = verbose_name_plural = "観測値"
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")),
                name="observation_period_order",
                violation_error_message="期間の終わりは始まり以後にしてください。",
            ),
            models.UniqueConstraint(
                fields=["indicator", "period_start", "period_end"], name="observation_period"
            ),
            models.CheckConstraint(
                condition=(Q(value__isnull=False) & Q(not_measurable_reason=""))
                | (Q(value__isnull=True) & ~Q(not_measurable_reason="")),
                name="observation_value_or_reason",
                violation_error_message="値か、測定できない理由のどちらか一方を入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_end}"

"""Indicators of the project: what is to change, from where, to what in each fiscal year."""

from django.db import models
from django.db.models import Q

from grants.enums import IndicatorAim
from grants.models.application import Application


class ProjectIndicator(models.Model):
    """成果指標 of a project. Values are exact decimals in `unit`; a draft may lack any of them.

    `not_measurable` is the reason why there is no baseline. `origin_words` says where a row comes from that nobody
    typed; it counts as not yet checked until the indicators are saved. `Application.indicators_version` grows with every change.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="project_indicators", verbose_name="申請"
    )
    position = models.PositiveSmallIntegerField("並び順")
    name = models.CharField("指標", max_length=100, blank=True)
    definition = models.TextField("定義と測り方", blank=True)
    unit = models.CharField("単位", max_length=20, blank=True)
    aim = models.CharField("目指す向き", max_length=10, choices=IndicatorAim, blank=True)
    baseline = models.DecimalField("現状値", max_digits=20, decimal_places=4, null=True, blank=True)
    baseline_period = models.CharField("現状値の時点", max_length=60, blank=True)
    not_measurable = models.CharField("現状値を測れない理由", max_length=200, blank=True)
    origin_words = models.CharField("値の出所の説明", max_length=200, blank=True)

    class Meta:
        ordering = ["application", "position"]
        verbose_name = verbose_name_plural = "事業の成果指標"
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="project_indicator_place_once"),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(not_measurable=""),
                name="project_indicator_value_or_reason",
                violation_error_message="現状値と、測れない理由は、どちらか一方にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectTarget(models.Model):
    """目標値 of an indicator in one fiscal year of the project; 0 is a value."""

    indicator = models.ForeignKey(
        ProjectIndicator, models.CASCADE, related_name="targets", verbose_name="指標"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("目標値", max_digits=20, decimal_places=4)

    class Meta:
        ordering = ["indicator", "fiscal_year"]
        verbose_name = verbose_name_plural = "年度ごとの目標"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "fiscal_year"], name="project_target_year_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.fiscal_year}"

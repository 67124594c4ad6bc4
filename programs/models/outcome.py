"""What a program brought: figures of a period, and events worth remembering."""

from django.db import models
from django.db.models.functions import Coalesce

from programs.models.base import ReferenceRow
from programs.models.program import Program
from programs.rules import spelled


class Outcome(ReferenceRow):
    """実績: one figure as a source states it. `as_written` is the source's own writing of it."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="outcomes")
    label = models.CharField("項目", max_length=200)
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    period_text = models.CharField("期間の表記", max_length=120, blank=True)
    value = models.DecimalField("値", max_digits=20, decimal_places=4)
    unit = models.CharField("単位", max_length=40, blank=True)
    approximate = models.BooleanField("おおよその値", default=False)
    as_written = models.CharField("資料の表記", max_length=200, blank=True)
    note = models.TextField("注記", blank=True)
    position = models.PositiveIntegerField("並び順", default=0)
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["program", "position", "pk"]
        verbose_name = verbose_name_plural = "実績"
        constraints = [
            models.UniqueConstraint(
                "program",
                "label",
                Coalesce("fiscal_year", 0),
                "period_text",
                "as_written",
                name="outcome_natural_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.number}{self.unit}"

    @property
    def number(self) -> str:
        """The value for people: thousands separated, no trailing zeros of the fraction."""
        return spelled(self.value)


class Milestone(ReferenceRow):
    """出来事: something that happened in a period, without a figure."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="milestones")
    text = models.TextField("内容")
    period_text = models.CharField("時期の表記", max_length=120, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    position = models.PositiveIntegerField("並び順", default=0)
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["program", "position", "pk"]
        verbose_name = verbose_name_plural = "出来事"
        constraints = [
            models.UniqueConstraint(
                "program", "text", "period_text", Coalesce("fiscal_year", 0), name="milestone_natural_key"
            ),
        ]

    def __str__(self) -> str:
        return self.text

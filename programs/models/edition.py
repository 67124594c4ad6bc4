"""What changes from year to year: versions, budgets, and the legal basis."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from programs.enums import YearChange
from programs.models.base import ReferenceRow
from programs.models.program import Program


class ProgramYear(ReferenceRow):
    """年度版: what a fiscal year changed, as far as a source says so. `budget` (yen) is None until it is known."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="years")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    change = models.CharField("変更", max_length=10, choices=YearChange, blank=True)
    note = models.TextField("内容", blank=True)
    budget = models.BigIntegerField("予算（円）", null=True, blank=True)

    class Meta:
        ordering = ["program", "-fiscal_year"]
        verbose_name = verbose_name_plural = "年度版"
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0),
                name="program_year_budget_not_negative",
                violation_error_message="予算は0円以上にしてください。",
            ),
            models.UniqueConstraint(
                fields=["program", "fiscal_year"],
                name="program_year_once",
                violation_error_message="この年度の版はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.fiscal_year}年度"


class BudgetLine(ReferenceRow):
    """予算: one amount in yen, and how the source prints it."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="budget_lines")
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    label = models.CharField("名目", max_length=120)
    amount = models.BigIntegerField("金額（円）")
    as_printed = models.CharField("資料の表記", max_length=120, blank=True)
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["program", F("fiscal_year").desc(nulls_last=True), "pk"]
        verbose_name = verbose_name_plural = "予算"
        constraints = [
            models.UniqueConstraint(
                "program", Coalesce("fiscal_year", 0), "label", "as_printed", name="budget_line_natural_key"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="budget_line_not_negative",
                violation_error_message="予算の金額は0円以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.label}"


class LegalBasis(models.Model):
    """根拠: 交付要綱 and the like, with number and dates."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="legal_bases")
    title = models.CharField("名称", max_length=200)
    number = models.CharField("文書番号", max_length=80, blank=True)
    enacted_on = models.DateField("制定日", null=True, blank=True)
    effective_from = models.DateField("施行日", null=True, blank=True)
    effective_to = models.DateField("失効日", null=True, blank=True)
    url = models.URLField("所在", max_length=500, blank=True)
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["program", "effective_from", "title"]
        verbose_name = verbose_name_plural = "根拠規程"
        constraints = [
            models.UniqueConstraint(fields=["program", "title", "number"], name="legal_basis_natural_key"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
                name="legal_basis_dates_in_order",
                violation_error_message="失効日は施行日以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

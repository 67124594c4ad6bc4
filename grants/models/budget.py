"""The budget: member × item × fiscal year, and where the money comes from. Whole yen."""

from django.db import models
from django.db.models import F, Q

from grants.enums import IncomeKind
from grants.models.application import Application
from grants.models.member import Member


class BudgetLine(models.Model):
    """支出. `paid_to` is set for money one member pays to another that then spends it: one cost, not two."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="budget_lines", verbose_name="申請"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="budget_lines", verbose_name="団体")
    item = models.CharField("費目（節）", max_length=10)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    amount = models.BigIntegerField("金額（円）")
    paid_to = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="transfers_in",
        null=True,
        blank=True,
        verbose_name="支払先の構成団体",
    )
    note = models.CharField("内訳・積算", max_length=500, blank=True)

    class Meta:
        ordering = ["application", "member__position", "fiscal_year", "item", "pk"]
        verbose_name = verbose_name_plural = "支出の計画"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="grants_budget_line_not_negative",
                violation_error_message="金額は0円以上にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(paid_to__isnull=True) | ~Q(paid_to=F("member")),
                name="grants_budget_line_not_to_itself",
                violation_error_message="自団体への支払いは内部の負担金になりません。",
            ),
            models.UniqueConstraint(
                fields=["member", "item", "fiscal_year"],
                condition=Q(paid_to__isnull=True),
                name="grants_budget_line_cell_once",
            ),
            models.UniqueConstraint(
                fields=["member", "item", "fiscal_year", "paid_to"],
                condition=Q(paid_to__isnull=False),
                name="grants_budget_transfer_cell_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.item} {self.fiscal_year}"


class IncomeLine(models.Model):
    """財源 other than the subsidy itself."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="income_lines", verbose_name="申請"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="income_lines", verbose_name="団体")
    kind = models.CharField("財源の種類", max_length=20, choices=IncomeKind)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    amount = models.BigIntegerField("金額（円）")
    note = models.CharField("内訳", max_length=500, blank=True)

    class Meta:
        ordering = ["application", "member__position", "fiscal_year", "kind", "pk"]
        verbose_name = verbose_name_plural = "財源の計画"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="grants_income_line_not_negative",
                violation_error_message="金額は0円以上にしてください。",
            ),
            models.UniqueConstraint(
                fields=["member", "kind", "fiscal_year"], name="grants_income_line_cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()} {self.fiscal_year}"

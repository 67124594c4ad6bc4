"""予算措置状況: how far a member's own budget for its part has come, year by year."""

from django.db import models

from accounts.models import User
from grants.enums import BackingState
from grants.models.member import Member

SOURCES = ("national", "metropolitan", "bonds", "other", "general")
"""財源内訳 in the order budgets print it."""


class BudgetBacking(models.Model):
    """One member's budget of one fiscal year. Amounts in whole yen; only the member itself enters it.

    It is no part of what is consented to or submitted: a council's vote in March ends no consent. `scheduled` says in
    the town's words when the next step is due (令和9年第1回定例会). `version` grows with every change.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="backings", verbose_name="構成団体")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("予算措置状況", max_length=12, choices=BackingState)
    national = models.BigIntegerField("国庫支出金（円）", default=0)
    metropolitan = models.BigIntegerField("都支出金（円）", default=0)
    bonds = models.BigIntegerField("地方債（円）", default=0)
    other = models.BigIntegerField("その他の特定財源（円）", default=0)
    general = models.BigIntegerField("一般財源（円）", default=0)
    scheduled = models.CharField("議決・内示の時期", max_length=60, blank=True)
    version = models.PositiveIntegerField("版", default=1)
    updated_at = models.DateTimeField("更新日時")
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更新した人")

    class Meta:
        ordering = ["member", "fiscal_year"]
        verbose_name = verbose_name_plural = "予算措置状況"
        constraints = [
            models.UniqueConstraint(fields=["member", "fiscal_year"], name="budget_backing_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=BackingState.values),
                name="budget_backing_known_state",
                violation_error_message="予算措置状況は決められた値だけです。",
            ),
            models.CheckConstraint(
                condition=models.Q(**{f"{source}__gte": 0 for source in SOURCES}),
                name="budget_backing_not_negative",
                violation_error_message="金額は0円以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.fiscal_year} {self.get_state_display()}"

    @property
    def total(self) -> int:
        """The sum of all sources."""
        return sum(getattr(self, source) for source in SOURCES)

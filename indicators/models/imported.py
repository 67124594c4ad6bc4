"""What imports remember: what each cell's source last said, and which column of a plan's budget sheets is what."""

from django.db import models

from indicators.models.plan import Plan


class ImportedCell(models.Model):
    """One cell as the source had it. `key` is "<measure>/<cell>", "<measure>/<fiscal year>/<cell>" or the like.

    Each kind of source remembers for itself: keys of budget sheets begin with "budget:".
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="imported_cells")
    key = models.CharField("欄", max_length=200)
    text = models.TextField("資料の文", blank=True)

    class Meta:
        ordering = ["plan", "key"]
        verbose_name = verbose_name_plural = "取り込んだ欄"
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="imported_cell_key")]

    def __str__(self) -> str:
        return f"{self.plan} {self.key}"


class BudgetMapping(models.Model):
    """Which column of a plan's 予算・決算カルテ is what: {heading without its year: BudgetField}, as last taken in."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="budget_mapping", verbose_name="計画")
    columns = models.JSONField("列の対応", default=dict)
    updated_at = models.DateTimeField("更新日時")

    class Meta:
        verbose_name = verbose_name_plural = "予算・決算カルテの列の対応"

    def __str__(self) -> str:
        return f"{self.plan} 列の対応"

"""What an import last said of each cell, so that a person's change of it is told from the source's."""

from django.db import models

from indicators.models.plan import Plan


class ImportedCell(models.Model):
    """One cell as the source had it. `key` is "<measure>/<cell>", "<measure>/<fiscal year>/<cell>" or the like."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="imported_cells")
    key = models.CharField("欄", max_length=200)
    text = models.TextField("資料の文", blank=True)

    class Meta:
        ordering = ["plan", "key"]
        verbose_name = verbose_name_plural = "取り込んだ欄"
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="imported_cell_key")]

    def __str__(self) -> str:
        return f"{self.plan} {self.key}"

"""A table's filters, columns and order under a name, kept by a person and, where wanted, shown to the unit."""

from django.db import models
from django.db.models import Q

from accounts.models import Department, User


class SavedView(models.Model):
    """保存した絞り込み. `settings` {"states": [...], "group": "", "q": "", "columns": [...], "sort": ""}.

    With a `department` everybody of that unit can use it; without one only its owner. It holds no case and no figure.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="saved_views", verbose_name="保存した人")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="共有する部署"
    )
    name = models.CharField("名前", max_length=40)
    settings = models.JSONField("条件", default=dict)
    saved_at = models.DateTimeField("保存日時")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = "保存した絞り込み"
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

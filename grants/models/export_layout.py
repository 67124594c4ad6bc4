"""Tables for other systems: which columns stand in which order, as data that an officer can read."""

from django.db import models
from django.db.models import Q

from programs.models import Program


class ExportLayout(models.Model):
    """会計システムなどに渡す表の並び. `columns` [{"heading": "債権者番号", "source": "lead_code", "value": ""}].

    `source` is one of grants.queries.accounting.SOURCES; "fixed" takes `value` as it stands. `encoding` utf-8-sig or
    cp932. Without a program it serves every program of the bureau.
    """

    slug = models.SlugField("記号", max_length=40, unique=True)
    program = models.ForeignKey(
        Program, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="制度"
    )
    title = models.CharField("名称", max_length=80)
    encoding = models.CharField("文字コード", max_length=10, default="cp932")
    columns = models.JSONField("列", default=list)

    class Meta:
        ordering = ["slug"]
        verbose_name = verbose_name_plural = "他システム用の表"
        constraints = [
            models.CheckConstraint(
                condition=Q(encoding__in=["utf-8-sig", "cp932"]), name="export_layout_known_encoding"
            )
        ]

    def __str__(self) -> str:
        return self.title

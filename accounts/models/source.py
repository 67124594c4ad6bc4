"""Sources: every fact can say where it comes from and when it was checked."""

from django.db import models


class SourceDocument(models.Model):
    """出典. Facts point here from their `citations`: a list of {"source": slug, "lines": [int], "note": str}."""

    slug = models.SlugField("識別名", max_length=60, unique=True)
    title = models.CharField("資料名", max_length=300)
    publisher = models.CharField("発行者", max_length=120, blank=True)
    published = models.CharField("発行時期", max_length=20, blank=True)
    document_number = models.CharField("資料番号", max_length=20, blank=True)
    url = models.URLField("所在", blank=True, max_length=500)
    checked_on = models.DateField("確認日", null=True, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = verbose_name_plural = "出典資料"

    def __str__(self) -> str:
        return self.title

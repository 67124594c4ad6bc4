"""Parts of a case that a disclosure copy does not show, each with its ground."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.models.application import Application


class Redaction(models.Model):
    """不開示とする部分. `target` is a path as grants.queries.redactions names it, `ground` the article it rests on.

    The record itself is never changed; only the copy made for disclosure is.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="redactions", verbose_name="申請"
    )
    target = models.CharField("部分", max_length=200)
    ground = models.CharField("不開示の根拠", max_length=200)
    marked_at = models.DateTimeField("指定日時")
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="指定した人")

    class Meta:
        ordering = ["application", "target"]
        verbose_name = verbose_name_plural = "不開示とする部分"
        constraints = [
            models.UniqueConstraint(fields=["application", "target"], name="redaction_once"),
            models.CheckConstraint(condition=~Q(ground="") & ~Q(target=""), name="redaction_has_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.target}：{self.ground}"

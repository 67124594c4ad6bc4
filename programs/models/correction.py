"""Corrections: what readers say is wrong on a program's page."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.actor import Actor
from programs.enums import CorrectionPart
from programs.models.program import Program, curated_by


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Chainable reads that start from who is reading."""

    def visible_to(self, actor: Actor, at: datetime) -> "CorrectionQuerySet":
        """Those of the programs an actor looks after as a publisher; nobody else sees any."""
        del at
        return self.filter(curated_by(actor, prefix="program__"))

    def waiting(self) -> "CorrectionQuerySet":
        """Those nobody has answered yet."""
        return self.filter(settled_at__isnull=True)


class Correction(models.Model):
    """誤りの指摘: which part of the page, what it said then (`shown`), what it should say, and where that is written.

    `address` is the reader's, given freely for an answer; it is deleted when the correction has been settled.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="corrections", verbose_name="制度")
    part = models.CharField("どこが", max_length=20, choices=CorrectionPart)
    shown = models.TextField("そのときの表示", blank=True)
    proposed = models.TextField("正しい内容")
    grounds = models.TextField("根拠", blank=True)
    address = models.EmailField("メールアドレス", blank=True)
    key = models.CharField("内容の照合値", max_length=64)
    received_at = models.DateTimeField("受付日時")
    settled_at = models.DateTimeField("対応日時", null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="対応した人"
    )
    answer = models.CharField("対応の内容", max_length=400, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = verbose_name_plural = "誤りの指摘"
        indexes = [models.Index(fields=["program", "received_at"], name="correction_by_program")]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "key"], condition=Q(settled_at__isnull=True), name="correction_open_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, answer="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False, address="") & ~Q(answer="")),
                name="correction_settled_whole",
                violation_error_message="対応した指摘には、日時・人・対応の内容が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program}：{self.get_part_display()}"

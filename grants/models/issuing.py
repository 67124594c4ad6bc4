"""The letter as it really left the office: signed or sealed there, uploaded here, known by its fingerprint."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.models.decision import Decision
from grants.models.document import Document


class IssuedLetter(models.Model):
    """施行した通知文 (PDF) of a decision. 文書番号 and 施行日 are those on the paper, the fingerprint is the file's."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="issued", verbose_name="決定")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+", verbose_name="通知文")
    document_number = models.CharField("文書番号", max_length=60)
    effective_on = models.DateField("施行日")
    reason = models.TextField("決定の記録と違う理由", blank=True)
    recorded_at = models.DateTimeField("登録日時")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登録した人")

    class Meta:
        ordering = ["decision", "-recorded_at", "-pk"]
        verbose_name = verbose_name_plural = "施行した通知文"
        constraints = [
            models.CheckConstraint(condition=~Q(document_number=""), name="issued_letter_has_number")
        ]

    def __str__(self) -> str:
        return f"{self.document_number}：{self.document.name}"

"""庁内決裁: the town's own decision, recorded here, voided by any later edit."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.models.application import Application
from grants.models.base import paired
from grants.models.document import Document


class Certification(models.Model):
    """The record of a decision made in the town's own system. `content_hash` covers the whole working copy.

    `single_person_reason` is set where the approver also drafted (少人数特例).
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="certifications", verbose_name="申請"
    )
    document_number = models.CharField("文書番号", max_length=60)
    decided_on = models.DateField("決裁日")
    signer_title = models.CharField("決裁者職名", max_length=60)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="文書"
    )
    single_person_reason = models.CharField("少人数特例の理由", max_length=300, blank=True)
    content_version = models.PositiveIntegerField("内容の版")
    content_hash = models.CharField("決裁した内容のSHA-256", max_length=64)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記録した人")
    voided_at = models.DateTimeField("失効の日時", null=True, blank=True)
    voided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="失効させた人"
    )
    void_reason = models.CharField("失効の理由", max_length=300, blank=True)

    class Meta:
        ordering = ["application", "-recorded_at", "-pk"]
        verbose_name = verbose_name_plural = "庁内決裁"
        constraints = [
            *paired("certification", "voided"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(voided_at__isnull=True), name="certification_one_holds"
            ),
            models.CheckConstraint(
                condition=~Q(document_number="") & ~Q(signer_title=""),
                name="certification_whole",
                violation_error_message="文書番号と決裁者の職名を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_number}（{self.signer_title}）"

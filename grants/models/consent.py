"""Consents: bound by a hash to what was consented to."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.enums import PAPER_EVIDENCE, ConsentEvidence, ConsentState
from grants.models.base import paired, requires
from grants.models.document import Document
from grants.models.member import Member


class Consent(models.Model):
    """同意 of a member. `content_hash` covers the binding sections, its own part and its share.

    Kept when it ends (withdrawn by the member, voided by an edit that touches it); at most one holds.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="consents", verbose_name="構成団体")
    state = models.CharField("状態", max_length=12, choices=ConsentState, default=ConsentState.GIVEN)
    evidence = models.CharField("根拠", max_length=20, choices=ConsentEvidence)
    content_hash = models.CharField("同意した内容のSHA-256", max_length=64)
    document_number = models.CharField("文書番号", max_length=60, blank=True)
    document_date = models.DateField("文書の日付", null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="文書"
    )
    given_at = models.DateTimeField("同意の日時")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記録した人")
    voided_at = models.DateTimeField("終わりの日時", null=True, blank=True)
    voided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="終わりにした人"
    )
    void_reason = models.CharField("終わりの理由", max_length=300, blank=True)

    class Meta:
        ordering = ["member", "-given_at", "-pk"]
        verbose_name = verbose_name_plural = "同意"
        constraints = [
            *paired("consent", "voided"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(state=ConsentState.GIVEN), name="consent_one_holds",
                violation_error_message="この団体の同意はすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(state=ConsentState.GIVEN, voided_at__isnull=True)
                | (~Q(state=ConsentState.GIVEN) & Q(voided_at__isnull=False)),
                name="consent_end_says_when",
                violation_error_message="終わった同意には日時が必要です。",
            ),
            requires(
                "consent", "paper_is_filed", Q(evidence__in=sorted(PAPER_EVIDENCE)),
                Q(document_date__isnull=False, document__isnull=False) & ~Q(document_number=""),
                "文書による同意には、番号・日付・ファイルが必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.member}：{self.get_state_display()}"

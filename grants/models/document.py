"""Files of a case. Bytes are written once under a random name and never changed."""

import secrets

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.enums import DocumentPurpose, DocumentState, ScanState
from grants.models.application import Application
from grants.models.base import paired, random_public_id, requires
from grants.models.member import Member


def storage_path(document: "Document", _name: str) -> str:
    """A random place below the case; the name people see is only in the database."""
    return f"grants/{document.application.public_id}/{secrets.token_hex(16)}"


class Document(models.Model):
    """添付. `sha256` (hex) and `size` (bytes) are those at arrival; `media_type` is what the bytes said.

    `scan_words` is what a virus scanner found, or why it could not look; `scan_due_at` when it is asked again.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="documents", verbose_name="申請"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="documents", null=True, blank=True, verbose_name="団体"
    )
    purpose = models.CharField("用途", max_length=20, choices=DocumentPurpose)
    requirement = models.CharField("求められた書類", max_length=40, blank=True)
    file = models.FileField("ファイル", upload_to=storage_path, max_length=200)
    name = models.CharField("ファイル名", max_length=255)
    size = models.BigIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)
    media_type = models.CharField("種類", max_length=100)
    state = models.CharField("状態", max_length=12, choices=DocumentState, default=DocumentState.TEMPORARY)
    uploaded_at = models.DateTimeField("受け取った日時")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="添付した人")
    scan_state = models.CharField(
        "検査の状態", max_length=12, choices=ScanState, default=ScanState.UNEXAMINED
    )
    scan_words = models.CharField("検査の結果", max_length=300, blank=True)
    scan_attempts = models.PositiveIntegerField("検査の回数", default=0)
    scanned_at = models.DateTimeField("検査した日時", null=True, blank=True)
    scan_due_at = models.DateTimeField("次に検査する日時", null=True, blank=True)
    removed_at = models.DateTimeField("外した日時", null=True, blank=True)
    removed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="外した人"
    )

    class Meta:
        ordering = ["application", "uploaded_at", "pk"]
        verbose_name = verbose_name_plural = "書類"
        indexes = [
            models.Index(
                fields=["scan_due_at"],
                condition=~Q(scan_state__in=["clean", "found"]),
                name="document_to_scan",
            )
        ]
        constraints = [
            *paired("document", "removed"),
            models.CheckConstraint(
                condition=Q(size__gt=0), name="document_not_empty", violation_error_message="ファイルが空です。"
            ),
            requires(
                "document", "removed_says_when", Q(state=DocumentState.REMOVED), Q(removed_at__isnull=False),
                "外した書類には日時が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_attached(self) -> bool:
        """Whether it belongs to the case now."""
        return self.state == DocumentState.ATTACHED

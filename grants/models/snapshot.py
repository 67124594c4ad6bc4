"""What was submitted, frozen; and the keys that make a second click harmless."""

from django.db import models

from accounts.models import User
from core.append_only import append_only
from grants.enums import SnapshotKind
from grants.models.application import Application


@append_only
class Snapshot(models.Model):
    """提出された版. `content` is everything but contacts; `sha256` covers it and the files' fingerprints.

    `files` [{"document", "name", "size", "sha256", "media_type", "requirement", "purpose"}], re-read from the
    storage at that instant. `branch` 0 is the first submission.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="snapshots", verbose_name="申請"
    )
    branch = models.PositiveSmallIntegerField("枝番")
    kind = models.CharField("種類", max_length=10, choices=SnapshotKind)
    receipt_number = models.CharField("受付番号", max_length=40, unique=True)
    content_version = models.PositiveIntegerField("内容の版")
    content = models.JSONField("内容")
    files = models.JSONField("ファイル", default=list)
    sha256 = models.CharField("SHA-256", max_length=64)
    requested_amount = models.BigIntegerField("申請額（初年度・円）")
    requested_total = models.BigIntegerField("申請額（全期間・円）")
    taken_at = models.DateTimeField("受付日時")
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出した人")

    class Meta:
        ordering = ["application", "branch"]
        verbose_name = verbose_name_plural = "提出された版"
        constraints = [
            models.UniqueConstraint(fields=["application", "branch"], name="snapshot_branch_once"),
            models.CheckConstraint(
                condition=models.Q(
                    requested_amount__gte=0, requested_total__gte=models.F("requested_amount")
                ),
                name="snapshot_amounts",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_number


class SubmissionKey(models.Model):
    """One click on a submit button: the same key gives the same receipt again, never a second submission."""

    key = models.CharField("送信の鍵", max_length=64, unique=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", verbose_name="申請")
    body_digest = models.CharField("送信内容のSHA-256", max_length=64)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name="提出された版")
    used_at = models.DateTimeField("日時")
    used_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="送信した人")

    class Meta:
        verbose_name = verbose_name_plural = "送信の鍵"

    def __str__(self) -> str:
        return self.key

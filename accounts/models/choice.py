"""What people chose about their mails, and what waits for tomorrow morning's digest."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.enums import NoticeMode
from accounts.models.notice import Notice
from accounts.models.organization import Department
from accounts.models.user import User


class NoticeChoice(models.Model):
    """How a person wants one group of notices (accounts.rules.NOTICE_GROUPS). Absent means: a mail at once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notice_choices", verbose_name="利用者")
    group = models.CharField("通知の種類", max_length=20)
    mode = models.CharField("受け取り方", max_length=10, choices=NoticeMode)

    class Meta:
        ordering = ["user", "group"]
        verbose_name = verbose_name_plural = "通知の受け取り方"
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="notice_choice_once"),
            models.CheckConstraint(condition=Q(mode__in=NoticeMode.values), name="notice_choice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}：{self.group}"


class DigestEntryQuerySet(models.QuerySet["DigestEntry"]):
    """Chainable reads of what waits."""

    def due(self, at: datetime) -> "DigestEntryQuerySet":
        """What is to be told in a digest by that instant and has not been yet."""
        return self.filter(settled_at__isnull=True, due_at__lte=at)


class DigestEntry(models.Model):
    """One notice that waits for one person's digest. `digest` is the notice that told it, if any did."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="digest_entries", verbose_name="通知")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="利用者")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="部署"
    )
    due_at = models.DateTimeField("まとめる日時")
    settled_at = models.DateTimeField("まとめた日時", null=True, blank=True)
    digest = models.ForeignKey(
        Notice, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="まとめ"
    )

    objects = DigestEntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "まとめて送る通知"
        indexes = [
            models.Index(
                fields=["due_at", "user"], name="digest_waiting", condition=Q(settled_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "user"], name="digest_entry_once"),
            models.CheckConstraint(
                condition=Q(digest__isnull=True) | Q(settled_at__isnull=False), name="digest_entry_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}→{self.user_id}"

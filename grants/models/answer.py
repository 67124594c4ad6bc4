"""Answers of the working copy, and every change of it."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.enums import AnswerOrigin
from grants.models.application import Application
from grants.models.base import paired
from grants.models.form import Question
from grants.models.member import Member


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Chainable reads of answers."""

    def unchecked(self) -> "AnswerQuerySet":
        """Prefilled, and no editor has looked at it yet."""
        return self.exclude(origin="").filter(checked_at__isnull=True)


class Answer(models.Model):
    """答え, verbatim as typed. `version` grows with every change; pages send the one they showed.

    `origin` and `origin_words` say where a prefilled value comes from, until somebody writes another; it counts as
    not yet checked before `checked_at`.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="answers", verbose_name="申請")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name="設問")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="answers", null=True, blank=True, verbose_name="団体"
    )
    value = models.TextField("答え", blank=True)
    version = models.PositiveIntegerField("版", default=1)
    updated_at = models.DateTimeField("更新日時")
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更新した人")
    origin = models.CharField("値の出所", max_length=10, choices=AnswerOrigin, blank=True)
    origin_words = models.CharField("値の出所の説明", max_length=200, blank=True)
    checked_at = models.DateTimeField("確かめた日時", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="確かめた人"
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["application", "question__position", "member__position"]
        verbose_name = verbose_name_plural = "答え"
        constraints = [
            *paired("answer", "checked"),
            models.UniqueConstraint(
                fields=["application", "question"],
                condition=Q(member__isnull=True),
                name="answer_common_once",
            ),
            models.UniqueConstraint(
                fields=["application", "question", "member"],
                condition=Q(member__isnull=False),
                name="answer_of_member_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}：{self.value[:40]}"

    @property
    def is_unchecked(self) -> bool:
        """Whether it was prefilled and no editor has looked at it yet."""
        return bool(self.origin) and self.checked_at is None


class Revision(models.Model):
    """One change of the working copy: who, when, which part, from what to what (JSON values).

    `binding` says whether the part is one that consents are bound to; the approver who certifies must not
    have made such a change since the last certificate.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="revisions", verbose_name="申請"
    )
    content_version = models.PositiveIntegerField("内容の版")
    section = models.CharField("部分", max_length=40)
    key = models.CharField("項目", max_length=100)
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="団体"
    )
    binding = models.BooleanField("同意の対象")
    before = models.JSONField("前の内容", null=True)
    after = models.JSONField("後の内容", null=True)
    changed_at = models.DateTimeField("変更日時")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="変更した人")

    class Meta:
        ordering = ["application", "content_version", "pk"]
        verbose_name = verbose_name_plural = "変更の記録"
        indexes = [models.Index(fields=["application", "changed_by"], name="revision_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["application", "content_version"], name="revision_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.content_version} {self.key}"

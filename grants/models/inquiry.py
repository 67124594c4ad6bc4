"""質問と回答: what towns ask about a call, and what everybody, or only the asker, is answered."""

from datetime import datetime, time
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department, Organization, User
from core import clock
from core.append_only import append_only
from core.business_days import add_business_days
from grants.enums import InquiryStatus
from grants.models.base import random_public_id, requires
from programs.models import Call

_END_OF_DAY: Final = time(17, 0)


class QuestionDesk(models.Model):
    """The questions of one call: by when towns ask, and how many answers are public. Locked while one is published."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="question_desk", verbose_name="募集")
    due_at = models.DateTimeField("質問の期限", null=True, blank=True)
    last = models.PositiveIntegerField("最後の公開番号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "質問の受付"

    def __str__(self) -> str:
        return f"{self.call}の質問"


def question_deadline(call: Call, desk: QuestionDesk | None) -> datetime:
    """The last instant for questions: the desk's own, else settings.QUESTION_BUSINESS_DAYS before the closing, 17:00.

    Never after the closing itself.
    """
    if desk is not None and desk.due_at is not None:
        return min(desk.due_at, call.closes_at)
    day = add_business_days(clock.today(call.closes_at), -settings.QUESTION_BUSINESS_DAYS)
    return min(clock.instant(day, _END_OF_DAY), call.closes_at)


class Inquiry(models.Model):
    """質問. `text` and who asked are for the asking body and the call's office alone.

    `number` is the public number within the call, given when the answer is published. `status` is written by
    grants.actions.transition only.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    call = models.ForeignKey(Call, models.PROTECT, related_name="inquiries", verbose_name="募集")
    body = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="質問した団体")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="質問した部署")
    text = models.TextField("質問")
    wants_private = models.BooleanField("自団体の申請だけに関わる", default=False)
    status = models.CharField("状態", max_length=20, choices=InquiryStatus)
    number = models.PositiveIntegerField("公開の番号", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)
    asked_at = models.DateTimeField("質問した日時")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="質問した人")

    class Meta:
        ordering = ["call", "asked_at", "pk"]
        verbose_name = verbose_name_plural = "質問"
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="inquiry_number_once"),
            models.CheckConstraint(
                condition=Q(status__in=InquiryStatus.values),
                name="inquiry_known_status",
                violation_error_message="状態は決められた値だけです。",
            ),
            requires(
                "inquiry", "published_is_numbered", Q(status=InquiryStatus.PUBLISHED), Q(number__isnull=False),
                "公開した回答には番号が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.call}への質問"

    @property
    def state(self) -> InquiryStatus:
        """The status as its enum."""
        return InquiryStatus(self.status)

    @property
    def chain_key(self) -> str:
        """The name of its chain of events."""
        return f"inquiry:{self.public_id}"


@append_only
class InquiryAnswer(models.Model):
    """One version of an answer, with the question in the office's own words. The newest one holds."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="answers", verbose_name="質問")
    version = models.PositiveIntegerField("版")
    is_public = models.BooleanField("公開")
    question = models.TextField("質問（都の言葉）")
    answer = models.TextField("回答")
    reason = models.TextField("訂正の理由", blank=True)
    answered_at = models.DateTimeField("回答した日時")
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="回答した人")

    class Meta:
        ordering = ["inquiry", "version"]
        verbose_name = verbose_name_plural = "回答"
        constraints = [models.UniqueConstraint(fields=["inquiry", "version"], name="inquiry_answer_once")]

    def __str__(self) -> str:
        return f"{self.inquiry} 第{self.version}版"

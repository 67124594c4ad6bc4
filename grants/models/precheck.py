"""Going back and forth with the officer: the look at the draft, and requests for correction."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.enums import ANSWERED_PRECHECKS, ApplicationStatus, PrecheckState, ReturnEnd
from grants.models.application import Application
from grants.models.base import paired
from grants.models.form import Question
from grants.models.member import Member


class Precheck(models.Model):
    """案の事前確認: one request and its answer. Before the first one Tokyo sees only a count."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="prechecks", verbose_name="申請"
    )
    state = models.CharField("状態", max_length=15, choices=PrecheckState, default=PrecheckState.REQUESTED)
    content_version = models.PositiveIntegerField("依頼した内容の版")
    message = models.TextField("依頼の文", blank=True)
    requested_at = models.DateTimeField("依頼日時")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="依頼した人")
    answer = models.TextField("回答", blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="回答した人"
    )

    class Meta:
        ordering = ["application", "-requested_at", "-pk"]
        verbose_name = verbose_name_plural = "案の事前確認"
        constraints = [
            *paired("precheck", "answered"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at__isnull=True), name="precheck_one_open",
                violation_error_message="確認中の依頼がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(state=PrecheckState.REQUESTED, answered_at__isnull=True)
                | Q(state__in=sorted(ANSWERED_PRECHECKS), answered_at__isnull=False),
                name="precheck_answer_whole",
                violation_error_message="回答には日時が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.get_state_display()}"


class PrecheckComment(models.Model):
    """指摘 on one question or one cell (`cell`: "<member>/<item>/<fiscal year>" or a section code)."""

    precheck = models.ForeignKey(Precheck, models.PROTECT, related_name="comments", verbose_name="事前確認")
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="設問"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="団体"
    )
    cell = models.CharField("欄", max_length=100, blank=True)
    text = models.TextField("指摘")

    class Meta:
        ordering = ["precheck", "pk"]
        verbose_name = verbose_name_plural = "事前確認の指摘"

    def __str__(self) -> str:
        return self.text[:40]


class ReturnRequest(models.Model):
    """修正依頼: the opened sections, the reason and the due instant. `origin` is where the case goes back to."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="returns", verbose_name="申請")
    origin = models.CharField("戻す前の状態", max_length=20, choices=ApplicationStatus)
    sections = models.JSONField("直す部分")
    reason = models.TextField("理由")
    due_at = models.DateTimeField("修正の期限")
    returned_at = models.DateTimeField("依頼日時")
    returned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="依頼した人")
    closed_at = models.DateTimeField("終わりの日時", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="終えた人"
    )
    ended_as = models.CharField("終わり方", max_length=12, choices=ReturnEnd, blank=True)

    class Meta:
        ordering = ["application", "-returned_at", "-pk"]
        verbose_name = verbose_name_plural = "修正依頼"
        constraints = [
            *paired("return_request", "closed"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at__isnull=True), name="return_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=[ApplicationStatus.SUBMITTED, ApplicationStatus.UNDER_REVIEW]),
                name="return_request_known_origin",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("returned_at")) & ~Q(reason=""),
                name="return_request_whole",
                violation_error_message="理由と、先の日時の期限を示してください。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, ended_as="") | (Q(closed_at__isnull=False) & ~Q(ended_as="")),
                name="return_request_end_says_how",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.reason[:40]}"

"""What the metropolitan side writes for itself about a case: notes, and opinions asked of other units."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Department, User
from core.append_only import append_only
from grants.models.application import Application
from grants.models.base import paired, random_public_id, requires
from grants.models.snapshot import Snapshot


@append_only
class InternalNote(models.Model):
    """庁内メモ: read by the bureau's officers, deciders and audit, never by towns or reviewers. Kept as written."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="notes", verbose_name="申請")
    text = models.TextField("メモ")
    written_at = models.DateTimeField("記入日時")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記入した人")

    class Meta:
        ordering = ["application", "-written_at", "-pk"]
        verbose_name = verbose_name_plural = "庁内メモ"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="internal_note_says_something")]

    def __str__(self) -> str:
        return self.text[:40]


class OpinionRequest(models.Model):
    """意見照会 to a unit of the metropolis. `sections` (codes of the form) of `snapshot` are what that unit reads.

    `by_proxy` marks an answer entered by the asking bureau, with `source` naming the paper or call it came by.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions", verbose_name="申請")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name="照会した版")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="照会先")
    question = models.TextField("照会の内容")
    sections = models.JSONField("見せる部分", default=list)
    due_at = models.DateTimeField("回答の期限")
    asked_at = models.DateTimeField("照会日時")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="照会した人")
    reminded_at = models.DateTimeField("催促日時", null=True, blank=True)
    reminded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="催促した人"
    )
    answer = models.TextField("意見", blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="回答した人"
    )
    by_proxy = models.BooleanField("代理入力", default=False)
    source = models.CharField("回答の文書・方法", max_length=120, blank=True)
    withdrawn_at = models.DateTimeField("取下げ日時", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="取り下げた人"
    )

    class Meta:
        ordering = ["application", "-asked_at", "-pk"]
        verbose_name = verbose_name_plural = "意見照会"
        constraints = [
            *paired("opinion", "reminded", "answered", "withdrawn"),
            models.UniqueConstraint(
                fields=["application", "department"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="opinion_one_open",
                violation_error_message="この部署への照会が、まだ終わっていません。",
            ),
            models.CheckConstraint(
                condition=~Q(question="") & Q(due_at__gt=F("asked_at")), name="opinion_asks_by_when"
            ),
            requires("opinion", "answer_whole", Q(answered_at__isnull=False), ~Q(answer=""), "意見が空です。"),
            requires("opinion", "proxy_names_source", Q(by_proxy=True), ~Q(source=""), "回答の文書・方法が必要です。"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True), name="opinion_ends_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.department}"

    @property
    def is_open(self) -> bool:
        """Still waited for."""
        return self.answered_at is None and self.withdrawn_at is None

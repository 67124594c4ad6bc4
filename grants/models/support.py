"""Help in person: a support with its visits, what was said there, where it was told, and the record of it all."""

from django.db import models
from django.db.models import Q

from accounts.models import Organization, User
from core.append_only import append_only
from core.events import HashChainedEvent
from grants.enums.supports import LinkKind, SupportOrigin, SupportStatus, VisitStatus, VoiceSide
from grants.models.application import Application
from grants.models.base import paired, random_public_id, requires


class SupportRequest(models.Model):
    """支援. Made when an adopted service is announced (origin CALL) or asked for by the lead (origin WISH).

    `themes` list of text chosen from the form's; `adviser` the body whose advisers see this support and nothing else
    of the case. `status` is written by grants.actions.transition only.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    application = models.ForeignKey(Application, models.PROTECT, related_name="supports", verbose_name="申請")
    origin = models.CharField("種類", max_length=10, choices=SupportOrigin)
    status = models.CharField("状態", max_length=10, choices=SupportStatus, default=SupportStatus.WAITING)
    wishes = models.TextField("支援してほしいこと", blank=True)
    themes = models.JSONField("テーマ", default=list, blank=True)
    adviser = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="アドバイザーの団体",
    )
    started_at = models.DateTimeField("開始日時")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    end_reason = models.TextField("終えた理由", blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = verbose_name_plural = "派遣・視察・技術的支援"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "origin"],
                condition=Q(status__in=[SupportStatus.WAITING, SupportStatus.ACTIVE]),
                name="support_one_running",
                violation_error_message="進行中の支援がすでにあります。",
            ),
            requires(
                "support", "ended_whole", Q(status__in=[SupportStatus.DECLINED, SupportStatus.CLOSED]),
                Q(ended_at__isnull=False), "終えた支援には、終えた日時が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}（{self.get_origin_display()}）"

    @property
    def chain_key(self) -> str:
        """The name of its chain of events."""
        return f"support:{self.public_id}"


class Visit(models.Model):
    """One 訪問・視察・支援. `number` counts within the support, cancelled ones too; `participants` people who came.

    `reason` is why it was cancelled, or moved last. `status` is written by grants.actions.transition only.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    support = models.ForeignKey(SupportRequest, models.PROTECT, related_name="visits", verbose_name="支援")
    number = models.PositiveSmallIntegerField("回")
    status = models.CharField("状態", max_length=10, choices=VisitStatus, default=VisitStatus.PLANNED)
    planned_at = models.DateTimeField("予定の日時")
    place = models.CharField("場所", max_length=200)
    themes = models.JSONField("テーマ", default=list, blank=True)
    reason = models.TextField("変更・中止の理由", blank=True)
    participants = models.PositiveIntegerField("参加した人数", null=True, blank=True)
    done = models.TextField("行ったこと", blank=True)
    next_step = models.TextField("次に行うこと", blank=True)
    recorded_at = models.DateTimeField("記録日時", null=True, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="記録した人"
    )

    class Meta:
        ordering = ["support", "number"]
        verbose_name = verbose_name_plural = "訪問・視察・支援の記録"
        constraints = [
            *paired("visit", "recorded"),
            models.UniqueConstraint(fields=["support", "number"], name="visit_number_once"),
            requires(
                "visit", "recorded_whole", Q(status__in=[VisitStatus.RECORDED, VisitStatus.CONFIRMED]),
                Q(recorded_at__isnull=False) & ~Q(done=""), "記録済の回には、行ったことと記録の日時が必要です。",
            ),
            requires(
                "visit", "cancelled_why", Q(status=VisitStatus.CANCELLED), ~Q(reason=""),
                "中止した回には、理由が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.support} 第{self.number}回"


class VisitVoice(models.Model):
    """What somebody said. `speaker` never names a person; only with `consented_on` may it be `is_public`."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="voices", verbose_name="回")
    side = models.CharField("誰の声か", max_length=10, choices=VoiceSide)
    speaker = models.CharField("話した人の立場", max_length=80)
    words = models.TextField("声")
    is_public = models.BooleanField("公開する", default=False)
    consented_on = models.DateField("公開への同意の日", null=True, blank=True)
    added_at = models.DateTimeField("登録日時")

    class Meta:
        ordering = ["visit", "pk"]
        verbose_name = verbose_name_plural = "声"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(consented_on__isnull=False),
                name="visit_voice_public_with_consent",
                violation_error_message="公開する声には、本人の同意の日が必要です。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.speaker}：{self.words[:20]}"


class VisitLink(models.Model):
    """An article or a post about the visit, shown on the public project's page."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="links", verbose_name="回")
    kind = models.CharField("種類", max_length=10, choices=LinkKind)
    title = models.CharField("題", max_length=200)
    url = models.URLField("アドレス", max_length=500)
    added_at = models.DateTimeField("登録日時")

    class Meta:
        ordering = ["visit", "pk"]
        verbose_name = verbose_name_plural = "記事・投稿"
        constraints = [
            models.UniqueConstraint(fields=["visit", "url"], name="visit_link_once"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://"),
                name="visit_link_https",
                violation_error_message="https:// で始まるアドレスにしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@append_only
class SupportEvent(HashChainedEvent):
    """What happened to a support and its visits. `chain_key` is "support:<public id>"."""

    support = models.ForeignKey(SupportRequest, models.PROTECT, related_name="events", null=True)

    class Meta(HashChainedEvent.Meta):
        verbose_name = verbose_name_plural = "支援の記録"

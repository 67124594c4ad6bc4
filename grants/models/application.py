"""The case: one application of a lead municipality to one call."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.models import Department, Organization, User
from core.fiscal_year import label
from grants.enums import (
    DECIDED_STATES,
    FUNDED_STATES,
    LIVE_STATES,
    RECEIVED_STATES,
    RESULT_STATES,
    TOWN_STATUS,
    ApplicationStatus,
    TownStatus,
)
from grants.models.base import paired, random_public_id, requires
from grants.models.form import FormTemplate
from programs.models import Call


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Chainable reads; who sees what is said in grants.queries.visibility."""

    def live(self) -> "ApplicationQuerySet":
        """Those that count against the number a municipality may lead in a call."""
        return self.filter(status__in=LIVE_STATES)

    def with_parts(self) -> "ApplicationQuerySet":
        """Joined with what every page of a case names."""
        return self.select_related("call__program__owner", "lead", "lead_department", "template")


class ApplicationSlot(models.Model):
    """One row per lead and call: locked while an application is started or restored."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    lead = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "申請の枠"
        constraints = [models.UniqueConstraint(fields=["call", "lead"], name="application_slot_once")]

    def __str__(self) -> str:
        return f"{self.call}：{self.lead}"


class ReceiptSeries(models.Model):
    """Numbers of one call: `number` counts calls within a fiscal year, `last` the receipts given so far."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("対象年度")
    number = models.PositiveIntegerField("年度内の番号")
    last = models.PositiveIntegerField("最後の受付番号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "受付番号の列"
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "number"], name="receipt_series_number_once")
        ]

    def __str__(self) -> str:
        return f"{label(self.fiscal_year)} {self.number}"


class Application(models.Model):
    """申請. Amounts in yen. `status` is written by grants.actions.transition only.

    `version` grows with every change of status (pages send the one they showed); `content_version` with
    every change of the working copy. What reviewers and deciders read is the last snapshot, never the
    working copy. `requested_amount` is the computed subsidy of the call's fiscal year as last submitted,
    `requested_total` that of all years; `decided_amount` is the one in force.
    """

    public_id = models.CharField(
        "申請の識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    receipt_number = models.CharField("受付番号", max_length=40, unique=True, null=True, blank=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name="募集")
    template = models.ForeignKey(
        FormTemplate, models.PROTECT, related_name="applications", verbose_name="様式"
    )
    lead = models.ForeignKey(
        Organization, models.PROTECT, related_name="led_applications", verbose_name="代表市町村"
    )
    lead_department = models.ForeignKey(
        Department, models.PROTECT, related_name="applications", verbose_name="担当部署"
    )
    ordinal = models.PositiveSmallIntegerField("募集内の番号", default=1)
    fiscal_year = models.PositiveSmallIntegerField("対象年度")
    title = models.CharField("事業名", max_length=200, blank=True)
    status = models.CharField(
        "状態", max_length=20, choices=ApplicationStatus, default=ApplicationStatus.DRAFT
    )
    version = models.PositiveIntegerField("版", default=1)
    content_version = models.PositiveIntegerField("内容の版", default=1)
    indicators_version = models.PositiveIntegerField("成果指標の版", default=1)
    submitted_content_version = models.PositiveIntegerField("提出した内容の版", null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, related_name="copies", null=True, blank=True, verbose_name="写した元"
    )
    started_at = models.DateTimeField("開始日時")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="開始した人")
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="提出した人"
    )
    requested_amount = models.BigIntegerField("申請額（初年度・円）", null=True, blank=True)
    requested_total = models.BigIntegerField("申請額（全期間・円）", null=True, blank=True)
    decided_amount = models.BigIntegerField("決定額（円）", null=True, blank=True)
    decided_at = models.DateTimeField("決定の記録日時", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="決定した人"
    )
    announced_at = models.DateTimeField("公表日時", null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = verbose_name_plural = "申請"
        indexes = [
            models.Index(fields=["call", "status"], name="application_by_call"),
            models.Index(fields=["lead", "status"], name="application_by_lead"),
        ]
        constraints = [
            *paired("application", "submitted", "decided"),
            models.UniqueConstraint(
                fields=["call", "lead", "ordinal"],
                condition=Q(status__in=sorted(LIVE_STATES)),
                name="application_one_live_per_place",
                violation_error_message="この募集への申請はすでに始まっています。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values),
                name="application_known_status",
                violation_error_message="状態は決められた値だけです。",
            ),
            requires(
                "application", "received_whole", Q(status__in=sorted(RECEIVED_STATES)),
                Q(submitted_at__isnull=False, receipt_number__isnull=False, requested_amount__isnull=False,
                  requested_total__isnull=False, submitted_content_version__isnull=False),
                "受け付けた申請には、受付番号・提出日時・申請額が必要です。",
            ),
            requires(
                "application", "unsubmitted_bare", Q(submitted_at__isnull=True),
                Q(receipt_number__isnull=True, requested_amount__isnull=True, decided_at__isnull=True),
                "提出していない申請に、受付番号・申請額・決定はありません。",
            ),
            requires(
                "application", "decided_whole", Q(status__in=sorted(DECIDED_STATES)),
                Q(decided_at__isnull=False), "決定した申請には、決定の日時が必要です。",
            ),
            requires(
                "application", "funded_amount", Q(status__in=sorted(FUNDED_STATES)),
                Q(decided_amount__isnull=False), "採択した申請には、決定額が必要です。",
            ),
            models.CheckConstraint(
                condition=(Q(decided_amount__isnull=True) | Q(decided_amount__lte=F("requested_amount")))
                & (Q(requested_amount__isnull=True) | Q(requested_amount__gte=0, requested_total__gte=F("requested_amount")))
                & (Q(decided_amount__isnull=True) | Q(decided_amount__gte=0)),
                name="application_amounts_in_order",
                violation_error_message="決定額は申請額以下、金額は0円以上にしてください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or f"{self.call}への申請（{self.lead}）"

    @property
    def state(self) -> ApplicationStatus:
        """The status as its enum."""
        return ApplicationStatus(self.status)

    @property
    def chain_key(self) -> str:
        """The name of its chain of events."""
        return f"application:{self.public_id}"

    @property
    def is_replacing(self) -> bool:
        """Submitted, and the working copy has moved on since: a replacement is being prepared."""
        return (
            self.submitted_content_version is not None
            and self.content_version != self.submitted_content_version
        )

    def town_status(self) -> TownStatus:
        """What towns see: a result only once it is announced."""
        if self.state in RESULT_STATES and self.announced_at is None:
            return TownStatus.IN_REVIEW
        return TOWN_STATUS[self.state]

    def town_label(self) -> str:
        """The word towns see; once announced, the result itself."""
        shown = self.town_status()
        return str(self.state.label if shown is TownStatus.RESULT else shown.label)

    def is_late(self, at: datetime) -> bool:
        """Whether the call has closed: its closing instant itself is in time."""
        return at > self.call.closes_at

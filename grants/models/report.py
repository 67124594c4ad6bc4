"""年次報告: what the indicators of an adopted project came to in one fiscal year; a correction is a report of its own."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.enums.reports import RUNNING_REPORTS, ReportStatus
from grants.models.application import Application
from grants.models.base import paired, random_public_id, requires


class YearReport(models.Model):
    """The report of one fiscal year. `number` 1 is the first, each further one a correction with its `reason`.

    What was taken stays as it is; `version` grows with every change (pages send the one they showed). `done` is what the
    project did in words, `due_at` when a returned one is to come back. `status` is written by grants.actions.transition only.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="year_reports", verbose_name="申請"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("回", default=1)
    status = models.CharField("状態", max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT)
    version = models.PositiveIntegerField("版", default=1)
    done = models.TextField("この年度に行ったこと", blank=True)
    reason = models.TextField("訂正の理由", blank=True)
    opened_at = models.DateTimeField("開始日時")
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="提出した人"
    )
    return_reason = models.TextField("修正依頼の理由", blank=True)
    due_at = models.DateTimeField("修正の期限", null=True, blank=True)
    taken_at = models.DateTimeField("受理日時", null=True, blank=True)
    taken_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="受理した人"
    )

    class Meta:
        ordering = ["application", "fiscal_year", "number"]
        verbose_name = verbose_name_plural = "年次報告"
        constraints = [
            *paired("year_report", "submitted", "taken"),
            models.UniqueConstraint(
                fields=["application", "fiscal_year", "number"], name="year_report_number_once"
            ),
            models.UniqueConstraint(
                fields=["application", "fiscal_year"], condition=Q(status__in=sorted(RUNNING_REPORTS)),
                name="year_report_one_running", violation_error_message="この年度の報告は、すでに作成中です。",
            ),
            requires(
                "year_report", "correction_why", Q(number__gt=1), ~Q(reason=""), "訂正には、理由が必要です。"
            ),
            requires(
                "year_report", "returned_whole", Q(status=ReportStatus.RETURNED),
                ~Q(return_reason="") & Q(due_at__isnull=False), "修正の依頼には、理由と期限が必要です。",
            ),
            requires(
                "year_report", "handed_in", Q(status__in=[ReportStatus.SUBMITTED, ReportStatus.TAKEN]),
                Q(submitted_at__isnull=False), "提出した報告には、提出の日時が必要です。",
            ),
            requires(
                "year_report", "taken_whole", Q(status=ReportStatus.TAKEN), Q(taken_at__isnull=False),
                "受理した報告には、受理の日時が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application} {self.fiscal_year}年度の報告"


class YearFigure(models.Model):
    """One indicator in a report: as the decided version planned it, and what it came to.

    Neither value nor reason: not written yet. 0 is a value; `not_measurable` is the reason why there is none.
    """

    report = models.ForeignKey(YearReport, models.CASCADE, related_name="figures", verbose_name="報告")
    position = models.PositiveSmallIntegerField("並び順")
    name = models.CharField("指標", max_length=100)
    definition = models.TextField("定義と測り方", blank=True)
    unit = models.CharField("単位", max_length=20, blank=True)
    planned = models.DecimalField("目標値", max_digits=20, decimal_places=4, null=True, blank=True)
    value = models.DecimalField("実績値", max_digits=20, decimal_places=4, null=True, blank=True)
    not_measurable = models.CharField("測れない理由", max_length=200, blank=True)
    remark = models.CharField("備考", max_length=500, blank=True)

    class Meta:
        ordering = ["report", "position"]
        verbose_name = verbose_name_plural = "年次報告の指標"
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="year_figure_place_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(not_measurable=""),
                name="year_figure_value_or_reason",
                violation_error_message="実績値と、測れない理由は、どちらか一方にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_blank(self) -> bool:
        """Not written yet, which is neither 0 nor not measurable."""
        return self.value is None and not self.not_measurable

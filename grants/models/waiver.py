"""点検の免除: the office does without one automatic check of one case, with a reason, so that nobody types dummy data."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.models.application import Application
from grants.models.base import paired, random_public_id, requires


class Waiver(models.Model):
    """One check waived for one case. `check_code` is one of the form's `waivable`; live until `revoked_at`."""

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    application = models.ForeignKey(Application, models.PROTECT, related_name="waivers", verbose_name="申請")
    check_code = models.CharField("点検", max_length=120)
    label = models.CharField("点検の名前", max_length=240)
    reason = models.TextField("免除の理由")
    waived_at = models.DateTimeField("免除した日時")
    waived_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="免除した人")
    revoke_reason = models.TextField("取消しの理由", blank=True)
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="取り消した人"
    )

    class Meta:
        ordering = ["application", "waived_at", "pk"]
        verbose_name = verbose_name_plural = "点検の免除"
        constraints = [
            *paired("waiver", "revoked"),
            models.UniqueConstraint(
                fields=["application", "check_code"], condition=Q(revoked_at__isnull=True), name="waiver_once",
                violation_error_message="この点検は、すでに免除しています。",
            ),
            requires(
                "waiver", "revoked_with_reason", Q(revoked_at__isnull=False), ~Q(revoke_reason=""),
                "取消しの理由を入力してください。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="waiver_with_reason", violation_error_message="理由を入力してください。"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.label}の免除"

    @property
    def is_live(self) -> bool:
        """Whether the check is waived now."""
        return self.revoked_at is None

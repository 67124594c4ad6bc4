"""締切を早める案: a call's closing proposed to come earlier, which a second person of the office confirms or refuses."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from grants.enums import ShorteningOutcome
from grants.models.base import paired, random_public_id, requires
from programs.models import Call


class Shortening(models.Model):
    """One proposal. `closes_before` is the closing it was proposed against; confirmed only while that still stands.

    `urgency` says why towns get less than the period of notice ("": they get it). Open until `ended_at`; of one call
    at most one is open.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    call = models.ForeignKey(Call, models.PROTECT, related_name="shortenings", verbose_name="募集")
    closes_before = models.DateTimeField("提案したときの締切")
    closes_at = models.DateTimeField("新しい締切")
    precheck_due_at = models.DateTimeField("新しい事前確認の期限", null=True, blank=True)
    reason = models.TextField("理由")
    urgency = models.TextField("予告の期間より短くする理由", blank=True)
    proposed_at = models.DateTimeField("提案した日時")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提案した人")
    outcome = models.CharField("結果", max_length=12, choices=ShorteningOutcome, blank=True)
    answer = models.TextField("見送り・取下げの理由", blank=True)
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="終わらせた人"
    )

    class Meta:
        ordering = ["call", "-proposed_at", "-pk"]
        verbose_name = verbose_name_plural = "締切を早める案"
        constraints = [
            *paired("shortening", "ended"),
            models.UniqueConstraint(
                fields=["call"], condition=Q(ended_at__isnull=True), name="shortening_one_open",
                violation_error_message="確認を待っている案があります。",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__lt=F("closes_before")), name="shortening_is_earlier",
                violation_error_message="新しい締切は、いまの締切より前にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="shortening_ended_with_outcome", violation_error_message="結果と日時は、両方を記録してください。",
            ),
            requires(
                "shortening", "second_person",
                Q(outcome__in=[ShorteningOutcome.CONFIRMED, ShorteningOutcome.REFUSED]),
                ~Q(ended_by=F("proposed_by")), "提案した人は、確認も見送りもできません。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.call}の締切を早める案"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a second person."""
        return self.ended_at is None

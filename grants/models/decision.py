"""Recommendation and decision: drafted by one person, decided by another; earlier ones are kept."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from grants.enums import DecisionOutcome, PetitionKind, ReviewOutcome
from grants.models.application import Application
from grants.models.base import paired, requires
from grants.models.document import Document
from grants.models.member import Member
from grants.models.snapshot import Snapshot


class Recommendation(models.Model):
    """起案. `amount` 補助予定額 (yen, the call's fiscal year) is at most `computed_amount`; a lower one says why.

    `trail` is the calculation as the snapshot holds it: [{"fiscal_year", "label", "expression", "amount"}].
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="recommendations", verbose_name="申請"
    )
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="recommendations", verbose_name="審査した版"
    )
    outcome = models.CharField("案", max_length=10, choices=ReviewOutcome)
    amount = models.BigIntegerField("補助予定額（円）", null=True, blank=True)
    computed_amount = models.BigIntegerField("算定額（円）")
    trail = models.JSONField("算定の過程", default=list)
    reason = models.TextField("理由")
    adjustment_reason = models.TextField("予算調整の理由", blank=True)
    drafted_at = models.DateTimeField("起案日時")
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="起案した人")
    ended_at = models.DateTimeField("終わりの日時", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="終わりにした人"
    )
    end_reason = models.TextField("終わりの理由", blank=True)

    class Meta:
        ordering = ["application", "-drafted_at", "-pk"]
        verbose_name = verbose_name_plural = "起案"
        constraints = [
            *paired("recommendation", "ended"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="recommendation_one_holds"
            ),
            models.CheckConstraint(
                condition=Q(outcome=ReviewOutcome.REJECT, amount__isnull=True)
                | Q(outcome=ReviewOutcome.ADOPT, amount__gte=0, amount__lte=F("computed_amount")),
                name="recommendation_amount",
                violation_error_message="採択の案には、算定額以下の補助予定額が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=F("computed_amount")) | ~Q(adjustment_reason=""),
                name="recommendation_lower_says_why",
                violation_error_message="算定額より下げるときは、予算調整の理由が必要です。",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recommendation_says_why"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.get_outcome_display()}"


class Decision(models.Model):
    """決定, as made in Tokyo's own system: 決定日, 文書番号, 施行日. Superseded ones stay on record."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="decisions", verbose_name="申請"
    )
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="decisions", verbose_name="起案"
    )
    outcome = models.CharField("決定", max_length=10, choices=DecisionOutcome)
    amount = models.BigIntegerField("決定額（円）", null=True, blank=True)
    decided_on = models.DateField("決定日")
    document_number = models.CharField("文書番号", max_length=60)
    effective_on = models.DateField("施行日")
    reason = models.TextField("理由", blank=True)
    drafted_at = models.DateTimeField("起案日時")
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="起案した人")
    decided_at = models.DateTimeField("記録日時")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="決定した人")
    superseded_at = models.DateTimeField("置き換えた日時", null=True, blank=True)
    superseded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="置き換えた人"
    )
    supersede_reason = models.TextField("置き換えた理由", blank=True)
    letters = models.ManyToManyField(Document, related_name="+", blank=True, verbose_name="通知文")

    class Meta:
        ordering = ["application", "-decided_at", "-pk"]
        verbose_name = verbose_name_plural = "決定"
        constraints = [
            *paired("decision", "superseded"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(superseded_at__isnull=True), name="decision_one_holds"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("drafted_by")),
                name="decision_four_eyes",
                violation_error_message="起案した人は決定できません。",
            ),
            models.CheckConstraint(
                condition=Q(outcome=DecisionOutcome.ADOPTED, amount__isnull=False, amount__gte=0)
                | (~Q(outcome=DecisionOutcome.ADOPTED) & Q(amount__isnull=True)),
                name="decision_amount",
                violation_error_message="採択には決定額が必要で、ほかの決定に決定額はありません。",
            ),
            models.CheckConstraint(condition=~Q(document_number=""), name="decision_has_number"),
            requires(
                "decision", "supersession_says_why", Q(superseded_at__isnull=False), ~Q(supersede_reason=""),
                "置き換えの理由が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.get_outcome_display()}"

    @property
    def told_reason(self) -> str:
        """What the letter gives the applicants as the reason.

        Of an adoption why the amount is lower than computed; of a refusal the decider's own words, else those of
        the draft to reject. The reasons of an adopting draft are inside ones.
        """
        draft = self.recommendation
        if self.outcome == DecisionOutcome.ADOPTED:
            return draft.adjustment_reason
        return self.reason or (draft.reason if draft.outcome == ReviewOutcome.REJECT else "")


class Petition(models.Model):
    """変更・廃止の申出 of an adopted project. `removes` are the members that are to leave."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="petitions", verbose_name="申請"
    )
    kind = models.CharField("申出", max_length=20, choices=PetitionKind)
    reason = models.TextField("理由")
    removes = models.ManyToManyField(Member, related_name="+", blank=True, verbose_name="外れる団体")
    adds = models.JSONField("加わる団体", default=list, blank=True)
    asked_at = models.DateTimeField("申出日時")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申し出た人")
    granted_at = models.DateTimeField("承認日時", null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="承認した人"
    )

    class Meta:
        ordering = ["application", "-asked_at", "-pk"]
        verbose_name = verbose_name_plural = "変更・廃止の申出"
        constraints = [
            *paired("petition", "granted"),
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(granted_at__isnull=True), name="petition_one_open",
                violation_error_message="同じ申出がすでにあります。",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="petition_says_why"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.get_kind_display()}"

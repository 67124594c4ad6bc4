"""会議 of a round, and the opinions given there with the city's answers."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from indicators.enums import MeetingKind
from indicators.models.plan import Measure
from indicators.models.round import ProgressRound


class Meeting(models.Model):
    """One sitting between the answers and the publication: a hearing, the steering meeting, the panel."""

    round = models.ForeignKey(ProgressRound, models.PROTECT, related_name="meetings", verbose_name="照会")
    kind = models.CharField("会議の種類", max_length=10, choices=MeetingKind)
    title = models.CharField("会議名", max_length=120)
    held_on = models.DateField("開催日")
    summary = models.TextField("議事の要旨", blank=True)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記録した人")

    class Meta:
        ordering = ["round", "held_on", "pk"]
        verbose_name = verbose_name_plural = "会議"
        constraints = [
            models.UniqueConstraint(fields=["round", "kind", "title", "held_on"], name="meeting_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """意見 given at a meeting, about one sheet or the whole plan, and the answer to it. Nobody is named."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="opinions", verbose_name="会議")
    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="opinions", null=True, blank=True, verbose_name="個票"
    )
    text = models.TextField("意見")
    answer = models.TextField("回答", blank=True)
    received_at = models.DateTimeField("記録日時")
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記録した人")
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="回答した人"
    )

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = verbose_name_plural = "意見"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="opinion_answer_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

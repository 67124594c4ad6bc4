"""What publishers decided about two programs that look the same."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from programs.models.program import Program


class DistinctPair(models.Model):
    """重複ではない組: two programs somebody looked at and found to be two, with the reason; `first` has the lower key."""

    first = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name="制度")
    second = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name="もう一方の制度")
    reason = models.CharField("理由", max_length=400)
    ruled_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="判断した人")
    ruled_name = models.CharField("判断した人の名前", max_length=200)
    ruled_at = models.DateTimeField("判断した日時")

    class Meta:
        ordering = ["-ruled_at", "-pk"]
        verbose_name = verbose_name_plural = "重複ではない組"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

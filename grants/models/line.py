"""Lines of an application: which components of the program it takes, and what it asks for each."""

from django.db import models
from django.db.models import Q

from grants.models.application import Application


class LineRequest(models.Model):
    """One chosen line. `line` is a code of the form's lines; `amount` is asked for, in yen of the call's fiscal year.

    What the line costs stands in the budget: the line is its cost item there.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="line_requests", verbose_name="申請"
    )
    line = models.CharField("取組", max_length=10)
    amount = models.BigIntegerField("申請額（円）")
    outline = models.TextField("取組の内容", blank=True)

    class Meta:
        ordering = ["application", "line"]
        verbose_name = verbose_name_plural = "申請する取組"
        constraints = [
            models.UniqueConstraint(fields=["application", "line"], name="grants_line_request_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="grants_line_request_not_negative",
                violation_error_message="申請額は0円以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.line}"

"""Review: who scores, whether they may, their points, and the meeting."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grants.models.application import Application
from grants.models.base import paired, random_public_id
from grants.models.document import Document
from programs.models import Call


class ReviewAssignment(models.Model):
    """審査の割当て of one person to one application. `is_external` for 外部委員."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="assignments", verbose_name="申請"
    )
    reviewer = models.ForeignKey(
        User, models.PROTECT, related_name="review_assignments", verbose_name="審査員"
    )
    is_external = models.BooleanField("外部委員", default=False)
    assigned_at = models.DateTimeField("割当日時")
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="割り当てた人")
    comment = models.TextField("総評", blank=True)
    scored_at = models.DateTimeField("採点日時", null=True, blank=True)
    scored_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="採点を入れた人"
    )

    class Meta:
        ordering = ["application", "assigned_at", "pk"]
        verbose_name = verbose_name_plural = "審査の割当て"
        constraints = [
            *paired("review_assignment", "scored"),
            models.UniqueConstraint(
                fields=["application", "reviewer"], name="review_assignment_once",
                violation_error_message="この審査員はすでに割り当てられています。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}：{self.reviewer}"

    @property
    def by_proxy(self) -> bool:
        """Whether somebody else entered the points."""
        return self.scored_by_id is not None and self.scored_by_id != self.reviewer_id


class InterestDeclaration(models.Model):
    """利害関係の申告; with an interest the person stands back (回避) and sees nothing more of the case."""

    assignment = models.OneToOneField(
        ReviewAssignment, models.PROTECT, related_name="declaration", verbose_name="割当て"
    )
    has_interest = models.BooleanField("利害関係がある")
    detail = models.TextField("内容", blank=True)
    declared_at = models.DateTimeField("申告日時")
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申告した人")

    class Meta:
        verbose_name = verbose_name_plural = "利害関係の申告"
        constraints = [
            models.CheckConstraint(
                condition=Q(has_interest=False) | ~Q(detail=""), name="interest_declaration_says_what",
                violation_error_message="利害関係の内容を入力してください。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return "利害関係あり" if self.has_interest else "利害関係なし"


class Score(models.Model):
    """One criterion's points, 1–5, with the weight it had when scored."""

    assignment = models.ForeignKey(
        ReviewAssignment, models.PROTECT, related_name="scores", verbose_name="割当て"
    )
    criterion = models.CharField("観点", max_length=40)
    points = models.PositiveSmallIntegerField("点")
    weight = models.PositiveSmallIntegerField("重み")
    comment = models.TextField("所見", blank=True)

    class Meta:
        ordering = ["assignment", "pk"]
        verbose_name = verbose_name_plural = "採点"
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="score_criterion_once"),
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=5), name="score_points_in_range",
                violation_error_message="点は1から5までにしてください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.criterion}：{self.points}"

    @property
    def weighted(self) -> int:
        """Points × weight."""
        return self.points * self.weight


class ReviewMeeting(models.Model):
    """審査会 on several applications of a call. `attendees` list of names as in the minutes."""

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    call = models.ForeignKey(Call, models.PROTECT, related_name="review_meetings", verbose_name="募集")
    applications = models.ManyToManyField(Application, related_name="meetings", verbose_name="審査した申請")
    held_on = models.DateField("開催日")
    attendees = models.JSONField("出席者", default=list)
    quorum = models.PositiveSmallIntegerField("定足数")
    summary = models.TextField("議事要旨")
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="文書"
    )
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="記録した人")

    class Meta:
        ordering = ["call", "held_on", "pk"]
        verbose_name = verbose_name_plural = "審査会"

    def __str__(self) -> str:
        return f"{self.call} 審査会 {self.held_on}"

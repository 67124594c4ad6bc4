"""Revisions: what they have in common, those of a program's text, and where imported text came from."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import Organization, User
from core.actor import Actor
from programs.enums import OPEN_REVISIONS, RevisionState
from programs.models.program import Program, curated_by


class RevisionQuerySet(models.QuerySet["ProgramRevision"]):
    """Chainable reads that start from who is reading."""

    def visible_to(self, actor: Actor, at: datetime) -> "RevisionQuerySet":
        """Those of the programs an actor looks after as a publisher; nobody else sees any."""
        del at
        return self.filter(curated_by(actor, prefix="program__"))

    def unfinished(self) -> "RevisionQuerySet":
        """Drafts and what is being checked: at most one a program."""
        return self.filter(state__in=OPEN_REVISIONS)

    def public(self) -> "RevisionQuerySet":
        """Those that were put on view, the newest first."""
        return self.filter(state=RevisionState.PUBLISHED).order_by("-number")


class Revision(models.Model):
    """A whole content as one person left it. Until it is published the public sees nothing of it.

    `edits` grows with every save and keeps two people from overwriting one another. `drafted_by` is who saved last
    (None: the portal itself, as from a list); `note` is why it was sent back.
    """

    number = models.PositiveIntegerField("版")
    content = models.JSONField("内容", default=dict)
    state = models.CharField("状態", max_length=10, choices=RevisionState, default=RevisionState.DRAFT)
    edits = models.PositiveIntegerField("保存の回数", default=1)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="最後に下書きした人"
    )
    drafted_name = models.CharField("最後に下書きした人の名前", max_length=200)
    drafted_at = models.DateTimeField("最後に下書きした日時")
    published_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="公開した人"
    )
    published_name = models.CharField("公開した人の名前", max_length=200, blank=True)
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)
    note = models.CharField("差戻しの理由", max_length=400, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in OPEN_REVISIONS

    @property
    def mark(self) -> str:
        """Which saved state this is, 「版.保存」: whoever publishes says which one they read."""
        return f"{self.number}.{self.edits}"


class ProgramRevision(Revision):
    """改訂版 of a program's own text; `content` as `programs.content` says.

    Number 1 of a program that came with the portal is what it said before its first edit.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="revisions", verbose_name="制度")
    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["program", "-number"]
        verbose_name = verbose_name_plural = "改訂版"
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="program_revision_number_once"),
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(state__in=OPEN_REVISIONS),
                name="program_revision_one_open",
                violation_error_message="この制度には、書きかけの版がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(state=RevisionState.PUBLISHED, published_at__isnull=False)
                | (~Q(state=RevisionState.PUBLISHED) & Q(published_at__isnull=True)),
                name="program_revision_published_with_instant",
                violation_error_message="公開した版には公開の日時が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} 第{self.number}版"


class ProgramSource(models.Model):
    """取込元: the row of a list that a program was taken from.

    `key` names the row for good: "id:<number of the list>" or "name:<folded title>". `taken` holds the values that
    were last taken over from it, by item of the content: what a person changed since differs from them.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="import_sources")
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="所管")
    key = models.CharField("行の名前", max_length=250)
    taken = models.JSONField("取り込んだ値", default=dict)
    file_name = models.CharField("ファイル", max_length=120, blank=True)
    taken_at = models.DateTimeField("最後に取り込んだ日時")

    class Meta:
        ordering = ["owner", "key"]
        verbose_name = verbose_name_plural = "取込元"
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="program_source_row_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"

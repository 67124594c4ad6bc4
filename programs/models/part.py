"""Revisions of what hangs on a program and is published for itself."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from core.actor import Actor
from programs.enums import OPEN_REVISIONS, PartKind, RevisionState
from programs.models.program import Program, curated_by
from programs.models.revision import Revision


class PartRevisionQuerySet(models.QuerySet["PartRevision"]):
    """Chainable reads that start from who is reading."""

    def visible_to(self, actor: Actor, at: datetime) -> "PartRevisionQuerySet":
        """Those of the programs an actor looks after as a publisher; nobody else sees any."""
        del at
        return self.filter(curated_by(actor, prefix="program__"))

    def unfinished(self) -> "PartRevisionQuerySet":
        """Drafts and what is being checked: at most one a part."""
        return self.filter(state__in=OPEN_REVISIONS)


class PartRevision(Revision):
    """改訂版 of a call or a rule; `content` as `programs.parts` says for its `part`.

    `key` is the part's public name (number of the call, slug of the rule). A part nobody has published yet is there
    as revisions alone, so that the catalogue knows nothing of it. Number 1 of one that came with the portal is what it
    said before its first edit.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="part_revisions", verbose_name="制度")
    part = models.CharField("対象", max_length=15, choices=PartKind)
    key = models.CharField("識別名", max_length=80)

    objects = PartRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["program", "part", "key", "-number"]
        verbose_name = verbose_name_plural = "募集と規則の改訂版"
        constraints = [
            models.UniqueConstraint(fields=["part", "key", "number"], name="part_revision_number_once"),
            models.UniqueConstraint(
                fields=["part", "key"],
                condition=Q(state__in=OPEN_REVISIONS),
                name="part_revision_one_open",
                violation_error_message="書きかけの版がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(state=RevisionState.PUBLISHED, published_at__isnull=False)
                | (~Q(state=RevisionState.PUBLISHED) & Q(published_at__isnull=True)),
                name="part_revision_published_with_instant",
                violation_error_message="公開した版には公開の日時が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.get_part_display()} 第{self.number}版"

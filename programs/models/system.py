"""Systems that exist elsewhere and are named in the sources."""

from django.db import models

from programs.enums import SystemRelation, SystemState
from programs.models.base import ReferenceRow
from programs.models.program import Program


class ExternalSystem(ReferenceRow):
    """関連システム: what it does, its state, and whether this portal links it or does its work."""

    slug = models.SlugField("識別名", max_length=80, unique=True)
    name = models.CharField("名称", max_length=200)
    state = models.CharField("状態", max_length=10, choices=SystemState, default=SystemState.UNKNOWN)
    role = models.TextField("役割", blank=True)
    relation = models.CharField("このポータルとの関係", max_length=20, choices=SystemRelation)
    url = models.URLField("所在", max_length=500, blank=True)
    programs = models.ManyToManyField(
        Program, related_name="systems", blank=True, verbose_name="関係する制度"
    )
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["name", "slug"]
        verbose_name = verbose_name_plural = "関連システム"

    def __str__(self) -> str:
        return self.name

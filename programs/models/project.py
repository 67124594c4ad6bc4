"""Adopted projects: the public record of what municipalities do together."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import Organization
from core.actor import Actor
from programs.enums import VISIBLE_PUBLICATIONS
from programs.models.base import ReferenceRow
from programs.models.program import Program, curated_by


class ProjectQuerySet(models.QuerySet["AdoptedProject"]):
    """Chainable reads that start from who is reading."""

    def visible_to(self, actor: Actor, at: datetime) -> "ProjectQuerySet":
        """Everybody sees the projects of published programs from their announcement on (none: always).

        A publisher also sees those of the programs it looks after.
        """
        public = Q(program__publication__in=VISIBLE_PUBLICATIONS) & (
            Q(announced_at__isnull=True) | Q(announced_at__lte=at)
        )
        return self.filter(public | curated_by(actor, prefix="program__"))

    def taking_part(self, organization: Organization) -> "ProjectQuerySet":
        """Projects an organization leads or is a partner of."""
        return self.filter(Q(lead=organization) | Q(memberships__organization=organization)).distinct()


class AdoptedProject(ReferenceRow):
    """採択事業. Lead first, then partners in code order. `outline` is a list of text.

    Bodies whose application was rejected never appear here.
    """

    slug = models.SlugField("識別名", max_length=80, unique=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="projects", verbose_name="制度")
    title = models.CharField("事業名", max_length=200)
    adopted_fiscal_year = models.PositiveSmallIntegerField("採択年度")
    max_years = models.PositiveSmallIntegerField("最長の年数", default=3)
    lead = models.ForeignKey(Organization, models.PROTECT, related_name="led_projects", verbose_name="代表")
    partners = models.ManyToManyField(
        Organization, through="ProjectMember", related_name="joined_projects", verbose_name="連携する市町村"
    )
    purpose = models.TextField("目的", blank=True)
    outline = models.JSONField("概要", default=list, blank=True)
    announced_at = models.DateTimeField("公表の日時", null=True, blank=True)
    is_fictional = models.BooleanField("架空", default=False)
    citations = models.JSONField("出典", default=list, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-adopted_fiscal_year", "slug"]
        verbose_name = verbose_name_plural = "採択事業"
        constraints = [
            models.CheckConstraint(
                condition=Q(max_years__gte=1),
                name="project_lasts_a_year",
                violation_error_message="最長の年数は1以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def year_number(self, fiscal_year: int) -> int | None:
        """Which year of the project a fiscal year is (1 = adoption year), or None outside its span."""
        number = fiscal_year - self.adopted_fiscal_year + 1
        return number if 1 <= number <= self.max_years else None


class ProjectMember(models.Model):
    """A partner municipality of a project (never the lead)."""

    project = models.ForeignKey(AdoptedProject, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="project_memberships")

    class Meta:
        ordering = ["project", "organization__code"]
        verbose_name = verbose_name_plural = "連携する市町村"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organization"],
                name="project_member_once",
                violation_error_message="この市町村はすでに加わっています。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)


class ProjectActor(models.Model):
    """A diverse actor (企業・大学・NPO等); `is_group` for entries such as 各市の商工会議所."""

    project = models.ForeignKey(AdoptedProject, models.CASCADE, related_name="actors")
    name = models.CharField("名称", max_length=200)
    is_group = models.BooleanField("複数をまとめた記載", default=False)
    position = models.PositiveIntegerField("並び順", default=0)

    class Meta:
        ordering = ["project", "position", "pk"]
        verbose_name = verbose_name_plural = "多様な主体"
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="project_actor_once")]

    def __str__(self) -> str:
        return self.name


class ProjectResult(models.Model):
    """What a project brought so far; the figure, where there is one, stands beside the text."""

    project = models.ForeignKey(AdoptedProject, models.CASCADE, related_name="results")
    text = models.TextField("内容")
    value = models.DecimalField("値", max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField("単位", max_length=40, blank=True)
    approximate = models.BooleanField("おおよその値", default=False)
    as_written = models.CharField("資料の表記", max_length=200, blank=True)
    period_text = models.CharField("時期の表記", max_length=120, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    url = models.URLField("アドレス", max_length=500, blank=True)
    position = models.PositiveIntegerField("並び順", default=0)

    class Meta:
        ordering = ["project", "position", "pk"]
        verbose_name = verbose_name_plural = "事業の実績"
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://"),
                name="project_result_https",
                violation_error_message="https:// で始まるアドレスにしてください。",
            ),
            models.UniqueConstraint(fields=["project", "position"], name="project_result_position_once"),
        ]

    def __str__(self) -> str:
        return self.text

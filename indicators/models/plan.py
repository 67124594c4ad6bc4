"""A city's plan: goal, directions, policies, measures, and the yearly sheet of each measure."""

from django.db import models
from django.db.models import Q

from accounts.models import Organization
from core.actor import Actor
from indicators.enums import VISIBLE_PUBLICATIONS, Compared, GoalStatus, Outlook, PlanPublication, Toward
from programs.models import Program


class PlanQuerySet(models.QuerySet["Plan"]):
    """Chainable reads that start from the person."""

    def visible_to(self, actor: Actor) -> "PlanQuerySet":
        """Published plans for everyone; drafts for people of the city that owns the plan."""
        public = Q(publication__in=VISIBLE_PUBLICATIONS)
        if actor.organization_id is None:
            return self.filter(public)
        return self.filter(public | Q(organization_id=actor.organization_id))


class Plan(models.Model):
    """計画. One city's plan with its goal; nothing here knows a particular city."""

    slug = models.SlugField("識別名", max_length=60, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="plans")
    title = models.CharField("計画名", max_length=200)
    goal = models.TextField("計画の目標", blank=True)
    starts = models.PositiveIntegerField("開始年度", null=True, blank=True)
    ends = models.PositiveIntegerField("終了年度", null=True, blank=True)
    publication = models.CharField(
        "公開の状態", max_length=20, choices=PlanPublication, default=PlanPublication.DRAFT
    )
    scale = models.JSONField("判定の物差し", default=dict, blank=True)
    version = models.PositiveIntegerField("版", default=1)
    citations = models.JSONField("出典", default=list, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["organization__code", "slug"]
        verbose_name = verbose_name_plural = "計画"
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=models.F("starts")),
                name="plan_period",
                violation_error_message="終了年度は開始年度以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Direction(models.Model):
    """方向性, the first level of a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="directions")
    number = models.PositiveSmallIntegerField("番号")
    label = models.CharField("表記", max_length=10)
    title = models.CharField("名称", max_length=120)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="direction_number")]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"


class Policy(models.Model):
    """基本方針, the second level of a plan."""

    direction = models.ForeignKey(Direction, models.CASCADE, related_name="policies")
    number = models.PositiveSmallIntegerField("番号")
    title = models.CharField("名称", max_length=120)

    class Meta:
        ordering = ["direction", "number"]
        constraints = [models.UniqueConstraint(fields=["direction", "number"], name="policy_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Theme(models.Model):
    """重点テーマ of a plan, printed as the columns of the sheet's head."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="themes")
    code = models.SlugField("識別名", max_length=40)
    label = models.CharField("名称", max_length=60)
    position = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="theme_code")]

    def __str__(self) -> str:
        return self.label


class Measure(models.Model):
    """施策, one sheet. `number` is the URL number (1 … 35, 11-1); `printed_number` and `branch` are as printed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="measures")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="measures")
    number = models.CharField("番号", max_length=10)
    printed_number = models.CharField("様式の番号", max_length=10)
    branch = models.CharField("枝番", max_length=10, blank=True)
    position = models.PositiveSmallIntegerField("並び順")
    title = models.CharField("施策名", max_length=160)
    outlook = models.CharField("展望", max_length=12, choices=Outlook)
    themes = models.ManyToManyField(Theme, related_name="measures", blank=True, verbose_name="重点テーマ")
    lead_department = models.CharField("主管課", max_length=120)
    related_departments = models.JSONField("関連課等", default=list, blank=True)
    departments_text = models.CharField("課名等の表記", max_length=300, blank=True)
    and_others = models.BooleanField("「など」を含む", default=False)
    series_mark = models.CharField("シリーズの印", max_length=10, blank=True)
    index_text = models.CharField("索引の表記", max_length=300, blank=True)
    summary = models.TextField("事業概要の要約", blank=True)
    overview = models.TextField("事業概要", blank=True)
    programs = models.ManyToManyField(Program, related_name="measures", blank=True, verbose_name="支援制度")
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["plan", "position"]
        verbose_name = verbose_name_plural = "施策"
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="measure_number")]

    def __str__(self) -> str:
        return f"{self.printed_number} {self.full_title}"

    @property
    def full_title(self) -> str:
        """The title with its branch (④⑤) or the mark of its series (①), without which sheets look alike."""
        return f"{self.title}{self.branch or self.series_mark}"


class SheetYear(models.Model):
    """One fiscal year of a sheet: the four cells' own text, and beside it a summary of ours (要約, `*_summary`)."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="years")
    fiscal_year = models.PositiveIntegerField("年度")
    content = models.TextField("事業内容", blank=True)
    goal = models.TextField("目標・注力する所・変更箇所", blank=True)
    result = models.TextField("実施結果", blank=True)
    issues = models.TextField("次年度以降の課題", blank=True)
    content_summary = models.TextField("事業内容の要約", blank=True)
    goal_summary = models.TextField("目標の要約", blank=True)
    goal_status = models.CharField("目標の設定", max_length=10, choices=GoalStatus, default=GoalStatus.BLANK)
    result_summary = models.TextField("実施結果の要約", blank=True)
    issues_summary = models.TextField("次年度以降の課題の要約", blank=True)
    compared = models.CharField("前の年度と比べて", max_length=10, choices=Compared, blank=True)
    toward = models.CharField("方向性・目標に", max_length=10, choices=Toward, blank=True)
    budget_yen = models.BigIntegerField("予算額（円）", null=True, blank=True)
    settled_yen = models.BigIntegerField("決算額（円）", null=True, blank=True)
    refers_to = models.ForeignKey(
        Measure, models.PROTECT, related_name="referred_by", null=True, blank=True, verbose_name="再掲元"
    )
    refers_reason = models.TextField("再掲の理由", blank=True)

    class Meta:
        ordering = ["measure", "fiscal_year"]
        verbose_name = verbose_name_plural = "年度の個票"
        constraints = [
            models.UniqueConstraint(fields=["measure", "fiscal_year"], name="sheet_year"),
            models.CheckConstraint(
                condition=Q(refers_to__isnull=True) | ~Q(refers_to=models.F("measure")),
                name="sheet_year_refers_elsewhere",
                violation_error_message="再掲元に自分自身は選べません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.fiscal_year}"

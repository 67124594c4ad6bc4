"""Funding and eligibility rules as data; programs.funding reads and evaluates them."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.actor import Actor
from programs.funding.faults import RuleError
from programs.funding.places import conditions_from
from programs.funding.rules import Formula, Requirement, formula_from, requirement_from
from programs.models.base import ReferenceRow
from programs.models.program import Program


class RuleQuerySet(models.QuerySet[Any]):
    """Chainable reads of rules."""

    def visible_to(self, actor: Actor, at: datetime) -> "RuleQuerySet":
        """Rules whose program an actor sees, and cases of other bodies, which have none."""
        return self.filter(Q(program__isnull=True) | Q(program__in=Program.objects.visible_to(actor, at)))


class FundingRule(ReferenceRow):
    """算定規則: how an amount is computed. `slug` is its public id and never changes.

    JSON shapes: `inputs` and the trees of `versions` [{first_year, last_year, tree, alternatives: [{reason,
    tree | null}]}] as programs.funding describes; `citations` [{source, lines, note}]; `examples` [{inputs,
    expected}]. `program` is None for cases of other bodies, which `program_name` names. The remaining texts
    are the source's; `reason` says why the source was read this way where it leaves that open.
    """

    slug = models.SlugField("識別名", max_length=80, unique=True)
    program = models.ForeignKey(Program, models.CASCADE, related_name="funding_rules", null=True, blank=True)
    program_name = models.CharField("制度の名称（掲載のないもの）", max_length=120, blank=True)
    name = models.CharField("名称", max_length=120)
    position = models.PositiveIntegerField("並び順", default=0)
    kind = models.CharField("支援の種類", max_length=60, blank=True)
    applicant = models.CharField("受ける者", max_length=120, blank=True)
    condition = models.CharField("条件", max_length=300, blank=True)
    formula = models.CharField("算定方法", max_length=300)
    rate = models.CharField("率", max_length=80, blank=True)
    cap = models.CharField("上限", max_length=120, blank=True)
    unit = models.CharField("単位", max_length=40, blank=True)
    reading = models.CharField(
        "読み方", max_length=10, choices=[("explicit", "資料のとおり"), ("inferred", "補って読んだ")]
    )
    fiscal_strength = models.CharField("財政力補正", max_length=60, blank=True)
    years = models.CharField("年度の注記", max_length=80, blank=True)
    note = models.TextField("注記", blank=True)
    inputs = models.JSONField("入力", default=list)
    versions = models.JSONField("版", default=list)
    reason = models.CharField("この読み方の理由", max_length=200, blank=True)
    year_input = models.CharField("版を選ぶ入力", max_length=40, blank=True)
    year_base = models.PositiveIntegerField("年度の起点", default=0)
    citations = models.JSONField("出典", default=list, blank=True)
    examples = models.JSONField("計算例", default=list, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = verbose_name_plural = "算定規則"
        constraints = [
            models.CheckConstraint(
                condition=Q(program__isnull=False) | ~Q(program_name=""), name="funding_rule_has_a_program"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a rule that cannot be read."""
        try:
            self.parsed()
        except RuleError as error:
            raise ValidationError({"versions": str(error)}) from error

    def parsed(self) -> Formula:
        """The rule, ready to compute. Raises RuleError."""
        return formula_from(
            {
                "inputs": self.inputs,
                "versions": self.versions,
                "reason": self.reason,
                "year_input": self.year_input,
                "year_base": self.year_base,
            }
        )


class EligibilityRule(ReferenceRow):
    """要件: conditions a project or applicant must all meet. `slug` is its public id and never changes.

    JSON shapes: `inputs` and the trees of `conditions` [{text, tree}] as programs.funding describes; the
    others as in FundingRule.
    """

    slug = models.SlugField("識別名", max_length=80, unique=True)
    program = models.ForeignKey(
        Program, models.CASCADE, related_name="eligibility_rules", null=True, blank=True
    )
    program_name = models.CharField("制度の名称（掲載のないもの）", max_length=120, blank=True)
    name = models.CharField("名称", max_length=120)
    position = models.PositiveIntegerField("並び順", default=0)
    text = models.CharField("要件", max_length=300)
    first_year = models.PositiveSmallIntegerField("開始年度", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("終了年度", null=True, blank=True)
    inputs = models.JSONField("入力", default=list)
    conditions = models.JSONField("条件", default=list)
    citations = models.JSONField("出典", default=list, blank=True)
    examples = models.JSONField("判定例", default=list, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = verbose_name_plural = "要件"
        constraints = [
            models.CheckConstraint(
                condition=Q(program__isnull=False) | ~Q(program_name=""),
                name="eligibility_rule_has_a_program",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a rule that cannot be read."""
        try:
            self.parsed()
        except RuleError as error:
            raise ValidationError({"conditions": str(error)}) from error

    def parsed(self) -> Requirement:
        """The rule, ready to judge. Raises RuleError."""
        return requirement_from({"inputs": self.inputs, "conditions": self.conditions})


class AreaRule(ReferenceRow):
    """地域の要件: what a municipality itself must be, beyond the scope of the program.

    `conditions` [{text, tree}] over the facts of programs.funding.places; all of them must hold.
    """

    program = models.OneToOneField(Program, models.CASCADE, related_name="area_rule")
    conditions = models.JSONField("条件", default=list)
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["program"]
        verbose_name = verbose_name_plural = "地域の要件"

    def __str__(self) -> str:
        return f"{self.program}の地域の要件"

    def clean(self) -> None:
        """Refuse a rule that cannot be read."""
        try:
            conditions_from(self.conditions)
        except RuleError as error:
            raise ValidationError({"conditions": str(error)}) from error

"""Forms: what a call asks and pays, as versioned data. A draft stays on the version it began with."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import Exists, Q

from grants import rules
from grants.enums import (
    BUDGET_SECTION,
    FIXED_SECTIONS,
    INDICATORS_SECTION,
    LINES_SECTION,
    MEMBERS_SECTION,
    RECORD_PARTS,
    CapReading,
    OtherSubsidy,
    PrefillSource,
    QuestionKind,
    SectionScope,
)
from programs.models import Call, Program


class FormTemplateQuerySet(models.QuerySet["FormTemplate"]):
    """Chainable reads of versions."""

    def asked_by(self, call: Call) -> "FormTemplateQuerySet":
        """The versions a call has asked for, the newest first.

        Those published for it alone; without any, or for a call that is not kept yet, those of every call of its program.
        """
        rows = self.filter(program=call.program_id).order_by("-version")
        mine = Q(call=call.pk)  # not kept yet: no key, which asks for those without a call
        return rows.filter(mine | (Q(call__isnull=True) & ~Exists(FormTemplate.objects.filter(mine))))


class FormTemplate(models.Model):
    """様式 of a program: sections, questions, cost items, funding terms, eligibility, criteria.

    JSON shapes: `sections` [{"code", "label", "scope": common|member, "help"}]; `cost_items` [{"code": "7",
    "label", "eligible": bool, "note"}]; `documents` [{"code", "label", "required": bool}]; `criteria`
    [{"code", "label", "weight": int, "help"}]; `binding_sections` list of section codes (a call's own list
    comes first); `eligibility` {"area", "min_municipalities", "max_municipalities"?, "min_diverse_actors"}; `indicators` {"min",
    "max", "help", "report_days"? days after a fiscal year until it is reported} or {} where none are asked for; `defaults` list of Japanese sentences saying what the sources leave open and how it is read here; `lines` [{"code", "label",
    "program", "types": municipal types (empty: all), "rate": "n/d" or null, "cap": yen or null, "note"}] where one
    application takes several lines: the cost items are the lines then, and `max_years` is 1; `visits` what is done on
    the spot {"noun": 「派遣」, "themes": list of text, "record_days": business days for the record}, {} where nothing is;
    `waivable` codes of the checks an officer may waive for one case (grants.queries.waivers).

    A version in use is never changed: the next one is; with `demanded` no draft is submitted that has not gone over to it.
    `call` is the one it was published for, None: every call of the program that has none of its own. `file_version` is
    the number in the reference file it was loaded from: publishers may have taken that number before. Without cost items
    a form has no money in it (the call ends in a service). A rate or cap that the sources do not state is null, never a
    guess.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="form_templates", verbose_name="制度")
    version = models.PositiveSmallIntegerField("版")
    call = models.ForeignKey(
        Call, models.PROTECT, related_name="own_forms", null=True, blank=True, verbose_name="募集"
    )
    file_version = models.PositiveSmallIntegerField("ファイルでの版", null=True, blank=True)
    title = models.CharField("様式名", max_length=120)
    sections = models.JSONField("部分", default=list)
    cost_items = models.JSONField("費目（節）", default=list)
    documents = models.JSONField("添付書類", default=list)
    criteria = models.JSONField("審査の観点", default=list)
    binding_sections = models.JSONField("同意の対象となる部分", default=list)
    eligibility = models.JSONField("要件", default=dict)
    indicators = models.JSONField("成果指標", default=dict, blank=True)
    defaults = models.JSONField("資料にない点の扱い", default=list)
    lines = models.JSONField("取組", default=list, blank=True)
    visits = models.JSONField("訪問・視察・支援", default=dict, blank=True)
    waivable = models.JSONField("免除できる点検", default=list, blank=True)
    requires_precheck = models.BooleanField("案の事前確認を求める", default=False)
    demanded = models.BooleanField("作成中の申請にもこの版を求める", default=False)

    rate_numerator = models.PositiveSmallIntegerField("補助率（分子）", null=True, blank=True)
    rate_denominator = models.PositiveSmallIntegerField("補助率（分母）", null=True, blank=True)
    first_year_cap = models.BigIntegerField("初年度の上限（円）", null=True, blank=True)
    later_year_cap = models.BigIntegerField("2年度目からの上限（円）", null=True, blank=True)
    project_cap = models.BigIntegerField("事業期間全体の上限（円）", null=True, blank=True)
    cap_reading = models.CharField("上限の読み方", max_length=20, choices=CapReading)
    other_subsidy = models.CharField("他の補助金の扱い", max_length=10, choices=OtherSubsidy)
    max_years = models.PositiveSmallIntegerField("最長の年数")

    objects = FormTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["program", "-version"]
        verbose_name = verbose_name_plural = "様式"
        constraints = [
            models.UniqueConstraint(fields=["program", "version"], name="form_template_natural_key"),
            models.UniqueConstraint(fields=["program", "file_version"], name="form_template_file_key"),
            models.CheckConstraint(
                condition=Q(rate_denominator__gte=1, rate_numerator__lte=models.F("rate_denominator")),
                name="form_template_rate",
                violation_error_message="補助率は0から1までの分数にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(
                    first_year_cap__gte=0, later_year_cap__gte=0, project_cap__gte=0, max_years__gte=1
                ),
                name="form_template_caps",
                violation_error_message="上限は0円以上、年数は1以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.version}版"

    def section_codes(self) -> tuple[str, ...]:
        """Every section in the order of the form, the fixed ones last."""
        fixed = (code for code in FIXED_SECTIONS if self.has_section(code))
        return (*(str(section["code"]) for section in self.sections), *fixed)

    def has_section(self, code: str) -> bool:
        """Whether a fixed section belongs to the form: lines, money and other bodies only where it asks for them."""
        absent = {
            LINES_SECTION: not self.lines,
            INDICATORS_SECTION: not self.indicators,
            BUDGET_SECTION: not self.has_money,
            MEMBERS_SECTION: self.is_alone,
        }
        return not absent.get(code, False)

    @property
    def has_money(self) -> bool:
        """Whether anything is paid: a form of a service has no cost items."""
        return bool(self.cost_items)

    @property
    def is_alone(self) -> bool:
        """Whether one municipality applies by itself."""
        return self.eligibility.get("max_municipalities") == 1 and not self.eligibility.get(
            "min_diverse_actors"
        )

    def section_label(self, code: str) -> str:
        """The Japanese name of a section."""
        named = {str(section["code"]): str(section["label"]) for section in self.sections}
        return {**named, **FIXED_SECTIONS, **RECORD_PARTS}.get(code, code)

    def section_scope(self, code: str) -> SectionScope:
        """Whether a section is filled once or by each municipality; the fixed ones are filled once."""
        scopes = {str(section["code"]): SectionScope(section["scope"]) for section in self.sections}
        return scopes.get(code, SectionScope.COMMON)

    def item_label(self, code: str) -> str:
        """「12 委託料」; a code that is no number of a 節 is not shown."""
        labels = {str(item["code"]): str(item["label"]) for item in self.cost_items}
        if code not in labels:
            return code
        return f"{code} {labels[code]}" if code.isdigit() else labels[code]

    def item_codes(self) -> list[str]:
        """Codes of the cost items in order."""
        return [str(item["code"]) for item in self.cost_items]

    def support_year(self, call: Call, year: int) -> int | None:
        """Which year of support a fiscal year is (1 = the call's), or None outside the span."""
        number = year - call.fiscal_year + 1
        return number if 1 <= number <= self.max_years else None

    def fiscal_years(self, call: Call) -> range:
        """The fiscal years a budget may have."""
        return range(call.fiscal_year, call.fiscal_year + self.max_years)

    def binding(self, call: Call) -> tuple[str, ...]:
        """The sections a consent is bound to: the call's own list, or the form's."""
        return tuple(str(code) for code in (call.binding_sections or self.binding_sections))

    @property
    def rate(self) -> Fraction | None:
        """補助率; None where the sources state none."""
        if self.rate_numerator is None or self.rate_denominator is None:
            return None
        return Fraction(self.rate_numerator, self.rate_denominator)

    def line_terms(self) -> tuple[rules.Line, ...]:
        """The lines an application chooses from, in order."""
        return tuple(rules.line_of(line) for line in self.lines)

    def terms(self, call: Call) -> rules.FundingTerms:
        """The parameters of the sum for a call."""
        return rules.FundingTerms(
            rate=self.rate,
            first_fiscal_year=call.fiscal_year,
            max_years=self.max_years,
            first_year_cap=self.first_year_cap,
            later_year_cap=self.later_year_cap,
            project_cap=self.project_cap,
            cap_reading=CapReading(self.cap_reading),
            other_subsidy=OtherSubsidy(self.other_subsidy),
            rounding_unit=call.rounding_unit,
            rounding_scope=call.rounding_scope,
            funding_route=call.funding_route,
            eligible_items=frozenset(str(item["code"]) for item in self.cost_items if item["eligible"]),
            lines=self.line_terms(),
            item_labels={str(item["code"]): self.item_label(str(item["code"])) for item in self.cost_items},
        )

    def weights(self) -> dict[str, int]:
        """Weight by criterion, in order."""
        return {str(criterion["code"]): int(criterion["weight"]) for criterion in self.criteria}

    def required_documents(self) -> Iterable[dict[str, Any]]:
        """The documents without which nothing is submitted."""
        return [document for document in self.documents if document["required"]]


class Question(models.Model):
    """設問. `max_length` counts characters as people do; `choices` list of text for CHOICE, `unit` for NUMBER.

    `code` is the same in every version of the form: answers are carried by it.
    """

    template = models.ForeignKey(FormTemplate, models.PROTECT, related_name="questions", verbose_name="様式")
    code = models.SlugField("記号", max_length=60)
    section = models.CharField("部分", max_length=40)
    position = models.PositiveSmallIntegerField("並び順")
    label = models.CharField("設問", max_length=200)
    help = models.TextField("説明", blank=True)
    kind = models.CharField("答えの種類", max_length=10, choices=QuestionKind)
    required = models.BooleanField("必須", default=True)
    max_length = models.PositiveIntegerField("最大文字数", null=True, blank=True)
    choices = models.JSONField("選択肢", default=list, blank=True)
    unit = models.CharField("単位", max_length=20, blank=True)
    prefill = models.CharField("はじめに入れる値", max_length=20, choices=PrefillSource, blank=True)

    class Meta:
        ordering = ["template", "position"]
        verbose_name = verbose_name_plural = "設問"
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="question_natural_key"),
            models.UniqueConstraint(fields=["template", "position"], name="question_position"),
        ]

    def __str__(self) -> str:
        return self.label

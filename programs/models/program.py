"""The catalogue's centre: a support program, and the facets it may hold several of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q

from accounts.models import Organization
from core.actor import Actor
from programs import rules
from programs.enums import (
    FACET_CODES,
    VISIBLE_PUBLICATIONS,
    AudienceScope,
    Facet,
    Kind,
    Level,
    Offering,
    Publication,
)
from programs.models.base import ReferenceRow

if TYPE_CHECKING:
    from programs.models.call import Call

SEARCH_COLUMNS: Final = frozenset({"search_title", "search_text", "search_synonyms"})

METROPOLITAN_CODE = "130001"
"""東京都, which also looks after the programs of the national government."""


class ProgramQuerySet(models.QuerySet["Program"]):
    """Chainable reads that start from who is reading."""

    def visible_to(self, actor: Actor, at: datetime) -> "ProgramQuerySet":
        """What an actor sees at an instant.

        Everybody sees published programs from their publication instant on (none stored: always). A
        publisher also sees every state of the programs it looks after: those of its own organization,
        and, for 東京都, those of the national government.
        """
        public = Q(publication__in=VISIBLE_PUBLICATIONS) & (
            Q(published_at__isnull=True) | Q(published_at__lte=at)
        )
        return self.filter(public | curated_by(actor))

    def top_level(self) -> "ProgramQuerySet":
        """Programs that are not a component (内訳) of another."""
        return self.filter(parent__isnull=True)

    def of_owner(self, organization: Organization) -> "ProgramQuerySet":
        """Programs of one body."""
        return self.filter(owner=organization)


def curated_by(actor: Actor, prefix: str = "") -> Q:
    """The programs an actor looks after as a publisher, for filters that reach them through `prefix`."""
    if actor.is_system:
        return Q(**{f"{prefix}pk__isnull": False})
    if not actor.has_role("publisher") or actor.organization_id is None:
        return Q(**{f"{prefix}pk__isnull": True})
    own = Q(**{f"{prefix}owner_id": actor.organization_id})
    if actor.organization_code == METROPOLITAN_CODE:
        own |= Q(**{f"{prefix}level": Level.NATIONAL})
    return own


class Program(ReferenceRow):
    """支援制度. `slug` is its public id and never changes.

    JSON shapes: `aliases`, `urls`, `eligible_expenses`, `excluded_expenses`, `measure_numbers`, `named` and
    `rule_ids` are lists of text; `phones` [{area, desk, phone}]; `money` [{label, text, value, unit}] and
    `facts` [{label, value, unit, text?, approx?}] as printed in the sources; `series` [{label, unit,
    years, values}]; `citations` [{source, lines, note}]. `search_title`, `search_text` and
    `search_synonyms` are folded (core.text.fold); they, `area_rank` and `largest_amount` (yen) are written with
    every change of the text, see `programs.actions.indexing`.
    """

    slug = models.SlugField("識別名", max_length=80, unique=True)
    title = models.CharField("正式名称", max_length=200)
    title_kana = models.CharField("読み", max_length=300, blank=True)
    aliases = models.JSONField("別名", default=list, blank=True)
    plain_title = models.CharField("わかりやすい名前", max_length=60, blank=True)
    summary = models.TextField("概要", blank=True)
    audience_text = models.TextField("使える人の説明", blank=True)
    benefit_text = models.TextField("受けられる支援の説明", blank=True)
    reach_text = models.TextField("申込み・相談の説明", blank=True)

    level = models.CharField("出している所", max_length=20, choices=Level)
    kind = models.CharField("支援の種類", max_length=20, choices=Kind)
    kind_label = models.CharField("資料での種類", max_length=60, blank=True)
    audience_scope = models.CharField("対象の自治体", max_length=20, choices=AudienceScope, blank=True)
    area_rank = models.PositiveSmallIntegerField("地域の広さ", default=6, editable=False)

    owner = models.ForeignKey(Organization, models.PROTECT, related_name="programs", verbose_name="所管")
    department = models.CharField("所管部署", max_length=200, blank=True)
    department_inferred = models.BooleanField("部署は他の箇所から補った", default=False)
    phone = models.CharField("電話", max_length=40, blank=True)
    phones = models.JSONField("電話（地域別）", default=list, blank=True)
    hours = models.CharField("受付時間", max_length=100, blank=True)
    url = models.CharField(
        "公式ページ", max_length=500, blank=True, validators=[RegexValidator(r"^https?://")]
    )
    urls = models.JSONField("その他のページ", default=list, blank=True)
    url_note = models.TextField("アドレスの注記", blank=True)

    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="components", null=True, blank=True, verbose_name="上位の制度"
    )
    offering = models.CharField("実施の状態", max_length=10, choices=Offering, default=Offering.ACTIVE)
    first_year = models.PositiveSmallIntegerField("開始年度", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("終了年度", null=True, blank=True)
    remarks = models.TextField("備考", blank=True)
    name_only = models.BooleanField("資料に名前だけがある", default=False)
    category = models.CharField("分類番号", max_length=10, blank=True)

    money = models.JSONField("金額と率", default=list, blank=True)
    facts = models.JSONField("要点", default=list, blank=True)
    series = models.JSONField("年次の数値", default=list, blank=True)
    eligible_expenses = models.JSONField("対象経費", default=list, blank=True)
    excluded_expenses = models.JSONField("対象外経費", default=list, blank=True)
    measure_numbers = models.JSONField("計画の施策番号", default=list, blank=True)
    named = models.JSONField("関連する名称", default=list, blank=True)
    rule_ids = models.JSONField("算定規則", default=list, blank=True)
    citations = models.JSONField("出典", default=list, blank=True)

    publication = models.CharField(
        "公開の状態", max_length=20, choices=Publication, default=Publication.DRAFT
    )
    published_at = models.DateTimeField("公開の日時", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="merged", null=True, blank=True, editable=False,
        verbose_name="まとめた先の制度",
    )  # fmt: skip
    search_title = models.TextField(editable=False, default="")
    search_text = models.TextField(editable=False, default="")
    search_synonyms = models.TextField(editable=False, default="")
    largest_amount = models.BigIntegerField("最も大きい金額", null=True, blank=True, editable=False)

    objects = ProgramQuerySet.as_manager()
    held_tags: Mapping[str, frozenset[str]] | None = None
    """Codes by facet, where a query has read them already; see `tag_codes`."""

    class Meta:
        ordering = ["area_rank", "title_kana", "slug"]
        verbose_name = verbose_name_plural = "支援制度"
        indexes = [
            models.Index(fields=["publication", "area_rank"], name="program_public_by_area"),
            models.Index(fields=["owner", "publication"], name="program_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="program_not_its_own_parent",
                violation_error_message="制度を自分自身の内訳にはできません。別の制度を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(first_year__isnull=True)
                | Q(last_year__isnull=True)
                | Q(first_year__lte=F("last_year")),
                name="program_years_in_order",
                violation_error_message="終了年度は開始年度以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(publication__in=Publication.values)
                & Q(offering__in=Offering.values)
                & Q(level__in=Level.values)
                & Q(kind__in=Kind.values),
                name="program_known_codes",
                violation_error_message="状態・区分・種類は決められた値から選んでください。",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(slug=""),
                name="program_has_a_name",
                violation_error_message="正式名称と識別名を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; with its search columns the keys they are found by, in the same transaction."""
        columns = kwargs.get("update_fields")
        if columns is not None and SEARCH_COLUMNS.isdisjoint(columns):
            super().save(*args, **kwargs)
            return
        from programs.models.searching import ProgramIndex  # it stands on this model

        with transaction.atomic(using=kwargs.get("using")):
            super().save(*args, **kwargs)
            ProgramIndex.objects.using(kwargs.get("using")).index([self])

    def tag_codes(self, facet: Facet) -> list[str]:
        """Its audiences or themes, in the order of the enum (reads `held_tags`, or `tags`, prefetched in lists)."""
        if self.held_tags is not None:
            held: Iterable[str] = self.held_tags.get(facet, frozenset())
        else:
            held = {tag.code for tag in self.tags.all() if tag.facet == facet}
        return [code for code in FACET_CODES[facet] if code in held]

    def is_public(self, at: datetime) -> bool:
        """Whether everybody sees it at an instant."""
        out = self.published_at is None or self.published_at <= at
        return self.publication in VISIBLE_PUBLICATIONS and out

    def availability(self, at: datetime, calls: "Iterable[Call] | None" = None) -> rules.Availability:
        """Whether it can be used at an instant.

        Its own calls count, and those of the program it is a component of, as far as the public sees them.
        Without `calls` they are read (`calls` and `parent.calls`, prefetched in lists).
        """
        if calls is None:
            sources = [self] if self.parent is None else [self, self.parent]
            calls = [call for source in sources if source.is_public(at) for call in source.calls.all()]
        windows = [rules.Window(call.opens_at, call.closes_at) for call in calls if call.is_public(at)]
        return rules.availability(
            offering=self.offering, kind=self.kind, windows=windows, at=at, last_year=self.last_year
        )

    def level_word(self) -> str:
        """国, 都, or the kind of the municipality: 市, 町, 村, 区 (reads `owner`)."""
        return rules.level_word(self.level, self.owner.municipal_type)

    def area_text(self) -> str:
        """The area it is for, in words (reads `owner`)."""
        return rules.area_text(self.level, self.audience_scope, self.owner.name)

    def fit(self, place: rules.Place) -> rules.FitJudgement:
        """Whether a municipality can use it, by scope and area rule (reads `owner`)."""
        return rules.combined_fit(
            self.scope_fit(place), place.rulings.get(self.pk), scope=self.audience_scope, level=self.level
        )

    def scope_fit(self, place: rules.Place) -> rules.FitJudgement:
        """Whether a municipality belongs to its audience, by area and kind of town (reads `owner`)."""
        return rules.area_fit(
            level=self.level,
            scope=self.audience_scope,
            owner_code=self.owner.code,
            owner_name=self.owner.name,
            place=place,
        )


class ProgramTag(models.Model):
    """One audience or theme of a program."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="tags")
    facet = models.CharField("分け方", max_length=10, choices=Facet)
    code = models.CharField("値", max_length=30)

    class Meta:
        ordering = ["program", "facet", "code"]
        verbose_name = verbose_name_plural = "制度の分類"
        indexes = [models.Index(fields=["facet", "code"], name="program_tag_lookup")]
        constraints = [
            models.UniqueConstraint(fields=["program", "facet", "code"], name="program_tag_once"),
            models.CheckConstraint(
                condition=Q(facet=Facet.AUDIENCE, code__in=FACET_CODES[Facet.AUDIENCE])
                | Q(facet=Facet.THEME, code__in=FACET_CODES[Facet.THEME]),
                name="program_tag_known_code",
                violation_error_message="使える人とテーマは決められた値から選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_facet_display()}：{self.code}"

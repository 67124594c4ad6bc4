"""Calls: rounds of application for a program."""

import secrets
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from core import fiscal_year
from core.actor import Actor
from programs import rules
from programs.enums import (
    VISIBLE_PUBLICATIONS,
    AudienceScope,
    CertificationMode,
    EndsIn,
    FundingRoute,
    InputUnit,
    Publication,
    RoundingScope,
)
from programs.models.program import Program, curated_by

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 signs that are not mistaken for one another when read out (no l, o, 0, 1)."""


def random_public_id() -> str:
    """Ten signs, 50 bits: says nothing about how many calls there are or when they were made."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def _public(at: datetime) -> Q:
    """Published calls of published programs, both from their publication instant on."""
    program_is_out = Q(program__published_at__isnull=True) | Q(program__published_at__lte=at)
    return program_is_out & Q(
        publication__in=VISIBLE_PUBLICATIONS,
        published_at__lte=at,
        program__publication__in=VISIBLE_PUBLICATIONS,
    )


class CallQuerySet(models.QuerySet["Call"]):
    """Chainable reads that start from who is reading; instants are arguments."""

    def visible_to(self, actor: Actor, at: datetime) -> "CallQuerySet":
        """What an actor sees at an instant.

        Everybody sees published calls of published programs from their publication instant on; a
        publisher also sees every state of the calls of the programs it looks after.
        """
        return self.filter(_public(at) | curated_by(actor, prefix="program__"))

    def published(self, at: datetime) -> "CallQuerySet":
        """What everybody sees at an instant."""
        return self.filter(_public(at))

    def open_at(self, at: datetime) -> "CallQuerySet":
        """Published calls that take applications at an instant; both ends belong to the period."""
        return self.published(at).filter(opens_at__lte=at, closes_at__gte=at)


class Call(models.Model):
    """第○次募集. Instants are aware; a bare date as a deadline means 17:00 or the time the source gives.

    `fiscal_year` is the year the money pays for, a field of its own: a start on 1 April is applied for in
    the winter before. `closes_at` of a published call moves only through an extension or a shortening. JSON shapes:
    `binding_sections` list of section codes; `phases` [{"key", "label", "starts_on"?, "ends_on"?,
    "note"?}] with ISO dates. Amounts are yen.
    """

    public_id = models.CharField(
        "募集番号", max_length=10, unique=True, default=random_public_id, editable=False
    )
    program = models.ForeignKey(Program, models.PROTECT, related_name="calls", verbose_name="制度")
    fiscal_year = models.PositiveSmallIntegerField("対象年度")
    round_name = models.CharField("募集回", max_length=60)
    outline = models.TextField("募集の概要", blank=True)
    opens_at = models.DateTimeField("受付開始")
    closes_at = models.DateTimeField("締切")
    precheck_due_at = models.DateTimeField("案の事前確認の期限", null=True, blank=True)
    announce_at = models.DateTimeField("結果の公表", null=True, blank=True)
    applicants = models.CharField("申請できる人", max_length=200)
    applicant_scope = models.CharField("対象の自治体", max_length=20, choices=AudienceScope, blank=True)

    budget = models.BigIntegerField("予算（円）", null=True, blank=True)
    capacity = models.PositiveIntegerField("採択の数", null=True, blank=True)
    capacity_unit = models.CharField("採択の単位", max_length=20, blank=True)
    uses_per_member = models.PositiveIntegerField("1団体が使える回数", null=True, blank=True)
    max_per_lead = models.PositiveIntegerField("代表1団体の申請数", default=1)
    cap_per_member = models.BigIntegerField("1団体あたりの上限（円）", null=True, blank=True)
    rounding_unit = models.PositiveIntegerField("切捨ての単位（円）", default=1)
    rounding_scope = models.CharField(
        "切捨ての対象", max_length=10, choices=RoundingScope, default=RoundingScope.PAYEE
    )
    input_unit = models.CharField("金額の入力単位", max_length=15, choices=InputUnit, default=InputUnit.YEN)
    funding_route = models.CharField(
        "交付方式", max_length=15, choices=FundingRoute, default=FundingRoute.LEAD
    )
    certification_mode = models.CharField(
        "庁内決裁の扱い", max_length=12, choices=CertificationMode, default=CertificationMode.EXTERNAL
    )
    ends_in = models.CharField("支援の形", max_length=10, choices=EndsIn, default=EndsIn.MONEY)
    binding_sections = models.JSONField("同意の対象となる部分", default=list, blank=True)
    phases = models.JSONField("日程", default=list, blank=True)
    rule = models.ForeignKey(
        "programs.FundingRule", models.PROTECT, related_name="calls", null=True, blank=True, verbose_name="算定規則"
    )  # fmt: skip
    contact_department = models.CharField("問合せ先", max_length=200, blank=True)
    contact_phone = models.CharField("電話", max_length=40, blank=True)
    contact_hours = models.CharField("受付時間", max_length=100, blank=True)
    contact_email = models.EmailField("メール", max_length=200, blank=True)
    is_fictional = models.BooleanField("架空", default=False)

    publication = models.CharField(
        "公開の状態", max_length=20, choices=Publication, default=Publication.DRAFT
    )
    published_at = models.DateTimeField("公開の日時", null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["closes_at", "pk"]
        verbose_name = verbose_name_plural = "募集"
        constraints = [
            models.UniqueConstraint(
                fields=["program", "fiscal_year", "round_name"],
                name="call_natural_key",
                violation_error_message="この年度の同じ名前の募集はすでにあります。募集回の名前を変えてください。",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")),
                name="call_opens_before_it_closes",
                violation_error_message="締切は受付開始より後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(precheck_due_at__isnull=True)
                | (Q(precheck_due_at__gte=F("opens_at")) & Q(precheck_due_at__lte=F("closes_at"))),
                name="call_precheck_within_period",
                violation_error_message="案の事前確認の期限は、受付開始から締切までの間にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(announce_at__isnull=True) | Q(announce_at__gte=F("closes_at")),
                name="call_announced_after_closing",
                violation_error_message="結果の公表は締切以後にしてください。",
            ),
            models.CheckConstraint(
                condition=~Q(publication=Publication.PUBLISHED) | Q(published_at__isnull=False),
                name="call_published_with_instant",
                violation_error_message="公開する募集には公開の日時が必要です。",
            ),
            models.CheckConstraint(
                condition=(Q(budget__isnull=True) | Q(budget__gte=0))
                & (Q(cap_per_member__isnull=True) | Q(cap_per_member__gte=0))
                & Q(rounding_unit__gte=1)
                & Q(max_per_lead__gte=1),
                name="call_amounts_make_sense",
                violation_error_message="金額は0円以上、切捨ての単位と申請数は1以上にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | (Q(capacity__gte=1) & ~Q(capacity_unit="")),
                name="call_capacity_has_unit",
                violation_error_message="採択の数には単位（市町村、回など）を付けてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.name}"

    @property
    def name(self) -> str:
        """令和9年度 第1次募集."""
        return f"{fiscal_year.label(self.fiscal_year)} {self.round_name}"

    def is_public(self, at: datetime) -> bool:
        """Whether it is out at an instant."""
        return (
            self.publication in VISIBLE_PUBLICATIONS
            and self.published_at is not None
            and self.published_at <= at
        )

    def is_open(self, at: datetime) -> bool:
        """The one predicate of page, API, list and reminder: out, opened, and not past its closing instant."""
        return self.is_public(at) and self.opens_at <= at <= self.closes_at

    def availability(self, at: datetime) -> rules.Availability:
        """Its state in words at an instant."""
        window = rules.Window(self.opens_at, self.closes_at)
        return rules.call_availability(window, at)

"""How far every body of a case is: consent, its own decision, its budget, what it pays, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.actor import Actor
from core.fiscal_year import label
from grants import rules
from grants.enums import BackingState, ConsentState, IncomeKind, MemberState
from grants.models import Application, BudgetBacking, Certification, Consent, Member
from grants.permissions import restricted_to
from grants.queries.content import budget_of, subsidy_of


@dataclass(frozen=True)
class YearStanding:
    """One fiscal year of one municipality, in yen.

    `spending` its costs, `share` its 構成市町村負担金, `passed` what it pays to another member that spends it (counted once,
    there), `received` what others pay to it, `subsidy` what it would get, `backing` how far its budget is.
    """

    fiscal_year: int
    spending: int
    share: int
    passed: int
    received: int
    subsidy: int
    backing: BudgetBacking | None

    @property
    def is_planned(self) -> bool:
        """Whether anything is planned in this year."""
        return bool(self.spending or self.share or self.received)

    @property
    def unbacked(self) -> int:
        """What the year costs beyond what its budget covers (minus: too much); 0 where no budget is there yet."""
        if self.backing is None or self.backing.state == BackingState.NONE:
            return 0
        return self.spending - self.backing.total


@dataclass(frozen=True)
class PartnerStanding:
    """One body: the consent that holds or ended last, its own decision, its years, and what it still has to do."""

    member: Member
    consent: Consent | None
    decision: tuple[str, date | None]
    years: tuple[YearStanding, ...] = ()
    missing: tuple[str, ...] = field(default=())


def partner_standings(actor: Actor, application: Application) -> list[PartnerStanding]:
    """Every present body for the lead; a partner finds itself alone."""
    members = application.members.present().select_related("organization")
    own = restricted_to(actor, application)
    if own is not None:
        members = members.filter(pk=own.pk)
    rows = list(members.order_by("position").prefetch_related("consents", "backings"))
    certificate = application.certifications.filter(voided_at__isnull=True).first()
    budget, result = budget_of(application), subsidy_of(application)
    years = application.template.fiscal_years(application.call)
    return [_standing(member, certificate, budget, result, years) for member in rows]


def _standing(
    member: Member,
    certificate: Certification | None,
    budget: rules.Budget,
    result: rules.SubsidyResult,
    years: range,
) -> PartnerStanding:
    consents = list(member.consents.all())
    held = next((one for one in consents if one.state == ConsentState.GIVEN), None)
    newest = max(consents, key=lambda one: one.given_at, default=None)
    backings = {backing.fiscal_year: backing for backing in member.backings.all()}
    lines = (
        tuple(_year(member.public_id, budget, result, year, backings) for year in years)
        if member.is_municipality
        else ()
    )
    decision = _decision(member, held, certificate)
    missing = tuple(_missing(member, held, certificate, lines))
    return PartnerStanding(member, held or newest, decision, lines, missing)


def _decision(
    member: Member, held: Consent | None, certificate: Certification | None
) -> tuple[str, date | None]:
    """Number and day of the body's own decision: the lead's certificate, or what a consent names."""
    if member.is_lead:
        return (certificate.document_number, certificate.decided_on) if certificate else ("", None)
    return (held.document_number, held.document_date) if held else ("", None)


def _year(
    key: str,
    budget: rules.Budget,
    result: rules.SubsidyResult,
    year: int,
    backings: Mapping[int, BudgetBacking],
) -> YearStanding:
    costs = [cost for cost in budget.costs if cost.fiscal_year == year]
    mine = [cost for cost in costs if cost.member == key]
    share = [income for income in budget.incomes if income.member == key and income.fiscal_year == year]
    return YearStanding(
        year,
        spending=sum(cost.amount for cost in mine),
        share=sum(income.amount for income in share if income.kind is IncomeKind.MEMBER_SHARE),
        passed=sum(cost.amount for cost in mine if cost.paid_to is not None),
        received=sum(cost.amount for cost in costs if cost.paid_to == key),
        subsidy=result.paid_to(key, year),
        backing=backings.get(year),
    )


def _missing(
    member: Member, held: Consent | None, certificate: Certification | None, years: tuple[YearStanding, ...]
) -> list[str]:
    """What the body still has to do, in words."""
    found = []
    if member.state == MemberState.LEAVING:
        found.append("離脱の申出があります")
    if not member.is_lead and held is None:
        found.append("同意")
    if member.is_lead and certificate is None:
        found.append("庁内決裁の記録")
    open_years = [line for line in years if line.is_planned and line.backing is None]
    found += [f"予算措置状況（{label(line.fiscal_year)}）" for line in open_years]
    found += [f"財源内訳と支出の差（{label(line.fiscal_year)}）" for line in years if line.unbacked]
    return found

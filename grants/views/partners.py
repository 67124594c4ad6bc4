"""How far every body is, on one page; and each municipality's own word on its budget."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core.access import allowed
from core.exceptions import Conflict, DomainError, Refused
from core.fiscal_year import label
from core.money import format_yen
from grants import queries
from grants.actions.backing import BackingEntry, save_backing
from grants.enums import BackingState, IncomeKind
from grants.forms import BackingForm
from grants.forms.backing import SOURCE_LABELS
from grants.models import BudgetBacking, Member
from grants.models.backing import SOURCES
from grants.queries.partners import PartnerStanding, partner_standings
from grants.views.board import member_lines
from grants.views.frame import CasePage, case_page, form_page, member_of_case, sees, status_of

TONES = {
    BackingState.VOTED: ("good", "check"), BackingState.ASSESSED: ("info", "half"), BackingState.REQUESTED: ("info", "half"),
    BackingState.SUPPLEMENTARY: ("warn", "clock"), BackingState.NONE: ("bad", "cross"),
}  # fmt: skip


def tone_of(backing: BudgetBacking) -> tuple[str, str]:
    """Tone and shape of a state's badge."""
    return TONES[BackingState(backing.state)]


@sees
@require_safe
def partners(request: HttpRequest, public_id: str) -> HttpResponse:
    """Per body: consent, its own decision, its budget, what it pays; the lead sees who is missing."""
    page = case_page(request, public_id)
    standings = partner_standings(page.actor, page.application)
    words = {line.member.pk: line.word for line in member_lines(page)}
    lines = [(one, words[one.member.pk]) for one in standings]
    return page.render(
        request, "partners", lines=lines, waiting=[one for one in standings if one.missing], years=_years(page),
        shares=_shares(page, standings), own=page.member,
        decision=allowed(page.actor, "grants.record_backing", page.member, page.at),
    )  # fmt: skip


def _years(page: CasePage) -> list[tuple[int, str]]:
    return [(year, label(year)) for year in page.application.template.fiscal_years(page.application.call)]


def _shares(page: CasePage, standings: Sequence[PartnerStanding]) -> list[tuple[str, list[int], int]]:
    """構成市町村負担金 by municipality and year with its sum; the lead also sees the whole."""
    rows = [
        (one.member.name, [line.share for line in one.years], sum(line.share for line in one.years))
        for one in standings
        if one.years
    ]
    if page.is_lead:
        columns = [sum(amounts) for amounts in zip(*(amounts for _, amounts, _ in rows), strict=True)]
        rows.append(("計", columns, sum(columns)))
    return rows


@sees
@form_page
def backing(request: HttpRequest, public_id: str, member: str) -> HttpResponse:
    """One municipality's 予算措置状況: typed by its own people, read by the lead's."""
    page = case_page(request, public_id)
    body = member_of_case(page, member)
    if not body.is_municipality:
        raise Refused
    shown = _shown(page, body)
    years = [year for year, _ in _years(page)]
    form = BackingForm(request.POST or None, years=years, shown=shown)
    status, differences = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            entries = form.entries()
            try:
                save_backing(member_id=body.pk, entries=entries, by=page.actor, at=page.at)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
                if isinstance(error, Conflict):
                    differences = _differences(body, entries)
                    form.data = _renewed(request, body)
            else:
                messages.success(request, "予算措置状況を保存しました。同意や決裁には影響しません。")
                return redirect(page.url("partners"))
    return page.render(
        request, "backing", status=status, heading=f"予算措置状況（{body}）", body=body, form=form, years=_years(page),
        differences=differences, copied=not body.backings.exists(), spending=_spending(page, body),
        decision=allowed(page.actor, "grants.record_backing", body, page.at),
    )  # fmt: skip


def _spending(page: CasePage, body: Member) -> list[int]:
    plan = queries.budget_of(page.application)
    return [
        sum(c.amount for c in plan.costs if c.member == body.public_id and c.fiscal_year == year)
        for year, _ in _years(page)
    ]


def _shown(page: CasePage, body: Member) -> dict[int, BackingEntry]:
    """What is saved; where nothing is, the sources as the budget plan has them, for the town to confirm."""
    saved = {row.fiscal_year: row for row in body.backings.all()}
    plan, result = queries.budget_of(page.application), queries.subsidy_of(page.application)
    found = {}
    for year, _ in _years(page):
        row = saved.get(year)
        if row is not None:
            found[year] = _entry(row)
            continue
        mine = [one for one in plan.incomes if one.member == body.public_id and one.fiscal_year == year]
        general = sum(one.amount for one in mine if one.kind is IncomeKind.MEMBER_SHARE)
        received = sum(
            cost.amount for cost in plan.costs if cost.paid_to == body.public_id and cost.fiscal_year == year
        )
        found[year] = BackingEntry(
            fiscal_year=year, state="", metropolitan=result.paid_to(body.public_id, year), general=general,
            other=sum(one.amount for one in mine) - general + received,
        )  # fmt: skip
    return found


def _entry(row: BudgetBacking) -> BackingEntry:
    amounts = {source: getattr(row, source) for source in SOURCES}
    return BackingEntry(row.fiscal_year, row.state, scheduled=row.scheduled, version=row.version, **amounts)


def _differences(body: Member, entries: Sequence[BackingEntry]) -> list[tuple[str, str, str]]:
    """What a colleague saved meanwhile beside what was typed: name, typed, saved."""
    saved = {row.fiscal_year: _entry(row) for row in body.backings.all()}
    found = []
    for typed in entries:
        now = saved.get(typed.fiscal_year, BackingEntry(typed.fiscal_year, ""))
        pairs = [
            ("予算措置状況", _word(typed.state), _word(now.state)),
            ("時期", typed.scheduled, now.scheduled),
        ]
        pairs += [
            (SOURCE_LABELS[source], format_yen(getattr(typed, source)), format_yen(getattr(now, source)))
            for source in SOURCES
        ]
        found += [
            (f"{name}（{label(typed.fiscal_year)}）", mine, theirs)
            for name, mine, theirs in pairs
            if mine != theirs
        ]
    return found


def _word(state: str) -> str:
    return str(BackingState(state).label) if state else "（未選択）"


def _renewed(request: HttpRequest, body: Member) -> "dict[str, str]":
    """The form for another try: as typed, with the versions that stand now."""
    renewed = {name: str(value) for name, value in request.POST.items()}
    return renewed | {f"version-{row.fiscal_year}": str(row.version) for row in body.backings.all()}

"""Pasting a block from Excel into one town's grid: read and shown first, saved by the grid's own button."""

from dataclasses import dataclass, field

from django import forms
from django.http import HttpRequest, HttpResponse

from core.exceptions import DomainError, Refused
from core.fiscal_year import label
from grants import rules
from grants.enums import BUDGET_SECTION
from grants.forms import BudgetForm, BudgetRow, DomainForm
from grants.models import Member
from grants.views.budget import budget_form, money_page, rows_of, show_grid
from grants.views.frame import CasePage, form_page, member_of_case, sees


class PasteForm(DomainForm):
    """The block."""

    block = forms.CharField(
        label="Excelから写した範囲", strip=False, widget=forms.Textarea(attrs={"rows": 12, "wrap": "off"}),
        help_text="1列目に費目（番号か名前）や財源の名前、2列目から年度ごとの金額を並べた範囲を写して、ここに貼り付けます。",
    )  # fmt: skip


@dataclass
class Pasted:
    """What changes in the grid: (cell, pasted, saved), and the lines of totals that were left out."""

    changes: list[tuple[str, str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@sees
@form_page
def budget_paste(request: HttpRequest, public_id: str, member: str) -> HttpResponse:
    """The text area; then the grid with the block in it, not saved yet. Faults name line and column."""
    page = money_page(request, public_id)
    body = member_of_case(page, member)
    decision = page.edits(BUDGET_SECTION, body)
    if not body.is_municipality or (not decision and not decision.reason):
        raise Refused
    form, reading, status = PasteForm(request.POST or None), None, 200
    grid = budget_form(page, body)
    if request.method == "POST":
        status = 422
        if not decision:
            raise Refused
        if form.is_valid():
            reading = _read(form.cleaned_data["block"], page, grid)
            if not reading.faults:
                return _filled(request, page, body, grid, reading)
            form.refuse(DomainError(*reading.faults))
    return page.render(
        request, "budget_paste", status=status, heading=f"Excelから貼り付け（{body}）", body=body, form=form,
        decision=decision, names=[row.label for row in grid.rows], unit=grid.unit,
        read=_shown(grid, reading) if reading else [], years=[label(year) for year in grid.years],
    )  # fmt: skip


def _read(block: str, page: CasePage, grid: BudgetForm) -> rules.Reading:
    names = {row.key: _names(page, row) for row in grid.rows}
    return rules.read_block(
        block, names, grid.years, lambda cell: rules.read_amount(cell, thousand=grid.thousand)
    )


def _names(page: CasePage, row: BudgetRow) -> list[str]:
    """What a row may be called in a sheet: as on the page, by its number alone, by its name alone."""
    if row.income or row.paid_to_id is not None:
        return [row.label]
    items = {str(item["code"]): str(item["label"]) for item in page.application.template.cost_items}
    return [row.label, row.item, items.get(row.item, row.label)]


def _filled(
    request: HttpRequest, page: CasePage, body: Member, grid: BudgetForm, reading: rules.Reading
) -> HttpResponse:
    """The grid as saved with the block laid over it."""
    data = request.POST.copy()
    data.clear()
    data["version"] = str(body.budget_version)
    for row in grid.rows:
        for year in grid.years:
            amount = reading.amounts.get((row.key, year), row.amounts.get(year, 0))
            data[f"{row.key}-{year}"] = grid.shown(amount) if amount else ""
        data[f"{row.key}-note"] = reading.notes.get(row.key, row.note)
    form = budget_form(page, body, data)
    form.is_valid()
    pasted = Pasted(form.differences(rows_of(page, body)), reading.skipped)
    return show_grid(request, page, body, form, pasted=pasted)


def _shown(grid: BudgetForm, reading: rules.Reading) -> list[tuple[str, list[str]]]:
    """What could be read so far, row by row."""
    return [
        (
            row.label,
            [
                grid.shown(reading.amounts[row.key, y]) if (row.key, y) in reading.amounts else ""
                for y in grid.years
            ],
        )
        for row in grid.rows
        if any((row.key, year) in reading.amounts for year in grid.years)
    ]

"""The part of `manage.py import_progress_sheets --table` that reads a 予算・決算カルテ by its columns."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.exceptions import DomainError
from indicators.actions.budgets import read_for
from indicators.enums import BudgetField
from indicators.importing import Finding, UnreadableSourceError
from indicators.importing.budget import (
    Choice,
    Column,
    Page,
    heading_row,
    open_pages,
    proposed,
    spoken_year,
    year_in,
)
from indicators.importing.budget_rows import BudgetReading
from indicators.models import Plan
from indicators.queries.budgets import remembered_columns

_FIELDS = {label: code for code, label in BudgetField.choices} | {code: code for code in BudgetField.values}


def add_arguments(parser: CommandParser) -> None:
    """How a table is to be read; what is not said is what its headings and the plan's last table say."""
    parser.add_argument(
        "--table", action="store_true", help="a budget and settlement sheet, .xlsx or .csv, one measure a row"
    )
    parser.add_argument("--worksheet", metavar="NAME", help="default: the first")
    parser.add_argument(
        "--heading", metavar="ROW", type=int, help="the row of headings, from 1; default: found"
    )
    parser.add_argument("--year", metavar="YEAR", help="the year of values that no column dates, R7 or 2025")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=WHAT",
        help="e.g. 備考=issues; nothing behind = leaves it",
    )


def read_table(data: bytes, options: dict[str, Any]) -> tuple[Plan, BudgetReading]:
    """The plan and what the table says. Raises CommandError with fault and cure."""
    plan = Plan.objects.filter(slug=options["plan"] or "").first()
    if plan is None:
        raise CommandError(
            f"識別名「{options['plan'] or ''}」の計画がありません。--plan に計画の識別名を指定してください。"
        )
    try:
        pages = open_pages(data)
        return plan, read_for(plan, pages, _choice(plan, pages, options))
    except UnreadableSourceError as error:
        raise CommandError(str(error)) from None
    except DomainError as error:
        raise CommandError("\n".join(map(str, error.faults))) from None


def _choice(plan: Plan, pages: Sequence[Page], options: dict[str, Any]) -> Choice:
    name = options["worksheet"]
    page = next((row for row in pages if name in {None, row.name}), None)
    if page is None:
        names = "、".join(row.name for row in pages)
        raise CommandError(f"シート「{name}」がありません。あるシート：{names}")
    heading = heading_row(page) if options["heading"] is None else options["heading"] - 1
    if not 0 <= heading < len(page.rows):
        raise CommandError(f"--heading は1から{len(page.rows)}までの行の番号で指定してください。")
    columns = proposed(page, heading, remembered_columns(plan))
    for said in options["column"]:
        _chosen(columns, page, heading, said)
    year = spoken_year(options["year"]) if options["year"] else None
    if options["year"] and year is None:
        raise CommandError(
            f"--year の「{options['year']}」は年度として読めません。R7、令和7年度、2025のように指定してください。"
        )
    return Choice(page.name, heading, columns, year)


def _chosen(columns: dict[int, Column], page: Page, heading: int, said: str) -> None:
    """One `HEADING=WHAT` into the columns."""
    title, _, what = said.partition("=")
    place = next((at for at in range(page.width) if page.at(heading, at) == title), None)
    if place is None:
        raise CommandError(
            f"「{title}」の列がありません。{heading + 1}行目の見出しのとおりに指定してください。"
        )
    if not what:
        columns.pop(place, None)
        return
    code = _FIELDS.get(what)
    if not code:
        raise CommandError(f"「{what}」としては読めません。えらべる欄：{'、'.join(BudgetField.labels)}")
    for other in [at for at, column in columns.items() if column.field == code and at != place]:
        if columns[other].year == year_in(title):
            del columns[other]
    columns[place] = Column(BudgetField(code), year_in(title))


def preview(reading: BudgetReading) -> dict[str, Any]:
    """What was read, as plain data."""
    return {
        "worksheet": reading.page.name,
        "columns": {
            reading.page.at(reading.choice.heading, place): {"as": column.field.value, "year": column.year}
            for place, column in sorted(reading.choice.columns.items())
        },
        "values": [
            {"measure": row.number, "year": row.year, "cell": row.name, "text": row.text}
            for row in reading.values
        ],
        "repairs": [_finding(row) for row in reading.repairs],
        "doubts": [_finding(row) for row in reading.doubts],
    }


def _finding(row: Finding) -> dict[str, Any]:
    return {
        name: getattr(row, name) for name in ("cell", "sheet", "kind", "before", "after", "fault", "cure")
    }


def lines(reading: BudgetReading) -> list[str]:
    """The same for people."""
    said = [f"{row.number}　{row.year or ''}　{row.name}：{row.text}" for row in reading.values]
    for name, findings in (("直した所", reading.repairs), ("確かめる所", reading.doubts)):
        said.append(f"{name}：{len(findings)}件")
        said += [f"  {row.cell}：{row.fault}「{row.before}」{row.cure}" for row in findings]
    return said

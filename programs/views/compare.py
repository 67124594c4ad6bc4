"""Up to four programs side by side. Nothing is stored: the address says which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.access import access, actor_of
from core.text import one_line, unstorable
from programs.enums import Facet, Offering, Theme
from programs.queries.catalogue import ListedProgram, compared
from programs.rules import Availability
from programs.views import figures

MOST: Final = 4
FEWEST: Final = 2
_SHOWN_NAME: Final = 40


@dataclass(frozen=True)
class Column:
    """One program: what its head shows, and the query of the address without it."""

    listed: ListedProgram
    state: Availability
    without: str

    @property
    def ended(self) -> bool:
        """Whether it is kept as a record only."""
        return self.listed.program.offering == Offering.ENDED


@dataclass(frozen=True)
class Row:
    """One line of the table: its name, and a text for each program ("" where the sources say nothing)."""

    title: str
    cells: list[str]


@access(public=True)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Programs named by `p`; what cannot be shown is said above those that can (400)."""
    at = clock.now()
    asked = list(dict.fromkeys(slug.strip() for slug in request.GET.getlist("p") if slug.strip()))
    tried, over = asked[:MOST], asked[MOST:]
    found = compared([slug for slug in tried if not unstorable(slug)], at, actor_of(request))
    known = [each.program.slug for each in found]
    unknown = [one_line(slug)[:_SHOWN_NAME] for slug in tried if slug not in known]
    columns = [_column(each, known, at) for each in found]
    context = {
        "columns": columns,
        "rows": _rows(columns) if len(columns) >= FEWEST else [],
        "unknown": unknown,
        "over": len(over),
        "most": MOST,
        "more": urlencode([("compare", slug) for slug in known]),
        "may_add": len(columns) < MOST,
        "enough": len(columns) >= FEWEST,
        "link": request.build_absolute_uri(),
    }
    return render(request, "programs/compare.html", context, status=400 if unknown or over else 200)


def _column(listed: ListedProgram, slugs: Sequence[str], at: datetime) -> Column:
    rest = [("p", slug) for slug in slugs if slug != listed.program.slug]
    return Column(listed, listed.program.availability(at, listed.calls), urlencode(rest))


def _rows(columns: Sequence[Column]) -> list[Row]:
    """Every line that at least one program has something to say on."""
    rows = [Row(title, [cell(column) for column in columns]) for title, cell in _LINES]
    return [row for row in rows if any(row.cells)]


def _amount(column: Column) -> str:
    amount = figures.headline(column.listed.program, column.listed.budget)
    return f"{amount.figure}（{amount.what}）" if amount else ""


def _money(column: Column) -> str:
    return "\n".join(f"{term}：{words}" for term, words in figures.key_facts(column.listed.program, []))


def _themes(column: Column) -> str:
    return "・".join(str(Theme(code).label) for code in column.listed.program.tag_codes(Facet.THEME))


def _phone(column: Column) -> str:
    program = column.listed.program
    desks = [f"{desk['area']}　{desk['desk']}　{desk['phone']}" for desk in program.phones]
    return "\n".join(desks or [program.phone]) if desks or program.phone else ""


def _kind(column: Column) -> str:
    program = column.listed.program
    return program.kind_label or str(program.get_kind_display())


def _text(name: str) -> Callable[[Column], str]:
    return lambda column: str(getattr(column.listed.program, name))


def _list(name: str) -> Callable[[Column], str]:
    return lambda column: "\n".join(str(item) for item in getattr(column.listed.program, name))


_LINES: Final[tuple[tuple[str, Callable[[Column], str]], ...]] = (
    ("概要", _text("summary")),
    ("使える人", lambda column: figures.who(column.listed.program)),
    ("使える地域", lambda column: column.listed.program.area_text()),
    ("使える人の説明", _text("audience_text")),
    ("受けられる支援", _text("benefit_text")),
    ("金額", _amount),
    ("要点", _money),
    ("対象になる経費", _list("eligible_expenses")),
    ("対象にならない経費", _list("excluded_expenses")),
    ("申込み・相談のしかた", _text("reach_text")),
    ("支援の種類", _kind),
    ("テーマ", _themes),
    ("所管", lambda column: figures.office(column.listed.program)),
    ("電話", _phone),
    ("受付時間", _text("hours")),
)

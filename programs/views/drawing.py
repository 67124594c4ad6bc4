"""What a list of programs has many of: its lines, each drawn once for a moment of the catalogue, boxes and options.

A template's loop takes ten times as long for a box or an option as a format string does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.template.loader import get_template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from core import clock, fiscal_year
from core.actor import Actor
from core.shelf import Shelf
from programs.models import Program
from programs.queries.catalogue import ListedProgram, page_of
from programs.queries.facets import FacetGroup, Found, TownCount
from programs.queries.search import Criteria
from programs.queries.standing import AREAS
from programs.rules import Availability, FitJudgement
from programs.views import figures
from programs.views.keeping import Seen

_AREA: Final = attrgetter("area")
_OPTION: Final = '<option value="{}"{}>{}（{}件）</option>'
_EVERY: Final = '<label class="choice"><input type="radio" name="{}" value=""{}><span>すべて</span></label>'
_BOX: Final = (
    '<label class="choice"><input type="{}" name="{}" value="{}"{}><span>{}</span>'
    '<span class="n">{}<span class="sr">件</span></span></label>'
)


@dataclass(frozen=True)
class ResultLine:
    """What a line shows of a program, with what is derived for the instant and the municipality."""

    program: Program
    parent: Program | None
    state: Availability
    who: str
    amount: figures.Amount | None
    fit: FitJudgement | None
    is_new: bool
    fictional: bool


@dataclass(frozen=True)
class DrawnLine:
    """A line as it stands in the page, and the program it is of."""

    slug: str
    markup: str


_shelf: Final[Shelf[Any, DrawnLine]] = Shelf(most=4096, most_bytes=16 * 1024 * 1024, largest=64 * 1024)


def lines_of(
    found: Found, pks: Sequence[int], criteria: Criteria, *, seen: Seen, actor: Actor, picked: Sequence[str]
) -> list[DrawnLine]:
    """The lines of one page, in its order; what is drawn already for this moment and municipality is not read.

    Nothing is kept for a reader of whom something stands in the line: who is signed in (`seen.moment` is None then),
    or has picked programs to compare.
    """
    place = criteria.place.code if criteria.place else ""
    keys = {pk: (seen.moment, place, pk) for pk in pks}
    keeps = seen.moment is not None and not picked
    drawn = {pk: line for pk, key in keys.items() if keeps and (line := _shelf.get(key)) is not None}
    missing = [pk for pk in pks if pk not in drawn]
    template = get_template("programs/line.html")
    for row in page_of(found, missing, seen.at, actor) if missing else ():
        shown = {"line": _line(row, criteria, seen.at), "criteria": criteria, "picked": picked}
        made = drawn[row.program.pk] = DrawnLine(row.program.slug, template.render(shown))
        if keeps:
            _shelf.put(keys[row.program.pk], made, len(made.markup.encode()))
    return [drawn[pk] for pk in pks if pk in drawn]


def _line(row: ListedProgram, criteria: Criteria, at: datetime) -> ResultLine:
    program = row.program
    state = program.availability(at, row.calls)
    return ResultLine(
        program=program,
        parent=program.parent if program.parent is not None and program.parent.is_public(at) else None,
        state=state,
        who=figures.who(program),
        amount=figures.headline(program, row.budget),
        fit=program.fit(criteria.place) if criteria.place else None,
        is_new=program.first_year == fiscal_year.fiscal_year_of(clock.today(at)),
        fictional=state.closes_at is not None
        and any(call.is_fictional and call.closes_at == state.closes_at for call in row.calls),
    )


def town_options(towns: Iterable[TownCount], chosen: str) -> SafeString:
    """The options of the select by area: 多摩, 島しょ, 区部, each with how many programs it can use."""
    by_area = {area: list(rows) for area, rows in groupby(sorted(towns, key=_AREA), key=_AREA)}
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (str(area.label), _filled(_OPTION, (_facts(row, chosen) for row in by_area[area])))
            for area in AREAS
            if area in by_area
        ),
    )


def boxes(group: FacetGroup) -> SafeString:
    """The choices of a facet with their counts, and 「すべて」 before them where only one can be chosen."""
    kind = "radio" if group.single else "checkbox"
    found = _filled(
        _BOX,
        (
            (kind, group.name, each.value, _mark("checked", each.chosen), each.label, str(each.count))
            for each in group.choices
        ),
    )
    if not group.single:
        return found
    return _filled(_EVERY, [(group.name, _mark("checked", not group.any_chosen))]) + found


def _filled(pattern: str, rows: Iterable[tuple[str, ...]]) -> SafeString:
    """The pattern with each row's words, all of them escaped: a box has six, and a page two hundred boxes."""
    return SafeString("".join(pattern.format(*map(_escaped, row)) for row in rows))


@lru_cache(maxsize=4096)
def _escaped(words: str) -> str:
    return str(escape(words))


def _mark(name: str, holds: bool) -> str:
    return f" {name}" if holds else ""


def _facts(town: TownCount, chosen: str) -> tuple[str, ...]:
    return town.code, _mark("selected", town.code == chosen), town.name, str(town.count)

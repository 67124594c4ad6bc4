"""What a list of programs has many of: its lines, each drawn once for a moment of the catalogue, boxes and options.

A template takes several times as long for a line, and ten times for a box or an option, as a format string does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from core import clock, fiscal_year
from core.actor import Actor
from core.shelf import Shelf
from core.templatetags.parts import badge, fictional, level, tag
from programs.enums import Fit
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
_LINE: Final = """<li{out}>
  <div class="main">
    <div class="row row--tight">{tags}</div>
    <h3><a href="{address}">{title}</a></h3>
    <p>{summary}</p>
    <p class="meta"><span>使える人 <b>{who}</b></span> <span>地域 <b>{area}</b></span>{part}</p>
    {doubt}
  </div>
  <div class="side">
    <span class="row row--tight">{state}</span>
    {amount}
    {phone}
    <label class="choice noprint"><input type="checkbox" name="p" value="{slug}" form="compare"{checked}><span>比べる<span class="sr">：{title}</span></span></label>
  </div>
</li>"""
_DOUBT: Final = '<p class="small"><b>{}</b>　{}<a href="{}?municipality={}">条件と出典<span class="sr">：{}</span></a></p>'
_AMOUNT: Final = '<span class="amount">{}</span><span class="small sub">{}</span>'
_PHONE: Final = '<span class="small sub">電話 {}</span>'


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

    @property
    def is_out(self) -> bool:
        """Whether the chosen municipality cannot use it."""
        return self.fit is not None and self.fit.fit is Fit.NO


@dataclass(frozen=True)
class DrawnLine:
    """A line as it stands in the page, and the program it is of."""

    slug: str
    markup: SafeString


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
    for row in page_of(found, missing, seen.at, actor, seen.moment) if missing else ():
        markup = _markup(_line(row, criteria, seen.at), criteria, picked)
        made = drawn[row.program.pk] = DrawnLine(row.program.slug, markup)
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


def _markup(line: ResultLine, criteria: Criteria, picked: Sequence[str]) -> SafeString:
    """A line: what it is and for whom, then its state, the money and the box to compare."""
    program = line.program
    return format_html(
        _LINE,
        out=SafeString(' class="out"') if line.is_out else "",
        tags=_tags(
            program.level,
            program.level_word(),
            program.kind_label or str(program.get_kind_display()),
            line.is_new,
        ),
        address=_sheets().format(program.slug),
        title=program.title,
        summary=program.summary,
        who=line.who,
        area=program.area_text(),
        part=format_html(" <span><b>{}</b>の内訳</span>", line.parent.title) if line.parent else "",
        doubt=_doubt(line, criteria),
        state=_state(line, criteria),
        amount=format_html(_AMOUNT, line.amount.figure, line.amount.what) if line.amount else "",
        phone=format_html(_PHONE, program.phone) if program.phone else "",
        slug=program.slug,
        checked=_mark("checked", program.slug in picked),
    )


@cache
def _sheets() -> str:
    """The pattern of a sheet's address: asking for each took a third of its line."""
    return reverse("programs:detail", args=["slug"]).replace("slug", "{}")


@lru_cache(maxsize=1024)
def _tags(code: str, word: str, kind: str, is_new: bool) -> SafeString:
    """Who runs it, its kind, and whether it is new."""
    shown = level(code, word) + tag(kind)
    return shown + badge("今年度 新規", "info", "star") if is_new else shown


def _state(line: ResultLine, criteria: Criteria) -> SafeString:
    """Whether it can be applied for, or that the chosen municipality cannot use it."""
    if line.is_out and criteria.place is not None:
        return _badge(f"{criteria.place.name}は対象外", "neutral", "bar")
    return _badge(line.state.text, line.state.tone) + fictional(line.fictional)


@lru_cache(maxsize=1024)
def _badge(words: str, tone: str, icon: str = "") -> SafeString:
    return badge(words, tone, icon)


def _doubt(line: ResultLine, criteria: Criteria) -> SafeString | str:
    """Why the chosen municipality cannot use it, or what has to be checked, with the way to the conditions."""
    if line.fit is None or line.fit.fit is Fit.YES or criteria.place is None:
        return ""
    what = "対象にならない理由" if line.is_out else "確認が必要な理由"
    address = reverse("programs:eligibility", args=[line.program.slug])
    return format_html(_DOUBT, what, line.fit.reason, address, criteria.place.code, line.program.title)


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

"""What a program's page draws and lists from its facts, figures and projects. No database here."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import SourceDocument
from core import fiscal_year
from core.money import format_compact
from core.wareki import ERAS
from programs.enums import AudienceScope, Facet, Kind
from programs.models import Program
from programs.queries.catalogue import Budget
from programs.queries.sheet import ProjectLine, Record, Source
from programs.rules import is_budget, spelled

_YEAR_MARK = re.compile(r"[\s　]*[（(]?(?:[RH]\d{1,2}|[RH]元)(?:年度?)?[）)]?$")
_ERA_YEAR = re.compile(r"([RHS])(\d{1,2})")
_ENOUGH_TO_DRAW = 2


@dataclass(frozen=True)
class Chart:
    """A series for `bar_chart`: points are mappings of label, value, approximate, note."""

    title: str
    unit: str
    points: list[dict[str, Any]]


@dataclass(frozen=True)
class Amount:
    """What a list shows of the money: the figure, and what it is."""

    figure: str
    what: str


def key_facts(program: Program, records: Sequence[Record]) -> list[tuple[str, str]]:
    """Amounts, rates and conditions as (term, words); yearly results are left to the figures."""
    results = {record.text for record in records}
    rows = [(str(row["label"]), _without_label(row)) for row in program.money]
    for row in program.facts:
        if row["label"] in results:
            continue
        about = "約" if row.get("approx") else ""
        words = row.get("text") or f"{about}{spelled(row.get('value'))}{row.get('unit') or ''}"
        rows.append((str(row["label"]), str(words)))
    return rows


def _without_label(row: dict[str, Any]) -> str:
    """「補助率 2/3」 under 補助率 is 2/3."""
    label, text = str(row["label"]), str(row.get("text") or spelled(row.get("value")))
    rest = text.removeprefix(label).lstrip(" 　：:")
    return rest or text


def headline(program: Program, budget: Budget | None) -> Amount | None:
    """The amount a list shows: first rate and cap, else the newest budget; None when the kind has none.

    The words say so when a kind of support that pays has no figure in the sources.
    """
    stated = [row for row in program.money if not is_budget(str(row["label"]))]
    if stated:
        shown = [_without_label(row) for row in stated[:2]]
        return Amount("／".join(shown), "・".join(str(row["label"]) for row in stated[:2]))
    if budget is not None:
        return Amount(f"予算 {budget_words(budget.amount)}", fiscal_year.label(budget.fiscal_year))
    if program.kind in {Kind.GRANT, Kind.TAX_ALLOCATION, Kind.LOCAL_BOND, Kind.LOAN}:
        return Amount("金額の記載なし", "率・上限は資料にありません")
    return None


def office(program: Program) -> str:
    """Body and department in one line; a department that begins with its body's name is not doubled."""
    if program.department.startswith(program.owner.name):
        return program.department
    return f"{program.owner.name}　{program.department}".rstrip("　")


def sources(cited: Iterable[Source]) -> list[tuple[SourceDocument, str, str]]:
    """Documents with their lines as ranges, and the note."""
    return [(document, line_ranges(lines), note) for document, lines, note in cited]


def line_ranges(lines: Iterable[int]) -> str:
    """[5, 6, 7, 13] → 5～7・13."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return "・".join(str(run[0]) if len(run) == 1 else f"{run[0]}～{run[-1]}" for run in runs)


def budget_words(amount: int) -> str:
    """Yen as budgets are read: 1億円, 900万円 (exact; see core.money.format_compact)."""
    return format_compact(amount)


def who(program: Program) -> str:
    """The audiences in a few words; for towns, which towns."""
    words = []
    for code in program.tag_codes(Facet.AUDIENCE):
        if code == "municipality" and program.audience_scope:
            words.append(str(AudienceScope(program.audience_scope).label))
        else:
            words.append(_AUDIENCE_WORDS[code])
    return "・".join(words) or "記載なし"


_AUDIENCE_WORDS = {
    "resident": "住民・個人",
    "business": "事業者",
    "organization": "団体・NPO・大学等",
    "municipality": "自治体",
    "prefecture": "都道府県",
    "individual_expert": "専門人材",
}


# --- Figures over the years -----------------------------------------------------------------------------


def charts(program: Program, records: Iterable[Record]) -> tuple[list[Chart], list[Record]]:
    """Series of two years and more to draw, and the single figures that are left.

    A series printed as such in a source comes first; single figures that repeat one of its values under
    the same year are not shown twice.
    """
    drawn = [_printed_series(series) for series in program.series]
    known = {(point["label"], point["value"]) for chart in drawn for point in chart.points}
    groups: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.value is not None:
            groups[_YEAR_MARK.sub("", record.text), record.unit].append(record)
    singles: list[Record] = []
    for (title, unit), group in groups.items():
        fresh = [record for record in group if (_label(record, group), record.value) not in known]
        if len({record.fiscal_year for record in fresh}) >= _ENOUGH_TO_DRAW:
            drawn.append(Chart(title, unit, [_point(record, group) for record in _by_year(fresh)]))
        else:
            singles += fresh
    return drawn, singles


def _by_year(group: Iterable[Record]) -> list[Record]:
    return sorted(group, key=lambda record: (record.fiscal_year or 0, record.position))


def _label(record: Record, group: Sequence[Record]) -> str:
    """The fiscal year; the period itself where a year has several figures or none is known."""
    years = Counter(other.fiscal_year for other in group)
    if record.fiscal_year is None or years[record.fiscal_year] > 1:
        return record.period_text
    return fiscal_year.label(record.fiscal_year)


def _point(record: Record, group: Sequence[Record]) -> dict[str, Any]:
    return {
        "label": _label(record, group),
        "value": _whole(record.value),
        "approximate": record.approximate,
        "note": record.note,
    }


def _whole(value: Decimal | None) -> int | Decimal | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def _printed_series(series: dict[str, Any]) -> Chart:
    points = [
        {"label": _era_label(str(year)), "value": value, "approximate": False, "note": ""}
        for year, value in zip(series["years"], series["values"], strict=True)
    ]
    return Chart(str(series["label"]), str(series.get("unit") or ""), points)


def _era_label(mark: str) -> str:
    """R6 → 令和6年度."""
    found = _ERA_YEAR.fullmatch(mark)
    if not found:
        return mark
    offset = next(era.offset for era in ERAS if era.letter == found[1])
    return fiscal_year.label(offset + int(found[2]))


# --- Adopted projects on the map ------------------------------------------------------------------------


@dataclass(frozen=True)
class ProjectMap:
    """How often each municipality takes part, who leads, and how many do."""

    counts: dict[str, int]
    leads: list[str]
    participants: int


def project_map(projects: Sequence[ProjectLine]) -> ProjectMap:
    """Participation by municipality over all projects of a program."""
    counts = Counter(code for project in projects for code, _ in project.members)
    return ProjectMap(dict(counts), sorted({project.lead[0] for project in projects}), len(counts))

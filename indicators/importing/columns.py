"""Which themes a row's marks mean, also where the row's columns have slipped.

A mark means the theme above it. Where a row is wider or narrower than the others, some tab was put in or lost;
every way in which that can have happened is tried, and only a single possible result counts as a repair.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from indicators.importing.words import squeezed

T = TypeVar("T")


@dataclass(frozen=True)
class Grid:
    """The usual shape of a sheet's head: columns and names of the themes, width and title column of a row."""

    columns: tuple[int, ...]
    names: tuple[str, ...]
    width: int
    title_column: int
    trimmed: bool


@dataclass(frozen=True)
class Marks:
    """The columns of a row's marks with the row's own shape."""

    columns: tuple[int, ...]
    width: int
    title_column: int


@dataclass(frozen=True)
class Placed:
    """Which themes the marks mean (places in `Grid.columns`), and how sure that is: plain, repaired, doubtful."""

    themes: tuple[int, ...]
    repaired: bool = False
    doubtful: bool = False


def grid(
    heads: Sequence[tuple[tuple[int, ...], tuple[str, ...]]], rows: Sequence[Marks], *, trimmed: bool
) -> Grid:
    """The shape most sheets share. `trimmed`: the file has lost the empty cells at the ends of its lines."""
    filled = [head for head in heads if head[0]]
    columns = most_common(head[0] for head in filled) or ()
    names = most_common(
        tuple(squeezed(name) for name in head[1]) for head in filled if len(head[0]) == len(columns)
    )
    shown = next((head[1] for head in filled if tuple(map(squeezed, head[1])) == names), ())
    width = most_common(row.width for row in rows if row.columns or not trimmed) or 0
    return Grid(
        columns=columns,
        names=shown,
        width=max(columns[-1] + 1, 0) if trimmed and columns else width,
        title_column=most_common(row.title_column for row in rows) or 1,
        trimmed=trimmed,
    )


def most_common(items: Iterable[T]) -> T | None:
    """The item seen most often, the first of them where several are."""
    counted = Counter(items).most_common(1)
    return counted[0][0] if counted else None


def place(marks: Marks, grid: Grid, index: frozenset[tuple[int, ...]]) -> Placed:
    """The themes of a row. `index` holds what the table of all measures may say of the same row."""
    if not marks.columns:
        return Placed(())
    straight = _themes(marks.columns, grid)
    excess = _excess(marks, grid)
    slipped = marks.title_column - grid.title_column
    if straight is not None and excess == 0 and slipped == 0:
        return Placed(straight)
    if slipped != 0 and excess in {slipped, 0}:
        moved = _themes(tuple(column - slipped for column in marks.columns), grid)
        if moved is not None and (excess != 0 or straight is None):
            return Placed(moved, repaired=True)
    ways = _ways(marks.columns, excess or slipped, grid)
    if excess == 0 and slipped == 0:
        ways |= {way for shift in (-2, -1, 1, 2) for way in _ways(marks.columns, shift, grid)}
    return _settled(ways, straight, index)


def _settled(
    ways: set[tuple[int, ...]], straight: tuple[int, ...] | None, index: frozenset[tuple[int, ...]]
) -> Placed:
    agreed = ways & index
    choice = ways if len(ways) == 1 else agreed
    if len(choice) == 1:
        only = next(iter(choice))
        return Placed(only, repaired=only != straight)
    return Placed(straight or (), doubtful=True)


def _excess(marks: Marks, grid: Grid) -> int:
    """By how many columns a row is too wide; a trimmed row is narrow for no reason of slipping."""
    excess = marks.width - grid.width
    return max(excess, 0) if grid.trimmed else excess


def _ways(columns: tuple[int, ...], shift: int, grid: Grid) -> set[tuple[int, ...]]:
    """The themes for every place at which `shift` columns may have been put in (or, if negative, lost)."""
    found = set()
    for at in range(len(columns) + 1):
        moved = columns[:at] + tuple(column - shift for column in columns[at:])
        themes = _themes(moved, grid)
        if themes is not None:
            found.add(themes)
    return found


def _themes(columns: tuple[int, ...], grid: Grid) -> tuple[int, ...] | None:
    if not set(columns) <= set(grid.columns) or len(set(columns)) != len(columns):
        return None
    return tuple(sorted(grid.columns.index(column) for column in columns))

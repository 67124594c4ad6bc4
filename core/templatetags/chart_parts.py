"""What bars and lines have in common: the figures, the picture with its sentence, the table under it.

A chart is one picture with one sentence (`role="img"`, `<title>`, `<desc>`); the table is for everybody else
and for copying. A missing value is a gap and –, 0 is 0, an approximate value carries 約. Only presentation
attributes and classes; colours live in css/figures.css. Geometry uses floats, the figures shown never do.

Shapes (mappings or objects with the same attributes):
point   label, value (int | Decimal | Fraction | None), approximate=False, note="", x (lines only: where it
        stands on the axis, for example the year), breaks=False (lines: the definition changed here)
target  x, label, value (may be None for a mere direction), words ("3,900以上")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from unicodedata import east_asian_width

from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.formats import NO_VALUE, number

Number = int | Decimal | Fraction
WIDTH: Final = 360
EM: Final = 13
EMPTY: Final = format_html("{}", "")


@dataclass(frozen=True)
class Point:
    """One figure of a series."""

    label: str
    value: Number | None
    approximate: bool = False
    note: str = ""
    x: float = 0
    breaks: bool = False

    @property
    def shown(self) -> str:
        """The figure as people read it: 約40, 0, –."""
        return f"{'約' if self.approximate and self.value is not None else ''}{number(self.value)}"

    def said(self, unit: str) -> str:
        """The figure in a sentence; a gap is said as such."""
        return f"{self.label}は{self.shown}{unit}" if self.value is not None else f"{self.label}は値なし"


@dataclass(frozen=True)
class Target:
    """Where a line is meant to arrive."""

    x: float
    label: str
    words: str
    value: Number | None = None


@dataclass(frozen=True)
class Line:
    """A named series of a line chart."""

    name: str
    points: tuple[Point, ...]


def get(source: Any, name: str, default: Any = None) -> Any:
    """A key of a mapping or an attribute of an object."""
    return source.get(name, default) if isinstance(source, Mapping) else getattr(source, name, default)


def _point(source: Any, position: int) -> Point:
    if isinstance(source, Point):
        return source
    if isinstance(source, (tuple, list)):
        label, value = source[:2]
        return Point(str(label), value, x=position)
    return Point(
        label=str(get(source, "label")),
        value=get(source, "value"),
        approximate=bool(get(source, "approximate", False)),
        note=str(get(source, "note", "") or ""),
        x=float(get(source, "x", position)),
        breaks=bool(get(source, "breaks", False)),
    )


def read_points(series: Iterable[Any]) -> tuple[Point, ...]:
    """The points of a series; without an `x` they stand one unit apart."""
    return tuple(_point(source, position) for position, source in enumerate(series))


def read_target(source: Any) -> Target | None:
    """The target, or None."""
    if source is None or source == "" or isinstance(source, Target):
        return source or None
    return Target(
        float(get(source, "x")), str(get(source, "label")), str(get(source, "words")), get(source, "value")
    )


def width_of(words: str) -> float:
    """The width of a text in em: wide characters 1, others about 0.6."""
    return sum(1 if east_asian_width(char) in "WFA" else 0.6 for char in words)


def coordinate(value: float) -> str:
    """A number for SVG, to a tenth."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def picture(title: str, sentence: str, height: float, body: SafeString, css: str) -> SafeString:
    """The SVG: one image with one sentence."""
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title><desc>{}</desc>'
        "{}</svg>",
        css,
        WIDTH,
        coordinate(height),
        sentence,
        title,
        "同じ値の表が、この図のすぐ下にあります。",
        body,
    )


def text(x: float, y: float, words: str, css: str = "", anchor: str = "") -> SafeString:
    """Words in the picture."""
    return format_html(
        '<text x="{}" y="{}"{}{}>{}</text>',
        coordinate(x),
        coordinate(y),
        format_html(' class="{}"', css) if css else "",
        format_html(' text-anchor="{}"', anchor) if anchor else "",
        words,
    )


def cell(point: Point) -> SafeString:
    """The cell of the table: – (said as 値なし) for a gap."""
    gap = format_html('<span class="sr">{}</span>', "値なし") if point.value is None else EMPTY
    sign = format_html('<span aria-hidden="true">{}</span>', NO_VALUE) if point.value is None else point.shown
    return format_html('<td class="r">{}{}</td>', sign, gap)


def note_head(points: Iterable[Point]) -> SafeString:
    """The head of the column of notes, when any figure has one."""
    return format_html('<th scope="col">{}</th>', "注") if any(point.note for point in points) else EMPTY


def figure(title: str, drawing: SafeString, table: SafeString) -> SafeString:
    """Picture and table under one heading."""
    return format_html(
        '<figure class="figure"><figcaption>{}</figcaption>{}{}</figure>', title, drawing, table
    )


def caption(title: str, unit: str) -> SafeString:
    """The caption of the table, with its unit."""
    unit_part = format_html('<span class="unit">単位：{}</span>', unit) if unit else EMPTY
    return format_html("<caption>{}の表{}</caption>", title, unit_part)

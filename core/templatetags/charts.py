"""Bar charts as SVG, each with the table of the same figures under it. Part of `{% load ui %}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.templatetags.chart_parts import (
    EM,
    EMPTY,
    WIDTH,
    Point,
    caption,
    cell,
    coordinate,
    figure,
    note_head,
    picture,
    read_points,
    text,
    width_of,
)
from core.templatetags.formats import NO_VALUE

register = template.Library()


@dataclass(frozen=True)
class _BarScale:
    """Where 0 lies and how wide one unit is, in the picture's units."""

    left: float
    zero: float
    per_unit: float
    row: float
    beside: bool


def _bar_scale(points: Sequence[Point]) -> _BarScale:
    label_width = max(width_of(point.label) for point in points) * EM
    beside = label_width <= WIDTH * 0.32
    left = label_width + 10 if beside else 0
    room = WIDTH - left - (max(width_of(point.shown) for point in points) + 1) * EM
    values = [float(point.value) for point in points if point.value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    per_unit = room / ((high - low) or 1)
    return _BarScale(left, left - low * per_unit, per_unit, 30 if beside else 48, beside)


def _bar(point: Point, top: float, scale: _BarScale) -> SafeString:
    label_y = top + 19 if scale.beside else top + 14
    middle = top + 15 if scale.beside else top + 31
    label = text(0, label_y, point.label)
    if point.value is None:
        return label + text(scale.zero + 6, middle + 4.5, NO_VALUE, "mute")
    width = float(point.value) * scale.per_unit
    start = min(scale.zero, scale.zero + width)
    css = "bar bar--about" if point.approximate else "bar"
    bar = format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="16"/>',
        css,
        coordinate(start),
        coordinate(middle - 8),
        coordinate(abs(width)),
    )
    return label + bar + text(max(scale.zero, scale.zero + width) + 6, middle + 4.5, point.shown, "strong")


def _table(points: Sequence[Point], head: SafeString, first: str) -> SafeString:
    notes = note_head(points)
    rows = format_html_join(
        "",
        '<tr><th scope="row" class="light">{}</th>{}{}</tr>',
        (
            (
                point.label,
                cell(point),
                format_html('<td class="small">{}</td>', point.note) if notes else EMPTY,
            )
            for point in points
        ),
    )
    return format_html(
        '<table class="dense">{}<thead><tr><th scope="col">{}</th><th scope="col" class="r">値</th>{}</tr></thead>'
        "<tbody>{}</tbody></table>",
        head,
        first,
        notes,
        rows,
    )


@register.simple_tag
def bar_chart(
    series: Iterable[Any], *, title: str, unit: str = "", sentence: str = "", first: str = "年度"
) -> SafeString:
    """`{% bar_chart points title="出展者" unit="者" %}`: one bar a point, with its table.

    A point is (label, value) or {"label", "value", "approximate", "note"}. `sentence` replaces the spoken
    description, `first` heads the table's first column. Nothing to draw: an empty text.
    """
    points = read_points(series)
    if not points:
        return EMPTY
    said = sentence or f"{title}。" + "、".join(point.said(unit) for point in points) + "。"
    scale = _bar_scale(points)
    height = scale.row * len(points) + 4
    axis = format_html('<path class="axis" d="M{} 0V{}"/>', coordinate(scale.zero), coordinate(height))
    bars = format_html_join(
        "", "{}", ((_bar(point, n * scale.row, scale),) for n, point in enumerate(points))
    )
    table = _table(points, caption(title, unit), first)
    return figure(title, picture(title, said, height, bars + axis, "chart--bar"), table)

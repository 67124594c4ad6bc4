"""Line charts as SVG with the way to the target, each with its table. Part of `{% load ui %}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.templatetags.chart_parts import (
    EM,
    EMPTY,
    WIDTH,
    Line,
    Number,
    Point,
    Target,
    caption,
    cell,
    coordinate,
    figure,
    get,
    note_head,
    picture,
    read_points,
    read_target,
    text,
    width_of,
)

register = template.Library()

_TOP, _BOTTOM, _HEIGHT = 34.0, 150.0, 184.0
_SIDE: Final = 34.0
_LABELLED: Final = 4  # up to so many figures stand beside their points; of longer lines only the last


@dataclass(frozen=True)
class _Plane:
    """The plane of a line chart: data to picture."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        """Across."""
        return _SIDE + (value - self.x_low) / ((self.x_high - self.x_low) or 1) * (WIDTH - 2 * _SIDE)

    def y(self, value: Number) -> float:
        """Down."""
        return _BOTTOM - (float(value) - self.y_low) / ((self.y_high - self.y_low) or 1) * (_BOTTOM - _TOP)


def _plane(lines: Sequence[Line], target: Target | None, now: float | None) -> _Plane:
    points = [point for line in lines for point in line.points]
    across = [point.x for point in points]
    heights = [float(point.value) for point in points if point.value is not None]
    if target:
        across.append(target.x)
        heights += [float(target.value)] if target.value is not None else []
    across += [now] if now is not None else []
    low, high = (min(heights), max(heights)) if heights else (0.0, 1.0)
    margin = (high - low) * (0.35 if len(lines) > 1 else 0.15) or abs(high) * 0.1 or 1.0
    return _Plane(min(across), max(across), low - margin, high + margin)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """The stretches without a gap; a change of definition starts a new one."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.value is None or point.breaks:
            runs.append([])
        if point.value is not None:
            runs[-1].append(point)
    return [run for run in runs if run]


def _marker(point: Point, plane: _Plane, series: int) -> SafeString:
    x, y = plane.x(point.x), plane.y(point.value or 0)
    if series % 2:
        return format_html(
            '<rect class="dot dot--{}" x="{}" y="{}" width="9" height="9"/>',
            series,
            coordinate(x - 4.5),
            coordinate(y - 4.5),
        )
    return format_html(
        '<circle class="dot dot--{}" cx="{}" cy="{}" r="5"/>', series, coordinate(x), coordinate(y)
    )


def _drawn(line: Line, plane: _Plane, series: int, lines: Sequence[Line]) -> SafeString:
    parts: list[SafeString] = []
    for run in _runs(line.points):
        path = " ".join(
            f"{'L' if n else 'M'}{coordinate(plane.x(p.x))} {coordinate(plane.y(p.value or 0))}"
            for n, p in enumerate(run)
        )
        parts.append(format_html('<path class="line line--{}" d="{}"/>', series, path))
        parts += [_marker(point, plane, series) for point in run]
    known = [point for point in line.points if point.value is not None]
    for point in known if len(known) <= _LABELLED else known[-1:]:
        name = f"{line.name} " if len(lines) > 1 and point is known[-1] else ""
        below = _is_lower(point, line, lines)
        parts.append(_label(point, plane, f"{name}{point.shown}", 19 if below else -11))
    return format_html_join("", "{}", ((part,) for part in parts))


def _is_lower(point: Point, line: Line, lines: Sequence[Line]) -> bool:
    """Whether another line runs above this point, so that its words belong below it."""
    others = [
        float(other.value)
        for one in lines
        if one is not line
        for other in one.points
        if other.x == point.x and other.value is not None
    ]
    return point.value is not None and any(value > float(point.value) for value in others)


def _label(point: Point, plane: _Plane, words: str, below: float) -> SafeString:
    x = plane.x(point.x)
    half = width_of(words) * EM / 2
    anchor = "start" if x - half < 0 else "end" if x + half > WIDTH else "middle"
    place = {"start": 0.0, "end": float(WIDTH), "middle": x}[anchor]
    return text(place, plane.y(point.value or 0) + below, words, "strong", anchor)


def _aim(target: Target, lines: Sequence[Line], plane: _Plane) -> SafeString:
    x = plane.x(target.x)
    words = text(min(x + 8, WIDTH), 14, target.words, "strong acc", "end")
    if target.value is None:
        arrow = format_html(
            '<path class="aim" d="M{} {}V24m-6 8 6-8 6 8"/>', coordinate(x), coordinate(_BOTTOM - 40)
        )
        return arrow + words
    y = plane.y(target.value)
    known = [point for point in lines[0].points if point.value is not None]
    path = (
        format_html(
            '<path class="way" d="M{} {}L{} {}"/>',
            coordinate(plane.x(known[-1].x)),
            coordinate(plane.y(known[-1].value or 0)),
            coordinate(x),
            coordinate(y),
        )
        if known
        else EMPTY
    )
    diamond = format_html('<path class="aim" d="M{} {}l7 7-7 7-7-7Z"/>', coordinate(x), coordinate(y - 7))
    return path + diamond + words


def _ticks(lines: Sequence[Line], target: Target | None, plane: _Plane, now: float | None) -> SafeString:
    places = {point.x: point.label for line in lines for point in line.points}
    if target:
        places[target.x] = target.label
    marks: list[SafeString] = []
    free = -1.0
    for x, label in sorted(places.items()):
        place = plane.x(x)
        half = width_of(label) * EM / 2
        marks.append(format_html('<path class="axis" d="M{} {}v5"/>', coordinate(place), _BOTTOM))
        centre = min(max(place, half), WIDTH - half)
        if centre - half > free:
            marks.append(text(centre, _BOTTOM + 21, label, "mute", "middle"))
            free = centre + half + 4
    if now is not None:
        marks.append(_today(plane.x(now), target, plane))
    axis = format_html('<path class="axis" d="M0 {}H{}"/>', _BOTTOM, WIDTH)
    return axis + format_html_join("", "{}", ((mark,) for mark in marks))


def _today(x: float, target: Target | None, plane: _Plane) -> SafeString:
    """The mark of today; its word gives way to the words of the target."""
    meets = target and x + EM > min(plane.x(target.x) + 8, WIDTH) - width_of(target.words) * EM
    top = 29 if meets else 14
    stroke = format_html('<path class="now" d="M{} {}V{}"/>', coordinate(x), top + 6, _BOTTOM)
    return stroke + text(x, top, "いま", "mute", "middle")


def _lines(series: Iterable[Any], name: str) -> tuple[Line, ...]:
    sources = list(series)
    if sources and get(sources[0], "points") is not None:
        return tuple(Line(str(get(source, "name")), read_points(get(source, "points"))) for source in sources)
    return (Line(name, read_points(sources)),) if sources else ()


def _row(label: str, cells: dict[str, Point], lines: Sequence[Line], notes: SafeString) -> SafeString:
    values = format_html_join("", "{}", ((cell(cells.get(line.name, Point(label, None))),) for line in lines))
    said = [
        f"{line.name}：{cells[line.name].note}" if len(lines) > 1 else cells[line.name].note
        for line in lines
        if line.name in cells and cells[line.name].note
    ]
    note = format_html('<td class="small">{}</td>', "、".join(said)) if notes else EMPTY
    return format_html('<tr><th scope="row" class="light">{}</th>{}{}</tr>', label, values, note)


def _line_table(
    lines: Sequence[Line], target: Target | None, title: str, unit: str, first: str
) -> SafeString:
    rows: dict[tuple[float, str], dict[str, Point]] = {}
    for line in lines:
        for point in line.points:
            rows.setdefault((point.x, point.label), {})[line.name] = point
    notes = note_head(point for line in lines for point in line.points)
    heads = format_html_join("", '<th scope="col" class="r">{}</th>', ((line.name,) for line in lines))
    body = format_html_join("", "{}", ((_row(key[1], rows[key], lines, notes),) for key in sorted(rows)))
    if target:
        body += format_html(
            '<tr class="total"><th scope="row">{}の目標</th><td{} colspan="{}">{}</td>{}</tr>',
            target.label,
            format_html(' class="{}"', "r") if target.value is not None else EMPTY,
            len(lines),
            target.words,
            format_html("<td>{}</td>", "") if notes else EMPTY,
        )
    return format_html(
        '<table class="dense">{}<thead><tr><th scope="col">{}</th>{}{}</tr></thead><tbody>{}</tbody></table>',
        caption(title, unit),
        first,
        heads,
        notes,
        body,
    )


@register.simple_tag
def line_chart(
    series: Iterable[Any],
    *,
    title: str,
    unit: str = "",
    target: Any = None,
    now: float | None = None,
    sentence: str = "",
    first: str = "時点",
    name: str = "値",
) -> SafeString:
    """`{% line_chart points title="市内事業所数" unit="事業所" target=target now=2026 %}`: lines with their table.

    `series` is a list of points, or of {"name", "points"} for several lines. `target` draws the way to it,
    `now` a mark on the axis. Gaps and changed definitions interrupt the line. No points: an empty text.
    """
    lines = _lines(series, name)
    if not any(line.points for line in lines):
        return EMPTY
    aim = read_target(target)
    plane = _plane(lines, aim, now)
    said = sentence or _line_sentence(lines, aim, title, unit)
    drawn = format_html_join("", "{}", ((_drawn(line, plane, n, lines),) for n, line in enumerate(lines)))
    body = _ticks(lines, aim, plane, now) + (_aim(aim, lines, plane) if aim else EMPTY) + drawn
    table = _line_table(lines, aim, title, unit, first)
    return figure(title, picture(title, said, _HEIGHT, body, "chart--line"), table)


def _line_sentence(lines: Sequence[Line], target: Target | None, title: str, unit: str) -> str:
    parts = []
    for line in lines:
        name = f"{line.name}：" if len(lines) > 1 else ""
        parts.append(name + "、".join(point.said(unit) for point in line.points))
    aim = f"{target.label}の目標は{target.words}。" if target else ""
    return f"{title}。{'。'.join(parts)}。{aim}"

"""The portal's own small drawings, as data.

A drawing is a tuple of strokes in a 12 × 12 box; the colour is always the text's colour, so a state keeps
its meaning in print and in forced colours. Drawings are decoration beside a word, never a word's replacement:
they are hidden from assistive technology.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Stroke:
    """One path. `width` 0 fills the path, otherwise it is the width of the line in box units."""

    path: str
    width: float = 0
    dash: str = ""

    def svg(self) -> SafeString:
        """The SVG element of this stroke."""
        if not self.width:
            return format_html('<path d="{}" fill="currentColor"/>', self.path)
        dash = format_html(' stroke-dasharray="{}"', self.dash) if self.dash else ""
        return format_html(
            '<path d="{}" fill="none" stroke="currentColor" stroke-width="{}"{}/>',
            self.path,
            self.width,
            dash,
        )


def _circle(radius: float, *, width: float = 0, dash: str = "", x: float = 6, y: float = 6) -> Stroke:
    path = f"M{x - radius:g} {y:g}a{radius:g} {radius:g} 0 1 1 {2 * radius:g} 0a{radius:g} {radius:g} 0 1 1 {-2 * radius:g} 0Z"
    return Stroke(path, width, dash)


ICONS: Final[dict[str, tuple[Stroke, ...]]] = {
    "dot": (_circle(5),),
    "ring": (_circle(4.4, width=1.8),),
    "ring-dashed": (_circle(4.6, width=1.6, dash="2 1.6"),),
    "half": (_circle(4.6, width=1.6), Stroke("M6 1.4a4.6 4.6 0 0 1 0 9.2Z")),
    "check": (Stroke("M1 6.4 4.6 10 11 2.4", 2.4),),
    "cross": (Stroke("M1.6 1.6 10.4 10.4M10.4 1.6 1.6 10.4", 2.4),),
    "triangle": (Stroke("M6 .8 11.6 11H.4Z"),),
    "diamond": (Stroke("M6 .4 11.6 6 6 11.6.4 6Z"),),
    "square": (Stroke("M1 1h10v10H1Z"),),
    "bar": (Stroke("M1 6h10", 2.4),),
    "equal": (Stroke("M1 4h10M1 8h10", 2),),
    "up": (Stroke("M6 1v10M1.8 5.2 6 1l4.2 4.2", 2),),
    "down": (Stroke("M6 1v10M1.8 6.8 6 11l4.2-4.2", 2),),
    "right": (Stroke("M3.6 1 8.6 6l-5 5", 2),),
    "left": (Stroke("M8.4 1 3.4 6l5 5", 2),),
    "star": (Stroke("M6 0v12M0 6h12M1.8 1.8l8.4 8.4M10.2 1.8 1.8 10.2", 1.6),),
    "clock": (_circle(4.8, width=1.6), Stroke("M6 3v3.2l2.2 1.4", 1.6)),
    "question": (Stroke("M3 4a3 3 0 1 1 4.4 2.6C6.4 7.1 6 7.5 6 8.4", 1.9), _circle(1.1, y=10.8)),
    "info": (Stroke("M6 5v6M4.4 11h3.2M4.6 5H6", 1.8), _circle(1.2, y=1.8)),
    "exclamation": (Stroke("M6 .8v6.4", 2.6), _circle(1.5, y=10.4)),
    "search": (_circle(3.8, width=1.7, x=4.9, y=4.9), Stroke("M7.7 7.7 11.4 11.4", 1.9)),
    "external": (Stroke("M4.6 2H2v8h8V7.4M6.6 1.4h4v4M10.4 1.6 5.6 6.4", 1.5),),
    "document": (Stroke("M2.4.8h4.8l2.6 2.6v7.8H2.4ZM7 .8v2.8h2.8M4.2 6.2h4M4.2 8.4h4", 1.2),),
    "phone": (
        Stroke(
            "M2.6 1.2 4.5.8l1.2 2.8-1.3 1.1c.6 1.3 1.5 2.3 2.8 2.9l1.2-1.3 2.7 1.3-.4 2c-.1.6-.6 1-1.2 1C5.5 10.6 1.5 6.5 1.4 2.6c0-.7.4-1.2 1.2-1.4Z"
        ),
    ),
    "calendar": (Stroke("M1.4 2.6h9.2v8H1.4ZM1.4 5.2h9.2M3.8.8v2.8M8.2.8v2.8", 1.3),),
    "person": (_circle(2.4, y=3), Stroke("M1.2 11.4c.2-3 2-4.6 4.8-4.6s4.6 1.6 4.8 4.6Z")),
    "place": (
        Stroke("M6 11.6C3.4 8.6 2 6.5 2 4.6a4 4 0 0 1 8 0C10 6.5 8.6 8.6 6 11.6Z", 1.4),
        _circle(1.4, y=4.6),
    ),
    "print": (Stroke("M3.2 4V1h5.6v3M3.2 8.6H1.2V4h9.6v4.6H8.8M3.2 7.2h5.6V11H3.2Z", 1.3),),
    "download": (Stroke("M6 .8v7M2.8 5 6 8.2 9.2 5M1.4 10.8h9.2", 1.6),),
}


@cache
def icon(name: str) -> SafeString:
    """The drawing called `name` as inline SVG. KeyError names the unknown drawing."""
    if name not in ICONS:
        raise KeyError(f"no drawing called {name!r} in core/icons.py")
    strokes = format_html_join("", "{}", ((stroke.svg(),) for stroke in ICONS[name]))
    return format_html(
        '<svg class="icon" viewBox="0 0 12 12" aria-hidden="true" focusable="false">{}</svg>', strokes
    )

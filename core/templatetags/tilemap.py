"""Tokyo's 62 municipalities as tiles: Tama 9 × 6, the islands 3 × 6, and the 23 wards as a list.

Tiles stand in the order of the official codes (建制順) in the page and are placed by column and row, so that
neighbours on the grid are neighbours (or nearly) on the ground. A test holds codes and names to the reference
data. Part of `{% load ui %}`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@dataclass(frozen=True)
class Tile:
    """One municipality. `name` has its kind (市 …) as last character; | marks where its short name may break."""

    code: str
    pieces: str
    kind: str
    column: int = 0
    row: int = 0

    @property
    def name(self) -> str:
        """The official name."""
        return self.pieces.replace("|", "") + self.kind


def _grid(rows: str) -> tuple[Tile, ...]:
    tiles = []
    for line in rows.split():
        code, pieces, kind, column, row = line.split(",")
        tiles.append(Tile(code, pieces, kind, int(column), int(row)))
    return tuple(tiles)


TAMA: Final = _grid("""
132012,八|王子,市,3,4 132021,立川,市,5,3 132039,武|蔵野,市,9,3 132047,三鷹,市,8,4 132055,青梅,市,2,1
132063,府中,市,6,4 132071,昭島,市,4,3 132080,調布,市,7,5 132098,町田,市,5,6 132101,小|金井,市,7,4
132110,小平,市,7,3 132128,日野,市,4,4 132136,東|村山,市,7,2 132144,国|分寺,市,6,3 132152,国立,市,5,4
132187,福生,市,3,3 132195,狛江,市,8,5 132209,東|大和,市,6,2 132217,清瀬,市,8,1 132225,東久|留米,市,8,2
132233,武蔵|村山,市,5,2 132241,多摩,市,5,5 132250,稲城,市,6,5 132276,羽村,市,3,2 132284,あき|る野,市,2,3
132292,西|東京,市,8,3 133035,瑞穂,町,4,2 133051,日|の出,町,2,2 133078,檜原,村,1,2 133086,奥|多摩,町,1,1
""")
ISLANDS: Final = _grid("""
133612,大島,町,2,1 133621,利島,村,1,2 133639,新島,村,1,3 133647,神|津島,村,1,4 133817,三宅,村,2,3
133825,御|蔵島,村,3,4 134015,八丈,町,3,5 134023,青|ヶ島,村,2,6 134210,小|笠原,村,3,6
""")
WARDS: Final = tuple(
    Tile(code=line[:6], pieces=line[7:], kind="区")
    for line in """
131016,千代田 131024,中央 131032,港 131041,新宿 131059,文京 131067,台東 131075,墨田 131083,江東 131091,品川
131105,目黒 131113,大田 131121,世田谷 131130,渋谷 131148,中野 131156,杉並 131164,豊島 131172,北 131181,荒川
131199,板橋 131202,練馬 131211,足立 131229,葛飾 131237,江戸川
""".split()  # noqa: SIM905 - a list of pairs reads better as a table
)
_EMPTY: Final = format_html("{}", "")
_SHADES: Final = 3


@dataclass(frozen=True)
class Marks:
    """What the map says about a place; all by the six-digit code."""

    counts: Mapping[str, int | None]
    lead: frozenset[str]
    outside: frozenset[str]
    here: str
    words: str
    unit: str
    address: Callable[[str], str]

    def css(self, tile: Tile) -> str:
        """The classes of a tile."""
        names = ["tile"]
        shade = self.shade(tile.code) if tile.code in self.counts else 0
        if shade:
            names.append(f"tile--{shade}")
        if tile.code in self.lead:
            names.append("tile--lead")
        if tile.code in self.outside:
            names.append("tile--off")
        if tile.code == self.here:
            names.append("tile--you")
        return " ".join(names)

    def shade(self, code: str) -> int:
        """1 (light) to 3 (dark): the count itself up to 3, then thirds of the largest count.

        A place marked without a count has 1, a count of 0 none.
        """
        value = self.counts[code]
        if value is None:
            return 1
        largest = max(other or 0 for other in self.counts.values())
        return -(-value * _SHADES // max(largest, _SHADES))

    def spoken(self, tile: Tile) -> str:
        """What the tile's colour and frame mean, in words."""
        said = []
        if tile.code in self.lead:
            said.append("代表")
        elif tile.code in self.counts and self.counts[tile.code] is None:
            said.append(self.words)
        if tile.code in self.outside:
            said.append("対象外")
        if tile.code == self.here:
            said.append("えらんだ自治体")
        return f"（{'、'.join(said)}）" if said else ""


def _short_name(tile: Tile) -> SafeString:
    first, *others = tile.pieces.split("|")
    return format_html("{}{}", first, format_html_join("", "<wbr>{}", ((piece,) for piece in others)))


def _tile(tile: Tile, marks: Marks, css: str) -> SafeString:
    count = marks.counts.get(tile.code)
    number = (
        format_html('<b>{}<span class="sr">{}</span></b>', f"{count:,}", marks.unit)
        if count is not None
        else _EMPTY
    )
    body = format_html(
        '<span>{}<span class="sr">{}{}</span></span>{}',
        _short_name(tile),
        tile.kind,
        marks.spoken(tile),
        number,
    )
    address = marks.address(tile.code)
    if address:
        return format_html('<a class="{}" href="{}">{}</a>', css, address, body)
    return format_html('<span class="{}">{}</span>', css, body)


def _tiles(tiles: Iterable[Tile], marks: Marks, css: str) -> SafeString:
    items = ((f"c{tile.column} r{tile.row}", _tile(tile, marks, marks.css(tile))) for tile in tiles)
    return format_html(
        '<ul class="tiles {}">{}</ul>', css, format_html_join("", '<li class="{}">{}</li>', items)
    )


def _ward_list(marks: Marks) -> SafeString:
    items = format_html_join(
        "", "<li>{}</li>", ((_tile(tile, marks, f"{marks.css(tile)} tile--ward"),) for tile in WARDS)
    )
    return format_html(
        '<details class="wards"{}><summary>区部（23区）</summary><ul class="wardlist">{}</ul></details>',
        format_html(' open="{}"', "") if any(tile.code in marks.counts for tile in WARDS) else _EMPTY,
        items,
    )


def _count_legend(marks: Marks) -> list[tuple[str, str]]:
    """What each shade in use counts: 1件, 4〜6件."""
    shades: dict[int, list[int]] = {}
    for code, value in marks.counts.items():
        if value:
            shades.setdefault(marks.shade(code), []).append(value)
    entries = []
    for shade, values in sorted(shades.items()):
        low, high = min(values), max(values)
        span = f"{low:,}" if low == high else f"{low:,}〜{high:,}"
        entries.append((f"tile tile--{shade}", f"{marks.words} {span}{marks.unit}"))
    return entries


def _legend(marks: Marks) -> SafeString:
    entries: list[tuple[str, str]] = []
    if marks.lead:
        entries.append(("tile tile--1 tile--lead", "代表"))
    if any(value is None and code not in marks.lead for code, value in marks.counts.items()):
        entries.append(("tile tile--1", marks.words))
    entries += _count_legend(marks)
    if marks.outside:
        entries.append(("tile tile--off", "対象外"))
    if marks.here:
        entries.append(("tile tile--you", "えらんだ自治体"))
    if not entries:
        return _EMPTY
    items = format_html_join("", '<li><span class="{}" aria-hidden="true"></span>{}</li>', entries)
    return format_html('<ul class="legend">{}</ul>', items)


def _address(url: str, prefix: str) -> Callable[[str], str]:
    def address(code: str) -> str:
        if prefix:
            return prefix + code
        return reverse(url, args=[code]) if url else ""

    return address


@register.simple_tag
def tilemap(
    codes: Mapping[str, int | None] | Collection[str] = (),
    *,
    lead: str | Collection[str] = (),
    outside: Collection[str] = (),
    here: str = "",
    url: str = "",
    prefix: str = "",
    words: str = "参加",
    unit: str = "件",
    wards: bool = True,
    legend: bool = True,
) -> SafeString:
    """`{% tilemap codes lead="132241" url="municipality" %}`: the map; every tile a link when it has an address.

    `codes`: the six-digit codes to colour, or {code: count} to show numbers in three shades. `url`: the name of
    a URL that takes the code, or `prefix`: an address to which the code is added ("/programs/?municipality=").
    `words` says what colour means, `unit` what a number counts.
    """
    counts = dict(codes) if isinstance(codes, Mapping) else dict.fromkeys(codes)
    leads = frozenset([lead] if isinstance(lead, str) else lead) - {""}
    counts |= {code: None for code in leads if code not in counts}
    marks = Marks(counts, leads, frozenset(outside), here, words, unit, _address(url, prefix))
    return format_html(
        '<div class="map map--both{}"><div><p class="cap">多摩（30市町村）</p>{}</div>'
        '<div><p class="cap">島しょ（9町村）</p>{}</div>{}{}</div>',
        " picker" if url or prefix else "",
        _tiles(TAMA, marks, "tiles--tama"),
        _tiles(ISLANDS, marks, "tiles--isl"),
        _ward_list(marks) if wards else _EMPTY,
        _legend(marks) if legend else _EMPTY,
    )

"""The account of every character: kept in a cell, repaired on the way there, a word of the form, or doubted.

A `Span` is a stretch of the source with its fate. A cell's value is nothing but the `after` of its spans in
order, so whatever a reading says can be traced back, and `proof.unaccounted` can check that nothing is missing.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from indicators.importing.source import BREAK, Row


class Fate(Enum):
    """What became of a stretch of the source."""

    KEPT = "kept"
    REPAIRED = "repaired"
    FORM = "form"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Span:
    """A stretch of the source. `key` names the cell it went to; `after` is what stands there for it."""

    start: int
    end: int
    fate: Fate
    key: str = ""
    after: str = ""


@dataclass(frozen=True)
class Finding:
    """A repair or a doubt: where, what stands there, what was made of it, what is wrong, what to do.

    `sheet` is the number of the measure ("" outside the sheets), `cell` the form's name of the cell. `start`
    and `end` are -1 where the finding is about something that is missing.
    """

    kind: str
    cell: str
    before: str
    after: str
    fault: str
    cure: str
    start: int = -1
    end: int = -1
    line: int = 0
    sheet: str = ""
    place: str = ""


_TAG: Final = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|s|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)"
    r"(?:\s[^<>]*|/)?(?:>|$)",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|nbsp|#39);")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "#39": "'"}


@dataclass
class Ledger:
    """Collects spans and findings while a text is read."""

    text: str
    spans: list[Span] = field(default_factory=list)
    repairs: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    _values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def value(self, key: str) -> str:
        """What stands in a cell so far, without spaces at its ends."""
        return "".join(self._values.get(key, [])).strip()

    def has(self, key: str) -> bool:
        """Whether anything went to a cell."""
        return key in self._values

    def keep(self, key: str, start: int, end: int) -> None:
        """The source as it stands; a line break inside a cell is one in the value, too."""
        self._add(Span(start, end, Fate.KEPT, key, as_kept(self.text[start:end])))

    def form(self, start: int, end: int) -> None:
        """A word or line of the form itself."""
        self._add(Span(start, end, Fate.FORM))

    def repair(
        self, key: str, start: int, end: int, after: str, *, kind: str, cell: str, fault: str, cure: str = ""
    ) -> None:
        """Something else than what stands there, listed."""
        self._add(Span(start, end, Fate.REPAIRED, key, after))
        self.note_repair(
            kind, cell, self.text[start:end], after, fault=fault, cure=cure, start=start, end=end, place=key
        )

    def note_repair(
        self, kind: str, cell: str, before: str, after: str, *, fault: str, cure: str = "",
        start: int = -1, end: int = -1, place: str = "",
    ) -> None:  # fmt: skip
        """A repair that moves or joins what was kept, without a stretch of its own."""
        cure = cure or "原本と見比べて、違っていれば直してください。"
        self.repairs.append(Finding(kind, cell, before, after, fault, cure, start, end, place=place))

    def doubt(
        self, start: int, end: int, *, kind: str, cell: str, fault: str, cure: str, place: str = ""
    ) -> None:
        """A stretch that belongs to no cell for certain."""
        self._add(Span(start, end, Fate.DOUBT))
        self.note_doubt(
            kind, cell, self.text[start:end], fault=fault, cure=cure, start=start, end=end, place=place
        )

    def note_doubt(
        self, kind: str, cell: str, before: str, *, fault: str, cure: str,
        start: int = -1, end: int = -1, place: str = "", after: str = "",
    ) -> None:  # fmt: skip
        """A doubt about something kept, or about something missing."""
        self.doubts.append(Finding(kind, cell, before, after, fault, cure, start, end, place=place))

    def prose(self, key: str, start: int, end: int, cell: str) -> None:
        """A cell's text: as it stands, but markup of a web page taken out and listed."""
        place = start
        opened = 0
        for found in re.finditer(f"{_TAG.pattern}|{_ENTITY.pattern}", self.text[start:end], re.IGNORECASE):
            begin, finish = start + found.start(), start + found.end()
            self._plain(key, place, begin)
            opened += _lists(found[0])
            self._markup(key, begin, finish, cell)
            place = finish
        self._plain(key, place, end)
        if opened > 0:
            self.note_repair(
                "unclosed_list", cell, "<ul>", "", fault="箇条書きの終わりの印がありません。", start=start, end=end,
                place=key, cure="欄の終わりまでを箇条書きとして読みました。原本と見比べてください。",
            )  # fmt: skip

    def _plain(self, key: str, start: int, end: int) -> None:
        """Spaces beside a removed mark are layout; everything else is kept."""
        if not self._values.get(key) or "".join(self._values[key])[-1:] in {"", " ", "\n"}:
            while start < end and self.text[start].isspace():
                start += 1
        if start < end:
            self.keep(key, start, end)

    def _markup(self, key: str, start: int, end: int, cell: str) -> None:
        raw = self.text[start:end]
        entity = _ENTITY.fullmatch(raw)
        after = _ENTITIES[entity[1]] if entity else ("\n" if raw.lower().startswith("<br") else "")
        self.repair(
            key, start, end, after, kind="markup", cell=cell,
            fault="ウェブページの書式の記号が混ざっています。", cure="記号だけを除きました。本文は変えていません。",
        )  # fmt: skip

    def _add(self, span: Span) -> None:
        self.spans.append(span)
        if span.key:
            self._values[span.key].append(span.after)

    def replace_spans(self, key: str, spans: list[Span]) -> None:
        """Other spans for one cell, where what it holds was settled only after all sheets were read."""
        self.spans = [span for span in self.spans if span.key != key] + spans
        self._values[key] = [span.after for span in spans]

    def spans_of(self, key: str) -> list[Span]:
        """A cell's spans in order."""
        return [span for span in self.spans if span.key == key]


def as_kept(raw: str) -> str:
    """A stretch of the source in a cell's value."""
    return raw.replace(BREAK, "\n")


def _lists(tag: str) -> int:
    lowered = tag.lower()
    return 1 if lowered.startswith(("<ul", "<ol")) else -1 if lowered.startswith(("</ul", "</ol")) else 0


def located(findings: list[Finding], rows: list[Row], sheets: dict[str, str]) -> tuple[Finding, ...]:
    """Findings with their line and the number of their sheet, in the order of the text."""
    starts = [row.start for row in rows]
    placed = [
        replace(
            row,
            line=rows[bisect_right(starts, row.start) - 1].line if row.start >= 0 else row.line,
            sheet=sheets.get(row.place.split("/")[0], row.sheet),
        )
        for row in findings
    ]
    return tuple(sorted(placed, key=lambda row: (row.start < 0, row.start)))

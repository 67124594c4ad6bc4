"""Tables as files: CSV in UTF-8 and CP932, JSON. Written row by row; nothing holds a whole table.

A text that a spreadsheet would take for a formula gets an apostrophe in CSV (JSON has it as it is). A character
CP932 lacks is written as 〓 and noted, never an error.
"""

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any, Final

from core.spreadsheet import fitting_cp932, harmless

Row = Sequence[Any]

_IN_MEMORY: Final = 2 * 1024 * 1024
_MOST_NOTES: Final = 10_000


@dataclass(frozen=True)
class Replacement:
    """A character that CP932 lacks: in which row (from 1, without the heading) and column."""

    row: int
    column: str
    character: str


@dataclass
class Written:
    """A finished file, rewound, with what its answer says. The caller closes `stream`."""

    stream: IO[bytes]
    size: int
    digest: str
    replaced: int = 0
    notes: list[Replacement] = field(default_factory=list)


class _Sink:
    """A file on the way: counts and hashes what is written; in memory while small, then in a file without a name."""

    def __init__(self) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, chunk: bytes) -> None:
        if self._size <= _IN_MEMORY < self._size + len(chunk):
            small, self._file = self._file, tempfile.TemporaryFile()  # noqa: SIM115 - who gets the file closes it
            small.seek(0)
            shutil.copyfileobj(small, self._file)
        self._file.write(chunk)
        self._hash.update(chunk)
        self._size += len(chunk)

    def done(self, replaced: int = 0, notes: list[Replacement] | None = None) -> Written:
        self._file.seek(0)
        return Written(self._file, self._size, self._hash.hexdigest(), replaced, notes or [])


def as_text(value: Any) -> str:
    """A cell's words: nothing for None, はい・いいえ for truth, plain digits for numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def safe_cell(value: Any) -> str:
    """The words of a cell; a text (never a number) that begins like a formula is marked as text."""
    return harmless(value) if isinstance(value, str) else as_text(value)


def csv_file(columns: Sequence[str], rows: Iterable[Row]) -> Written:
    """CSV in UTF-8 with its mark, lines ended with CR LF."""
    sink = _Sink()
    sink.write(b"\xef\xbb\xbf")
    for line in _lines(columns, rows):
        sink.write(line.encode("utf-8", "replace"))
    return sink.done()


def csv_file_cp932(columns: Sequence[str], rows: Iterable[Row]) -> Written:
    """CSV in CP932; `notes` say where a character was replaced, the first ten thousand of them."""
    sink, replaced = _Sink(), 0
    notes: list[Replacement] = []
    sink.write(_line(columns).encode("cp932", "replace"))
    for number, row in enumerate(rows, start=1):
        cells = []
        for column, value in zip(columns, row, strict=True):
            words, lost = fitting_cp932(safe_cell(value))
            replaced += len(lost)
            notes += [Replacement(number, column, char) for char in lost[: _MOST_NOTES - len(notes)]]
            cells.append(words)
        sink.write(_line(cells).encode("cp932"))
    return sink.done(replaced, notes)


def json_file(head: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Row]) -> Written:
    """One object: what `head` says, and `rows`, a list of objects keyed by the columns; an unknown value is null."""
    sink = _Sink()
    opening = json.dumps(dict(head), ensure_ascii=False)[:-1]
    sink.write(f'{opening}{", " if head else ""}"rows": ['.encode())
    for number, row in enumerate(rows):
        told = {column: _plain(value) for column, value in zip(columns, row, strict=True)}
        line = json.dumps(told, ensure_ascii=False, allow_nan=False)
        sink.write(f"{',' if number else ''}\n{line}".encode("utf-8", "replace"))
    sink.write(b"\n]}\n")
    return sink.done()


def bytes_file(chunks: Iterable[bytes]) -> Written:
    """Bytes that are made elsewhere, as a file."""
    sink = _Sink()
    for chunk in chunks:
        sink.write(chunk)
    return sink.done()


def _plain(value: Any) -> Any:
    """Exact numbers as text, so that no reader makes a binary fraction of them; "" is not known."""
    if isinstance(value, Decimal):
        return as_text(value)
    return None if value == "" else value


def _lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield _line(columns)
    for row in rows:
        yield _line([safe_cell(value) for value in row])


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()

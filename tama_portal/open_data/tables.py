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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any, Final, Protocol

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


class _Line:
    """Where the CSV writer puts the line it made last."""

    def __init__(self) -> None:
        self.made = ""
        self.write_row = csv.writer(self, lineterminator="\r\n").writerow

    def write(self, line: str) -> None:
        """What the CSV writer hands over: one line."""
        self.made = line


def csv_line(row: Row) -> str:
    """A row as a line of CSV."""
    return _written([safe_cell(value) for value in row])


def _written(cells: Sequence[str]) -> str:
    line = _Line()
    line.write_row(cells)
    return line.made


class CsvFile:
    """CSV in UTF-8 with its mark, lines ended with CR LF."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._sink = _Sink()
        self._sink.write(b"\xef\xbb\xbf")
        self._sink.write(_written(columns).encode())

    def add(self, row: Row, line: str) -> None:
        """Write a row, which makes this line."""
        del row
        self._sink.write(line.encode("utf-8", "replace"))

    def done(self) -> Written:
        """The finished file."""
        return self._sink.done()


class Cp932File:
    """CSV in CP932; `notes` say where a character was replaced, the first ten thousand of them."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._sink, self._columns = _Sink(), columns
        self._sink.write(_written(columns).encode("cp932"))
        self._rows = self._replaced = 0
        self._notes: list[Replacement] = []

    def add(self, row: Row, line: str) -> None:
        """Write a row, which makes this line; only where the line does not fit is each cell asked."""
        self._rows += 1
        try:
            encoded = line.encode("cp932")
        except UnicodeEncodeError:
            encoded = _written(self._fitting(row)).encode("cp932")
        self._sink.write(encoded)

    def _fitting(self, row: Row) -> list[str]:
        """The cells in characters CP932 has; what it lacks is noted."""
        cells = []
        for column, value in zip(self._columns, row, strict=True):
            words, lost = fitting_cp932(safe_cell(value))
            if lost:
                self._replaced += len(lost)
                room = _MOST_NOTES - len(self._notes)
                self._notes += [Replacement(self._rows, column, char) for char in lost[:room]]
            cells.append(words)
        return cells

    def done(self) -> Written:
        """The finished file."""
        return self._sink.done(self._replaced, self._notes)


class JsonFile:
    """One object: what `head` says, and `rows`, a list of objects keyed by the columns; an unknown value is null."""

    def __init__(self, head: Mapping[str, Any], columns: Sequence[str]) -> None:
        self._sink, self._columns, self._begun = _Sink(), columns, False
        self._encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
        opening = json.dumps(dict(head), ensure_ascii=False)[:-1]
        self._sink.write(f'{opening}{", " if head else ""}"rows": ['.encode())

    def add(self, row: Row, line: str) -> None:
        """Write a row."""
        del line
        told = {column: _plain(value) for column, value in zip(self._columns, row, strict=True)}
        text = self._encode(told)
        self._sink.write(f"{',' if self._begun else ''}\n{text}".encode("utf-8", "replace"))
        self._begun = True

    def done(self) -> Written:
        """The finished file."""
        self._sink.write(b"\n]}\n")
        return self._sink.done()


class TableFile(Protocol):
    """A table on its way into a file, row by row."""

    def add(self, row: Row, line: str) -> None:
        """Write a row, which makes this line of CSV."""

    def done(self) -> Written:
        """The finished file."""


def filled(file: TableFile, rows: Iterable[Row]) -> Written:
    """The file with all its rows."""
    for row in rows:
        file.add(row, csv_line(row))
    return file.done()


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

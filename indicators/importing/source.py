"""Bytes to text, text to rows: encodings, line ends and tab-separated cells with their places."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.text import unstorable

_LINE_END: Final = re.compile("\r\n|[\n\r\x0c\x85\u2028\u2029]")
BREAK: Final = (
    "\x0b"  # a line break inside a cell, as word processors and spreadsheets write it to plain text
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZIP, _PDF = b"PK\x03\x04", b"%PDF"


class UnreadableSourceError(ValueError):
    """The file is not a text of progress sheets. The message names the fault and the cure, in Japanese."""


@dataclass(frozen=True)
class Decoded:
    """A file's text and the encoding it was written in (`utf-8`, `utf-8-sig`, `utf-16`, `cp932`).

    `places` names the cell behind each line where the file was a workbook.
    """

    text: str
    encoding: str
    places: tuple[str, ...] = ()

    def place(self, line: int) -> str:
        """Where a line (1 first) stands in the file, for people."""
        return self.places[line - 1] if 0 < line <= len(self.places) else f"{line}行目"


def decode(data: bytes) -> Decoded:
    """The text of a file. Raises UnreadableSourceError for an empty file, a binary one, or unknown characters."""
    if not data.strip():
        raise UnreadableSourceError(
            "ファイルが空です。進行管理表のテキストを保存したファイルを指定してください。"
        )
    if data.startswith((_ZIP, _PDF)):
        raise UnreadableSourceError(
            "テキストではなく、PDFかExcel・Wordのファイルです。"
            "表を .xlsx かタブ区切りのテキストで保存したものを指定してください。"
        )
    for begin, encoding in _MARKS:
        if data.startswith(begin):
            return _checked(_strictly(data, encoding), encoding)
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _checked(_strictly(data, "cp932"), "cp932")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableSourceError(
            f"{line}行目の文字を読めません（UTF-8でもShift_JIS（CP932）でもありません）。"
            "UTF-8のテキストで保存し直してください。"
        ) from None


def _checked(text: str, encoding: str) -> Decoded:
    if not text.strip():
        raise UnreadableSourceError(
            "ファイルが空です。進行管理表のテキストを保存したファイルを指定してください。"
        )
    if unstorable(text) or any(char < "\t" for char in text):
        raise UnreadableSourceError(
            "テキストではないファイルのようです（制御文字が含まれています）。"
            "進行管理表をタブ区切りのテキストで保存したものを指定してください。"
        )
    return Decoded(text, encoding)


@dataclass(frozen=True)
class Cell:
    """One filled cell: its column (0 first) and its trimmed place in the text."""

    column: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Row:
    """One line: number (1 first), filled cells, width in columns, and its place in the text."""

    line: int
    cells: tuple[Cell, ...]
    width: int
    start: int
    end: int


def rows(text: str) -> Iterator[Row]:
    """Every line of the text, blank ones without cells."""
    start = 0
    ends = [*((found.start(), found.end()) for found in _LINE_END.finditer(text)), (len(text), len(text))]
    for line, (end, following) in enumerate(ends, start=1):
        yield _row(text, line, start, end)
        start = following


def _row(text: str, line: int, start: int, end: int) -> Row:
    cells, place = [], start
    fields = text[start:end].split("\t")
    for column, field in enumerate(fields):
        inside = field.strip()
        if inside:
            begin = place + field.index(inside)
            cells.append(Cell(column, begin, begin + len(inside), inside))
        place += len(field) + 1
    return Row(line, tuple(cells), len(fields), start, end)


def line_of(text: str, place: int) -> int:
    """The number of the line that a place lies in."""
    return sum(1 for _ in _LINE_END.finditer(text, 0, place)) + 1

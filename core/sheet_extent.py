"""How far the cells of a workbook reach, measured before a reader makes room for them.

Readers of .xlsx hold a worksheet as a rectangle from the first to the last cell: one cell in the last corner asks for
17 thousand million. Every part is walked as XML without being kept, since a worksheet may lie anywhere.
`core.zip_guard` has passed the archive before.
"""

import re
import zlib
from posixpath import basename
from typing import IO, Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

MOST_CELLS: Final = 2_000_000
"""Of one worksheet's rectangle; a plan of forty sheets over ten years has about twenty thousand."""
_CHUNK: Final = 256 * 1024
_LISTED: Final = "xl/_rels/workbook.xml.rels"
_MARKS: Final = frozenset({"c", "row"})
_PLACE: Final = re.compile(r"(?P<column>[A-Za-z]*)(?P<row>[0-9]{1,9})")
_BROKEN: Final = "Excelのブックとして読み取れない部分があります。Excelで開き、.xlsx で保存し直してください。"


class TooWideError(Exception):
    """A worksheet reaches too far, or is written so that nobody can tell; the message is Japanese and names the cure."""


def inspect_extent(stream: IO[bytes], most: int = MOST_CELLS) -> None:
    """Refuse a workbook with a worksheet of more than `most` cells from the first corner on. Raises TooWideError."""
    try:
        with ZipFile(stream) as package:
            names = package.namelist()
            listed = _targets(package) if _LISTED in names else frozenset()
            for name in names:
                is_xml = name.lower().endswith((".xml", ".rels")) or basename(name) in listed
                with package.open(name) as part:
                    _walk(part, _Extent(most), must_parse=is_xml)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise TooWideError(_BROKEN) from error
    finally:
        stream.seek(0)


class _Extent:
    """The last row and column of the marks met so far."""

    def __init__(self, most: int) -> None:
        self._most, self._rows, self._columns = most, 1, 1

    def meet(self, name: str, attributes: dict[str, str]) -> None:
        """A row or a cell; what has no place of its own follows the one before and is counted by its bytes."""
        place = attributes.get("r", "").strip() if name.rpartition(":")[2] in _MARKS else ""
        if not place:
            return
        found = _PLACE.fullmatch(place)
        if found is None:
            raise TooWideError(_BROKEN)
        self._rows = max(self._rows, int(found["row"]))
        self._columns = max(self._columns, _column(found["column"]))
        if self._rows * self._columns > self._most:
            raise TooWideError(
                f"表が{self._rows:,}行 × {self._columns:,}列まで広がっています。右や下に離れたセルがあれば削除し、"
                "Excelで保存し直してください。"
            )


def _walk(part: IO[bytes], extent: _Extent, *, must_parse: bool) -> None:
    """Meet every mark of a part; what is no XML (a picture) is passed over unless it has to be."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.meet
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if must_parse:
            raise TooWideError(_BROKEN) from error


def _targets(package: ZipFile) -> frozenset[str]:
    """The names of the parts the workbook is made of, whatever their endings."""
    found: set[str] = set()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.add(basename(attributes.get("Target", "")))
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(package.read(_LISTED), True)
    except expat.ExpatError as error:
        raise TooWideError(_BROKEN) from error
    return frozenset(found)


def _refuse(*_: object) -> None:
    raise TooWideError(_BROKEN)


def _column(letters: str) -> int:
    """The number of a column by its letters; 1 for a row's mark, which has none."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return max(number, 1)

"""A workbook's reach is measured before any room is made for it, however its cells are written."""

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from core.sheet_extent import TooWideError, inspect_extent
from indicators.importing.book import text_of_workbook
from indicators.importing.source import UnreadableSourceError

SHEET = "xl/worksheets/sheet1.xml"


def book(**cells: object) -> bytes:
    """A workbook with these cells."""
    made, stream = Workbook(), io.BytesIO()
    for place, value in cells.items():
        made.active[place] = value
    made.save(stream)
    return stream.getvalue()


def rewritten(change: Callable[[str], bytes], *, to: str = SHEET) -> bytes:
    """An ordinary workbook whose worksheet was changed by hand, perhaps under another name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(A1="a", B2="b"))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(SHEET.encode(), to.encode())
            new.writestr(to if name == SHEET else name, change(data.decode()) if name == SHEET else data)
    return stream.getvalue()


FAR = '<c t="&gt;" r="XFD1048576"><v>1</v></c></row>'
HOSTILE = {
    "one cell in the last corner": book(A1="a", XFD1048576="z"),
    "a prefix": rewritten(
        lambda text: (
            text.replace("<worksheet ", "<x:worksheet ", 1)
            .replace("</worksheet>", "</x:worksheet>")
            .replace('xmlns="', 'xmlns:x="', 1)
            .replace("<c ", "<x:c ")
            .replace("</c>", "</x:c>")
            .replace('r="B2"', 'r="XFD1048576"')
            .encode()
        )
    ),
    "padding within the tag": rewritten(
        lambda text: text.replace('<c r="B2"', f'<c{" " * 600_000}r="XFD1048576"').encode()
    ),
    "a sign that ends a tag in an attribute": rewritten(lambda text: text.replace("</row>", FAR, 1).encode()),
    "another encoding": rewritten(
        lambda text: text.replace("</row>", FAR, 1).replace("UTF-8", "UTF-16").encode("utf-16")
    ),
    "under the name of a picture": rewritten(
        lambda text: ("x" + text.replace("</row>", FAR, 1)).encode(), to="xl/media/sheet1.png"
    ),
    "broken before the cell": rewritten(lambda text: text.replace("</row>", f"&</row>{FAR}", 1).encode()),
    "a place nobody can count": rewritten(lambda text: text.replace('r="B2"', 'r="B9999999999999"').encode()),
    "a row far down": rewritten(lambda text: text.replace('<row r="2"', '<row r="99999999"').encode()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_reaches_too_far_is_refused_before_it_is_read(name: str) -> None:
    with pytest.raises(TooWideError, match="保存し直してください"):
        inspect_extent(io.BytesIO(HOSTILE[name]))
    with pytest.raises(UnreadableSourceError, match="保存し直してください"):
        text_of_workbook(HOSTILE[name])


def test_ordinary_workbooks_pass_and_the_stream_stands_at_its_start() -> None:
    stream = io.BytesIO(book(A1="施策", D40="結果", Z2000="端"))
    inspect_extent(stream)
    assert stream.tell() == 0
    assert "施策" in text_of_workbook(stream.getvalue()).text
    with pytest.raises(TooWideError, match="2,000行 × 26列"):
        inspect_extent(stream, most=51_999)
    inspect_extent(stream, most=52_000)

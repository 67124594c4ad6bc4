"""A list's bytes to its rows. Comma or tab, UTF-8 (BOM allowed) or CP932; nothing of it is run or unpacked."""

import csv
import io
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from core.exceptions import DomainError, Fault
from core.files import DEFAULT_MAX_BYTES, Attachment, FileKind, check_upload, decode_text
from core.spreadsheet import harmless
from core.text import fold
from programs.content import Content
from programs.enums import Kind
from programs.importing.headers import COLUMNS, Column, is_header, known
from programs.importing.values import cleaned, told_by

MOST_BYTES: Final = min(DEFAULT_MAX_BYTES, 5 * 1024 * 1024)
MOST_ROWS: Final = 2000
MOST_COLUMNS: Final = 200
MOST_CELL: Final = 10_000
_LABELS: Final = {column.name: column.label for column in COLUMNS}
_LOOKED_AT: Final = 30
"""The header is looked for in so many first lines; what stands before it (a title) is passed over."""


class UnreadableListError(DomainError):
    """The file is no list of programs, or too much of one; field `file`."""

    def __init__(self, fault: str, cure: str) -> None:
        super().__init__(Fault("file", fault, cure))


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row: line of the file (1 first), column by its name in the file, fault and cure."""

    line: int
    column: str
    fault: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.line}行目" + (f"「{self.column}」" if self.column else "")
        return f"{where}：{self.fault}{self.cure}"


@dataclass(frozen=True)
class Found:
    """One program of a list: where it stands, its name for good, what it says, and what was only guessed from it."""

    line: int
    key: str
    own_id: str
    title: str
    told: Content
    guessed: Content
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a list says. `unused` are headers that no item takes, with how many rows fill them."""

    rows: list[Found]
    faults: list[RowFault]
    unused: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Programs read and rows refused."""
        return len(self.rows) + len({fault.line for fault in self.faults})


@dataclass(frozen=True)
class _Table:
    columns: list[Column | None]
    headers: list[str]
    lines: list[tuple[int, list[str]]]
    tabbed: bool
    """The list of programs for municipalities; the open data of support programs is separated by commas."""


def read(file: Attachment, *, code: str, body: str) -> Reading:
    """Read a list for the body with this code and name; rows of other bodies are refused one by one.

    Raises UnreadableListError for what is no such list.
    """
    return read_text(text_of(file), code=code, body=body)


def text_of(file: Attachment) -> str:
    """The text of a file. Raises UnreadableListError for anything but a text of a bearable size."""
    verdict = check_upload(file, max_bytes=MOST_BYTES, kinds={FileKind.CSV, FileKind.TEXT})
    if not verdict:
        raise UnreadableListError(verdict.faults[0].message, verdict.faults[0].cure)
    file.seek(0)
    text = decode_text(file.read(MOST_BYTES + 1))
    if text is None:
        raise UnreadableListError("文字コードを判別できません。", "UTF-8かShift_JISで保存し直してください。")
    return text


def read_text(text: str, *, code: str, body: str) -> Reading:
    """The same for a text."""
    if "\x00" in text:
        raise UnreadableListError(
            "文字ではないデータが含まれています。", "CSVかタブ区切りのテキストで保存し直してください。"
        )
    table = _table(text)
    default = Kind.FRAMEWORK if table.tabbed else Kind.GRANT
    rows: list[Found] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for line, cells in table.lines:
        row = {
            column.name: cleaned(cell) for column, cell in zip(table.columns, cells, strict=False) if column
        }
        wrong = [*_shape_faults(table, line, cells), *_body_faults(row, line, code, body)]
        found, more = _found(row, line, default)
        wrong += more
        if found.key in seen and not wrong:
            same = "制度番号" if found.own_id else "名前"
            wrong.append(
                RowFault(line, _LABELS["id" if found.own_id else "title"], f"{seen[found.key]}行目と{same}が同じです。",
                         "1行にまとめるか、制度番号の列で区別してください。")
            )  # fmt: skip
        seen.setdefault(found.key, line)
        faults += wrong
        if not wrong:
            rows.append(found)
    own = {
        column.label: header for column, header in zip(table.columns, table.headers, strict=True) if column
    }
    named = [replace(fault, column=own.get(fault.column, fault.column)) for fault in faults]
    return Reading(rows, named, _unused(table))


def _table(text: str) -> _Table:
    """Headers and filled lines, with the number of the line each begins on."""
    if not text.strip():
        raise UnreadableListError("ファイルが空です。", "制度の一覧のファイルを選んでください。")
    for delimiter in ("\t", ","):
        lines = _lines(text, delimiter)
        head = list(itertools.islice(lines, _LOOKED_AT))
        place = next((at for at, (_, cells) in enumerate(head) if is_header(cells)), None)
        if place is None:
            continue
        headers = [cleaned(cell) for cell in head[place][1]]
        columns = known(headers)
        _refuse_doubles(columns, headers)
        body = [
            (line, cells)
            for line, cells in itertools.chain(head[place + 1 :], lines)
            if any(cell.strip() for cell in cells) and not is_header(cells)
        ]
        if len(body) > MOST_ROWS:
            raise UnreadableListError(
                f"行が多すぎます（{MOST_ROWS:,}行まで）。", "ファイルを分けてください。"
            )
        return _Table(columns, headers, body, delimiter == "\t")
    raise UnreadableListError(
        "列の名前の行が見つかりません。",
        "「タイトル（制度名）」か「施策」の列と、ほかに1つ以上の列（制度概要、URLなど）の名前がある行を入れてください。",
    )


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the line it begins on, cells). Raises UnreadableListError where quotes do not close."""
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True,
        quoting=csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE,
    )  # fmt: skip
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableListError(
                f'{line}行目の引用符（"）が閉じていないか、余分です。',
                "表計算ソフトでCSVとして保存し直してください。",
            ) from None
        if len(cells) > MOST_COLUMNS:
            raise UnreadableListError(
                f"{line}行目の列が多すぎます（{MOST_COLUMNS}列まで）。", "表の形を確かめてください。"
            )
        yield line, cells


def _refuse_doubles(columns: list[Column | None], headers: list[str]) -> None:
    """The same item twice leaves open which one is meant."""
    seen: dict[str, str] = {}
    for column, header in zip(columns, headers, strict=True):
        if column is None:
            continue
        if column.name in seen:
            raise UnreadableListError(
                f"「{seen[column.name]}」と「{header}」は同じ項目の列です。",
                "どちらかの列を消すか、名前を変えてください。",
            )
        seen[column.name] = header


def _shape_faults(table: _Table, line: int, cells: list[str]) -> Iterator[RowFault]:
    if any(cell.strip() for cell in cells[len(table.headers) :]):
        cure = '文の中のカンマや改行は、引用符（"）で囲んで保存し直してください。'
        yield RowFault(
            line, "", f"列が{len(cells)}個あり、名前の行（{len(table.headers)}個）より多いです。", cure
        )
    for header, cell in zip(table.headers, cells, strict=False):
        if len(cell) > MOST_CELL:
            yield RowFault(
                line, header, f"長すぎます（{len(cell):,}文字）。", f"{MOST_CELL:,}文字までにしてください。"
            )


def _body_faults(row: Mapping[str, str], line: int, code: str, body: str) -> Iterator[RowFault]:
    """A row of another body is not taken in, by code (5 or 6 digits) or else by name."""
    cure = f"取り込めるのは{body}の制度だけです。"
    given = fold(row.get("code", ""))
    if given:
        if given.zfill(len(code)) not in {code, code[:5].zfill(len(code))}:
            yield RowFault(
                line, _LABELS["code"], f"「{harmless(row['code'][:20])}」は別の団体のコードです。", cure
            )
    elif (name := row.get("body", "")) and not fold(name).replace(" ", "").startswith(
        fold(body).replace(" ", "")
    ):
        ours = fold(f"東京都{body}").replace(" ", "")
        if not fold(name).replace(" ", "").startswith(ours):
            yield RowFault(line, _LABELS["body"], f"「{harmless(name[:30])}」は別の団体です。", cure)


def _found(row: Mapping[str, str], line: int, default: Kind) -> tuple[Found, list[RowFault]]:
    told = told_by(row, default_kind=default)
    title, own_id = told.stated.get("title", ""), row.get("id", "")
    faults = [RowFault(line, _LABELS[each.column], each.fault, each.cure) for each in told.faults]
    if not title:
        faults.append(
            RowFault(line, _LABELS["title"], "制度の名前が空です。", "名前を入れるか、行を消してください。")
        )
    if len(own_id) > 80:  # noqa: PLR2004 - as long as a slug
        faults.append(RowFault(line, _LABELS["id"], "長すぎます。", "80文字までにしてください。"))
    key = f"id:{own_id}" if own_id else f"name:{fold(title)}"
    return Found(line, key, own_id, title, told.stated, told.guessed, told.notes), faults


def _unused(table: _Table) -> dict[str, int]:
    """Headers that no item takes, with how many rows fill them; columns that stay empty are not worth a word."""
    counts = {
        header: sum(1 for _, cells in table.lines if len(cells) > place and cells[place].strip())
        for place, (header, column) in enumerate(zip(table.headers, table.columns, strict=True))
        if column is None and header
    }
    return {header: count for header, count in counts.items() if count}

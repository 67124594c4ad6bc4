"""The text cut into what the form prints: table of indicators, title, goal, index, sheets, and the rest.

Sections may come in any order and any may be missing. A line that belongs to none is left to be doubted.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from indicators.importing.source import Cell, Row
from indicators.importing.words import (
    Found,
    Label,
    is_rule,
    label_of,
    misread_label,
    number,
    squeezed,
    year_label,
)

_TITLE_ENDS = ("進行管理表", "進捗管理表", "進行管理シート", "進捗管理シート")
_TABLE_WORDS = ("現状値", "次回数値更新", "目標", "出典")
_INDEX_WORDS = ("方向性", "基本方針", "施策", "施策名", "成果指標", "重点テーマ", "関連課等")
_ENOUGH = 3


class Part(Enum):
    """What a line belongs to."""

    INDICATORS = auto()
    INDEX = auto()
    TITLE = auto()
    GOAL = auto()
    SHEET = auto()
    OTHER = auto()


@dataclass
class Section:
    """Lines that belong together; the first is the header where the part has one."""

    part: Part
    rows: list[Row] = field(default_factory=list)


def sections(rows: list[Row]) -> list[Section]:
    """The parts of a text in the order it prints them; blank lines are left out, rules are in their part."""
    found: list[Section] = []
    current = Section(Part.OTHER)
    sheet: Section | None = None
    blank_before = True
    for row in rows:
        if not row.cells:
            blank_before = True
            continue
        part = _begins(row, current, blank_before=blank_before)
        sheet = current if current.part is Part.SHEET else sheet
        if part is None and current.part is Part.OTHER and sheet is not None and _goes_on(row):
            current = sheet
        elif part is not None:
            current = Section(part)
            found.append(current)
        elif current.part is Part.OTHER and current not in found:
            found.append(current)
        current.rows.append(row)
        blank_before = False
    return found


def _begins(row: Row, current: Section, *, blank_before: bool) -> Part | None:
    """The part that a line opens, None where it goes on with the present one."""
    words = [squeezed(cell.text) for cell in row.cells]
    if _is_table_header(words):
        return Part.INDICATORS
    if sum(word in _INDEX_WORDS for word in words) >= _ENOUGH and "基本方針" in words[:3]:
        return Part.INDEX
    if len(row.cells) == 1 and words[0].endswith(_TITLE_ENDS):
        return Part.TITLE
    label = label_of(row.cells[0].text)
    if label is not None and label.label is Label.GOAL:
        return Part.GOAL
    if _opens_sheet(row, label, current):
        return Part.SHEET
    return _closes(row, current, blank_before=blank_before)


def _is_table_header(words: list[str]) -> bool:
    heads = sum(any(word.startswith(head) for word in words) for head in _TABLE_WORDS)
    return heads >= _ENOUGH and any("指標" in word for word in words)


def _opens_sheet(row: Row, label: Found | None, current: Section) -> bool:
    """The form's first row; or, where that row is lost, a head row that this sheet has already."""
    if label is None:
        return False
    if current.part is not Part.SHEET:
        return label.label in {Label.DIRECTION, Label.POLICY, Label.MEASURE} and _is_head(row, label)
    if label.label is Label.DIRECTION:
        return any(_has(current, word) for word in (Label.DIRECTION, Label.MEASURE, Label.OVERVIEW))
    if label.label in {Label.POLICY, Label.MEASURE}:
        return _has(current, label.label)
    return False


def _is_head(row: Row, label: Found) -> bool:
    """A head row says something behind its label."""
    return len(row.cells) > 1 or label.end < len(row.cells[0].text)


def _has(section: Section, label: Label) -> bool:
    return any(
        (found := label_of(row.cells[0].text)) is not None and found.label is label for row in section.rows
    )


def _closes(row: Row, current: Section, *, blank_before: bool) -> Part | None:
    """A line of prose after a blank line ends a table, a title or a sheet; it belongs to another section."""
    alone = len(row.cells) == 1
    if current.part in {Part.TITLE, Part.GOAL} and not (alone and is_rule(row.cells[0].text)):
        return (
            None
            if current.part is Part.GOAL and all(is_rule(cell.text) for cell in row.cells)
            else Part.OTHER
        )
    if current.part in {Part.INDICATORS, Part.INDEX} and row.width == 1:
        return None if is_rule(row.cells[0].text) or number(row.cells[0].text) else Part.OTHER
    if current.part is Part.SHEET and blank_before and not known_row(row):
        return Part.OTHER
    return None


def known_row(row: Row) -> bool:
    """Whether a line is one of a sheet: a label of the form, a year's label, a rule."""
    first = row.cells[0].text
    return (
        label_of(first) is not None
        or year_label(first) is not None
        or all(is_rule(cell.text) for cell in row.cells)
        or (len(row.cells) > 1 and misread_label(first) is not None)
    )


def _goes_on(row: Row) -> bool:
    """A line that goes on with a sheet which something foreign has interrupted."""
    label = label_of(row.cells[0].text)
    return year_label(row.cells[0].text) is not None or (
        label is not None and label.label in {Label.OVERVIEW, Label.DEPARTMENTS}
    )


def head_cells(row: Row, found: Found) -> list[Cell]:
    """The cells behind a label; a value written in the label's own cell comes first, in the column behind it."""
    first = row.cells[0]
    rest = list(row.cells[1:])
    inner = first.text[found.end :].lstrip(" \u3000:：\t")
    if inner:
        start = first.end - len(inner)
        return [Cell(first.column + 1, start, first.end, inner), *rest]
    return rest

"""One sheet: its head, its departments and the four cells of each fiscal year.

What one sheet cannot settle alone (columns of themes, hints of the form, branches of a number) is left in the
draft for `assemble`.
"""

from indicators.importing.draft import (
    Draft,
    doubt_cell,
    doubt_row,
    joined,
    keep_numbered,
    keep_policy,
    read_departments,
    take_prose,
)
from indicators.importing.ledger import Ledger
from indicators.importing.sections import Section, head_cells
from indicators.importing.source import Cell, Row
from indicators.importing.words import (
    CELL_NAMES,
    HEAD_WORDS,
    OUTLOOKS,
    Found,
    Label,
    YearLabel,
    is_certain_circle,
    is_circle,
    is_misread_circle,
    is_rule,
    label_of,
    mark,
    misread_label,
    misread_outlook,
    number,
    squeezed,
    year_label,
)


def read_sheet(ledger: Ledger, section: Section, ordinal: int) -> Draft:
    """Read the lines of one sheet into the ledger and a draft."""
    rows = section.rows
    draft = Draft(f"sheet:{ordinal}", rows[0].start, rows[-1].end)
    for place, row in enumerate(rows):
        adjoining = place > 0 and rows[place - 1].line == row.line - 1
        _read_row(ledger, draft, row, adjoining=adjoining)
    return draft


def _read_row(ledger: Ledger, draft: Draft, row: Row, *, adjoining: bool) -> None:
    first = row.cells[0]
    if all(is_rule(cell.text) for cell in row.cells):
        for cell in row.cells:
            ledger.form(cell.start, cell.end)
        return
    dated = year_label(first.text)
    if dated is not None:
        _read_year(ledger, draft, row, dated)
        return
    found = label_of(first.text)
    if found is None and len(row.cells) > 1:
        found = _misread(draft, row)
    if found is None or found.label is Label.GOAL:
        _read_loose(ledger, draft, row, adjoining=adjoining)
        return
    _take_label(ledger, draft, first, found)
    if found.label.name in draft.seen:
        doubt_row(ledger, draft, head_cells(row, found), found.label.value)
        return
    draft.seen.add(found.label.name)
    _READERS[found.label](ledger, draft, row, head_cells(row, found))


def _misread(draft: Draft, row: Row) -> Found | None:
    """A label with one character misread, if this sheet still lacks that row and the value fits it."""
    near = misread_label(row.cells[0].text)
    if near is None or near.label.name in draft.seen:
        return None
    return None if near.label is Label.MEASURE and number(row.cells[1].text) is None else near


def _take_label(ledger: Ledger, draft: Draft, cell: Cell, found: Found) -> None:
    if found.meant:
        ledger.repair(
            f"{draft.key}/label/{found.label.name}", cell.start, cell.start + found.end, found.meant,
            kind="misread_label", cell=found.label.value, fault="様式の見出しが読み違えられています。",
        )  # fmt: skip
        return
    ledger.form(cell.start, cell.start + found.end)
    colon = ledger.text[cell.start + found.end : cell.end].lstrip()
    if colon[:1] in {":", "："}:
        place = ledger.text.index(colon[0], cell.start + found.end)
        ledger.form(place, place + 1)


# --- Head rows -------------------------------------------------------------------------------------------


def _direction(ledger: Ledger, draft: Draft, row: Row, cells: list[Cell]) -> None:
    for cell in _torn(ledger, draft, cells, (*HEAD_WORDS, "".join(HEAD_WORDS)), "方向性"):
        if squeezed(cell.text) in (*HEAD_WORDS, "".join(HEAD_WORDS)):
            ledger.form(cell.start, cell.end)
        elif not ledger.has(f"{draft.key}/direction"):
            keep_numbered(ledger, f"{draft.key}/direction", cell, "方向性")
        else:
            doubt_cell(ledger, draft, cell, "方向性")


def _torn(ledger: Ledger, draft: Draft, cells: list[Cell], words: tuple[str, ...], name: str) -> list[Cell]:
    """Cells of which none is one of the words, but one begins or ends with one: the tab between is lost."""
    if any(squeezed(cell.text) in words for cell in cells):
        return cells
    for place, cell in enumerate(cells):
        word = next((word for word in words if cell.text.endswith(word) or cell.text.startswith(word)), None)
        if word is None:
            continue
        cut = len(cell.text) - len(word) if cell.text.endswith(word) else len(word)
        left, right = cell.text[:cut].rstrip(), cell.text[cut:].lstrip()
        ledger.note_repair(
            "lost_tab", name, cell.text, f"{left}\t{right}", start=cell.start, end=cell.end, place=draft.key,
            fault="欄の間のタブが失われています。", cure="様式の語のところで2つの欄に分けました。原本と見比べてください。",
        )  # fmt: skip
        return [
            *cells[:place],
            Cell(cell.column, cell.start, cell.start + len(left), left),
            Cell(cell.column + 1, cell.end - len(right), cell.end, right),
            *(Cell(later.column + 1, later.start, later.end, later.text) for later in cells[place + 1 :]),
        ]
    return cells


def _policy(ledger: Ledger, draft: Draft, row: Row, cells: list[Cell]) -> None:
    cells = _torn(ledger, draft, cells, OUTLOOKS, "基本方針")
    outlook = next((place for place, cell in enumerate(cells) if squeezed(cell.text) in OUTLOOKS), None)
    if outlook is None and len(cells) > 1 and misread_outlook(cells[1].text):
        outlook = 1
    before = cells if outlook is None else cells[:outlook]
    for cell in before[:1]:
        keep_policy(ledger, f"{draft.key}/policy", cell)
    if outlook is None:
        draft.themes = before[1:]
        return
    for cell in before[1:]:
        doubt_cell(ledger, draft, cell, "基本方針")
    at = cells[outlook]
    meant = squeezed(at.text) if squeezed(at.text) in OUTLOOKS else misread_outlook(at.text)
    if at.text == meant:
        ledger.keep(f"{draft.key}/outlook", at.start, at.end)
    else:
        ledger.repair(
            f"{draft.key}/outlook", at.start, at.end, meant, kind="misread_outlook", cell="展望",
            fault="展望の語に空白が混ざっているか、読み違えられています。",
        )  # fmt: skip
    draft.themes = cells[outlook + 1 :]


def _measure(ledger: Ledger, draft: Draft, row: Row, cells: list[Cell]) -> None:
    whole = _apart(ledger, draft, cells)
    draft.circles = [cell for cell in whole if is_circle(cell.text)]
    words = [cell for cell in whole if not is_circle(cell.text)]
    draft.width = row.width + len(whole) - len(cells)
    if words:
        draft.title_column = words[0].column
    alone = number(f"{words[0].text} 名") if len(words) > 1 else None
    if alone is not None and alone.end == len(words[0].text):
        read_number(ledger, draft, words[0].start, f"{words[0].text} 名")
        words = words[1:]
        _title(ledger, draft, words[0], 0)
    elif words:
        _title(ledger, draft, words[0], read_number(ledger, draft, words[0].start, words[0].text))
    for cell in words[1:]:
        doubt_cell(ledger, draft, cell, "施策名")
    for cell in draft.circles:
        if is_misread_circle(cell.text):
            ledger.repair(
                f"{draft.key}/circles", cell.start, cell.end, "○", kind="circle", cell="重点テーマ",
                fault="重点テーマの○が別の字に読まれています。",
            )  # fmt: skip
        else:
            ledger.keep(f"{draft.key}/circles", cell.start, cell.end)


def _apart(ledger: Ledger, draft: Draft, cells: list[Cell]) -> list[Cell]:
    """Marks that stand in one cell because the tab between them is lost, each in a column of its own."""
    found: list[Cell] = []
    more = 0
    for cell in cells:
        places = [place for place, char in enumerate(cell.text) if not char.isspace()]
        several = len(places) > 1
        if not several or not all(is_certain_circle(cell.text[place]) for place in places):
            found.append(Cell(cell.column + more, cell.start, cell.end, cell.text))
            continue
        for place in places:
            at = cell.start + place
            found.append(Cell(cell.column + more, at, at + 1, cell.text[place]))
            more += 1
        more -= 1
        ledger.note_repair(
            "lost_tab", "重点テーマ", cell.text, "\t".join(cell.text[place] for place in places), start=cell.start,
            end=cell.end, place=draft.key, fault="○と○の間のタブが失われています。",
            cure="1つずつの列に分けました。原本と見比べてください。",
        )  # fmt: skip
    return found


def read_number(ledger: Ledger, draft: Draft, start: int, text: str) -> int:
    """The measure's number into ledger and draft; how many characters of the text it takes."""
    found = number(text)
    if found is None:
        return 0
    key = f"{draft.key}/number"
    if text[: found.end] == found.digits:
        ledger.keep(key, start, start + found.end)
    else:
        ledger.repair(
            key, start, start + found.end, found.digits, kind="digits", cell="施策名",
            fault="施策の番号が全角か、数字に似た文字で書かれています。",
        )  # fmt: skip
    draft.printed, draft.number = found.digits, str(int(found.digits))
    return found.end


def _title(ledger: Ledger, draft: Draft, cell: Cell, begin: int) -> None:
    """The measure's name from a place in its cell on, and the mark behind it."""
    found = mark(cell.text[begin:])
    end = begin + found.start if found else len(cell.text)
    while begin < end and cell.text[begin] in ".．、:： \u3000":
        if not cell.text[begin].isspace():
            ledger.form(cell.start + begin, cell.start + begin + 1)
        begin += 1
    ledger.prose(
        f"{draft.key}/title", cell.start + begin, cell.start + len(cell.text[:end].rstrip()), "施策名"
    )
    if found is None:
        return
    draft.mark = found.signs
    start, key = cell.start + end, f"{draft.key}/branch"
    if ledger.text[start : cell.end] == found.signs:
        ledger.keep(key, start, cell.end)
    else:
        ledger.repair(
            key, start, cell.end, found.signs, kind="mark", cell="施策名",
            fault="枝番の丸数字が括弧の数字で書かれています。",
        )  # fmt: skip


def _overview(ledger: Ledger, draft: Draft, row: Row, cells: list[Cell]) -> None:
    take_prose(ledger, draft, f"{draft.key}/overview", cells, "事業概要")


def _departments(ledger: Ledger, draft: Draft, row: Row, cells: list[Cell]) -> None:
    draft.departments, draft.and_others = read_departments(ledger, f"{draft.key}/departments", cells)
    draft.previous = None


# --- Years -----------------------------------------------------------------------------------------------


def _read_year(ledger: Ledger, draft: Draft, row: Row, dated: YearLabel) -> None:
    """A row of a fiscal year. 「R8年度 以降の課題」 closes 令和7: what is left for the year after."""
    first = row.cells[0]
    year = dated.year - 1 if dated.cell == "issues" else dated.year
    key = f"{draft.key}/years/{year}/{dated.cell}"
    name = f"{year}年度 {CELL_NAMES[dated.cell]}"
    if dated.meant:
        ledger.repair(
            f"{draft.key}/label/{year}/{dated.cell}", first.start, first.start + dated.end, dated.meant,
            kind="misread_label", cell=name, fault="年度の見出しが読み違えられています。",
        )  # fmt: skip
    else:
        ledger.form(first.start, first.start + dated.end)
    values = list(row.cells[1:])
    inner = first.text[dated.end :].strip()
    if inner:
        begin = first.end - len(first.text[dated.end :].lstrip())
        values = _behind_label(
            ledger, draft, Cell(0, begin, first.end, inner), values=values, dated=dated, year=year
        )
    if dated.cell in draft.years.get(year, {}):
        doubt_row(ledger, draft, values, name)
        return
    draft.years.setdefault(year, {})[dated.cell] = key
    take_prose(ledger, draft, key, values, name)


def _behind_label(
    ledger: Ledger, draft: Draft, cell: Cell, *, values: list[Cell], dated: YearLabel, year: int
) -> list[Cell]:
    """What a year's label carries behind its words: the form's hint, or a value whose tab is lost."""
    if dated.cell == "content" and not values:
        ledger.note_repair(
            "lost_tab", f"{year}年度 {CELL_NAMES[dated.cell]}", cell.text, cell.text,
            fault="見出しと本文の間のタブが失われています。", start=cell.start, end=cell.end, place=draft.key,
        )  # fmt: skip
        return [cell]
    key = f"{draft.key}/hint/{dated.cell}/{year}"
    if ledger.has(key):
        return [cell, *values]
    ledger.keep(key, cell.start, cell.end)
    draft.hints[dated.cell, year] = key
    return values


def _read_loose(ledger: Ledger, draft: Draft, row: Row, *, adjoining: bool) -> None:
    """A line without a label: the rest of the cell above if it directly follows, else a doubt."""
    previous, first = draft.previous, row.cells[0]
    if adjoining and previous is not None and row.width == 1 and ledger.has(previous[0]):
        key, name = previous
        end = max(span.end for span in ledger.spans_of(key))
        if not ledger.text[end : first.start].strip():
            joined(ledger, key, end, first.start, name)
            ledger.prose(key, first.start, first.end, name)
            return
    for cell in row.cells:
        doubt_cell(ledger, draft, cell, previous[1] if previous else "")


_READERS = {
    Label.DIRECTION: _direction,
    Label.POLICY: _policy,
    Label.MEASURE: _measure,
    Label.OVERVIEW: _overview,
    Label.DEPARTMENTS: _departments,
}

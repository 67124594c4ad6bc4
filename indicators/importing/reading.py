"""The whole text read: plan, indicators, measures with their years, and every repair and doubt."""

import re
from dataclasses import dataclass
from typing import Final

from indicators.importing import agree
from indicators.importing.draft import Draft
from indicators.importing.hints import settle_hints
from indicators.importing.index import read_index
from indicators.importing.ledger import Finding, Ledger, Span, located
from indicators.importing.sections import Part, Section, sections
from indicators.importing.sheets import read_sheet
from indicators.importing.source import Row, UnreadableSourceError, rows
from indicators.importing.table import Table, read_table
from indicators.importing.words import CELL_NAMES, is_rule, label_of, sets_no_goal

CELLS: Final = tuple(CELL_NAMES)
_TITLE_WORD: Final = re.compile(r"[\s\u3000]*進[行捗]管理(?:表|シート)$")
_LONG: Final = 8
_OPEN_ENDS: Final = re.compile(r"[のはがをにへとでやも、，・（「『(]$")
_MARKED: Final = re.compile(r"[・※○●◎◇◆■□☆★①-⑳]")


@dataclass(frozen=True)
class IndicatorText:
    """An indicator as the table prints it; `direction` with its number."""

    name: str
    direction: str
    unit: str
    baseline: str
    next_update: str
    target: str
    statistic: str


@dataclass(frozen=True)
class YearCells:
    """One fiscal year of a sheet. None means that the sheet has no such row; "" that the row is empty."""

    content: str | None
    goal: str | None
    result: str | None
    issues: str | None
    refers_to: str = ""
    sets_no_goal: bool = False


@dataclass(frozen=True)
class SheetText:
    """A measure. `number` as addresses write it, `printed` as the sheet does; `branch` its mark."""

    key: str
    number: str
    printed: str
    branch: str
    title: str
    direction: str
    policy: str
    outlook: str
    themes: tuple[str, ...]
    departments: tuple[str, ...]
    departments_text: str
    and_others: bool
    overview: str
    years: dict[int, YearCells]


@dataclass(frozen=True)
class Reading:
    """What a text says. `spans` account for its characters; see `proof.unaccounted`."""

    text: str
    title: str
    goal: str
    themes: tuple[str, ...]
    indicators: tuple[IndicatorText, ...]
    measures: tuple[SheetText, ...]
    repairs: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    spans: tuple[Span, ...]


def read(text: str, encoding: str = "utf-8") -> Reading:
    """Read a text of progress sheets. Raises UnreadableSourceError where it holds no sheet at all."""
    ledger = Ledger(text)
    lines = list(rows(text))
    parts = sections(lines)
    sheets = [part for part in parts if part.part is Part.SHEET]
    if not sheets:
        raise UnreadableSourceError(
            "進行管理表の個票が1枚も見つかりません（「方向性」「基本方針」「施策名」の行がありません）。"
            "個票を含むテキストを指定してください。"
        )
    if encoding != "utf-8":
        ledger.note_repair(
            "encoding",
            "",
            encoding,
            "utf-8",
            fault=f"文字コードが{encoding.upper()}です。",
            cure="UTF-8に直して読みました。",
        )
    _plain_parts(ledger, parts)
    table = read_table(ledger, [part for part in parts if part.part is Part.INDICATORS])
    index = read_index(ledger, [part for part in parts if part.part is Part.INDEX])
    drafts = [read_sheet(ledger, part, ordinal) for ordinal, part in enumerate(sheets)]
    settle_hints(ledger, drafts)
    for name in ("direction", "policy"):
        agree.settle_headings(ledger, drafts, name)
    agree.settle_marks(ledger, drafts, index)
    pairs = agree.pair(ledger, drafts, index)
    numbers = agree.settle_numbers(ledger, drafts, index, pairs)
    themes = agree.settle_themes(ledger, drafts, pairs, trimmed=_is_trimmed(lines))
    agree.compare_with_index(ledger, drafts, index, pairs)
    agree.compare_indicators(ledger, table, index)
    refers = agree.refer(ledger, drafts, numbers)
    _missing(ledger, drafts, table, present=index.present)
    ordered = _ordered(ledger, drafts, numbers)
    measures = tuple(_sheet(ledger, draft, numbers, refers) for draft in ordered)
    return _reading(ledger, table, measures, themes=themes, numbers=numbers, lines=lines)


def _reading(
    ledger: Ledger,
    table: Table,
    measures: tuple[SheetText, ...],
    *,
    themes: tuple[str, ...],
    numbers: dict[str, str],
    lines: list[Row],
) -> Reading:
    return Reading(
        text=ledger.text,
        title=ledger.value("plan/title"),
        goal=ledger.value("plan/goal"),
        themes=themes,
        indicators=tuple(
            IndicatorText(
                name=ledger.value(f"{row.key}/name"), direction=row.direction, unit=row.unit,
                baseline=ledger.value(f"{row.key}/baseline"), next_update=ledger.value(f"{row.key}/next_update"),
                target=ledger.value(f"{row.key}/target"), statistic=ledger.value(f"{row.key}/statistic"),
            )
            for row in table.rows
        ),
        measures=measures,
        repairs=located(ledger.repairs, lines, numbers),
        doubts=located(ledger.doubts, lines, numbers),
        spans=tuple(sorted(ledger.spans, key=lambda span: (span.start, span.end))),
    )  # fmt: skip


def _plain_parts(ledger: Ledger, parts: list[Section]) -> None:
    """Title and goal; everything that belongs to no part of the form is doubted, line by line."""
    for part in parts:
        if part.part is Part.TITLE:
            _title(ledger, part.rows[0])
            for row in part.rows[1:]:
                _foreign(ledger, row)
        elif part.part is Part.GOAL:
            _goal(ledger, part.rows)
        elif part.part is Part.OTHER:
            for row in part.rows:
                _foreign(ledger, row)


def _title(ledger: Ledger, row: Row) -> None:
    cell = row.cells[0]
    found = _TITLE_WORD.search(cell.text)
    end = cell.start + found.start() if found else cell.end
    if ledger.has("plan/title"):
        if ledger.text[cell.start : end].strip() == ledger.value("plan/title"):
            ledger.keep("plan/title-again", cell.start, cell.end)
            return
        _foreign(ledger, row)
        return
    ledger.keep("plan/title", cell.start, end)
    if found:
        word = cell.start + found.start() + len(found[0]) - len(found[0].lstrip())
        ledger.form(word, cell.end)


def _goal(ledger: Ledger, lines: list[Row]) -> None:
    for place, row in enumerate(lines):
        if place and all(is_rule(cell.text) for cell in row.cells):
            for cell in row.cells:
                ledger.form(cell.start, cell.end)
            continue
        first = row.cells[0]
        found = label_of(first.text)
        if place or found is None or ledger.has("plan/goal"):
            _foreign(ledger, row)
            continue
        ledger.form(first.start, first.start + found.end)
        inner = first.text[found.end :].lstrip(" \u3000:：")
        colon = first.text[found.end : len(first.text) - len(inner)].strip()
        if colon:
            at = first.start + first.text.index(colon, found.end)
            ledger.form(at, at + len(colon))
        if inner:
            ledger.prose("plan/goal", first.end - len(inner), first.end, "計画の目標")
        for cell in row.cells[1:]:
            ledger.prose("plan/goal", cell.start, cell.end, "計画の目標")


def _foreign(ledger: Ledger, row: Row) -> None:
    rule = all(is_rule(cell.text) for cell in row.cells)
    for cell in row.cells:
        if rule:
            ledger.form(cell.start, cell.end)
        else:
            ledger.doubt(
                cell.start, cell.end, kind="other_section", cell="", fault="進行管理表の様式にない文です。",
                cure="個票の一部なら、正しい見出しの行に書き直してください。ほかの章の文なら、そのままでかまいません。",
            )  # fmt: skip


def _is_trimmed(lines: list[Row]) -> bool:
    """Whether the file has lost the empty cells at the ends of its lines."""
    return not any(row.cells and row.width > row.cells[-1].column + 1 for row in lines)


# --- What is missing or cut ------------------------------------------------------------------------------


def _missing(ledger: Ledger, drafts: list[Draft], table: Table, *, present: bool) -> None:
    whole = (
        ("plan_title", "計画名", ledger.has("plan/title"), "計画名（「…進行管理表」の行）がありません。"),
        ("plan_goal", "計画の目標", ledger.has("plan/goal"), "計画の目標の行がありません。"),
        ("index", "施策一覧", present, "施策一覧の表がありません。"),
        ("table", "成果指標", table.present, "成果指標の表がありません。"),
    )
    for kind, cell, there, fault in whole:
        if not there:
            ledger.note_doubt(
                f"missing_{kind}",
                cell,
                "",
                fault=fault,
                cure="抜けたページがないか、原本で確かめてください。",
            )
    years = sorted({year for draft in drafts for year in draft.years})
    for draft in drafts:
        _missing_of(ledger, draft, years)


def _missing_of(ledger: Ledger, draft: Draft, years: list[int]) -> None:
    wanted = [
        ("direction", "方向性"), ("policy", "基本方針"), ("outlook", "展望"), ("title", "施策名"),
        ("overview", "事業概要"), ("departments", "課名等"),
    ]  # fmt: skip
    missing = [name for field, name in wanted if not ledger.has(f"{draft.key}/{field}")]
    missing += [
        f"{year}年度 {CELL_NAMES[cell]}"
        for year in years
        for cell in CELLS
        if cell not in draft.years.get(year, {})
    ]
    for name in missing:
        ledger.note_doubt(
            "missing_row", name, "", start=draft.last, end=draft.last, place=draft.key,
            fault=f"個票に「{name}」がありません。", cure="途中で切れていないか、原本で確かめてください。",
        )  # fmt: skip
    prose = [(f"{draft.key}/overview", "事業概要", True)]
    prose += [
        (key, f"{year}年度 {CELL_NAMES[cell]}", False)
        for year, cells in draft.years.items()
        for cell, key in cells.items()
    ]
    for key, name, sentences in prose:
        _cut(ledger, draft, key, name, sentences=sentences)


def _cut(ledger: Ledger, draft: Draft, key: str, name: str, *, sentences: bool) -> None:
    """A text that stops in the middle of a sentence."""
    text = ledger.value(key)
    if not text or text[-1] in "。．.！!？?）)」』】":
        return
    last = re.split(r"[。！？\n]", text)[-1].strip()
    in_list = bool(_MARKED.search(last)) or any(span.after == "" for span in ledger.spans_of(key)[1:])
    stops = bool(_OPEN_ENDS.search(last)) or (
        len(text) >= _LONG and (sentences or "。" in text) and not in_list
    )
    if stops:
        start = ledger.spans_of(key)[0].start
        ledger.note_doubt(
            "cut_sentence", name, last, start=start, end=start, place=draft.key,
            fault="文が途中で切れています。", cure="続きを原本で確かめて書き足してください。",
        )  # fmt: skip


# --- Order and shape -------------------------------------------------------------------------------------


def _ordered(ledger: Ledger, drafts: list[Draft], numbers: dict[str, str]) -> list[Draft]:
    """The sheets by number. A sheet that stands elsewhere in the text is listed."""
    ordered = sorted(drafts, key=lambda draft: _order(numbers[draft.key]))
    highest = (0, 0)
    for draft in drafts:
        own = _order(numbers[draft.key])
        following = [_order(numbers[later.key]) for later in drafts[drafts.index(draft) + 1 :]]
        if following and own > min(following) and own > highest:
            ledger.note_repair(
                "order", "施策名", numbers[draft.key], numbers[draft.key], start=draft.first, end=draft.first,
                fault="個票が番号の順に並んでいません。", cure="番号の順に並べ直しました。", place=draft.key,
            )  # fmt: skip
        highest = max(highest, own)
    return ordered


def _order(number: str) -> tuple[int, int]:
    """Sheets without a number come last."""
    if not number:
        return (10_000, 0)
    base, _, branch = number.partition("-")
    return (int(base), int(branch or 0))


def _sheet(
    ledger: Ledger, draft: Draft, numbers: dict[str, str], refers: dict[tuple[str, int], str]
) -> SheetText:
    return SheetText(
        key=draft.key, number=numbers[draft.key], printed=draft.printed, branch=draft.mark,
        title=ledger.value(f"{draft.key}/title"), direction=ledger.value(f"{draft.key}/direction"),
        policy=ledger.value(f"{draft.key}/policy"), outlook=ledger.value(f"{draft.key}/outlook"),
        themes=tuple(draft.marked), departments=tuple(draft.departments),
        departments_text=ledger.value(f"{draft.key}/departments"), and_others=draft.and_others,
        overview=ledger.value(f"{draft.key}/overview"),
        years={
            year: _year(ledger, draft.years[year], refers.get((draft.key, year), "")) for year in sorted(draft.years)
        },
    )  # fmt: skip


def _year(ledger: Ledger, cells: dict[str, str], refers_to: str) -> YearCells:
    texts = {cell: ledger.value(cells[cell]) if cell in cells else None for cell in CELLS}
    return YearCells(
        content=texts["content"], goal=texts["goal"], result=texts["result"], issues=texts["issues"],
        refers_to=refers_to, sets_no_goal=sets_no_goal(texts["goal"] or ""),
    )  # fmt: skip

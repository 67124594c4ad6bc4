"""What sheets, index and table say of one another: numbers, branches, themes, departments, names, references.

The sheet holds against the index. Every difference is listed; nothing is filled in where two answers remain.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Final

from indicators.importing.columns import Grid, Marks, Placed, grid, place
from indicators.importing.draft import Draft
from indicators.importing.index import Index, IndexRow, same_unit
from indicators.importing.ledger import Fate, Ledger, Span
from indicators.importing.table import Table
from indicators.importing.words import Mark, bare_mark, circled_value, key, numeral, references

_ALIKE: Final = 0.8
_HALF_ALIKE: Final = 0.5
_MAJORITY: Final = 3


def settle_themes(
    ledger: Ledger, drafts: list[Draft], index: dict[str, IndexRow], *, trimmed: bool
) -> tuple[str, ...]:
    """Give each sheet the names of its themes, and return those of the plan; see `columns`."""
    heads = [(tuple(c.column for c in d.themes), tuple(c.text for c in d.themes)) for d in drafts]
    marks = {d.key: Marks(tuple(c.column for c in d.circles), d.width, d.title_column) for d in drafts}
    shape = grid(heads, [marks[d.key] for d in drafts if "MEASURE" in d.seen], trimmed=trimmed)
    for draft in drafts:
        row = index.get(draft.key)
        said = row.themes if row else frozenset()
        placed = place(marks[draft.key], shape, said)
        _theme_labels(ledger, draft, shape)
        draft.marked = [shape.names[n] for n in placed.themes]
        _tell_themes(ledger, draft, placed, shape)
        if row and said and placed.themes not in said and not placed.doubtful:
            ledger.note_doubt(
                "index_differs", "重点テーマ", _named(placed.themes, shape), start=draft.first, end=draft.first,
                after=" または ".join(_named(themes, shape) for themes in sorted(said)), place=draft.key,
                fault="個票と施策一覧で重点テーマの○が違います。", cure="個票のとおりに読みました。原本でどちらが正しいか確かめてください。",
            )  # fmt: skip
    return shape.names


def _named(themes: tuple[int, ...], shape: Grid) -> str:
    return "・".join(shape.names[n] for n in themes) or "なし"


def _theme_labels(ledger: Ledger, draft: Draft, shape: Grid) -> None:
    """The names above the columns are kept; one that most sheets spell otherwise is repaired."""
    for at, cell in enumerate(draft.themes):
        name = shape.names[at] if len(draft.themes) == len(shape.names) else cell.text
        label = f"{draft.key}/theme/{at}"
        if key(name) == key(cell.text) or SequenceMatcher(None, name, cell.text).ratio() < _HALF_ALIKE:
            ledger.keep(label, cell.start, cell.end)
        else:
            ledger.repair(
                label, cell.start, cell.end, name, kind="misread_theme", cell="重点テーマ",
                fault="重点テーマの名称が他の個票と違います。",
            )  # fmt: skip


def _tell_themes(ledger: Ledger, draft: Draft, placed: Placed, shape: Grid) -> None:
    if not (placed.repaired or placed.doubtful):
        return
    start, end = draft.circles[0].start, draft.circles[-1].end
    columns = "・".join(f"{cell.column + 1}列目" for cell in draft.circles)
    if placed.repaired:
        ledger.note_repair(
            "slipped_column", "重点テーマ", columns, _named(placed.themes, shape), start=start, end=end,
            fault="重点テーマの○の列がずれています。", cure="行の列数から元の列に戻しました。原本と見比べてください。",
            place=draft.key,
        )  # fmt: skip
        return
    ledger.note_doubt(
        "slipped_column", "重点テーマ", columns, start=start, end=end, place=draft.key, after=_named(placed.themes, shape),
        fault="重点テーマの○の列がずれていて、どのテーマの印か決められません。", cure="原本を見て、○を正しい列に移してください。",
    )  # fmt: skip


# --- Numbers ---------------------------------------------------------------------------------------------


def pair(ledger: Ledger, drafts: list[Draft], index: Index) -> dict[str, IndexRow]:
    """Which row of the index each sheet is: by number and mark, by number alone, or by its name."""
    free = list(index.rows)
    found: dict[str, IndexRow] = {}
    rules: tuple[Callable[[Draft, IndexRow], bool], ...] = (
        lambda d, r: r.number == d.number and r.mark == d.mark,
        lambda d, r: r.number == d.number and r.mark[:1] == d.mark[:1],
        lambda d, r: r.number == d.number and key(r.title) == _title_key(ledger, d),
        lambda d, r: not d.number and key(r.title) == _title_key(ledger, d) and r.mark == d.mark,
        lambda d, r: r.number == d.number,
    )
    for rule in rules:
        for draft in drafts:
            if draft.key in found:
                continue
            near = [row for row in free if rule(draft, row)]
            if len(near) == 1 or (near and draft.number):
                found[draft.key] = near[0]
                free.remove(near[0])
    return found


def settle_marks(ledger: Ledger, drafts: list[Draft], index: Index) -> None:
    """Plain digits behind one name that several sheets with one number share stand for circled ones."""
    for group in _shared(drafts):
        found = [bare_mark(ledger.value(f"{draft.key}/title")) for draft in group]
        names = {
            key(ledger.value(f"{d.key}/title")[: m.start]) for d, m in zip(group, found, strict=True) if m
        }
        if len(names) == 1 and all(found) and len({m.signs for m in found if m}) == len(group):
            for draft, bare in zip(group, found, strict=True):
                if bare is not None:
                    _mark_title(ledger, draft, bare)
    listed: dict[str, list[IndexRow]] = defaultdict(list)
    for row in index.rows:
        listed[row.number].append(row)
    for rows in listed.values():
        marks = [bare_mark(row.title) for row in rows if not row.mark]
        if len(rows) > 1 and len(marks) == len(rows) and all(marks):
            for row, bare in zip(rows, marks, strict=True):
                if bare is not None:
                    row.mark, row.title = bare.signs, row.title[: bare.start].strip()


def _shared(drafts: list[Draft]) -> list[list[Draft]]:
    """The sheets without marks of every number that several have."""
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.number:
            groups[draft.number].append(draft)
    return [group for group in groups.values() if len(group) > 1 and not any(draft.mark for draft in group)]


def _mark_title(ledger: Ledger, draft: Draft, bare: Mark) -> None:
    """Take the digits at the end of a name for the sheet's mark."""
    field = f"{draft.key}/title"
    *others, last = ledger.spans_of(field)
    start = last.end - (bare.end - bare.start)
    if last.fate is not Fate.KEPT or start <= last.start:
        return
    end = last.start + len(ledger.text[last.start : start].rstrip())
    kept = Span(last.start, end, Fate.KEPT, field, ledger.text[last.start : end])
    ledger.replace_spans(field, [*others, kept])
    ledger.repair(
        f"{draft.key}/branch", start, last.end, bare.signs, kind="mark", cell="施策名",
        fault="枝番の丸数字が、ただの数字で書かれています。",
    )  # fmt: skip
    draft.mark = bare.signs


def _title_key(ledger: Ledger, draft: Draft) -> str:
    return key(ledger.value(f"{draft.key}/title"))


def settle_numbers(
    ledger: Ledger, drafts: list[Draft], index: Index, pairs: dict[str, IndexRow]
) -> dict[str, str]:
    """The number of each sheet as addresses write it: 12, or 11-3 where several sheets share one number."""
    for draft in drafts:
        if not draft.number:
            _number_missing(ledger, draft, pairs.get(draft.key))
    shared = Counter(draft.number for draft in drafts)
    listed = Counter(row.number for row in index.rows)
    numbers: dict[str, str] = {}
    for draft in drafts:
        branched = (shared[draft.number] > 1 or listed[draft.number] > 1) and bool(draft.mark)
        suffix = f"-{circled_value(draft.mark[0])}" if branched else ""
        numbers[draft.key] = f"{draft.number}{suffix}" if draft.number else ""
    _repeated(ledger, drafts, numbers)
    _lone_branches(ledger, drafts, index, numbers)
    return numbers


def _number_missing(ledger: Ledger, draft: Draft, row: IndexRow | None) -> None:
    if row is not None:
        draft.number, draft.printed = row.number, row.text.split()[0]
        ledger.note_repair(
            "number_from_index", "施策名", "", row.number, start=draft.first, end=draft.first, place=draft.key,
            fault="個票に施策の番号がありません。", cure="同じ名称の施策一覧の番号を使いました。",
        )  # fmt: skip
        return
    ledger.note_doubt(
        "number_missing", "施策名", ledger.value(f"{draft.key}/title"), start=draft.first, end=draft.first,
        place=draft.key, fault="施策の番号が読めません。", cure="施策名の行の先頭に番号を書き足してください。",
    )  # fmt: skip


def _repeated(ledger: Ledger, drafts: list[Draft], numbers: dict[str, str]) -> None:
    first: dict[str, Draft] = {}
    for draft in drafts:
        number = numbers[draft.key]
        if number and number in first:
            ledger.note_doubt(
                "repeated_sheet", "施策名", number, start=draft.first, end=draft.first, place=draft.key,
                fault=f"番号{number}の個票が2枚あります。", cure="番号か枝番を直すか、余分な1枚を除いてください。",
            )  # fmt: skip
        first.setdefault(number, draft)


def _lone_branches(ledger: Ledger, drafts: list[Draft], index: Index, numbers: dict[str, str]) -> None:
    """A mark on a sheet that is alone with its number, without an index: branch or series, nobody can say."""
    if index.rows:
        return
    titles = Counter(_title_key(ledger, draft) for draft in drafts)
    for draft in drafts:
        if draft.mark and "-" not in numbers[draft.key] and titles[_title_key(ledger, draft)] == 1:
            ledger.note_doubt(
                "lone_branch", "施策名", draft.mark, start=draft.first, end=draft.first, place=draft.key,
                fault="丸数字が枝番か、施策の連番か決められません（施策一覧がありません）。",
                cure="枝番なら、同じ番号の他の個票か施策一覧を加えてください。",
            )  # fmt: skip


# --- Names, departments, references ----------------------------------------------------------------------


def compare_with_index(ledger: Ledger, drafts: list[Draft], index: Index, pairs: dict[str, IndexRow]) -> None:
    """List what the index says otherwise, the sheets it names in vain, and units it alone names."""
    for draft in drafts:
        row = pairs.get(draft.key)
        if row is None:
            if index.rows:
                _sheet_without_row(ledger, draft)
            continue
        title = ledger.value(f"{draft.key}/title") + draft.mark
        if key(row.title + row.mark) != key(title):
            ledger.note_doubt(
                "index_differs", "施策名", title, after=row.text, start=row.start, end=row.end, place=draft.key,
                fault="施策名が施策一覧と違います。", cure="個票のとおりに読みました。原本でどちらが正しいか確かめてください。",
            )  # fmt: skip
        _units(ledger, draft, row)
    taken = {id(row) for row in pairs.values()}
    for row in index.rows:
        if id(row) not in taken:
            ledger.note_doubt(
                "sheet_missing", "施策一覧", row.text, start=row.start, end=row.end,
                fault="施策一覧にある施策の個票がありません。", cure="個票のページが抜けていないか、原本で確かめてください。",
            )  # fmt: skip


def _sheet_without_row(ledger: Ledger, draft: Draft) -> None:
    ledger.note_doubt(
        "index_missing_row", "施策一覧", ledger.value(f"{draft.key}/title"), start=draft.first, end=draft.first,
        place=draft.key, fault="この個票の施策が施策一覧にありません。", cure="施策一覧の行が抜けていないか、原本で確かめてください。",
    )  # fmt: skip


def _units(ledger: Ledger, draft: Draft, row: IndexRow) -> None:
    if row.and_others or draft.and_others:
        draft.and_others = True
        ledger.note_repair(
            "and_others", "関連課等", "など", "", start=row.start, end=row.end, place=draft.key,
            fault="課名に「など」が付いています。", cure="課名には含めず、ほかにも関連する課がある印として読みました。",
        )  # fmt: skip
    for name in row.departments:
        same = next((unit for unit in draft.departments if same_unit(unit, name)), None)
        if same == name:
            continue
        if same is not None:
            ledger.note_repair(
                "unit_spelling", "関連課等", name, same, start=row.start, end=row.end, place=draft.key,
                fault="課名の表記が個票と施策一覧で違います。", cure="同じ課として、個票の表記を使いました。",
            )  # fmt: skip
            continue
        draft.departments.append(name)
        ledger.note_repair(
            "unit_from_index", "関連課等", "", name, start=row.start, end=row.end, place=draft.key,
            fault="施策一覧だけにある関連課等です。", cure="関連する課・団体として加えました。",
        )  # fmt: skip


def refer(ledger: Ledger, drafts: list[Draft], numbers: dict[str, str]) -> dict[tuple[str, int], str]:
    """The sheet that each 再掲 cell points to, by (sheet, year)."""
    known = {number for number in numbers.values() if number}
    found: dict[tuple[str, int], str] = {}
    for draft in drafts:
        for year, cells in draft.years.items():
            own = numbers[draft.key]
            texts = [ledger.value(cells[cell]) for cell in ("content", "goal") if cell in cells]
            targets = list(dict.fromkeys(number for text in texts for number in references(text, own)))
            if not targets:
                continue
            found[draft.key, year] = targets[0]
            fault = _reference_fault(targets, own, known)
            if fault:
                ledger.note_doubt(
                    "reference", f"{year}年度 事業内容", "・".join(targets), start=draft.first, end=draft.first,
                    place=draft.key, fault=fault, cure="再掲元の番号を原本で確かめて直してください。",
                )  # fmt: skip
    return found


def _reference_fault(targets: list[str], own: str, known: set[str]) -> str:
    if len(targets) > 1:
        return "再掲元の番号が2つ以上書かれています。"
    if targets[0] == own:
        return "再掲元がこの個票自身です。"
    if targets[0] in known:
        return ""
    branches = sorted(number for number in known if number.split("-")[0] == targets[0])
    if branches:
        return f"再掲元の番号{targets[0]}に枝番の個票（{'、'.join(branches)}）があり、どれか決められません。"
    return f"再掲元の番号{targets[0]}の個票がありません。"


def settle_headings(ledger: Ledger, drafts: list[Draft], name: str) -> None:
    """A direction or policy that one sheet spells otherwise than the others with its number is repaired."""
    groups: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        text = ledger.value(f"{draft.key}/{name}")
        if text:
            groups[_group(ledger, draft, name)].append(text)
    for draft in drafts:
        field, text = f"{draft.key}/{name}", ledger.value(f"{draft.key}/{name}")
        texts = groups.get(_group(ledger, draft, name), [])
        if not text or not texts:
            continue
        common, count = Counter(key(other) for other in texts).most_common(1)[0]
        meant = next(other for other in texts if key(other) == common)
        if key(text) == common or count < _MAJORITY:
            continue
        cell = "方向性" if name == "direction" else "基本方針"
        spans = ledger.spans_of(field)
        start, end = spans[0].start, spans[-1].end
        if SequenceMatcher(None, text, meant).ratio() >= _ALIKE:
            ledger.replace_spans(field, [Span(start, end, Fate.REPAIRED, field, meant)])
            ledger.note_repair(
                "misread_heading", cell, ledger.text[start:end], meant, start=start, end=end, place=draft.key,
                fault=f"{cell}の名称が、同じ番号の他の個票と違います。",
            )  # fmt: skip
        else:
            ledger.note_doubt(
                "heading_differs", cell, text, after=meant, start=start, end=end, place=draft.key,
                fault=f"{cell}の番号と名称が、他の個票と合いません。", cure="原本を見て、番号か名称を直してください。",
            )  # fmt: skip


def _group(ledger: Ledger, draft: Draft, name: str) -> str:
    """Directions are told apart by their number, policies by direction and number."""
    direction = numeral(ledger.value(f"{draft.key}/direction"))
    number = str(direction.value) if direction else ""
    if name == "direction":
        return number
    return f"{number}/{ledger.value(f'{draft.key}/policy').split(' ')[0].split('　')[0]}"


def compare_indicators(ledger: Ledger, table: Table, index: Index) -> None:
    """The names of indicators in the table against those in the index."""
    names = {key(ledger.value(f"{row.key}/name")): row for row in table.rows}
    for name, start, end in index.indicators:
        if not table.present or key(name) in names:
            continue
        near = [
            row for other, row in names.items() if SequenceMatcher(None, other, key(name)).ratio() >= _ALIKE
        ]
        ledger.note_doubt(
            "indicator_differs", "成果指標", ledger.value(f"{near[0].key}/name") if near else "", after=name,
            start=start, end=end, place=near[0].key if near else "",
            fault="成果指標の名称が、指標の表と施策一覧で違います。" if near else "施策一覧の成果指標が指標の表にありません。",
            cure="表のとおりに読みました。原本でどちらが正しいか確かめてください。",
        )  # fmt: skip

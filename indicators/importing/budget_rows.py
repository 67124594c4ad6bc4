"""The rows of a 予算・決算カルテ, read by the columns a person has chosen. Every filled cell gets a fate.

A cell is kept (its value stands in the reading, or names the row or its year), the form's (the headings), repaired
(another value than what stands there, listed) or doubted (listed, taken nowhere). `unaccounted_cells` proves it. Nothing
is added up or split: two rows that say different things of one cell are both doubted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from openpyxl.utils import get_column_letter

from core.money import LARGEST
from indicators.enums import BudgetField
from indicators.importing.budget import Choice, Column, Page, spoken_year
from indicators.importing.ledger import Fate, Finding
from indicators.importing.words import CIRCLED, circled_value, key, mark, number, squeezed

_AMOUNTS: Final = {
    BudgetField.BUDGET: ("budget", 1), BudgetField.BUDGET_THOUSAND: ("budget", 1000),
    BudgetField.SETTLED: ("settled", 1), BudgetField.SETTLED_THOUSAND: ("settled", 1000),
}  # fmt: skip
_OF_ROW: Final = frozenset({BudgetField.NUMBER, BudgetField.TITLE, BudgetField.YEAR, BudgetField.DEPARTMENT})
_AMOUNT: Final = re.compile(
    r"(?P<minus>[-△▲−])?(?P<digits>[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?P<rest>\.[0-9]+)?円?"
)
_NONE: Final = re.compile(r"[-‐–—―─ー－]+")
_CIRCLED: Final = re.compile(rf"([^{CIRCLED}]+)([{CIRCLED}])[{CIRCLED}]*")


@dataclass(frozen=True)
class Known:
    """A measure of the plan: number (11-3), name with its mark, and lead department."""

    number: str
    title: str
    department: str


@dataclass(frozen=True)
class Value:
    """What the sheet says of one cell of the plan: the measure, the year (None for 事業概要), the cell, the text."""

    number: str
    year: int | None
    name: str
    text: str
    row: int
    column: int


@dataclass
class BudgetReading:
    """What a sheet says. `fates` holds every filled cell of the page by (row, column), both from 0."""

    page: Page
    choice: Choice
    values: list[Value] = field(default_factory=list)
    repairs: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    fates: dict[tuple[int, int], Fate] = field(default_factory=dict)

    def place(self, row: int, column: int) -> str:
        """「決算シート E12（決算額）」."""
        heading = " ".join(self.page.at(self.choice.heading, column).split())
        return f"{self.page.name}シート {get_column_letter(column + 1)}{row + 1}" + (
            f"（{heading}）" if heading else ""
        )

    def doubt(self, row: int, column: int, *, kind: str, fault: str, cure: str, number: str = "") -> None:
        """A cell that is taken nowhere."""
        self.fates[row, column] = Fate.DOUBT
        self.doubts.append(
            Finding(
                kind,
                self.place(row, column),
                self.page.at(row, column),
                "",
                fault,
                cure,
                row,
                column,
                row + 1,
                number,
            )
        )

    def repair(self, row: int, column: int, after: str, *, kind: str, fault: str, number: str = "") -> None:
        """A cell that is taken as something else than what stands there."""
        self.fates[row, column] = Fate.REPAIRED
        self.repairs.append(
            Finding(
                kind, self.place(row, column), self.page.at(row, column), after, fault,
                "原本と見比べて、違っていれば直してください。", row, column, row + 1, number,
            )
        )  # fmt: skip

    def keep(self, row: int, column: int) -> None:
        """A cell taken as it stands."""
        self.fates[row, column] = Fate.KEPT


def read_budget(pages: Sequence[Page], choice: Choice, measures: Iterable[Known]) -> BudgetReading:
    """Read the chosen page. `choice` names a page there is, and a column of numbers or of names."""
    page = next(page for page in pages if page.name == choice.page)
    reading = BudgetReading(page, choice)
    rows = _Rows(list(measures))
    for row in range(len(page.rows)):
        if row < choice.heading:
            _above(reading, row)
        elif row == choice.heading:
            for column in _filled(page, row):
                reading.fates[row, column] = Fate.FORM
        else:
            _row(reading, rows, row)
    _contradictions(reading)
    for other in pages:
        if other.name != page.name:
            reading.doubts.append(
                Finding(
                    "other_page", f"{other.name}シート", "", "", "このシートは読んでいません。",
                    "取り込むときは、シートをえらび直して、もう一度取り込んでください。",
                )
            )  # fmt: skip
    return reading


def _filled(page: Page, row: int) -> list[int]:
    return [column for column, text in enumerate(page.rows[row]) if text]


def _above(reading: BudgetReading, row: int) -> None:
    for column in _filled(reading.page, row):
        reading.doubt(
            row, column, kind="above", fault="見出しの行より上の文です。",
            cure="表の題や単位なら、そのままでかまいません。見出しの行が違うときは、えらび直してください。",
        )  # fmt: skip


# --- Which measure, which year -------------------------------------------------------------------------------


class _Rows:
    """The plan's measures, to be found by what a row says."""

    def __init__(self, measures: list[Known]) -> None:
        self.by_number = {row.number: row for row in measures}
        self.by_title: dict[str, list[Known]] = defaultdict(list)
        for row in measures:
            found = mark(row.title)
            for title in {key(row.title), key(row.title[: found.start] if found else row.title)}:
                self.by_title[title].append(row)

    def numbered(self, text: str) -> Known | None:
        """By 11-3, 11③, 施策No.07, O7. A circled number is a branch, or the mark of a series (05①)."""
        plain = re.sub(r"^(?:施策)?(?:No|番号|第)?[.:．]?", "", squeezed(text), flags=re.IGNORECASE)
        circled = _CIRCLED.fullmatch(plain)
        if circled is None:
            return self._by_parts(*plain.partition("-")[::2])
        return self._by_parts(circled[1], str(circled_value(circled[2]))) or self._by_parts(circled[1], "")

    def _by_parts(self, base: str, branch: str) -> Known | None:
        digits = number(f"{base} 名")
        if digits is None or digits.end != len(base) or not (branch.isdecimal() or not branch):
            return None
        return self.by_number.get(str(int(digits.digits)) + (f"-{int(branch)}" if branch else ""))

    def titled(self, text: str) -> list[Known]:
        """By name, with or without the mark behind it and the number before it."""
        before = number(text)
        rests = (text, text[before.end :]) if before else (text,)
        return next((found for rest in rests if (found := self.by_title.get(key(rest), []))), [])


def _row(reading: BudgetReading, rows: _Rows, row: int) -> None:
    page, columns = reading.page, reading.choice.columns
    filled = _filled(page, row)
    if not filled:
        return
    measure, fault = _measure(reading, rows, row)
    if measure is None:
        for column in filled:
            reading.doubt(
                row, column, kind="unknown_measure", fault=fault,
                cure="番号と名称を計画の施策に合わせてください。合計や見出しの行なら、そのままでかまいません。",
            )  # fmt: skip
        return
    years = [
        column for column, what in columns.items() if what.field is BudgetField.YEAR and page.at(row, column)
    ]
    year = spoken_year(page.at(row, years[0])) if years else reading.choice.year
    for column in filled:
        what = columns.get(column)
        if what is None:
            reading.doubt(
                row, column, kind="unmapped", number=measure.number, fault="取り込まない列の値です。",
                cure="取り込むときは、この列を何として読むかをえらんでください。",
            )  # fmt: skip
        elif what.field in _OF_ROW:
            _of_row(reading, row, column, what, measure)
        else:
            _value(reading, row, column, what=what, measure=measure, year=what.year or year)


def _measure(reading: BudgetReading, rows: _Rows, row: int) -> tuple[Known | None, str]:
    """The measure a row is of; else why none is found."""
    said = {
        what.field: text
        for column, what in reading.choice.columns.items()
        if what.field in {BudgetField.NUMBER, BudgetField.TITLE} and (text := reading.page.at(row, column))
    }
    if not said:
        return None, "どの施策の行か分かりません（番号も名称も空です）。"
    by_number = rows.numbered(said.get(BudgetField.NUMBER, ""))
    by_title = rows.titled(said.get(BudgetField.TITLE, ""))
    if BudgetField.NUMBER not in said:
        if len(by_title) == 1:
            return by_title[0], ""
        numbers = "、".join(found.number for found in by_title)
        several = f"同じ名称の施策がいくつかあり（{numbers}）、どれか決められません。"
        return None, several if by_title else "この名称の施策が計画にありません。"
    if by_number is None:
        return None, "この番号の施策が計画にありません。"
    if BudgetField.TITLE in said and by_number not in by_title:
        return (
            None,
            f"番号と名称が別の施策を指しています（計画の{by_number.number}は「{by_number.title}」）。",
        )
    return by_number, ""


def _of_row(reading: BudgetReading, row: int, column: int, what: Column, measure: Known) -> None:
    text = reading.page.at(row, column)
    if what.field is BudgetField.YEAR and spoken_year(text) is None:
        reading.doubt(
            row, column, kind="year", number=measure.number, fault="年度として読めません。",
            cure="「令和7年度」「R7」「2025」のように書いてください。",
        )  # fmt: skip
    elif what.field is BudgetField.DEPARTMENT and key(measure.department) != key(text):
        reading.doubt(
            row, column, kind="department", number=measure.number,
            fault=f"計画の主管課「{measure.department}」と違います。",
            cure="行がずれていないか確かめてください。計画の課名は変えません。",
        )  # fmt: skip
    elif what.field is BudgetField.NUMBER and squeezed(text) != text:
        reading.repair(
            row, column, measure.number, kind="digits", number=measure.number,
            fault="番号に全角の字か空白が混ざっています。",
        )  # fmt: skip
    else:
        reading.keep(row, column)


# --- Values --------------------------------------------------------------------------------------------------


def _value(
    reading: BudgetReading, row: int, column: int, *, what: Column, measure: Known, year: int | None
) -> None:
    text = reading.page.at(row, column)
    if what.field is BudgetField.OVERVIEW:
        year = None
    elif year is None:
        reading.doubt(
            row, column, kind="year", number=measure.number, fault="どの年度の値か分かりません。",
            cure="列の年度か、表の年度をえらんでください。",
        )  # fmt: skip
        return
    if what.field not in _AMOUNTS:
        reading.keep(row, column)
        reading.values.append(Value(measure.number, year, what.field.value, text, row, column))
        return
    name, unit = _AMOUNTS[what.field]
    yen = _yen(text, unit)
    if yen is not None:
        if squeezed(text) in {f"{yen // unit}", f"{yen // unit:,}"} and squeezed(text) == text:
            reading.keep(row, column)
        else:
            reading.repair(
                row, column, f"{yen:,}円", kind="amount", number=measure.number,
                fault="金額の書き方をそろえました。",
            )  # fmt: skip
        reading.values.append(Value(measure.number, year, name, str(yen), row, column))
    elif _NONE.fullmatch(squeezed(text)):
        reading.repair(
            row, column, "", kind="no_amount", number=measure.number,
            fault="横線は「記載なし」と読みました。0円ではありません。",
        )  # fmt: skip
    else:
        reading.doubt(
            row, column, kind="amount", number=measure.number, fault="金額として読めません。",
            cure=f"数字だけで書いてください（この列の単位は{'千円' if unit > 1 else '円'}です）。",
        )  # fmt: skip


def _yen(text: str, unit: int) -> int | None:
    """Whole yen, or None. 千円 with decimals is exact or nothing."""
    plain = squeezed(text)
    if unit > 1:
        plain = plain.removesuffix("千円")
    elif plain.endswith("千円"):
        return None
    found = _AMOUNT.fullmatch(plain)
    if found is None or (unit > 1 and plain.endswith("円")):
        return None
    amount = Decimal(found["digits"].replace(",", "") + (found["rest"] or "")) * unit
    if amount != amount.to_integral_value() or amount > LARGEST:
        return None
    return -int(amount) if found["minus"] else int(amount)


def _contradictions(reading: BudgetReading) -> None:
    """Values of one cell of the plan that differ: all of them are doubted, none is taken."""
    groups: dict[tuple[str, int | None, str], list[Value]] = defaultdict(list)
    for value in reading.values:
        groups[value.number, value.year, value.name].append(value)
    bad = {where for where, values in groups.items() if len({value.text for value in values}) > 1}
    if not bad:
        return
    for where in sorted(bad, key=str):
        places = "、".join(f"{get_column_letter(v.column + 1)}{v.row + 1}" for v in groups[where])
        for value in groups[where]:
            reading.repairs = [
                row for row in reading.repairs if (row.start, row.end) != (value.row, value.column)
            ]
            reading.doubt(
                value.row, value.column, kind="repeated", number=value.number,
                fault=f"同じ施策・年度の値が2つ以上あり、違っています（{places}）。",
                cure="足し合わせずに残しました。1つにまとめてから、もう一度取り込んでください。",
            )  # fmt: skip
    reading.values = [v for v in reading.values if (v.number, v.year, v.name) not in bad]


def merged_values(reading: BudgetReading) -> Mapping[tuple[str, int | None, str], str]:
    """Each cell of the plan once, in the order of the sheet."""
    return {(value.number, value.year, value.name): value.text for value in reading.values}


def unaccounted_cells(reading: BudgetReading) -> list[str]:
    """Every breach of conservation; [] when each filled cell is accounted for exactly once."""
    doubted = {(row.start, row.end): row for row in reading.doubts if row.start >= 0}
    repaired = {(row.start, row.end): row for row in reading.repairs}
    valued = {(value.row, value.column) for value in reading.values}
    faults = []
    for row in range(len(reading.page.rows)):
        for column in _filled(reading.page, row):
            text, fate = reading.page.at(row, column), reading.fates.get((row, column))
            what = reading.choice.columns.get(column)
            finding = {Fate.DOUBT: doubted, Fate.REPAIRED: repaired}.get(fate or Fate.KEPT, {}).get(
                (row, column)
            )
            good = {
                Fate.KEPT: what is not None and (what.field in _OF_ROW or (row, column) in valued),
                Fate.FORM: row == reading.choice.heading,
                Fate.REPAIRED: finding is not None and finding.before == text,
                Fate.DOUBT: finding is not None and finding.before == text and (row, column) not in valued,
            }
            if fate is None or not good[fate]:
                faults.append(f"{reading.place(row, column)}: {text!r} {fate}")
    return faults

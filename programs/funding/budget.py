"""予算要求シート: where the money of planned projects comes from. Whole yen; pure.

国費, 都費 and 地方債 reduce what the town pays from its general revenue (一般財源). What 交付税 is expected to
cover stays part of the general revenue and is shown beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from programs.funding.faults import fault
from programs.funding.rules import Calculation, Reading


class Column(StrEnum):
    """The column of the sheet an amount stands in."""

    NATIONAL = "national"
    METROPOLITAN = "metropolitan"
    BOND = "bond"
    TAX = "tax"


LABELS: Final[Mapping[Column, str]] = {
    Column.NATIONAL: "国費",
    Column.METROPOLITAN: "都費",
    Column.BOND: "地方債",
    Column.TAX: "交付税措置",
}
_BY_WHAT: Final = {"bond": Column.BOND, "tax": Column.TAX, "grant": Column.NATIONAL}
_NO_SOURCE: Final = frozenset({"own", "total"})
_BY_KIND: Final = (
    ("交付税", Column.TAX),
    ("国庫補助", Column.NATIONAL),
    ("国委託", Column.NATIONAL),
    ("地方債", Column.BOND),
)


def column_of(kind: str, level: str) -> Column | None:
    """The column of a rule by its kind of support and who offers it; None where it brings a town no money."""
    if level == "metropolitan" and kind == "補助金":
        return Column.METROPOLITAN
    return next((column for word, column in _BY_KIND if word in kind), None) if level == "national" else None


def column_asked(column: Column, inputs: Mapping[str, Any]) -> Column:
    """The same for rules that are asked for one of several amounts. Raises InputError for one that is none."""
    what = inputs.get("what")
    if what in _NO_SOURCE:
        raise fault(
            "what", "この額は財源の欄に入りません。", "起債、交付税、国庫補助のどれかを選んでください。"
        )
    return _BY_WHAT.get(str(what), column)


@dataclass(frozen=True)
class BudgetLine:
    """One planned project: what it costs, and what one rule brings towards it."""

    total: int
    column: Column
    amount: int
    readings: tuple[Reading, ...] = ()

    def of(self, column: Column) -> int:
        """The amount in a column."""
        return self.amount if column is self.column else 0

    @property
    def general(self) -> int:
        """一般財源: what is left to the town."""
        return self.total if self.column is Column.TAX else self.total - self.amount

    @property
    def others(self) -> tuple[Reading, ...]:
        """Other readings whose amount differs or cannot be computed."""
        return tuple(reading for reading in self.readings[1:] if reading.amount != self.amount)


def budget_line(total: int, column: Column, found: Calculation) -> BudgetLine:
    """The line of one calculation. Raises InputError when the money exceeds the cost."""
    if found.amount > total:
        raise fault(
            "total",
            f"事業費が{LABELS[column]}の額（{found.amount:,}円）より少なくなっています。",
            "事業費の総額を入れてください。",
        )
    return BudgetLine(total, column, found.amount, found.readings)


@dataclass(frozen=True)
class BudgetTotal:
    """The sums of a sheet."""

    total: int
    columns: Mapping[Column, int]
    general: int


def budget_total(lines: Iterable[BudgetLine]) -> BudgetTotal:
    """Sum the lines; cost = 国費 + 都費 + 地方債 + 一般財源."""
    rows = list(lines)
    return BudgetTotal(
        total=sum(row.total for row in rows),
        columns={column: sum(row.of(column) for row in rows) for column in Column},
        general=sum(row.general for row in rows),
    )

"""What the pages of one sheet share: the sheet in the actor's sight, what may be done, its parts for the eye."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from core import fiscal_year
from core.access import actor_of, arrival_of
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused, UnknownTransition
from indicators.enums import CellName
from indicators.forms import CellsForm, field_name
from indicators.models import SheetCell, SheetReturn, SheetTask
from indicators.permissions import available, coordinates
from indicators.queries.cells import activities_of, cells_by_key, earlier_texts, open_return, returned_reasons
from indicators.queries.rounds import task_by_number
from indicators.rules import sheets
from indicators.rules.sheets import Activity, Key

_OLD: Final = {
    CellName.RESULT: ((0, CellName.GOAL),),
    CellName.ISSUES: ((0, CellName.CONTENT),),
    CellName.CONTENT: ((-1, CellName.CONTENT), (-1, CellName.ISSUES)),
    CellName.GOAL: ((-1, CellName.GOAL), (-1, CellName.RESULT)),
}
"""What stands beside a cell: of which year (counted from its own) and which cell."""


def status_of(error: DomainError) -> int:
    """409 where somebody or something was faster, else 422."""
    return 409 if isinstance(error, Conflict | UnknownTransition) else 422


@dataclass(frozen=True)
class Line:
    """One small cell in words: label, value, its mark."""

    key: Key
    label: str
    value: str


@dataclass(frozen=True)
class Pair:
    """A text of the form with what stood beside it last year, its small cells, and why it was returned."""

    key: Key
    label: str
    old: list[tuple[str, str]]
    fields: Sequence[object]
    lines: list[Line]
    cell: SheetCell | None
    returned: str

    @property
    def anchor(self) -> str:
        """The name of its place on the page."""
        return f"p-{self.key[0]}-{self.key[1]}"


@dataclass(frozen=True)
class Part:
    """One year's cells under one heading."""

    year: int
    heading: str
    pairs: list[Pair]


@dataclass
class SheetPage:
    """One sheet as this actor sees it."""

    actor: Actor
    task: SheetTask
    at: datetime
    activities: list[Activity] = field(default_factory=list)
    cells: dict[Key, SheetCell] = field(default_factory=dict)
    returned: SheetReturn | None = None

    def __post_init__(self) -> None:
        self.activities = activities_of(self.task.measure)
        self.cells = cells_by_key(self.task.cells.all())
        self.returned = open_return(self.task)
        self.earlier = earlier_texts(self.task.measure)
        self.can = available(self.actor, self.task, self.at)
        self.is_coordinator = coordinates(self.actor, self.task.round.plan)

    @property
    def keys(self) -> list[Key]:
        """Every cell the round opens."""
        return sheets.opened(self.task.round.open_cells, self.activities)

    @property
    def values(self) -> dict[Key, str]:
        """What stands in the cells."""
        return {key: row.value for key, row in self.cells.items()}

    def url(self, name: str = "sheet", **more: str) -> str:
        """An address of this sheet."""
        place = {"round_id": self.task.round_id, "number": self.task.measure.number}
        return reverse(f"rounds:{name}", kwargs={**place, **more})

    def warnings(self) -> list[Fault]:
        """What is worth a second look."""
        return sheets.warnings(self.keys, self.values, self.earlier)

    def parts(self, form: CellsForm | None = None) -> list[Part]:
        """The cells year by year, each beside last year's: fields where a form is given, else words."""
        reasons = returned_reasons(self.returned)
        found: dict[int, list[Pair]] = {}
        order = [CellName.RESULT, CellName.ISSUES, CellName.CONTENT, CellName.GOAL]
        keys = self.keys
        for year, name in sorted(keys, key=lambda key: key[0]):
            if name in sheets.TEXTS:
                small = [key for key in sheets.beside((year, name), keys, self.activities) if key[1] != name]
                found.setdefault(year, []).append(self._pair((year, name), small, reasons, form))
        return [
            Part(
                year,
                f"{fiscal_year.label(year)}" + self._heading(pairs),
                sorted(pairs, key=lambda pair: order.index(CellName(pair.key[1]))),
            )
            for year, pairs in found.items()
        ]

    def _heading(self, pairs: Sequence[Pair]) -> str:
        names = {pair.key[1] for pair in pairs}
        if not names & {"content", "goal"}:
            return "をふりかえる"
        return "の計画" if not names & {"result", "issues"} else ""

    def _pair(self, key: Key, small: list[Key], reasons: dict[Key, str], form: CellsForm | None) -> Pair:
        fields = []
        if form is not None:
            before = [name for name in small if name[1].partition("-")[0] not in {"no_goal", "same_reason"}]
            order = [*before, key, *(name for name in small if name not in before)]
            fields = [form[field_name(name)] for name in order if field_name(name) in form.fields]
        lines = [
            Line(name, sheets.label_of(name[1], self.activities), value)
            for name in small
            if (value := sheets.shown(name[1], self.cells[name].value if name in self.cells else ""))
        ]
        return Pair(
            key,
            sheets.label_of(key[1]),
            self._old(key),
            fields,
            lines,
            self.cells.get(key),
            reasons.get(key, ""),
        )

    def _old(self, key: Key) -> list[tuple[str, str]]:
        """Titles and texts of what stood there before, this round's own answer where the same round asks for it."""
        found = []
        for offset, name in _OLD[CellName(key[1])]:
            beside = (key[0] + offset, name.value)
            cell = self.cells.get(beside)
            text = cell.value if cell and cell.value.strip() else self.earlier.get(beside, "")
            label = f"{fiscal_year.label(beside[0])}　{name.label}"
            if text or offset == 0 or name in {CellName.CONTENT, CellName.GOAL}:
                found.append((label, text))
        return found


def sheet_page(request: HttpRequest, round_id: int, number: str) -> SheetPage:
    """The sheet behind an address. Raises Refused where there is none for this actor."""
    actor = actor_of(request)
    task = task_by_number(actor, round_id, number)
    if task is None:
        raise Refused
    return SheetPage(actor, task, arrival_of(request))

"""The table of a call's cases: one's own columns, filters and order. Page and files read the same rows."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.http import QueryDict

from core import clock
from core.actor import Actor
from core.wareki import wareki
from grants.enums import NEVER_SUBMITTED_STATES, ApplicationStatus
from grants.models import Application, ApplicationQuerySet, SavedView
from grants.queries.call_board import CaseLine, line_of, parts
from grants.queries.reviewing import WAITING_WORDS
from grants.queries.waiting import GROUPS, condition, waiting_cases
from programs.models import Call

S = ApplicationStatus
Cell = str | int | None
RECEIVED: Final = tuple(state for state in S if state not in NEVER_SUBMITTED_STATES)
_ROWS: Final = 500


@dataclass(frozen=True)
class Column:
    """One column: its heading, what a case says there, and whether that is a number."""

    label: str
    cell: Callable[[CaseLine], Cell]
    is_number: bool = False


def _moment(at: datetime | None) -> str:
    return f"{wareki(clock.today(at))} {clock.local(at):%H:%M}" if at else ""


def _due(line: CaseLine) -> str:
    return _moment(vars(line.application).get("due"))


def _waits(line: CaseLine) -> str:
    return WAITING_WORDS.get(vars(line.application).get("waiting", ""), "")


COLUMNS: Final[Mapping[str, Column]] = {
    "receipt": Column("受付番号", lambda line: line.application.receipt_number or ""),
    "code": Column("団体コード", lambda line: line.application.lead.code),
    "lead": Column("代表市町村", lambda line: line.application.lead.name),
    "title": Column("事業名", lambda line: line.title),
    "bodies": Column("構成団体", lambda line: "、".join(line.bodies)),
    "state": Column("状態", lambda line: str(line.application.state.label)),
    "waits": Column("あなたの番", _waits),
    "due": Column("期限", _due),
    "submitted": Column("受付日時", lambda line: _moment(line.application.submitted_at)),
    "requested": Column("申請額（円）", lambda line: line.requested, is_number=True),
    "total": Column("申請額・全期間（円）", lambda line: line.requested_total, is_number=True),
    "proposed": Column("補助予定額・起案（円）", lambda line: line.proposed, is_number=True),
    "decided": Column("決定額（円）", lambda line: line.decided, is_number=True),
    "score": Column("評価（％）", lambda line: line.percent),
    "scored": Column("採点済み", lambda line: f"{line.scored}人／{line.reviewers}人"),
}
USUAL: Final = ("receipt", "lead", "title", "state", "due", "requested", "decided")
_PLACE = (F("lead__code").asc(), F("pk").asc())
SORTS: Final[Mapping[str, tuple[str, tuple[OrderBy, ...]]]] = {
    "code": ("建制順", _PLACE),
    "receipt": ("受付番号順", (F("receipt_number").asc(), F("pk").asc())),
    "due": ("期限の早い順", (F("due").asc(nulls_last=True), *_PLACE)),
    "requested": ("申請額の多い順", (F("requested_amount").desc(nulls_last=True), *_PLACE)),
    "newest": ("受付の新しい順", (F("submitted_at").desc(nulls_last=True), *_PLACE)),
}
"""Key in the address → (words, order). The first is the usual one."""


@dataclass(frozen=True)
class TableChoice:
    """What is shown and in which order. Unknown columns and orders fall back to the usual, unknown filters show nothing."""

    states: tuple[str, ...] = ()
    group: str = ""
    q: str = ""
    columns: tuple[str, ...] = USUAL
    sort: str = "code"

    @classmethod
    def read(cls, query: QueryDict) -> "TableChoice":
        """From an address."""
        return cls.of({name: query.getlist(name) for name in ("states", "group", "q", "columns", "sort")})

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "TableChoice":
        """From lists or single values by name, as an address and a saved view hold them."""
        several = {name: [str(one) for one in _many(given.get(name))] for name in ("states", "columns")}
        single = {name: next(iter(_many(given.get(name))), "") for name in ("group", "q", "sort")}
        columns = tuple(name for name in COLUMNS if name in several["columns"])
        return cls(
            states=tuple(dict.fromkeys(several["states"])),
            group=str(single["group"]),
            q=" ".join(unicodedata.normalize("NFKC", str(single["q"])).replace("\x00", "").split())[:100],
            columns=columns or USUAL,
            sort=str(single["sort"]) if single["sort"] in SORTS else "code",
        )

    def settings(self) -> dict[str, Any]:
        """For a saved view."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }

    def query(self) -> str:
        """As the query of an address, without the question mark."""
        found = QueryDict(mutable=True)
        for name, value in self.settings().items():
            if value and not (name == "sort" and value == "code"):
                found.setlist(name, value if isinstance(value, list) else [value])
        return found.urlencode()

    @property
    def is_filtered(self) -> bool:
        """Whether any case could be left out."""
        return self != replace(TableChoice(), columns=self.columns, sort=self.sort)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def table_rows(actor: Actor, call: Call, at: datetime, choice: TableChoice) -> ApplicationQuerySet:
    """The received cases of a call that meet the filters, in the chosen order, joined with what lines name."""
    rows = waiting_cases(actor, at).filter(call=call).exclude(status__in=NEVER_SUBMITTED_STATES)
    if choice.states:
        rows = rows.filter(status__in=choice.states)
    if choice.group:
        rows = rows.filter(condition(choice.group, at))
    for word in choice.q.split():
        rows = rows.filter(
            Q(shown_title__icontains=word) | Q(receipt_number__icontains=word) | Q(lead__name__icontains=word)
        )
    return rows.order_by(*SORTS[choice.sort][1])


def table_lines(rows: Iterable[Application] | ApplicationQuerySet, actor: Actor) -> list[CaseLine]:
    """The rows in figures; a fixed number of queries for each five hundred."""
    if isinstance(rows, ApplicationQuerySet):
        rows = rows.prefetch_related(*parts()).iterator(chunk_size=_ROWS)
    return [line_of(row, actor) for row in rows]


def cells(line: CaseLine, columns: Iterable[str]) -> list[Cell]:
    """What a case says in the chosen columns."""
    return [COLUMNS[name].cell(line) for name in columns]


def views_for(actor: Actor) -> list[SavedView]:
    """One's own saved views and those shared with one's unit, by name."""
    mine = Q(owner=actor.user_id or 0)
    if actor.department_id is not None:
        mine |= Q(department=actor.department_id)
    return list(SavedView.objects.filter(mine).select_related("owner").order_by("name", "pk"))


__all__ = [
    "COLUMNS",
    "GROUPS",
    "RECEIVED",
    "SORTS",
    "TableChoice",
    "cells",
    "table_lines",
    "table_rows",
    "views_for",
]

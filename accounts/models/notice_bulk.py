"""Writing many notices at once: the one place with SQL of its own, for both engines.

A reminder may fall due for a hundred thousand cases in one minute (bench/README.md). One statement unpacks a JSON
document into rows; audiences are shared. Tables and columns come from the models.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from django.db import IntegrityError, connection, transaction

from accounts.models.audience import Addressees, NoticeAudience
from accounts.models.notice import Notice

_OWN: Final = ("place", "dedupe_key", "path", "case_key", "deadline_key", "addressees_id")
_SHARED: Final = ("place", "kind", "title", "lines", "due_at", "at", "unreached")
_TYPES: Final = {
    "lines": "jsonb", "due_at": "timestamptz", "at": "timestamptz", "addressees_id": "bigint", "place": "bigint",
}  # fmt: skip


class Told(Protocol):
    """What is written of a notice (accounts.actions.notice.Told)."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def lines(self) -> tuple[str, ...]: ...
    @property
    def path(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def case_key(self) -> str: ...
    @property
    def deadline_key(self) -> str: ...


class Rows(Protocol):
    """An audience as rows (accounts.actions.notice.Audience)."""

    def rows(self, addressees: Addressees) -> list[NoticeAudience]:
        """Rows of an audience, not saved."""


class Written(NamedTuple):
    """A reminder that was written: its key, case and deadline, and whether it is of the time asked for."""

    key: str
    case: str
    deadline: str
    kind: str
    in_time: bool


def written(keys: Collection[tuple[str, str]], start: datetime, end: datetime) -> list[Written]:
    """Of pairs of case and key: those written at any time, and all reminders of these cases between two instants.

    One statement answers both, because it is asked for a hundred thousand cases at a closing.
    """
    statement = (
        "SELECT n.dedupe_key, n.case_key, n.deadline_key, n.kind, n.at BETWEEN %s AND %s "  # noqa: S608 - names of ours
        f"FROM {_unpacked(('case_key', 'dedupe_key'))} JOIN {Notice._meta.db_table} n ON n.case_key = t.case_key "
        "AND (n.dedupe_key = t.dedupe_key OR (n.deadline_key <> '' AND n.at BETWEEN %s AND %s))"
    )
    span = [_instant(start), _instant(end)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*span, json.dumps(list(keys), ensure_ascii=False), *span])
        return [
            Written(key, case, deadline, kind, bool(now))
            for key, case, deadline, kind, now in cursor.fetchall()
        ]


def insert_notices(notices: Sequence[Told], addressees: Sequence[int]) -> int:
    """Insert those whose key is new, each to the addressees (row number) of its place; returns how many.

    Notices that share their words and instants share them in the document too. Watching for a key that another
    planner is writing at this moment costs a fifth, so that is done only when it has turned out to be needed.
    """
    places: dict[tuple[Any, ...], int] = {}
    rows = [
        [
            places.setdefault((each.kind, each.title, each.lines, each.due_at, each.at), len(places)),
            each.key, each.path, each.case_key, each.deadline_key, told,
        ]
        for each, told in zip(notices, addressees, strict=True)
    ]  # fmt: skip
    words = [
        [place, kind, title, lines, _instant(due_at), _instant(at), ""]
        for (kind, title, lines, due_at, at), place in places.items()
    ]
    columns = ", ".join((*_OWN[1:], *_SHARED[1:]))
    table, known = Notice._meta.db_table, Addressees._meta.db_table
    statement = (
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_unpacked(_OWN, 'o')} "  # noqa: S608 - names of ours
        f"JOIN {_unpacked(_SHARED, 's')} ON s.place = o.place JOIN {known} k ON k.id = o.addressees_id WHERE true"
    )
    documents = json.dumps(rows, ensure_ascii=False), json.dumps(words, ensure_ascii=False)
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, documents)
        except IntegrityError:
            cursor.execute(f"{statement} ON CONFLICT DO NOTHING", documents)
        return int(cursor.rowcount)


def share(audiences: Mapping[str, Rows]) -> dict[str, int]:
    """The row number of the addressees of each audience, by the key under which it is shared; made where new."""
    rows = Addressees.objects.filter(key__in=audiences)
    found = {str(key): number for key, number in rows.values_list("key", "pk")}
    new = sorted(audiences.keys() - found.keys())
    if new:
        Addressees.objects.bulk_create([Addressees(key=key) for key in new], ignore_conflicts=True)
        made = {each.key: each for each in rows.filter(key__in=new)}
        NoticeAudience.objects.bulk_create(
            [row for key in new for row in audiences[key].rows(made[key])], ignore_conflicts=True
        )
        found |= {key: made[key].pk for key in new}
    return found


def _unpacked(names: Iterable[str], alias: str = "t") -> str:
    """The rows of a JSON array of arrays as a table with named, typed columns."""
    if _postgresql():
        given = ", ".join(
            f"(v->{place})::{kind} AS {name}" if kind == "jsonb" else f"(v->>{place})::{kind} AS {name}"
            for place, name in enumerate(names)
            for kind in [_TYPES.get(name, "text")]
        )
        return f"(SELECT {given} FROM jsonb_array_elements(%s::jsonb) AS v) AS {alias}"  # noqa: S608 - names of ours
    given = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
    return f"(SELECT {given} FROM json_each(%s)) AS {alias}"  # noqa: S608 - names of ours


@lru_cache(maxsize=4096)
def _instant(at: datetime | None) -> str | None:
    """An instant as the engine's column takes it."""
    return None if at is None else str(connection.ops.adapt_datetimefield_value(at))


def _postgresql() -> bool:
    return connection.vendor == "postgresql"

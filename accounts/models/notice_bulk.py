"""Writing many notices at once: the one place with SQL of its own, for both engines.

A reminder may fall due for a hundred thousand cases in one minute. Django's `bulk_create` takes 450 µs a notice
with its audience, a statement that unpacks a JSON document 150 (bench/README.md); and only the statement's
RETURNING says which of two planners made a row. Tables and columns come from the models.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Protocol

from django.db import connection

from accounts.models.notice import Notice, NoticeAudience

_OWN: Final = ("place", "dedupe_key", "path", "case_key", "deadline_key")
_SHARED: Final = ("place", "kind", "title", "lines", "due_at", "at", "unreached")
_AUDIENCE: Final = ("notice_id", "department_id", "organization_id", "roles", "user_id", "mailbox")
_TYPES: Final = {
    "lines": "jsonb", "due_at": "timestamptz", "at": "timestamptz", "notice_id": "bigint",
    "department_id": "bigint", "organization_id": "bigint", "user_id": "bigint", "place": "bigint",
}  # fmt: skip


class Written(Protocol):
    """What is written of a notice (accounts.actions.notice.Told)."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def lines(self) -> Sequence[str]: ...
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

    def rows(self, notice: Notice) -> list[NoticeAudience]:
        """Rows of a notice, not saved."""


def known_keys(keys: Collection[str]) -> set[str]:
    """Which of the keys have a notice."""
    statement = f"SELECT dedupe_key FROM {Notice._meta.db_table} WHERE dedupe_key IN ({_listed()})"  # noqa: S608 - names of ours
    return {key for (key,) in _run(statement, list(keys))}


def reminded(cases: Collection[str], start: datetime, end: datetime) -> list[tuple[str, str, str]]:
    """Case, deadline and kind of the reminders of cases between two instants, oldest first."""
    statement = (
        f"SELECT case_key, deadline_key, kind FROM {Notice._meta.db_table} WHERE case_key IN ({_listed()}) "  # noqa: S608 - names of ours
        "AND case_key <> '' AND deadline_key <> '' AND at BETWEEN %s AND %s ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(list(cases)), _instant(start), _instant(end)])
        return [(case, deadline, kind) for case, deadline, kind in cursor.fetchall()]


def insert_notices(notices: Iterable[Written]) -> dict[str, int]:
    """Insert those whose key is new; returns key → row number of what this call inserted.

    Notices that share their words and instants share them in the document too.
    """
    places: dict[tuple[Any, ...], int] = {}
    rows = []
    for each in notices:
        shared = (each.kind, each.title, tuple(each.lines), each.due_at, each.at)
        place = places.setdefault(shared, len(places))
        rows.append([place, each.key, each.path, each.case_key, each.deadline_key])
    words = [
        [place, kind, title, list(lines), _instant(due_at), _instant(at), ""]
        for (kind, title, lines, due_at, at), place in places.items()
    ]
    columns = ", ".join((*_OWN[1:], *_SHARED[1:]))
    made = _run(
        f"INSERT INTO {Notice._meta.db_table} ({columns}) SELECT {columns} "  # noqa: S608 - names of ours
        f"FROM {_unpacked(_OWN, 'o')} JOIN {_unpacked(_SHARED, 's')} ON s.place = o.place WHERE true "
        "ON CONFLICT DO NOTHING RETURNING dedupe_key, id",
        rows,
        words,
    )
    return dict(made)


def insert_audiences(audiences: Mapping[int, Rows]) -> None:
    """Insert the audience of each notice (by row number). Notices that share one share its rows in the document."""
    places: dict[Rows, int] = {}
    pairs = [[number, places.setdefault(audience, len(places))] for number, audience in audiences.items()]
    rows = [
        [place, row.department_id, row.organization_id, row.roles, row.user_id, row.mailbox]
        for audience, place in places.items()
        for row in audience.rows(Notice())
    ]
    columns = ", ".join(_AUDIENCE)
    named = _unpacked(("notice_id", "place"), "n")
    shared = _unpacked(("place", *_AUDIENCE[1:]), "a")
    chosen = ", ".join(["n.notice_id", *(f"a.{name}" for name in _AUDIENCE[1:])])
    _run(
        f"INSERT INTO {NoticeAudience._meta.db_table} ({columns}) "  # noqa: S608 - names of ours
        f"SELECT {chosen} FROM {named} JOIN {shared} ON a.place = n.place WHERE true ON CONFLICT DO NOTHING",
        pairs,
        rows,
    )


def _listed() -> str:
    """The texts of a JSON array as rows."""
    return (
        "SELECT jsonb_array_elements_text(%s::jsonb)" if _postgresql() else "SELECT value FROM json_each(%s)"
    )


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


def _run(statement: str, *documents: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(document, ensure_ascii=False) for document in documents])
        return cursor.fetchall() if cursor.description else []


@lru_cache(maxsize=4096)
def _instant(at: datetime | None) -> str | None:
    """An instant as the engine's column takes it."""
    return None if at is None else str(connection.ops.adapt_datetimefield_value(at))


def _postgresql() -> bool:
    return connection.vendor == "postgresql"

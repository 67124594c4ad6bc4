"""What each engine needs beyond its tables to look up keys. Installed after every `migrate`, safe to repeat."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_TABLE: Final = "programs_programindex"
_POSTGRESQL: Final = (
    # Out-of-line keys leave narrow rows behind: what a look-up visits are 160 rows a page.
    "ALTER TABLE programs_programindex SET (toast_tuple_target = 128)",
    "CREATE INDEX IF NOT EXISTS programs_programindex_keys ON programs_programindex USING gin (keys)",
    # The planner does not price detoasting and would read every row for a common key. A function keeps the setting
    # to itself, whatever statement it stands in.
    """CREATE OR REPLACE FUNCTION programs_holding(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE
    SET enable_seqscan = off AS $$ SELECT program_id FROM programs_programindex WHERE keys @@ wanted $$""",
)
_SQLITE: Final = (
    """CREATE VIRTUAL TABLE programs_keys USING fts5(keys, content='programs_programindex',
    content_rowid='program_id', detail=none, columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER programs_programindex_added AFTER INSERT ON programs_programindex BEGIN
    INSERT INTO programs_keys(rowid, keys) VALUES (new.program_id, new.keys); END""",
    """CREATE TRIGGER programs_programindex_removed AFTER DELETE ON programs_programindex BEGIN
    INSERT INTO programs_keys(programs_keys, rowid, keys) VALUES ('delete', old.program_id, old.keys); END""",
    """CREATE TRIGGER programs_programindex_changed AFTER UPDATE ON programs_programindex BEGIN
    INSERT INTO programs_keys(programs_keys, rowid, keys) VALUES ('delete', old.program_id, old.keys);
    INSERT INTO programs_keys(rowid, keys) VALUES (new.program_id, new.keys); END""",
)
_FILL: Final = (
    "INSERT INTO programs_keys(programs_keys) VALUES ('rebuild')",
    "INSERT INTO programs_keys(programs_keys) VALUES ('optimize')",
)
_SQLITE_PARTS: Final = (f"{_TABLE}_added", f"{_TABLE}_removed", f"{_TABLE}_changed", "programs_keys")


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create what is missing and fill it from the table of keys."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if _TABLE not in connection.introspection.table_names(cursor) or present(connection):
            return
        if connection.vendor == "postgresql":
            _altered(connection, _POSTGRESQL)
            return
        _drop(cursor)
        for statement in (*_SQLITE, *_FILL):
            cursor.execute(statement)


def present(connection: BaseDatabaseWrapper) -> bool:
    """Whether the engine's parts are all there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT to_regclass(%s), to_regproc('programs_holding')", [f"{_TABLE}_keys"])
            return None not in cursor.fetchone()
        marks = ", ".join(["%s"] * len(_SQLITE_PARTS))
        cursor.execute(f"SELECT count(*) FROM sqlite_master WHERE name IN ({marks})", _SQLITE_PARTS)  # noqa: S608 - marks
        return bool(cursor.fetchone()[0] == len(_SQLITE_PARTS))


@contextmanager
def taken_down(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the index while the whole table of keys is written; put up and filled again at the end.

    One transaction: until it ends everybody else finds what was found before (SQLite) or waits (PostgreSQL).
    """
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            function = "DROP FUNCTION IF EXISTS programs_holding(tsquery)"
            _altered(connection, [function, f"DROP INDEX IF EXISTS {_TABLE}_keys"])
        else:
            with connection.cursor() as cursor:
                _drop(cursor)
        yield
        install(connection.alias)


def written(connection: BaseDatabaseWrapper, rows: Iterable[tuple[int, str]]) -> None:
    """Add rows of program and keys the shortest way: PostgreSQL reads the stream while the next row is made."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_TABLE} (program_id, keys) FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {_TABLE} (program_id, keys) VALUES (%s, %s)", list(rows))  # noqa: S608 - no word of anybody


def _altered(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    """PostgreSQL alters no table whose deferred foreign keys are still to be checked."""
    if connection.in_atomic_block:
        statements = ["SET CONSTRAINTS ALL IMMEDIATE", *statements, "SET CONSTRAINTS ALL DEFERRED"]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _drop(cursor: Any) -> None:
    for name in _SQLITE_PARTS:
        cursor.execute(f"DROP {'TABLE' if name == 'programs_keys' else 'TRIGGER'} IF EXISTS {name}")


def size(connection: BaseDatabaseWrapper) -> int:
    """Bytes of the index alone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_relation_size(%s)", [f"{_TABLE}_keys"])
        else:
            cursor.execute("SELECT sum(length(block)) FROM programs_keys_data")
        return int(cursor.fetchone()[0] or 0)


def install_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Receiver of post_migrate; SQLite loses triggers when a migration remakes their table."""
    if sender.label == "programs":
        install(using)

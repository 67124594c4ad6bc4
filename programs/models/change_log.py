"""Which programs were written, so that whoever holds the catalogue reads those again and no others.

Triggers of `programs.models.versioning` note the number of every program on view that a write touched, or EVERYTHING. A
`Mark` is a place in that log. On PostgreSQL it is the snapshot of a transaction: whatever commits later is
not visible in it, in whatever order writers began. On SQLite, which has one writer, it is the number of the last row with
a random word, so that what was rolled back or put back from a copy is never taken for what was read.
"""

from dataclasses import dataclass
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

EVERYTHING: Final = 0
"""In place of a program's number: any of them."""
TABLE: Final = "programs_cataloguechange"
POSTGRESQL: Final = (
    """CREATE TABLE IF NOT EXISTS programs_cataloguechange
    (transaction xid8 NOT NULL, program bigint NOT NULL, PRIMARY KEY (transaction, program))""",
    # Of a statement that writes very many, everything is noted. Rows reach back so many transactions from the oldest
    # running one; whoever is at removing them already is let go on.
    """CREATE OR REPLACE FUNCTION programs_catalogue_touched(numbers bigint[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
    IF cardinality(numbers) > 1000 THEN numbers := ARRAY[0]; END IF;
    INSERT INTO programs_cataloguechange SELECT DISTINCT pg_current_xact_id(), unnest(numbers) ON CONFLICT DO NOTHING;
    DELETE FROM programs_cataloguechange WHERE (transaction, program) IN (
        SELECT transaction, program FROM programs_cataloguechange
        WHERE transaction < greatest(pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 100000, 3)::text::xid8
        FOR UPDATE SKIP LOCKED);
    END $$""",
)  # fmt: skip
SQLITE: Final = (
    """CREATE TABLE IF NOT EXISTS programs_cataloguechange
    (seq INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL, program INTEGER NOT NULL)""",
    "INSERT INTO programs_cataloguechange (word, program) VALUES (hex(randomblob(16)), 0)",
)
SQLITE_NOTE: Final = """INSERT INTO programs_cataloguechange (word, program) VALUES (hex(randomblob(16)), {number});
    DELETE FROM programs_cataloguechange WHERE seq <= (SELECT max(seq) FROM programs_cataloguechange) - 20000;"""
# Another database, another table or another life of the server is another log, whatever its numbers.
_SINCE_POSTGRESQL: Final = """SELECT pg_current_snapshot()::text, origin, pg_current_xact_id_if_assigned() IS NULL,
    CASE WHEN origin = %(origin)s AND pg_snapshot_xmin(%(place)s::pg_snapshot)::text::numeric
        >= pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 100000
    THEN ARRAY(SELECT program FROM programs_cataloguechange WHERE transaction >= pg_snapshot_xmin(%(place)s::pg_snapshot)
        AND NOT pg_visible_in_snapshot(transaction, %(place)s::pg_snapshot)) END
    FROM (SELECT concat_ws('/', (SELECT oid FROM pg_database WHERE datname = current_database()),
        'programs_cataloguechange'::regclass::oid, extract(epoch FROM pg_postmaster_start_time())) AS origin) AS here"""
_SINCE_SQLITE: Final = """SELECT seq, word, program FROM programs_cataloguechange
    WHERE seq >= min(%s, (SELECT max(seq) FROM programs_cataloguechange)) ORDER BY seq"""


@dataclass(frozen=True)
class Mark:
    """A place in the log, and which log it is a place of."""

    place: str
    origin: str


@dataclass(frozen=True)
class Written:
    """What was written after a mark: numbers of programs, None where it may be any; and the mark to ask from next,
    None inside a transaction that may write and be undone."""

    programs: frozenset[int] | None
    mark: Mark | None


def written_since(mark: Mark | None, using: str = DEFAULT_DB_ALIAS) -> Written:
    """What was written after a mark, if there is one. One statement, to be asked before what it tells of is read."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        return _of_postgresql(connection, mark)
    return _of_sqlite(connection, mark)


def _of_postgresql(connection: BaseDatabaseWrapper, mark: Mark | None) -> Written:
    asked = mark or Mark("1:1:", "")
    with connection.cursor() as cursor:
        cursor.execute(_SINCE_POSTGRESQL, {"place": asked.place, "origin": asked.origin})
        place, origin, settled, numbers = cursor.fetchone()
    return Written(_named(numbers), Mark(place, origin) if settled else None)


def _of_sqlite(connection: BaseDatabaseWrapper, mark: Mark | None) -> Written:
    asked = int(mark.place) if mark else 2**62
    with connection.cursor() as cursor:
        cursor.execute(_SINCE_SQLITE, [asked])
        rows = cursor.fetchall()
    last = None if connection.in_atomic_block else Mark(str(rows[-1][0]), rows[-1][1])
    if mark is None or (str(rows[0][0]), rows[0][1]) != (mark.place, mark.origin):
        return Written(None, last)
    return Written(_named([row[2] for row in rows[1:]]), last)


def _named(numbers: list[int] | None) -> frozenset[int] | None:
    return None if numbers is None or EVERYTHING in numbers else frozenset(numbers)

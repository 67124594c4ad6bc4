"""The index of the catalogue's words: two-character keys, which both engines look up without reading a text.

Keys are made by `core.text.bigram_keys` and are the same on both engines, so what is found is the same. PostgreSQL
holds them as `tsvector` under a GIN index, SQLite as text under FTS5 (`programs.models.searching_engine`). No parser,
dictionary or collation of an engine touches them (docs/adr/0013).
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

from core.text import bigram_keys
from programs.models.program import Program
from programs.models.searching_engine import taken_down, written

_BATCH = 2000
BODY = "k"
TITLE = "t"
"""The mark of keys of a title; those of all text carry the ordinary one."""


class KeysField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Keys with a space between them: `tsvector` on PostgreSQL, text elsewhere."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """The column's type."""
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_placeholder(self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> str:
        """PostgreSQL takes the keys as they are, without parsing text."""
        return "array_to_tsvector(string_to_array(%s, ' '))" if connection.vendor == "postgresql" else "%s"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """PostgreSQL prints each key between quotes."""
        return None if value is None else value.replace("'", "")


class ProgramIndexQuerySet(models.QuerySet["ProgramIndex"]):
    """Writing is left to `index` and `rebuild`."""

    def rebuild(self, programs: Iterable[Program]) -> None:
        """Write these programs' keys in place of all there are, and the engine's index from them."""
        connection, rows = connections[self.db], iter(programs)
        with taken_down(connection):
            self.all().delete()
            while batch := list(islice(rows, _BATCH)):
                written(connection, ((row.pk, keys_of(row)) for row in batch))

    def index(self, programs: Iterable[Program]) -> None:
        """Write the keys of programs whose search columns are saved."""
        self.bulk_create(
            [ProgramIndex(program_id=program.pk, keys=keys_of(program)) for program in programs],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["program"],
            update_fields=["keys"],
        )


class ProgramIndex(models.Model):
    """The keys of one program: of its text in every wording, and once more, marked, those of its title.

    Written with every save of the search columns (`Program.save`, `programs.actions.indexing`). A table of its own:
    looking up keys then reads narrow rows, and reading programs does not read keys.
    """

    program = models.OneToOneField(
        Program, models.CASCADE, primary_key=True, related_name="search_index", verbose_name="制度"
    )
    keys = KeysField("検索の鍵")

    objects = ProgramIndexQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "検索の索引"

    def __str__(self) -> str:
        return f"index of program {self.program_id}"


def keys_of(program: Program) -> str:
    """What the index holds of a program's search columns."""
    body = bigram_keys(program.search_text) | bigram_keys(program.search_synonyms)
    return " ".join(sorted(body | bigram_keys(program.search_title, TITLE)))


class Holders(Expression):
    """The numbers of the programs that hold all of some keys, for `pk__in`. Raises ValueError without a key."""

    output_field = models.BigIntegerField()

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(output_field=models.BigIntegerField())
        self.keys = sorted(set(keys))
        if not self.keys:
            raise ValueError("without a key there is nothing to look up")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[str]]:
        """By the function that forbids a scan of all rows."""
        return "(SELECT programs_holding(%s::tsquery))", [" & ".join(self.keys)]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[str]]:
        """By the full-text table, whose row numbers are those of the programs."""
        return "(SELECT rowid FROM programs_keys WHERE programs_keys MATCH %s)", [" ".join(self.keys)]

    def get_source_expressions(self) -> list[Any]:
        """None: the keys are values."""
        return []

    def set_source_expressions(self, exprs: Any) -> None:
        """Nothing to set."""

    def resolve_expression(self, *_: Any, **__: Any) -> Self:
        """It stands for itself."""
        return self


def looked_up(
    keys: Iterable[str], others: Iterable[str], using: str = DEFAULT_DB_ALIAS
) -> tuple[list[int], list[int]]:
    """The numbers of the programs that hold all of some keys, and of those that hold all of others; one statement.

    The engine writes each list as one text: for a word that half of 100,000 programs hold, reading rows took longest.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        each, both = "array_to_string(ARRAY(SELECT programs_holding(%s::tsquery)), ',')", " & "
    else:
        each, both = "(SELECT group_concat(rowid) FROM programs_keys WHERE programs_keys MATCH %s)", " "
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}, {each}", [both.join(sorted(keys)), both.join(sorted(others))])
        held, titled = cursor.fetchone()
    return _numbers(held), _numbers(titled)


def _numbers(listed: str | None) -> list[int]:
    return list(map(int, listed.split(","))) if listed else []

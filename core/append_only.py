"""Tables whose rows are only ever added: triggers refuse UPDATE and DELETE on PostgreSQL and SQLite.

Triggers are installed after every `migrate` (SQLite loses them when Django remakes a table), looked for
at start (core.checks) and by `manage.py invariants`. TRUNCATE has no trigger, because the tests' flush uses
it; in production the application's database role is not granted TRUNCATE.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.invariants import invariant

ModelT = TypeVar("ModelT", bound=models.Model)

APPEND_ONLY: list[type[models.Model]] = []
_FUNCTION = "core_refuse_change"
_VERBS = ("update", "delete")


def append_only(model: type[ModelT]) -> type[ModelT]:
    """Class decorator: this model's table is append-only. Abstract models are not tables."""
    if model._meta.abstract:
        raise TypeError(f"{model.__name__} is abstract: decorate the concrete model")
    if model not in APPEND_ONLY:
        APPEND_ONLY.append(model)
    return model


def install_triggers(model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the model's triggers where they are missing. Safe to repeat.

    Raises NotImplementedError on engines other than PostgreSQL and SQLite.
    """
    connection = connections[using]
    _run(connection, _statements(connection, model))


def remove_triggers(model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop the model's triggers. Only for tests, by way of `suspended`."""
    connection = connections[using]
    quote = connection.ops.quote_name
    on_table = f" ON {quote(model._meta.db_table)}" if connection.vendor == "postgresql" else ""
    _run(
        connection, [f"DROP TRIGGER IF EXISTS {quote(name)}{on_table}" for name in _names(connection, model)]
    )


def triggers_present(model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether all of the model's triggers exist and are enabled. True too for a table not yet migrated."""
    connection = connections[using]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return True
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled = 'A'",
                [connection.ops.quote_name(table)],
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        found = {row[0] for row in cursor.fetchall()}
    return found.issuperset(_names(connection, model))


def missing_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The append-only tables that stand unguarded."""
    return [model._meta.db_table for model in APPEND_ONLY if not triggers_present(model, using)]


@contextmanager
def suspended(*tables: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Without triggers (default: on all append-only tables). Only for tests that empty or tamper tables."""
    chosen = tables or tuple(APPEND_ONLY)
    for model in chosen:
        remove_triggers(model, using)
    try:
        yield
    finally:
        for model in chosen:
            install_triggers(model, using)


def install_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Receiver of post_migrate: guard the sender's append-only tables that exist in this database."""
    owned = [model for model in APPEND_ONLY if model._meta.app_label == sender.label]
    if not owned:
        return
    with connections[using].cursor() as cursor:
        existing = set(connections[using].introspection.table_names(cursor))
    for model in owned:
        if model._meta.db_table in existing:
            install_triggers(model, using)


@invariant("append_only.triggers")
def check_triggers() -> Iterable[str]:
    """Every append-only table has its triggers."""
    for table in missing_triggers():
        yield f"{table}: 追記専用のトリガーがありません。manage.py migrate を実行してください。"


# --- The two engines -------------------------------------------------------------------------------------


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    """Execute in order. PostgreSQL alters no table whose deferred foreign keys are still to be checked."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        statements = ["SET CONSTRAINTS ALL IMMEDIATE", *statements, "SET CONSTRAINTS ALL DEFERRED"]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _names(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    verbs = _VERBS if connection.vendor == "postgresql" else (*_VERBS, "replace")
    return [f"{model._meta.db_table}_no_{verb}" for verb in verbs]


def _statements(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    if connection.vendor == "postgresql":
        return _postgresql(connection, model)
    if connection.vendor == "sqlite":
        return _sqlite(connection, model)
    raise NotImplementedError(f"append-only triggers are not written for {connection.vendor}")


def _postgresql(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    """One function for all tables; ENABLE ALWAYS fires even for replication roles. 23001 → IntegrityError."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    function = (
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'append-only table %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    statements = [function]
    for verb in _VERBS:
        name = quote(f"{model._meta.db_table}_no_{verb}")
        trigger = (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()"
        )
        statements += [trigger, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"]
    return statements


def _sqlite(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    """UPDATE and DELETE, and INSERT OR REPLACE, which on SQLite removes rows without a DELETE trigger."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only table {model._meta.db_table}'); END"
    statements = [
        f"CREATE TRIGGER IF NOT EXISTS {quote(f'{model._meta.db_table}_no_{verb}')} BEFORE {verb.upper()} ON {table} {refuse}"
        for verb in _VERBS
    ]
    clashes = " OR ".join(
        "(" + " AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in columns) + ")"
        for columns in _unique_columns(model)
    )
    name = quote(f"{model._meta.db_table}_no_replace")
    clash = f"EXISTS (SELECT 1 FROM {table} WHERE {clashes})"  # noqa: S608 - names from the model, quoted
    statements.append(f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE INSERT ON {table} WHEN {clash} {refuse}")
    return statements


def _unique_columns(model: type[models.Model]) -> list[list[str]]:
    singles = [[str(field.column)] for field in model._meta.local_fields if field.unique]
    together = [
        [str(model._meta.get_field(name).column) for name in constraint.fields]  # type: ignore[union-attr]
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and constraint.fields
        and constraint.condition is None
    ]
    return singles + together

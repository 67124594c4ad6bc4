"""Loading the reference data takes seconds, a test may not: load once a session, copy for each test.

After one load the filled tables are copied inside the test database (`snapshot_<name>_<table>`), and the
tables themselves are emptied again. Filling them for a test is then one `INSERT ... SELECT` per table, a few
hundredths of a second, inside the test's own transaction or committed, on PostgreSQL and on SQLite alike.
"""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from core.append_only import suspended

# What `migrate` itself writes, and what belongs to one visit only.
_NOT_COPIED = {"contenttypes", "auth", "sessions"}


def tables() -> Iterator[type[models.Model]]:
    """Every model with a table of its own that data can be loaded into."""
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy and options.app_label not in _NOT_COPIED:
            yield model


def take(name: str, load: Callable[[], None]) -> None:
    """Load, copy what was loaded under this name, and leave the database empty."""
    _refuse_real_data()
    load()
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        migrated = set(connection.introspection.table_names(cursor))
        for model in tables():
            if model._meta.db_table not in migrated:
                continue
            copy = quote(_copy(name, model))
            cursor.execute(f"DROP TABLE IF EXISTS {copy}")
            if model._base_manager.exists():
                cursor.execute(f"CREATE TABLE {copy} AS SELECT * FROM {quote(model._meta.db_table)}")
    empty()


def restore(name: str) -> bool:
    """Fill the empty database with the copies of this name, numbers of rows included; whether there are any."""
    quote = connection.ops.quote_name
    filled = []
    with transaction.atomic(), connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for model in tables():
            if _copy(name, model) not in existing:
                continue
            columns = ", ".join(
                quote(field.column) for field in model._meta.local_concrete_fields if not field.generated
            )
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({columns}) "
                f"SELECT {columns} FROM {quote(_copy(name, model))}"
            )
            filled.append(model)
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)
    return bool(filled)


def load_once(name: str, load: Callable[[], None]) -> None:
    """Load into the empty database; in a run of `verify`, one process loads and all others copy its rows and files."""
    share = os.environ.get("TAMA_VERIFY_SHARE")
    if not share:
        load()
        return
    rows, files, media = (
        Path(share) / f"{name}.rows",
        Path(share) / f"{name}.files",
        Path(settings.MEDIA_ROOT),
    )
    with (Path(share) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not rows.exists():
            load()
            shutil.copytree(media, files, dirs_exist_ok=True)
            rows.write_bytes(
                pickle.dumps({_label(model): list(model._base_manager.all()) for model in tables()})
            )
            return
    shutil.copytree(files, media, dirs_exist_ok=True)
    with transaction.atomic(), connection.cursor() as cursor:
        found: dict[str, list[models.Model]] = pickle.loads(rows.read_bytes())  # noqa: S301 - written by this run
        filled = [apps.get_model(label) for label in found]
        for model in filled:
            model._base_manager.bulk_create(found[_label(model)])
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)


def is_test_database() -> bool:
    """Whether the connection leads to a database made for this run, never to somebody's data."""
    name = str(connection.settings_dict["NAME"])
    return Path(name).name.startswith("test_") or "mode=memory" in name or name == ":memory:"


def end_other_sessions() -> None:
    """Let go of the test database: a browser's kept-alive connection may hold a server thread's session open."""
    _refuse_real_data()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def empty() -> None:
    """Remove every committed row, those of append-only tables too."""
    _refuse_real_data()
    with suspended():
        call_command("flush", interactive=False, verbosity=0)


def _refuse_real_data() -> None:
    if not is_test_database():
        raise RuntimeError(f"{connection.settings_dict['NAME']} is not a test database")


def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower


def _copy(name: str, model: type[models.Model]) -> str:
    return f"snapshot_{name}_{model._meta.db_table}"

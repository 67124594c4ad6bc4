"""The test database: made by migrations once, copied whole for every other process of a run of `verify`.

Migrating and loading take half a minute; a copy takes a second. `verify` names a folder for what its processes
share (TAMA_VERIFY_SHARE), and the database that its checks have migrated from zero, of which the first is a copy
(TAMA_VERIFY_MIGRATED); without them each process makes its own. On PostgreSQL the copy is a database made from a
template, on SQLite a file read back into memory. It is made anew in every run, so it cannot be out of date.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests import snapshots


def make(wanted: set[str], fill: Callable[[set[str]], None]) -> str:
    """Connect to a new test database that `fill(wanted)` has filled, here or in another process; the name before."""
    before = str(connection.settings_dict["NAME"])
    share = os.environ.get("TAMA_VERIFY_SHARE")
    if not share:
        _create(wanted, fill)
        return before
    with _alone(Path(share)):
        if kept := _kept(Path(share), wanted):
            _take_copy(kept)
        else:
            _create(wanted, fill)
            _keep_copy(Path(share) / "-".join((connection.vendor, "with", *sorted(wanted))))
    return before


def _create(wanted: set[str], fill: Callable[[set[str]], None]) -> None:
    """By every migration from zero, as pytest-django does or as the checks have done."""
    if migrated := os.environ.get("TAMA_VERIFY_MIGRATED"):
        _connect_to_copy(migrated)
        snapshots.empty()
    else:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    fill(wanted)


@contextmanager
def _alone(share: Path) -> Iterator[None]:
    with (share / f"{connection.vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _kept(share: Path, wanted: set[str]) -> Path | None:
    """The folder of a shared database that has all this; a folder with this name holds a whole copy."""
    folders = share.glob(f"{connection.vendor}-with*")
    return next((folder for folder in folders if wanted <= set(folder.name.split("-")[2:])), None)


def _keep_copy(folder: Path) -> None:
    """Copy this process' new database, and the files its rows name, for the others."""
    unfinished = folder.with_name(f"unfinished-{folder.name}")
    shutil.copytree(settings.MEDIA_ROOT, unfinished / "media")
    if connection.vendor == "postgresql":
        _copy_on_server(source=str(connection.settings_dict["NAME"]), target=_template(folder))
    else:
        with closing(sqlite3.connect(unfinished / "database")) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
    unfinished.rename(folder)


def _take_copy(folder: Path) -> None:
    """This process' database, and its files, from the shared ones."""
    shutil.copytree(folder / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    _connect_to_copy(_template(folder) if connection.vendor == "postgresql" else str(folder / "database"))


def _connect_to_copy(source: str) -> None:
    """This process' test database from a database of the server, or from a file."""
    name = connection.creation._get_test_db_name()
    if connection.vendor == "postgresql":
        _copy_on_server(source=source, target=name)
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)


def _template(folder: Path) -> str:
    return f"test_{folder.name}"


def _copy_on_server(*, source: str, target: str) -> None:
    """A database from a template, to which nobody may be connected meanwhile."""
    connection.close()
    connection.close_pool()
    old, new = map(connection.ops.quote_name, (source, target))
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {new}")
        cursor.execute(f"CREATE DATABASE {new} TEMPLATE {old}")

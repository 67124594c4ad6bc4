"""System checks of the ground: append-only triggers, and what PostgreSQL must offer."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from core import scanning
from core.append_only import missing_triggers

_OLDEST_POSTGRESQL = 15_00_00


@register(Tags.database)
def append_only_triggers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Every append-only table that exists has its triggers. Runs with `check --database default`."""
    del app_configs
    return [
        Error(
            f"追記専用の表 {table} にトリガーがありません（データベース {alias}）。",
            hint="manage.py migrate を実行すると付け直されます。",
            id="core.E001",
        )
        for alias in databases or ()
        for table in missing_triggers(alias)
    ]


@register(Tags.security)
def scanner_address(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """The virus scanner, where there is one, is on this machine."""
    del app_configs
    try:
        if scanning.is_configured():
            scanning.place(settings.SCANNER_ADDRESS)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="core.E010")]
    return []


@register(Tags.database)
def postgresql_text(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """PostgreSQL is new enough, stores UTF-8, and its character classes know Japanese (lc_ctype not C)."""
    del app_configs
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        try:
            found += _postgresql_faults(alias)
        except DatabaseError as error:
            found.append(Error(f"データベース {alias} を調べられません：{error}", id="core.E004"))
    return found


def _postgresql_faults(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datctype "
            "FROM pg_database WHERE datname = current_database()"
        )
        version, encoding, ctype = cursor.fetchone()
    faults: list[CheckMessage] = []
    if version < _OLDEST_POSTGRESQL:
        faults.append(
            Error(
                f"PostgreSQL {version // 10000} は古すぎます（データベース {alias}）。",
                hint="15以上にしてください。",
                id="core.E002",
            )
        )
    if encoding != "UTF8":
        faults.append(
            Error(
                f"データベース {alias} の文字コードが {encoding} です。",
                hint="ENCODING 'UTF8' で作り直してください。",
                id="core.E003",
            )
        )
    if ctype in {"C", "POSIX"}:
        faults.append(
            CheckWarning(
                f"データベース {alias} の LC_CTYPE が {ctype} のため、漢字の部分一致索引が働きません。",
                hint="LC_CTYPE 'C.UTF-8' で作り直してください。",
                id="core.W001",
            )
        )
    return faults

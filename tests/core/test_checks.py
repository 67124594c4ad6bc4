"""What PostgreSQL must offer, told at start in Japanese with the cure."""

from typing import Any, Self

import pytest
from django.core.checks import Tags, run_checks
from django.db import DatabaseError

from core import checks


class FakeCursor:
    def __init__(self, row: tuple[int, str, str]) -> None:
        self.row = row

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None: ...

    def execute(self, _sql: str) -> None:
        if self.row[0] < 0:
            raise DatabaseError("gone")

    def fetchone(self) -> tuple[int, str, str]:
        return self.row


def faults(monkeypatch: pytest.MonkeyPatch, vendor: str, *row: Any) -> list[str | None]:
    connection = type("Fake", (), {"vendor": vendor, "cursor": lambda _self: FakeCursor(row)})()
    monkeypatch.setattr(checks, "connections", {"default": connection})
    found = checks.postgresql_text(None, ["default"])
    assert all("default" in message.msg for message in found)
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        ((18_00_06, "UTF8", "C.UTF-8"), []),
        ((15_00_00, "UTF8", "ja_JP.utf8"), []),
        ((14_00_11, "UTF8", "C.UTF-8"), ["core.E002"]),
        ((18_00_06, "EUC_JP", "ja_JP.eucjp"), ["core.E003"]),
        ((18_00_06, "UTF8", "C"), ["core.W001"]),
        ((14_00_00, "SQL_ASCII", "POSIX"), ["core.E002", "core.E003", "core.W001"]),
        ((-1, "", ""), ["core.E004"]),
    ],
)
def test_what_postgresql_must_offer(
    monkeypatch: pytest.MonkeyPatch, row: tuple[int, str, str], ids: list[str]
) -> None:
    assert faults(monkeypatch, "postgresql", *row) == ids


def test_sqlite_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(monkeypatch, "sqlite", -1, "", "") == []


@pytest.mark.django_db
def test_the_database_of_this_run_passes() -> None:
    assert run_checks(tags=[Tags.database], databases=["default"]) == []

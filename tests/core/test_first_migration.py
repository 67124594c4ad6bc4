"""A database half way through the steps that a first migration replaced is refused, not left out."""

from collections.abc import Sequence

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management.base import CommandError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate

REPLACED = MigrationLoader(None).get_migration("grants", "0001_initial").replaces


@pytest.fixture(autouse=True)
def _with_migrations(settings: LazySettings) -> None:
    settings.MIGRATION_MODULES = {}  # also in a run without them


def _migrate_begins(monkeypatch: pytest.MonkeyPatch, taken: Sequence[tuple[str, str]]) -> None:
    """As `migrate` begins on a database that says it took these steps."""
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _self: dict.fromkeys(taken))
    pre_migrate.send(sender=apps.get_app_config("contenttypes"), using="default")


@pytest.mark.django_db
def test_some_of_the_replaced_steps_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"grants\.0014_forms_of_calls.*grants\.0016_waivers"):
        _migrate_begins(monkeypatch, REPLACED[:14])


@pytest.mark.django_db
@pytest.mark.parametrize("taken", [[], REPLACED], ids=["a new database", "all of them"])
def test_none_and_all_of_them_go_on(
    monkeypatch: pytest.MonkeyPatch, taken: Sequence[tuple[str, str]]
) -> None:
    _migrate_begins(monkeypatch, taken)

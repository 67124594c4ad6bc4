"""A migration that old code can live with only adds; what takes away says that it is the contracting step (docs/operations.md)."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OWN = ("accounts", "programs", "indicators", "grants")
TAKES_AWAY = (
    migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel,
    migrations.AlterModelTable, migrations.AddConstraint,
)  # fmt: skip
"""What code of the version before reads or writes, or would be refused for."""


def unbearable(app: str, operations: Sequence[Operation], before: ProjectState) -> list[str]:
    """The operations old code cannot live with; a table that is new in the same migration it does not know."""
    new = {each.name_lower for each in operations if isinstance(each, migrations.CreateModel)}
    known = [each for each in operations if str(getattr(each, "model_name", "")).lower() not in new]
    return [each.describe() for each in known if _takes_away(app, each, before)]


def _takes_away(app: str, operation: Operation, before: ProjectState) -> bool:
    if isinstance(operation, migrations.AddField):
        field = operation.field
        return not (field.null or field.has_db_default() or field.many_to_many)
    if isinstance(operation, migrations.AlterField):
        held = before.models[app, operation.model_name_lower].fields[operation.name]
        return _narrower(held, operation.field)
    return isinstance(operation, TAKES_AWAY)


def _narrower(held: Any, field: Any) -> bool:
    """Another kind of column, one that may no longer be empty, or a shorter one; choices are none of it."""
    shorter = (field.max_length or 0) < (held.max_length or 0) if field.max_length else False
    return type(held) is not type(field) or (held.null and not field.null) or shorter


def test_migrations_only_add_unless_they_say_otherwise(settings: LazySettings) -> None:
    settings.MIGRATION_MODULES = {}  # also in a run without them
    loader, faults = MigrationLoader(None), []
    assert ("grants", "0002_yearly_reports") in loader.disk_migrations
    for (app, name), migration in loader.disk_migrations.items():
        if app not in OWN or name == "0001_initial" or getattr(migration, "contracts", False):
            continue
        before = loader.project_state((app, name), at_end=False)
        faults += [f"{app}.{name}: {fault}" for fault in unbearable(app, migration.operations, before)]
    assert faults == []


@pytest.mark.parametrize(
    ("operation", "bearable"),
    [
        (migrations.AddField("case", "more", models.TextField(null=True)), True),
        (migrations.AddField("case", "more", models.TextField(db_default="")), True),
        (migrations.AddField("case", "more", models.TextField(default="")), False),
        (migrations.AlterField("case", "note", models.CharField(max_length=9, choices=[("a", "b")])), True),
        (migrations.AlterField("case", "note", models.CharField(max_length=8)), False),
        (migrations.AlterField("case", "maybe", models.TextField()), False),
        (migrations.AlterField("case", "note", models.IntegerField()), False),
        (migrations.RemoveField("case", "note"), False),
        (migrations.RenameField("case", "note", "remark"), False),
        (migrations.DeleteModel("case"), False),
        (migrations.CreateModel("paper", [("id", models.AutoField(primary_key=True))]), True),
        (migrations.AddIndex("case", models.Index(fields=["note"], name="case_note")), True),
    ],
)
def test_what_old_code_can_live_with(operation: Operation, bearable: bool) -> None:
    before = ProjectState()
    columns = [("note", models.CharField(max_length=9)), ("maybe", models.TextField(null=True))]
    migrations.CreateModel("case", [("id", models.AutoField(primary_key=True)), *columns]).state_forwards(
        "grants", before
    )
    assert (unbearable("grants", [operation], before) == []) is bearable

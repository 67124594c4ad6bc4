"""What the first migration of an app needs: many tables in one step, and a look at what it finds (docs/adr/0029).

Django draws every model of the project anew after each `CreateModel`; for a hundred tables that is most of the time
a new database takes. Made together they are drawn once. For the first migration of an app only: nothing may stand in
the tables' place, and they are removed together.
"""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """`CreateModel` for each of `models`, in their order, with one drawing of the project's models for all."""

    category = OperationCategory.ADDITION
    serialization_expand_args = ["models"]

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As every operation of a migration tells how it is written."""
        return type(self).__name__, [], {"models": self.models}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models; what has been drawn is forgotten first, for a drawing would follow each of them."""
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the tables in order."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove them, the last first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What `migrate --plan` shows."""
        return f"Create {len(self.models)} tables"


def refuse_half_way(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Receiver of pre_migrate. Raises CommandError for a database that took only some of the replaced steps.

    Django would leave out such an app without a word: the step that replaces does not fit, those replaced are gone.
    """
    loader = MigrationLoader(connections[using])
    for (app, name), migration in loader.replacements.items():
        taken = [step for step in migration.replaces if step in loader.applied_migrations]
        if 0 < len(taken) < len(migration.replaces):
            raise CommandError(
                f"This database stands at {app}.{taken[-1][1]}, before {app}.{name}: bring it to "
                f"{app}.{migration.replaces[-1][1]} with the version it comes from, or begin anew (demo --fresh)."
            )

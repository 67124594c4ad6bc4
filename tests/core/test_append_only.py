"""The triggers, tried on whichever engine the run uses."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from accounts.models import AccountEvent
from core import append_only, invariants
from core.actor import SYSTEM

TABLE = "accounts_accountevent"


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def event(db: None) -> AccountEvent:
    return AccountEvent.append("case:1", SYSTEM, "start")


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {TABLE} SET comment = 'x'",
        f"UPDATE {TABLE} SET hash = 'x' WHERE sequence = 1",
        f"DELETE FROM {TABLE}",
        f"DELETE FROM {TABLE} WHERE chain_key = 'case:1'",
    ],
)
def test_raw_sql_cannot_change_or_remove_a_row(event: AccountEvent, sql: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)
    stored = AccountEvent.objects.get()
    assert (stored.comment, stored.hash) == ("", event.hash)


@pytest.mark.parametrize("sql", [f"UPDATE {TABLE} SET comment = 'x'", f"DELETE FROM {TABLE}"])
def test_without_triggers_the_same_sql_works(event: AccountEvent, sql: str) -> None:
    """The control: it is the triggers that refuse."""
    with append_only.suspended(AccountEvent):
        execute(sql)
    AccountEvent.append("case:2", SYSTEM, "start")
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)


def test_the_orm_below_our_own_guards_is_refused_too(event: AccountEvent) -> None:
    plain: models.QuerySet[AccountEvent] = models.QuerySet(AccountEvent)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        plain.update(comment="x")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        plain._raw_delete(using="default")


def test_replacing_a_row_by_inserting_is_refused(event: AccountEvent) -> None:
    columns = [field.column for field in AccountEvent._meta.local_fields]
    listed = ", ".join(f'"{column}"' for column in columns)
    copied = ", ".join("'x'" if column == "comment" else f'"{column}"' for column in columns)
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    suffix = "" if connection.vendor == "sqlite" else " ON CONFLICT (id) DO UPDATE SET comment = 'x'"
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"{verb} INTO {TABLE} ({listed}) SELECT {copied} FROM {TABLE} WHERE true{suffix}")
    assert AccountEvent.objects.get().comment == ""


def test_missing_triggers_are_noticed_at_start_and_by_the_invariant(db: None) -> None:
    assert append_only.triggers_present(AccountEvent)
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    with append_only.suspended(AccountEvent):
        assert append_only.missing_triggers() == [TABLE]
        assert [message.id for message in run_checks(tags=[Tags.database], databases=["default"])] == [
            "core.E001"
        ]
        assert TABLE in invariants.run_all()["append_only.triggers"][0]
    assert append_only.missing_triggers() == []


@pytest.mark.parametrize("verb", ["update", "delete", "replace"])
def test_one_missing_trigger_is_enough_to_be_noticed(db: None, verb: str) -> None:
    if verb == "replace" and connection.vendor == "postgresql":
        verb = "update"  # PostgreSQL's ON CONFLICT DO UPDATE fires the update trigger; there is no third one
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER {TABLE}_no_{verb}{on_table}")
    assert not append_only.triggers_present(AccountEvent)
    append_only.install_triggers(AccountEvent)
    append_only.install_triggers(AccountEvent)
    assert append_only.triggers_present(AccountEvent)


def test_a_disabled_trigger_is_noticed(db: None) -> None:
    if connection.vendor == "postgresql":  # SQLite cannot disable a trigger, only drop it
        execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_no_update")
        assert not append_only.triggers_present(AccountEvent)
        append_only.install_triggers(AccountEvent)
    assert append_only.triggers_present(AccountEvent)


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_the_triggers_back() -> None:
    append_only.remove_triggers(AccountEvent)
    assert not append_only.triggers_present(AccountEvent)
    call_command("migrate", verbosity=0, interactive=False)
    assert append_only.triggers_present(AccountEvent)


@pytest.mark.django_db(transaction=True)
def test_a_table_remade_by_a_migration_is_guarded_again_after_migrate() -> None:
    """SQLite's schema editor copies the table and drops its triggers; post_migrate puts them back."""
    field = models.CharField(max_length=10, default="")
    field.set_attributes_from_name("passing")
    with connection.schema_editor() as editor:
        editor.add_field(AccountEvent, field)
    with connection.schema_editor() as editor:
        editor.remove_field(AccountEvent, field)
    if connection.vendor == "sqlite":
        assert not append_only.triggers_present(AccountEvent)
    call_command("migrate", verbosity=0, interactive=False)
    assert append_only.triggers_present(AccountEvent)


def test_every_concrete_event_model_is_registered() -> None:
    from django.apps import apps

    from core.events import HashChainedEvent

    concrete = {model for model in apps.get_models() if issubclass(model, HashChainedEvent)}
    assert concrete
    assert concrete <= set(append_only.APPEND_ONLY)
    with pytest.raises(TypeError, match="abstract"):
        append_only.append_only(HashChainedEvent)


def test_a_table_not_yet_migrated_is_no_fault(db: None) -> None:
    class Future(models.Model):  # noqa: DJ008 - never shown
        class Meta:
            app_label = "core"
            db_table = "not_yet_there"
            managed = False

    try:
        assert append_only.triggers_present(Future)
    finally:
        from django.apps import apps

        apps.all_models["core"].pop("future")
        apps.clear_cache()

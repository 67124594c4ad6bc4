"""The version of the catalogue: a token the database itself changes with every write to what the public reads.

Triggers do it, not actions, so no way of writing can be forgotten (docs/adr/0013). What belongs to a program or a call
that nobody has put on view changes nothing the public reads, nor the token. On PostgreSQL each transaction
keeps a row of its own: nobody waits for anybody, and the token of all rows together changes with every commit. On
SQLite, which has one writer, one row is enough. Tokens are random: what was rolled back never comes again.
Beside it the same triggers note which programs were written (`programs.models.change_log`).
"""

from typing import Any, Final

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from programs.models import change_log

PRIVATE: Final = frozenset(
    {
        "SavedSearch",
        "AlertItem",
        "Correction",
        "ProgramEvent",
        "ProgramRevision",
        "ProgramSource",
        "PartRevision",
        "DistinctPair",
    }
)
"""Models of the catalogue that no public page reads."""
SHARED: Final = ("Organization", "Designation", "SourceDocument")
"""Models of accounts that its pages read."""
OWN: Final = frozenset({"Program", "Call"})
"""Models that say themselves whether they are on view."""
OF_PROGRAM: Final = frozenset({"ProgramTag", "ProgramYear", "ProgramIndex", "BudgetLine"})
"""Models that are on view with their program, and are written with its draft while it never was."""
OF_MANY: Final = frozenset({"Organization"})
"""Models a row of which is read with many programs."""
_POSTGRESQL: Final = (
    *change_log.POSTGRESQL,
    """CREATE TABLE IF NOT EXISTS programs_catalogueversion (transaction xid8 PRIMARY KEY, token uuid NOT NULL)""",
    # Rows of transactions that ended before any running one began are dropped; whoever is at it already is let go on.
    """CREATE OR REPLACE FUNCTION programs_catalogue_note() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO programs_catalogueversion VALUES (pg_current_xact_id(), gen_random_uuid())
    ON CONFLICT (transaction) DO UPDATE SET token = gen_random_uuid();
    DELETE FROM programs_catalogueversion WHERE transaction IN (
        SELECT transaction FROM programs_catalogueversion
        WHERE transaction < pg_snapshot_xmin(pg_current_snapshot()) FOR UPDATE SKIP LOCKED);
    END $$""",
    """CREATE OR REPLACE FUNCTION programs_catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM programs_catalogue_note();
    IF TG_ARGV[0] = 'many' THEN PERFORM programs_catalogue_touched(ARRAY[0]); END IF;
    RETURN NULL; END $$""",
    # Statements are planned when they are reached, so only the tables of rows that the event has are asked.
    """CREATE OR REPLACE FUNCTION programs_shown_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE shown boolean := false; numbers bigint[] := '{}'; BEGIN
    IF TG_ARGV[0] = 'own' THEN
        IF TG_OP <> 'DELETE' THEN shown := EXISTS (SELECT 1 FROM new_rows WHERE publication = 'published'); END IF;
        IF TG_OP <> 'INSERT' AND NOT shown THEN
            shown := EXISTS (SELECT 1 FROM old_rows WHERE publication = 'published'); END IF;
    ELSE
        IF TG_OP <> 'DELETE' THEN shown := EXISTS (SELECT 1 FROM new_rows JOIN programs_program AS p
            ON p.id = new_rows.program_id WHERE p.publication = 'published'); END IF;
        IF TG_OP <> 'INSERT' AND NOT shown THEN shown := EXISTS (SELECT 1 FROM old_rows JOIN programs_program AS p
            ON p.id = old_rows.program_id WHERE p.publication = 'published'); END IF;
    END IF;
    IF NOT shown THEN RETURN NULL; END IF;
    PERFORM programs_catalogue_note();
    IF TG_ARGV[1] = 'id' THEN
        IF TG_OP <> 'DELETE' THEN numbers := ARRAY(SELECT id FROM new_rows); END IF;
        IF TG_OP <> 'INSERT' THEN numbers := numbers || ARRAY(SELECT id FROM old_rows); END IF;
    ELSIF TG_ARGV[1] = 'program_id' THEN
        IF TG_OP <> 'DELETE' THEN numbers := ARRAY(SELECT program_id FROM new_rows); END IF;
        IF TG_OP <> 'INSERT' THEN numbers := numbers || ARRAY(SELECT program_id FROM old_rows); END IF;
    END IF;
    IF cardinality(numbers) > 0 THEN PERFORM programs_catalogue_touched(numbers); END IF;
    RETURN NULL; END $$""",
)
_POSTGRESQL_TRIGGER: Final = """CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION programs_catalogue_changed('{whose}')"""
_POSTGRESQL_SHOWN: Final = """CREATE OR REPLACE TRIGGER {name} AFTER {verb} ON {table} REFERENCING {rows}
    FOR EACH STATEMENT EXECUTE FUNCTION programs_shown_changed('{whose}', '{number}')"""
_ROWS: Final = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
_SQLITE: Final = (
    "CREATE TABLE IF NOT EXISTS programs_catalogueversion (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL)",
    "INSERT OR IGNORE INTO programs_catalogueversion VALUES (1, hex(randomblob(16)))",
    *change_log.SQLITE,
)
_SQLITE_TRIGGER: Final = """CREATE TRIGGER {name} AFTER {verb} ON {table} {when} BEGIN
    UPDATE programs_catalogueversion SET token = hex(randomblob(16)) WHERE id = 1; {notes} END"""
_SQLITE_SHOWN: Final = {
    "own": "{row}.publication = 'published'",
    "program": "EXISTS (SELECT 1 FROM programs_program AS p WHERE p.id = {row}.program_id AND p.publication = 'published')",
}
_SIDES: Final = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
_VERBS: Final = ("insert", "update", "delete")
_READ: Final = {
    "postgresql": "SELECT md5(string_agg(token::text, ',' ORDER BY transaction)) FROM programs_catalogueversion",
    "sqlite": "SELECT token FROM programs_catalogueversion",
}


def version(using: str = DEFAULT_DB_ALIAS) -> str:
    """The token of the catalogue as this connection sees it; one statement."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_READ[connection.vendor])
        return str(cursor.fetchone()[0])


def tables() -> list[str]:
    """Every table the public pages of the catalogue read, those between two models too."""
    models: list[type[Model]] = [
        model for model in apps.get_app_config("programs").get_models() if model.__name__ not in PRIVATE
    ]
    for model in list(models):
        relations = [relation.remote_field for relation in model._meta.local_many_to_many]
        models += [through for relation in relations if (through := getattr(relation, "through", None))]
    models += [apps.get_model("accounts", name) for name in SHARED]
    return sorted({model._meta.db_table for model in models})


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create what is missing; safe to repeat."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
    if not existing.issuperset(tables()) or present(connection):
        return
    statements = list(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)
    for table in tables():
        statements += _triggers(connection, table)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _guarded() -> dict[str, str]:
    """Tables whose rows count only while they are on view: by themselves ("own") or with their "program"."""
    config = apps.get_app_config("programs")
    told = {config.get_model(name)._meta.db_table: "own" for name in OWN}
    return told | {config.get_model(name)._meta.db_table: "program" for name in OF_PROGRAM}


def noted() -> dict[str, str]:
    """What the log says of a write, by table: the column with the program's number, or "many"."""
    numbered = dict.fromkeys(_guarded(), "program_id")
    del numbered[apps.get_model("programs", "ProgramIndex")._meta.db_table]  # asked anew by every search
    numbered[apps.get_model("programs", "Program")._meta.db_table] = "id"
    return numbered | {apps.get_model("accounts", name)._meta.db_table: "many" for name in OF_MANY}


def _triggers(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    whose, number = _guarded().get(table, ""), noted().get(table, "")
    dropped = ["seen", "emptied", *(f"{kind}_{verb}" for kind in ("seen", "shown") for verb in _VERBS)]
    if connection.vendor == "postgresql":
        made = [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for name in dropped]
        if not whose:
            event = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
            name = f"{table}_seen"
            return [*made, _POSTGRESQL_TRIGGER.format(name=name, table=table, event=event, whose=number)]
        return [
            *made,
            _POSTGRESQL_TRIGGER.format(name=f"{table}_emptied", table=table, event="TRUNCATE", whose="many"),
            *(
                _POSTGRESQL_SHOWN.format(
                    name=f"{table}_shown_{verb}", verb=verb, table=table, rows=_ROWS[verb], whose=whose, number=number
                )
                for verb in _VERBS
            ),
        ]  # fmt: skip
    return [f"DROP TRIGGER IF EXISTS {table}_{name}" for name in dropped] + [
        _SQLITE_TRIGGER.format(
            name=name, verb=verb, table=table, when=_when(whose, verb), notes=_notes(number, verb)
        )
        for name, verb in zip(_names(connection, table), _VERBS, strict=True)
    ]


def _notes(number: str, verb: str) -> str:
    """What a trigger of SQLite writes into the log."""
    if number == "many":
        return change_log.SQLITE_NOTE.format(number=change_log.EVERYTHING)
    sides = _SIDES[verb] if number else ()
    return " ".join(change_log.SQLITE_NOTE.format(number=f"{side}.{number}") for side in sides)


def _when(whose: str, verb: str) -> str:
    if not whose:
        return ""
    return "WHEN " + " OR ".join(_SQLITE_SHOWN[whose].format(row=row) for row in _SIDES[verb])


def _names(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    shown = [f"{table}_shown_{verb}" for verb in _VERBS] if table in _guarded() else []
    if connection.vendor == "postgresql":
        return [*shown, f"{table}_emptied"] if shown else [f"{table}_seen"]
    return shown or [f"{table}_seen_{verb}" for verb in _VERBS]


def present(connection: BaseDatabaseWrapper) -> bool:
    """Whether the log and every trigger stand."""
    wanted = {name for table in tables() for name in _names(connection, table)}
    with connection.cursor() as cursor:
        if change_log.TABLE not in connection.introspection.table_names(cursor):
            return False
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return wanted.issubset({row[0] for row in cursor.fetchall()})


def install_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Receiver of post_migrate; SQLite loses triggers when a migration remakes their table."""
    if sender.label == "programs":
        install(using)

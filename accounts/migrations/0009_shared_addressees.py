"""Reminders of one department share their addressees; two indexes and a check less for each notice."""

from typing import Any

import django.db.models.deletion
from django.core.management.color import no_style
from django.db import migrations, models
from django.db.models.functions import Coalesce

_COPIED = """
    INSERT INTO accounts_noticeaudience (addressees_id, department_id, organization_id, roles, user_id, mailbox)
    SELECT -n.id, a.department_id, a.organization_id, a.roles, a.user_id, a.mailbox
    FROM accounts_notice n JOIN accounts_noticeaudience a ON a.addressees_id = n.addressees_id
"""


def gather(apps: Any, schema_editor: Any) -> None:
    """Each notice has addressees of its own, of the same number, so the rows of its audience stay as they are."""
    schema_editor.execute("INSERT INTO accounts_addressees (id) SELECT id FROM accounts_notice")
    schema_editor.execute("UPDATE accounts_notice SET addressees_id = id")
    _settle(apps, schema_editor)


def spread(apps: Any, schema_editor: Any) -> None:
    """Addressees that several notices share become one set for each, of the notice's number."""
    for statement in (
        "INSERT INTO accounts_addressees (id) SELECT -id FROM accounts_notice",
        _COPIED,
        "DELETE FROM accounts_noticeaudience WHERE addressees_id > 0",
        "DELETE FROM accounts_addressees WHERE id > 0",
        "INSERT INTO accounts_addressees (id) SELECT id FROM accounts_notice",
        "UPDATE accounts_noticeaudience SET addressees_id = -addressees_id",
        "UPDATE accounts_notice SET addressees_id = id",
        "DELETE FROM accounts_addressees WHERE id < 0",
    ):
        schema_editor.execute(statement)
    _settle(apps, schema_editor)


def _settle(apps: Any, schema_editor: Any) -> None:
    """Make the pending checks, until then PostgreSQL refuses to alter the tables; number on from the last row."""
    connection = schema_editor.connection
    connection.check_constraints()
    for statement in connection.ops.sequence_reset_sql(
        no_style(), [apps.get_model("accounts", "Addressees")]
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_kept_answer_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="Addressees",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True, max_length=64, null=True, unique=True, verbose_name="共用の鍵"
                    ),
                ),
            ],
            options={
                "verbose_name": "通知の宛先のまとまり",
                "verbose_name_plural": "通知の宛先のまとまり",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="addressees",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="accounts.addressees",
                verbose_name="宛先",
            ),
        ),
        migrations.RemoveConstraint(model_name="noticeaudience", name="notice_audience_once"),
        migrations.RemoveConstraint(model_name="notice", name="notice_once"),
        migrations.RemoveIndex(model_name="notice", name="notice_newest"),
        migrations.RemoveIndex(model_name="notice", name="notice_of_case"),
        migrations.RunPython(gather, migrations.RunPython.noop),
        migrations.RenameField(model_name="noticeaudience", old_name="notice", new_name="addressees"),
        migrations.AlterField(
            model_name="noticeaudience",
            name="addressees",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="audiences",
                to="accounts.addressees",
                verbose_name="まとまり",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, spread),
        migrations.AlterField(
            model_name="notice",
            name="addressees",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="accounts.addressees",
                verbose_name="宛先",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("case_key", "dedupe_key"), name="notice_once"),
        ),
        migrations.AddConstraint(
            model_name="noticeaudience",
            constraint=models.UniqueConstraint(
                models.F("addressees"),
                Coalesce(models.F("department"), models.Value(0)),
                Coalesce(models.F("organization"), models.Value(0)),
                Coalesce(models.F("user"), models.Value(0)),
                models.F("mailbox"),
                name="notice_audience_once",
            ),
        ),
    ]

"""Lean outbox: one row of audience for all roles of a unit, and only the indexes that are read."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count, F, Value
from django.db.models.functions import Concat


def gather_roles(apps: Any, schema_editor: Any) -> None:
    """One row a unit and notice, with the roles of all its rows; a row for everybody takes in the others."""
    audience = apps.get_model("accounts", "NoticeAudience")
    named = audience.objects.exclude(role="")
    named.update(roles=Concat(Value(","), F("role"), Value(",")))
    same = ("notice", "department", "organization")
    units = audience.objects.filter(user=None, mailbox="").order_by()
    for notice, department, body in (
        units.values_list(*same).annotate(rows=Count("pk")).filter(rows__gt=1).values_list(*same)
    ):
        rows = audience.objects.filter(notice=notice, department=department, organization=body).order_by("pk")
        roles = sorted(rows.values_list("role", flat=True))
        kept = rows[0].pk
        rows.exclude(pk=kept).delete()
        rows.filter(pk=kept).update(roles="" if "" in roles else f",{','.join(roles)},")
    _settle(schema_editor)


def spread_roles(apps: Any, schema_editor: Any) -> None:
    """Back to one row a role."""
    audience = apps.get_model("accounts", "NoticeAudience")
    for row in audience.objects.exclude(roles="").order_by("pk").iterator():
        first, *others = [code for code in row.roles.split(",") if code]
        audience.objects.filter(pk=row.pk).update(role=first)
        for role in others:
            audience.objects.create(
                notice_id=row.notice_id,
                department_id=row.department_id,
                organization_id=row.organization_id,
                role=role,
            )
    _settle(schema_editor)


def _settle(schema_editor: Any) -> None:
    """Make the pending checks: until then PostgreSQL refuses to alter the table."""
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_schedule_runs"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="noticeaudience",
            name="notice_audience_is_one_thing",
        ),
        migrations.RemoveConstraint(
            model_name="noticeaudience",
            name="notice_audience_department_once",
        ),
        migrations.RemoveConstraint(
            model_name="noticeaudience",
            name="notice_audience_organization_once",
        ),
        migrations.RemoveConstraint(
            model_name="noticeaudience",
            name="notice_audience_user_once",
        ),
        migrations.RemoveConstraint(
            model_name="noticeaudience",
            name="notice_audience_mailbox_once",
        ),
        migrations.AddField(
            model_name="noticeaudience",
            name="roles",
            field=models.CharField(blank=True, max_length=200, verbose_name="役割"),
        ),
        migrations.RunPython(gather_roles, spread_roles),
        migrations.RemoveField(
            model_name="noticeaudience",
            name="role",
        ),
        migrations.AlterField(
            model_name="notice",
            name="dedupe_key",
            field=models.CharField(max_length=200, verbose_name="重複を防ぐ鍵"),
        ),
        migrations.AlterField(
            model_name="noticeaudience",
            name="department",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.department",
                verbose_name="部署",
            ),
        ),
        migrations.AlterField(
            model_name="noticeaudience",
            name="notice",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="audiences",
                to="accounts.notice",
                verbose_name="通知",
            ),
        ),
        migrations.AlterField(
            model_name="noticeaudience",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
                verbose_name="団体",
            ),
        ),
        migrations.AlterField(
            model_name="noticeaudience",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="利用者",
            ),
        ),
        migrations.AddIndex(
            model_name="noticeaudience",
            index=models.Index(
                condition=models.Q(("department__isnull", False)),
                fields=["department"],
                name="notice_audience_department",
            ),
        ),
        migrations.AddIndex(
            model_name="noticeaudience",
            index=models.Index(
                condition=models.Q(("organization__isnull", False)),
                fields=["organization"],
                name="notice_audience_organization",
            ),
        ),
        migrations.AddIndex(
            model_name="noticeaudience",
            index=models.Index(
                condition=models.Q(("user__isnull", False)), fields=["user"], name="notice_audience_user"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("dedupe_key",), name="notice_once"),
        ),
        migrations.AddConstraint(
            model_name="noticeaudience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("department__isnull", False),
                        ("mailbox", ""),
                        ("organization__isnull", True),
                        ("user__isnull", True),
                    ),
                    models.Q(
                        ("department__isnull", True),
                        ("mailbox", ""),
                        ("organization__isnull", False),
                        ("user__isnull", True),
                    ),
                    models.Q(
                        ("department__isnull", True),
                        ("mailbox", ""),
                        ("organization__isnull", True),
                        ("roles", ""),
                        ("user__isnull", False),
                    ),
                    models.Q(
                        ("department__isnull", True),
                        ("organization__isnull", True),
                        ("roles", ""),
                        ("user__isnull", True),
                        models.Q(("mailbox", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="notice_audience_is_one_thing",
                violation_error_message="宛先は、部署・団体・利用者・メールアドレスのどれか1つにしてください。",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeaudience",
            constraint=models.UniqueConstraint(
                models.F("notice"),
                django.db.models.functions.comparison.Coalesce(models.F("department"), models.Value(0)),
                django.db.models.functions.comparison.Coalesce(models.F("organization"), models.Value(0)),
                django.db.models.functions.comparison.Coalesce(models.F("user"), models.Value(0)),
                models.F("mailbox"),
                name="notice_audience_once",
            ),
        ),
    ]

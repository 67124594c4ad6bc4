"""Parts of a case that a disclosure copy withholds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0010_panels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target", models.CharField(max_length=200, verbose_name="部分")),
                ("ground", models.CharField(max_length=200, verbose_name="不開示の根拠")),
                ("marked_at", models.DateTimeField(verbose_name="指定日時")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="grants.application",
                        verbose_name="申請",
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="指定した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "不開示とする部分",
                "verbose_name_plural": "不開示とする部分",
                "ordering": ["application", "target"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "target"), name="redaction_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ground", ""), _negated=True), models.Q(("target", ""), _negated=True)
                        ),
                        name="redaction_has_ground",
                    ),
                ],
            },
        ),
    ]

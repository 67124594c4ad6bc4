"""The letter that was really sent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0007_notes_and_opinions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document_number", models.CharField(max_length=60, verbose_name="文書番号")),
                ("effective_on", models.DateField(verbose_name="施行日")),
                ("reason", models.TextField(blank=True, verbose_name="決定の記録と違う理由")),
                ("recorded_at", models.DateTimeField(verbose_name="登録日時")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued",
                        to="grants.decision",
                        verbose_name="決定",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants.document",
                        verbose_name="通知文",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登録した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "施行した通知文",
                "verbose_name_plural": "施行した通知文",
                "ordering": ["decision", "-recorded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document_number", ""), _negated=True),
                        name="issued_letter_has_number",
                    )
                ],
            },
        ),
    ]

"""Columns of tables for other systems, as data."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0008_issued_letters"),
        ("programs", "0005_publishing"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="記号")),
                ("title", models.CharField(max_length=80, verbose_name="名称")),
                ("encoding", models.CharField(default="cp932", max_length=10, verbose_name="文字コード")),
                ("columns", models.JSONField(default=list, verbose_name="列")),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.program",
                        verbose_name="制度",
                    ),
                ),
            ],
            options={
                "verbose_name": "他システム用の表",
                "verbose_name_plural": "他システム用の表",
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("encoding__in", ["utf-8-sig", "cp932"])),
                        name="export_layout_known_encoding",
                    )
                ],
            },
        ),
    ]

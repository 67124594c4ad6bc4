"""What-ifs of a panel under a name, and seats reviewers hold elsewhere."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_kept_answer_code"),
        ("grants", "0009_export_layouts"),
        ("programs", "0005_publishing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommitteeSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="職")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="開始日")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="終了日")),
                ("recorded_at", models.DateTimeField(verbose_name="登録日時")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                        verbose_name="団体",
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="committee_seats",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="審査員",
                    ),
                ),
            ],
            options={
                "verbose_name": "委員等の兼職",
                "verbose_name_plural": "委員等の兼職",
                "ordering": ["user", "organization", "starts_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "organization", "name"), name="committee_seat_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="committee_seat_has_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="committee_seat_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PanelScenario",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名前")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="メモ")),
                ("weights", models.JSONField(default=dict, verbose_name="重み")),
                ("budget", models.BigIntegerField(blank=True, null=True, verbose_name="予算（円）")),
                ("saved_at", models.DateTimeField(verbose_name="保存日時")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenarios",
                        to="programs.call",
                        verbose_name="募集",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "審査の試算",
                "verbose_name_plural": "審査の試算",
                "ordering": ["call", "saved_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "name"), name="panel_scenario_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("budget__isnull", True), ("budget__gte", 0), _connector="OR"),
                        ),
                        name="panel_scenario_whole",
                    ),
                ],
            },
        ),
    ]

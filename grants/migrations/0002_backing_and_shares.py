"""How far each town's budget is, and by which rule the towns split what is left to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0001_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetBacking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "要求中"),
                            ("assessed", "内示"),
                            ("voted", "議決済"),
                            ("supplement", "補正予定"),
                            ("none", "未措置"),
                        ],
                        max_length=12,
                        verbose_name="予算措置状況",
                    ),
                ),
                ("national", models.BigIntegerField(default=0, verbose_name="国庫支出金（円）")),
                ("metropolitan", models.BigIntegerField(default=0, verbose_name="都支出金（円）")),
                ("bonds", models.BigIntegerField(default=0, verbose_name="地方債（円）")),
                ("other", models.BigIntegerField(default=0, verbose_name="その他の特定財源（円）")),
                ("general", models.BigIntegerField(default=0, verbose_name="一般財源（円）")),
                ("scheduled", models.CharField(blank=True, max_length=60, verbose_name="議決・内示の時期")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="backings",
                        to="grants.member",
                        verbose_name="構成団体",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更新した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "予算措置状況",
                "verbose_name_plural": "予算措置状況",
                "ordering": ["member", "fiscal_year"],
                "constraints": [
                    models.UniqueConstraint(fields=("member", "fiscal_year"), name="budget_backing_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["requested", "assessed", "voted", "supplement", "none"])
                        ),
                        name="budget_backing_known_state",
                        violation_error_message="予算措置状況は決められた値だけです。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bonds__gte", 0),
                            ("general__gte", 0),
                            ("metropolitan__gte", 0),
                            ("national__gte", 0),
                            ("other__gte", 0),
                        ),
                        name="budget_backing_not_negative",
                        violation_error_message="金額は0円以上にしてください。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SharePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("parts", models.JSONField(default=dict, verbose_name="割合（%）")),
                ("unit", models.PositiveIntegerField(default=1, verbose_name="端数処理の単位（円）")),
                ("populations", models.JSONField(default=dict, verbose_name="人口")),
                ("population_on", models.DateField(blank=True, null=True, verbose_name="人口の基準日")),
                ("shares", models.JSONField(default=dict, verbose_name="負担金")),
                ("applied_at", models.DateTimeField(verbose_name="適用日時")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="share_plans",
                        to="grants.application",
                        verbose_name="申請",
                    ),
                ),
                (
                    "applied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="適用した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "負担割合",
                "verbose_name_plural": "負担割合",
                "ordering": ["application", "-applied_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("unit__gte", 1)),
                        name="share_plan_unit",
                        violation_error_message="端数処理の単位は1円以上にしてください。",
                    )
                ],
            },
        ),
    ]

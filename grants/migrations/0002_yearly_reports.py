"""Yearly reports of adopted projects."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grants.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="YearReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=grants.models.base.random_public_id,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="識別子",
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="回")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "作成中"),
                            ("submitted", "提出済"),
                            ("returned", "修正依頼中"),
                            ("taken", "受理"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                ("done", models.TextField(blank=True, verbose_name="この年度に行ったこと")),
                ("reason", models.TextField(blank=True, verbose_name="訂正の理由")),
                ("opened_at", models.DateTimeField(verbose_name="開始日時")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提出日時")),
                ("return_reason", models.TextField(blank=True, verbose_name="修正依頼の理由")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="修正の期限")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="受理日時")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_reports",
                        to="grants.application",
                        verbose_name="申請",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出した人",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受理した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "年次報告",
                "verbose_name_plural": "年次報告",
                "ordering": ["application", "fiscal_year", "number"],
            },
        ),
        migrations.CreateModel(
            name="YearFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="並び順")),
                ("name", models.CharField(max_length=100, verbose_name="指標")),
                ("definition", models.TextField(blank=True, verbose_name="定義と測り方")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="単位")),
                (
                    "planned",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="目標値"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="実績値"
                    ),
                ),
                ("not_measurable", models.CharField(blank=True, max_length=200, verbose_name="測れない理由")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="備考")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="grants.yearreport",
                        verbose_name="報告",
                    ),
                ),
            ],
            options={
                "verbose_name": "年次報告の指標",
                "verbose_name_plural": "年次報告の指標",
                "ordering": ["report", "position"],
            },
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                    models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                    _connector="OR",
                ),
                name="year_report_submitted_paired",
                violation_error_message="日時と行った人は、両方を記録してください。",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                    models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                    _connector="OR",
                ),
                name="year_report_taken_paired",
                violation_error_message="日時と行った人は、両方を記録してください。",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.UniqueConstraint(
                fields=("application", "fiscal_year", "number"), name="year_report_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["draft", "returned", "submitted"])),
                fields=("application", "fiscal_year"),
                name="year_report_one_running",
                violation_error_message="この年度の報告は、すでに作成中です。",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__gt", 1), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="year_report_correction_why",
                violation_error_message="訂正には、理由が必要です。",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "returned"), _negated=True),
                    models.Q(models.Q(("return_reason", ""), _negated=True), ("due_at__isnull", False)),
                    _connector="OR",
                ),
                name="year_report_returned_whole",
                violation_error_message="修正の依頼には、理由と期限が必要です。",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["submitted", "taken"]), _negated=True),
                    ("submitted_at__isnull", False),
                    _connector="OR",
                ),
                name="year_report_handed_in",
                violation_error_message="提出した報告には、提出の日時が必要です。",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "taken"), _negated=True), ("taken_at__isnull", False), _connector="OR"
                ),
                name="year_report_taken_whole",
                violation_error_message="受理した報告には、受理の日時が必要です。",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearfigure",
            constraint=models.UniqueConstraint(fields=("report", "position"), name="year_figure_place_once"),
        ),
        migrations.AddConstraint(
            model_name="yearfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__isnull", True), ("not_measurable", ""), _connector="OR"),
                name="year_figure_value_or_reason",
                violation_error_message="実績値と、測れない理由は、どちらか一方にしてください。",
            ),
        ),
    ]

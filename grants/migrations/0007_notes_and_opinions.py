"""Notes of the bureau for itself, and opinions asked of other units."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grants.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_kept_answer_code"),
        ("grants", "0006_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InternalNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="メモ")),
                ("written_at", models.DateTimeField(verbose_name="記入日時")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="grants.application",
                        verbose_name="申請",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="記入した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "庁内メモ",
                "verbose_name_plural": "庁内メモ",
                "ordering": ["application", "-written_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="internal_note_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionRequest",
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
                ("question", models.TextField(verbose_name="照会の内容")),
                ("sections", models.JSONField(default=list, verbose_name="見せる部分")),
                ("due_at", models.DateTimeField(verbose_name="回答の期限")),
                ("asked_at", models.DateTimeField(verbose_name="照会日時")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="催促日時")),
                ("answer", models.TextField(blank=True, verbose_name="意見")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答日時")),
                ("by_proxy", models.BooleanField(default=False, verbose_name="代理入力")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="回答の文書・方法")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="取下げ日時")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回答した人",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="grants.application",
                        verbose_name="申請",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="照会した人",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="照会先",
                    ),
                ),
                (
                    "reminded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="催促した人",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants.snapshot",
                        verbose_name="照会した版",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取り下げた人",
                    ),
                ),
            ],
            options={
                "verbose_name": "意見照会",
                "verbose_name_plural": "意見照会",
                "ordering": ["application", "-asked_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reminded_at__isnull", True), ("reminded_by__isnull", True)),
                            models.Q(("reminded_at__isnull", False), ("reminded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="opinion_reminded_paired",
                        violation_error_message="日時と行った人は、両方を記録してください。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="opinion_answered_paired",
                        violation_error_message="日時と行った人は、両方を記録してください。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="opinion_withdrawn_paired",
                        violation_error_message="日時と行った人は、両方を記録してください。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("application", "department"),
                        name="opinion_one_open",
                        violation_error_message="この部署への照会が、まだ終わっていません。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("question", ""), _negated=True), ("due_at__gt", models.F("asked_at"))
                        ),
                        name="opinion_asks_by_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", False), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="opinion_answer_whole",
                        violation_error_message="意見が空です。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by_proxy", True), _negated=True),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="opinion_proxy_names_source",
                        violation_error_message="回答の文書・方法が必要です。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="opinion_ends_once",
                    ),
                ],
            },
        ),
    ]

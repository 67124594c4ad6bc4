"""Plans, measures, sheets, rounds, meetings, indicators, figures and budgets.

Every table with its constraints in one step; it stands for the steps in `replaces`, which came to the same.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.first_migration
import indicators.models.round


class Migration(migrations.Migration):
    replaces = [
        ("indicators", "0001_plans_and_indicators"),
        ("indicators", "0002_progress_sheets"),
        ("indicators", "0003_rounds"),
        ("indicators", "0004_meetings"),
        ("indicators", "0005_figures"),
        ("indicators", "0006_budgets"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("programs", "0001_initial"),
    ]

    operations = [
        core.first_migration.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Plan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=60, unique=True, verbose_name="識別名")),
                        ("title", models.CharField(max_length=200, verbose_name="計画名")),
                        ("goal", models.TextField(blank=True, verbose_name="計画の目標")),
                        (
                            "starts",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="開始年度"),
                        ),
                        ("ends", models.PositiveIntegerField(blank=True, null=True, verbose_name="終了年度")),
                        (
                            "publication",
                            models.CharField(
                                choices=[("draft", "下書き"), ("published", "公開")],
                                default="draft",
                                max_length=20,
                                verbose_name="公開の状態",
                            ),
                        ),
                        ("scale", models.JSONField(blank=True, default=dict, verbose_name="判定の物差し")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="accounts.organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "計画",
                        "verbose_name_plural": "計画",
                        "ordering": ["organization__code", "slug"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("starts__isnull", True),
                                    ("ends__isnull", True),
                                    ("ends__gte", models.F("starts")),
                                    _connector="OR",
                                ),
                                name="plan_period",
                                violation_error_message="終了年度は開始年度以後にしてください。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Direction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                        ("label", models.CharField(max_length=10, verbose_name="表記")),
                        ("title", models.CharField(max_length=120, verbose_name="名称")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="directions",
                                to="indicators.plan",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["plan", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "number"), name="direction_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Indicator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=60, verbose_name="識別名")),
                        ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                        ("name", models.CharField(max_length=120, verbose_name="指標名")),
                        (
                            "printed_name",
                            models.CharField(blank=True, max_length=120, verbose_name="資料の表記"),
                        ),
                        ("unit", models.CharField(max_length=20, verbose_name="単位")),
                        (
                            "sign_note",
                            models.CharField(blank=True, max_length=120, verbose_name="符号の決まり"),
                        ),
                        (
                            "statistic",
                            models.CharField(blank=True, max_length=120, verbose_name="出典の統計"),
                        ),
                        (
                            "next_update_text",
                            models.CharField(blank=True, max_length=60, verbose_name="次回数値更新（予定）"),
                        ),
                        ("baseline_text", models.CharField(max_length=120, verbose_name="現状値の表記")),
                        (
                            "baseline_value",
                            models.DecimalField(decimal_places=4, max_digits=20, verbose_name="現状値"),
                        ),
                        ("baseline_start", models.PositiveIntegerField(verbose_name="現状値の期間（始）")),
                        ("baseline_end", models.PositiveIntegerField(verbose_name="現状値の期間（終）")),
                        (
                            "baseline_extra",
                            models.JSONField(blank=True, default=dict, verbose_name="現状値の補足"),
                        ),
                        (
                            "target_text",
                            models.CharField(blank=True, max_length=120, verbose_name="目標の表記"),
                        ),
                        (
                            "target_kind",
                            models.CharField(
                                choices=[
                                    ("threshold", "数値との比較"),
                                    ("compare", "他の指標との比較"),
                                    ("direction", "方向"),
                                ],
                                max_length=12,
                                verbose_name="目標の種類",
                            ),
                        ),
                        (
                            "target_operator",
                            models.CharField(
                                choices=[(">=", "以上"), (">", "超"), ("<=", "以下"), ("<", "未満")],
                                max_length=2,
                                verbose_name="比較",
                            ),
                        ),
                        (
                            "target_value",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="目標値"
                            ),
                        ),
                        (
                            "target_reference",
                            models.CharField(
                                blank=True,
                                choices=[("zero", "0（流入と流出が等しい）"), ("baseline", "現状値")],
                                max_length=10,
                                verbose_name="方向の基準",
                            ),
                        ),
                        ("target_start", models.PositiveIntegerField(verbose_name="目標の期間（始）")),
                        ("target_end", models.PositiveIntegerField(verbose_name="目標の期間（終）")),
                        ("notes", models.TextField(blank=True, verbose_name="備考")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        (
                            "direction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="indicators",
                                to="indicators.direction",
                            ),
                        ),
                        (
                            "target_other",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="compared_by",
                                to="indicators.indicator",
                                verbose_name="比べる指標",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="indicators",
                                to="indicators.plan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "成果指標",
                        "verbose_name_plural": "成果指標",
                        "ordering": ["plan", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "slug"), name="indicator_slug"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("baseline_end__gte", models.F("baseline_start")),
                                    ("target_end__gte", models.F("target_start")),
                                ),
                                name="indicator_periods",
                                violation_error_message="期間の終わりは始まり以後にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("target_kind", "threshold"), _negated=True),
                                    ("target_value__isnull", False),
                                    _connector="OR",
                                ),
                                name="indicator_threshold_has_value",
                                violation_error_message="数値との比較には目標値が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("target_kind", "direction"), _negated=True),
                                    models.Q(("target_reference", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="indicator_direction_has_reference",
                                violation_error_message="方向の目標には基準（0または現状値）が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Observation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("period_start", models.PositiveIntegerField(verbose_name="期間（始）")),
                        ("period_end", models.PositiveIntegerField(verbose_name="期間（終）")),
                        (
                            "value",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="値"
                            ),
                        ),
                        (
                            "not_measurable_reason",
                            models.TextField(blank=True, verbose_name="測定できない理由"),
                        ),
                        (
                            "source_text",
                            models.CharField(blank=True, max_length=200, verbose_name="値の出典"),
                        ),
                        (
                            "missed_text",
                            models.TextField(blank=True, verbose_name="目標に届かなかった要因と今後の対応"),
                        ),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="observations",
                                to="indicators.indicator",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "観測値",
                        "verbose_name_plural": "観測値",
                        "ordering": ["indicator", "period_start", "period_end"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("period_end__gte", models.F("period_start"))),
                                name="observation_period_order",
                                violation_error_message="期間の終わりは始まり以後にしてください。",
                            ),
                            models.UniqueConstraint(
                                fields=("indicator", "period_start", "period_end"), name="observation_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("value__isnull", False), ("not_measurable_reason", "")),
                                    models.Q(
                                        ("value__isnull", True),
                                        models.Q(("not_measurable_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="observation_value_or_reason",
                                violation_error_message="値か、測定できない理由のどちらか一方を入れてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ObservationCorrection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "before",
                            models.DecimalField(
                                decimal_places=4, max_digits=20, null=True, verbose_name="前の値"
                            ),
                        ),
                        (
                            "before_reason",
                            models.TextField(blank=True, verbose_name="前の、測定できない理由"),
                        ),
                        (
                            "after",
                            models.DecimalField(
                                decimal_places=4, max_digits=20, null=True, verbose_name="後の値"
                            ),
                        ),
                        ("after_reason", models.TextField(blank=True, verbose_name="後の、測定できない理由")),
                        ("reason", models.TextField(verbose_name="訂正の理由")),
                        ("corrected_at", models.DateTimeField(verbose_name="訂正日時")),
                        (
                            "corrected_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="訂正した人",
                            ),
                        ),
                        (
                            "observation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="indicators.observation",
                                verbose_name="観測値",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "観測値の訂正",
                        "verbose_name_plural": "観測値の訂正",
                        "ordering": ["observation", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="observation_correction_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("before__isnull", False), ("before_reason", "")),
                                    models.Q(
                                        ("before__isnull", True),
                                        models.Q(("before_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="observation_correction_before",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("after__isnull", False), ("after_reason", "")),
                                    models.Q(
                                        ("after__isnull", True), models.Q(("after_reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="observation_correction_after",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedCell",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200, verbose_name="欄")),
                        ("text", models.TextField(blank=True, verbose_name="資料の文")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="imported_cells",
                                to="indicators.plan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "取り込んだ欄",
                        "verbose_name_plural": "取り込んだ欄",
                        "ordering": ["plan", "key"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "key"), name="imported_cell_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BudgetMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("columns", models.JSONField(default=dict, verbose_name="列の対応")),
                        ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                        (
                            "plan",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="budget_mapping",
                                to="indicators.plan",
                                verbose_name="計画",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "予算・決算カルテの列の対応",
                        "verbose_name_plural": "予算・決算カルテの列の対応",
                    },
                ),
                migrations.CreateModel(
                    name="PlanEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("chain_key", models.CharField(max_length=100, verbose_name="案件")),
                        ("sequence", models.PositiveIntegerField(verbose_name="順番")),
                        ("at", models.DateTimeField(verbose_name="記録日時")),
                        ("actor_name", models.CharField(max_length=200, verbose_name="行った人")),
                        ("actor_user_id", models.BigIntegerField(null=True, verbose_name="利用者番号")),
                        ("actor_membership_id", models.BigIntegerField(null=True, verbose_name="配属番号")),
                        (
                            "organization_name",
                            models.CharField(blank=True, max_length=200, verbose_name="団体"),
                        ),
                        (
                            "department_name",
                            models.CharField(blank=True, max_length=200, verbose_name="部署"),
                        ),
                        ("role", models.CharField(blank=True, max_length=200, verbose_name="役割")),
                        ("action", models.CharField(max_length=60, verbose_name="操作")),
                        ("from_state", models.CharField(blank=True, max_length=40, verbose_name="前の状態")),
                        ("to_state", models.CharField(blank=True, max_length=40, verbose_name="後の状態")),
                        ("effective_on", models.DateField(null=True, verbose_name="効力の生じる日")),
                        ("comment", models.TextField(blank=True, verbose_name="理由・コメント")),
                        ("payload", models.JSONField(default=dict, verbose_name="内容")),
                        ("previous_hash", models.CharField(max_length=64, verbose_name="前の記録のハッシュ")),
                        ("hash", models.CharField(max_length=64, verbose_name="ハッシュ")),
                        (
                            "plan",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="indicators.plan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "計画の記録",
                        "verbose_name_plural": "計画の記録",
                        "ordering": ["chain_key", "sequence"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chain_key", "sequence"), name="indicators_planevent_chain"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Policy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                        ("title", models.CharField(max_length=120, verbose_name="名称")),
                        (
                            "direction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="policies",
                                to="indicators.direction",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["direction", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("direction", "number"), name="policy_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgressRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fiscal_year", models.PositiveIntegerField(verbose_name="年度")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("start", "期首"), ("mid", "中間"), ("end", "期末")],
                                max_length=10,
                                verbose_name="区分",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "準備中"),
                                    ("open", "照会中"),
                                    ("closed", "受付終了"),
                                    ("deliberation", "会議・審議中"),
                                    ("published", "公表済"),
                                ],
                                max_length=20,
                                verbose_name="状態",
                            ),
                        ),
                        (
                            "open_cells",
                            models.JSONField(
                                validators=[indicators.models.round.validate_open_cells],
                                verbose_name="記入する欄",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="回答の期限")),
                        ("note", models.TextField(blank=True, verbose_name="担当課への説明")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="始めた日時")),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="公表した日時"),
                        ),
                        ("is_fictional", models.BooleanField(default=False, verbose_name="架空")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rounds",
                                to="indicators.plan",
                                verbose_name="計画",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "照会",
                        "verbose_name_plural": "照会",
                        "ordering": ["-fiscal_year", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan", "fiscal_year", "kind"), name="round_once_a_year"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "planned"), ("opened_at__isnull", False), _connector="OR"
                                ),
                                name="round_opened_has_instant",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at__isnull", False), ("status", "published")),
                                    models.Q(
                                        models.Q(("status", "published"), _negated=True),
                                        ("published_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="round_published_has_instant",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Meeting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("hearing", "ヒアリング"),
                                    ("steering", "庁内推進会議"),
                                    ("panel", "推進委員会・審議会"),
                                ],
                                max_length=10,
                                verbose_name="会議の種類",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="会議名")),
                        ("held_on", models.DateField(verbose_name="開催日")),
                        ("summary", models.TextField(blank=True, verbose_name="議事の要旨")),
                        ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="記録した人",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
                                to="indicators.progressround",
                                verbose_name="照会",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "会議",
                        "verbose_name_plural": "会議",
                        "ordering": ["round", "held_on", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("round", "kind", "title", "held_on"), name="meeting_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Theme",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, verbose_name="識別名")),
                        ("label", models.CharField(max_length=60, verbose_name="名称")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="並び順")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="themes",
                                to="indicators.plan",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["plan", "position"],
                        "constraints": [models.UniqueConstraint(fields=("plan", "code"), name="theme_code")],
                    },
                ),
                migrations.CreateModel(
                    name="Measure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=10, verbose_name="番号")),
                        ("printed_number", models.CharField(max_length=10, verbose_name="様式の番号")),
                        ("branch", models.CharField(blank=True, max_length=10, verbose_name="枝番")),
                        ("position", models.PositiveSmallIntegerField(verbose_name="並び順")),
                        ("title", models.CharField(max_length=160, verbose_name="施策名")),
                        (
                            "outlook",
                            models.CharField(
                                choices=[
                                    ("expand", "拡充"),
                                    ("continue", "継続"),
                                    ("new", "新規"),
                                    ("shrink", "縮小"),
                                    ("merge", "統合"),
                                    ("complete", "完了"),
                                ],
                                max_length=12,
                                verbose_name="展望",
                            ),
                        ),
                        ("lead_department", models.CharField(max_length=120, verbose_name="主管課")),
                        (
                            "related_departments",
                            models.JSONField(blank=True, default=list, verbose_name="関連課等"),
                        ),
                        (
                            "departments_text",
                            models.CharField(blank=True, max_length=300, verbose_name="課名等の表記"),
                        ),
                        ("and_others", models.BooleanField(default=False, verbose_name="「など」を含む")),
                        (
                            "series_mark",
                            models.CharField(blank=True, max_length=10, verbose_name="シリーズの印"),
                        ),
                        (
                            "index_text",
                            models.CharField(blank=True, max_length=300, verbose_name="索引の表記"),
                        ),
                        ("summary", models.TextField(blank=True, verbose_name="事業概要の要約")),
                        ("overview", models.TextField(blank=True, verbose_name="事業概要")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "programs",
                            models.ManyToManyField(
                                blank=True,
                                related_name="measures",
                                to="programs.program",
                                verbose_name="支援制度",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="measures",
                                to="indicators.plan",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="measures",
                                to="indicators.policy",
                            ),
                        ),
                        (
                            "themes",
                            models.ManyToManyField(
                                blank=True,
                                related_name="measures",
                                to="indicators.theme",
                                verbose_name="重点テーマ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "施策",
                        "verbose_name_plural": "施策",
                        "ordering": ["plan", "position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "number"), name="measure_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActivityIndicator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="活動指標")),
                        ("unit", models.CharField(max_length=20, verbose_name="単位")),
                        ("is_fictional", models.BooleanField(default=False, verbose_name="架空")),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="activities",
                                to="indicators.measure",
                                verbose_name="施策",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "活動指標",
                        "verbose_name_plural": "活動指標",
                        "ordering": ["measure", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("measure", "name"), name="activity_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Opinion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(verbose_name="意見")),
                        ("answer", models.TextField(blank=True, verbose_name="回答")),
                        ("received_at", models.DateTimeField(verbose_name="記録日時")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答日時")),
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
                            "measure",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="indicators.measure",
                                verbose_name="個票",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="indicators.meeting",
                                verbose_name="会議",
                            ),
                        ),
                        (
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="記録した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "意見",
                        "verbose_name_plural": "意見",
                        "ordering": ["meeting", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="opinion_answer_has_instant",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "記入中"),
                                    ("disclaimed", "担当の確認中"),
                                    ("proposed", "承認待ち"),
                                    ("submitted", "提出済"),
                                    ("returned", "差戻し"),
                                    ("confirmed", "確認済"),
                                    ("exempt", "報告なし"),
                                    ("published", "公表済"),
                                ],
                                max_length=20,
                                verbose_name="状態",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="いまの状態の理由")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("moved_at", models.DateTimeField(verbose_name="いまの状態になった日時")),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="担当者",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="担当課",
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="indicators.measure",
                                verbose_name="施策",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="indicators.progressround",
                                verbose_name="照会",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "個票の記入",
                        "verbose_name_plural": "個票の記入",
                        "ordering": ["round", "measure__position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "measure"), name="sheet_task_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetCell",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fiscal_year", models.PositiveIntegerField(verbose_name="年度")),
                        ("name", models.CharField(max_length=40, verbose_name="欄")),
                        ("value", models.TextField(blank=True, verbose_name="内容")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                        ("is_proxy", models.BooleanField(default=False, verbose_name="代理の記入")),
                        (
                            "edited_by_secretariat",
                            models.BooleanField(default=False, verbose_name="事務局の手直し"),
                        ),
                        ("section_value", models.TextField(blank=True, verbose_name="手直しの前の内容")),
                        (
                            "updated_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="更新した人",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cells",
                                to="indicators.sheettask",
                                verbose_name="個票の記入",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "記入した欄",
                        "verbose_name_plural": "記入した欄",
                        "ordering": ["task", "fiscal_year", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("task", "fiscal_year", "name"), name="sheet_cell_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetCellVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="版")),
                        ("value", models.TextField(blank=True, verbose_name="内容")),
                        ("saved_at", models.DateTimeField(verbose_name="保存日時")),
                        (
                            "department_name",
                            models.CharField(blank=True, max_length=200, verbose_name="部署"),
                        ),
                        ("is_proxy", models.BooleanField(default=False, verbose_name="代理の記入")),
                        (
                            "edited_by_secretariat",
                            models.BooleanField(default=False, verbose_name="事務局の手直し"),
                        ),
                        (
                            "cell",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="indicators.sheetcell",
                                verbose_name="欄",
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
                        "verbose_name": "欄の版",
                        "verbose_name_plural": "欄の版",
                        "ordering": ["cell", "version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("cell", "version"), name="sheet_cell_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("cells", models.JSONField(verbose_name="欄と理由")),
                        ("due_at", models.DateTimeField(verbose_name="直す期限")),
                        ("returned_at", models.DateTimeField(verbose_name="差し戻した日時")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="直した日時")),
                        (
                            "returned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="差し戻した人",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="indicators.sheettask",
                                verbose_name="個票の記入",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "差戻し",
                        "verbose_name_plural": "差戻し",
                        "ordering": ["task", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("task",),
                                name="sheet_return_one_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetCorrection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fiscal_year", models.PositiveIntegerField(verbose_name="年度")),
                        ("name", models.CharField(max_length=40, verbose_name="欄")),
                        ("before", models.TextField(blank=True, verbose_name="前の内容")),
                        ("after", models.TextField(blank=True, verbose_name="後の内容")),
                        ("reason", models.TextField(verbose_name="理由")),
                        ("corrected_at", models.DateTimeField(verbose_name="訂正日時")),
                        (
                            "corrected_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="訂正した人",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="indicators.sheettask",
                                verbose_name="個票の記入",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "公表後の訂正",
                        "verbose_name_plural": "公表後の訂正",
                        "ordering": ["task", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("before", models.F("after")), _negated=True),
                                name="sheet_correction_changes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="sheet_correction_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fiscal_year", models.PositiveIntegerField(verbose_name="年度")),
                        ("content", models.TextField(blank=True, verbose_name="事業内容")),
                        ("goal", models.TextField(blank=True, verbose_name="目標・注力する所・変更箇所")),
                        ("result", models.TextField(blank=True, verbose_name="実施結果")),
                        ("issues", models.TextField(blank=True, verbose_name="次年度以降の課題")),
                        ("content_summary", models.TextField(blank=True, verbose_name="事業内容の要約")),
                        ("goal_summary", models.TextField(blank=True, verbose_name="目標の要約")),
                        (
                            "goal_status",
                            models.CharField(
                                choices=[
                                    ("set", "目標あり"),
                                    ("not_set", "目標設定なし（検討段階）"),
                                    ("blank", "まだ書かれていません"),
                                ],
                                default="blank",
                                max_length=10,
                                verbose_name="目標の設定",
                            ),
                        ),
                        ("result_summary", models.TextField(blank=True, verbose_name="実施結果の要約")),
                        (
                            "issues_summary",
                            models.TextField(blank=True, verbose_name="次年度以降の課題の要約"),
                        ),
                        (
                            "compared",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("better", "良かった"),
                                    ("same", "変わらない"),
                                    ("worse", "悪かった"),
                                ],
                                max_length=10,
                                verbose_name="前の年度と比べて",
                            ),
                        ),
                        (
                            "toward",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("nearer", "近づいた"),
                                    ("same", "変わらない"),
                                    ("farther", "離れた"),
                                    ("unknown", "判断できない"),
                                ],
                                max_length=10,
                                verbose_name="方向性・目標に",
                            ),
                        ),
                        (
                            "budget_yen",
                            models.BigIntegerField(blank=True, null=True, verbose_name="予算額（円）"),
                        ),
                        (
                            "settled_yen",
                            models.BigIntegerField(blank=True, null=True, verbose_name="決算額（円）"),
                        ),
                        ("refers_reason", models.TextField(blank=True, verbose_name="再掲の理由")),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="years",
                                to="indicators.measure",
                            ),
                        ),
                        (
                            "refers_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referred_by",
                                to="indicators.measure",
                                verbose_name="再掲元",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "年度の個票",
                        "verbose_name_plural": "年度の個票",
                        "ordering": ["measure", "fiscal_year"],
                        "constraints": [
                            models.UniqueConstraint(fields=("measure", "fiscal_year"), name="sheet_year"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("refers_to__isnull", True),
                                    models.Q(("refers_to", models.F("measure")), _negated=True),
                                    _connector="OR",
                                ),
                                name="sheet_year_refers_elsewhere",
                                violation_error_message="再掲元に自分自身は選べません。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UpdateChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("before", models.CharField(blank=True, max_length=60, verbose_name="前の予定")),
                        ("after", models.CharField(blank=True, max_length=60, verbose_name="後の予定")),
                        ("is_slip", models.BooleanField(verbose_name="遅れ")),
                        ("reason", models.TextField(blank=True, verbose_name="理由")),
                        ("changed_at", models.DateTimeField(verbose_name="記録日時")),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="記録した人",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="update_changes",
                                to="indicators.indicator",
                                verbose_name="成果指標",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "次回数値更新の変更",
                        "verbose_name_plural": "次回数値更新の変更",
                        "ordering": ["indicator", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("before", models.F("after")), _negated=True),
                                name="update_change_changes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_slip", False),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="update_slip_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActivityYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fiscal_year", models.PositiveIntegerField(verbose_name="年度")),
                        (
                            "planned",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="予定"
                            ),
                        ),
                        (
                            "done",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="実績"
                            ),
                        ),
                        (
                            "not_counted_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="数えていない理由"),
                        ),
                        (
                            "activity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="years",
                                to="indicators.activityindicator",
                                verbose_name="活動指標",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "活動指標の年度",
                        "verbose_name_plural": "活動指標の年度",
                        "ordering": ["activity", "fiscal_year"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("activity", "fiscal_year"), name="activity_year_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("done__isnull", True), ("not_counted_reason", ""), _connector="OR"
                                ),
                                name="activity_done_or_reason",
                                violation_error_message="実績か、数えていない理由のどちらか一方を入れてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IndicatorDefinition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="定義の版")),
                        ("starts", models.PositiveIntegerField(verbose_name="この年の値から")),
                        ("text", models.TextField(verbose_name="新しい定義")),
                        (
                            "statistic",
                            models.CharField(blank=True, max_length=120, verbose_name="出典の統計"),
                        ),
                        ("reason", models.TextField(verbose_name="変えた理由")),
                        ("is_comparable", models.BooleanField(verbose_name="前の定義の値と比べられる")),
                        ("decided_at", models.DateTimeField(verbose_name="記録日時")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="記録した人",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="definitions",
                                to="indicators.indicator",
                                verbose_name="成果指標",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "指標の定義の版",
                        "verbose_name_plural": "指標の定義の版",
                        "ordering": ["indicator", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("indicator", "number"), name="definition_number_once"
                            ),
                            models.UniqueConstraint(
                                fields=("indicator", "starts"), name="definition_starts_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 2)), name="definition_after_the_first"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("text", ""), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                name="definition_says_why",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]

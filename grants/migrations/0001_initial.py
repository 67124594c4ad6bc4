"""Applications with members, budgets, documents, reviews, decisions, letters, lines and supports.

Every table with its constraints in one step; it stands for the steps in `replaces`, which came to the same.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.organization
import core.first_migration
import grants.models.base
import grants.models.document


class Migration(migrations.Migration):
    replaces = [
        ("grants", "0001_applications"),
        ("grants", "0002_backing_and_shares"),
        ("grants", "0003_routing_questions_scanning"),
        ("grants", "0004_form_versions"),
        ("grants", "0005_project_indicators"),
        ("grants", "0006_saved_views"),
        ("grants", "0007_notes_and_opinions"),
        ("grants", "0008_issued_letters"),
        ("grants", "0009_export_layouts"),
        ("grants", "0010_panels"),
        ("grants", "0011_redactions"),
        ("grants", "0012_lines"),
        ("grants", "0013_supports"),
        ("grants", "0014_forms_of_calls"),
        ("grants", "0015_shortenings"),
        ("grants", "0016_waivers"),
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
                    name="FormTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(verbose_name="版")),
                        (
                            "file_version",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="ファイルでの版"
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="様式名")),
                        ("sections", models.JSONField(default=list, verbose_name="部分")),
                        ("cost_items", models.JSONField(default=list, verbose_name="費目（節）")),
                        ("documents", models.JSONField(default=list, verbose_name="添付書類")),
                        ("criteria", models.JSONField(default=list, verbose_name="審査の観点")),
                        (
                            "binding_sections",
                            models.JSONField(default=list, verbose_name="同意の対象となる部分"),
                        ),
                        ("eligibility", models.JSONField(default=dict, verbose_name="要件")),
                        ("indicators", models.JSONField(blank=True, default=dict, verbose_name="成果指標")),
                        ("defaults", models.JSONField(default=list, verbose_name="資料にない点の扱い")),
                        ("lines", models.JSONField(blank=True, default=list, verbose_name="取組")),
                        (
                            "visits",
                            models.JSONField(blank=True, default=dict, verbose_name="訪問・視察・支援"),
                        ),
                        (
                            "waivable",
                            models.JSONField(blank=True, default=list, verbose_name="免除できる点検"),
                        ),
                        (
                            "requires_precheck",
                            models.BooleanField(default=False, verbose_name="案の事前確認を求める"),
                        ),
                        (
                            "demanded",
                            models.BooleanField(default=False, verbose_name="作成中の申請にもこの版を求める"),
                        ),
                        (
                            "rate_numerator",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="補助率（分子）"
                            ),
                        ),
                        (
                            "rate_denominator",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="補助率（分母）"
                            ),
                        ),
                        (
                            "first_year_cap",
                            models.BigIntegerField(blank=True, null=True, verbose_name="初年度の上限（円）"),
                        ),
                        (
                            "later_year_cap",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="2年度目からの上限（円）"
                            ),
                        ),
                        (
                            "project_cap",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="事業期間全体の上限（円）"
                            ),
                        ),
                        (
                            "cap_reading",
                            models.CharField(
                                choices=[
                                    ("per_year", "年度ごとの上限"),
                                    ("whole_project", "事業期間全体の上限"),
                                ],
                                max_length=20,
                                verbose_name="上限の読み方",
                            ),
                        ),
                        (
                            "other_subsidy",
                            models.CharField(
                                choices=[
                                    ("deduct", "収入として差し引く"),
                                    ("exclude", "その分の経費を対象から除く"),
                                ],
                                max_length=10,
                                verbose_name="他の補助金の扱い",
                            ),
                        ),
                        ("max_years", models.PositiveSmallIntegerField(verbose_name="最長の年数")),
                        (
                            "call",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="own_forms",
                                to="programs.call",
                                verbose_name="募集",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="form_templates",
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "様式",
                        "verbose_name_plural": "様式",
                        "ordering": ["program", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("program", "version"), name="form_template_natural_key"
                            ),
                            models.UniqueConstraint(
                                fields=("program", "file_version"), name="form_template_file_key"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("rate_denominator__gte", 1),
                                    ("rate_numerator__lte", models.F("rate_denominator")),
                                ),
                                name="form_template_rate",
                                violation_error_message="補助率は0から1までの分数にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("first_year_cap__gte", 0),
                                    ("later_year_cap__gte", 0),
                                    ("max_years__gte", 1),
                                    ("project_cap__gte", 0),
                                ),
                                name="form_template_caps",
                                violation_error_message="上限は0円以上、年数は1以上にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Application",
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
                                verbose_name="申請の識別子",
                            ),
                        ),
                        (
                            "receipt_number",
                            models.CharField(
                                blank=True, max_length=40, null=True, unique=True, verbose_name="受付番号"
                            ),
                        ),
                        ("ordinal", models.PositiveSmallIntegerField(default=1, verbose_name="募集内の番号")),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="対象年度")),
                        ("title", models.CharField(blank=True, max_length=200, verbose_name="事業名")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "作成中"),
                                    ("discarded", "破棄"),
                                    ("expired", "期限切れ"),
                                    ("submitted", "受付済"),
                                    ("under_review", "審査中"),
                                    ("returned", "修正依頼中"),
                                    ("deciding", "決定待ち"),
                                    ("reserve", "補欠"),
                                    ("adopted", "採択"),
                                    ("rejected", "不採択"),
                                    ("withdrawn", "取下げ"),
                                    ("discontinued", "廃止"),
                                    ("completed", "完了"),
                                ],
                                default="draft",
                                max_length=20,
                                verbose_name="状態",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("content_version", models.PositiveIntegerField(default=1, verbose_name="内容の版")),
                        (
                            "indicators_version",
                            models.PositiveIntegerField(default=1, verbose_name="成果指標の版"),
                        ),
                        (
                            "submitted_content_version",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="提出した内容の版"
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="開始日時")),
                        (
                            "submitted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="提出日時"),
                        ),
                        (
                            "requested_amount",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="申請額（初年度・円）"
                            ),
                        ),
                        (
                            "requested_total",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="申請額（全期間・円）"
                            ),
                        ),
                        (
                            "decided_amount",
                            models.BigIntegerField(blank=True, null=True, verbose_name="決定額（円）"),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="決定の記録日時"),
                        ),
                        (
                            "announced_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="公表日時"),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="programs.call",
                                verbose_name="募集",
                            ),
                        ),
                        (
                            "copied_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="copies",
                                to="grants.application",
                                verbose_name="写した元",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="決定した人",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="led_applications",
                                to="accounts.organization",
                                verbose_name="代表市町村",
                            ),
                        ),
                        (
                            "lead_department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="accounts.department",
                                verbose_name="担当部署",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="開始した人",
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
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="grants.formtemplate",
                                verbose_name="様式",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "申請",
                        "verbose_name_plural": "申請",
                        "ordering": ["-started_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["call", "status"], name="application_by_call"),
                            models.Index(fields=["lead", "status"], name="application_by_lead"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                                    models.Q(
                                        ("submitted_at__isnull", False), ("submitted_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="application_submitted_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="application_decided_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "adopted",
                                            "completed",
                                            "deciding",
                                            "discontinued",
                                            "draft",
                                            "expired",
                                            "rejected",
                                            "reserve",
                                            "returned",
                                            "submitted",
                                            "under_review",
                                        ],
                                    )
                                ),
                                fields=("call", "lead", "ordinal"),
                                name="application_one_live_per_place",
                                violation_error_message="この募集への申請はすでに始まっています。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "draft",
                                            "discarded",
                                            "expired",
                                            "submitted",
                                            "under_review",
                                            "returned",
                                            "deciding",
                                            "reserve",
                                            "adopted",
                                            "rejected",
                                            "withdrawn",
                                            "discontinued",
                                            "completed",
                                        ],
                                    )
                                ),
                                name="application_known_status",
                                violation_error_message="状態は決められた値だけです。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "status__in",
                                            [
                                                "adopted",
                                                "completed",
                                                "deciding",
                                                "discontinued",
                                                "rejected",
                                                "reserve",
                                                "returned",
                                                "submitted",
                                                "under_review",
                                                "withdrawn",
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("receipt_number__isnull", False),
                                        ("requested_amount__isnull", False),
                                        ("requested_total__isnull", False),
                                        ("submitted_at__isnull", False),
                                        ("submitted_content_version__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_received_whole",
                                violation_error_message="受け付けた申請には、受付番号・提出日時・申請額が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("submitted_at__isnull", True), _negated=True),
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("receipt_number__isnull", True),
                                        ("requested_amount__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_unsubmitted_bare",
                                violation_error_message="提出していない申請に、受付番号・申請額・決定はありません。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "status__in",
                                            ["adopted", "completed", "discontinued", "rejected", "reserve"],
                                        ),
                                        _negated=True,
                                    ),
                                    ("decided_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="application_decided_whole",
                                violation_error_message="決定した申請には、決定の日時が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["adopted", "completed", "discontinued"]),
                                        _negated=True,
                                    ),
                                    ("decided_amount__isnull", False),
                                    _connector="OR",
                                ),
                                name="application_funded_amount",
                                violation_error_message="採択した申請には、決定額が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_amount__isnull", True),
                                        ("decided_amount__lte", models.F("requested_amount")),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("requested_amount__isnull", True),
                                        models.Q(
                                            ("requested_amount__gte", 0),
                                            ("requested_total__gte", models.F("requested_amount")),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("decided_amount__isnull", True),
                                        ("decided_amount__gte", 0),
                                        _connector="OR",
                                    ),
                                ),
                                name="application_amounts_in_order",
                                violation_error_message="決定額は申請額以下、金額は0円以上にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inquiry",
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
                        ("text", models.TextField(verbose_name="質問")),
                        (
                            "wants_private",
                            models.BooleanField(default=False, verbose_name="自団体の申請だけに関わる"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("asked", "回答待ち"),
                                    ("published", "公開で回答"),
                                    ("replied", "個別に回答"),
                                    ("withdrawn", "取下げ"),
                                ],
                                max_length=20,
                                verbose_name="状態",
                            ),
                        ),
                        (
                            "number",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="公開の番号"),
                        ),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("asked_at", models.DateTimeField(verbose_name="質問した日時")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="質問した人",
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organization",
                                verbose_name="質問した団体",
                            ),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inquiries",
                                to="programs.call",
                                verbose_name="募集",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="質問した部署",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "質問",
                        "verbose_name_plural": "質問",
                        "ordering": ["call", "asked_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("call", "number"), name="inquiry_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["asked", "published", "replied", "withdrawn"])
                                ),
                                name="inquiry_known_status",
                                violation_error_message="状態は決められた値だけです。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "published"), _negated=True),
                                    ("number__isnull", False),
                                    _connector="OR",
                                ),
                                name="inquiry_published_is_numbered",
                                violation_error_message="公開した回答には番号が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InquiryAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="版")),
                        ("is_public", models.BooleanField(verbose_name="公開")),
                        ("question", models.TextField(verbose_name="質問（都の言葉）")),
                        ("answer", models.TextField(verbose_name="回答")),
                        ("reason", models.TextField(blank=True, verbose_name="訂正の理由")),
                        ("answered_at", models.DateTimeField(verbose_name="回答した日時")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="回答した人",
                            ),
                        ),
                        (
                            "inquiry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="grants.inquiry",
                                verbose_name="質問",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "回答",
                        "verbose_name_plural": "回答",
                        "ordering": ["inquiry", "version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("inquiry", "version"), name="inquiry_answer_once")
                        ],
                    },
                ),
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
                                condition=models.Q(("text", ""), _negated=True),
                                name="internal_note_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LineRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("line", models.CharField(max_length=10, verbose_name="取組")),
                        ("amount", models.BigIntegerField(verbose_name="申請額（円）")),
                        ("outline", models.TextField(blank=True, verbose_name="取組の内容")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="line_requests",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "申請する取組",
                        "verbose_name_plural": "申請する取組",
                        "ordering": ["application", "line"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("application", "line"), name="grants_line_request_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)),
                                name="grants_line_request_not_negative",
                                violation_error_message="申請額は0円以上にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Member",
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
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("lead", "代表市町村"),
                                    ("partner", "連携する市町村"),
                                    ("diverse_actor", "多様な主体"),
                                ],
                                max_length=20,
                                verbose_name="立場",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        (
                            "actor_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("company", "企業"),
                                    ("university", "大学・学校"),
                                    ("npo", "NPO・市民団体"),
                                    ("chamber", "商工会・商工会議所"),
                                    ("tourism", "観光協会"),
                                    ("welfare", "社会福祉協議会"),
                                    ("finance", "金融機関"),
                                    ("other", "その他"),
                                ],
                                max_length=20,
                                verbose_name="主体の種類",
                            ),
                        ),
                        (
                            "corporate_number",
                            models.CharField(
                                blank=True,
                                max_length=13,
                                validators=[accounts.models.organization.validate_corporate_number],
                                verbose_name="法人番号",
                            ),
                        ),
                        ("is_group", models.BooleanField(default=False, verbose_name="複数をまとめた記載")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="連絡先")),
                        ("position", models.PositiveSmallIntegerField(verbose_name="並び順")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "参加"),
                                    ("declined", "辞退"),
                                    ("leaving", "離脱の申出"),
                                    ("removed", "除外"),
                                ],
                                default="active",
                                max_length=20,
                                verbose_name="参加の状態",
                            ),
                        ),
                        (
                            "budget_version",
                            models.PositiveIntegerField(default=1, verbose_name="収支計画の版"),
                        ),
                        ("invited_at", models.DateTimeField(verbose_name="招待日時")),
                        (
                            "invitation_digest",
                            models.CharField(
                                blank=True, max_length=64, null=True, unique=True, verbose_name="招待の照合値"
                            ),
                        ),
                        (
                            "invitation_expires_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="招待の期限"),
                        ),
                        (
                            "invitation_used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="招待が使われた日時"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時"),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="理由")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="終わりにした人",
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="招待した人",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grant_memberships",
                                to="accounts.organization",
                                verbose_name="団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "構成団体",
                        "verbose_name_plural": "構成団体",
                        "ordering": ["application", "position", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_group", True), _negated=True),
                                    models.Q(
                                        ("corporate_number", ""),
                                        ("organization__isnull", True),
                                        ("role", "diverse_actor"),
                                    ),
                                    _connector="OR",
                                ),
                                name="member_group_has_no_number",
                                violation_error_message="複数をまとめた記載に、法人番号と登録のある団体はありません。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="member_ended_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("role", "lead")),
                                fields=("application",),
                                name="member_one_lead",
                                violation_error_message="代表市町村は一つだけです。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("organization__isnull", False), ("state__in", ["active", "leaving"])
                                ),
                                fields=("application", "organization"),
                                name="member_organization_once",
                                violation_error_message="この団体はすでに構成団体です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("role", "lead"), _negated=True),
                                    models.Q(("organization__isnull", False), ("state", "active")),
                                    _connector="OR",
                                ),
                                name="member_lead_is_active_body",
                                violation_error_message="代表市町村は外せません。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("role", "partner"), _negated=True),
                                    ("organization__isnull", False),
                                    _connector="OR",
                                ),
                                name="member_partner_is_a_body",
                                violation_error_message="連携する市町村には団体が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("role", "diverse_actor"), _negated=True),
                                    models.Q(("actor_kind", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="member_actor_has_kind",
                                violation_error_message="多様な主体には種類が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "active"), ("ended_at__isnull", False), _connector="OR"
                                ),
                                name="member_ended_says_when",
                                violation_error_message="参加の終わりには日時が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Document",
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
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("attachment", "添付書類"),
                                    ("consent", "同意の文書"),
                                    ("certification", "庁内決裁の文書"),
                                    ("letter", "決定通知"),
                                    ("minutes", "議事要旨"),
                                ],
                                max_length=20,
                                verbose_name="用途",
                            ),
                        ),
                        (
                            "requirement",
                            models.CharField(blank=True, max_length=40, verbose_name="求められた書類"),
                        ),
                        (
                            "file",
                            models.FileField(
                                max_length=200,
                                upload_to=grants.models.document.storage_path,
                                verbose_name="ファイル",
                            ),
                        ),
                        ("name", models.CharField(max_length=255, verbose_name="ファイル名")),
                        ("size", models.BigIntegerField(verbose_name="大きさ（バイト）")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("media_type", models.CharField(max_length=100, verbose_name="種類")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("temporary", "一時保存"),
                                    ("attached", "添付済"),
                                    ("removed", "取外し"),
                                ],
                                default="temporary",
                                max_length=12,
                                verbose_name="状態",
                            ),
                        ),
                        ("uploaded_at", models.DateTimeField(verbose_name="受け取った日時")),
                        (
                            "scan_state",
                            models.CharField(
                                choices=[
                                    ("unexamined", "未検査"),
                                    ("pending", "検査中"),
                                    ("clean", "問題なし"),
                                    ("found", "検出"),
                                    ("failed", "検査できず"),
                                ],
                                default="unexamined",
                                max_length=12,
                                verbose_name="検査の状態",
                            ),
                        ),
                        (
                            "scan_words",
                            models.CharField(blank=True, max_length=300, verbose_name="検査の結果"),
                        ),
                        ("scan_attempts", models.PositiveIntegerField(default=0, verbose_name="検査の回数")),
                        (
                            "scanned_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="検査した日時"),
                        ),
                        (
                            "scan_due_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="次に検査する日時"),
                        ),
                        (
                            "removed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="外した日時"),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "removed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="外した人",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="添付した人",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="grants.member",
                                verbose_name="団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "書類",
                        "verbose_name_plural": "書類",
                        "ordering": ["application", "uploaded_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("scan_state__in", ["clean", "found"]), _negated=True),
                                fields=["scan_due_at"],
                                name="document_to_scan",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="document_removed_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("size__gt", 0)),
                                name="document_not_empty",
                                violation_error_message="ファイルが空です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "removed"), _negated=True),
                                    ("removed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="document_removed_says_when",
                                violation_error_message="外した書類には日時が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncomeLine",
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
                                    ("member_share", "構成市町村負担金"),
                                    ("fees", "参加費・チケット収入"),
                                    ("sponsorship", "協賛金・寄附金"),
                                    ("other_subsidy", "他の補助金"),
                                ],
                                max_length=20,
                                verbose_name="財源の種類",
                            ),
                        ),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        ("amount", models.BigIntegerField(verbose_name="金額（円）")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="内訳")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="income_lines",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="income_lines",
                                to="grants.member",
                                verbose_name="団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "財源の計画",
                        "verbose_name_plural": "財源の計画",
                        "ordering": ["application", "member__position", "fiscal_year", "kind", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)),
                                name="grants_income_line_not_negative",
                                violation_error_message="金額は0円以上にしてください。",
                            ),
                            models.UniqueConstraint(
                                fields=("member", "kind", "fiscal_year"), name="grants_income_line_cell_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Distribution",
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
                        (
                            "hides_others",
                            models.BooleanField(default=False, verbose_name="ほかの部分を見せない"),
                        ),
                        ("begun_at", models.DateTimeField(verbose_name="始めた日時")),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="始めた人",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="取りまとめる部署",
                            ),
                        ),
                        (
                            "member",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="distribution",
                                to="grants.member",
                                verbose_name="構成団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "庁内照会の取りまとめ",
                        "verbose_name_plural": "庁内照会の取りまとめ",
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("given", "同意済"),
                                    ("withdrawn", "同意の撤回"),
                                    ("voided", "内容の変更により失効"),
                                ],
                                default="given",
                                max_length=12,
                                verbose_name="状態",
                            ),
                        ),
                        (
                            "evidence",
                            models.CharField(
                                choices=[
                                    ("in_portal", "ポータルでの同意"),
                                    ("consent_letter", "同意書"),
                                    ("agreement", "協定書"),
                                    ("reply_letter", "回答文書"),
                                ],
                                max_length=20,
                                verbose_name="根拠",
                            ),
                        ),
                        (
                            "content_hash",
                            models.CharField(max_length=64, verbose_name="同意した内容のSHA-256"),
                        ),
                        (
                            "document_number",
                            models.CharField(blank=True, max_length=60, verbose_name="文書番号"),
                        ),
                        ("document_date", models.DateField(blank=True, null=True, verbose_name="文書の日付")),
                        ("given_at", models.DateTimeField(verbose_name="同意の日時")),
                        (
                            "voided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時"),
                        ),
                        (
                            "void_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="終わりの理由"),
                        ),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="記録した人",
                            ),
                        ),
                        (
                            "voided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="終わりにした人",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.document",
                                verbose_name="文書",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="grants.member",
                                verbose_name="構成団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "同意",
                        "verbose_name_plural": "同意",
                        "ordering": ["member", "-given_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("voided_at__isnull", True), ("voided_by__isnull", True)),
                                    models.Q(("voided_at__isnull", False), ("voided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="consent_voided_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "given")),
                                fields=("member",),
                                name="consent_one_holds",
                                violation_error_message="この団体の同意はすでにあります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "given"), ("voided_at__isnull", True)),
                                    models.Q(
                                        models.Q(("state", "given"), _negated=True),
                                        ("voided_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="consent_end_says_when",
                                violation_error_message="終わった同意には日時が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("evidence__in", ["agreement", "consent_letter", "reply_letter"]),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("document__isnull", False),
                                        ("document_date__isnull", False),
                                        models.Q(("document_number", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="consent_paper_is_filed",
                                violation_error_message="文書による同意には、番号・日付・ファイルが必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BudgetLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("item", models.CharField(max_length=10, verbose_name="費目（節）")),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        ("amount", models.BigIntegerField(verbose_name="金額（円）")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="内訳・積算")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="budget_lines",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="budget_lines",
                                to="grants.member",
                                verbose_name="団体",
                            ),
                        ),
                        (
                            "paid_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers_in",
                                to="grants.member",
                                verbose_name="支払先の構成団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "支出の計画",
                        "verbose_name_plural": "支出の計画",
                        "ordering": ["application", "member__position", "fiscal_year", "item", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)),
                                name="grants_budget_line_not_negative",
                                violation_error_message="金額は0円以上にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("paid_to__isnull", True),
                                    models.Q(("paid_to", models.F("member")), _negated=True),
                                    _connector="OR",
                                ),
                                name="grants_budget_line_not_to_itself",
                                violation_error_message="自団体への支払いは内部の負担金になりません。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("paid_to__isnull", True)),
                                fields=("member", "item", "fiscal_year"),
                                name="grants_budget_line_cell_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("paid_to__isnull", False)),
                                fields=("member", "item", "fiscal_year", "paid_to"),
                                name="grants_budget_transfer_cell_once",
                            ),
                        ],
                    },
                ),
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
                        (
                            "scheduled",
                            models.CharField(blank=True, max_length=60, verbose_name="議決・内示の時期"),
                        ),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("updated_at", models.DateTimeField(verbose_name="更新日時")),
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="backings",
                                to="grants.member",
                                verbose_name="構成団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "予算措置状況",
                        "verbose_name_plural": "予算措置状況",
                        "ordering": ["member", "fiscal_year"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "fiscal_year"), name="budget_backing_once"
                            ),
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
                migrations.CreateModel(
                    name="Petition",
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
                                choices=[("change_members", "構成の変更"), ("discontinue", "廃止")],
                                max_length=20,
                                verbose_name="申出",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="理由")),
                        ("adds", models.JSONField(blank=True, default=list, verbose_name="加わる団体")),
                        ("asked_at", models.DateTimeField(verbose_name="申出日時")),
                        ("granted_at", models.DateTimeField(blank=True, null=True, verbose_name="承認日時")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="petitions",
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
                                verbose_name="申し出た人",
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="承認した人",
                            ),
                        ),
                        (
                            "removes",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="grants.member", verbose_name="外れる団体"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "変更・廃止の申出",
                        "verbose_name_plural": "変更・廃止の申出",
                        "ordering": ["application", "-asked_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("granted_at__isnull", True), ("granted_by__isnull", True)),
                                    models.Q(("granted_at__isnull", False), ("granted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="petition_granted_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("granted_at__isnull", True)),
                                fields=("application", "kind"),
                                name="petition_one_open",
                                violation_error_message="同じ申出がすでにあります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="petition_says_why"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Precheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("not_requested", "未依頼"),
                                    ("requested", "確認中"),
                                    ("issues", "指摘あり"),
                                    ("confirmed", "確認済"),
                                ],
                                default="requested",
                                max_length=15,
                                verbose_name="状態",
                            ),
                        ),
                        ("content_version", models.PositiveIntegerField(verbose_name="依頼した内容の版")),
                        ("message", models.TextField(blank=True, verbose_name="依頼の文")),
                        ("requested_at", models.DateTimeField(verbose_name="依頼日時")),
                        ("answer", models.TextField(blank=True, verbose_name="回答")),
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
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prechecks",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="依頼した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "案の事前確認",
                        "verbose_name_plural": "案の事前確認",
                        "ordering": ["application", "-requested_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="precheck_answered_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at__isnull", True)),
                                fields=("application",),
                                name="precheck_one_open",
                                violation_error_message="確認中の依頼がすでにあります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at__isnull", True), ("state", "requested")),
                                    models.Q(
                                        ("answered_at__isnull", False), ("state__in", ["confirmed", "issues"])
                                    ),
                                    _connector="OR",
                                ),
                                name="precheck_answer_whole",
                                violation_error_message="回答には日時が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectIndicator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="並び順")),
                        ("name", models.CharField(blank=True, max_length=100, verbose_name="指標")),
                        ("definition", models.TextField(blank=True, verbose_name="定義と測り方")),
                        ("unit", models.CharField(blank=True, max_length=20, verbose_name="単位")),
                        (
                            "aim",
                            models.CharField(
                                blank=True,
                                choices=[("up", "増やす"), ("down", "減らす"), ("keep", "保つ")],
                                max_length=10,
                                verbose_name="目指す向き",
                            ),
                        ),
                        (
                            "baseline",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="現状値"
                            ),
                        ),
                        (
                            "baseline_period",
                            models.CharField(blank=True, max_length=60, verbose_name="現状値の時点"),
                        ),
                        (
                            "not_measurable",
                            models.CharField(blank=True, max_length=200, verbose_name="現状値を測れない理由"),
                        ),
                        (
                            "origin_words",
                            models.CharField(blank=True, max_length=200, verbose_name="値の出所の説明"),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="project_indicators",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "事業の成果指標",
                        "verbose_name_plural": "事業の成果指標",
                        "ordering": ["application", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("application", "position"), name="project_indicator_place_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("baseline__isnull", True), ("not_measurable", ""), _connector="OR"
                                ),
                                name="project_indicator_value_or_reason",
                                violation_error_message="現状値と、測れない理由は、どちらか一方にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        (
                            "value",
                            models.DecimalField(decimal_places=4, max_digits=20, verbose_name="目標値"),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="targets",
                                to="grants.projectindicator",
                                verbose_name="指標",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "年度ごとの目標",
                        "verbose_name_plural": "年度ごとの目標",
                        "ordering": ["indicator", "fiscal_year"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("indicator", "fiscal_year"), name="project_target_year_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="記号")),
                        ("section", models.CharField(max_length=40, verbose_name="部分")),
                        ("position", models.PositiveSmallIntegerField(verbose_name="並び順")),
                        ("label", models.CharField(max_length=200, verbose_name="設問")),
                        ("help", models.TextField(blank=True, verbose_name="説明")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("line", "一行の文章"),
                                    ("text", "文章"),
                                    ("number", "整数"),
                                    ("date", "日付"),
                                    ("choice", "選択"),
                                ],
                                max_length=10,
                                verbose_name="答えの種類",
                            ),
                        ),
                        ("required", models.BooleanField(default=True, verbose_name="必須")),
                        (
                            "max_length",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="最大文字数"),
                        ),
                        ("choices", models.JSONField(blank=True, default=list, verbose_name="選択肢")),
                        ("unit", models.CharField(blank=True, max_length=20, verbose_name="単位")),
                        (
                            "prefill",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("corporate_number", "団体の法人番号"),
                                    ("population", "団体の人口"),
                                    ("unit", "申請を始めた部署"),
                                    ("phone", "申請を始めた部署の電話"),
                                    ("start_date", "対象年度の初日"),
                                ],
                                max_length=20,
                                verbose_name="はじめに入れる値",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="grants.formtemplate",
                                verbose_name="様式",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "設問",
                        "verbose_name_plural": "設問",
                        "ordering": ["template", "position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("template", "code"), name="question_natural_key"),
                            models.UniqueConstraint(
                                fields=("template", "position"), name="question_position"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PrecheckComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("cell", models.CharField(blank=True, max_length=100, verbose_name="欄")),
                        ("text", models.TextField(verbose_name="指摘")),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.member",
                                verbose_name="団体",
                            ),
                        ),
                        (
                            "precheck",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="grants.precheck",
                                verbose_name="事前確認",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.question",
                                verbose_name="設問",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "事前確認の指摘",
                        "verbose_name_plural": "事前確認の指摘",
                        "ordering": ["precheck", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("value", models.TextField(blank=True, verbose_name="答え")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                        (
                            "origin",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("copied", "前の申請から"),
                                    ("record", "団体の記録から"),
                                    ("call", "募集から"),
                                ],
                                max_length=10,
                                verbose_name="値の出所",
                            ),
                        ),
                        (
                            "origin_words",
                            models.CharField(blank=True, max_length=200, verbose_name="値の出所の説明"),
                        ),
                        (
                            "checked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="確かめた日時"),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="確かめた人",
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
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="grants.member",
                                verbose_name="団体",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="grants.question",
                                verbose_name="設問",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "答え",
                        "verbose_name_plural": "答え",
                        "ordering": ["application", "question__position", "member__position"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("checked_at__isnull", True), ("checked_by__isnull", True)),
                                    models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="answer_checked_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("member__isnull", True)),
                                fields=("application", "question"),
                                name="answer_common_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("member__isnull", False)),
                                fields=("application", "question", "member"),
                                name="answer_of_member_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuestionDesk",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="質問の期限")),
                        ("last", models.PositiveIntegerField(default=0, verbose_name="最後の公開番号")),
                        (
                            "call",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="question_desk",
                                to="programs.call",
                                verbose_name="募集",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "質問の受付",
                        "verbose_name_plural": "質問の受付",
                    },
                ),
                migrations.CreateModel(
                    name="ReceiptSeries",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="対象年度")),
                        ("number", models.PositiveIntegerField(verbose_name="年度内の番号")),
                        ("last", models.PositiveIntegerField(default=0, verbose_name="最後の受付番号")),
                        (
                            "call",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="programs.call",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "受付番号の列",
                        "verbose_name_plural": "受付番号の列",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("fiscal_year", "number"), name="receipt_series_number_once"
                            )
                        ],
                    },
                ),
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
                                    models.Q(("ground", ""), _negated=True),
                                    models.Q(("target", ""), _negated=True),
                                ),
                                name="redaction_has_ground",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("draft", "作成中"),
                                    ("discarded", "破棄"),
                                    ("expired", "期限切れ"),
                                    ("submitted", "受付済"),
                                    ("under_review", "審査中"),
                                    ("returned", "修正依頼中"),
                                    ("deciding", "決定待ち"),
                                    ("reserve", "補欠"),
                                    ("adopted", "採択"),
                                    ("rejected", "不採択"),
                                    ("withdrawn", "取下げ"),
                                    ("discontinued", "廃止"),
                                    ("completed", "完了"),
                                ],
                                max_length=20,
                                verbose_name="戻す前の状態",
                            ),
                        ),
                        ("sections", models.JSONField(verbose_name="直す部分")),
                        ("reason", models.TextField(verbose_name="理由")),
                        ("due_at", models.DateTimeField(verbose_name="修正の期限")),
                        ("returned_at", models.DateTimeField(verbose_name="依頼日時")),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時"),
                        ),
                        (
                            "ended_as",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("resubmitted", "再提出"),
                                    ("taken_back", "引取り"),
                                    ("withdrawn", "取下げ"),
                                ],
                                max_length=12,
                                verbose_name="終わり方",
                            ),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="終えた人",
                            ),
                        ),
                        (
                            "returned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="依頼した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "修正依頼",
                        "verbose_name_plural": "修正依頼",
                        "ordering": ["application", "-returned_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="return_request_closed_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("application",),
                                name="return_request_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("origin__in", ["submitted", "under_review"])),
                                name="return_request_known_origin",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_at__gt", models.F("returned_at")),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                name="return_request_whole",
                                violation_error_message="理由と、先の日時の期限を示してください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", True), ("ended_as", "")),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        models.Q(("ended_as", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="return_request_end_says_how",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewAssignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("is_external", models.BooleanField(default=False, verbose_name="外部委員")),
                        ("assigned_at", models.DateTimeField(verbose_name="割当日時")),
                        ("comment", models.TextField(blank=True, verbose_name="総評")),
                        ("scored_at", models.DateTimeField(blank=True, null=True, verbose_name="採点日時")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "assigned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="割り当てた人",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_assignments",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="審査員",
                            ),
                        ),
                        (
                            "scored_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="採点を入れた人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "審査の割当て",
                        "verbose_name_plural": "審査の割当て",
                        "ordering": ["application", "assigned_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("scored_at__isnull", True), ("scored_by__isnull", True)),
                                    models.Q(("scored_at__isnull", False), ("scored_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="review_assignment_scored_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                fields=("application", "reviewer"),
                                name="review_assignment_once",
                                violation_error_message="この審査員はすでに割り当てられています。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InterestDeclaration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("has_interest", models.BooleanField(verbose_name="利害関係がある")),
                        ("detail", models.TextField(blank=True, verbose_name="内容")),
                        ("declared_at", models.DateTimeField(verbose_name="申告日時")),
                        (
                            "declared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="申告した人",
                            ),
                        ),
                        (
                            "assignment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declaration",
                                to="grants.reviewassignment",
                                verbose_name="割当て",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "利害関係の申告",
                        "verbose_name_plural": "利害関係の申告",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("has_interest", False),
                                    models.Q(("detail", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="interest_declaration_says_what",
                                violation_error_message="利害関係の内容を入力してください。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewMeeting",
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
                        ("held_on", models.DateField(verbose_name="開催日")),
                        ("attendees", models.JSONField(default=list, verbose_name="出席者")),
                        ("quorum", models.PositiveSmallIntegerField(verbose_name="定足数")),
                        ("summary", models.TextField(verbose_name="議事要旨")),
                        ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
                        (
                            "applications",
                            models.ManyToManyField(
                                related_name="meetings", to="grants.application", verbose_name="審査した申請"
                            ),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_meetings",
                                to="programs.call",
                                verbose_name="募集",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.document",
                                verbose_name="文書",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="記録した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "審査会",
                        "verbose_name_plural": "審査会",
                        "ordering": ["call", "held_on", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Revision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("content_version", models.PositiveIntegerField(verbose_name="内容の版")),
                        ("section", models.CharField(max_length=40, verbose_name="部分")),
                        ("key", models.CharField(max_length=100, verbose_name="項目")),
                        ("binding", models.BooleanField(verbose_name="同意の対象")),
                        ("before", models.JSONField(null=True, verbose_name="前の内容")),
                        ("after", models.JSONField(null=True, verbose_name="後の内容")),
                        ("changed_at", models.DateTimeField(verbose_name="変更日時")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisions",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="変更した人",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.member",
                                verbose_name="団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "変更の記録",
                        "verbose_name_plural": "変更の記録",
                        "ordering": ["application", "content_version", "pk"],
                        "indexes": [
                            models.Index(fields=["application", "changed_by"], name="revision_by_person")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("application", "content_version"), name="revision_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Routing",
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
                        ("section", models.CharField(max_length=40, verbose_name="部分")),
                        (
                            "item",
                            models.CharField(blank=True, max_length=40, verbose_name="部分のうちの項目"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("out", "照会中"),
                                    ("sent_back", "差戻し中"),
                                    ("answered", "回答済"),
                                    ("disclaimed", "担当外の回答"),
                                    ("taken_over", "引取り（代理の記入）"),
                                    ("compiled", "とりまとめ済"),
                                    ("recalled", "取りやめ"),
                                ],
                                max_length=20,
                                verbose_name="状態",
                            ),
                        ),
                        ("message", models.TextField(blank=True, verbose_name="依頼の内容")),
                        ("reason", models.TextField(blank=True, verbose_name="いまの状態の理由")),
                        ("due_at", models.DateTimeField(verbose_name="庁内の期限")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                        ("sent_at", models.DateTimeField(verbose_name="照会した日時")),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="照会を受けた部署",
                            ),
                        ),
                        (
                            "distribution",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="routings",
                                to="grants.distribution",
                                verbose_name="庁内照会",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "庁内照会",
                        "verbose_name_plural": "庁内照会",
                        "ordering": ["distribution", "due_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["answered", "disclaimed", "out", "sent_back", "taken_over"],
                                    )
                                ),
                                fields=("distribution", "section", "item"),
                                name="routing_part_with_one_unit",
                                violation_error_message="この部分はすでに照会しています。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "out",
                                            "sent_back",
                                            "answered",
                                            "disclaimed",
                                            "taken_over",
                                            "compiled",
                                            "recalled",
                                        ],
                                    )
                                ),
                                name="routing_known_status",
                                violation_error_message="状態は決められた値だけです。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="名前")),
                        ("settings", models.JSONField(default=dict, verbose_name="条件")),
                        ("saved_at", models.DateTimeField(verbose_name="保存日時")),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="共有する部署",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="保存した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "保存した絞り込み",
                        "verbose_name_plural": "保存した絞り込み",
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("owner", "name"), name="saved_view_name_once"),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="saved_view_has_name"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Score",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("criterion", models.CharField(max_length=40, verbose_name="観点")),
                        ("points", models.PositiveSmallIntegerField(verbose_name="点")),
                        ("weight", models.PositiveSmallIntegerField(verbose_name="重み")),
                        ("comment", models.TextField(blank=True, verbose_name="所見")),
                        (
                            "assignment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scores",
                                to="grants.reviewassignment",
                                verbose_name="割当て",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "採点",
                        "verbose_name_plural": "採点",
                        "ordering": ["assignment", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("assignment", "criterion"), name="score_criterion_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("points__gte", 1), ("points__lte", 5)),
                                name="score_points_in_range",
                                violation_error_message="点は1から5までにしてください。",
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
                        (
                            "population_on",
                            models.DateField(blank=True, null=True, verbose_name="人口の基準日"),
                        ),
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
                migrations.CreateModel(
                    name="Shortening",
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
                        ("closes_before", models.DateTimeField(verbose_name="提案したときの締切")),
                        ("closes_at", models.DateTimeField(verbose_name="新しい締切")),
                        (
                            "precheck_due_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="新しい事前確認の期限"),
                        ),
                        ("reason", models.TextField(verbose_name="理由")),
                        ("urgency", models.TextField(blank=True, verbose_name="予告の期間より短くする理由")),
                        ("proposed_at", models.DateTimeField(verbose_name="提案した日時")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("confirmed", "確認（締切を変更）"),
                                    ("refused", "見送り"),
                                    ("withdrawn", "取下げ"),
                                    ("superseded", "締切の延長により終了"),
                                ],
                                max_length=12,
                                verbose_name="結果",
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="見送り・取下げの理由")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="終わった日時"),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shortenings",
                                to="programs.call",
                                verbose_name="募集",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="終わらせた人",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提案した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "締切を早める案",
                        "verbose_name_plural": "締切を早める案",
                        "ordering": ["call", "-proposed_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="shortening_ended_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("call",),
                                name="shortening_one_open",
                                violation_error_message="確認を待っている案があります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closes_at__lt", models.F("closes_before"))),
                                name="shortening_is_earlier",
                                violation_error_message="新しい締切は、いまの締切より前にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                                    models.Q(
                                        ("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="shortening_ended_with_outcome",
                                violation_error_message="結果と日時は、両方を記録してください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome__in", ["confirmed", "refused"]), _negated=True),
                                    models.Q(("ended_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="shortening_second_person",
                                violation_error_message="提案した人は、確認も見送りもできません。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Snapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("branch", models.PositiveSmallIntegerField(verbose_name="枝番")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("submit", "提出"), ("replace", "差替え"), ("resubmit", "再提出")],
                                max_length=10,
                                verbose_name="種類",
                            ),
                        ),
                        (
                            "receipt_number",
                            models.CharField(max_length=40, unique=True, verbose_name="受付番号"),
                        ),
                        ("content_version", models.PositiveIntegerField(verbose_name="内容の版")),
                        ("content", models.JSONField(verbose_name="内容")),
                        ("files", models.JSONField(default=list, verbose_name="ファイル")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("requested_amount", models.BigIntegerField(verbose_name="申請額（初年度・円）")),
                        ("requested_total", models.BigIntegerField(verbose_name="申請額（全期間・円）")),
                        ("taken_at", models.DateTimeField(verbose_name="受付日時")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshots",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提出した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提出された版",
                        "verbose_name_plural": "提出された版",
                        "ordering": ["application", "branch"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("application", "branch"), name="snapshot_branch_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("requested_amount__gte", 0),
                                    ("requested_total__gte", models.F("requested_amount")),
                                ),
                                name="snapshot_amounts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recommendation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("adopt", "採択"), ("reject", "不採択")],
                                max_length=10,
                                verbose_name="案",
                            ),
                        ),
                        (
                            "amount",
                            models.BigIntegerField(blank=True, null=True, verbose_name="補助予定額（円）"),
                        ),
                        ("computed_amount", models.BigIntegerField(verbose_name="算定額（円）")),
                        ("trail", models.JSONField(default=list, verbose_name="算定の過程")),
                        ("reason", models.TextField(verbose_name="理由")),
                        ("adjustment_reason", models.TextField(blank=True, verbose_name="予算調整の理由")),
                        ("drafted_at", models.DateTimeField(verbose_name="起案日時")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時"),
                        ),
                        ("end_reason", models.TextField(blank=True, verbose_name="終わりの理由")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="起案した人",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="終わりにした人",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="grants.snapshot",
                                verbose_name="審査した版",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "起案",
                        "verbose_name_plural": "起案",
                        "ordering": ["application", "-drafted_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="recommendation_ended_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("application",),
                                name="recommendation_one_holds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__isnull", True), ("outcome", "reject")),
                                    models.Q(
                                        ("amount__gte", 0),
                                        ("amount__lte", models.F("computed_amount")),
                                        ("outcome", "adopt"),
                                    ),
                                    _connector="OR",
                                ),
                                name="recommendation_amount",
                                violation_error_message="採択の案には、算定額以下の補助予定額が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__isnull", True),
                                    ("amount__gte", models.F("computed_amount")),
                                    models.Q(("adjustment_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="recommendation_lower_says_why",
                                violation_error_message="算定額より下げるときは、予算調整の理由が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="recommendation_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("adopted", "採択"), ("rejected", "不採択"), ("reserve", "補欠")],
                                max_length=10,
                                verbose_name="決定",
                            ),
                        ),
                        (
                            "amount",
                            models.BigIntegerField(blank=True, null=True, verbose_name="決定額（円）"),
                        ),
                        ("decided_on", models.DateField(verbose_name="決定日")),
                        ("document_number", models.CharField(max_length=60, verbose_name="文書番号")),
                        ("effective_on", models.DateField(verbose_name="施行日")),
                        ("reason", models.TextField(blank=True, verbose_name="理由")),
                        ("drafted_at", models.DateTimeField(verbose_name="起案日時")),
                        ("decided_at", models.DateTimeField(verbose_name="記録日時")),
                        (
                            "superseded_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="置き換えた日時"),
                        ),
                        ("supersede_reason", models.TextField(blank=True, verbose_name="置き換えた理由")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="決定した人",
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="起案した人",
                            ),
                        ),
                        (
                            "superseded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="置き換えた人",
                            ),
                        ),
                        (
                            "letters",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="grants.document", verbose_name="通知文"
                            ),
                        ),
                        (
                            "recommendation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="grants.recommendation",
                                verbose_name="起案",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "決定",
                        "verbose_name_plural": "決定",
                        "ordering": ["application", "-decided_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("superseded_at__isnull", True), ("superseded_by__isnull", True)
                                    ),
                                    models.Q(
                                        ("superseded_at__isnull", False), ("superseded_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_superseded_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("application",),
                                name="decision_one_holds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                                name="decision_four_eyes",
                                violation_error_message="起案した人は決定できません。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("amount__gte", 0), ("amount__isnull", False), ("outcome", "adopted")
                                    ),
                                    models.Q(
                                        models.Q(("outcome", "adopted"), _negated=True),
                                        ("amount__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_amount",
                                violation_error_message="採択には決定額が必要で、ほかの決定に決定額はありません。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("document_number", ""), _negated=True),
                                name="decision_has_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("superseded_at__isnull", False), _negated=True),
                                    models.Q(("supersede_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="decision_supersession_says_why",
                                violation_error_message="置き換えの理由が必要です。",
                            ),
                        ],
                    },
                ),
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
                        (
                            "source",
                            models.CharField(blank=True, max_length=120, verbose_name="回答の文書・方法"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="取下げ日時"),
                        ),
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
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.snapshot",
                                verbose_name="照会した版",
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
                                    models.Q(
                                        ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="opinion_withdrawn_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("answered_at__isnull", True), ("withdrawn_at__isnull", True)
                                ),
                                fields=("application", "department"),
                                name="opinion_one_open",
                                violation_error_message="この部署への照会が、まだ終わっていません。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("question", ""), _negated=True),
                                    ("due_at__gt", models.F("asked_at")),
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
                                    ("answered_at__isnull", True),
                                    ("withdrawn_at__isnull", True),
                                    _connector="OR",
                                ),
                                name="opinion_ends_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubmissionKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=64, unique=True, verbose_name="送信の鍵")),
                        ("body_digest", models.CharField(max_length=64, verbose_name="送信内容のSHA-256")),
                        ("used_at", models.DateTimeField(verbose_name="日時")),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.snapshot",
                                verbose_name="提出された版",
                            ),
                        ),
                        (
                            "used_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="送信した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "送信の鍵",
                        "verbose_name_plural": "送信の鍵",
                    },
                ),
                migrations.CreateModel(
                    name="SupportRequest",
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
                        (
                            "origin",
                            models.CharField(
                                choices=[("call", "採択された派遣・視察"), ("wish", "技術的支援の申込")],
                                max_length=10,
                                verbose_name="種類",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "申込"),
                                    ("active", "支援中"),
                                    ("declined", "見送り"),
                                    ("closed", "終了"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="状態",
                            ),
                        ),
                        ("wishes", models.TextField(blank=True, verbose_name="支援してほしいこと")),
                        ("themes", models.JSONField(blank=True, default=list, verbose_name="テーマ")),
                        ("started_at", models.DateTimeField(verbose_name="開始日時")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                        ("end_reason", models.TextField(blank=True, verbose_name="終えた理由")),
                        (
                            "adviser",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organization",
                                verbose_name="アドバイザーの団体",
                            ),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supports",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "派遣・視察・技術的支援",
                        "verbose_name_plural": "派遣・視察・技術的支援",
                        "ordering": ["-started_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["waiting", "active"])),
                                fields=("application", "origin"),
                                name="support_one_running",
                                violation_error_message="進行中の支援がすでにあります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["declined", "closed"]), _negated=True),
                                    ("ended_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="support_ended_whole",
                                violation_error_message="終えた支援には、終えた日時が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupportEvent",
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
                            "support",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="grants.supportrequest",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "支援の記録",
                        "verbose_name_plural": "支援の記録",
                        "ordering": ["chain_key", "sequence"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chain_key", "sequence"), name="grants_supportevent_chain"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
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
                        ("number", models.PositiveSmallIntegerField(verbose_name="回")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "予定"),
                                    ("held", "実施（記録待ち）"),
                                    ("recorded", "記録済"),
                                    ("confirmed", "市町村が確認"),
                                    ("cancelled", "中止"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="状態",
                            ),
                        ),
                        ("planned_at", models.DateTimeField(verbose_name="予定の日時")),
                        ("place", models.CharField(max_length=200, verbose_name="場所")),
                        ("themes", models.JSONField(blank=True, default=list, verbose_name="テーマ")),
                        ("reason", models.TextField(blank=True, verbose_name="変更・中止の理由")),
                        (
                            "participants",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="参加した人数"),
                        ),
                        ("done", models.TextField(blank=True, verbose_name="行ったこと")),
                        ("next_step", models.TextField(blank=True, verbose_name="次に行うこと")),
                        ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="記録日時")),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="記録した人",
                            ),
                        ),
                        (
                            "support",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="grants.supportrequest",
                                verbose_name="支援",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "訪問・視察・支援の記録",
                        "verbose_name_plural": "訪問・視察・支援の記録",
                        "ordering": ["support", "number"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("recorded_at__isnull", True), ("recorded_by__isnull", True)),
                                    models.Q(("recorded_at__isnull", False), ("recorded_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="visit_recorded_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(fields=("support", "number"), name="visit_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["recorded", "confirmed"]), _negated=True),
                                    models.Q(
                                        ("recorded_at__isnull", False), models.Q(("done", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="visit_recorded_whole",
                                violation_error_message="記録済の回には、行ったことと記録の日時が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "cancelled"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="visit_cancelled_why",
                                violation_error_message="中止した回には、理由が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitLink",
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
                                choices=[("article", "記事"), ("post", "投稿")],
                                max_length=10,
                                verbose_name="種類",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="題")),
                        ("url", models.URLField(max_length=500, verbose_name="アドレス")),
                        ("added_at", models.DateTimeField(verbose_name="登録日時")),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="grants.visit",
                                verbose_name="回",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "記事・投稿",
                        "verbose_name_plural": "記事・投稿",
                        "ordering": ["visit", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "url"), name="visit_link_once"),
                            models.CheckConstraint(
                                condition=models.Q(("url__startswith", "https://")),
                                name="visit_link_https",
                                violation_error_message="https:// で始まるアドレスにしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitVoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("town", "市町村の声"), ("visitor", "訪れた側の声")],
                                max_length=10,
                                verbose_name="誰の声か",
                            ),
                        ),
                        ("speaker", models.CharField(max_length=80, verbose_name="話した人の立場")),
                        ("words", models.TextField(verbose_name="声")),
                        ("is_public", models.BooleanField(default=False, verbose_name="公開する")),
                        (
                            "consented_on",
                            models.DateField(blank=True, null=True, verbose_name="公開への同意の日"),
                        ),
                        ("added_at", models.DateTimeField(verbose_name="登録日時")),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="voices",
                                to="grants.visit",
                                verbose_name="回",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "声",
                        "verbose_name_plural": "声",
                        "ordering": ["visit", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_public", False), ("consented_on__isnull", False), _connector="OR"
                                ),
                                name="visit_voice_public_with_consent",
                                violation_error_message="公開する声には、本人の同意の日が必要です。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Waiver",
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
                        ("check_code", models.CharField(max_length=120, verbose_name="点検")),
                        ("label", models.CharField(max_length=240, verbose_name="点検の名前")),
                        ("reason", models.TextField(verbose_name="免除の理由")),
                        ("waived_at", models.DateTimeField(verbose_name="免除した日時")),
                        ("revoke_reason", models.TextField(blank=True, verbose_name="取消しの理由")),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="取り消した日時"),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="waivers",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="取り消した人",
                            ),
                        ),
                        (
                            "waived_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="免除した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "点検の免除",
                        "verbose_name_plural": "点検の免除",
                        "ordering": ["application", "waived_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="waiver_revoked_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("application", "check_code"),
                                name="waiver_once",
                                violation_error_message="この点検は、すでに免除しています。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at__isnull", False), _negated=True),
                                    models.Q(("revoke_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="waiver_revoked_with_reason",
                                violation_error_message="取消しの理由を入力してください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="waiver_with_reason",
                                violation_error_message="理由を入力してください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationEvent",
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
                            "application",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="grants.application",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "申請の記録",
                        "verbose_name_plural": "申請の記録",
                        "ordering": ["chain_key", "sequence"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chain_key", "sequence"), name="grants_applicationevent_chain"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationSlot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="programs.call",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "申請の枠",
                        "verbose_name_plural": "申請の枠",
                        "constraints": [
                            models.UniqueConstraint(fields=("call", "lead"), name="application_slot_once")
                        ],
                    },
                ),
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
                                condition=models.Q(("name", ""), _negated=True),
                                name="committee_seat_has_name",
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
                    name="Certification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("document_number", models.CharField(max_length=60, verbose_name="文書番号")),
                        ("decided_on", models.DateField(verbose_name="決裁日")),
                        ("signer_title", models.CharField(max_length=60, verbose_name="決裁者職名")),
                        (
                            "single_person_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="少人数特例の理由"),
                        ),
                        ("content_version", models.PositiveIntegerField(verbose_name="内容の版")),
                        (
                            "content_hash",
                            models.CharField(max_length=64, verbose_name="決裁した内容のSHA-256"),
                        ),
                        ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
                        ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="失効の日時")),
                        (
                            "void_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="失効の理由"),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certifications",
                                to="grants.application",
                                verbose_name="申請",
                            ),
                        ),
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
                            "voided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="失効させた人",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grants.document",
                                verbose_name="文書",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "庁内決裁",
                        "verbose_name_plural": "庁内決裁",
                        "ordering": ["application", "-recorded_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("voided_at__isnull", True), ("voided_by__isnull", True)),
                                    models.Q(("voided_at__isnull", False), ("voided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="certification_voided_paired",
                                violation_error_message="日時と行った人は、両方を記録してください。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("voided_at__isnull", True)),
                                fields=("application",),
                                name="certification_one_holds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("document_number", ""), _negated=True),
                                    models.Q(("signer_title", ""), _negated=True),
                                ),
                                name="certification_whole",
                                violation_error_message="文書番号と決裁者の職名を入力してください。",
                            ),
                        ],
                    },
                ),
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
                        (
                            "encoding",
                            models.CharField(default="cp932", max_length=10, verbose_name="文字コード"),
                        ),
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
            ],
        ),
    ]

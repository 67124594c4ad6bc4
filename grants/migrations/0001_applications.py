"""Applications: every table with its constraints in one step each (a step per constraint takes minutes to load)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.organization
import grants.models.base
import grants.models.document


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("programs", "0001_catalogue"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("version", models.PositiveSmallIntegerField(verbose_name="版")),
                ("title", models.CharField(max_length=120, verbose_name="様式名")),
                ("sections", models.JSONField(default=list, verbose_name="部分")),
                ("cost_items", models.JSONField(default=list, verbose_name="費目（節）")),
                ("documents", models.JSONField(default=list, verbose_name="添付書類")),
                ("criteria", models.JSONField(default=list, verbose_name="審査の観点")),
                ("binding_sections", models.JSONField(default=list, verbose_name="同意の対象となる部分")),
                ("eligibility", models.JSONField(default=dict, verbose_name="要件")),
                ("defaults", models.JSONField(default=list, verbose_name="資料にない点の扱い")),
                (
                    "requires_precheck",
                    models.BooleanField(default=False, verbose_name="案の事前確認を求める"),
                ),
                ("rate_numerator", models.PositiveSmallIntegerField(verbose_name="補助率（分子）")),
                ("rate_denominator", models.PositiveSmallIntegerField(verbose_name="補助率（分母）")),
                ("first_year_cap", models.BigIntegerField(verbose_name="初年度の上限（円）")),
                ("later_year_cap", models.BigIntegerField(verbose_name="2年度目からの上限（円）")),
                ("project_cap", models.BigIntegerField(verbose_name="事業期間全体の上限（円）")),
                (
                    "cap_reading",
                    models.CharField(
                        choices=[("per_year", "年度ごとの上限"), ("whole_project", "事業期間全体の上限")],
                        max_length=20,
                        verbose_name="上限の読み方",
                    ),
                ),
                (
                    "other_subsidy",
                    models.CharField(
                        choices=[("deduct", "収入として差し引く"), ("exclude", "その分の経費を対象から除く")],
                        max_length=10,
                        verbose_name="他の補助金の扱い",
                    ),
                ),
                ("max_years", models.PositiveSmallIntegerField(verbose_name="最長の年数")),
            ],
            options={
                "verbose_name": "様式",
                "verbose_name_plural": "様式",
                "ordering": ["program", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "version"), name="form_template_natural_key"),
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
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("max_length", models.PositiveIntegerField(blank=True, null=True, verbose_name="最大文字数")),
                ("choices", models.JSONField(blank=True, default=list, verbose_name="選択肢")),
            ],
            options={
                "verbose_name": "設問",
                "verbose_name_plural": "設問",
                "ordering": ["template", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "code"), name="question_natural_key"),
                    models.UniqueConstraint(fields=("template", "position"), name="question_position"),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.call"
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
            name="ReceiptSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.call"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="対象年度")),
                ("number", models.PositiveIntegerField(verbose_name="年度内の番号")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最後の受付番号")),
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
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="grants.formtemplate",
                        verbose_name="様式",
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
                    "submitted_content_version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="提出した内容の版"),
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
                ("started_at", models.DateTimeField(verbose_name="開始日時")),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="開始した人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提出日時")),
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
                    "requested_amount",
                    models.BigIntegerField(blank=True, null=True, verbose_name="申請額（初年度・円）"),
                ),
                (
                    "requested_total",
                    models.BigIntegerField(blank=True, null=True, verbose_name="申請額（全期間・円）"),
                ),
                (
                    "decided_amount",
                    models.BigIntegerField(blank=True, null=True, verbose_name="決定額（円）"),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="決定の記録日時")),
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
                ("announced_at", models.DateTimeField(blank=True, null=True, verbose_name="公表日時")),
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
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
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
                            models.Q(("status__in", ["adopted", "completed", "discontinued"]), _negated=True),
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
                                ("decided_amount__isnull", True), ("decided_amount__gte", 0), _connector="OR"
                            ),
                        ),
                        name="application_amounts_in_order",
                        violation_error_message="決定額は申請額以下、金額は0円以上にしてください。",
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="grants.application",
                        verbose_name="申請",
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
                ("budget_version", models.PositiveIntegerField(default=1, verbose_name="収支計画の版")),
                ("invited_at", models.DateTimeField(verbose_name="招待日時")),
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
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時")),
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
                ("reason", models.TextField(blank=True, verbose_name="理由")),
            ],
            options={
                "verbose_name": "構成団体",
                "verbose_name_plural": "構成団体",
                "ordering": ["application", "position", "pk"],
                "constraints": [
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
                        condition=models.Q(("state", "active"), ("ended_at__isnull", False), _connector="OR"),
                        name="member_ended_says_when",
                        violation_error_message="参加の終わりには日時が必要です。",
                    ),
                ],
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
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="grants.question",
                        verbose_name="設問",
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
                ("value", models.TextField(blank=True, verbose_name="答え")),
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
            ],
            options={
                "verbose_name": "答え",
                "verbose_name_plural": "答え",
                "ordering": ["application", "question__position", "member__position"],
                "constraints": [
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
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="grants.application",
                        verbose_name="申請",
                    ),
                ),
                ("content_version", models.PositiveIntegerField(verbose_name="内容の版")),
                ("section", models.CharField(max_length=40, verbose_name="部分")),
                ("key", models.CharField(max_length=100, verbose_name="項目")),
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
                ("binding", models.BooleanField(verbose_name="同意の対象")),
                ("before", models.JSONField(null=True, verbose_name="前の内容")),
                ("after", models.JSONField(null=True, verbose_name="後の内容")),
                ("changed_at", models.DateTimeField(verbose_name="変更日時")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="変更した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "変更の記録",
                "verbose_name_plural": "変更の記録",
                "ordering": ["application", "content_version", "pk"],
                "indexes": [models.Index(fields=["application", "changed_by"], name="revision_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "content_version"), name="revision_version_once"
                    )
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
                ("item", models.CharField(max_length=10, verbose_name="費目（節）")),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("amount", models.BigIntegerField(verbose_name="金額（円）")),
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
                ("note", models.CharField(blank=True, max_length=500, verbose_name="内訳・積算")),
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
            name="IncomeLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
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
                        related_name="documents",
                        to="grants.member",
                        verbose_name="団体",
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
                ("requirement", models.CharField(blank=True, max_length=40, verbose_name="求められた書類")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=grants.models.document.storage_path, verbose_name="ファイル"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="ファイル名")),
                ("size", models.BigIntegerField(verbose_name="大きさ（バイト）")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("media_type", models.CharField(max_length=100, verbose_name="種類")),
                (
                    "state",
                    models.CharField(
                        choices=[("temporary", "一時保存"), ("attached", "添付済"), ("removed", "取外し")],
                        default="temporary",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="受け取った日時")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="添付した人",
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="外した日時")),
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
            ],
            options={
                "verbose_name": "書類",
                "verbose_name_plural": "書類",
                "ordering": ["application", "uploaded_at", "pk"],
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
            name="Certification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                ("document_number", models.CharField(max_length=60, verbose_name="文書番号")),
                ("decided_on", models.DateField(verbose_name="決裁日")),
                ("signer_title", models.CharField(max_length=60, verbose_name="決裁者職名")),
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
                    "single_person_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="少人数特例の理由"),
                ),
                ("content_version", models.PositiveIntegerField(verbose_name="内容の版")),
                ("content_hash", models.CharField(max_length=64, verbose_name="決裁した内容のSHA-256")),
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
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="失効の日時")),
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
                ("void_reason", models.CharField(blank=True, max_length=300, verbose_name="失効の理由")),
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
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("content_hash", models.CharField(max_length=64, verbose_name="同意した内容のSHA-256")),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文書番号")),
                ("document_date", models.DateField(blank=True, null=True, verbose_name="文書の日付")),
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
                ("given_at", models.DateTimeField(verbose_name="同意の日時")),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="記録した人",
                    ),
                ),
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時")),
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
                ("void_reason", models.CharField(blank=True, max_length=300, verbose_name="終わりの理由")),
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
                                models.Q(("state", "given"), _negated=True), ("voided_at__isnull", False)
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
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="grants.application",
                        verbose_name="申請",
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
                ("receipt_number", models.CharField(max_length=40, unique=True, verbose_name="受付番号")),
                ("content_version", models.PositiveIntegerField(verbose_name="内容の版")),
                ("content", models.JSONField(verbose_name="内容")),
                ("files", models.JSONField(default=list, verbose_name="ファイル")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("requested_amount", models.BigIntegerField(verbose_name="申請額（初年度・円）")),
                ("requested_total", models.BigIntegerField(verbose_name="申請額（全期間・円）")),
                ("taken_at", models.DateTimeField(verbose_name="受付日時")),
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
                    models.UniqueConstraint(fields=("application", "branch"), name="snapshot_branch_once"),
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
            name="SubmissionKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="送信の鍵")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants.application",
                        verbose_name="申請",
                    ),
                ),
                ("body_digest", models.CharField(max_length=64, verbose_name="送信内容のSHA-256")),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants.snapshot",
                        verbose_name="提出された版",
                    ),
                ),
                ("used_at", models.DateTimeField(verbose_name="日時")),
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
            name="Recommendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="grants.snapshot",
                        verbose_name="審査した版",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("adopt", "採択"), ("reject", "不採択")], max_length=10, verbose_name="案"
                    ),
                ),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="補助予定額（円）")),
                ("computed_amount", models.BigIntegerField(verbose_name="算定額（円）")),
                ("trail", models.JSONField(default=list, verbose_name="算定の過程")),
                ("reason", models.TextField(verbose_name="理由")),
                ("adjustment_reason", models.TextField(blank=True, verbose_name="予算調整の理由")),
                ("drafted_at", models.DateTimeField(verbose_name="起案日時")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起案した人",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時")),
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
                ("end_reason", models.TextField(blank=True, verbose_name="終わりの理由")),
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
                        condition=models.Q(("reason", ""), _negated=True), name="recommendation_says_why"
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="grants.application",
                        verbose_name="申請",
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
                (
                    "outcome",
                    models.CharField(
                        choices=[("adopted", "採択"), ("rejected", "不採択"), ("reserve", "補欠")],
                        max_length=10,
                        verbose_name="決定",
                    ),
                ),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="決定額（円）")),
                ("decided_on", models.DateField(verbose_name="決定日")),
                ("document_number", models.CharField(max_length=60, verbose_name="文書番号")),
                ("effective_on", models.DateField(verbose_name="施行日")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("drafted_at", models.DateTimeField(verbose_name="起案日時")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起案した人",
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="記録日時")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="決定した人",
                    ),
                ),
                ("superseded_at", models.DateTimeField(blank=True, null=True, verbose_name="置き換えた日時")),
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
                ("supersede_reason", models.TextField(blank=True, verbose_name="置き換えた理由")),
                (
                    "letters",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="grants.document", verbose_name="通知文"
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
                            models.Q(("superseded_at__isnull", True), ("superseded_by__isnull", True)),
                            models.Q(("superseded_at__isnull", False), ("superseded_by__isnull", False)),
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
                            models.Q(("amount__gte", 0), ("amount__isnull", False), ("outcome", "adopted")),
                            models.Q(
                                models.Q(("outcome", "adopted"), _negated=True), ("amount__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="decision_amount",
                        violation_error_message="採択には決定額が必要で、ほかの決定に決定額はありません。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("document_number", ""), _negated=True), name="decision_has_number"
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
            name="Petition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申し出た人",
                    ),
                ),
                ("granted_at", models.DateTimeField(blank=True, null=True, verbose_name="承認日時")),
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
                ("organization_name", models.CharField(blank=True, max_length=200, verbose_name="団体")),
                ("department_name", models.CharField(blank=True, max_length=200, verbose_name="部署")),
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
            name="Precheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="依頼した人",
                    ),
                ),
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
                            models.Q(("answered_at__isnull", False), ("state__in", ["confirmed", "issues"])),
                            _connector="OR",
                        ),
                        name="precheck_answer_whole",
                        violation_error_message="回答には日時が必要です。",
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
                ("cell", models.CharField(blank=True, max_length=100, verbose_name="欄")),
                ("text", models.TextField(verbose_name="指摘")),
            ],
            options={
                "verbose_name": "事前確認の指摘",
                "verbose_name_plural": "事前確認の指摘",
                "ordering": ["precheck", "pk"],
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="grants.application",
                        verbose_name="申請",
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
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="依頼した人",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="終わりの日時")),
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
                            ("due_at__gt", models.F("returned_at")), models.Q(("reason", ""), _negated=True)
                        ),
                        name="return_request_whole",
                        violation_error_message="理由と、先の日時の期限を示してください。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("ended_as", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("ended_as", ""), _negated=True)),
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
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="審査員",
                    ),
                ),
                ("is_external", models.BooleanField(default=False, verbose_name="外部委員")),
                ("assigned_at", models.DateTimeField(verbose_name="割当日時")),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="割り当てた人",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="総評")),
                ("scored_at", models.DateTimeField(blank=True, null=True, verbose_name="採点日時")),
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
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declaration",
                        to="grants.reviewassignment",
                        verbose_name="割当て",
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
            ],
            options={
                "verbose_name": "利害関係の申告",
                "verbose_name_plural": "利害関係の申告",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("has_interest", False), models.Q(("detail", ""), _negated=True), _connector="OR"
                        ),
                        name="interest_declaration_says_what",
                        violation_error_message="利害関係の内容を入力してください。",
                    )
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
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="grants.reviewassignment",
                        verbose_name="割当て",
                    ),
                ),
                ("criterion", models.CharField(max_length=40, verbose_name="観点")),
                ("points", models.PositiveSmallIntegerField(verbose_name="点")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="重み")),
                ("comment", models.TextField(blank=True, verbose_name="所見")),
            ],
            options={
                "verbose_name": "採点",
                "verbose_name_plural": "採点",
                "ordering": ["assignment", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "criterion"), name="score_criterion_once"),
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 1), ("points__lte", 5)),
                        name="score_points_in_range",
                        violation_error_message="点は1から5までにしてください。",
                    ),
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
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_meetings",
                        to="programs.call",
                        verbose_name="募集",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="開催日")),
                ("attendees", models.JSONField(default=list, verbose_name="出席者")),
                ("quorum", models.PositiveSmallIntegerField(verbose_name="定足数")),
                ("summary", models.TextField(verbose_name="議事要旨")),
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
                    "applications",
                    models.ManyToManyField(
                        related_name="meetings", to="grants.application", verbose_name="審査した申請"
                    ),
                ),
            ],
            options={
                "verbose_name": "審査会",
                "verbose_name_plural": "審査会",
                "ordering": ["call", "held_on", "pk"],
            },
        ),
    ]

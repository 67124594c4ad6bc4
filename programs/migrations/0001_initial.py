"""The catalogue: programs, calls, projects, figures, rules, search keys, revisions and parts.

Every table with its constraints in one step; it stands for the steps in `replaces`, which came to the same.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import core.first_migration
import programs.models.alert
import programs.models.call
import programs.models.searching


class Migration(migrations.Migration):
    replaces = [
        ("programs", "0001_catalogue"),
        ("programs", "0002_rules"),
        ("programs", "0003_finding"),
        ("programs", "0004_search_index"),
        ("programs", "0005_publishing"),
        ("programs", "0006_project_result_address"),
        ("programs", "0007_parts"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
    ]

    operations = [
        core.first_migration.CreateModels(
            models=[
                migrations.CreateModel(
                    name="GlossaryTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("term", models.CharField(max_length=40, unique=True, verbose_name="用語")),
                        ("reading", models.CharField(max_length=80, verbose_name="読み")),
                        ("meaning", models.CharField(max_length=200, verbose_name="説明")),
                    ],
                    options={
                        "verbose_name": "用語",
                        "verbose_name_plural": "用語",
                        "ordering": ["reading", "term"],
                    },
                ),
                migrations.CreateModel(
                    name="Program",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=80, unique=True, verbose_name="識別名")),
                        ("title", models.CharField(max_length=200, verbose_name="正式名称")),
                        ("title_kana", models.CharField(blank=True, max_length=300, verbose_name="読み")),
                        ("aliases", models.JSONField(blank=True, default=list, verbose_name="別名")),
                        (
                            "plain_title",
                            models.CharField(blank=True, max_length=60, verbose_name="わかりやすい名前"),
                        ),
                        ("summary", models.TextField(blank=True, verbose_name="概要")),
                        ("audience_text", models.TextField(blank=True, verbose_name="使える人の説明")),
                        ("benefit_text", models.TextField(blank=True, verbose_name="受けられる支援の説明")),
                        ("reach_text", models.TextField(blank=True, verbose_name="申込み・相談の説明")),
                        (
                            "level",
                            models.CharField(
                                choices=[("national", "国"), ("metropolitan", "都"), ("municipal", "市町村")],
                                max_length=20,
                                verbose_name="出している所",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("grant", "補助金・交付金"),
                                    ("tax_allocation", "交付税措置"),
                                    ("local_bond", "地方債"),
                                    ("loan", "融資・保証"),
                                    ("expert_dispatch", "人材・専門家の派遣"),
                                    ("consultation", "相談・窓口"),
                                    ("training", "講座・研修"),
                                    ("matching", "マッチング・ネットワーク"),
                                    ("promotion", "情報発信・催し"),
                                    ("facility", "施設・拠点"),
                                    ("research", "調査・実証"),
                                    ("framework", "制度・計画の枠組み"),
                                ],
                                max_length=20,
                                verbose_name="支援の種類",
                            ),
                        ),
                        (
                            "kind_label",
                            models.CharField(blank=True, max_length=60, verbose_name="資料での種類"),
                        ),
                        (
                            "audience_scope",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ku_shi_cho_son", "区市町村"),
                                    ("shi_cho_son", "市町村"),
                                    ("cho_son", "町村"),
                                    ("tama", "多摩地域の市町村"),
                                    ("islands", "島しょの町村"),
                                    ("single", "その市町村だけ"),
                                    ("nationwide", "全国の自治体"),
                                ],
                                max_length=20,
                                verbose_name="対象の自治体",
                            ),
                        ),
                        (
                            "area_rank",
                            models.PositiveSmallIntegerField(
                                default=6, editable=False, verbose_name="地域の広さ"
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=200, verbose_name="所管部署")),
                        (
                            "department_inferred",
                            models.BooleanField(default=False, verbose_name="部署は他の箇所から補った"),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="電話")),
                        ("phones", models.JSONField(blank=True, default=list, verbose_name="電話（地域別）")),
                        ("hours", models.CharField(blank=True, max_length=100, verbose_name="受付時間")),
                        (
                            "url",
                            models.CharField(
                                blank=True,
                                max_length=500,
                                validators=[django.core.validators.RegexValidator("^https?://")],
                                verbose_name="公式ページ",
                            ),
                        ),
                        ("urls", models.JSONField(blank=True, default=list, verbose_name="その他のページ")),
                        ("url_note", models.TextField(blank=True, verbose_name="アドレスの注記")),
                        (
                            "offering",
                            models.CharField(
                                choices=[("active", "実施中"), ("planned", "検討中"), ("ended", "終了")],
                                default="active",
                                max_length=10,
                                verbose_name="実施の状態",
                            ),
                        ),
                        (
                            "first_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="開始年度"),
                        ),
                        (
                            "last_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="終了年度"),
                        ),
                        ("remarks", models.TextField(blank=True, verbose_name="備考")),
                        (
                            "name_only",
                            models.BooleanField(default=False, verbose_name="資料に名前だけがある"),
                        ),
                        ("category", models.CharField(blank=True, max_length=10, verbose_name="分類番号")),
                        ("money", models.JSONField(blank=True, default=list, verbose_name="金額と率")),
                        ("facts", models.JSONField(blank=True, default=list, verbose_name="要点")),
                        ("series", models.JSONField(blank=True, default=list, verbose_name="年次の数値")),
                        (
                            "eligible_expenses",
                            models.JSONField(blank=True, default=list, verbose_name="対象経費"),
                        ),
                        (
                            "excluded_expenses",
                            models.JSONField(blank=True, default=list, verbose_name="対象外経費"),
                        ),
                        (
                            "measure_numbers",
                            models.JSONField(blank=True, default=list, verbose_name="計画の施策番号"),
                        ),
                        ("named", models.JSONField(blank=True, default=list, verbose_name="関連する名称")),
                        ("rule_ids", models.JSONField(blank=True, default=list, verbose_name="算定規則")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "publication",
                            models.CharField(
                                choices=[
                                    ("draft", "下書き"),
                                    ("in_review", "確認中"),
                                    ("published", "公開"),
                                    ("withdrawn", "取下げ"),
                                ],
                                default="draft",
                                max_length=20,
                                verbose_name="公開の状態",
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="公開の日時"),
                        ),
                        ("search_title", models.TextField(default="", editable=False)),
                        ("search_text", models.TextField(default="", editable=False)),
                        ("search_synonyms", models.TextField(default="", editable=False)),
                        (
                            "largest_amount",
                            models.BigIntegerField(
                                blank=True, editable=False, null=True, verbose_name="最も大きい金額"
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="programs.program",
                                verbose_name="まとめた先の制度",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="programs",
                                to="accounts.organization",
                                verbose_name="所管",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="components",
                                to="programs.program",
                                verbose_name="上位の制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "支援制度",
                        "verbose_name_plural": "支援制度",
                        "ordering": ["area_rank", "title_kana", "slug"],
                        "indexes": [
                            models.Index(fields=["publication", "area_rank"], name="program_public_by_area"),
                            models.Index(fields=["owner", "publication"], name="program_by_owner"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="program_not_its_own_parent",
                                violation_error_message="制度を自分自身の内訳にはできません。別の制度を選んでください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("first_year__isnull", True),
                                    ("last_year__isnull", True),
                                    ("first_year__lte", models.F("last_year")),
                                    _connector="OR",
                                ),
                                name="program_years_in_order",
                                violation_error_message="終了年度は開始年度以後にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("publication__in", ["draft", "in_review", "published", "withdrawn"]),
                                    ("offering__in", ["active", "planned", "ended"]),
                                    ("level__in", ["national", "metropolitan", "municipal"]),
                                    (
                                        "kind__in",
                                        [
                                            "grant",
                                            "tax_allocation",
                                            "local_bond",
                                            "loan",
                                            "expert_dispatch",
                                            "consultation",
                                            "training",
                                            "matching",
                                            "promotion",
                                            "facility",
                                            "research",
                                            "framework",
                                        ],
                                    ),
                                ),
                                name="program_known_codes",
                                violation_error_message="状態・区分・種類は決められた値から選んでください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("title", ""), _negated=True),
                                    models.Q(("slug", ""), _negated=True),
                                ),
                                name="program_has_a_name",
                                violation_error_message="正式名称と識別名を入力してください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Synonym",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=40, unique=True, verbose_name="識別名")),
                        ("words", models.JSONField(default=list, verbose_name="ことば")),
                    ],
                    options={
                        "verbose_name": "同義語",
                        "verbose_name_plural": "同義語",
                        "ordering": ["slug"],
                    },
                ),
                migrations.CreateModel(
                    name="ProgramIndex",
                    fields=[
                        (
                            "program",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_index",
                                serialize=False,
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                        ("keys", programs.models.searching.KeysField(verbose_name="検索の鍵")),
                    ],
                    options={
                        "verbose_name": "検索の索引",
                        "verbose_name_plural": "検索の索引",
                    },
                ),
                migrations.CreateModel(
                    name="PartRevision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="版")),
                        ("content", models.JSONField(default=dict, verbose_name="内容")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "下書き"),
                                    ("in_review", "確認中"),
                                    ("published", "公開した版"),
                                    ("discarded", "破棄"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="状態",
                            ),
                        ),
                        ("edits", models.PositiveIntegerField(default=1, verbose_name="保存の回数")),
                        (
                            "drafted_name",
                            models.CharField(max_length=200, verbose_name="最後に下書きした人の名前"),
                        ),
                        ("drafted_at", models.DateTimeField(verbose_name="最後に下書きした日時")),
                        (
                            "published_name",
                            models.CharField(blank=True, max_length=200, verbose_name="公開した人の名前"),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="公開した日時"),
                        ),
                        ("note", models.CharField(blank=True, max_length=400, verbose_name="差戻しの理由")),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("call", "募集"),
                                    ("funding", "算定規則"),
                                    ("eligibility", "要件"),
                                    ("figures", "数値と出典"),
                                ],
                                max_length=15,
                                verbose_name="対象",
                            ),
                        ),
                        ("key", models.CharField(max_length=80, verbose_name="識別名")),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="最後に下書きした人",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="公開した人",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="part_revisions",
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "募集と規則の改訂版",
                        "verbose_name_plural": "募集と規則の改訂版",
                        "ordering": ["program", "part", "key", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("part", "key", "number"), name="part_revision_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", frozenset(["draft", "in_review"]))),
                                fields=("part", "key"),
                                name="part_revision_one_open",
                                violation_error_message="書きかけの版がすでにあります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at__isnull", False), ("state", "published")),
                                    models.Q(
                                        models.Q(("state", "published"), _negated=True),
                                        ("published_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="part_revision_published_with_instant",
                                violation_error_message="公開した版には公開の日時が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outcome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("label", models.CharField(max_length=200, verbose_name="項目")),
                        (
                            "fiscal_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度"),
                        ),
                        (
                            "period_text",
                            models.CharField(blank=True, max_length=120, verbose_name="期間の表記"),
                        ),
                        ("value", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="値")),
                        ("unit", models.CharField(blank=True, max_length=40, verbose_name="単位")),
                        ("approximate", models.BooleanField(default=False, verbose_name="おおよその値")),
                        (
                            "as_written",
                            models.CharField(blank=True, max_length=200, verbose_name="資料の表記"),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="注記")),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="並び順")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outcomes",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "実績",
                        "verbose_name_plural": "実績",
                        "ordering": ["program", "position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("program"),
                                models.F("label"),
                                django.db.models.functions.comparison.Coalesce("fiscal_year", 0),
                                models.F("period_text"),
                                models.F("as_written"),
                                name="outcome_natural_key",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Milestone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("text", models.TextField(verbose_name="内容")),
                        (
                            "period_text",
                            models.CharField(blank=True, max_length=120, verbose_name="時期の表記"),
                        ),
                        (
                            "fiscal_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度"),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="並び順")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="milestones",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "出来事",
                        "verbose_name_plural": "出来事",
                        "ordering": ["program", "position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("program"),
                                models.F("text"),
                                models.F("period_text"),
                                django.db.models.functions.comparison.Coalesce("fiscal_year", 0),
                                name="milestone_natural_key",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalBasis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="名称")),
                        ("number", models.CharField(blank=True, max_length=80, verbose_name="文書番号")),
                        ("enacted_on", models.DateField(blank=True, null=True, verbose_name="制定日")),
                        ("effective_from", models.DateField(blank=True, null=True, verbose_name="施行日")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="失効日")),
                        ("url", models.URLField(blank=True, max_length=500, verbose_name="所在")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="legal_bases",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "根拠規程",
                        "verbose_name_plural": "根拠規程",
                        "ordering": ["program", "effective_from", "title"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("program", "title", "number"), name="legal_basis_natural_key"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_to__isnull", True),
                                    ("effective_from__isnull", True),
                                    ("effective_to__gte", models.F("effective_from")),
                                    _connector="OR",
                                ),
                                name="legal_basis_dates_in_order",
                                violation_error_message="失効日は施行日以後にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FundingRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=80, unique=True, verbose_name="識別名")),
                        (
                            "program_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="制度の名称（掲載のないもの）"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="並び順")),
                        ("kind", models.CharField(blank=True, max_length=60, verbose_name="支援の種類")),
                        ("applicant", models.CharField(blank=True, max_length=120, verbose_name="受ける者")),
                        ("condition", models.CharField(blank=True, max_length=300, verbose_name="条件")),
                        ("formula", models.CharField(max_length=300, verbose_name="算定方法")),
                        ("rate", models.CharField(blank=True, max_length=80, verbose_name="率")),
                        ("cap", models.CharField(blank=True, max_length=120, verbose_name="上限")),
                        ("unit", models.CharField(blank=True, max_length=40, verbose_name="単位")),
                        (
                            "reading",
                            models.CharField(
                                choices=[("explicit", "資料のとおり"), ("inferred", "補って読んだ")],
                                max_length=10,
                                verbose_name="読み方",
                            ),
                        ),
                        (
                            "fiscal_strength",
                            models.CharField(blank=True, max_length=60, verbose_name="財政力補正"),
                        ),
                        ("years", models.CharField(blank=True, max_length=80, verbose_name="年度の注記")),
                        ("note", models.TextField(blank=True, verbose_name="注記")),
                        ("inputs", models.JSONField(default=list, verbose_name="入力")),
                        ("versions", models.JSONField(default=list, verbose_name="版")),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=200, verbose_name="この読み方の理由"),
                        ),
                        (
                            "year_input",
                            models.CharField(blank=True, max_length=40, verbose_name="版を選ぶ入力"),
                        ),
                        ("year_base", models.PositiveIntegerField(default=0, verbose_name="年度の起点")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        ("examples", models.JSONField(blank=True, default=list, verbose_name="計算例")),
                        (
                            "program",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="funding_rules",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "算定規則",
                        "verbose_name_plural": "算定規則",
                        "ordering": ["position", "slug"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("program__isnull", False),
                                    models.Q(("program_name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="funding_rule_has_a_program",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExternalSystem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=80, unique=True, verbose_name="識別名")),
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "運用中"),
                                    ("planned", "準備中"),
                                    ("ended", "終了"),
                                    ("unknown", "状態の記載なし"),
                                ],
                                default="unknown",
                                max_length=10,
                                verbose_name="状態",
                            ),
                        ),
                        ("role", models.TextField(blank=True, verbose_name="役割")),
                        (
                            "relation",
                            models.CharField(
                                choices=[
                                    ("link", "リンク"),
                                    ("cover", "このポータルで扱う"),
                                    ("cover_partly", "一部をこのポータルで扱う"),
                                ],
                                max_length=20,
                                verbose_name="このポータルとの関係",
                            ),
                        ),
                        ("url", models.URLField(blank=True, max_length=500, verbose_name="所在")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "programs",
                            models.ManyToManyField(
                                blank=True,
                                related_name="systems",
                                to="programs.program",
                                verbose_name="関係する制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "関連システム",
                        "verbose_name_plural": "関連システム",
                        "ordering": ["name", "slug"],
                    },
                ),
                migrations.CreateModel(
                    name="EligibilityRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=80, unique=True, verbose_name="識別名")),
                        (
                            "program_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="制度の名称（掲載のないもの）"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="並び順")),
                        ("text", models.CharField(max_length=300, verbose_name="要件")),
                        (
                            "first_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="開始年度"),
                        ),
                        (
                            "last_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="終了年度"),
                        ),
                        ("inputs", models.JSONField(default=list, verbose_name="入力")),
                        ("conditions", models.JSONField(default=list, verbose_name="条件")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        ("examples", models.JSONField(blank=True, default=list, verbose_name="判定例")),
                        (
                            "program",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="eligibility_rules",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "要件",
                        "verbose_name_plural": "要件",
                        "ordering": ["position", "slug"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("program__isnull", False),
                                    models.Q(("program_name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="eligibility_rule_has_a_program",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DistinctPair",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=400, verbose_name="理由")),
                        ("ruled_name", models.CharField(max_length=200, verbose_name="判断した人の名前")),
                        ("ruled_at", models.DateTimeField(verbose_name="判断した日時")),
                        (
                            "ruled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="判断した人",
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="programs.program",
                                verbose_name="もう一方の制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "重複ではない組",
                        "verbose_name_plural": "重複ではない組",
                        "ordering": ["-ruled_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("first", "second"), name="distinct_pair_once"),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))),
                                name="distinct_pair_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("title", "名前"),
                                    ("summary", "概要"),
                                    ("audience_text", "使える人"),
                                    ("benefit_text", "受けられる支援・金額"),
                                    ("reach_text", "申込み・相談のしかた"),
                                    ("contact", "問合せ先・電話"),
                                    ("period", "募集の時期・実施の状態"),
                                    ("other", "そのほか"),
                                ],
                                max_length=20,
                                verbose_name="どこが",
                            ),
                        ),
                        ("shown", models.TextField(blank=True, verbose_name="そのときの表示")),
                        ("proposed", models.TextField(verbose_name="正しい内容")),
                        ("grounds", models.TextField(blank=True, verbose_name="根拠")),
                        (
                            "address",
                            models.EmailField(blank=True, max_length=254, verbose_name="メールアドレス"),
                        ),
                        ("key", models.CharField(max_length=64, verbose_name="内容の照合値")),
                        ("received_at", models.DateTimeField(verbose_name="受付日時")),
                        ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="対応日時")),
                        ("answer", models.CharField(blank=True, max_length=400, verbose_name="対応の内容")),
                        (
                            "settled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="対応した人",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="corrections",
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "誤りの指摘",
                        "verbose_name_plural": "誤りの指摘",
                        "ordering": ["-received_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["program", "received_at"], name="correction_by_program")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("settled_at__isnull", True)),
                                fields=("program", "key"),
                                name="correction_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""),
                                        ("settled_at__isnull", True),
                                        ("settled_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("address", ""),
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="correction_settled_whole",
                                violation_error_message="対応した指摘には、日時・人・対応の内容が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Call",
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
                                default=programs.models.call.random_public_id,
                                editable=False,
                                max_length=10,
                                unique=True,
                                verbose_name="募集番号",
                            ),
                        ),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="対象年度")),
                        ("round_name", models.CharField(max_length=60, verbose_name="募集回")),
                        ("outline", models.TextField(blank=True, verbose_name="募集の概要")),
                        ("opens_at", models.DateTimeField(verbose_name="受付開始")),
                        ("closes_at", models.DateTimeField(verbose_name="締切")),
                        (
                            "precheck_due_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="案の事前確認の期限"),
                        ),
                        (
                            "announce_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="結果の公表"),
                        ),
                        ("applicants", models.CharField(max_length=200, verbose_name="申請できる人")),
                        (
                            "applicant_scope",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ku_shi_cho_son", "区市町村"),
                                    ("shi_cho_son", "市町村"),
                                    ("cho_son", "町村"),
                                    ("tama", "多摩地域の市町村"),
                                    ("islands", "島しょの町村"),
                                    ("single", "その市町村だけ"),
                                    ("nationwide", "全国の自治体"),
                                ],
                                max_length=20,
                                verbose_name="対象の自治体",
                            ),
                        ),
                        ("budget", models.BigIntegerField(blank=True, null=True, verbose_name="予算（円）")),
                        (
                            "capacity",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="採択の数"),
                        ),
                        (
                            "capacity_unit",
                            models.CharField(blank=True, max_length=20, verbose_name="採択の単位"),
                        ),
                        (
                            "uses_per_member",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="1団体が使える回数"
                            ),
                        ),
                        (
                            "max_per_lead",
                            models.PositiveIntegerField(default=1, verbose_name="代表1団体の申請数"),
                        ),
                        (
                            "cap_per_member",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="1団体あたりの上限（円）"
                            ),
                        ),
                        (
                            "rounding_unit",
                            models.PositiveIntegerField(default=1, verbose_name="切捨ての単位（円）"),
                        ),
                        (
                            "rounding_scope",
                            models.CharField(
                                choices=[
                                    ("payee", "交付先ごと"),
                                    ("item", "費目ごと"),
                                    ("project", "事業全体"),
                                ],
                                default="payee",
                                max_length=10,
                                verbose_name="切捨ての対象",
                            ),
                        ),
                        (
                            "input_unit",
                            models.CharField(
                                choices=[("yen", "円"), ("thousand_yen", "千円")],
                                default="yen",
                                max_length=15,
                                verbose_name="金額の入力単位",
                            ),
                        ),
                        (
                            "funding_route",
                            models.CharField(
                                choices=[
                                    ("lead", "代表の市町村に一括"),
                                    ("each_member", "各市町村へ"),
                                    ("joint_body", "協議会などの共同体へ"),
                                ],
                                default="lead",
                                max_length=15,
                                verbose_name="交付方式",
                            ),
                        ),
                        (
                            "certification_mode",
                            models.CharField(
                                choices=[("external", "庁内の決裁を記録"), ("in_portal", "ポータルで決裁")],
                                default="external",
                                max_length=12,
                                verbose_name="庁内決裁の扱い",
                            ),
                        ),
                        (
                            "ends_in",
                            models.CharField(
                                choices=[("money", "補助金"), ("service", "派遣・視察などの支援")],
                                default="money",
                                max_length=10,
                                verbose_name="支援の形",
                            ),
                        ),
                        (
                            "binding_sections",
                            models.JSONField(blank=True, default=list, verbose_name="同意の対象となる部分"),
                        ),
                        ("phases", models.JSONField(blank=True, default=list, verbose_name="日程")),
                        (
                            "contact_department",
                            models.CharField(blank=True, max_length=200, verbose_name="問合せ先"),
                        ),
                        ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="電話")),
                        (
                            "contact_hours",
                            models.CharField(blank=True, max_length=100, verbose_name="受付時間"),
                        ),
                        (
                            "contact_email",
                            models.EmailField(blank=True, max_length=200, verbose_name="メール"),
                        ),
                        ("is_fictional", models.BooleanField(default=False, verbose_name="架空")),
                        (
                            "publication",
                            models.CharField(
                                choices=[
                                    ("draft", "下書き"),
                                    ("in_review", "確認中"),
                                    ("published", "公開"),
                                    ("withdrawn", "取下げ"),
                                ],
                                default="draft",
                                max_length=20,
                                verbose_name="公開の状態",
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="公開の日時"),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="programs.fundingrule",
                                verbose_name="算定規則",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "募集",
                        "verbose_name_plural": "募集",
                        "ordering": ["closes_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("program", "fiscal_year", "round_name"),
                                name="call_natural_key",
                                violation_error_message="この年度の同じ名前の募集はすでにあります。募集回の名前を変えてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                                name="call_opens_before_it_closes",
                                violation_error_message="締切は受付開始より後にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("precheck_due_at__isnull", True),
                                    models.Q(
                                        ("precheck_due_at__gte", models.F("opens_at")),
                                        ("precheck_due_at__lte", models.F("closes_at")),
                                    ),
                                    _connector="OR",
                                ),
                                name="call_precheck_within_period",
                                violation_error_message="案の事前確認の期限は、受付開始から締切までの間にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("announce_at__isnull", True),
                                    ("announce_at__gte", models.F("closes_at")),
                                    _connector="OR",
                                ),
                                name="call_announced_after_closing",
                                violation_error_message="結果の公表は締切以後にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("publication", "published"), _negated=True),
                                    ("published_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="call_published_with_instant",
                                violation_error_message="公開する募集には公開の日時が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("budget__isnull", True), ("budget__gte", 0), _connector="OR"),
                                    models.Q(
                                        ("cap_per_member__isnull", True),
                                        ("cap_per_member__gte", 0),
                                        _connector="OR",
                                    ),
                                    ("rounding_unit__gte", 1),
                                    ("max_per_lead__gte", 1),
                                ),
                                name="call_amounts_make_sense",
                                violation_error_message="金額は0円以上、切捨ての単位と申請数は1以上にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("capacity__isnull", True),
                                    models.Q(
                                        ("capacity__gte", 1), models.Q(("capacity_unit", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="call_capacity_has_unit",
                                violation_error_message="採択の数には単位（市町村、回など）を付けてください。",
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
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        (
                            "fiscal_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度"),
                        ),
                        ("label", models.CharField(max_length=120, verbose_name="名目")),
                        ("amount", models.BigIntegerField(verbose_name="金額（円）")),
                        (
                            "as_printed",
                            models.CharField(blank=True, max_length=120, verbose_name="資料の表記"),
                        ),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="budget_lines",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "予算",
                        "verbose_name_plural": "予算",
                        "ordering": [
                            "program",
                            models.OrderBy(models.F("fiscal_year"), descending=True, nulls_last=True),
                            "pk",
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("program"),
                                django.db.models.functions.comparison.Coalesce("fiscal_year", 0),
                                models.F("label"),
                                models.F("as_printed"),
                                name="budget_line_natural_key",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)),
                                name="budget_line_not_negative",
                                violation_error_message="予算の金額は0円以上にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AreaRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("conditions", models.JSONField(default=list, verbose_name="条件")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "program",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="area_rule",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "地域の要件",
                        "verbose_name_plural": "地域の要件",
                        "ordering": ["program"],
                    },
                ),
                migrations.CreateModel(
                    name="ProgramEvent",
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
                            "call",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="programs.call",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "制度の記録",
                        "verbose_name_plural": "制度の記録",
                        "ordering": ["chain_key", "sequence"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chain_key", "sequence"), name="programs_programevent_chain"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgramRevision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="版")),
                        ("content", models.JSONField(default=dict, verbose_name="内容")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "下書き"),
                                    ("in_review", "確認中"),
                                    ("published", "公開した版"),
                                    ("discarded", "破棄"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="状態",
                            ),
                        ),
                        ("edits", models.PositiveIntegerField(default=1, verbose_name="保存の回数")),
                        (
                            "drafted_name",
                            models.CharField(max_length=200, verbose_name="最後に下書きした人の名前"),
                        ),
                        ("drafted_at", models.DateTimeField(verbose_name="最後に下書きした日時")),
                        (
                            "published_name",
                            models.CharField(blank=True, max_length=200, verbose_name="公開した人の名前"),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="公開した日時"),
                        ),
                        ("note", models.CharField(blank=True, max_length=400, verbose_name="差戻しの理由")),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="最後に下書きした人",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisions",
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="公開した人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "改訂版",
                        "verbose_name_plural": "改訂版",
                        "ordering": ["program", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("program", "number"), name="program_revision_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", frozenset(["draft", "in_review"]))),
                                fields=("program",),
                                name="program_revision_one_open",
                                violation_error_message="この制度には、書きかけの版がすでにあります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at__isnull", False), ("state", "published")),
                                    models.Q(
                                        models.Q(("state", "published"), _negated=True),
                                        ("published_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="program_revision_published_with_instant",
                                violation_error_message="公開した版には公開の日時が必要です。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgramSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=250, verbose_name="行の名前")),
                        ("taken", models.JSONField(default=dict, verbose_name="取り込んだ値")),
                        ("file_name", models.CharField(blank=True, max_length=120, verbose_name="ファイル")),
                        ("taken_at", models.DateTimeField(verbose_name="最後に取り込んだ日時")),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organization",
                                verbose_name="所管",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="import_sources",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "取込元",
                        "verbose_name_plural": "取込元",
                        "ordering": ["owner", "key"],
                        "constraints": [
                            models.UniqueConstraint(fields=("owner", "key"), name="program_source_row_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgramTag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "facet",
                            models.CharField(
                                choices=[("audience", "使える人"), ("theme", "テーマ")],
                                max_length=10,
                                verbose_name="分け方",
                            ),
                        ),
                        ("code", models.CharField(max_length=30, verbose_name="値")),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tags",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "制度の分類",
                        "verbose_name_plural": "制度の分類",
                        "ordering": ["program", "facet", "code"],
                        "indexes": [models.Index(fields=["facet", "code"], name="program_tag_lookup")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("program", "facet", "code"), name="program_tag_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "code__in",
                                            [
                                                "resident",
                                                "business",
                                                "organization",
                                                "municipality",
                                                "prefecture",
                                                "individual_expert",
                                            ],
                                        ),
                                        ("facet", "audience"),
                                    ),
                                    models.Q(
                                        (
                                            "code__in",
                                            [
                                                "relocation",
                                                "industry",
                                                "startup",
                                                "tourism",
                                                "collaboration",
                                                "human_resources",
                                                "university",
                                                "vacant_house",
                                                "dx",
                                                "decarbonization",
                                                "youth",
                                                "women",
                                                "agriculture",
                                                "labor",
                                                "community",
                                                "depopulation",
                                                "multicultural",
                                                "finance",
                                                "culture",
                                                "transport",
                                                "disaster",
                                                "health",
                                            ],
                                        ),
                                        ("facet", "theme"),
                                    ),
                                    _connector="OR",
                                ),
                                name="program_tag_known_code",
                                violation_error_message="使える人とテーマは決められた値から選んでください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgramYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        (
                            "change",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("new", "新規"),
                                    ("expanded", "拡充"),
                                    ("continued", "継続"),
                                    ("reduced", "縮小"),
                                    ("ended", "終了"),
                                ],
                                max_length=10,
                                verbose_name="変更",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="内容")),
                        ("budget", models.BigIntegerField(blank=True, null=True, verbose_name="予算（円）")),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="years",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "年度版",
                        "verbose_name_plural": "年度版",
                        "ordering": ["program", "-fiscal_year"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("budget__isnull", True), ("budget__gte", 0), _connector="OR"
                                ),
                                name="program_year_budget_not_negative",
                                violation_error_message="予算は0円以上にしてください。",
                            ),
                            models.UniqueConstraint(
                                fields=("program", "fiscal_year"),
                                name="program_year_once",
                                violation_error_message="この年度の版はすでにあります。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedSearch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.EmailField(max_length=254, verbose_name="メールアドレス")),
                        ("criteria", models.JSONField(default=dict, verbose_name="条件")),
                        ("query", models.TextField(blank=True, verbose_name="条件のアドレス")),
                        ("key", models.CharField(max_length=64, verbose_name="条件の照合値")),
                        (
                            "frequency",
                            models.CharField(
                                choices=[
                                    ("daily", "毎日（新しいものがある日の朝）"),
                                    ("weekly", "毎週（月曜日の朝）"),
                                ],
                                max_length=10,
                                verbose_name="知らせる間隔",
                            ),
                        ),
                        (
                            "seed",
                            models.CharField(
                                default=programs.models.alert.random_seed,
                                max_length=32,
                                unique=True,
                                verbose_name="印の元",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True, verbose_name="印の照合値")),
                        ("asked_at", models.DateTimeField(verbose_name="申込日時")),
                        (
                            "confirmed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="確認日時"),
                        ),
                        (
                            "next_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="次に調べる日時"),
                        ),
                    ],
                    options={
                        "verbose_name": "検索条件の保存",
                        "verbose_name_plural": "検索条件の保存",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("confirmed_at__isnull", False)),
                                fields=["next_at", "id"],
                                name="saved_search_due",
                            ),
                            models.Index(fields=["address", "asked_at"], name="saved_search_by_address"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("address", "key"), name="saved_search_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at__isnull", True), ("next_at__isnull", True)),
                                    models.Q(("confirmed_at__isnull", False), ("next_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="saved_search_due_when_confirmed",
                                violation_error_message="次に調べる日時は、確認の済んだものにだけ付けてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("frequency__in", ["daily", "weekly"])),
                                name="saved_search_known_frequency",
                                violation_error_message="知らせる間隔は、毎日か毎週にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlertItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=160, verbose_name="何の知らせか")),
                        ("told_at", models.DateTimeField(verbose_name="知らせた日時")),
                        (
                            "search",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="programs.savedsearch",
                                verbose_name="検索条件",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "知らせたもの",
                        "verbose_name_plural": "知らせたもの",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("search", "key"), name="alert_item_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdoptedProject",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loaded_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="取込時の照合値"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=80, unique=True, verbose_name="識別名")),
                        ("title", models.CharField(max_length=200, verbose_name="事業名")),
                        ("adopted_fiscal_year", models.PositiveSmallIntegerField(verbose_name="採択年度")),
                        ("max_years", models.PositiveSmallIntegerField(default=3, verbose_name="最長の年数")),
                        ("purpose", models.TextField(blank=True, verbose_name="目的")),
                        ("outline", models.JSONField(blank=True, default=list, verbose_name="概要")),
                        (
                            "announced_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="公表の日時"),
                        ),
                        ("is_fictional", models.BooleanField(default=False, verbose_name="架空")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="led_projects",
                                to="accounts.organization",
                                verbose_name="代表",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="projects",
                                to="programs.program",
                                verbose_name="制度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "採択事業",
                        "verbose_name_plural": "採択事業",
                        "ordering": ["-adopted_fiscal_year", "slug"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("max_years__gte", 1)),
                                name="project_lasts_a_year",
                                violation_error_message="最長の年数は1以上にしてください。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectActor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        ("is_group", models.BooleanField(default=False, verbose_name="複数をまとめた記載")),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="並び順")),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="actors",
                                to="programs.adoptedproject",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "多様な主体",
                        "verbose_name_plural": "多様な主体",
                        "ordering": ["project", "position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "name"), name="project_actor_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="project_memberships",
                                to="accounts.organization",
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="programs.adoptedproject",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "連携する市町村",
                        "verbose_name_plural": "連携する市町村",
                        "ordering": ["project", "organization__code"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "organization"),
                                name="project_member_once",
                                violation_error_message="この市町村はすでに加わっています。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(verbose_name="内容")),
                        (
                            "value",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="値"
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=40, verbose_name="単位")),
                        ("approximate", models.BooleanField(default=False, verbose_name="おおよその値")),
                        (
                            "as_written",
                            models.CharField(blank=True, max_length=200, verbose_name="資料の表記"),
                        ),
                        (
                            "period_text",
                            models.CharField(blank=True, max_length=120, verbose_name="時期の表記"),
                        ),
                        (
                            "fiscal_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度"),
                        ),
                        ("url", models.URLField(blank=True, max_length=500, verbose_name="アドレス")),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="並び順")),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="results",
                                to="programs.adoptedproject",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "事業の実績",
                        "verbose_name_plural": "事業の実績",
                        "ordering": ["project", "position", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("url", ""), ("url__startswith", "https://"), _connector="OR"
                                ),
                                name="project_result_https",
                                violation_error_message="https:// で始まるアドレスにしてください。",
                            ),
                            models.UniqueConstraint(
                                fields=("project", "position"), name="project_result_position_once"
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="adoptedproject",
            name="partners",
            field=models.ManyToManyField(
                related_name="joined_projects",
                through="programs.ProjectMember",
                to="accounts.organization",
                verbose_name="連携する市町村",
            ),
        ),
    ]

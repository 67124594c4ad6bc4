"""Bodies, people, posts, sign-in, notices and their deliveries, reminders, transfer, tokens.

Every table with its constraints in one step; it stands for the steps in `replaces`, which came to the same.
"""

import datetime as dt

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import accounts.models.organization
import accounts.models.reminding
import core.events
import core.first_migration


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_bodies_and_people"),
        ("accounts", "0002_notices"),
        ("accounts", "0003_reminders_and_calendars"),
        ("accounts", "0004_transfer_and_choices"),
        ("accounts", "0005_schedule_runs"),
        ("accounts", "0006_lean_outbox"),
        ("accounts", "0007_api_tokens"),
        ("accounts", "0008_kept_answer_code"),
        ("accounts", "0009_shared_addressees"),
    ]

    initial = True

    dependencies = []

    operations = [
        core.first_migration.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Addressees",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                blank=True, max_length=64, null=True, unique=True, verbose_name="共用の鍵"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "通知の宛先のまとまり",
                        "verbose_name_plural": "通知の宛先のまとまり",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.CharField(max_length=120, unique=True, verbose_name="識別子")),
                        ("starts_at", models.DateTimeField(verbose_name="期限")),
                        ("summary", models.CharField(max_length=200, verbose_name="題")),
                        ("path", models.CharField(max_length=300, verbose_name="開く先")),
                        ("is_public", models.BooleanField(default=False, verbose_name="公開")),
                        ("sequence", models.PositiveIntegerField(default=0, verbose_name="変更の回数")),
                        ("modified_at", models.DateTimeField(verbose_name="変更日時")),
                        (
                            "cancelled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="取りやめた日時"),
                        ),
                    ],
                    options={
                        "verbose_name": "カレンダーの予定",
                        "verbose_name_plural": "カレンダーの予定",
                        "ordering": ["starts_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ScheduleRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("task", models.CharField(max_length=100, unique=True, verbose_name="処理")),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="予定から出した日時"),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="始めた日時"),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="終えた日時"),
                        ),
                        (
                            "failed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="失敗した日時"),
                        ),
                        (
                            "last_error",
                            models.CharField(blank=True, max_length=100, verbose_name="失敗の種類"),
                        ),
                    ],
                    options={
                        "verbose_name": "定期処理",
                        "verbose_name_plural": "定期処理",
                        "ordering": ["task"],
                    },
                ),
                migrations.CreateModel(
                    name="SourceDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=60, unique=True, verbose_name="識別名")),
                        ("title", models.CharField(max_length=300, verbose_name="資料名")),
                        ("publisher", models.CharField(blank=True, max_length=120, verbose_name="発行者")),
                        ("published", models.CharField(blank=True, max_length=20, verbose_name="発行時期")),
                        (
                            "document_number",
                            models.CharField(blank=True, max_length=20, verbose_name="資料番号"),
                        ),
                        ("url", models.URLField(blank=True, max_length=500, verbose_name="所在")),
                        ("checked_on", models.DateField(blank=True, null=True, verbose_name="確認日")),
                        ("note", models.TextField(blank=True, verbose_name="備考")),
                    ],
                    options={
                        "verbose_name": "出典資料",
                        "verbose_name_plural": "出典資料",
                        "ordering": ["slug"],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "email",
                            models.EmailField(max_length=254, unique=True, verbose_name="業務メールアドレス"),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="氏名")),
                        ("kana", models.CharField(blank=True, max_length=60, verbose_name="読み")),
                        ("is_active", models.BooleanField(default=True, verbose_name="有効")),
                        ("joined_at", models.DateTimeField(blank=True, null=True, verbose_name="登録日時")),
                        ("is_fictional", models.BooleanField(default=False, verbose_name="架空の人物")),
                        (
                            "salt",
                            models.CharField(
                                default=core.events.new_salt,
                                editable=False,
                                max_length=32,
                                verbose_name="照合用の乱数",
                            ),
                        ),
                        (
                            "session_version",
                            models.PositiveIntegerField(
                                default=1, editable=False, verbose_name="サインインの版"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "利用者",
                        "verbose_name_plural": "利用者",
                        "ordering": ["kana", "name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="user_email_folded",
                                violation_error_message="このアドレスは登録済みです。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeptAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("caller", models.CharField(max_length=40, verbose_name="送り手")),
                        ("key", models.CharField(max_length=128, verbose_name="送信の鍵")),
                        ("fingerprint", models.CharField(max_length=64, verbose_name="内容のSHA-256")),
                        ("code", models.PositiveSmallIntegerField(default=0, verbose_name="HTTPステータス")),
                        ("body", models.JSONField(null=True, verbose_name="答え")),
                        ("headers", models.JSONField(default=dict, verbose_name="ヘッダー")),
                        ("kept_at", models.DateTimeField(verbose_name="日時")),
                    ],
                    options={
                        "verbose_name": "控えた答え",
                        "verbose_name_plural": "控えた答え",
                        "ordering": ["-kept_at", "-pk"],
                        "indexes": [models.Index(fields=["kept_at"], name="kept_answer_age")],
                        "constraints": [
                            models.UniqueConstraint(fields=("caller", "key"), name="kept_answer_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LoginAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="日時")),
                        ("person", models.CharField(max_length=64, verbose_name="利用者の符号")),
                        ("address", models.CharField(max_length=64, verbose_name="接続元の符号")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("signed_in", "サインインした"),
                                    ("wrong_password", "パスワードが違った"),
                                    ("wrong_code", "確認コードが違った"),
                                ],
                                max_length=20,
                                verbose_name="結果",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "サインインの試み",
                        "verbose_name_plural": "サインインの試み",
                        "ordering": ["-at", "-pk"],
                        "indexes": [models.Index(fields=["person", "-at"], name="login_attempt_person")],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("dedupe_key", models.CharField(max_length=200, verbose_name="重複を防ぐ鍵")),
                        ("kind", models.CharField(max_length=80, verbose_name="種類")),
                        ("title", models.CharField(max_length=120, verbose_name="件名")),
                        ("lines", models.JSONField(blank=True, default=list, verbose_name="本文")),
                        ("path", models.CharField(max_length=300, verbose_name="開く先")),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="期限")),
                        (
                            "case_key",
                            models.CharField(blank=True, max_length=60, verbose_name="催促した案件"),
                        ),
                        (
                            "deadline_key",
                            models.CharField(blank=True, max_length=200, verbose_name="催促した期限"),
                        ),
                        ("at", models.DateTimeField(verbose_name="通知日時")),
                        (
                            "addressed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="宛先を決めた日時"),
                        ),
                        (
                            "unreached",
                            models.CharField(blank=True, max_length=200, verbose_name="届かなかった理由"),
                        ),
                        (
                            "addressees",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="accounts.addressees",
                                verbose_name="宛先",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "通知",
                        "verbose_name_plural": "通知",
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("addressed_at__isnull", True)),
                                fields=["at", "id"],
                                name="notice_unaddressed",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("case_key", "dedupe_key"), name="notice_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("path__startswith", "/"),
                                    models.Q(("path__startswith", "//"), _negated=True),
                                    models.Q(("path__contains", "\\"), _negated=True),
                                ),
                                name="notice_path_is_local",
                                violation_error_message="開く先は、このポータルの中の「/」で始まるパスにしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unreached", ""), ("addressed_at__isnull", False), _connector="OR"
                                ),
                                name="notice_unreached_when_addressed",
                                violation_error_message="届かなかった理由は、宛先を決めたあとにだけ書けます。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("group", models.CharField(max_length=20, verbose_name="通知の種類")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("immediate", "すぐにメール"),
                                    ("digest", "1日1回まとめてメール"),
                                    ("inbox", "メールなし（ポータルの中だけ）"),
                                ],
                                max_length=10,
                                verbose_name="受け取り方",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notice_choices",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="利用者",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "通知の受け取り方",
                        "verbose_name_plural": "通知の受け取り方",
                        "ordering": ["user", "group"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "group"), name="notice_choice_once"),
                            models.CheckConstraint(
                                condition=models.Q(("mode__in", ["immediate", "digest", "inbox"])),
                                name="notice_choice_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeRead",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("read_at", models.DateTimeField(verbose_name="読んだ日時")),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reads",
                                to="accounts.notice",
                                verbose_name="通知",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="利用者",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "通知の既読",
                        "verbose_name_plural": "通知の既読",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "notice"), name="notice_read_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organization",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                max_length=40,
                                unique=True,
                                validators=[accounts.models.organization.validate_code],
                                verbose_name="団体コード",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("metropolitan", "東京都"),
                                    ("municipality", "区市町村"),
                                    ("ministry", "国の機関"),
                                    ("joint_body", "実行委員会・協議会・一部事務組合・広域連合"),
                                    ("partner", "企業・大学・NPO等"),
                                ],
                                max_length=20,
                                verbose_name="区分",
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        ("kana", models.CharField(blank=True, max_length=200, verbose_name="読み")),
                        (
                            "municipal_type",
                            models.CharField(
                                blank=True,
                                choices=[("ku", "区"), ("shi", "市"), ("machi", "町"), ("mura", "村")],
                                max_length=10,
                                verbose_name="市区町村の別",
                            ),
                        ),
                        (
                            "area",
                            models.CharField(
                                blank=True,
                                choices=[("wards", "区部"), ("tama", "多摩"), ("islands", "島しょ")],
                                max_length=10,
                                verbose_name="地域",
                            ),
                        ),
                        ("subarea", models.CharField(blank=True, max_length=20, verbose_name="小地域")),
                        (
                            "corporate_number",
                            models.CharField(
                                blank=True,
                                max_length=13,
                                null=True,
                                unique=True,
                                validators=[accounts.models.organization.validate_corporate_number],
                                verbose_name="法人番号",
                            ),
                        ),
                        ("website", models.URLField(blank=True, max_length=300, verbose_name="公式サイト")),
                        (
                            "population",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="人口"),
                        ),
                        (
                            "population_as_of",
                            models.DateField(blank=True, null=True, verbose_name="人口の基準日"),
                        ),
                        (
                            "area_km2",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=9,
                                null=True,
                                verbose_name="面積（km²）",
                            ),
                        ),
                        (
                            "head_title",
                            models.CharField(blank=True, max_length=40, verbose_name="首長の職名"),
                        ),
                        ("head_name", models.CharField(blank=True, max_length=60, verbose_name="首長の氏名")),
                        ("head_since", models.DateField(blank=True, null=True, verbose_name="就任日")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                    ],
                    options={
                        "verbose_name": "団体",
                        "verbose_name_plural": "団体",
                        "ordering": ["code"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "municipality"), _negated=True),
                                    models.Q(
                                        models.Q(("municipal_type", ""), _negated=True),
                                        models.Q(("area", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="organization_municipality_has_type_and_area",
                                violation_error_message="区市町村には市区町村の別と地域が必要です。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Department",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("aliases", models.JSONField(blank=True, default=list, verbose_name="別表記")),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="電話")),
                        (
                            "mailbox",
                            models.EmailField(blank=True, max_length=254, verbose_name="共有メールアドレス"),
                        ),
                        ("is_liaison", models.BooleanField(default=False, verbose_name="取りまとめ窓口")),
                        ("is_fictional", models.BooleanField(default=False, verbose_name="架空の部署")),
                        ("display_order", models.PositiveIntegerField(default=0, verbose_name="並び順")),
                        ("valid_from", models.DateField(default=dt.date(1900, 1, 1), verbose_name="設置日")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="廃止日")),
                        (
                            "succeeded_by",
                            models.ManyToManyField(
                                blank=True,
                                related_name="predecessors",
                                to="accounts.department",
                                verbose_name="引き継いだ部署",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="departments",
                                to="accounts.organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "部署",
                        "verbose_name_plural": "部署",
                        "ordering": ["organization__code", "display_order", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organization", "name", "valid_from"), name="department_natural_key"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="department_valid_period",
                                violation_error_message="廃止日は設置日以後にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("editor", "担当"),
                                    ("approver", "承認者"),
                                    ("liaison", "取りまとめ"),
                                    ("finance", "財政課"),
                                    ("officer", "都担当"),
                                    ("reviewer", "審査員"),
                                    ("external_reviewer", "外部委員"),
                                    ("decider", "決定権者（都）"),
                                    ("publisher", "制度編集者"),
                                    ("coordinator", "計画所管"),
                                    ("adviser", "技術的支援コンサルタント"),
                                    ("contractor", "受託事務局"),
                                    ("auditor", "監査"),
                                    ("administrator", "利用者管理"),
                                ],
                                max_length=20,
                                verbose_name="役割",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("main", "本務"),
                                    ("concurrent", "兼務"),
                                    ("joint", "併任"),
                                    ("fiscal_year_staff", "会計年度任用職員"),
                                    ("contracted", "受託者"),
                                ],
                                default="main",
                                max_length=20,
                                verbose_name="配属の種類",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="開始日")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="終了日")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="accounts.department",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "配属",
                        "verbose_name_plural": "配属",
                        "ordering": ["user", "starts_on", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "department", "role", "starts_on"),
                                name="membership_natural_key",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="membership_period",
                                violation_error_message="終了日は開始日以後にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=8, unique=True, verbose_name="識別記号")),
                        ("digest", models.CharField(max_length=64, unique=True, verbose_name="照合値")),
                        ("name", models.CharField(max_length=60, verbose_name="使い道")),
                        ("scopes", models.JSONField(default=list, verbose_name="できること")),
                        ("made_at", models.DateTimeField(verbose_name="作成日時")),
                        ("expires_at", models.DateTimeField(verbose_name="期限")),
                        (
                            "last_used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="最後に使われた日時"),
                        ),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="取消日時")),
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
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="api_tokens",
                                to="accounts.membership",
                                verbose_name="配属",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "APIのトークン",
                        "verbose_name_plural": "APIのトークン",
                        "ordering": ["-made_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                                name="api_token_period",
                                violation_error_message="期限は作成の後にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("revoked_at__isnull", True),
                                    ("revoked_at__gte", models.F("made_at")),
                                    _connector="OR",
                                ),
                                name="api_token_revoked_after",
                                violation_error_message="取消しは作成の後にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DigestEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="まとめる日時")),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="まとめた日時"),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="部署",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="利用者",
                            ),
                        ),
                        (
                            "digest",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.notice",
                                verbose_name="まとめ",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="digest_entries",
                                to="accounts.notice",
                                verbose_name="通知",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "まとめて送る通知",
                        "verbose_name_plural": "まとめて送る通知",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("settled_at__isnull", True)),
                                fields=["due_at", "user"],
                                name="digest_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("notice", "user"), name="digest_entry_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("digest__isnull", True), ("settled_at__isnull", False), _connector="OR"
                                ),
                                name="digest_entry_settled",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("mail", "電子メール")],
                                default="mail",
                                max_length=10,
                                verbose_name="方法",
                            ),
                        ),
                        ("mailbox", models.EmailField(blank=True, max_length=254, verbose_name="外部の宛先")),
                        (
                            "message_id",
                            models.CharField(max_length=200, unique=True, verbose_name="Message-ID"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "送信待ち"),
                                    ("claimed", "送信の順番待ち"),
                                    ("sending", "送信中"),
                                    ("sent", "送信済"),
                                    ("skipped", "送信不要"),
                                    ("failed", "送信できません"),
                                ],
                                default="pending",
                                max_length=10,
                                verbose_name="状態",
                            ),
                        ),
                        ("next_try_at", models.DateTimeField(verbose_name="次に送る日時")),
                        ("claim", models.CharField(blank=True, max_length=32, verbose_name="受け持ちの印")),
                        (
                            "leased_until",
                            models.DateTimeField(blank=True, null=True, verbose_name="受け持ちの期限"),
                        ),
                        ("attempts", models.PositiveIntegerField(default=0, verbose_name="送信を始めた回数")),
                        (
                            "deferrals",
                            models.PositiveIntegerField(
                                default=0, verbose_name="メールサーバーの都合で延ばした回数"
                            ),
                        ),
                        (
                            "maybe_twice",
                            models.BooleanField(default=False, verbose_name="二度届いたかもしれない"),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送信日時")),
                        (
                            "last_error",
                            models.CharField(blank=True, max_length=200, verbose_name="届いていない理由"),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="利用者",
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
                                verbose_name="部署",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="accounts.notice",
                                verbose_name="通知",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "通知の送信",
                        "verbose_name_plural": "通知の送信",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("pending", "claimed", "sending"))),
                                fields=["next_try_at", "id"],
                                name="delivery_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("user__isnull", False)),
                                fields=("notice", "user"),
                                name="delivery_once_per_person",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("user__isnull", True)),
                                fields=("notice", "department"),
                                name="delivery_once_per_shared_mailbox",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("mailbox", ""), _negated=True),
                                fields=("notice", "mailbox"),
                                name="delivery_once_per_outside_mailbox",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(
                                            ("user__isnull", False),
                                            ("department__isnull", False),
                                            _connector="OR",
                                        ),
                                        ("mailbox", ""),
                                    ),
                                    models.Q(
                                        ("department__isnull", True),
                                        ("user__isnull", True),
                                        models.Q(("mailbox", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_has_one_target",
                                violation_error_message="送り先は、利用者・部署・メールアドレスのどれか1つにしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                                    models.Q(
                                        models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_sent_has_instant",
                                violation_error_message="送信日時は、送信済のときにだけ記録してください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("leased_until__isnull", False),
                                        ("state__in", ("claimed", "sending")),
                                        models.Q(("claim", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state__in", ("claimed", "sending")), _negated=True),
                                        ("claim", ""),
                                        ("leased_until__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_held_has_lease",
                                violation_error_message="受け持ちの印と期限は、送信の順番待ちと送信中にだけ付けてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("skipped", "failed")), _negated=True),
                                    models.Q(("last_error", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="delivery_unsent_has_reason",
                                violation_error_message="送らないことにした送信には理由が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("deferrals__lte", models.F("attempts"))),
                                name="delivery_deferrals_are_attempts",
                                violation_error_message="延ばした回数は、送信を始めた回数を超えません。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeAudience",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("roles", models.CharField(blank=True, max_length=200, verbose_name="役割")),
                        ("mailbox", models.EmailField(blank=True, max_length=254, verbose_name="外部の宛先")),
                        (
                            "addressees",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="audiences",
                                to="accounts.addressees",
                                verbose_name="まとまり",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="部署",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="利用者",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organization",
                                verbose_name="団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "通知の宛先",
                        "verbose_name_plural": "通知の宛先",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("department__isnull", False)),
                                fields=["department"],
                                name="notice_audience_department",
                            ),
                            models.Index(
                                condition=models.Q(("organization__isnull", False)),
                                fields=["organization"],
                                name="notice_audience_organization",
                            ),
                            models.Index(
                                condition=models.Q(("user__isnull", False)),
                                fields=["user"],
                                name="notice_audience_user",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("department__isnull", False),
                                        ("mailbox", ""),
                                        ("organization__isnull", True),
                                        ("user__isnull", True),
                                    ),
                                    models.Q(
                                        ("department__isnull", True),
                                        ("mailbox", ""),
                                        ("organization__isnull", False),
                                        ("user__isnull", True),
                                    ),
                                    models.Q(
                                        ("department__isnull", True),
                                        ("mailbox", ""),
                                        ("organization__isnull", True),
                                        ("roles", ""),
                                        ("user__isnull", False),
                                    ),
                                    models.Q(
                                        ("department__isnull", True),
                                        ("organization__isnull", True),
                                        ("roles", ""),
                                        ("user__isnull", True),
                                        models.Q(("mailbox", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="notice_audience_is_one_thing",
                                violation_error_message="宛先は、部署・団体・利用者・メールアドレスのどれか1つにしてください。",
                            ),
                            models.UniqueConstraint(
                                models.F("addressees"),
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("department"), models.Value(0)
                                ),
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("organization"), models.Value(0)
                                ),
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("user"), models.Value(0)
                                ),
                                models.F("mailbox"),
                                name="notice_audience_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="送り先")),
                        (
                            "token_digest",
                            models.CharField(max_length=64, unique=True, verbose_name="鍵の照合値"),
                        ),
                        ("invited_at", models.DateTimeField(verbose_name="招待した日時")),
                        ("expires_at", models.DateTimeField(verbose_name="期限")),
                        ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="使われた日時")),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="取り消した日時"),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations_sent",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="招待した人",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="招待された人",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="accounts.organization",
                                verbose_name="団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "招待",
                        "verbose_name_plural": "招待",
                        "ordering": ["-invited_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("used_at__isnull", True), ("withdrawn_at__isnull", True)),
                                fields=("user",),
                                name="invitation_one_open",
                                violation_error_message="この人への招待がすでにあります。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("used_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                                ),
                                name="invitation_one_end",
                                violation_error_message="使われた招待は取り消せません。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("invited_at"))),
                                name="invitation_period",
                                violation_error_message="期限は招待の後にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Designation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=40, verbose_name="種別")),
                        ("label", models.CharField(max_length=80, verbose_name="名称")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("designated", "指定あり"),
                                    ("not_designated", "指定なし"),
                                    ("unknown", "確認が必要"),
                                ],
                                max_length=20,
                                verbose_name="指定",
                            ),
                        ),
                        ("extent", models.CharField(blank=True, max_length=10, verbose_name="範囲")),
                        ("value", models.CharField(blank=True, max_length=60, verbose_name="区分の値")),
                        ("detail", models.TextField(blank=True, verbose_name="説明")),
                        ("since", models.CharField(blank=True, max_length=20, verbose_name="指定年月")),
                        ("until", models.CharField(blank=True, max_length=20, verbose_name="期限")),
                        ("as_of", models.CharField(blank=True, max_length=20, verbose_name="基準日")),
                        ("evidence", models.CharField(blank=True, max_length=20, verbose_name="根拠の種類")),
                        ("citations", models.JSONField(blank=True, default=list, verbose_name="出典")),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="designations",
                                to="accounts.organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "地域指定",
                        "verbose_name_plural": "地域指定",
                        "ordering": ["organization__code", "kind", "label"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organization", "kind", "label", "value"),
                                name="designation_natural_key",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClosingDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="閉庁日")),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="closing_days",
                                to="accounts.organization",
                                verbose_name="団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "閉庁日",
                        "verbose_name_plural": "閉庁日",
                        "ordering": ["organization", "day"],
                        "constraints": [
                            models.UniqueConstraint(fields=("organization", "day"), name="closing_day_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountEvent",
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
                            "subject",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="account_events",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="対象の利用者",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="account_events",
                                to="accounts.organization",
                                verbose_name="対象の団体",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "利用者の記録",
                        "verbose_name_plural": "利用者の記録",
                        "ordering": ["chain_key", "sequence"],
                        "abstract": False,
                        "indexes": [models.Index(fields=["subject", "-at"], name="account_event_subject")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chain_key", "sequence"), name="accounts_accountevent_chain"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReminderRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=60, unique=True, verbose_name="期限の種類")),
                        (
                            "before",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[accounts.models.reminding.validate_before],
                                verbose_name="期限前（営業日）",
                            ),
                        ),
                        (
                            "after",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[accounts.models.reminding.validate_after],
                                verbose_name="期限後（営業日）",
                            ),
                        ),
                        (
                            "hour",
                            models.PositiveSmallIntegerField(
                                default=9, verbose_name="送る時刻（時・日本時間）"
                            ),
                        ),
                        (
                            "roles",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[accounts.models.reminding.validate_roles],
                                verbose_name="知らせる役割",
                            ),
                        ),
                        (
                            "escalates_after",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="広げる期限後の営業日"
                            ),
                        ),
                        (
                            "escalation_roles",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[accounts.models.reminding.validate_roles],
                                verbose_name="広げる役割（部署）",
                            ),
                        ),
                        (
                            "escalation_body_roles",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[accounts.models.reminding.validate_roles],
                                verbose_name="広げる役割（団体）",
                            ),
                        ),
                        (
                            "quiet_hours",
                            models.PositiveSmallIntegerField(
                                default=24, verbose_name="始まりのあと静かにする時間"
                            ),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(default=100, verbose_name="同じ日の優先順"),
                        ),
                        (
                            "is_required",
                            models.BooleanField(default=False, verbose_name="受け取らない設定にできない"),
                        ),
                        (
                            "lines_before",
                            models.JSONField(blank=True, default=list, verbose_name="期限前の文"),
                        ),
                        (
                            "lines_after",
                            models.JSONField(blank=True, default=list, verbose_name="期限後の文"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="使う")),
                    ],
                    options={
                        "verbose_name": "催促の決まり",
                        "verbose_name_plural": "催促の決まり",
                        "ordering": ["priority", "kind"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("hour__lte", 23)),
                                name="reminder_rule_hour_of_day",
                                violation_error_message="時刻は0時から23時までにしてください。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True, verbose_name="照合値")),
                        ("made_at", models.DateTimeField(verbose_name="作成日時")),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="取消日時")),
                        (
                            "last_used_on",
                            models.DateField(blank=True, null=True, verbose_name="最後に読まれた日"),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="作った人",
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
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calendar_tokens",
                                to="accounts.department",
                                verbose_name="部署",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "カレンダーのアドレス",
                        "verbose_name_plural": "カレンダーのアドレス",
                        "ordering": ["-made_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="calendar_token_revoked_paired",
                                violation_error_message="取消しには日時と人が必要です。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("revoked_at__isnull", True),
                                    ("revoked_at__gte", models.F("made_at")),
                                    _connector="OR",
                                ),
                                name="calendar_token_period",
                                violation_error_message="取消しは作成の後にしてください。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deputy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="開始日")),
                        ("ends_on", models.DateField(verbose_name="最後の日")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.department",
                                verbose_name="部署",
                            ),
                        ),
                        (
                            "deputy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="代理の人",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deputies",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="不在の人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "代理",
                        "verbose_name_plural": "代理",
                        "ordering": ["starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="deputy_period",
                                violation_error_message="最後の日は開始日以後にしてください。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("user", models.F("deputy")), _negated=True),
                                name="deputy_is_another",
                                violation_error_message="代理には、ほかの人をえらんでください。",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]

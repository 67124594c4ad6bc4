import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_bodies_and_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dedupe_key", models.CharField(max_length=200, unique=True, verbose_name="重複を防ぐ鍵")),
                ("kind", models.CharField(max_length=80, verbose_name="種類")),
                ("title", models.CharField(max_length=120, verbose_name="件名")),
                ("lines", models.JSONField(blank=True, default=list, verbose_name="本文")),
                ("path", models.CharField(max_length=300, verbose_name="開く先")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="期限")),
                ("at", models.DateTimeField(verbose_name="通知日時")),
                (
                    "addressed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="宛先を決めた日時"),
                ),
                ("unreached", models.CharField(blank=True, max_length=200, verbose_name="届かなかった理由")),
            ],
            options={
                "verbose_name": "通知",
                "verbose_name_plural": "通知",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="notice_newest"),
                    models.Index(
                        condition=models.Q(("addressed_at__isnull", True)),
                        fields=["at", "id"],
                        name="notice_unaddressed",
                    ),
                ],
                "constraints": [
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
                        choices=[("mail", "電子メール")], default="mail", max_length=10, verbose_name="方法"
                    ),
                ),
                ("mailbox", models.EmailField(blank=True, max_length=254, verbose_name="外部の宛先")),
                ("message_id", models.CharField(max_length=200, unique=True, verbose_name="Message-ID")),
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
                ("leased_until", models.DateTimeField(blank=True, null=True, verbose_name="受け持ちの期限")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="送信を始めた回数")),
                (
                    "deferrals",
                    models.PositiveIntegerField(default=0, verbose_name="メールサーバーの都合で延ばした回数"),
                ),
                ("maybe_twice", models.BooleanField(default=False, verbose_name="二度届いたかもしれない")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送信日時")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="届いていない理由")),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="利用者",
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
                                    ("user__isnull", False), ("department__isnull", False), _connector="OR"
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
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
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
                (
                    "role",
                    models.CharField(
                        blank=True,
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
                ("mailbox", models.EmailField(blank=True, max_length=254, verbose_name="外部の宛先")),
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
                        related_name="audiences",
                        to="accounts.notice",
                        verbose_name="通知",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                        verbose_name="団体",
                    ),
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
            ],
            options={
                "verbose_name": "通知の宛先",
                "verbose_name_plural": "通知の宛先",
                "ordering": ["pk"],
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
                                ("role", ""),
                                ("user__isnull", False),
                            ),
                            models.Q(
                                ("department__isnull", True),
                                ("organization__isnull", True),
                                ("role", ""),
                                ("user__isnull", True),
                                models.Q(("mailbox", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_audience_is_one_thing",
                        violation_error_message="宛先は、部署・団体・利用者・メールアドレスのどれか1つにしてください。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", False)),
                        fields=("notice", "department", "role"),
                        name="notice_audience_department_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("organization__isnull", False)),
                        fields=("notice", "organization", "role"),
                        name="notice_audience_organization_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("notice", "user", "role"),
                        name="notice_audience_user_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("mailbox", ""), _negated=True),
                        fields=("notice", "mailbox"),
                        name="notice_audience_mailbox_once",
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
                "constraints": [models.UniqueConstraint(fields=("user", "notice"), name="notice_read_once")],
            },
        ),
    ]

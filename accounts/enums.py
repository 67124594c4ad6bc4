"""Closed sets of the people-and-bodies part. Source: docs/glossary.md."""

from django.db.models import TextChoices


class OrganizationKind(TextChoices):
    """What a body is in law."""

    METROPOLITAN = "metropolitan", "東京都"
    MUNICIPALITY = "municipality", "区市町村"
    MINISTRY = "ministry", "国の機関"
    JOINT_BODY = "joint_body", "実行委員会・協議会・一部事務組合・広域連合"
    PARTNER = "partner", "企業・大学・NPO等"


class MunicipalType(TextChoices):
    """区市町村 kinds; 市町村 and 町村 are narrower audiences."""

    KU = "ku", "区"
    SHI = "shi", "市"
    MACHI = "machi", "町"
    MURA = "mura", "村"


class Area(TextChoices):
    """Tokyo's three areas."""

    WARDS = "wards", "区部"
    TAMA = "tama", "多摩"
    ISLANDS = "islands", "島しょ"


class DesignationState(TextChoices):
    """A source says yes, a source says no, or none speaks."""

    DESIGNATED = "designated", "指定あり"
    NOT_DESIGNATED = "not_designated", "指定なし"
    UNKNOWN = "unknown", "確認が必要"


class Role(TextChoices):
    """What a membership lets a person do; data, not branches."""

    EDITOR = "editor", "担当"
    APPROVER = "approver", "承認者"
    LIAISON = "liaison", "取りまとめ"
    FINANCE = "finance", "財政課"
    OFFICER = "officer", "都担当"
    REVIEWER = "reviewer", "審査員"
    EXTERNAL_REVIEWER = "external_reviewer", "外部委員"
    DECIDER = "decider", "決定権者（都）"
    PUBLISHER = "publisher", "制度編集者"
    COORDINATOR = "coordinator", "計画所管"
    ADVISER = "adviser", "技術的支援コンサルタント"
    CONTRACTOR = "contractor", "受託事務局"
    AUDITOR = "auditor", "監査"
    ADMINISTRATOR = "administrator", "利用者管理"


class MembershipKind(TextChoices):
    """How a person belongs to a department."""

    MAIN = "main", "本務"
    CONCURRENT = "concurrent", "兼務"
    JOINT = "joint", "併任"
    FISCAL_YEAR_STAFF = "fiscal_year_staff", "会計年度任用職員"
    CONTRACTED = "contracted", "受託者"


class NoticeMode(TextChoices):
    """How somebody wants to be told; the inbox of the portal has everything in any case."""

    IMMEDIATE = "immediate", "すぐにメール"
    DIGEST = "digest", "1日1回まとめてメール"
    INBOX = "inbox", "メールなし（ポータルの中だけ）"


class UnitChange(TextChoices):
    """What a reorganization does to a unit."""

    NONE = "none", "変えない"
    RENAME = "rename", "名前を変える"
    SPLIT = "split", "2つに分ける"
    MERGE = "merge", "ほかの部署に統合する"


class AttemptOutcome(TextChoices):
    """How a try to sign in ended."""

    SIGNED_IN = "signed_in", "サインインした"
    WRONG_PASSWORD = "wrong_password", "パスワードが違った"
    WRONG_CODE = "wrong_code", "確認コードが違った"


class AccountAction(TextChoices):
    """What the account record holds, in words for the person concerned."""

    INVITE = "invite", "招待した"
    WITHDRAW_INVITATION = "withdraw_invitation", "招待を取り消した"
    ACCEPT_INVITATION = "accept_invitation", "招待を受けて登録した"
    ADD_POST = "add_post", "配属を加えた"
    END_POST = "end_post", "配属の終了日を決めた"
    CANCEL_POST = "cancel_post", "始まる前の配属を取り消した"
    ADD_DEPARTMENT = "add_department", "部署を加えた"
    TRANSFER_UNIT = "transfer_unit", "人事異動と組織の変更を決めた"
    HELP_TOWN = "help_town", "利用者管理の担当者がいない団体に、都が担当者を招いた"
    SIGN_IN = "sign_in", "サインインした"
    CHANGE_PASSWORD = "change_password", "パスワードを変えた"
    ADD_FACTOR = "add_factor", "認証手段を加えた"
    REMOVE_FACTOR = "remove_factor", "認証手段を外した"
    RESET_FACTOR = "reset_factor", "コード表を作り直した"
    RESET_FACTORS = "reset_factors", "認証手段をすべて外した（利用者管理）"
    DEACTIVATE = "deactivate", "利用を止めた"
    REACTIVATE = "reactivate", "利用を再開した"
    MAKE_TOKEN = "make_token", "APIのトークンを作った"
    REVOKE_TOKEN = "revoke_token", "APIのトークンを取り消した"
    CARRY_TOKEN = "carry_token", "APIのトークンを、部署の変更に合わせて引き継いだ"


class Scope(TextChoices):
    """What a token may do. What has no scope here needs a person."""

    READ_APPLICATIONS = "applications.read", "申請・収支計画・記録を読む"
    WRITE_DRAFTS = "applications.write", "申請の下書き（答えと収支計画）を保存する"
    READ_DOCUMENTS = "documents.read", "添付書類の一覧を読み、取り出す"
    READ_NOTICES = "notices.read", "通知を読む"
    MARK_NOTICES = "notices.write", "通知を既読にする"
    READ_DEADLINES = "deadlines.read", "課の期限を読む"
    READ_ROUNDS = "rounds.read", "進行管理の照会と個票を読む"

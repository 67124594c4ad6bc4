"""Closed sets of the catalogue. Sets of states have names here; nobody lists them inline.

Source: docs/glossary.md.
"""

from django.db.models import IntegerChoices, TextChoices


class Level(TextChoices):
    """Who offers a program."""

    NATIONAL = "national", "国"
    METROPOLITAN = "metropolitan", "都"
    MUNICIPAL = "municipal", "市町村"


class Kind(TextChoices):
    """The twelve facets of support; the source's own word stands beside it in `kind_label`."""

    GRANT = "grant", "補助金・交付金"
    TAX_ALLOCATION = "tax_allocation", "交付税措置"
    LOCAL_BOND = "local_bond", "地方債"
    LOAN = "loan", "融資・保証"
    EXPERT_DISPATCH = "expert_dispatch", "人材・専門家の派遣"
    CONSULTATION = "consultation", "相談・窓口"
    TRAINING = "training", "講座・研修"
    MATCHING = "matching", "マッチング・ネットワーク"
    PROMOTION = "promotion", "情報発信・催し"
    FACILITY = "facility", "施設・拠点"
    RESEARCH = "research", "調査・実証"
    FRAMEWORK = "framework", "制度・計画の枠組み"


# Support that is used at any time, without rounds of application.
ROUNDLESS_KINDS = frozenset({Kind.CONSULTATION, Kind.MATCHING, Kind.FACILITY})


class Facet(TextChoices):
    """The properties of which a program may hold several."""

    AUDIENCE = "audience", "使える人"
    THEME = "theme", "テーマ"


class Audience(TextChoices):
    """Who can use or apply for a program."""

    RESIDENT = "resident", "住民・個人"
    BUSINESS = "business", "事業者"
    ORGANIZATION = "organization", "団体・NPO・大学等"
    MUNICIPALITY = "municipality", "区市町村"
    PREFECTURE = "prefecture", "都道府県"
    INDIVIDUAL_EXPERT = "individual_expert", "専門人材"


class AudienceScope(TextChoices):
    """Which municipalities a program is for; 区市町村, 市町村 and 町村 are three different audiences."""

    KU_SHI_CHO_SON = "ku_shi_cho_son", "区市町村"
    SHI_CHO_SON = "shi_cho_son", "市町村"
    CHO_SON = "cho_son", "町村"
    TAMA = "tama", "多摩地域の市町村"
    ISLANDS = "islands", "島しょの町村"
    SINGLE = "single", "その市町村だけ"
    NATIONWIDE = "nationwide", "全国の自治体"


class Theme(TextChoices):
    """What a program is for."""

    RELOCATION = "relocation", "移住・定住"
    INDUSTRY = "industry", "産業振興"
    STARTUP = "startup", "創業・新事業"
    TOURISM = "tourism", "観光"
    COLLABORATION = "collaboration", "連携・協働"
    HUMAN_RESOURCES = "human_resources", "人材"
    UNIVERSITY = "university", "大学・学生"
    VACANT_HOUSE = "vacant_house", "空き家・住まい"
    DX = "dx", "デジタル"
    DECARBONIZATION = "decarbonization", "脱炭素・エネルギー"
    YOUTH = "youth", "若者・子ども"
    WOMEN = "women", "女性"
    AGRICULTURE = "agriculture", "農林水産"
    LABOR = "labor", "雇用・働き方"
    COMMUNITY = "community", "地域コミュニティ"
    DEPOPULATION = "depopulation", "過疎・条件不利地域"
    MULTICULTURAL = "multicultural", "多文化共生"
    FINANCE = "finance", "財政・経営"
    CULTURE = "culture", "文化・スポーツ"
    TRANSPORT = "transport", "交通"
    DISASTER = "disaster", "防災・復興"
    HEALTH = "health", "健康・福祉"


FACET_CODES: dict[str, list[str]] = {Facet.AUDIENCE: list(Audience.values), Facet.THEME: list(Theme.values)}


class Publication(TextChoices):
    """How far a text has come on its way to the public."""

    DRAFT = "draft", "下書き"
    IN_REVIEW = "in_review", "確認中"
    PUBLISHED = "published", "公開"
    WITHDRAWN = "withdrawn", "取下げ"


VISIBLE_PUBLICATIONS = frozenset({Publication.PUBLISHED})
PUBLISHABLE_PUBLICATIONS = frozenset({Publication.DRAFT, Publication.IN_REVIEW, Publication.WITHDRAWN})


class RevisionState(TextChoices):
    """How far a revision of a program's text has come; what is on view is the last published one."""

    DRAFT = "draft", "下書き"
    IN_REVIEW = "in_review", "確認中"
    PUBLISHED = "published", "公開した版"
    DISCARDED = "discarded", "破棄"


OPEN_REVISIONS = frozenset({RevisionState.DRAFT, RevisionState.IN_REVIEW})
# Programs nobody has put on view yet: their row follows the open revision.
UNPUBLISHED_PUBLICATIONS = frozenset({Publication.DRAFT, Publication.IN_REVIEW})


class Offering(TextChoices):
    """Whether the program itself is on offer (the API's `status`)."""

    ACTIVE = "active", "実施中"
    PLANNED = "planned", "検討中"
    ENDED = "ended", "終了"


class YearChange(TextChoices):
    """What a fiscal year's version changed against the year before."""

    NEW = "new", "新規"
    EXPANDED = "expanded", "拡充"
    CONTINUED = "continued", "継続"
    REDUCED = "reduced", "縮小"
    ENDED = "ended", "終了"


class AvailabilityState(TextChoices):
    """Whether a program can be used or applied for at an instant; derived, never stored."""

    OPEN = "open", "受付中"
    OPENS_SOON = "opens_soon", "まもなく受付"
    YEAR_ROUND = "year_round", "通年"
    ASK = "ask", "受付時期は窓口へ"
    CLOSED = "closed", "受付終了"
    PLANNED = "planned", "検討中"
    ENDED = "ended", "終了"


USABLE_NOW = frozenset({AvailabilityState.OPEN, AvailabilityState.YEAR_ROUND})


class Fit(IntegerChoices):
    """Whether a municipality belongs to a program's audience, as far as area and kind of town tell."""

    YES = 0, "使える見込み"
    CHECK = 1, "確認が必要"
    NO = 2, "対象外"


class AmountRange(TextChoices):
    """Where the largest amount of support that the sources state for a program lies, in yen."""

    TO_1M = "to_1m", "100万円まで"
    TO_5M = "to_5m", "100万円を超え500万円まで"
    TO_20M = "to_20m", "500万円を超え2,000万円まで"
    OVER_20M = "over_20m", "2,000万円を超える"
    NONE = "none", "金額の記載なし"


# The greatest yen of each range, in ascending order; what is larger is OVER_20M.
AMOUNT_BOUNDS: dict[str, int] = {
    AmountRange.TO_1M: 1_000_000,
    AmountRange.TO_5M: 5_000_000,
    AmountRange.TO_20M: 20_000_000,
}


class AlertFrequency(TextChoices):
    """How often somebody wants to hear of new matches of a saved search."""

    DAILY = "daily", "毎日（新しいものがある日の朝）"
    WEEKLY = "weekly", "毎週（月曜日の朝）"


class CorrectionPart(TextChoices):
    """The part of a program's page a reader says is wrong."""

    TITLE = "title", "名前"
    SUMMARY = "summary", "概要"
    AUDIENCE = "audience_text", "使える人"
    BENEFIT = "benefit_text", "受けられる支援・金額"
    REACH = "reach_text", "申込み・相談のしかた"
    CONTACT = "contact", "問合せ先・電話"
    PERIOD = "period", "募集の時期・実施の状態"
    OTHER = "other", "そのほか"


class FundingRoute(TextChoices):
    """交付方式: whom the money goes to."""

    LEAD = "lead", "代表の市町村に一括"
    EACH_MEMBER = "each_member", "各市町村へ"
    JOINT_BODY = "joint_body", "協議会などの共同体へ"


class InputUnit(TextChoices):
    """The unit in which amounts are typed; shown in every header."""

    YEN = "yen", "円"
    THOUSAND_YEN = "thousand_yen", "千円"


class RoundingScope(TextChoices):
    """What rounding down is applied to."""

    PAYEE = "payee", "交付先ごと"
    ITEM = "item", "費目ごと"
    PROJECT = "project", "事業全体"


class CertificationMode(TextChoices):
    """How the town's own decision is shown."""

    EXTERNAL = "external", "庁内の決裁を記録"
    IN_PORTAL = "in_portal", "ポータルで決裁"


class EndsIn(TextChoices):
    """What an adopted application receives."""

    MONEY = "money", "補助金"
    SERVICE = "service", "派遣・視察などの支援"


class SystemState(TextChoices):
    """State of a system that exists elsewhere, as far as the sources tell."""

    ACTIVE = "active", "運用中"
    PLANNED = "planned", "準備中"
    ENDED = "ended", "終了"
    UNKNOWN = "unknown", "状態の記載なし"


class SystemRelation(TextChoices):
    """What this portal does about it."""

    LINK = "link", "リンク"
    COVER = "cover", "このポータルで扱う"
    COVER_PARTLY = "cover_partly", "一部をこのポータルで扱う"


class QuestionKind(TextChoices):
    """What an answer is."""

    LINE = "line", "一行の文章"
    TEXT = "text", "文章"
    NUMBER = "number", "整数"
    DATE = "date", "日付"
    CHOICE = "choice", "選択"


class SectionScope(TextChoices):
    """Whether a section is filled once or by each municipality."""

    COMMON = "common", "共通"
    MEMBER = "member", "団体ごと"


class CapReading(TextChoices):
    """How a cap "per project" is read where the source does not say."""

    PER_YEAR = "per_year", "年度ごとの上限"
    WHOLE_PROJECT = "whole_project", "事業期間全体の上限"


class OtherSubsidy(TextChoices):
    """What another subsidy does to the sum."""

    DEDUCT = "deduct", "収入として差し引く"
    EXCLUDE = "exclude", "その分の経費を対象から除く"


class PartKind(TextChoices):
    """What a publisher revises beside a program's own text."""

    CALL = "call", "募集"
    FUNDING = "funding", "算定規則"
    ELIGIBILITY = "eligibility", "要件"
    FIGURES = "figures", "数値と出典"

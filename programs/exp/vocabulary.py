"""The closed words of the contract, and what of this catalogue they stand for (docs/adr/0011)."""

from collections.abc import Iterable
from typing import Final

from programs.enums import AudienceScope, Kind, Level, Theme

NATIONWIDE: Final = "全国"
TOKYO: Final = "東京都"
_REGIONS: Final[dict[str, tuple[str, ...]]] = {
    "北海道地方": ("北海道",),
    "東北地方": ("青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県"),
    "関東・甲信越地方": (
        *(
            "茨城県",
            "栃木県",
            "群馬県",
            "埼玉県",
            "千葉県",
            "東京都",
            "神奈川県",
            "新潟県",
            "山梨県",
            "長野県",
        ),
    ),
    "東海・北陸地方": ("富山県", "石川県", "福井県", "岐阜県", "静岡県", "愛知県", "三重県"),
    "近畿地方": ("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
    "中国地方": ("鳥取県", "島根県", "岡山県", "広島県", "山口県"),
    "四国地方": ("徳島県", "香川県", "愛媛県", "高知県"),
    "九州・沖縄地方": (*("福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),),
}
AREAS: Final = frozenset({NATIONWIDE, *_REGIONS, *(name for names in _REGIONS.values() for name in names)})
WITH_TOKYO: Final = frozenset(
    {TOKYO, *(region for region, prefectures in _REGIONS.items() if TOKYO in prefectures)}
)
"""The areas a program of Tokyo or of one of its towns answers to."""

EMPLOYEES: Final = frozenset(
    {
        *("従業員数の制約なし", "5名以下", "20名以下", "50名以下", "100名以下", "300名以下", "900名以下"),
        "901名以上",
        "従業員の制約なし",  # as the first clients of the contract still send it
    }
)
INDUSTRIES: Final = frozenset(
    {
        *("農業、林業", "漁業", "鉱業、採石業、砂利採取業", "建設業", "製造業"),
        *("電気・ガス・熱供給・水道業", "情報通信業", "運輸業、郵便業", "卸売業、小売業", "金融業、保険業"),
        *("不動産業、物品賃貸業", "学術研究、専門・技術サービス業", "宿泊業、飲食サービス業"),
        *("生活関連サービス業、娯楽業", "教育、学習支援業", "医療、福祉", "複合サービス事業"),
        *("サービス業（他に分類されないもの）", "公務（他に分類されるものを除く）", "分類不能の産業"),
    }
)

NEW_BUSINESS: Final = "新たな事業を行いたい"
EVENTS: Final = "イベント・事業運営支援がほしい"
TRIALS: Final = "研究開発・実証事業を行いたい"
PEOPLE: Final = "人材育成を行いたい"
CASH: Final = "資金繰りを改善したい"
EQUIPMENT: Final = "設備整備・IT導入をしたい"
LABOR: Final = "雇用・職場環境を改善したい"
ECOLOGY: Final = "エコ・SDGs活動支援がほしい"
CHILDREN: Final = "教育・子育て・少子化支援がほしい"
CULTURE: Final = "スポーツ・文化支援がほしい"
SAFETY: Final = "安全・防災対策支援がほしい"
TOWN: Final = "まちづくり・地域振興支援がほしい"
PURPOSES: Final = (
    *(
        NEW_BUSINESS,
        "販路拡大・海外展開をしたい",
        EVENTS,
        "事業を引き継ぎたい",
        TRIALS,
        PEOPLE,
        CASH,
        EQUIPMENT,
    ),
    *(LABOR, ECOLOGY, "災害（自然災害、感染症等）支援がほしい", CHILDREN, CULTURE, SAFETY, TOWN),
)
"""The fifteen purposes in the order of the contract; no theme or kind of ours means the three left out below."""

_BY_THEME: Final[dict[str, str]] = {
    Theme.STARTUP: NEW_BUSINESS,
    Theme.HUMAN_RESOURCES: PEOPLE,
    Theme.DX: EQUIPMENT,
    Theme.LABOR: LABOR,
    Theme.DECARBONIZATION: ECOLOGY,
    Theme.YOUTH: CHILDREN,
    Theme.CULTURE: CULTURE,
    Theme.DISASTER: SAFETY,
    Theme.RELOCATION: TOWN,
    Theme.VACANT_HOUSE: TOWN,
    Theme.TOURISM: TOWN,
    Theme.COLLABORATION: TOWN,
    Theme.COMMUNITY: TOWN,
    Theme.DEPOPULATION: TOWN,
}
_BY_KIND: Final[dict[str, str]] = {
    Kind.LOAN: CASH,
    Kind.TRAINING: PEOPLE,
    Kind.RESEARCH: TRIALS,
    Kind.PROMOTION: EVENTS,
}


def purposes_of(kind: str, themes: Iterable[str]) -> list[str]:
    """The purposes a program serves by its kind and themes, in the order of the contract."""
    held = {_BY_THEME.get(theme) for theme in themes} | {_BY_KIND.get(kind)}
    return [purpose for purpose in PURPOSES if purpose in held]


def themes_for(purposes: Iterable[str]) -> list[str]:
    """The themes that mean one of these purposes."""
    wanted = frozenset(purposes)
    return [theme for theme, purpose in _BY_THEME.items() if purpose in wanted]


def kinds_for(purposes: Iterable[str]) -> list[str]:
    """The kinds of support that mean one of these purposes."""
    wanted = frozenset(purposes)
    return [kind for kind, purpose in _BY_KIND.items() if purpose in wanted]


def area_of(level: str, scope: str) -> str:
    """The area a program states: 全国 for those of the country, 東京都 for those of Tokyo and its towns."""
    return NATIONWIDE if level == Level.NATIONAL or scope == AudienceScope.NATIONWIDE else TOKYO

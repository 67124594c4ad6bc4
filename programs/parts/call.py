"""募集 as its publisher edits it: what it says, and the form it asks for (様式). Source: docs/glossary.md.

Instants are ISO texts, days ISO dates, amounts yen. What a call asks is there where it has sections; a call without
any takes no applications here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from accounts.enums import Area
from core import clock
from core.business_days import holiday_name, is_business_day, next_business_day
from core.exceptions import Fault
from core.wareki import long_date
from programs.enums import (
    AudienceScope,
    CapReading,
    CertificationMode,
    EndsIn,
    FundingRoute,
    InputUnit,
    OtherSubsidy,
    QuestionKind,
    RoundingScope,
    SectionScope,
)
from programs.parts.spec import Content, Group, Item, Type, blank, items_of, moment_text

TITLE_QUESTION: Final = "title"
"""The question whose answer names the application; every form has it."""
_CODE: Final = Item("code", "記号", Type.CODE)
_BASICS: Final = (
    Item("fiscal_year", "対象年度", Type.YEAR, hint="経費が対象になる年度。例：2027、R9", required=True),
    Item("round_name", "募集回", limit=60, hint="例：第1次募集", required=True),
    Item("outline", "募集の概要", Type.TEXT, limit=2000),
    Item("applicants", "申請できる人", required=True),
    Item("applicant_scope", "対象の自治体", Type.CHOICE, AudienceScope.choices),
    Item("budget", "予算（円）", Type.YEN),
    Item("capacity", "採択の数", Type.WHOLE, least=1),
    Item("capacity_unit", "採択の単位", limit=20, hint="例：自治体、回"),
    Item("uses_per_member", "1団体が使える回数", Type.WHOLE, least=1),
    Item("max_per_lead", "代表1団体の申請数", Type.WHOLE, least=1, required=True),
)
_DATES: Final = (
    Item("opens_at", "受付開始", Type.MOMENT, required=True),
    Item("closes_at", "締切", Type.MOMENT, hint="時刻を書かないと17時です。", required=True),
    Item("precheck_due_at", "案の事前確認の期限", Type.MOMENT),
    Item("announce_at", "結果の公表", Type.MOMENT),
    Item(
        "phases", "その後の日程", Type.ROWS,
        columns=(
            Item("key", "記号", Type.CODE), Item("label", "名前", limit=40, required=True),
            Item("starts_on", "日付", Type.DAY, required=True), Item("approximate", "およその日", Type.FLAG),
        ),
    ),
)  # fmt: skip
_PAYING: Final = (
    Item("ends_in", "支援の形", Type.CHOICE, EndsIn.choices, required=True),
    Item("rule", "算定規則", Type.CHOICE, hint="この募集のページから試算できる規則です。"),
    Item("funding_route", "交付方式", Type.CHOICE, FundingRoute.choices, required=True),
    Item("certification_mode", "庁内決裁の扱い", Type.CHOICE, CertificationMode.choices, required=True),
    Item("input_unit", "金額の入力単位", Type.CHOICE, InputUnit.choices, required=True),
    Item("rounding_unit", "切捨ての単位（円）", Type.YEN, least=1, required=True),
    Item("rounding_scope", "切捨ての対象", Type.CHOICE, RoundingScope.choices, required=True),
    Item("cap_per_member", "1団体あたりの上限（円）", Type.YEN),
)
_CONTACT: Final = (
    Item("contact_department", "問合せ先", hint="空欄のときは、制度の問合せ先を示します。"),
    Item("contact_phone", "電話", limit=40),
    Item("contact_hours", "受付時間", limit=100),
    Item("contact_email", "メール", limit=200),
)
_ASKED: Final = (
    Item("form_title", "様式の名前", limit=120),
    Item("requires_precheck", "案の事前確認を求める", Type.FLAG),
    Item(
        "sections", "部分", Type.ROWS, hint="同意に結び付く部分を後で変えると、構成団体の同意は取り直しになります。",
        columns=(
            _CODE, Item("label", "名前", limit=60, required=True),
            Item("scope", "書く人", Type.CHOICE, SectionScope.choices, required=True),
            Item("binding", "同意に結び付く", Type.FLAG), Item("help", "説明", Type.TEXT, limit=500),
        ),
    ),
    Item(
        "questions", "設問", Type.ROWS, hint="部分を加えたときは、行を加えるか保存すると選べるようになります。",
        columns=(
            _CODE, Item("section", "部分", Type.CHOICE, required=True, names="sections"), Item("label", "設問", required=True),
            Item("kind", "答えの種類", Type.CHOICE, QuestionKind.choices, required=True),
            Item("required", "必須", Type.FLAG), Item("max_length", "最大文字数", Type.WHOLE, least=1),
            Item("unit", "単位", limit=20, hint="答えが整数のとき"),
            Item("choices", "選択肢（1行に1つ）", Type.LINES, limit=2000), Item("help", "説明", Type.TEXT, limit=500),
        ),
    ),
    Item(
        "documents", "添付書類", Type.ROWS,
        columns=(_CODE, Item("label", "書類", limit=120, required=True), Item("required", "必須", Type.FLAG)),
    ),
    Item(
        "criteria", "審査の観点", Type.ROWS, hint="採点は1から5で、重みを掛けて合計します。",
        columns=(
            _CODE, Item("label", "観点", limit=60, required=True), Item("weight", "重み", Type.WHOLE, least=1, required=True),
            Item("help", "採点の手引き", Type.TEXT, limit=500),
        ),
    ),
)  # fmt: skip
DEMANDED: Final = Item(
    "demanded", "作成中の申請にも新しい版を求める", Type.FLAG,
    hint="様式を変えて公開したときだけ働きます。付けると、前の版のままの申請は提出できません。",
)  # fmt: skip
"""How a changed form is published; no part of what the form says."""
_SUM: Final = (
    Item("rate", "補助率", Type.RATE, hint="例：2/3。全額は 1"),
    Item("first_year_cap", "初年度の上限（円）", Type.YEN),
    Item("later_year_cap", "2年度目からの上限（円）", Type.YEN),
    Item("project_cap", "事業期間全体の上限（円）", Type.YEN),
    Item("cap_reading", "上限の読み方", Type.CHOICE, CapReading.choices),
    Item("other_subsidy", "他の補助金の扱い", Type.CHOICE, OtherSubsidy.choices),
    Item("max_years", "最長の年数", Type.WHOLE, least=1),
    Item(
        "cost_items", "費目（節）", Type.ROWS,
        columns=(
            Item("code", "節", Type.SLUG, limit=20, required=True, is_number=True), Item("label", "名前", limit=60, required=True),
            Item("eligible", "対象になる", Type.FLAG), Item("note", "注記", limit=120),
        ),
    ),
    Item("areas", "申請できる地域", Type.CODES, Area.choices, hint="1つも選ばないときは、どの地域でも申請できます。"),
    Item("area_label", "地域の呼び方", limit=40, hint="例：多摩地域"),
    Item("min_municipalities", "最も少ない市町村の数", Type.WHOLE, least=1),
    Item("min_diverse_actors", "最も少ない多様な主体の数", Type.WHOLE),
    Item("defaults", "資料にない点の扱い", Type.LINES, limit=4000, hint="1行に1つ。申請の画面に出ます。"),
)  # fmt: skip
GROUPS: Final = (
    Group("basics", "募集", _BASICS),
    Group("dates", "日程", _DATES, "公開した後の締切は、都担当の「締切の延長」だけで変わります。"),
    Group("paying", "支援の形と金額", _PAYING),
    Group("contact", "募集の問合せ先", _CONTACT),
    Group("form", "様式：聞くことと審査", (*_ASKED, DEMANDED), "部分を1つも作らない募集は、このポータルでは申請を受け付けません。"),
    Group("sum", "様式：補助の計算と要件", _SUM),
)  # fmt: skip
ITEMS: Final = items_of(GROUPS)
COLUMNS: Final = tuple(
    item.name for item in (*_BASICS, *_DATES, *_PAYING, *_CONTACT) if item.name not in {"rule"}
)
"""Items that are columns of Call under the same name; `rule` is a relation."""
MOMENTS: Final = tuple(item.name for item in _DATES if item.type is Type.MOMENT)
FORM_ITEMS: Final = tuple(item.name for item in (*_ASKED, *_SUM))
"""Items that make a form: what is kept as one version and never changed once a case stands on it."""
NEVER_AGAIN: Final = frozenset(
    {
        "fiscal_year", "round_name", *MOMENTS, "ends_in", "funding_route", "certification_mode", "input_unit",
        "rounding_unit", "rounding_scope",
    }
)  # fmt: skip
"""What stays once a call is announced: cases stand on it; its closing moves by an act of its own."""
_NEEDED: Final = ("form_title", "questions", "min_municipalities", "min_diverse_actors")
_NEEDED_FOR_MONEY: Final = ("cap_reading", "other_subsidy", "max_years", "cost_items")
_FEWEST_CHOICES: Final = 2


def fresh() -> Content:
    """A call that says nothing yet, with the usual terms."""
    return blank(
        ITEMS, max_per_lead=1, rounding_unit=1000, rounding_scope=RoundingScope.PAYEE.value,
        input_unit=InputUnit.YEN.value, funding_route=FundingRoute.LEAD.value,
        certification_mode=CertificationMode.EXTERNAL.value, ends_in=EndsIn.MONEY.value,
    )  # fmt: skip


def asks(content: Mapping[str, Any]) -> bool:
    """Whether a call has a form."""
    return bool(content.get("sections"))


def form_part(content: Mapping[str, Any]) -> Content:
    """The items that make the form."""
    return {name: content.get(name) for name in FORM_ITEMS}


def binding_of(content: Mapping[str, Any]) -> list[str]:
    """Codes of the sections a consent is bound to."""
    return [str(section["code"]) for section in content.get("sections") or [] if section.get("binding")]


def form_faults(content: Mapping[str, Any]) -> list[Fault]:
    """What a form lacks before it can be used; [] for a call without one."""
    if not asks(content):
        return []
    pays = content["ends_in"] != EndsIn.SERVICE
    faults = empty_of(content, (*_NEEDED, *_NEEDED_FOR_MONEY) if pays else _NEEDED)
    if not pays and content["cost_items"]:
        faults.append(Fault("cost_items", "補助金のない募集に費目があります。", "費目の行を消すか、支援の形を選び直してください。"))  # fmt: skip
    sections = {section["code"] for section in content["sections"]}
    for number, question in enumerate(content["questions"]):
        field = f"questions_{number}"
        if question["section"] not in sections:
            faults.append(
                Fault(
                    f"{field}_section", f"設問の{number + 1}行目の部分がありません。", "選び直してください。"
                )
            )
        if question["kind"] == QuestionKind.CHOICE and len(question["choices"]) < _FEWEST_CHOICES:
            faults.append(
                Fault(f"{field}_choices", f"設問の{number + 1}行目の選択肢が2つありません。", "1行に1つずつ入力してください。")
            )  # fmt: skip
    if TITLE_QUESTION not in {question["code"] for question in content["questions"]}:
        faults.append(Fault("questions", "申請の名前になる「事業名」の設問がありません。", "消した行を戻すか、前の版に戻してください。"))  # fmt: skip
    return [*faults, *_twice(content)]


def empty_of(content: Mapping[str, Any], names: Iterable[str]) -> list[Fault]:
    """A fault for each of the items that says nothing."""
    return [
        Fault(name, f"{ITEMS[name].label}が空です。", "様式のある募集には入力が要ります。")
        for name in names
        if content.get(name) in (None, "", [])
    ]


def _twice(content: Mapping[str, Any]) -> list[Fault]:
    found = []
    for name in ("sections", "questions", "documents", "criteria", "cost_items"):
        seen: set[str] = set()
        for number, row in enumerate(content[name]):
            if row["code"] in seen:
                found.append(
                    Fault(f"{name}_{number}_code", f"{ITEMS[name].label}の{number + 1}行目の記号「{row['code']}」が2回あります。",
                          "別の記号にするか、どちらかの行を消してください。")
                )  # fmt: skip
            seen.add(row["code"])
    return found


def next_year(content: Mapping[str, Any]) -> Content:
    """The same call a year on: the coming fiscal year, instants and days a year later or on the next business day, no budget."""
    moved = {name: _later(content[name]) for name in MOMENTS}
    phases = [row | {"starts_on": _day_later(row["starts_on"])} for row in content["phases"]]
    year = content["fiscal_year"]
    return dict(content) | moved | {"phases": phases, "budget": None, "fiscal_year": year and year + 1}


def days_off(content: Mapping[str, Any]) -> list[str]:
    """What of the schedule falls on a day offices do not work, in words: allowed, but seldom meant."""
    days = [
        (ITEMS[name].label, clock.local(datetime.fromisoformat(content[name])).date())
        for name in MOMENTS
        if content.get(name)
    ]
    days += [
        (row["label"], date.fromisoformat(row["starts_on"]))
        for row in content["phases"]
        if row.get("starts_on")
    ]
    told = []
    for label, day in days:
        if not is_business_day(day):
            holiday = holiday_name(day)
            told.append(f"{label}　{long_date(day)}{f'　{holiday}' if holiday else ''}")
    return told


def _later(moment: str) -> str:
    if not moment:
        return ""
    local = clock.local(datetime.fromisoformat(moment))
    return moment_text(clock.instant(date.fromisoformat(_day_later(local.date().isoformat())), local.time()))


def _day_later(day: str) -> str:
    if not day:
        return ""
    before = date.fromisoformat(day)
    leap_day = (before.month, before.day) == (2, 29)
    later = before.replace(year=before.year + 1, day=28 if leap_day else before.day)
    return next_business_day(later).isoformat()

"""Programs by the government's service data model (DS-451-4) and in the columns towns publish."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from accounts.models import Organization
from core import clock
from core.actor import ANONYMOUS
from programs.enums import AvailabilityState, Facet, Kind, Level, Theme
from programs.funding import printed
from programs.models import METROPOLITAN_CODE, Call, LegalBasis, Program
from programs.queries.freshness import checked_days, first_known
from programs.queries.rounds import tell_round, with_round_key
from programs.queries.tags import tags_of
from programs.rules import Availability, Window, availability

CHUNK: Final = 500
_READ: Final = (
    *(
        "slug",
        "title",
        "plain_title",
        "title_kana",
        "summary",
        "audience_text",
        "benefit_text",
        "reach_text",
        "level",
    ),
    *(
        "kind",
        "kind_label",
        "audience_scope",
        "owner",
        "parent",
        "department",
        "phone",
        "phones",
        "hours",
        "url",
    ),
    *("offering", "last_year", "money", "eligible_expenses", "citations", "published_at"),
)
_SUMMARY: Final = 100
_CONTENT: Final = 500

GIF_COLUMNS: Final = (
    *("制度所管組織", "タイトル（制度名）", "サブタイトル（通称）", "制度番号", "元制度番号", "制度変更区分"),
    *("根拠法令", "地域群", "地域", "概要", "内容", "対象者", "用途・対象物", "収入条件", "家族構成条件"),
    *(
        "対象者条件",
        "従業員条件",
        "資本金条件",
        "創業年条件",
        "給付上限額",
        "最大金利",
        "借入限度額",
        "償還期限",
    ),
    *("最大補助率", "最大補助率（分数）", "補助率の説明", "費用", "予算枠の有無", "申請届出方法", "募集時期"),
    *(
        "公募開始日",
        "公募終了日",
        "公募備考",
        "手続書類",
        "電子申請の有無",
        "添付ファイル名称",
        "添付ファイル名",
    ),
    *(
        "詳細参照先",
        "詳細URL",
        "標準産業分類",
        "ステージとアクション",
        "事業ステージ",
        "お困りごと",
        "サービス種別",
    ),
    *("災害名", "キーワード", "実施組織・支援機関", "お問い合わせ先", "お問合わせ先一覧", "連絡先情報"),
    *("公開開始日", "公開終了日", "最終更新日", "表示優先度"),
)
"""The items of the model in its order; the fraction and its words stand behind the percentage (ours)."""

STANDARD_COLUMNS: Final = (
    *(
        "全国地方公共団体コード",
        "地方公共団体の名称",
        "制度番号",
        "タイトル（制度名）",
        "サブタイトル（通称名）",
    ),
    *(
        "支援制度種別",
        "対象者",
        "用途・対象費",
        "制度概要",
        "内容",
        "給付金額",
        "補助率",
        "受付開始日",
        "受付終了日",
    ),
    *("利用・申請方法", "申請方法URL", "詳細参照先", "URL", "問い合わせ先", "連絡先名称", "連絡先電話番号"),
    *("キーワード", "公開日"),
)


@dataclass(frozen=True)
class Told:
    """A program with what a row says besides: the address of its page, and since when it is known."""

    program: Program
    page: str
    known: datetime | None


def records(at: datetime) -> Iterator[Told]:
    """What everybody sees, by reading, with one round each; a fixed number of queries a chunk."""
    days, owners = checked_days(), Organization.objects.in_bulk()
    pages = address_pattern("programs:detail")
    seen = Program.objects.visible_to(ANONYMOUS, at).only(*_READ).order_by("title_kana", "slug")
    rows = with_round_key(seen, at).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        _complete(chunk, owners)
        for program in chunk:
            known = first_known(program.published_at, program.citations, days)
            yield Told(program, pages.format(program.slug), known)


def _complete(chunk: list[Program], owners: Mapping[int, Organization]) -> None:
    """What belongs to the programs of a chunk, as if it had been read with them."""
    tags, parents = tags_of(chunk), Program.objects.in_bulk({row.parent_id for row in chunk if row.parent_id})
    rounds = Call.objects.in_bulk({key for row in chunk if (key := vars(row)["round_key"])})
    bases: defaultdict[int, list[LegalBasis]] = defaultdict(list)
    for basis in LegalBasis.objects.filter(program__in=[row.pk for row in chunk]):
        bases[basis.program_id].append(basis)
    for row in chunk:
        row.owner, row.held_tags = owners[row.owner_id], tags.get(row.pk, {})
        row.parent = parents[row.parent_id] if row.parent_id else None
        vars(row)["bases"] = bases.get(row.pk, ())
        tell_round(row, rounds.get(vars(row)["round_key"]))


def gif_row(told: Told, at: datetime) -> list[Any]:
    """The row in the order of `GIF_COLUMNS`."""
    said = _gif(told, at)
    return [said.get(column, "") for column in GIF_COLUMNS]


def standard_row(told: Told, at: datetime) -> list[Any]:
    """The row in the order of `STANDARD_COLUMNS`."""
    del at
    said = _standard(told)
    return [said.get(column, "") for column in STANDARD_COLUMNS]


def _gif(told: Told, at: datetime) -> dict[str, Any]:
    program = told.program
    rate = printed.best_rate(program.money)
    state = state_of(program, at)
    return {
        "制度所管組織": office(program),
        "タイトル（制度名）": program.title,
        "サブタイトル（通称）": program.plain_title,
        "制度番号": program.slug,
        "元制度番号": _parent_slug(program, at),
        "根拠法令": ";".join(f"{basis.title}{basis.number}" for basis in vars(program)["bases"]),
        "地域群": program.area_text(),
        "地域": _area_code(program),
        "概要": within(program.summary or program.title, _SUMMARY),
        "内容": within(_content(program), _CONTENT),
        "対象者": program.audience_text,
        "用途・対象物": "、".join(map(str, program.eligible_expenses)),
        "給付上限額": _cap(program),
        "最大金利": printed.interest(program.money),
        "借入限度額": printed.loan_cap(program.money),
        "最大補助率": None if rate is None else printed.percent(rate),
        "最大補助率（分数）": None if rate is None else f"{rate.numerator}/{rate.denominator}",
        "補助率の説明": printed.rate_text(program.money),
        "予算枠の有無": "有" if getattr(program, "round_budget", None) is not None else "",
        "申請届出方法": program.reach_text,
        "募集時期": _season(state),
        "公募開始日": _day(getattr(program, "round_opens", None)),
        "公募終了日": _day(getattr(program, "round_closes", None)),
        "公募備考": state.text,
        "詳細参照先": "公式ページ" if program.url else "このポータルのページ",
        "詳細URL": program.url or told.page,
        "キーワード": ";".join(_theme_words(program)),
        "お問い合わせ先": office(program),
        "連絡先情報": contact(program),
        "公開開始日": _day(program.published_at),
        "最終更新日": _day(told.known),
    }


def _standard(told: Told) -> dict[str, Any]:
    program = told.program
    return {
        "全国地方公共団体コード": program.owner.code if program.owner.code.isdigit() else "",
        "地方公共団体の名称": program.owner.name,
        "制度番号": program.slug,
        "タイトル（制度名）": program.title,
        "サブタイトル（通称名）": program.plain_title,
        "支援制度種別": program.kind_label or str(program.get_kind_display()),
        "対象者": program.audience_text,
        "用途・対象費": "、".join(map(str, program.eligible_expenses)),
        "制度概要": program.summary,
        "内容": program.benefit_text,
        "給付金額": _cap(program),
        "補助率": printed.rate_text(program.money),
        "受付開始日": _day(getattr(program, "round_opens", None)),
        "受付終了日": _day(getattr(program, "round_closes", None)),
        "利用・申請方法": program.reach_text,
        "申請方法URL": program.url,
        "詳細参照先": told.page,
        "URL": program.url or told.page,
        "問い合わせ先": office(program),
        "連絡先名称": program.department or program.owner.name,
        "連絡先電話番号": program.phone,
        "キーワード": ";".join(_theme_words(program)),
        "公開日": _day(program.published_at),
    }


def state_of(program: Program, at: datetime) -> Availability:
    """Its availability by the round it is annotated with: the same as by all its rounds."""
    opens, closes = getattr(program, "round_opens", None), getattr(program, "round_closes", None)
    windows = [Window(opens, closes)] if opens is not None and closes is not None else []
    return availability(
        offering=program.offering, kind=program.kind, windows=windows, at=at, last_year=program.last_year
    )


def office(program: Program) -> str:
    """Body and department in one line."""
    if program.department.startswith(program.owner.name):
        return program.department
    return f"{program.owner.name} {program.department}".strip()


def contact(program: Program) -> str:
    """Telephones with their desks and hours; the office where no telephone is known."""
    desks = [
        f"{desk.get('area', '')} {desk.get('desk', '')} {desk.get('phone', '')}" for desk in program.phones
    ]
    known = [part for part in (program.phone, *desks) if part.strip()]
    return "；".join([*known, *([program.hours] if known and program.hours else [])]) or office(program)


def page(program: Program) -> str:
    """The address of its page."""
    return f"{settings.PORTAL_ORIGIN.rstrip('/')}{reverse('programs:detail', args=[program.slug])}"


def address_pattern(route: str) -> str:
    """The address of every object of a route, with {} for what names it: looked up once, not once a row."""
    path = reverse(route, args=["0"])
    return f"{settings.PORTAL_ORIGIN.rstrip('/')}{'{}'.join(path.rsplit('0', 1))}"


def within(text: str, most: int) -> str:
    """The text if it is short enough, else its first whole sentences, else its beginning with …."""
    if len(text) <= most:
        return text
    end = text.rfind("。", 0, most) + 1
    return text[:end] if end else f"{text[: most - 1]}…"


def _content(program: Program) -> str:
    parts = (program.summary, program.benefit_text, program.audience_text)
    return "".join(part.strip() for part in parts) or program.title


def _cap(program: Program) -> int | None:
    stated = printed.cap(program.money, pays_directly=program.kind == Kind.GRANT)
    by_round: int | None = getattr(program, "round_cap", None)
    return by_round if stated is None else stated


def _parent_slug(program: Program, at: datetime) -> str:
    return program.parent.slug if program.parent is not None and program.parent.is_public(at) else ""


def _area_code(program: Program) -> str:
    """The code of the town or of Tokyo; empty for programs of the country."""
    if program.level == Level.NATIONAL:
        return ""
    return METROPOLITAN_CODE if program.level == Level.METROPOLITAN else program.owner.code


def _season(state: Availability) -> str:
    if state.state is AvailabilityState.YEAR_ROUND:
        return "随時"
    return "" if state.opens_at is not None or state.state is AvailabilityState.ENDED else "未定"


def _theme_words(program: Program) -> list[str]:
    return [str(Theme(code).label) for code in program.tag_codes(Facet.THEME)]


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{clock.local(moment):%Y-%m-%d}"

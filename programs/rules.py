"""Arithmetic of the catalogue that needs no database: availability, area rank, area fit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.enums import MunicipalType
from core import clock, fiscal_year
from core.wareki import near_date
from programs.enums import (
    AMOUNT_BOUNDS,
    ROUNDLESS_KINDS,
    AmountRange,
    AudienceScope,
    AvailabilityState,
    Fit,
    Level,
    Offering,
)

SOON_DAYS = 7
"""From so many days before its end an open call is shown as ending soon."""

AHEAD_DAYS = 60
"""A call that opens within so many days is shown as opening soon."""


@dataclass(frozen=True)
class Window:
    """The time a call takes applications: both ends belong to it."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Availability:
    """A state, its word, what to say after the word, and the dates it rests on (instants or None).

    `tone` names the badge: good, warn, info or neutral.
    """

    state: AvailabilityState
    detail: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    days_left: int | None = None

    @property
    def word(self) -> str:
        """The state in Japanese."""
        return str(self.state.label)

    @property
    def text(self) -> str:
        """The word and what follows it, for badges and the API: 受付中 あと12日."""
        return f"{self.word} {self.detail}".strip()

    @property
    def tone(self) -> str:
        """Badge tone; the word always stands beside it."""
        if self.state is AvailabilityState.OPEN:
            return "warn" if self.days_left is not None and self.days_left <= SOON_DAYS else "good"
        return {
            AvailabilityState.YEAR_ROUND: "good",
            AvailabilityState.OPENS_SOON: "info",
            AvailabilityState.ASK: "neutral",
        }.get(self.state, "neutral")


def availability(
    *, offering: str, kind: str, windows: Iterable[Window], at: datetime, last_year: int | None = None
) -> Availability:
    """Say whether a program can be used at an instant.

    `windows` are those of its published calls. Ended and planned programs never open. Among open calls
    the nearest closing counts, among coming ones the nearest opening; after the last one closed, the
    month it opened in is named as the likely next one. Without any call a program is 通年 only when its
    kind of support knows no rounds; else the sources do not say when it takes applications.
    """
    if offering == Offering.ENDED:
        return Availability(AvailabilityState.ENDED, _ended(last_year))
    if offering == Offering.PLANNED:
        return Availability(AvailabilityState.PLANNED)
    ordered = sorted(windows, key=lambda window: (window.closes_at, window.opens_at))
    running = [window for window in ordered if window.opens_at <= at <= window.closes_at]
    if running:
        return _open(running[0], at)
    coming = sorted(
        (window for window in ordered if window.opens_at > at), key=lambda window: window.opens_at
    )
    if coming:
        return _coming(coming[0], at)
    if ordered:
        last = ordered[-1]
        month = clock.local(last.opens_at).month
        return Availability(
            AvailabilityState.CLOSED, f"次回 {month}月頃の見込み", last.opens_at, last.closes_at
        )
    return Availability(AvailabilityState.YEAR_ROUND if kind in ROUNDLESS_KINDS else AvailabilityState.ASK)


def _ended(last_year: int | None) -> str:
    """The fiscal year a program ran to, or nothing when the sources do not say."""
    return "" if last_year is None else f"{fiscal_year.label(last_year)}まで"


def days_between(at: datetime, until: datetime) -> int:
    """Whole days by JST date from an instant to another; 0 on the day itself."""
    return (clock.today(until) - clock.today(at)).days


def _open(window: Window, at: datetime) -> Availability:
    left = days_between(at, window.closes_at)
    detail = f"本日{clock.local(window.closes_at):%H:%M}まで" if left == 0 else f"あと{left}日"
    return Availability(AvailabilityState.OPEN, detail, window.opens_at, window.closes_at, left)


def _coming(window: Window, at: datetime) -> Availability:
    opens: date = clock.today(window.opens_at)
    if days_between(at, window.opens_at) <= AHEAD_DAYS:
        return Availability(
            AvailabilityState.OPENS_SOON,
            f"{opens.month}月{opens.day}日から",
            window.opens_at,
            window.closes_at,
        )
    return Availability(
        AvailabilityState.CLOSED, f"次回 {opens.month}月頃", window.opens_at, window.closes_at
    )


def call_availability(window: Window, at: datetime) -> Availability:
    """The state of one call: before its opening, open, or closed, with the dates in words."""
    if window.opens_at <= at <= window.closes_at:
        return _open(window, at)
    today = clock.today(at)
    if at < window.opens_at:
        opens = near_date(clock.today(window.opens_at), today)
        return Availability(AvailabilityState.OPENS_SOON, f"{opens}から", window.opens_at, window.closes_at)
    closed = near_date(clock.today(window.closes_at), today)
    return Availability(AvailabilityState.CLOSED, f"{closed}締切", window.opens_at, window.closes_at)


# --- Area ---------------------------------------------------------------------------------------------

_SCOPE_RANK = {
    AudienceScope.SINGLE: 0,
    AudienceScope.ISLANDS: 1,
    AudienceScope.TAMA: 1,
    AudienceScope.CHO_SON: 2,
    AudienceScope.SHI_CHO_SON: 3,
    AudienceScope.KU_SHI_CHO_SON: 4,
    AudienceScope.NATIONWIDE: 6,
}
_LEVEL_RANK = {Level.MUNICIPAL: 0, Level.METROPOLITAN: 4, Level.NATIONAL: 6}


def area_rank(level: str, scope: str) -> int:
    """How wide a program reaches: 0 one municipality … 6 the whole country. Lists show the narrowest first."""
    by_level = _LEVEL_RANK[Level(level)]
    if not scope:
        return by_level
    return min(_SCOPE_RANK[AudienceScope(scope)], by_level)


def level_word(level: str, municipal_type: str) -> str:
    """国, 都, or the kind of the municipality that gives it: 市, 町, 村, 区."""
    if level == Level.MUNICIPAL and municipal_type:
        return str(MunicipalType(municipal_type).label)
    return str(Level(level).label)


def area_text(level: str, scope: str, owner_name: str) -> str:
    """The area a program is for, in words; says so when the sources do not tell."""
    if level == Level.MUNICIPAL or scope == AudienceScope.SINGLE:
        return owner_name
    words = {
        AudienceScope.TAMA: "多摩",
        AudienceScope.ISLANDS: "島しょ",
        AudienceScope.CHO_SON: "町村",
        AudienceScope.SHI_CHO_SON: "市町村",
        AudienceScope.KU_SHI_CHO_SON: "区市町村",
        AudienceScope.NATIONWIDE: "全国",
    }
    if scope:
        return words[AudienceScope(scope)]
    return "全国" if level == Level.NATIONAL else "地域の記載なし"


def reaches_area(*, level: str, scope: str, owner_area: str, area: str) -> bool:
    """Whether anybody in an area (accounts.enums.Area) can use a program.

    The same rule as `programs.queries.search.area_excludes`, which says it to the database.
    """
    if level == Level.MUNICIPAL or scope == AudienceScope.SINGLE:
        return owner_area == area
    if scope in {AudienceScope.TAMA, AudienceScope.ISLANDS}:
        return scope == area
    return area != "wards" or scope not in {AudienceScope.SHI_CHO_SON, AudienceScope.CHO_SON}


@dataclass(frozen=True)
class FitJudgement:
    """Whether a municipality belongs to the audience, and the reason, naming the fact used."""

    fit: Fit
    reason: str


@dataclass(frozen=True)
class Place:
    """What must be known of a municipality to place it: its code, name, area and kind (accounts' codes).

    `rulings` are the judgements of the area rules by program key, see `programs.queries.places`.
    """

    code: str
    name: str
    area: str
    municipal_type: str
    area_label: str
    type_label: str
    rulings: Mapping[int, FitJudgement] = field(default_factory=dict)


def combined_fit(
    by_scope: FitJudgement, ruling: FitJudgement | None, *, scope: str, level: str
) -> FitJudgement:
    """The scope of a program and its area rule together: a no of either is a no.

    Where the sources give no scope, the area rule is all they say and decides alone. The same rule as
    `programs.queries.search.fit_expression`, which says it to the database.
    """
    if ruling is None or by_scope.fit is Fit.NO:
        return by_scope
    if not scope and level != Level.MUNICIPAL:
        return ruling
    return by_scope if by_scope.fit > ruling.fit else ruling


def area_fit(*, level: str, scope: str, owner_code: str, owner_name: str, place: Place) -> FitJudgement:
    """Judge by the scope of a program: area and kind of town. Its area rule joins in `combined_fit`."""
    if level == Level.MUNICIPAL or scope == AudienceScope.SINGLE:
        if owner_code == place.code:
            return FitJudgement(Fit.YES, f"{owner_name}の制度です。")
        return FitJudgement(Fit.NO, f"{owner_name}の制度です。{place.name}では使えません。")
    if scope in {AudienceScope.TAMA, AudienceScope.ISLANDS}:
        wanted = AudienceScope(scope).label
        fits = place.area == scope
        end = "" if fits else f"対象は{wanted}です。"
        return FitJudgement(
            Fit.YES if fits else Fit.NO, f"{end}{place.name}の地域は「{place.area_label}」です。"
        )
    excluded = EXCLUDED_TYPES.get(scope, frozenset())
    if place.municipal_type in excluded:
        return FitJudgement(
            Fit.NO, f"対象は{AudienceScope(scope).label}です。{place.name}は「{place.type_label}」です。"
        )
    if scope:
        return FitJudgement(Fit.YES, f"対象の{AudienceScope(scope).label}に{place.name}も入ります。")
    return FitJudgement(Fit.CHECK, "どの市町村が対象か、資料に書かれていません。窓口で確かめてください。")


EXCLUDED_TYPES: dict[str, frozenset[str]] = {
    AudienceScope.SHI_CHO_SON: frozenset({"ku"}),
    AudienceScope.CHO_SON: frozenset({"ku", "shi"}),
}
"""Kinds of municipality (accounts.enums.MunicipalType) that a scope leaves out."""


# --- Numbers in words ---------------------------------------------------------------------------------


def spelled(value: Any) -> str:
    """A number of a source for people: thousands separated, no trailing zeros; words as they are."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize():,f}"
    return str(value)


# --- Amounts --------------------------------------------------------------------------------------------

_BUDGET_LABEL = re.compile(r"予算|R\d+(?:当初|補正)|^R\d+$|当初|補正|計画額|事例 計|小計|分析調査|か所数")


def is_budget(label: str) -> bool:
    """Whether an amount of `Program.money` is what the whole program may spend, not what one user gets."""
    return _BUDGET_LABEL.search(label) is not None


def largest_amount(money: Iterable[Mapping[str, Any]]) -> int | None:
    """The largest amount of support (yen; a head, a body or a project) among `Program.money`, or None."""
    stated = [
        row["value"]
        for row in money
        if str(row.get("unit") or "").startswith("円")
        and type(row.get("value")) is int
        and not is_budget(str(row.get("label", "")))
    ]
    return max(stated, default=None)


def amount_range(amount: int | None) -> AmountRange:
    """The range an amount in yen lies in; both ends of a range are named in its word."""
    if amount is None:
        return AmountRange.NONE
    for code, bound in AMOUNT_BOUNDS.items():
        if amount <= bound:
            return AmountRange(code)
    return AmountRange.OVER_20M

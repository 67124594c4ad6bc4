"""The body of a search and the query of a list, read strictly; what is faulty is named (400)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict

from core import clock
from core.text import unstorable
from programs.queries.search import terms

LARGEST_BODY: Final = 64 * 1024
LONGEST_SEARCH: Final = 200
MOST_WORDS: Final = 20
DEFAULT_SIZE: Final = 100
LARGEST_SIZE: Final = 200
_MOST_DIGITS: Final = 9
STATUSES: Final = ("forecasted", "open", "closed", "custom")
SORTS: Final = (
    *("lastModifiedAt", "createdAt", "title", "status.value", "keyDates.closeDate", "funding.maxAwardAmount"),
    *("funding.minAwardAmount", "funding.totalAmountAvailable", "funding.estimatedAwardCount", "custom"),
)
AMOUNTS: Final = {
    "totalFundingAvailableRange": "total",
    "minAwardAmountRange": "least",
    "maxAwardAmountRange": "most",
}
_MONEY: Final = "金額は amount（10進数の文字列）と currency（通貨の符号）にしてください。"


class Faulty(Exception):  # noqa: N818 - named by what the body is
    """What is wrong with a request, sentence by sentence."""

    def __init__(self, *errors: str) -> None:
        super().__init__(*errors)
        self.errors = list(errors)


@dataclass(frozen=True)
class Range:
    """Between two values, both included, or outside them. `currency` "" for dates."""

    least: Any
    most: Any
    outside: bool
    currency: str = ""

    def holds(self, value: Any, currency: str = "") -> bool:
        """Whether a value meets it; a missing one and one in another currency never do."""
        if value is None or currency != self.currency:
            return False
        return (self.least <= value <= self.most) is not self.outside


@dataclass(frozen=True)
class Asked:
    """What somebody looks for. `filters` is the body's own, as far as it was applied."""

    words: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset(STATUSES)
    closes: Range | None = None
    amounts: Mapping[str, Range] = field(default_factory=dict)
    sort: str = "lastModifiedAt"
    descending: bool = True
    page: int = 1
    size: int = DEFAULT_SIZE
    filters: Mapping[str, Any] = field(default_factory=dict)
    filter_errors: tuple[str, ...] = ()
    sort_errors: tuple[str, ...] = ()


def of_list(query: QueryDict) -> Asked:
    """The query of a list: page and pageSize. Raises Faulty."""
    values = {}
    for name in ("page", "pageSize"):
        given = query.getlist(name)
        if not given:
            continue
        text = given[0]
        if len(given) > 1 or not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            raise Faulty(f"{name} は1以上の整数を1つだけにしてください。")
        values[name] = int(text)
    page, size = _pagination(values)
    return Asked(page=page, size=size)


def of_body(raw: bytes) -> Asked:
    """The body of a search. Raises Faulty."""
    body = _object(_parsed(raw), "本文")
    filters, sorting = _object(body.get("filters"), "filters"), _object(body.get("sorting"), "sorting")
    page, size = _pagination(_object(body.get("pagination"), "pagination"))
    sort, descending, sort_errors = _sorting(sorting)
    unknown = sorted(str(name)[:40] for name in filters if name not in {"status", "closeDateRange", *AMOUNTS})
    return Asked(
        words=_search(body.get("search")),
        statuses=_statuses(filters.get("status")),
        closes=_dates(filters.get("closeDateRange")),
        amounts={
            column: _amounts(name, filters[name])
            for name, column in AMOUNTS.items()
            if filters.get(name) is not None
        },
        sort=sort,
        descending=descending,
        page=page,
        size=size,
        filters={name: value for name, value in filters.items() if name not in unknown and value is not None},
        filter_errors=tuple(f"filters.{name} は使えないため、絞り込みに使っていません。" for name in unknown),
        sort_errors=sort_errors,
    )


def _parsed(raw: bytes) -> Any:
    if len(raw) > LARGEST_BODY:
        raise Faulty(f"本文を{LARGEST_BODY // 1024}KB以内にしてください。")
    try:
        body = json.loads(raw.decode("utf-8-sig"), parse_float=str, parse_constant=_no_number)
        json.dumps(body, ensure_ascii=False).encode()  # half characters cannot be sent back
    except (ValueError, RecursionError):
        raise Faulty("本文がJSONとして読めません。UTF-8のJSONで送ってください。") from None
    return body


def _no_number(word: str) -> None:
    raise ValueError(word)


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Faulty(f"{name} はオブジェクトにしてください。")
    return value


def _search(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, str):
        raise Faulty("search は文字列にしてください。")
    if unstorable(value) or len(value) > LONGEST_SEARCH or len(words := terms(value)) > MOST_WORDS:
        raise Faulty(f"search は{LONGEST_SEARCH}文字・{MOST_WORDS}語以内で、制御文字を含めないでください。")
    return words


def _pagination(given: Mapping[str, Any]) -> tuple[int, int]:
    page, size = given.get("page", 1), given.get("pageSize", DEFAULT_SIZE)
    for name, value in (("page", page), ("pageSize", size)):
        if type(value) is not int or not 1 <= value < 10**_MOST_DIGITS:
            raise Faulty(f"{name} は1以上の整数にしてください。")
    return page, min(size, LARGEST_SIZE)


def _sorting(given: Mapping[str, Any]) -> tuple[str, bool, tuple[str, ...]]:
    sort, order = given.get("sortBy", "lastModifiedAt"), given.get("sortOrder") or "desc"
    if sort not in SORTS:
        raise Faulty(f"sorting.sortBy は {'、'.join(SORTS)} のいずれかにしてください。")
    if order not in ("asc", "desc"):
        raise Faulty("sorting.sortOrder は asc か desc にしてください。")
    if sort == "custom":
        return (
            "lastModifiedAt",
            order == "desc",
            ("独自の並び順はないため、lastModifiedAt で並べています。",),
        )
    return str(sort), order == "desc", ()


def _filter(value: Any, name: str, operators: tuple[str, str]) -> tuple[bool, Any]:
    """(whether it is the second operator, its value)."""
    given = _object(value, f"filters.{name}")
    operator = given.get("operator")
    if operator not in operators or "value" not in given:
        raise Faulty(f"filters.{name} は operator（{'、'.join(operators)}）と value にしてください。")
    return operator == operators[1], given["value"]


def _statuses(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset(STATUSES)
    excluded, codes = _filter(value, "status", ("in", "notIn"))
    if not isinstance(codes, list) or not all(isinstance(code, str) and code in STATUSES for code in codes):
        raise Faulty(f"filters.status.value は {'、'.join(STATUSES)} の一覧にしてください。")
    return frozenset(STATUSES) - frozenset(codes) if excluded else frozenset(codes)


def _ends(value: Any, name: str) -> tuple[Any, Any]:
    given = _object(value, f"filters.{name}.value")
    if given.get("min") is None or given.get("max") is None:
        raise Faulty(f"filters.{name}.value には min と max を書いてください。")
    return given["min"], given["max"]


def _dates(value: Any) -> Range | None:
    if value is None:
        return None
    outside, given = _filter(value, "closeDateRange", ("between", "outside"))
    least, most = _ends(given, "closeDateRange")
    return Range(_moment(least, end=False), _moment(most, end=True), outside)


def _moment(value: Any, *, end: bool) -> datetime:
    """A date stands for the whole Japanese day; an instant without a zone is Japanese time."""
    fault = Faulty("日付は 2026-12-31 か 2026-12-31T17:00:00+09:00 の形の文字列にしてください。")
    if not isinstance(value, str):
        raise fault
    try:
        if "T" not in value:
            day = date.fromisoformat(value)
            return (
                clock.instant(day + timedelta(days=1)) - timedelta(microseconds=1)
                if end
                else clock.instant(day)
            )
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.JST)
    except (ValueError, OverflowError):
        raise fault from None


def _amounts(name: str, value: Any) -> Range:
    outside, given = _filter(value, name, ("between", "outside"))
    least, most = (_money(end, name) for end in _ends(given, name))
    if least[1] != most[1]:
        raise Faulty(f"filters.{name}: min と max の通貨をそろえてください。")
    return Range(least[0], most[0], outside, least[1])


def _money(value: Any, name: str) -> tuple[Decimal, str]:
    given = _object(value, f"filters.{name}")
    amount, currency = given.get("amount"), given.get("currency")
    plain = isinstance(amount, str) and amount.isascii() and len(amount) <= LONGEST_SEARCH
    digits = str(amount).removeprefix("-").replace(".", "", 1) if plain else ""
    if not digits.isdigit() or not isinstance(currency, str):
        raise Faulty(f"filters.{name}: {_MONEY}")
    return Decimal(str(amount)), currency

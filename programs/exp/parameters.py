"""The query of the search: read strictly, so that a client learns of a mistake at once (400)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from core.text import unstorable
from programs.exp import vocabulary
from programs.queries.search import terms

SHORTEST_KEYWORD: Final = 2
LONGEST: Final = 255
_SORTS: Final = {
    "created_date": "published_at",
    "acceptance_start_datetime": "round_opens",
    "acceptance_end_datetime": "round_closes",
}
_MOST_DIGITS: Final = 9
_JOINED: Final = " / "


class BadRequest(Exception):  # noqa: N818 - named as the contract's answer
    """A parameter is missing or breaks its rule."""


@dataclass(frozen=True)
class Wanted:
    """What a client looks for. `sort` is a column of the annotated programs; None members do not restrict.

    `purposes` and `industries` hold several values of which one is enough; `limit` and `offset` cut the answer.
    """

    words: tuple[str, ...]
    sort: str
    descending: bool
    open_only: bool
    purposes: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    area: str = ""
    institution: tuple[str, ...] = ()
    limit: int | None = None
    offset: int = 0


def wanted(query: QueryDict) -> Wanted:
    """Read the parameters; others than those of the contract are left alone. Raises BadRequest."""
    employees = _text(query, "target_number_of_employees")
    area = _text(query, "target_area_search")
    if employees and employees not in vocabulary.EMPLOYEES:
        raise BadRequest
    if area and area not in vocabulary.AREAS:
        raise BadRequest
    return Wanted(
        words=_keyword(query),
        sort=_SORTS[_choice(query, "sort", _SORTS)],
        descending=_choice(query, "order", ("ASC", "DESC")) == "DESC",
        open_only=_choice(query, "acceptance", ("0", "1")) == "1",
        purposes=_several(query, "use_purpose"),
        industries=_several(query, "industry"),
        area=area,
        institution=terms(_text(query, "institution_name")),
        limit=_number(query, "limit"),
        offset=_number(query, "offset") or 0,
    )


def _keyword(query: QueryDict) -> tuple[str, ...]:
    keyword = _text(query, "keyword")
    spaces = any(char.isspace() for char in keyword)
    if spaces or len(keyword) < SHORTEST_KEYWORD or not (words := terms(keyword)):
        raise BadRequest
    return words


def _text(query: QueryDict, name: str) -> str:
    """A value given once, of at most 255 characters that a database can hold; "" where it is not given."""
    values = query.getlist(name)
    if len(values) > 1:
        raise BadRequest
    value = values[0] if values else ""
    if len(value) > LONGEST or unstorable(value):
        raise BadRequest
    return value


def _choice(query: QueryDict, name: str, known: Collection[str]) -> str:
    value = _text(query, name)
    if value not in known:
        raise BadRequest
    return value


def _several(query: QueryDict, name: str) -> tuple[str, ...]:
    joined = _text(query, name)
    return tuple(dict.fromkeys(value for value in joined.split(_JOINED) if value.strip()))


def _number(query: QueryDict, name: str) -> int | None:
    value = _text(query, name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
        raise BadRequest
    return int(value)

"""The objects of the protocol; an optional key is left out where the catalogue does not know its value."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from core import clock
from programs.common_grants.asking import Asked
from programs.common_grants.reading import CURRENCY, Opportunity, identifier
from programs.enums import Facet
from programs.funding import printed
from programs.models import Program


def opportunity(row: Opportunity, program: Program) -> dict[str, Any]:
    """OpportunityBase."""
    told: dict[str, Any] = {
        "id": str(identifier(row.slug)),
        "title": program.title,
        "status": _status(row),
        "description": program.summary or program.title,
        "funding": _funding(row, program),
        "keyDates": _key_dates(row),
        "source": f"{settings.PORTAL_ORIGIN.rstrip('/')}{reverse('programs:detail', args=[program.slug])}",
        "customFields": _custom_fields(program),
        "createdAt": _instant(row.created_at),
        "lastModifiedAt": _instant(row.modified_at),
    }
    return {key: value for key, value in told.items() if value != {}}


def pagination(asked: Asked, total: int) -> dict[str, int]:
    """PaginatedResultsInfo."""
    return {
        "page": asked.page,
        "pageSize": asked.size,
        "totalItems": total,
        "totalPages": -(-total // asked.size),
    }


def sort_info(asked: Asked) -> dict[str, Any]:
    """SortedResultsInfo."""
    told: dict[str, Any] = {"sortBy": asked.sort, "sortOrder": "desc" if asked.descending else "asc"}
    return told | ({"errors": list(asked.sort_errors)} if asked.sort_errors else {})


def filter_info(asked: Asked) -> dict[str, Any]:
    """The filters that were applied, and what was not."""
    told: dict[str, Any] = {"filters": dict(asked.filters)}
    return told | ({"errors": list(asked.filter_errors)} if asked.filter_errors else {})


def _status(row: Opportunity) -> dict[str, str]:
    told = {"value": row.status, "description": row.state.text}
    return told | ({"customValue": row.state.state.value} if row.status == "custom" else {})


def _funding(row: Opportunity, program: Program) -> dict[str, Any]:
    told = {
        "details": printed.rate_text(program.money) or None,
        "totalAmountAvailable": _money(row.total),
        "maxAwardAmount": _money(row.most),
        "maxAwardCount": row.count,
    }
    return {key: value for key, value in told.items() if value is not None}


def _money(amount: int | None) -> dict[str, str] | None:
    return None if amount is None else {"amount": str(amount), "currency": CURRENCY}


def _key_dates(row: Opportunity) -> dict[str, Any]:
    told = {}
    if row.opens_at is not None:
        told["postDate"] = _event("受付開始", row.opens_at)
    if row.closes_at is not None:
        told["closeDate"] = _event("締切", row.closes_at)
    return told


def _event(name: str, moment: datetime) -> dict[str, str]:
    local = clock.local(moment)
    return {
        "name": name,
        "eventType": "singleDate",
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M:%S}",
        "description": "日本時間",
    }


def _custom_fields(program: Program) -> dict[str, Any]:
    fields: dict[str, tuple[str, Any, str]] = {
        "organization": ("string", program.owner.name, "所管する団体"),
        "level": ("string", program.level, "national 国、metropolitan 都、municipal 市町村"),
        "kind": ("string", program.kind, "支援の種類の区分"),
        "audiences": ("array", program.tag_codes(Facet.AUDIENCE), "使える人の区分"),
        "area": ("string", program.area_text(), "対象の地域"),
        "slug": ("string", program.slug, "このポータルの識別名"),
    }
    return {
        name: {"name": name, "fieldType": kind, "value": value, "description": about}
        for name, (kind, value, about) in fields.items()
    }


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

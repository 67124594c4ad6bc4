"""The objects of the contract, key by key. A key is always there; what the catalogue does not know is null."""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from programs.enums import Facet, Kind
from programs.exp import vocabulary
from programs.exp.identity import PROGRAM, ROUND, identifier, label
from programs.funding import printed
from programs.models import Call, Program

SPEC: Final = "https://developers.digital.go.jp/documents/jgrants/api/"
LONGEST_ADDRESS: Final = 100


def envelope(result: list[dict[str, Any]]) -> dict[str, Any]:
    """The frame of every answer."""
    return {"metadata": metadata(len(result)), "result": result}


def metadata(count: int) -> dict[str, Any]:
    """Which contract this is, and how many rows meet the query."""
    return {"type": SPEC, "resultset": {"count": count}}


def instant(moment: datetime | None) -> str | None:
    """UTC with milliseconds: 2026-12-08T08:00:00.000Z."""
    if moment is None:
        return None
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def item(program: Program, at: datetime) -> dict[str, Any]:
    """A row of the search; `program` carries the annotations of `with_round`."""
    return {
        "id": identifier(PROGRAM, program.slug),
        "name": label(program.slug),
        "title": program.title,
        "institution_name": _institution(program, at),
        "target_area_search": vocabulary.area_of(program.level, program.audience_scope),
        "subsidy_max_limit": max_limit(program),
        "acceptance_start_datetime": instant(getattr(program, "round_opens", None)),
        "acceptance_end_datetime": instant(getattr(program, "round_closes", None)),
        "target_number_of_employees": None,
    }


def detail_v1(program: Program, rounds: list[Call], at: datetime) -> dict[str, Any]:
    """A program with the dates of one round, flat."""
    return _described(program, rounds, at) | {
        "target_area_search": vocabulary.area_of(program.level, program.audience_scope),
        "target_area_detail": program.area_text(),
        "acceptance_start_datetime": instant(getattr(program, "round_opens", None)),
        "acceptance_end_datetime": instant(getattr(program, "round_closes", None)),
        "project_end_deadline": None,
    }


def detail_v2(program: Program, rounds: list[Call], at: datetime) -> dict[str, Any]:
    """A program with all its rounds."""
    return _described(program, rounds, at) | {
        "granttype": program.kind_label or str(program.get_kind_display()),
        "workflow": [_round(program, call) for call in rounds],
    }


def _described(program: Program, rounds: list[Call], at: datetime) -> dict[str, Any]:
    purposes = vocabulary.purposes_of(program.kind, program.tag_codes(Facet.THEME))
    return {
        "id": identifier(PROGRAM, program.slug),
        "name": label(program.slug),
        "title": program.title,
        "subsidy_catch_phrase": program.plain_title or None,
        "detail": detail_html(program),
        "use_purpose": " / ".join(purposes) or None,
        "industry": None,
        "target_industry": None,
        "target_number_of_employees": None,
        "subsidy_rate": printed.rate_text(program.money) or None,
        "subsidy_max_limit": max_limit(program),
        "request_reception_presence": "有" if rounds else "無",
        "is_enable_multiple_request": any(call.max_per_lead > 1 for call in rounds),
        "front_subsidy_detail_page_url": page_url(program),
        "application_guidelines": [],
        "outline_of_grant": outline(program),
        "application_form": [],
        "institution_name": _institution(program, at),
        "inquiry_url": program.url or None,
        "update_datetime": instant(_updated(program, rounds)),
    }


def _round(program: Program, call: Call) -> dict[str, Any]:
    return {
        "id": identifier(ROUND, call.public_id),
        "target_area_search": vocabulary.area_of(program.level, program.audience_scope),
        "target_area_detail": call.applicants or program.area_text(),
        "fiscal_year_round": f"{call.name}【架空】" if call.is_fictional else call.name,
        "acceptance_start_datetime": instant(call.opens_at),
        "acceptance_end_datetime": instant(call.closes_at),
        "project_end_deadline": None,
    }


def max_limit(program: Program) -> int | None:
    """The cap of the amount in yen as printed, else that of the round for one member; None where neither is known."""
    stated = printed.cap(program.money, pays_directly=program.kind == Kind.GRANT)
    by_round: int | None = getattr(program, "round_cap", None)
    return stated if stated is not None else by_round


def _institution(program: Program, at: datetime) -> str:
    """The scheme: the program it is a component of, as far as the public sees that one, else itself."""
    parent = program.parent
    return parent.title if parent is not None and parent.is_public(at) else program.title


def _updated(program: Program, rounds: Iterable[Call]) -> datetime | None:
    moments = [program.published_at, *(call.published_at for call in rounds)]
    return max((moment for moment in moments if moment is not None), default=None)


def page_url(program: Program) -> str:
    """Where people read about it: its page, or a short address that leads there; never over 100 characters."""
    origin = settings.PORTAL_ORIGIN.rstrip("/")
    page = f"{origin}{reverse('programs:detail', args=[program.slug])}"
    if len(page) <= LONGEST_ADDRESS:
        return page
    return f"{origin}{reverse('exp-page', args=[identifier(PROGRAM, program.slug)])}"


# --- Text ---------------------------------------------------------------------------------------------


def _sections(program: Program) -> list[tuple[str, str]]:
    """(heading, text) of what a program says, in the order of its page; empty ones are left out."""
    rows = [
        ("概要", program.summary),
        ("使える人", program.audience_text),
        ("受けられる支援", program.benefit_text),
        ("対象経費", "、".join(map(str, program.eligible_expenses))),
        ("対象外経費", "、".join(map(str, program.excluded_expenses))),
        ("申込み・相談", program.reach_text),
        ("所管", f"{program.owner.name} {program.department}".strip()),
        ("電話", " ".join(part for part in (program.phone, program.hours) if part)),
    ]
    return [(heading, text) for heading, text in rows if text.strip()]


def detail_html(program: Program) -> str:
    """The program in HTML: paragraphs of escaped text, no other tags than p, strong and br."""
    return "".join(
        f"<p><strong>{escape(heading)}</strong><br>{'<br>'.join(escape(line) for line in text.splitlines())}</p>"
        for heading, text in _sections(program)
    )


def outline(program: Program) -> list[dict[str, str]]:
    """The same as a text file, inline; left out when it is larger than `EXP_FILE_CEILING` bytes."""
    lines = [program.title, page_url(program), ""]
    for heading, text in _sections(program):
        lines += [f"■{heading}", text, ""]
    content = "\r\n".join(lines).encode("utf-8-sig")
    if len(content) > settings.EXP_FILE_CEILING:
        return []
    return [
        {"name": f"{program.title}（概要）.txt", "data": base64.b64encode(content).decode("ascii")},
    ]

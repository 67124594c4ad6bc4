"""Calls, adopted projects and yearly figures of programs."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from core import clock
from core.actor import ANONYMOUS
from core.wareki import ERAS
from programs.models import AdoptedProject, BudgetLine, Call, Outcome, Program
from programs.queries.catalogue import visible_calls, visible_projects

CHUNK: Final = 500

CALL_COLUMNS: Final = (
    *(
        "募集番号",
        "制度番号",
        "制度名",
        "対象年度",
        "募集回",
        "概要",
        "申請できる人",
        "対象の自治体",
        "受付開始",
        "締切",
    ),
    *("案の事前確認の期限", "結果の公表", "予算（円）", "採択の数", "採択の単位", "1団体あたりの上限（円）"),
    *("代表1団体の申請数", "交付方式", "支援の形", "架空", "ページ"),
)
PROJECT_COLUMNS: Final = (
    *(
        "識別名",
        "制度番号",
        "制度名",
        "事業名",
        "採択年度",
        "最長の年数",
        "代表コード",
        "代表",
        "連携する市町村コード",
    ),
    *("連携する市町村", "多様な主体", "目的", "概要", "実績", "公表の日時", "架空", "ページ"),
)
FIGURE_COLUMNS: Final = (
    *(
        "制度番号",
        "制度名",
        "種別",
        "項目",
        "年度",
        "時期の表記",
        "値",
        "単位",
        "おおよその値",
        "資料の表記",
        "注記",
    ),
)


def call_rows(at: datetime) -> Iterator[list[Any]]:
    """Published calls, the nearest closing first."""
    for call in visible_calls(ANONYMOUS, at).order_by("closes_at", "pk").iterator(chunk_size=CHUNK):
        yield _call(call)


def _call(call: Call) -> list[Any]:
    return [
        *(
            call.public_id,
            call.program.slug,
            call.program.title,
            call.fiscal_year,
            call.round_name,
            call.outline,
        ),
        *(call.applicants, str(call.get_applicant_scope_display()) if call.applicant_scope else ""),
        *(
            moment(call.opens_at),
            moment(call.closes_at),
            moment(call.precheck_due_at),
            moment(call.announce_at),
        ),
        *(call.budget, call.capacity, call.capacity_unit, call.cap_per_member, call.max_per_lead),
        *(str(call.get_funding_route_display()), str(call.get_ends_in_display()), call.is_fictional),
        address("calls:detail", call.public_id),
    ]


def projects(at: datetime) -> Iterable[AdoptedProject]:
    """Adopted projects everybody sees, newest first."""
    return visible_projects(ANONYMOUS, at).iterator(chunk_size=CHUNK)


def project_rows(at: datetime) -> Iterator[list[Any]]:
    """One row a project; several bodies of one cell are joined by ；."""
    for project in projects(at):
        partners = [membership.organization for membership in project.memberships.all()]
        yield [
            *(project.slug, project.program.slug, project.program.title, project.title),
            *(project.adopted_fiscal_year, project.max_years, project.lead.code, project.lead.name),
            "；".join(partner.code for partner in partners),
            "；".join(partner.name for partner in partners),
            "；".join(actor.name for actor in project.actors.all()),
            *(project.purpose, "\n".join(map(str, project.outline))),
            "\n".join(result.text for result in project.results.all()),
            *(moment(project.announced_at), project.is_fictional, address("projects:detail", project.slug)),
        ]


def figure_rows(at: datetime) -> Iterator[list[Any]]:
    """Results, budgets and yearly series of programs, one figure a row."""
    visible = Program.objects.visible_to(ANONYMOUS, at)
    outcomes = Outcome.objects.filter(program__in=visible).select_related("program")
    for row in outcomes.order_by("program__slug", "position", "pk").iterator(chunk_size=CHUNK):
        yield [
            *(
                row.program.slug,
                row.program.title,
                "実績",
                row.label,
                row.fiscal_year,
                row.period_text,
                row.value,
            ),
            *(row.unit, row.approximate, row.as_written, row.note),
        ]
    budgets = BudgetLine.objects.filter(program__in=visible).select_related("program")
    for line in budgets.order_by("program__slug", "fiscal_year", "pk").iterator(chunk_size=CHUNK):
        yield [
            *(line.program.slug, line.program.title, "予算", line.label, line.fiscal_year, ""),
            *(_exact(line.amount), "円", False, line.as_printed, ""),
        ]
    for program in visible.order_by("slug").only("slug", "title", "series").iterator(chunk_size=CHUNK):
        yield from _series(program)


def _series(program: Program) -> Iterator[list[Any]]:
    for series in program.series or []:
        for year, value in zip(series.get("years") or [], series.get("values") or [], strict=False):
            yield [
                *(program.slug, program.title, "年次の数値", series.get("label"), year_of(year), year),
                *(_exact(value), series.get("unit") or "", False, "", ""),
            ]


def _exact(value: int | str | None) -> Decimal | None:
    """A figure of the one column 値 as the measured ones are: written out as text in JSON, whatever its kind."""
    return None if value is None else Decimal(str(value))


def year_of(mark: str) -> int | None:
    """R6 → 2024; None for a mark that is no single year."""
    offsets = {era.letter: era.offset for era in ERAS}
    if len(mark) > 1 and mark[0] in offsets and mark[1:].isascii() and mark[1:].isdigit():
        return offsets[mark[0]] + int(mark[1:])
    return None


def moment(at: datetime | None) -> str:
    """Japanese time with its offset: 2026-12-08T17:00:00+09:00."""
    return "" if at is None else clock.local(at).isoformat(timespec="seconds")


def address(route: str, *arguments: str) -> str:
    """The whole address of a page."""
    return f"{settings.PORTAL_ORIGIN.rstrip('/')}{reverse(route, args=arguments)}"

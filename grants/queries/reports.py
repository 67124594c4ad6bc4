"""Yearly reports: which years a project tells of, until when, what was reported, and what everybody still has to do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from accounts.enums import Role
from core import clock
from core.actor import Actor
from core.business_days import add_business_days, next_business_day
from core.deadlines import Cases, Deadline
from core.fiscal_year import fiscal_year_end, fiscal_year_start, label
from grants.enums.reports import REPORTING_STATES, RUNNING_REPORTS, ReportStatus
from grants.models import Application, ApplicationQuerySet, FormTemplate, Snapshot, YearFigure, YearReport
from grants.permissions import reports_on, visible_reports
from grants.queries.cases import applications
from grants.queries.project_indicators import exact_text
from grants.queries.units import Units
from indicators.queries import plain

REPORT_DAYS: Final = 10
"""Days after the fiscal year until its report is due, where the form's data says nothing else (10 April)."""
TAKE_DAYS: Final = 10
"""Business days for the office to look at one."""
_SOON: Final = timedelta(days=31)
_HOUR: Final = time(17, 0)
Indicators = Sequence[Mapping[str, Any]]


def decided_indicators(application: Application) -> list[dict[str, Any]]:
    """The indicators of the version that was decided on."""
    newest = application.snapshots.order_by("-branch").first()
    return list(newest.content.get("indicators", [])) if newest else []


def reported_years(indicators: Indicators) -> list[int]:
    """The fiscal years with a target."""
    return sorted({int(year) for row in indicators for year in row["targets"]})


def planned_value(row: Mapping[str, Any], year: int) -> Decimal | None:
    """The target of an indicator in a year, None where there is none."""
    text = row["targets"].get(str(year), "")
    return Decimal(text) if text else None


def report_due(template: FormTemplate, year: int) -> datetime:
    """Until when a year is reported, on a business day."""
    days = int(template.indicators.get("report_days", REPORT_DAYS))
    return clock.instant(next_business_day(fiscal_year_end(year) + timedelta(days=days)), _HOUR)


# --- One case ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureLine:
    """An indicator in words: planned, actual (or why there is none), the figure a correction replaced, the remark."""

    name: str
    definition: str
    planned: str
    actual: str
    before: str
    remark: str


@dataclass(frozen=True)
class YearLine:
    """A fiscal year of the project. `running` is the report in hand, `taken` what stands, `older` what stood before.

    `shown` is the report whose figures this reader reads, None where the town is still at it.
    """

    year: int
    due: datetime
    begun: bool
    running: YearReport | None
    taken: YearReport | None
    older: list[YearReport]
    shown: YearReport | None
    lines: list[FigureLine]


def year_lines(actor: Actor, application: Application, at: datetime) -> list[YearLine]:
    """Every year the project tells of, as this actor may read it."""
    readable = set(
        application.year_reports.filter(visible_reports(actor, application)).values_list("pk", flat=True)
    )
    reports = list(
        application.year_reports.select_related("submitted_by", "taken_by").prefetch_related("figures")
    )
    years = {*reported_years(decided_indicators(application)), *(report.fiscal_year for report in reports)}
    return [_year_line(application, year, reports, readable, at) for year in sorted(years)]


def _year_line(
    application: Application, year: int, reports: Iterable[YearReport], readable: set[int], at: datetime
) -> YearLine:
    own = sorted((one for one in reports if one.fiscal_year == year), key=lambda one: -one.number)
    running = next((one for one in own if one.status in RUNNING_REPORTS), None)
    done = [one for one in own if one.status == ReportStatus.TAKEN]
    shown = next((one for one in own if one.pk in readable), None)
    before = next((one for one in done if shown and one.number < shown.number), None)
    return YearLine(
        year, report_due(application.template, year), clock.today(at) >= fiscal_year_start(year), running,
        done[0] if done else None, done[1:], shown, figure_lines(shown, before) if shown else [],
    )  # fmt: skip


def figure_lines(report: YearReport, before: YearReport | None) -> list[FigureLine]:
    """The figures of a report in words; `before` is the one it corrects."""
    earlier = {row.position: actual_words(row) for row in before.figures.all()} if before else {}
    found = []
    for row in report.figures.all():
        actual = actual_words(row)
        then = earlier.get(row.position, actual)
        planned = "" if row.planned is None else f"{plain(row.planned)}{row.unit}"
        found.append(
            FigureLine(row.name, row.definition, planned, actual, "" if then == actual else then, row.remark)
        )
    return found


def actual_words(row: YearFigure) -> str:
    """「380人」「測定不能（理由）」「未記入」: three distinct things."""
    if row.value is not None:
        return f"{plain(row.value)}{row.unit}"
    return f"測定不能（{row.not_measurable}）" if row.not_measurable else "未記入"


def report_data(report: YearReport) -> dict[str, Any]:
    """A report as plain data, for machines and the archive; values as text, null where there is none."""
    return {
        "fiscal_year": report.fiscal_year, "number": report.number, "status": report.status,
        "status_label": str(report.get_status_display()), "done": report.done, "reason": report.reason,
        "submitted_at": report.submitted_at, "taken_at": report.taken_at,
        "figures": [
            {
                "name": row.name, "definition": row.definition, "unit": row.unit,
                "planned": None if row.planned is None else exact_text(row.planned),
                "value": None if row.value is None else exact_text(row.value),
                "not_measurable": row.not_measurable, "remark": row.remark,
            }
            for row in report.figures.all()
        ],
    }  # fmt: skip


def reports_for(actor: Actor, application: Application) -> list[YearReport]:
    """The reports whose figures an actor reads, by year, the newest first in each."""
    rows = application.year_reports.filter(visible_reports(actor, application)).prefetch_related("figures")
    return list(rows.order_by("fiscal_year", "-number"))


# --- What is due ------------------------------------------------------------------------------------------


def report_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """What this actor's desk has to do for yearly reports."""
    return sorted(task for task in _deadlines(applications(actor, at), at) if task.is_for(actor))


def planned_reports(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The same of all bodies, case by case."""
    rows = Application.objects.with_parts()
    if cases is None:
        return _deadlines(rows, at)
    named = rows.filter(public_id__in={key.partition(":report:")[0] for key in cases if ":report:" in key})
    return (task for task in _deadlines(named, at) if task.case_key in cases)


def _deadlines(rows: ApplicationQuerySet, at: datetime) -> Iterator[Deadline]:
    newest = Snapshot.objects.filter(application=OuterRef("pk")).order_by("-branch")
    telling = rows.filter(status__in=sorted(REPORTING_STATES), announced_at__isnull=False).exclude(
        template__indicators={}
    )
    told = telling.annotate(decided=Subquery(newest.values("content__indicators")[:1]))
    units = Units(at)
    for case in told.prefetch_related("year_reports").order_by("pk").iterator(chunk_size=500):
        if reports_on(case):
            for year in reported_years(vars(case)["decided"] or []):
                yield from _of_year(case, year, at, units)


def _of_year(case: Application, year: int, at: datetime, units: Units) -> Iterator[Deadline]:
    own = [one for one in case.year_reports.all() if one.fiscal_year == year]
    running = next((one for one in own if one.status in RUNNING_REPORTS), None)
    if running is not None and running.status == ReportStatus.SUBMITTED and running.submitted_at:
        handed = clock.local(running.submitted_at)
        due = clock.instant(add_business_days(handed.date(), TAKE_DAYS), _HOUR)
        yield _deadline(
            case,
            year,
            "take_report",
            "年次報告の確認",
            due,
            units.of(case.call.program)[0],
            running.submitted_at,
        )
    elif running is not None and running.status == ReportStatus.RETURNED and running.due_at:
        yield _deadline(
            case, year, "report", "年次報告の修正", running.due_at, None, case.announced_at, units
        )
    elif not any(one.status == ReportStatus.TAKEN for one in own):
        due = report_due(case.template, year)
        if due <= at + _SOON:
            yield _deadline(case, year, "report", "年次報告", due, None, case.announced_at, units)


def _deadline(  # noqa: PLR0917 - one row
    case: Application, year: int, kind: str, what: str, due: datetime, office: frozenset[int] | None,
    since: datetime | None, units: Units | None = None,
) -> Deadline:  # fmt: skip
    """On the office's desk, or (`office` None) on that of the lead's unit."""
    town = office is None
    departments = office or (units.doing(case.lead_department_id) if units else frozenset())
    return Deadline(
        kind=f"grants.{kind}", at=due, title=f"{what}（{label(year)}）：{case}",
        url=f"/{'applications' if town else 'review'}/{case.public_id}/reports/",
        organization_id=case.lead_id if town else case.call.program.owner_id, departments=departments,
        audience_roles=frozenset({Role.EDITOR.value, Role.APPROVER.value} if town else {Role.OFFICER.value}),
        case_key=f"{case.public_id}:report:{year}", what=what, about=f"募集：{case.call}", since=since,
    )  # fmt: skip

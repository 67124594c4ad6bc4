"""What the public learns of an adopted project's years and visits: written to its page through programs' own action."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from core import clock
from core.actor import SYSTEM
from core.fiscal_year import current_fiscal_year, label
from grants.enums.reports import ReportStatus
from grants.enums.supports import HELD_VISITS, SupportOrigin
from grants.models import Application, Visit, YearFigure, YearReport
from grants.queries.project_indicators import exact_text
from grants.queries.reports import FigureLine, figure_lines
from programs.actions.projects import ProjectOutcome, replace_outcomes

_PERIOD: Final = 120


def tell_public(application: Application, *, at: datetime) -> None:
    """Bring the public page up to date: the years that were taken, visits held with their people, public voices, links.

    Only of an announced case; nothing happens where there is nothing to tell or no project is on view.
    """
    if application.announced_at is None:
        return
    found = [*_of_years(application), *_of_visits(application)]
    if found:
        replace_outcomes(slug=f"project-{application.public_id}", outcomes=found, by=SYSTEM, at=at)


def _of_years(application: Application) -> Iterator[ProjectOutcome]:
    """Every year the office took, as it stands now; the figure that was corrected last beside its successor."""
    taken: dict[int, list[YearReport]] = {}
    rows = application.year_reports.filter(status=ReportStatus.TAKEN).prefetch_related("figures")
    for report in rows.order_by("fiscal_year", "-number"):
        taken.setdefault(report.fiscal_year, []).append(report)
    for year, (report, *earlier) in taken.items():
        if report.done:
            yield ProjectOutcome(report.done, year, period_text=f"{label(year)}に行ったこと")
        lines = figure_lines(report, earlier[0] if earlier else None)
        for row, line in zip(report.figures.all(), lines, strict=True):
            yield ProjectOutcome(_told(row, line.actual), year, _value(row), row.unit, _period(year, line))


def _period(year: int, line: FigureLine) -> str:
    """The year, what was planned, and the figure before a correction, as far as the column takes them."""
    notes = [label(year)]
    notes += [f"計画 {line.planned}"] if line.planned else []
    notes += [f"訂正前 {line.before}"] if line.before else []
    return "　".join(notes)[:_PERIOD]


def _told(row: YearFigure, actual: str) -> str:
    """The indicator's name, with why there is no value and the remark where there are."""
    name = row.name if row.value is not None else f"{row.name}：{actual}"
    return f"{name}（{row.remark}）" if row.remark else name


def _value(row: YearFigure) -> Decimal | None:
    return None if row.value is None else Decimal(exact_text(row.value))


def _of_visits(application: Application) -> Iterator[ProjectOutcome]:
    visits = Visit.objects.filter(
        support__application=application, support__origin=SupportOrigin.CALL, status__in=HELD_VISITS
    )
    for visit in visits.prefetch_related("voices", "links").order_by("support", "number"):
        year = current_fiscal_year(visit.planned_at)
        when = f"{clock.local(visit.planned_at):%Y-%m-%d}"
        themes = f"（{'、'.join(visit.themes)}）" if visit.themes else ""
        yield ProjectOutcome(f"第{visit.number}回{themes}", year, visit.participants, "人", when)
        for voice in visit.voices.all():
            if voice.is_public:
                words = f"{voice.get_side_display()}（{voice.speaker}）「{voice.words}」"
                yield ProjectOutcome(words, year)
        for link in visit.links.all():
            yield ProjectOutcome(f"{link.get_kind_display()}　{link.title}", year, url=link.url)

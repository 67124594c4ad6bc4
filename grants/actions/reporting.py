"""年次報告: written by the lead, handed in, returned or taken by the office; what was taken is shown to the public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.fiscal_year import fiscal_year_start, label
from grants.actions import locking, outcomes, telling, transition
from grants.actions.changes import person
from grants.actions.indicators import MOST, PLACES, is_storable
from grants.actions.membership import require_reason
from grants.actions.texts import text_faults
from grants.enums.reports import RUNNING_REPORTS
from grants.lifecycle import REPORT
from grants.models import Application, YearFigure, YearReport
from grants.permissions import judge_report
from grants.queries.reports import decided_indicators, planned_value, reported_years

LENGTHS = {"reason": 200, "remark": 500}
"""Characters a figure's texts may have."""


@dataclass(frozen=True)
class FigureEntry:
    """One indicator as typed: a value, the reason why there is none, or neither yet."""

    value: Decimal | None = None
    reason: str = ""
    remark: str = ""


@transaction.atomic
def save_report(
    *, application_id: int, fiscal_year: int, entries: Sequence[FigureEntry], done: str, by: Actor,
    reason: str = "", expected_version: int = 0, at: datetime | None = None,
) -> YearReport:  # fmt: skip
    """Save what was typed of a year: in the report in hand, in a new one, or in a correction of what was taken.

    `expected_version` is the version the page showed, 0 where none was in hand. What is missing is no obstacle yet.
    Raises Refused, PersonRequired, Conflict where a colleague was faster, UnknownTransition once it was handed in,
    DomainError naming each cell ("<row>-<part>"), a year without a target or not begun, a correction without its reason.
    """
    instant = at or clock.now()
    application = locking.application(application_id)
    transition.require_person(by)
    rows = application.year_reports.filter(fiscal_year=fiscal_year).order_by("-number")
    running = rows.filter(status__in=sorted(RUNNING_REPORTS)).first()
    if running is not None:
        running.application = application
        _require(running, "fill_report", by)
    else:
        require(by, "grants.open_report", application, instant)
    if expected_version != (running.version if running else 0):
        raise Conflict(
            Fault(
                "",
                "この年次報告は、ほかの人が先に保存しました。",
                "両方を見比べてから、もう一度保存してください。",
            )
        )
    if faults := list(_faults(entries, done, reason)):
        raise DomainError(*faults)
    report = running or _opened(application, fiscal_year, rows.first(), reason, by, instant)
    _write(report, entries, done, reason)
    transition.record(
        application, "fill_report", by=by, at=instant, payload={"fiscal_year": fiscal_year, "number": report.number}
    )  # fmt: skip
    return report


def _opened(  # noqa: PLR0917 - one caller
    application: Application, year: int, last: YearReport | None, reason: str, by: Actor, at: datetime
) -> YearReport:
    """The report of a year with its indicators, as the decided version planned them."""
    indicators = decided_indicators(application)
    if year not in reported_years(indicators):
        raise Refused
    if clock.today(at) < fiscal_year_start(year):
        raise DomainError(
            Fault("", f"{label(year)}は、まだ始まっていません。", "年度が始まってから書いてください。")
        )
    if last is not None and not reason.strip():
        raise DomainError(
            Fault("reason", "訂正の理由がありません。", "前の値も残ります。直した理由を書いてください。")
        )
    report = YearReport(
        application=application, fiscal_year=year, number=last.number + 1 if last else 1, opened_at=at, version=0,
        reason=reason.strip() if last else "",
    )  # fmt: skip
    transition.move(report, REPORT, "open_report", begins=True)
    report.save()
    YearFigure.objects.bulk_create(
        YearFigure(
            report=report, position=place, name=row["name"], definition=row["definition"], unit=row["unit"],
            planned=planned_value(row, year),
        )
        for place, row in enumerate(indicators)
    )  # fmt: skip
    transition.record(
        application, "open_report", by=by, at=at, payload={"fiscal_year": year, "number": report.number}
    )
    return report


def _write(report: YearReport, entries: Sequence[FigureEntry], done: str, reason: str) -> None:
    for row, entry in zip(report.figures.order_by("position"), entries, strict=False):
        row.value, row.not_measurable, row.remark = entry.value, entry.reason.strip(), entry.remark.strip()
        row.save(update_fields=["value", "not_measurable", "remark"])
    report.done, report.version = done.strip(), report.version + 1
    if report.number > 1 and reason.strip():
        report.reason = reason.strip()
    report.save(update_fields=["done", "reason", "version"])


def _faults(entries: Iterable[FigureEntry], done: str, reason: str) -> Iterable[Fault]:
    yield from text_faults("done", done)
    yield from text_faults("reason", reason)
    for number, entry in enumerate(entries, start=1):
        name = f"成果指標{number}"
        for part, most in LENGTHS.items():
            yield from text_faults(f"{number}-{part}", getattr(entry, part), of=name, most=most)
        if entry.value is not None and entry.reason.strip():
            words = f"{name}に、実績値と、測れない理由の両方があります。"
            yield Fault(f"{number}-reason", words, "どちらか一方にしてください。")
        if entry.value is not None and not is_storable(entry.value):
            words = f"{name}の値が{MOST:,}以上か、小数が{PLACES}桁を超えています。"
            yield Fault(f"{number}-value", words, "直してください。")


# --- Handing in, returning, taking --------------------------------------------------------------------------


def _locked(report_id: int, expected_version: int | None) -> YearReport:
    """The report behind the lock of its case. Raises Refused, Conflict."""
    known = YearReport.objects.filter(pk=report_id).first()
    if known is None:
        raise Refused
    application = locking.application(known.application_id)
    report = YearReport.objects.get(pk=report_id)
    report.application = application
    if expected_version is not None and expected_version != report.version:
        raise Conflict("この年次報告は、画面を開いた後に変わりました。最新の画面で確かめてください。")
    return report


def _require(report: YearReport, action: str, by: Actor) -> None:
    transition.require_person(by)
    transition.insist(judge_report(by, action, report))


def _finish(report: YearReport, action: str, *, by: Actor, at: datetime, comment: str = "") -> YearReport:
    """Write the next status with the event and the notices."""
    transition.move(report, REPORT, action)
    report.version += 1
    report.save()
    payload = {"fiscal_year": report.fiscal_year, "number": report.number}
    event = transition.record(report.application, action, by=by, at=at, comment=comment, payload=payload)
    telling.tell(report.application, event)
    return report


@transaction.atomic
def hand_in(
    *, report_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> YearReport:
    """Hand a report in. Raises Refused, UnknownTransition, Conflict, DomainError naming each indicator left blank."""
    instant = at or clock.now()
    report = _locked(report_id, expected_version)
    _require(report, "hand_in_report", by)
    blank = [
        Fault(
            f"{number}-value", f"成果指標{number}「{row.name}」の実績が未記入です。", "値（0もそのまま）か、測れない理由を書いてください。",
        )
        for number, row in enumerate(report.figures.order_by("position"), start=1) if row.is_blank
    ]  # fmt: skip
    if blank:
        raise DomainError(*blank)
    report.submitted_at, report.submitted_by_id = instant, person(by)
    return _finish(report, "hand_in_report", by=by, at=instant)


@transaction.atomic
def give_back(
    *, report_id: int, reason: str, due_at: datetime, by: Actor, expected_version: int | None = None,
    at: datetime | None = None,
) -> YearReport:  # fmt: skip
    """Ask for corrections until an instant. Raises Refused, UnknownTransition, Conflict, DomainError."""
    instant = at or clock.now()
    report = _locked(report_id, expected_version)
    _require(report, "return_report", by)
    require_reason(reason)
    faults = text_faults("reason", reason)
    if due_at <= instant:
        faults.append(Fault("due_at", "期限が過ぎています。", "これからの日時にしてください。"))
    if faults:
        raise DomainError(*faults)
    report.return_reason, report.due_at = reason.strip(), due_at
    return _finish(report, "return_report", by=by, at=instant, comment=reason.strip())


@transaction.atomic
def take(
    *, report_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> YearReport:
    """Take a report: the project's public page shows it from now on. Raises Refused, UnknownTransition, Conflict."""
    instant = at or clock.now()
    report = _locked(report_id, expected_version)
    _require(report, "take_report", by)
    report.taken_at, report.taken_by_id = instant, person(by)
    _finish(report, "take_report", by=by, at=instant)
    outcomes.tell_public(report.application, at=instant)
    return report

"""What follows in the demo: technical support beside the money, and the yearly reports of adopted cases.

Only steps that have come by the instant of loading are done; the rest is left to happen.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final

from accounts.actions.addressing import pass_over
from accounts.models import Organization
from core import clock
from core.business_days import add_business_days
from core.fiscal_year import fiscal_year_start
from grants.actions import reporting, supporting, visiting
from grants.actions.demo_walk import Walk
from grants.actions.reporting import FigureEntry
from grants.actions.visiting import VisitPlan
from grants.models import SupportRequest, YearReport

_ADVISER: Final = "adviser@consulting.example"
_MORNING: Final = time(10, 0)


def go_on(walk: Walk, why: str) -> None:
    """Do the "supports" and "reports" of a case; their mails are passed over.

    Shapes: "supports" [{"asked": day, "wishes", "themes", "assigned"?: day, "refused"?, "closed"?: day, "reason"?, "visits"
    [{"at": day, "place", "themes", "state", "participants", "done", "next_step", "reason"}]}], a day being ["opening"|
    "announcement"|"today", business days]; "reports" [{"year": counted from the call's, "value"?, "remark"?, "done",
    "reason"?, "saved", "handed"?, "taken"?: business days after the year's end (or the
    case's last act), or after today where the year runs}].
    """
    now = clock.now()
    for wish in walk.item.get("supports", []):
        _support(walk, wish, now)
    for told in walk.item.get("reports", []):
        _report(walk, told, now)
    for support in SupportRequest.objects.filter(application=walk.pk):
        pass_over(f"support:{support.public_id}:", why=why)


def _day(walk: Walk, named: tuple[str, int], now: datetime) -> datetime:
    """An instant counted from the case's calendar or from today."""
    origin, days = named
    count: Mapping[str, Callable[[int], datetime]] = {
        "opening": walk.calendar.after_opening,
        "announcement": walk.calendar.after_announcement,
        "today": lambda days: clock.instant(add_business_days(clock.today(now), days), _MORNING),
    }
    return count[origin](days)


def _support(walk: Walk, wish: Mapping[str, Any], now: datetime) -> None:
    """A wish and what became of it."""
    at = _day(walk, wish["asked"], now)
    if at > now:
        return
    with clock.at(at):
        made = supporting.ask(
            application_id=walk.pk, wishes=wish["wishes"], themes=wish["themes"], by=walk.editor
        )
    if "refused" in wish:
        with clock.at(_day(walk, wish["refused"], now)):
            supporting.refuse(support_id=made.pk, reason=wish["reason"], by=walk.officer)
    if "assigned" not in wish:
        return
    with clock.at(_day(walk, wish["assigned"], now)):
        body = Organization.objects.get(code="demo-consulting")
        supporting.assign(support_id=made.pk, adviser=body, by=walk.officer)
        plans = [_day(walk, visit["at"], now) for visit in wish["visits"]]
        rows = [
            visiting.plan_visit(support_id=made.pk, plan=VisitPlan(day, visit["place"], visit["themes"]), by=walk.editor).pk
            for day, visit in zip(plans, wish["visits"], strict=True)
        ]  # fmt: skip
    for pk, day, visit in zip(rows, plans, wish["visits"], strict=True):
        _visit(walk, pk, day, visit, now)
    if "closed" in wish:
        with clock.at(_day(walk, wish["closed"], now)):
            supporting.close(support_id=made.pk, reason=wish["reason"], by=walk.officer)


def _visit(walk: Walk, pk: int, day: datetime, visit: Mapping[str, Any], now: datetime) -> None:
    """One visit to the state it is to show."""
    adviser = walk.people[_ADVISER]
    if visit["state"] == "planned" or day > now:
        return
    with clock.at(day):
        if visit["state"] == "cancelled":
            visiting.cancel_visit(visit_id=pk, reason=visit["reason"], by=walk.editor)
            return
        visiting.hold_visit(visit_id=pk, participants=visit["participants"], by=adviser)
        if visit["state"] == "held":
            return
        visiting.record_visit(visit_id=pk, done=visit["done"], next_step=visit["next_step"], by=adviser)
        if visit["state"] == "confirmed":
            visiting.confirm_visit(visit_id=pk, by=walk.editor)


def _report(walk: Walk, told: Mapping[str, Any], now: datetime) -> None:
    """A year's report as far as it has come."""
    year = walk.call.fiscal_year + told["year"]
    ended = fiscal_year_start(year + 1)
    settled = walk.case.events.exclude(action__endswith="_report").latest("sequence").at
    last = clock.today(settled)

    def when(days: int) -> datetime:
        from_day = max(ended, last) if clock.today(now) >= ended else clock.today(now)
        return clock.instant(add_business_days(from_day, days), _MORNING)

    if when(told["saved"]) > now or clock.today(when(told["saved"])) < fiscal_year_start(year):
        return
    entry = FigureEntry(
        value=Decimal(told["value"]) if "value" in told else None, remark=told.get("remark", "")
    )
    with clock.at(when(told["saved"])):
        report = reporting.save_report(
            application_id=walk.pk, fiscal_year=year, entries=[entry], done=told["done"], reason=told.get("reason", ""),
            by=walk.editor,
        )  # fmt: skip
    steps: Mapping[str, Callable[[YearReport], object]] = {
        "handed": lambda made: reporting.hand_in(report_id=made.pk, by=walk.approver),
        "taken": lambda made: reporting.take(report_id=made.pk, by=walk.officer),
    }
    for name, step in steps.items():
        if name not in told or when(told[name]) > now:
            return
        with clock.at(when(told[name])):
            step(report)

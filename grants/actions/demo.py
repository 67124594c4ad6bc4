"""Invented cases of the demo: one in every state, walked by the actions under a set clock; all marked 【架空】.

The content stands in fixtures/demo/cases.json, the walk in grants.actions.demo_walk. Every moment is a business
day counted from the opening, the closing or the announcement of the case's own call, so dates follow the day of
loading as the calls do.
"""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from accounts.actions.addressing import pass_over
from accounts.models import Organization
from core import clock
from core.exceptions import DomainError, Fault
from core.fiscal_year import current_fiscal_year
from core.loading import LoadReport, read_json
from grants.actions import demo_afterwards, demo_questions, demo_routing
from grants.actions.demo_people import People
from grants.actions.demo_walk import Walk, calendar_of
from grants.models import Application
from programs.models import Call

PAST: Final = "デモの過去の出来事のため、メールは送っていません。"


def load_demo_cases(directory: Path) -> LoadReport:
    """Make the cases of `directory/cases.json` that are not there yet; what exists stays as it is.

    Shape {"program", "towns": {code: {"editor", "approver", "signer", "mark"}}, "cases": [{"call": [fiscal year
    counted from the current one, round], "lead", "partners", "actors", "state", "answers", "roles", "costs"
    {code: {item: yen per year}}, "form" (the version in its file, where the case began with an earlier one), …}], "questions": [{"call", …}]}; people, calls and forms must be loaded. A case is
    known by its call, its lead and the instant it was started at. Refuses to run outside the demo (RuntimeError), raises DomainError without a call.
    """
    if settings.PRODUCTION:
        raise RuntimeError("demo cases are for the demo and for tests")
    data = read_json(directory / "cases.json")
    people = People(data["towns"])
    report = LoadReport()
    for number, item in enumerate(data["cases"]):
        report += _load(data["program"], item, number, people)
    for number, item in enumerate(data.get("questions", [])):
        call = call_of(data["program"], *item["call"])
        report += demo_questions.load(call, item, number, people, PAST)
    return report


@transaction.atomic
def _load(program: str, item: dict[str, Any], number: int, people: People) -> LoadReport:
    """One case, whole or not at all."""
    call = call_of(program, *item["call"])
    calendar = calendar_of(call, number)
    lead = Organization.objects.get(code=item["lead"])
    if Application.objects.filter(call=call, lead=lead, started_at=calendar.started).exists():
        return LoadReport(unchanged=1)
    walk = Walk(item, call, calendar, people)
    walk.go()
    demo_routing.distribute(walk)
    demo_afterwards.go_on(walk, PAST)
    pass_over(f"grants:{walk.case.public_id}:", why=PAST)
    return LoadReport(created=1)


def call_of(program: str, years: int, round_name: str) -> Call:
    """The demo's call of a program; `years` counts from the current fiscal year. Raises DomainError without one."""
    year = current_fiscal_year(clock.now()) + years
    found = (
        Call.objects.filter(program__slug=program, fiscal_year=year, round_name=round_name, is_fictional=True)
        .select_related("program")
        .first()
    )
    if found is None:
        raise DomainError(
            Fault(
                "call",
                f"募集「{program} {year} {round_name}」がありません。",
                "先に募集を読み込んでください。",
            )
        )
    return found

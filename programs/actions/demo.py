"""Invented calls for the demo, made by the same actions as real ones; all marked 【架空】."""

import re
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.db import transaction

from core import clock
from core.actor import SYSTEM, Actor
from core.business_days import add_business_days
from core.exceptions import DomainError, Fault
from core.fiscal_year import current_fiscal_year
from core.loading import LoadReport, read_json
from programs.actions.calls import create_call, publish_call
from programs.models import Call, Program

_MOMENT = re.compile(r"(?P<days>[+-]\d{1,3})bd(?: (?P<hour>\d{2}):(?P<minute>\d{2}))?")
_INSTANTS = {
    "opens_at": "opens",
    "closes_at": "closes",
    "precheck_due_at": "precheck_due",
    "announce_at": "announce",
}
_PLAIN = (
    *("round_name", "outline", "applicants", "applicant_scope", "budget", "capacity", "capacity_unit"),
    *("uses_per_member", "max_per_lead", "rounding_unit", "rounding_scope", "input_unit", "funding_route"),
    *("certification_mode", "ends_in", "binding_sections"),
)


@transaction.atomic
def load_demo(directory: Path, *, by: Actor = SYSTEM, at: datetime | None = None) -> LoadReport:
    """Make the calls of `directory/calls.json` that are not there yet; what exists stays as it is.

    Moments are business days from `at` (default: now): "-14bd 09:00"; `fiscal_year` counts from the
    current one. A call that opens earlier than `at` is announced at its opening, others at once.
    """
    now = at or clock.now()
    report = LoadReport()
    for item in read_json(directory / "calls.json"):
        program = Program.objects.filter(slug=item["program"]).first()
        if program is None:
            raise DomainError(
                Fault("program", f"制度「{item['program']}」がありません。", "先に制度を読み込んでください。")
            )
        year = current_fiscal_year(now) + int(item["fiscal_year"])
        if Call.objects.filter(program=program, fiscal_year=year, round_name=item["round_name"]).exists():
            report += LoadReport(unchanged=1)
            continue
        instants: dict[str, Any] = {
            name: moment(item[key], now) for name, key in _INSTANTS.items() if item.get(key)
        }
        announced = min(instants["opens_at"], now)
        call = create_call(
            program=program,
            by=by,
            at=announced,
            fiscal_year=year,
            is_fictional=True,
            phases=[_phase(phase, now) for phase in item.get("phases", [])],
            **instants,
            **{name: item[name] for name in _PLAIN if name in item},
        )
        publish_call(call=call, by=by, at=announced)
        report += LoadReport(created=1)
    return report


def moment(words: str, at: datetime) -> datetime:
    """ "+12bd 17:00": that time on the twelfth business day after the JST day of `at`; without a time 00:00.

    Raises ValueError for anything else.
    """
    found = _MOMENT.fullmatch(words)
    if not found:
        raise ValueError(f"「{words}」は営業日の書き方ではありません。例：+12bd 17:00")
    day = add_business_days(clock.today(at), int(found["days"]))
    return clock.instant(day, time(int(found["hour"] or 0), int(found["minute"] or 0)))


def _phase(phase: dict[str, Any], at: datetime) -> dict[str, Any]:
    day = clock.today(moment(phase["starts"], at))
    rest = {name: value for name, value in phase.items() if name != "starts"}
    return rest | {"starts_on": day.isoformat()}

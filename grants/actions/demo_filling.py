"""What an invented case fills in besides its answers: the version of its form, prefilled values that were looked at, and its indicator."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.actor import Actor
from grants.actions.indicators import IndicatorEntry, save_indicators
from grants.actions.prefilling import confirm_prefilled
from grants.models import Application, FormTemplate, Member
from programs.models import Call


def form_of(item: Mapping[str, Any], call: Call) -> FormTemplate | None:
    """The version a case began with, where `item` names one that is not the newest."""
    rows = FormTemplate.objects.filter(program=call.program_id, file_version=item.get("form"))
    return rows.get() if "form" in item else None


def look_at(case: Application, member: Member | None, *, by: Actor) -> None:
    """Look at what the portal put in by itself, for all or for one town, and leave it as it is."""
    rows = case.answers.unchecked().filter(member=member).values_list("question__code", flat=True)
    confirm_prefilled(
        application_id=case.pk, questions=sorted(rows), member_id=member.pk if member else None, by=by
    )


def measure(case: Application, item: Mapping[str, Any], *, by: Actor) -> None:
    """How many people come, half as many more in each year; none were counted before. `item` as in cases.json."""
    if not case.template.indicators:
        return
    first, year = Decimal(item["answers"]["participants"]), case.call.fiscal_year
    spans = [len(costs) for rows in item["costs"].values() for costs in rows.values()]
    entry = IndicatorEntry(
        name="参加者・利用者の数", definition=item["answers"]["target"], unit="人", aim="up",
        reason="新しく始める取組のため、これまで数えていません。",
        targets={year + at: first * (2 + at) // 2 for at in range(max(spans))},
    )  # fmt: skip
    save_indicators(application_id=case.pk, entries=[entry], by=by)

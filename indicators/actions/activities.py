"""活動指標 of a measure (年4回 …): what is counted is defined by the coordinator, the numbers come with the rounds."""

from datetime import datetime

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.text import unstorable
from indicators.models import ActivityIndicator, Measure, PlanEvent, SheetCell

LONGEST_NAME, LONGEST_UNIT = 80, 20


def _measure(measure_id: int, by: Actor, at: datetime) -> Measure:
    """The measure, locked, so that two people define one after the other. Raises Refused."""
    Measure.objects.select_for_update().filter(pk=measure_id).first()
    row = Measure.objects.select_related("plan").filter(pk=measure_id).first()
    if row is None:
        raise Refused
    require(by, "indicators.keep_indicators", row.plan, at)
    return row


@transaction.atomic
def define_activity(
    *, measure_id: int, name: str, unit: str, by: Actor, at: datetime | None = None
) -> ActivityIndicator:
    """Define what is counted; open rounds ask for it from now on. Raises Refused, DomainError by field."""
    instant = at or clock.now()
    measure = _measure(measure_id, by, instant)
    name, unit = name.strip(), unit.strip()
    faults = [
        Fault(field, f"{label}が空です。", f"{label}を入力してください。")
        if not text
        else Fault(field, f"{label}が{len(text)}文字あります。", f"{most}文字以内にしてください。")
        for field, label, text, most in (
            ("name", "活動指標の名前", name, LONGEST_NAME), ("unit", "単位", unit, LONGEST_UNIT),
        )
        if not text or len(text) > most
    ]  # fmt: skip
    faults += [
        Fault(field, fault) for field, text in (("name", name), ("unit", unit)) if (fault := unstorable(text))
    ]
    if faults:
        raise DomainError(*faults)
    if measure.activities.filter(name=name).exists():
        raise DomainError(
            Fault("name", f"「{name}」という活動指標は、この施策にもうあります。", "別の名前にしてください。")
        )
    made = ActivityIndicator.objects.create(measure=measure, name=name, unit=unit)
    _record(measure, "define_activity", made, by, instant)
    return made


@transaction.atomic
def drop_activity(*, activity_id: int, by: Actor, at: datetime | None = None) -> None:
    """Take back a definition that nothing was ever counted by. Raises Refused, Conflict where something was."""
    instant = at or clock.now()
    found = ActivityIndicator.objects.filter(pk=activity_id).first()
    if found is None:
        raise Refused
    measure = _measure(found.measure_id, by, instant)
    cells = [f"{name}-{found.pk}" for name in ("planned", "done", "uncounted")]
    if found.years.exists() or SheetCell.objects.filter(task__measure=measure, name__in=cells).exists():
        raise Conflict(
            Fault("", f"「{found.name}」には記入があるため、なくせません。", "記入は記録として残します。")
        )
    _record(measure, "drop_activity", found, by, instant)
    found.delete()


def _record(measure: Measure, action: str, activity: ActivityIndicator, by: Actor, at: datetime) -> None:
    payload = {"sheet": measure.number, "activity": activity.name, "unit": activity.unit}
    PlanEvent.append(f"plan:{measure.plan.slug}", by, action, at=at, plan=measure.plan, payload=payload)

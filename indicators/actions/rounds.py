"""The steps of a round: planned, opened (every department gets its sheets), extended, closed, deliberated."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Department
from accounts.models.notice import heirs
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from core.text import fold
from indicators.actions import transition
from indicators.enums import RoundKind
from indicators.models import Measure, Plan, ProgressRound
from indicators.models.round import validate_open_cells

_LONGEST: Final = 2000


@transaction.atomic
def plan_round(
    *,
    plan: Plan,
    fiscal_year: int,
    kind: str,
    open_cells: Mapping[str, Sequence[str]],
    due_at: datetime,
    by: Actor,
    note: str = "",
    is_fictional: bool = False,
    at: datetime | None = None,
) -> ProgressRound:
    """Prepare a round. Raises Refused, Conflict for a second one of the year and kind, DomainError by field."""
    instant = at or clock.now()
    require(by, "indicators.plan_round", plan, instant)
    list(Plan.objects.select_for_update().filter(pk=plan.pk).values_list("pk"))
    if plan.rounds.filter(fiscal_year=fiscal_year, kind=kind).exists():
        raise Conflict(
            Fault("kind", "同じ年度・同じ区分の照会がもうあります。", "一覧からその照会を開いてください。")
        )
    faults = _faults(kind, open_cells, due_at, note, instant)
    if faults:
        raise DomainError(*faults)
    return transition.create_round(
        by=by, at=instant, plan=plan, fiscal_year=fiscal_year, kind=kind, due_at=due_at, note=note,
        open_cells={year: list(cells) for year, cells in sorted(open_cells.items())}, is_fictional=is_fictional,
    )  # fmt: skip


def _faults(
    kind: str, open_cells: Mapping[str, Sequence[str]], due_at: datetime, note: str, at: datetime
) -> list[Fault]:
    faults = []
    if kind not in RoundKind.values:
        faults.append(Fault("kind", "区分をえらんでください。"))
    try:
        validate_open_cells(open_cells)
    except ValidationError as error:
        faults.append(Fault("open_cells", error.messages[0]))
    if due_at <= at:
        faults.append(Fault("due_at", "回答の期限が過去の日時です。", "先の日時を入力してください。"))
    if len(note) > _LONGEST:
        faults.append(Fault("note", "説明が長すぎます。", f"{_LONGEST:,}字以内にしてください。"))
    return faults


@transaction.atomic
def open_round(
    *, round_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> ProgressRound:
    """Deal the plan's sheets to their departments and tell these. Raises as transition.begin_round, and without sheets.

    A measure's own name of its lead department is looked up among the city's units and their other spellings;
    where none fits, the sheet has no department yet and waits for the coordinator. A sheet whose newest year to
    be filled is printed elsewhere (再掲) has nothing to report.
    """
    instant = at or clock.now()
    round_ = transition.begin_round(
        round_id, "open_round", by=by, at=instant, expected_version=expected_version
    )
    measures = list(round_.plan.measures.prefetch_related("years__refers_to").order_by("position"))
    if not measures:
        raise DomainError(
            Fault("sheets", "この計画には個票がありません。", "先に進行管理表を取り込んでください。")
        )
    units = department_finder(round_.plan, instant)
    dealt = [
        transition.deal(
            round_, measure, by=by, at=instant, department=units(measure.lead_department),
            refers_to=_printed_elsewhere(measure, round_),
        )
        for measure in measures
    ]  # fmt: skip
    missing = [task.measure.number for task in dealt if task.department_id is None]
    transition.finish_round(
        round_, "open_round", by=by, at=instant, columns={"opened_at": instant},
        payload={"sheets": len(dealt), "without_department": missing},
    )  # fmt: skip
    return round_


def _printed_elsewhere(measure: Measure, round_: ProgressRound) -> str:
    """The number of the sheet that holds all years this round asks for, "" where they stand here."""
    years = {row.fiscal_year: row for row in measure.years.all()}
    asked = [years.get(int(year)) for year in round_.open_cells]
    referred = [row.refers_to for row in asked if row is not None and row.refers_to is not None]
    return referred[-1].number if len(referred) == len(asked) else ""


class department_finder:  # noqa: N801 - called like a function
    """The city's unit that a printed name means: by name or other spelling, followed to its successor."""

    def __init__(self, plan: Plan, at: datetime) -> None:
        self.today = clock.today(at)
        self._by_name: dict[str, Department] = {}
        units = Department.objects.filter(organization=plan.organization_id).order_by("valid_from", "pk")
        self._units = {unit.pk: unit for unit in units}
        for unit in self._units.values():
            for name in (*unit.aliases, unit.name):
                self._by_name[_bare(name)] = unit

    def __call__(self, name: str) -> Department | None:
        """The unit, or None where no name fits, or several took its work over."""
        unit = self._by_name.get(_bare(name))
        if unit is None or unit.valid_to is None or unit.valid_to >= self.today:
            return unit
        found = heirs([unit.pk], self.today)[unit.pk]
        return self._units.get(found.pop()) if len(found) == 1 else None


def _bare(name: str) -> str:
    return fold(name).replace(" ", "")


@transaction.atomic
def extend(
    *,
    round_id: int,
    due_at: datetime,
    reason: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> ProgressRound:
    """Another due instant, with the reason; a closed collection is open again. Reminders follow by themselves."""
    instant = at or clock.now()
    round_ = transition.begin_round(round_id, "extend", by=by, at=instant, expected_version=expected_version)
    if due_at <= instant or due_at == round_.due_at:
        raise DomainError(
            Fault("due_at", "新しい期限が、過去か今の期限と同じです。", "先の別の日時を入力してください。")
        )
    require_reason(reason)
    transition.finish_round(
        round_, "extend", by=by, at=instant, reason=reason, columns={"due_at": due_at},
        payload={"before": round_.due_at.isoformat(), "after": due_at.isoformat()},
    )  # fmt: skip
    return round_


def require_reason(reason: str, field: str = "reason") -> None:
    """Raise DomainError for a reason nobody wrote."""
    if not reason.strip():
        raise DomainError(Fault(field, "理由が空です。", "理由を入力してください。"))


@transaction.atomic
def step(
    *,
    round_id: int,
    action: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> ProgressRound:
    """`close_collection` or `deliberate`: nothing but the table. Raises as transition.begin_round."""
    instant = at or clock.now()
    round_ = transition.begin_round(round_id, action, by=by, at=instant, expected_version=expected_version)
    transition.finish_round(round_, action, by=by, at=instant)
    return round_

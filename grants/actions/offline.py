"""Taking over what was filled in offline: all of the chosen differences, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault
from grants.actions import budgeting, drafting, locking
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.actions.indicators import IndicatorEntry, save_indicators


@dataclass(frozen=True)
class OfflineAnswer:
    """One answer: question and member, the text, and the version the comparison showed."""

    question: str
    member_id: int | None
    value: str
    version: int


@dataclass(frozen=True)
class OfflineBudget:
    """One town's whole budget, and the version the comparison showed."""

    member_id: int
    costs: Sequence[CostEntry]
    incomes: Sequence[IncomeEntry]
    version: int


@dataclass(frozen=True)
class OfflineIndicators:
    """All indicators, and the version the comparison showed."""

    entries: Sequence[IndicatorEntry]
    version: int


@transaction.atomic
def take_over(
    *,
    application_id: int,
    answers: Sequence[OfflineAnswer],
    budgets: Sequence[OfflineBudget],
    indicators: OfflineIndicators | None = None,
    by: Actor,
    at: datetime | None = None,
) -> int:
    """Write the chosen differences in one go; how many. Raises as what saves each of them, and writes nothing then."""
    instant = at or clock.now()
    if not answers and not budgets and indicators is None:
        raise DomainError(Fault("", "取り込む違いが選ばれていません。", "取り込むものに印を付けてください。"))
    locking.application(application_id)
    for answer in answers:
        drafting.save_answer(
            application_id=application_id, question=answer.question, value=answer.value, member_id=answer.member_id,
            expected_version=answer.version, by=by, at=instant,
        )  # fmt: skip
    for budget in budgets:
        budgeting.save_budget(
            application_id=application_id, member_id=budget.member_id, costs=budget.costs, incomes=budget.incomes,
            expected_version=budget.version, by=by, at=instant,
        )  # fmt: skip
    if indicators is not None:
        save_indicators(
            application_id=application_id, entries=indicators.entries, expected_version=indicators.version, by=by,
            at=instant,
        )  # fmt: skip
    return len(answers) + len(budgets) + (indicators is not None)

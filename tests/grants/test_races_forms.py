"""Going over to a new form, indicators and looking at prefilled values, two people at once; each with its control."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core import clock
from core.exceptions import Conflict, DomainError
from grants.actions import drafting, locking
from grants.actions.indicators import IndicatorEntry, save_indicators
from grants.actions.prefilling import confirm_prefilled
from grants.actions.renewing import renew_form
from grants.models import Answer, Application, ProjectIndicator
from tests.factories import grants as cases
from tests.factories.grant_forms import revise
from tests.factories.grants import World
from tests.grants import test_prefill, test_project_indicators, test_versions
from tests.grants.test_races import race, whole

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]


@pytest.fixture
def world() -> Iterator[World]:
    """Committed, so that every thread sees it."""
    with clock.at(cases.NOW):
        yield cases.world()


def going_over_while_saving(world: World, *, locked: bool) -> None:
    """The text is saved in the new form, or refused: never left behind with the old question."""
    case = cases.start(world)
    revise(world.template, test_versions.effect_only)

    def save() -> Any:
        return drafting.save_answer(
            application_id=case.pk, question="issue", value="課題", by=world["lead_editor"]
        )

    def go() -> Any:
        return renew_form(application_id=case.pk, shown_version=2, by=world["lead_colleague"])

    results = race(locking, "application", save, go, locked=locked)
    assert not [result for result in results if isinstance(result, Exception)], results
    assert Application.objects.get(pk=case.pk).template.version == 2
    assert Answer.objects.get(question__code="issue").question.template.version == 2
    whole()


def two_people_and_one_table(world: World, *, locked: bool) -> None:
    """Both saved what the page of version 1 showed: one is heard, the other is told."""
    revise(world.template, test_project_indicators.asking)
    case = cases.start(world)

    def save(name: str) -> Callable[[], Any]:
        entry = IndicatorEntry(name=name)
        return lambda: save_indicators(
            application_id=case.pk, entries=[entry], by=world[name], expected_version=1
        )

    results = race(locking, "application", save("lead_editor"), save("lead_colleague"), locked=locked)
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, Conflict)], results
    assert ProjectIndicator.objects.count() == 1
    whole()


def looking_while_somebody_writes(world: World, *, locked: bool) -> None:
    """Nobody has looked at what a colleague writes at that moment."""
    case = test_prefill.known(world)

    def look() -> Any:
        return confirm_prefilled(application_id=case.pk, questions=["unit"], by=world["lead_editor"])

    def write() -> Any:
        return drafting.save_answer(
            application_id=case.pk, question="unit", value="別の課", by=world["lead_colleague"]
        )

    results = race(locking, "application", look, write, locked=locked)
    answer = Answer.objects.get(question__code="unit")
    assert isinstance(results[1], Answer), results
    assert results[0] == 1 or isinstance(results[0], DomainError), results
    assert (answer.value, answer.origin, answer.checked_at) == ("別の課", "", None)
    whole()


RACES = [going_over_while_saving, two_people_and_one_table, looking_while_somebody_writes]


@pytest.mark.parametrize("meeting", RACES)
def test_one_after_the_other(world: World, meeting: Callable[..., None]) -> None:
    meeting(world, locked=True)


@pytest.mark.parametrize("meeting", RACES[:2])
def test_control_without_the_lock_it_breaks(world: World, meeting: Callable[..., None]) -> None:
    with pytest.raises(AssertionError):
        meeting(world, locked=False)

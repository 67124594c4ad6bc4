"""再掲: a sheet whose text of a year stands in another one, until a round asks it itself."""

from collections.abc import Iterator

import pytest
from django.test import Client

from core import clock
from indicators.actions import checking, publishing, rounds
from indicators.enums import SheetStatus
from indicators.models import SheetTask, SheetYear
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = pytest.mark.django_db
WORDS = "にまとめて書かれています"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


def test_a_sheet_with_a_text_of_its_own_refers_to_no_other(world: World, client: Client) -> None:
    """The year it was asked for; the others stay as they were."""
    round_, by = made.opened(world), world["coordinator"]
    [task] = SheetTask.objects.filter(round=round_, status=SheetStatus.EXEMPT)
    page = f"/plans/{world.plan.slug}/measures/{task.measure.number}/"
    assert client.get(page).content.decode().count(WORDS) == 2
    SheetYear.objects.create(measure=task.measure, fiscal_year=2024, refers_to=world.plan.measures.first())
    checking.decide(task_id=task.pk, action="include", by=by)
    checking.reassign(
        task_id=task.pk, department_id=made.sheet(round_).department_id or 0, reason="試験", by=by
    )
    made.confirmed(world, task)
    for other in SheetTask.objects.filter(round=round_).exclude(pk=task.pk):
        checking.decide(task_id=other.pk, action="exempt", reason="試験", by=by)
    for action in ("close_collection", "deliberate"):
        rounds.step(round_id=round_.pk, action=action, by=by)
    publishing.publish_round(round_id=round_.pk, by=by)
    years = SheetYear.objects.filter(measure=task.measure).values_list("fiscal_year", "refers_to__number")
    assert dict(years) == {2024: "1", 2025: None, 2026: None}
    assert client.get(page).content.decode().count(WORDS) == 1

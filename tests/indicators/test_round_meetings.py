"""Meetings of a round and the opinions given there: recorded, answered, and only then published."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from indicators.actions import meetings, publishing
from indicators.models import PlanEvent
from indicators.queries.meetings import published_meetings
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


def test_every_opinion_is_answered_before_the_publication(world: World) -> None:
    round_ = made.opened(world)
    by = world["coordinator"]
    with pytest.raises(DomainError) as caught:
        meetings.record_meeting(
            round_id=round_.pk, kind="party", title=" ", held_on=clock.today() + timedelta(days=1), by=by
        )
    assert {fault.field for fault in caught.value.faults} == {"kind", "title", "held_on"}
    facts = {"round_id": round_.pk, "kind": "panel", "title": "推進委員会", "held_on": clock.today()}
    for name in ("head", "neighbour_coordinator", "anonymous"):
        with pytest.raises(Refused):
            meetings.record_meeting(**facts, by=world[name])
    panel = meetings.record_meeting(**facts, by=by)
    with pytest.raises(Conflict):
        meetings.record_meeting(**facts, by=by)
    with pytest.raises(DomainError, match="個票99"):
        meetings.add_opinion(meeting_id=panel.pk, text="意見", number="99", by=by)
    said = meetings.add_opinion(meeting_id=panel.pk, text="数で示してほしい。", number="2", by=by)
    made.settle(world, round_, "2")
    with pytest.raises(DomainError, match="回答していない意見が1件"):
        publishing.publish_round(round_id=round_.pk, by=by)
    meetings.answer_opinion(opinion_id=said.pk, text="検討します。", by=by)
    meetings.answer_opinion(opinion_id=said.pk, text="次の年度から書きます。", by=by)
    assert published_meetings(world.plan) == []
    publishing.publish_round(round_id=round_.pk, by=by)
    assert [row.answer for meeting in published_meetings(world.plan) for row in meeting.opinions.all()] == [
        "次の年度から書きます。"
    ]
    with pytest.raises(UnknownTransition):
        meetings.answer_opinion(opinion_id=said.pk, text="後から", by=by)
    last = PlanEvent.objects.filter(action="meet").order_by("sequence").last()
    assert last is not None
    assert last.payload["before"] == "検討します。"

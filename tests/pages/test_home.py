"""The first page: counts from the catalogue in memory, and no more calls read than are shown."""

from datetime import timedelta

from django.test import Client

from core import clock
from core.actor import ANONYMOUS
from programs.enums import Level
from tama_portal.pages.home import SHOWN, SOON, movement, sizes
from tests.factories import programs as make


def test_levels_components_and_what_leaves_the_catalogue(db: None) -> None:
    city = make.municipality("132241", "多摩市")
    parent = make.published()
    child = make.published(parent=parent, owner=city, level=Level.MUNICIPAL)
    make.draft(title="下書き")
    counted = sizes(ANONYMOUS, clock.now())
    assert (counted.programs, counted.components) == (2, 1)
    assert [count for _, count in counted.by_level] == [1, 1]
    child.parent = None
    child.save()
    assert sizes(ANONYMOUS, clock.now()).components == 0


def test_calls_on_both_sides_of_three_weeks(client: Client, db: None) -> None:
    at = clock.now()
    for number in range(SHOWN + 2):
        for closes_at in (at + SOON - timedelta(days=number), at + SOON + timedelta(days=number, seconds=1)):
            make.call_open(make.published(), closes_at=closes_at)
    found = movement(ANONYMOUS, at)
    assert [row.call.closes_at for row in found.closing] == [
        at + SOON - timedelta(days=number) for number in range(SHOWN + 1, 1, -1)
    ]
    assert [row.call.closes_at for row in found.open] == [
        at + SOON + timedelta(days=number, seconds=1) for number in range(SHOWN)
    ]
    assert client.get("/").status_code == 200

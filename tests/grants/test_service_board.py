"""執行管理 of a call without money: uses asked for and held on page and in files, and not a yen anywhere."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from grants.actions import visiting
from grants.queries.call_board import call_board
from grants.queries.service_board import TownUses, Uses, service_board
from tests.factories import grants as cases
from tests.factories import other_calls
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs
from tests.grants.test_supports import SPRING, planned, service

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(cases.NOW):
        yield cases.world()


def test_uses_instead_of_money(world: World, client_as: ClientAs) -> None:
    case, support = service(world, other_calls.ADVISER)
    first, second, third = (planned(world, support, days=days) for days in (0, 7, 14))
    with clock.at(SPRING + timedelta(hours=3)):
        visiting.hold_visit(visit_id=first.pk, participants=3, by=world["officer"])
        visiting.cancel_visit(visit_id=second.pk, reason="荒天のため", by=world["officer"])
    call = case.call
    with CaptureQueriesContext(connection) as asked:
        board = call_board(world["officer"], call, clock.now())
        found = service_board(board)
    assert len(asked) <= 9
    assert third.status == "planned"
    assert found.whole == Uses(asked=5, planned=1, held=1, cancelled=1)
    assert found.towns == [TownUses(case.lead.name, 1, found.whole)]
    assert (found.adopted, found.places_left) == (1, 4)
    officer, path = client_as(world.users["officer"]), f"/review/calls/{call.public_id}/"
    page = officer.get(path).content.decode()
    assert "申込みの回数" in page
    assert "円" not in page[page.index("<main") : page.index("</main")]
    rows = list(csv.DictReader(io.StringIO(officer.get(f"{path}cases.csv").content.decode("utf-8-sig"))))
    assert [(row["申込み（回）"], row["実施（回）"], row["中止（回）"]) for row in rows] == [("5", "1", "1")]
    assert not [name for name in rows[0] if "円" in name]


def test_no_number_of_uses_is_not_zero(world: World) -> None:
    case, _ = service(world, other_calls.STUDENTS, uses_per_member=None)
    found = service_board(call_board(world["officer"], case.call, clock.now()))
    assert found.whole.asked is None

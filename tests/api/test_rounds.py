"""Rounds and sheets by token and by session: what the pages show, what can be done now, nothing of other sections."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Scope
from core import clock
from indicators.actions import rounds
from indicators.models import ProgressRound, SheetTask
from tests.api.machines import Machine
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = pytest.mark.django_db
BASE = "/api/v1/rounds/"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


@pytest.fixture
def round_(world: World) -> ProgressRound:
    return made.opened(world)


def test_a_section_reads_its_own_sheets_and_the_coordinator_all(world: World, round_: ProgressRound) -> None:
    section, whole = (Machine(world.users[name]) for name in ("editor", "coordinator"))
    shown = {}
    for name, machine in (("section", section), ("whole", whole)):
        (row,) = machine.get(BASE)["results"]
        assert (row["id"], row["name"], row["status"]) == (round_.pk, "令和8年度 期首照会", "open")
        detail = machine.get(f"{BASE}{round_.pk}/")
        assert detail["total"] == row["total"] == len(detail["sheets"])
        assert sum(each["sheets"] for each in detail["counts"]) == detail["total"]
        assert row["counts"] == detail["counts"]
        shown[name] = {sheet["number"] for sheet in detail["sheets"]}
    everything = set(SheetTask.objects.filter(round=round_).values_list("measure__number", flat=True))
    assert shown["whole"] == everything
    assert shown["section"] < everything
    assert "3" not in shown["section"]
    assert section("get", f"{BASE}{round_.pk}/sheets/3/").status_code == 404
    assert whole("get", f"{BASE}{round_.pk}/sheets/3/").status_code == 200


def test_a_sheet_says_what_stands_in_it_and_what_can_be_done(world: World, round_: ProgressRound) -> None:
    task = made.sheet(round_)
    made.fill(world, task, content="空き店舗を直します。")
    section = Machine(world.users["editor"])
    path = f"{BASE}{round_.pk}/sheets/2/"
    body = section.get(path)
    cells = {(cell["fiscal_year"], cell["name"]): cell for cell in body["cells"]}
    assert cells[2026, "content"]["value"] == "空き店舗を直します。"
    assert cells[2026, "content"]["version"] >= 1
    empty = next(cell for cell in body["cells"] if not cell["value"])
    assert (empty["version"], empty["is_proxy"]) == (0, False)
    assert "propose" in {act["action"] for act in body["available_actions"]}
    assert all(act["needs_person"] and act["page"] == body["page"] for act in body["available_actions"])
    assert world.users["editor"].name not in str(body)
    made.proposed(world, task)
    assert "propose" not in {act["action"] for act in section.get(path)["available_actions"]}
    head = Machine(world.users["head"]).get(path)
    assert "approve" in {act["action"] for act in head["available_actions"]}
    made.returned(world, made.sheet(round_, "1"))
    again = section.get(f"{BASE}{round_.pk}/sheets/1/")
    assert [cell["name"] for cell in again["cells"] if cell["returned_reason"]]


def test_acts_need_a_person_and_say_so(world: World, round_: ProgressRound) -> None:
    section = Machine(world.users["editor"])
    path = f"{BASE}{round_.pk}/sheets/2/acts/"
    refused = section("post", f"{path}propose/")
    assert refused.status_code == 403
    assert "画面で行う" in refused.json()["detail"]
    assert section("post", f"{path}nothing/").status_code == 404
    assert section("post", f"{BASE}{round_.pk}/sheets/3/acts/propose/").status_code == 404
    assert made.sheet(round_).status == "open"


def test_others_know_of_no_round(world: World, round_: ProgressRound, client_as: Any) -> None:
    assert Client().get(BASE).status_code == 401
    narrow = Machine(world.users["editor"], Scope.READ_DEADLINES)
    refused = narrow("get", BASE)
    assert refused.status_code == 403
    assert "rounds.read" in refused.content.decode()
    strangers = [name for name in world.users if world.actors[name].organization_id != world.town.pk]
    assert strangers
    for name in strangers:
        browser = client_as(world.users[name])
        assert browser.get(BASE).json()["results"] == []
        for page in ("", "sheets/2/"):
            assert browser.get(f"{BASE}{round_.pk}/{page}").status_code == 404
    signed_in = client_as(world.users["editor"])
    assert signed_in.get(f"{BASE}{round_.pk}/").json()["id"] == round_.pk
    for odd in ("99999999999999999999999", "0"):
        assert signed_in.get(f"{BASE}{odd}/").status_code == 404


def test_the_number_of_queries_does_not_grow(world: World, round_: ProgressRound) -> None:
    whole = Machine(world.users["coordinator"])
    whole.get(BASE)  # the first use of a token is noted
    counts = []
    for kind in ("mid", "end"):
        with CaptureQueriesContext(connection) as one:
            whole.get(BASE)
        with CaptureQueriesContext(connection) as two:
            whole.get(f"{BASE}{round_.pk}/")
        counts.append((len(one), len(two)))
        rounds.plan_round(
            plan=world.plan,
            by=world["coordinator"],
            fiscal_year=2026,
            kind=kind,
            open_cells=made.CELLS,
            due_at=made.DUE,
        )
    assert counts[0] == counts[1]

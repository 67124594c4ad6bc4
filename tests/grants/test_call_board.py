"""執行管理: exact sums, exact points, nothing for towns and reviewers, files that no program runs."""

import csv
import io
from collections.abc import Callable
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core import clock
from grants.actions import review
from grants.enums import NEVER_SUBMITTED_STATES, ApplicationStatus
from grants.models import Application, ReviewAssignment
from grants.queries.call_board import CallBoard, call_board
from grants.workbook import table_csv, table_workbook
from programs.models import Call
from tests.factories import grants as cases
from tests.factories.grants import Gallery

S = ApplicationStatus


@pytest.fixture
def scored(shown: Gallery) -> Application:
    """The gallery's case under review, scored by two: 4 and 3 on everything but one criterion."""
    case, world = shown.case(S.UNDER_REVIEW), shown.world
    with clock.at(cases.AFTER_CLOSING):
        for name, points in (("reviewer", 4), ("second_reviewer", 3)):
            given = dict.fromkeys(world.template.weights(), points)
            given[next(iter(given))] = 5
            seat = ReviewAssignment.objects.get(application=case, reviewer=world.users[name])
            if not hasattr(seat, "declaration"):
                review.declare_interest(application_id=case.pk, has_interest=False, by=world[name])
            review.score(application_id=case.pk, by=world[name], points=given, comment="")
    return case


def board(shown: Gallery, name: str = "officer") -> CallBoard:
    call = Call.objects.get(pk=shown.world.call.pk)
    return call_board(shown.world[name], call, clock.now())


def test_it_holds_every_received_case_and_sums_them(shown: Gallery) -> None:
    found = board(shown)
    received = Application.objects.filter(call=shown.world.call).exclude(status__in=NEVER_SUBMITTED_STATES)
    assert {line.application.pk for line in found.lines} == set(received.values_list("pk", flat=True))
    assert found.requested == sum(received.values_list("requested_amount", flat=True))
    funded = received.filter(status__in=[S.ADOPTED, S.COMPLETED])
    assert found.decided == sum(funded.values_list("decided_amount", flat=True))
    assert sum(town.requested for town in found.towns) == found.requested
    assert found.drafts == 1


def test_points_are_exact_and_order_the_list(shown: Gallery, scored: Application) -> None:
    case = scored
    expected = []
    for seat in ReviewAssignment.objects.filter(application=case, scored_at__isnull=False):
        weights = [(score.points, score.weight) for score in seat.scores.all()]
        expected.append(Fraction(sum(p * w for p, w in weights), 5 * sum(w for _, w in weights)))
    line = next(line for line in board(shown).lines if line.application.pk == case.pk)
    assert line.score == sum(expected) / len(expected)
    scores = [line.score for line in board(shown).lines if line.score is not None]
    assert scores == sorted(scores, reverse=True)
    ranks = [line.rank for line in board(shown).lines]
    assert ranks[0] == 1
    assert ranks == sorted(ranks, key=lambda rank: (rank is None, rank))


def test_the_budget_line(shown: Gallery, scored: Application) -> None:
    first = board(shown).lines[0]
    Call.objects.filter(pk=shown.world.call.pk).update(budget=first.counts)
    found = board(shown)
    assert found.lines[0].used == first.counts
    assert found.within >= 1
    assert found.left == first.counts - found.decided


def test_ones_own_points_come_first(shown: Gallery, scored: Application) -> None:
    seat = ReviewAssignment.objects.filter(application=scored).earliest("pk")
    assert board(shown).lines[0].score is not None
    ReviewAssignment.objects.filter(pk=seat.pk).update(
        reviewer=shown.world.users["officer"], scored_at=None, scored_by=None
    )
    line = next(line for line in board(shown).lines if line.application.pk == seat.application_id)
    assert (line.score, line.rank) == (None, None)


def test_a_fixed_number_of_queries(shown: Gallery) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = board(shown)
    assert len(found.lines) >= 8
    assert len(asked) <= 8


@pytest.mark.parametrize("name", ["lead_editor", "reviewer", "other_bureau", "external_reviewer"])
def test_unknown_to_everybody_else(shown: Gallery, client_as: Callable[[object], Client], name: str) -> None:
    client, path = client_as(shown.world.users[name]), f"/review/calls/{shown.world.call.public_id}/"
    for address in (path, f"{path}cases.csv", f"{path}cases.xlsx"):
        assert client.get(address).status_code == 404


def test_page_and_files_say_the_same(shown: Gallery, client_as: Callable[[object], Client]) -> None:
    client, path = client_as(shown.world.users["officer"]), f"/review/calls/{shown.world.call.public_id}/"
    page = client.get(path).content.decode()
    lines = board(shown).lines
    text = client.get(f"{path}cases.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    sheet = load_workbook(io.BytesIO(client.get(f"{path}cases.xlsx").content)).active
    assert len(rows) - 1 == len(lines) == sheet.max_row - 2
    for row, line in zip(rows[1:], lines, strict=True):
        assert row[3] == line.application.receipt_number
        assert row[9] == str(line.requested)
        assert f"{line.requested:,}" in page
    assert client.get(f"{path}cases.pdf").status_code == 404
    assert client.post(path).status_code == 405


def test_no_cell_is_a_formula() -> None:
    rows = [["=1+1", "+81", "-5", "@a", -5, None, "ふつう"]]
    text = table_csv(["a"] * 7, rows).decode("utf-8-sig").splitlines()[1]
    assert text == "'=1+1,'+81,'-5,'@a,-5,,ふつう"
    cells = load_workbook(io.BytesIO(table_workbook("=t", ["a"] * 7, rows))).active[3]
    assert [cell.data_type for cell in cells][:4] == ["s"] * 4

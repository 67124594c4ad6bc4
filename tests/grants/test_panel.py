"""The panel's figures against a count of their own, the sentences about them, and who may see them."""

import statistics
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from grants.actions import review
from grants.enums import ApplicationStatus
from grants.models import Application, ReviewAssignment, Score
from grants.queries.call_board import call_board
from grants.queries.panel import panel_of
from grants.rules import panel as rules
from grants.rules.panel import Ballot, Panel
from programs.models import Call
from tests.factories import grants as cases
from tests.factories.grants import Gallery

CODES = ("wide", "new", "sure")
counted = settings(max_examples=60)


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    """Up to six cases, four reviewers and three criteria; not everybody scores every case."""
    names = [f"c{number}" for number in range(draw(st.integers(1, 6)))]
    weights = draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    points = st.tuples(*(st.integers(1, 5) for _ in weights))
    ballots = [
        Ballot(name, reviewer, draw(points)) for name in names for reviewer in range(draw(st.integers(1, 4)))
    ]
    amounts = {name: draw(st.integers(0, 9)) * 1_000_000 for name in names}
    budget = draw(st.none() | st.integers(0, 30).map(lambda number: number * 1_000_000))
    return Panel(dict(zip(CODES, weights, strict=False)), tuple(ballots), amounts, budget)


def by_hand(panel: Panel, weights: list[int], without: int | None = None) -> dict[str, float]:
    """The shares in floating point, one reviewer's percentage after the other."""
    found: dict[str, list[float]] = {}
    for ballot in panel.ballots:
        if ballot.reviewer != without:
            total = sum(point * weight for point, weight in zip(ballot.points, weights, strict=True))
            found.setdefault(ballot.case, []).append(total / (5 * sum(weights)))
    return {case: statistics.fmean(totals) for case, totals in found.items()}


@counted
@given(panels())
def test_shares_ranks_and_budget_are_those_of_a_plain_count(panel: Panel) -> None:
    found, shares = rules.standing(panel), by_hand(panel, list(panel.weights.values()))
    assert {case: float(share) for case, share in found.shares.items()} == pytest.approx(shares)
    for case, rank in found.ranks.items():
        assert rank == 1 + sum(other > found.shares[case] for other in found.shares.values())
    order = sorted(found.ranks, key=lambda case: (found.ranks[case], list(panel.amounts).index(case)))
    taken, covered = 0, []
    for case in order:
        taken += panel.amounts[case]
        assert found.used[case] == taken
        if panel.budget is not None and taken > panel.budget:
            break
        covered.append(case)
    assert list(found.within) == covered


@counted
@given(panels())
def test_agreement_is_one_less_the_mean_difference(panel: Panel) -> None:
    for place, figures in enumerate(rules.criteria(panel)):
        points = [ballot.points[place] for ballot in panel.ballots]
        assert figures.mean == Fraction(statistics.mean(map(Fraction, points)))
        pairs = [
            abs(a.points[place] - b.points[place])
            for a, b in combinations(panel.ballots, 2)
            if a.case == b.case
        ]
        assert figures.widest == max(pairs, default=0)
        if pairs:
            assert figures.agreement == 1 - Fraction(sum(pairs), 4 * len(pairs))
        else:
            assert figures.agreement is None


@counted
@given(panels())
def test_a_weight_range_is_as_wide_as_it_can_be(panel: Panel) -> None:
    """Every weight inside keeps the order, the first outside does not."""
    before = rules.standing(panel)
    for place, each in enumerate(rules.weight_ranges(panel)):
        for weight in range(rules.MOST_WEIGHT + 1):
            weights = list(panel.weights.values())
            weights[place] = weight
            if not sum(weights):
                continue
            now = rules.standing(panel, weights=dict(zip(panel.weights, weights, strict=True)))
            same = (now.ranks, now.within) == (before.ranks, before.within)
            if each.lowest <= weight <= each.highest:
                assert same
            elif weight in {each.lowest - 1, each.highest + 1}:
                assert not same
        assert each.lowest <= each.weight <= each.highest


@counted
@given(panels())
def test_without_a_reviewer_the_others_are_counted(panel: Panel) -> None:
    for who, change in rules.without_each(panel).items():
        now = rules.standing(panel, without=who)
        shares = by_hand(panel, list(panel.weights.values()), without=who)
        assert {case: float(share) for case, share in now.shares.items()} == pytest.approx(shares)
        before = rules.standing(panel)
        assert {case for case, _, _ in change.moved} == {
            case for case, rank in before.ranks.items() if now.ranks.get(case) != rank
        }
        assert set(change.leaves) == set(before.within) - set(now.within)
        assert set(change.enters) == set(now.within) - set(before.within)


@pytest.mark.parametrize("points", [(1, 2), (1, 2, 6), (0, 2, 3)])
def test_a_faulty_ballot_is_refused(points: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="point"):
        Panel(dict.fromkeys(CODES, 1), (Ballot("a", 1, points),), {"a": 0})


# --- The page ---------------------------------------------------------------------------------------------


@pytest.fixture
def scored(shown: Gallery) -> Application:
    """The gallery's case under review, scored by two who do not agree."""
    case, world = shown.case(ApplicationStatus.UNDER_REVIEW), shown.world
    with clock.at(cases.AFTER_CLOSING):
        for name, points in (("reviewer", 5), ("second_reviewer", 2)):
            seat = ReviewAssignment.objects.get(application=case, reviewer=world.users[name])
            if not hasattr(seat, "declaration"):
                review.declare_interest(application_id=case.pk, has_interest=False, by=world[name])
            given_points = dict.fromkeys(world.template.weights(), points)
            review.score(application_id=case.pk, by=world[name], points=given_points, comment="")
    return case


def page(
    shown: Gallery, client_as: Callable[[object], Client], query: str = "", name: str = "officer"
) -> str:
    address = f"/review/calls/{shown.world.call.public_id}/panel/{query}"
    return client_as(shown.world.users[name]).get(address).content.decode()


def test_it_is_the_order_of_the_board(shown: Gallery, scored: Application) -> None:
    call = Call.objects.get(pk=shown.world.call.pk)
    found = panel_of(shown.world["officer"], call, clock.now())
    board = call_board(shown.world["officer"], call, clock.now())
    counted = {line.application.public_id: line.score for line in board.lines}
    standing = rules.standing(found.panel)
    assert standing.shares
    for key, share in standing.shares.items():
        assert share == counted[key]
    assert not found.apart


def test_the_page_explains_itself(
    shown: Gallery, scored: Application, client_as: Callable[[object], Client]
) -> None:
    text = page(shown, client_as)
    assert "話し合う" in text  # 5 against 2
    assert "の点を除" in text
    assert "順位は変わりません" in text
    assert "試算を表示しています" not in text


def test_a_trial_changes_nothing_but_the_page(
    shown: Gallery, scored: Application, client_as: Callable[[object], Client]
) -> None:
    before = list(Score.objects.values_list("pk", "points", "weight"))
    code = next(iter(shown.world.template.weights()))
    text = page(shown, client_as, f"?weight_{code}=０&budget=1")
    assert "試算を表示しています" in text
    assert "補欠の候補" in text
    assert list(Score.objects.values_list("pk", "points", "weight")) == before


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("?weight_{code}=21", "20 以下"),
        ("?weight_{code}=x", "整数"),
        ("?budget=-1", "0円以上"),
        ("?budget=%00", ""),
    ],
)
def test_a_faulty_trial_is_named_and_kept(
    shown: Gallery, scored: Application, client_as: Callable[[object], Client], query: str, fault: str
) -> None:
    code = next(iter(shown.world.template.weights()))
    address = f"/review/calls/{shown.world.call.public_id}/panel/{query.format(code=code)}"
    answer = client_as(shown.world.users["officer"]).get(address)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert "評価の順" in answer.content.decode()


def test_all_weights_zero_are_refused(
    shown: Gallery, scored: Application, client_as: Callable[[object], Client]
) -> None:
    query = "&".join(f"weight_{code}=0" for code in shown.world.template.weights())
    assert "重みがすべて0です" in page(shown, client_as, f"?{query}")


def test_ones_own_points_come_first(
    shown: Gallery, scored: Application, client_as: Callable[[object], Client]
) -> None:
    seat = ReviewAssignment.objects.filter(application=scored).earliest("pk")
    ReviewAssignment.objects.filter(pk=seat.pk).update(
        reviewer=shown.world.users["officer"], scored_at=None, scored_by=None
    )
    found = panel_of(shown.world["officer"], Call.objects.get(pk=shown.world.call.pk), clock.now())
    assert scored.public_id not in found.lines
    assert scored.pk in {line.application.pk for line in found.unscored}


def test_a_case_scored_on_other_criteria_is_left_apart(shown: Gallery, scored: Application) -> None:
    """Also where only one of its reviewers used another form: an order over two forms would be invented."""
    Score.objects.filter(pk=Score.objects.filter(assignment__application=scored).latest("pk").pk).update(
        criterion="of-another-form"
    )
    found = panel_of(shown.world["officer"], Call.objects.get(pk=shown.world.call.pk), clock.now())
    assert scored.public_id not in found.lines
    assert [line.application.pk for line in found.apart] == [scored.pk]


def test_nothing_scored_yet(shown: Gallery, client_as: Callable[[object], Client]) -> None:
    Score.objects.all().delete()
    ReviewAssignment.objects.update(scored_at=None, scored_by=None)
    assert "採点された申請はまだありません" in page(shown, client_as)


@pytest.mark.parametrize("name", ["lead_editor", "reviewer", "other_bureau", "external_reviewer"])
def test_unknown_to_everybody_else(shown: Gallery, client_as: Callable[[object], Client], name: str) -> None:
    address = f"/review/calls/{shown.world.call.public_id}/panel/"
    assert client_as(shown.world.users[name]).get(address).status_code == 404


def test_a_fixed_number_of_queries(shown: Gallery, scored: Application) -> None:
    call = Call.objects.get(pk=shown.world.call.pk)
    with CaptureQueriesContext(connection) as asked:
        panel_of(shown.world["officer"], call, clock.now())
    assert len(asked) <= 8

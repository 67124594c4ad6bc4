"""The plan on view: structure exact, drafts closed, pages at a fixed number of queries."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from core import clock
from core.actor import ANONYMOUS
from indicators import queries
from indicators.actions.loading import load_reference
from indicators.enums import GoalStatus, PlanPublication, Progress
from indicators.models import Indicator, Measure, Plan, SheetYear
from tests.indicators.conftest import REFERENCE

CANARY = "カナリア計画未公開"


@pytest.fixture
def draft(plan: Plan) -> Plan:
    """An unpublished plan of another city."""
    return Plan.objects.create(
        slug="draft-plan",
        organization=Organization.objects.get(code="132225"),
        title=CANARY,
        publication=PlanPublication.DRAFT,
    )


def test_the_tree_is_complete(plan: Plan) -> None:
    numbers = list(plan.measures.values_list("number", flat=True))
    assert len(numbers) == 38
    assert numbers[:2] == ["1", "2"]
    assert {"11-1", "11-2", "11-3", "11-4", "35"} <= set(numbers)
    assert "11" not in numbers
    assert plan.directions.count() == 3
    assert sum(row.policies.count() for row in plan.directions.all()) == 10
    assert Indicator.objects.filter(plan=plan).count() == 7


def test_policies_restart_in_each_direction(plan: Plan) -> None:
    shape = [
        (row.number, row.policies.count(), Measure.objects.filter(policy__direction=row).count())
        for row in plan.directions.all()
    ]
    assert [(number, policies) for number, policies, _ in shape] == [(1, 4), (2, 3), (3, 3)]
    assert [sheets for _, _, sheets in shape] == [18, 8, 12]


def test_sheets_of_a_series_are_told_apart(plan: Plan) -> None:
    titles = [row.full_title for row in plan.measures.all()]
    assert len(set(titles)) == 38


def test_references_and_missing_goals_are_as_printed(plan: Plan) -> None:
    refers = {
        (row.measure.number, row.refers_to.number)
        for row in SheetYear.objects.filter(measure__plan=plan, refers_to__isnull=False).select_related(
            "measure", "refers_to"
        )
        if row.refers_to
    }
    assert refers == {("7", "25"), ("14", "9"), ("19", "5"), ("32", "20")}
    without = set(
        SheetYear.objects.filter(measure__plan=plan, goal_status=GoalStatus.NOT_SET).values_list(
            "measure__number", flat=True
        )
    )
    assert {"18", "22", "23", "30", "33"} <= without


def test_loading_twice_changes_nothing(plan: Plan) -> None:
    report = load_reference(REFERENCE)
    assert (report.created, report.updated) == (0, 0)
    assert report.unchanged > 38


def test_indicators_stand_where_the_source_puts_them(plan: Plan) -> None:
    standings = {row.indicator.slug: row for row in queries.indicators_of(plan)}
    progress = {slug: row.judgement.progress for slug, row in standings.items()}
    assert {progress.pop(slug) for slug in ("kpi-7",)} == {
        Progress.UNKNOWN
    }  # its baseline alone is no movement
    assert set(progress.values()) == {Progress.NOT_MET}
    assert standings["kpi-6"].latest == -1312
    assert "6.21" in standings["kpi-4"].judgement.sentence


def test_pages_answer(client: Client, plan: Plan) -> None:
    for url in (
        reverse("plans:list"),
        reverse("plans:detail", args=[plan.slug]),
        *(
            reverse("plans:measure", args=[plan.slug, number])
            for number in plan.measures.values_list("number", flat=True)
        ),
        *(
            reverse("plans:indicator", args=[plan.slug, slug])
            for slug in plan.indicators.values_list("slug", flat=True)
        ),
    ):
        assert client.get(url).status_code == 200, url
        assert client.post(url).status_code == 405, url


@pytest.mark.parametrize(
    "path",
    [
        "none/",
        "tama-sangyo-shinko/measures/11/",
        "tama-sangyo-shinko/measures/99/",
        "tama-sangyo-shinko/indicators/none/",
    ],
)
def test_unknown_is_404(client: Client, plan: Plan, path: str) -> None:
    assert client.get(f"/plans/{path}").status_code == 404


def test_a_draft_is_seen_by_its_city_alone(client: Client, draft: Plan) -> None:
    own = replace(ANONYMOUS, user_id=1, name="担当", organization_id=draft.organization_id)
    other = replace(own, user_id=2, organization_id=Organization.objects.get(code="132217").pk)
    assert draft in queries.plans(own)
    assert draft not in queries.plans(other)
    assert draft not in queries.plans(ANONYMOUS)
    assert client.get(reverse("plans:detail", args=[draft.slug])).status_code == 404
    for url in ("/plans/", "/api/v1/plans/", "/api/v1/measures/", "/api/v1/indicators/"):
        assert CANARY not in client.get(url).content.decode()


def test_the_empty_list_says_so(client: Client, db: None) -> None:
    assert "公開している計画はまだありません" in client.get(reverse("plans:list")).content.decode()


def test_api_measures(client: Client, plan: Plan) -> None:
    body = client.get("/api/v1/measures/", {"page_size": "200", "plan": plan.slug}).json()
    assert body["count"] == 38
    one = client.get(f"/api/v1/measures/{plan.slug}/11-4/").json()
    assert one["number"] == "11-4"
    assert one["years"][0]["fiscal_year"] == 2025
    assert client.get(f"/api/v1/measures/{plan.slug}/11/").status_code == 404


def test_api_indicators_keep_exact_values(client: Client, plan: Plan) -> None:
    rows = client.get("/api/v1/indicators/").json()["results"]
    assert [row["slug"] for row in rows] == [f"kpi-{n}" for n in range(1, 8)]
    assert rows[5]["baseline_value"] == "-1312.0000"
    assert rows[0]["progress"] == "not_met"


def test_overview_takes_a_fixed_number_of_queries(
    client: Client, plan: Plan, django_assert_max_num_queries: Callable[..., object]
) -> None:
    url = reverse("plans:detail", args=[plan.slug])
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(url)
    Measure.objects.filter(number__in=["1", "2", "3"]).delete()
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(url)


def test_updates_of_figures_are_the_coordinators_task(plan: Plan) -> None:
    """Those the source dates; gone from the desk once the words say nothing that can be read any more."""
    tasks = list(queries.planned_deadlines(clock.now()))
    assert {(task.kind, task.organization_id) for task in tasks} == {
        ("indicators.update", plan.organization_id)
    }
    assert [clock.local(task.at).isoformat() for task in sorted(tasks)][:1] == ["2025-12-31T17:00:00+09:00"]
    assert len(tasks) == 7
    coordinator = replace(
        ANONYMOUS, organization_id=plan.organization_id, department_id=1, roles=frozenset({"coordinator"})
    )
    assert len(queries.desk_tasks(coordinator, clock.now())) == 7
    assert queries.desk_tasks(replace(coordinator, roles=frozenset({"editor"})), clock.now()) == []
    one = next(iter(tasks)).case_key
    assert [
        task.case_key for task in queries.planned_deadlines(clock.now(), frozenset({one, "abcdefghij"}))
    ] == [one]
    Indicator.objects.update(next_update_text="未定")
    assert list(queries.planned_deadlines(clock.now())) == []

"""A plan at a glance: what moves, themes by measures, two plans side by side; drafts hidden, queries fixed."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from indicators.actions import observing
from indicators.actions.observing import Measured
from indicators.enums import Motion, Toward
from indicators.models import Indicator, Measure, Observation, Plan, SheetYear
from indicators.rules.motion import motion_of_sheet
from tests.factories import accounts as people
from tests.factories import rounds as made
from tests.factories.rounds import World
from tests.indicators.test_figures import indicator

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


def answer(world: World, number: str, year: int, toward: str, content: str = "") -> None:
    measure = Measure.objects.get(plan=world.plan, number=number)
    SheetYear.objects.update_or_create(
        measure=measure, fiscal_year=year, defaults={"toward": toward, "content": content}
    )


@pytest.mark.parametrize(
    ("answers", "contents", "expected"),
    [
        ({2024: "nearer", 2025: "same"}, {}, Motion.STILL),
        ({2024: "farther", 2025: "", 2023: "nearer"}, {}, Motion.BACK),
        ({2025: "unknown"}, {}, Motion.SILENT),
        ({}, {2024: "R6年度も開く。", 2025: "R7年度も開く。", 2026: "R8年度も開く。"}, Motion.STILL),
        ({2025: "nearer"}, {2024: "同じ", 2025: "同じ", 2026: "同じ"}, Motion.MOVES),
        ({}, {2025: "同じ", 2026: "同じ"}, Motion.SILENT),
        ({}, {}, Motion.SILENT),
    ],
)
def test_a_sheets_motion(answers: dict[int, str], contents: dict[int, str], expected: Motion) -> None:
    texts = {(year, "content"): text for year, text in contents.items()}
    found, why = motion_of_sheet(
        {year: Toward(word) if word else "" for year, word in answers.items()}, texts
    )
    assert found is expected
    assert why.endswith("。")


def test_the_overview_says_what_moves_and_what_stands_still(world: World, client: Client) -> None:
    answer(world, "1", 2025, "nearer")
    answer(world, "2", 2025, "same")
    answer(world, "3", 2025, "farther")
    first, _ = indicator(world), indicator(world, 2)
    observing.record_observation(
        indicator_id=first.pk, period=(2025, 2025), measured=Measured(Decimal(150)), by=world["coordinator"]
    )
    page = client.get("/plans/asagiri/").content.decode()
    rows = page.split('id="glance"')[1].split("</table>")[0]
    cells = [part.split("</td>")[0] for part in rows.split('<td class="r">')[1:]]
    assert cells == ["1", "1", "1", "1", "1", "0", "0", "1"] * 2
    assert (
        "2指標のうち、目標に届いていないもの2。現状値からみて、目標に近づいたもの1、新しい値がまだない・比べられないもの1。"
        in page
    )
    assert "進んでいる" in page.split("01")[-1]


def test_themes_by_measures(world: World, client: Client) -> None:
    page = client.get("/plans/asagiri/matrix/").content.decode()
    assert page.count("取り組む</span>") == 1
    assert page.count('<span class="sr">なし</span>') == 3
    assert '<td class="r">1</td>' in page
    world.plan.themes.all().delete()
    assert "重点テーマがありません" in client.get("/plans/asagiri/matrix/").content.decode()
    assert client.get("/plans/none/matrix/").status_code == 404


def test_two_plans_side_by_side(world: World, client: Client) -> None:
    other = made.plan(people.city("132217"), "kawabe")
    indicator(world)
    Indicator.objects.filter(plan=world.plan).update(name="店の数")
    twin = World(other, other.organization, {}, {})
    indicator(twin, 1, name="店の数", baseline_value=Decimal(7))
    address = "/plans/compare/?a=asagiri&b=kawabe"
    page = client.get(address).content.decode()
    shared = page.split('id="shared"')[1].split("</table>")[0]
    assert "100店" in shared
    assert "7店" in shared
    assert "DX" in page.split("両方にある重点テーマ")[1].split("</tr>")[0]
    for query, words in (("", "並べる"), ("?a=asagiri", "もう1つ"), ("?a=asagiri&b=asagiri", "別の計画")):
        assert words in client.get(f"/plans/compare/{query}").content.decode()
    assert client.get("/plans/compare/?a=asagiri&b=none").status_code == 404
    Plan.objects.filter(slug="kawabe").update(publication="draft")
    assert client.get(address).status_code == 404
    assert "kawabe" not in client.get("/plans/compare/").content.decode()


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    "path", ["/plans/asagiri/", "/plans/asagiri/matrix/", "/plans/compare/?a=asagiri&b=kawabe"]
)
def test_the_number_of_queries_does_not_grow(world: World, client: Client, path: str) -> None:
    made.plan(people.city("132217"), "kawabe")
    kpi = indicator(world)
    observing.record_observation(
        indicator_id=kpi.pk, period=(2025, 2025), measured=Measured(Decimal(150)), by=world["coordinator"]
    )
    few = queries_of(client, path)
    assert few > 0
    policy = world.plan.measures.first().policy  # type: ignore[union-attr]
    for place in range(10, 20):
        measure = Measure.objects.create(
            plan=world.plan, policy=policy, number=str(place), printed_number=str(place), position=place,
            title=f"施策{place}", outlook="new", lead_department="産業課",
        )  # fmt: skip
        SheetYear.objects.create(measure=measure, fiscal_year=2025, content="x")
        indicator(world, place)
    assert queries_of(client, path) == few <= 25


def test_figures_as_open_data(world: World, client: Client) -> None:
    """One thing a cell: 0 is a value, not measurable an empty one with its mark; corrections and the scale are said."""
    kpi, keeper = indicator(world), world["coordinator"]
    for year, measured in ((2024, Measured(Decimal(0))), (2025, Measured(None, "調査なし"))):
        observing.record_observation(
            indicator_id=kpi.pk, period=(year, year), measured=measured, source_text="商店調べ", by=keeper
        )
    zero = Observation.objects.get(period_end=2024)
    observing.correct_observation(
        observation_id=zero.pk, measured=Measured(Decimal("1.5")), reason="誤り", by=keeper
    )
    observing.declare_scale(
        plan_id=world.plan.pk,
        name="2段階",
        own=False,
        formula="ratio",
        grades=[("100%", "達成")],
        below="未達成",
        by=keeper,
    )

    def rows(name: str) -> list[dict[str, object]]:
        answer = client.get(f"/open-data/{name}.json")
        return list(json.loads(b"".join(answer.streaming_content))["rows"])  # type: ignore[attr-defined]

    found = [
        (
            row["種別"],
            row["期間の終わり"],
            row["値"],
            row["測定不能"],
            row["測定できない理由"],
            row["訂正の回数"],
        )
        for row in rows("observations")
    ]
    assert found == [
        ("現状値", 2021, "100", 0, None, 0), ("観測値", 2024, "1.5", 0, None, 1), ("観測値", 2025, None, 1, "調査なし", 0),
        ("目標", 2030, "200", 0, None, 0),
    ]  # fmt: skip
    (plan,) = rows("plans")
    assert (plan["判定の物差し"], plan["物差しの出どころ"]) == ("2段階", "ポータル独自")
    measure = Measure.objects.get(plan=world.plan, number="1")
    measure.related_departments = [{"name": "商工会", "is_outside": True}]
    measure.save()
    first = next(row for row in rows("measures") if row["番号"] == "1" and row["年度"] == 2025)
    assert first["関連課等"] == "商工会"
    assert first["事業内容"] == made.LAST_YEAR

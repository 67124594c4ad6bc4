"""The coordinator's acts on indicators: every one by its page, published figures kept, strangers kept out."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from accounts.models import User
from core import clock
from core.events import verify_chain
from core.exceptions import DomainError, Refused
from indicators import queries
from indicators.actions import filling, observing
from indicators.actions.filling import Typed
from indicators.actions.observing import Measured
from indicators.enums import Progress, Toward
from indicators.models import (
    ActivityIndicator,
    Indicator,
    Observation,
    ObservationCorrection,
    PlanEvent,
    UpdateChange,
)
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | str], Client]
PAGE = "/plans/asagiri/indicators/kpi-1/"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


@pytest.fixture
def kpi(world: World) -> Indicator:
    return indicator(world)


@pytest.fixture
def at(world: World, client_as: ClientAs) -> Callable[[str], Client]:
    return lambda name: client_as(world.users[name])


def indicator(world: World, number: int = 1, **facts: Any) -> Indicator:
    """Shops: 100 in 2021, at least 200 in 2030."""
    values: dict[str, Any] = {
        "slug": f"kpi-{number}", "number": number, "name": f"店の数{number}", "unit": "店", "baseline_text": "100店 (2021年)",
        "baseline_value": Decimal(100), "baseline_start": 2021, "baseline_end": 2021, "target_text": "200店以上 (2030年)",
        "target_kind": "threshold", "target_operator": ">=", "target_value": Decimal(200), "target_start": 2030,
        "target_end": 2030, "next_update_text": "令和8年12月頃",
    } | facts  # fmt: skip
    return Indicator.objects.create(plan=world.plan, direction=world.plan.directions.get(), **values)


def read(slug: str = "kpi-1") -> queries.Standing:
    found = queries.indicators_of(Indicator.objects.get(slug=slug).plan)
    return next(row for row in found if row.indicator.slug == slug)


def record(world: World, kpi: Indicator, year: int, value: object, **more: Any) -> Observation:
    measured = Measured(None if value is None else Decimal(str(value)), more.pop("reason", ""))
    return observing.record_observation(
        indicator_id=kpi.pk, period=(year, year), measured=measured, by=world["coordinator"], **more
    )


def test_a_year_from_the_pages_alone(
    world: World, kpi: Indicator, at: Callable[[str], Client], client: Client
) -> None:
    """Figure, 0, not measurable, correction, slip, new definition, words on a miss: all on the public page after."""
    keeper = at("coordinator")
    assert "新しい値を記録する" in keeper.get(PAGE).content.decode()
    assert "いまはできません" in keeper.get(f"{PAGE}correct/").content.decode()
    steps: list[tuple[str, dict[str, str]]] = [
        ("observe", {"period_start": "2024", "value": "１３０", "source_text": "商店調べ", "next_update": "令和9年12月頃"}),
        ("observe", {"period_start": "2025", "value": "0", "next_update": "令和9年12月頃"}),
        ("observe", {"period_start": "2026", "value": "", "not_measurable_reason": "調査が中止", "next_update": "令和9年12月頃"}),
        ("postpone", {"next_update": "令和10年3月頃", "reason": "国の公表が遅れるため"}),
    ]  # fmt: skip
    for name, data in steps:
        version = Indicator.objects.get(pk=kpi.pk).version
        answer = keeper.post(f"{PAGE}{name}/", {**data, "version": version})
        assert answer.status_code == 302, answer.content.decode()
    zero = Observation.objects.get(period_end=2025)
    facts = {"observation": zero.pk, "value": "140", "reason": "入力の誤り"}
    assert keeper.post(f"{PAGE}correct/", facts).status_code == 302
    facts = {
        "starts": "2027",
        "text": "移動販売も数える",
        "is_comparable": "yes",
        "reason": "条例の改正",
    }
    assert keeper.post(f"{PAGE}redefine/", facts).status_code == 302
    missed = {"period_start": "2030", "value": "150", "next_update": ""}
    refused = keeper.post(f"{PAGE}observe/", missed)
    assert refused.status_code == 422
    assert "届かなかった要因と今後の対応を入力してください" in refused.content.decode()
    assert 'value="150"' in refused.content.decode()
    assert keeper.post(f"{PAGE}observe/", {**missed, "missed_text": "物価の高騰による。"}).status_code == 302
    row = Observation.objects.get(period_end=2030)
    told = {"observation": row.pk, "text": "物価の高騰による。空き店舗の補助を広げる。"}
    assert keeper.post(f"{PAGE}explain/", told).status_code == 302
    page = client.get(PAGE).content.decode()
    for words in (
        "測定不能", "調査が中止", "入力の誤り", "国の公表が遅れるため", "ここから第2版の定義", "移動販売も数える",
        "空き店舗の補助を広げる", "商店調べ", "ポータル独自", "令和10年3月頃",
    ):  # fmt: skip
        assert words in page, words
    assert "新しい値を記録する" not in page
    assert verify_chain(PlanEvent.objects.filter(chain_key="plan:asagiri")) == []
    assert PlanEvent.objects.filter(chain_key="plan:asagiri").count() == 8


def test_blank_zero_and_not_measurable_are_three_things(world: World, kpi: Indicator) -> None:
    zero = record(world, kpi, 2024, 0)
    blank = record(world, kpi, 2025, None, reason="調査なし")
    assert (zero.value, blank.value) == (0, None)
    assert read().latest == 0
    assert read().judgement.sentence.startswith("2025年は測定できなかったため")
    for measured in (Measured(None), Measured(Decimal(1), "両方"), Measured(None, "  ")):
        with pytest.raises(DomainError):
            observing.record_observation(
                indicator_id=kpi.pk, period=(2026, 2026), measured=measured, by=world["coordinator"]
            )
    rows = {row.label: row.value for row in queries.points(Indicator.objects.get(pk=kpi.pk))}
    assert rows["2024年"] == 0
    assert rows["2025年"] is None


def test_a_correction_keeps_the_published_figure(world: World, kpi: Indicator) -> None:
    row = record(world, kpi, 2024, "130.5")
    made_ = observing.correct_observation(
        observation_id=row.pk, measured=Measured(None, "集計の誤り"), reason="集計をやり直す", by=world["coordinator"]
    )  # fmt: skip
    assert (made_.before, made_.after, made_.after_reason) == (Decimal("130.5"), None, "集計の誤り")
    row.refresh_from_db()
    assert row.value is None
    with pytest.raises(DomainError, match="同じです"):
        observing.correct_observation(
            observation_id=row.pk, measured=Measured(None, "集計の誤り"), reason="x", by=world["coordinator"]
        )
    with pytest.raises(DomainError, match="訂正の理由が空"):
        observing.correct_observation(
            observation_id=row.pk, measured=Measured(Decimal(1)), reason=" ", by=world["coordinator"]
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        ObservationCorrection.objects.filter(pk=made_.pk).update(reason="消す")


def test_a_correction_that_turns_a_success_into_a_miss_needs_the_words(world: World, kpi: Indicator) -> None:
    row = record(world, kpi, 2030, 210)
    assert read().judgement.progress is Progress.MET
    with pytest.raises(DomainError, match="目標に届いていません"):
        observing.correct_observation(
            observation_id=row.pk, measured=Measured(Decimal(190)), reason="二重計上", by=world["coordinator"]
        )
    row.refresh_from_db()
    assert row.value == 210
    observing.correct_observation(
        observation_id=row.pk, measured=Measured(Decimal(190)), reason="二重計上", missed_text="閉店が多い。",
        by=world["coordinator"],
    )  # fmt: skip
    assert read().owes is None
    assert read().stand.is_missed


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ((2021, 2021), "計画の現状値"),
        ((2024, 2024), "もう記録されています"),
        ((2026, 2025), "期間の年"),
        ((1, 1), "期間の年"),
    ],
)
def test_periods_that_cannot_be(world: World, kpi: Indicator, period: tuple[int, int], words: str) -> None:
    record(world, kpi, 2024, 1)
    with pytest.raises(DomainError, match=words):
        observing.record_observation(
            indicator_id=kpi.pk, period=period, measured=Measured(Decimal(1)), by=world["coordinator"]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(indicator=kpi, period_start=2026, period_end=2025, value=1)


def test_slips_of_the_update_keep_their_history_and_move_the_task(world: World, kpi: Indicator) -> None:
    def postpone(words: str, reason: str = "公表が遅れるため") -> UpdateChange:
        return observing.postpone_update(
            indicator_id=kpi.pk, words=words, reason=reason, by=world["coordinator"]
        )

    for words, fault in (
        ("来年", "読み取れません"),
        ("令和8年12月頃", "同じです"),
        ("令和8年3月", "より後では"),
    ):
        with pytest.raises(DomainError, match=fault):
            postpone(words)
    with pytest.raises(DomainError, match="理由が空"):
        postpone("令和9年3月頃", " ")
    postpone("令和9年3月頃")
    postpone("未定")
    assert [(row.before, row.after) for row in UpdateChange.objects.order_by("pk")] == [
        ("令和8年12月頃", "令和9年3月頃"), ("令和9年3月頃", "未定"),
    ]  # fmt: skip
    assert list(queries.planned_deadlines(made.NOW)) == []
    record(world, kpi, 2026, 120, next_update="令和13年12月頃")
    assert [row.is_slip for row in UpdateChange.objects.order_by("pk")] == [True, True, False]
    assert [clock.local(task.at).year for task in queries.planned_deadlines(made.NOW)] == [2031]


def test_an_incomparable_definition_breaks_the_line_and_the_judgement(world: World, kpi: Indicator) -> None:
    record(world, kpi, 2024, 150)
    assert read().stand.movement is Toward.NEARER

    def redefine(starts: int, comparable: bool = False) -> None:
        observing.redefine(
            indicator_id=kpi.pk, starts=starts, text="通年の店だけ", reason="調査の変更", is_comparable=comparable,
            by=world["coordinator"],
        )  # fmt: skip

    with pytest.raises(DomainError, match="2021年より後"):
        redefine(2021)
    redefine(2026)
    with pytest.raises(DomainError, match="2026年より後"):
        redefine(2026)
    record(world, kpi, 2026, 250)
    assert read().judgement.progress is Progress.UNKNOWN
    assert "定義が変わり" in read().judgement.sentence
    series: Any = queries.chart_series(Indicator.objects.get(pk=kpi.pk))[0]["points"]
    assert [point["breaks"] for point in series] == [False, False, True]
    redefine(2027, comparable=True)
    record(world, kpi, 2027, 260)
    assert read().judgement.progress is Progress.UNKNOWN, (
        "a comparable change does not heal the earlier break"
    )


def test_a_scale_grades_and_says_whose_it_is(
    world: World, kpi: Indicator, at: Callable[[str], Client], client: Client
) -> None:
    record(world, kpi, 2024, 150)
    keeper = at("coordinator")
    facts = {
        "name": "達成度の3段階", "own": "no", "formula": "attainment", "grades": "100% 達成\n50%　順調", "below": "遅れ",
    }  # fmt: skip
    bad = keeper.post("/plans/asagiri/scale/", {**facts, "grades": "50% 順調\n100% 達成"})
    assert bad.status_code == 422
    assert "割合の大きいものから" in bad.content.decode()
    assert keeper.post("/plans/asagiri/scale/", {**facts, "grades": "半分"}).status_code == 422
    assert keeper.post("/plans/asagiri/scale/", facts).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "50%以上「順調」" in page
    assert "ポータル独自" in page
    assert "100% 達成\n50% 順調" in keeper.get("/plans/asagiri/scale/").content.decode()
    assert keeper.post("/plans/asagiri/scale/", {**facts, "own": "yes"}).status_code == 302
    assert "ポータル独自" not in client.get(PAGE).content.decode().split('id="chart"')[0]
    stale = keeper.post("/plans/asagiri/scale/", {**facts, "below": "大きく遅れ", "version": "1"})
    assert stale.status_code == 409
    assert keeper.post("/plans/asagiri/scale/", {**facts, "name": ""}).status_code == 302
    assert read().stand.graded is None


def test_nobody_else_keeps_indicators(
    world: World, kpi: Indicator, at: Callable[[str], Client], client: Client
) -> None:
    for name in ("editor", "head", "liaison", "neighbour_coordinator", "officer"):
        with pytest.raises(Refused):
            observing.record_observation(
                indicator_id=kpi.pk, period=(2024, 2024), measured=Measured(Decimal(1)), by=world[name]
            )
    for name in ("editor", "neighbour_coordinator"):
        for path in (f"{PAGE}observe/", "/plans/asagiri/scale/"):
            assert at(name).get(path).status_code == 404, (name, path)
            assert at(name).post(path, {}).status_code == 404, (name, path)
    assert client.get(f"{PAGE}observe/").status_code == 302
    assert at("coordinator").get(f"{PAGE}unknown/").status_code == 404
    assert Observation.objects.count() == 0


def test_an_older_page_writes_nothing(world: World, kpi: Indicator, at: Callable[[str], Client]) -> None:
    record(world, kpi, 2024, 120)
    answer = at("coordinator").post(
        f"{PAGE}observe/", {"period_start": "2025", "value": "77", "version": "1", "next_update": ""}
    )
    assert answer.status_code == 409
    assert 'value="77"' in answer.content.decode()
    assert Observation.objects.count() == 1


def test_loading_the_reference_again_keeps_what_the_city_said(plan: Any) -> None:
    from indicators.actions.loading import load_reference
    from tests.factories import accounts as people
    from tests.indicators.conftest import REFERENCE

    person = people.person("keeper@tama.example", "coordinator", people.department(plan.organization))
    first = plan.indicators.get(number=1)
    observing.postpone_update(
        indicator_id=first.pk, words="令和9年3月頃", reason="公表が遅れるため", by=people.actor(person)
    )
    load_reference(REFERENCE)
    assert plan.indicators.get(number=1).next_update_text == "令和9年3月頃"


def test_activity_indicators_are_defined_and_taken_back(world: World, at: Callable[[str], Client]) -> None:
    """Defined by page, asked for in the running round, never dropped once something was counted."""
    round_ = made.opened(world)
    path, keeper = "/plans/asagiri/measures/2/activities/", at("coordinator")
    assert keeper.post(path, {"name": "経営塾", "unit": "回"}).status_code == 302
    for data, words in (
        ({"name": "経営塾", "unit": "回"}, "もうあります"), ({"name": "", "unit": "回"}, "入力してください"),
        ({"name": "x" * 81, "unit": "回"}, "80"),
    ):  # fmt: skip
        answer = keeper.post(path, data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    activity = ActivityIndicator.objects.get(name="経営塾")
    sheet = at("editor").get(f"/rounds/{round_.pk}/sheets/2/").content.decode()
    assert f'name="c-2026-planned-{activity.pk}"' in sheet
    typed = [Typed((2026, f"planned-{activity.pk}"), "4")]
    filling.save_cells(task_id=made.sheet(round_).pk, typed=typed, by=world["editor"])
    kept = keeper.post(path, {"drop": activity.pk})
    assert kept.status_code == 409
    assert "なくせません" in kept.content.decode()
    keeper.post(path, {"name": "要らないもの", "unit": "件"})
    spare = ActivityIndicator.objects.get(name="要らないもの")
    other = ActivityIndicator.objects.get(measure__number="1")
    assert keeper.post(path, {"drop": other.pk}).status_code == 404
    assert keeper.post(path, {"drop": spare.pk}).status_code == 302
    assert not ActivityIndicator.objects.filter(pk=spare.pk).exists()
    for name in ("editor", "neighbour_coordinator"):
        assert at(name).get(path).status_code == 404
        assert at(name).post(path, {"name": "x", "unit": "x"}).status_code == 404

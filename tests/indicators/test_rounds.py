"""Rounds by the actions: every state × action × actor, what is typed, returned, edited, published and corrected."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Department, Notice
from core import clock
from core.actor import Actor
from core.business_days import add_business_days
from core.deadlines import Deadline
from core.events import verify_chain
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from indicators.actions import checking, filling, publishing, rounds, transition
from indicators.actions.filling import Typed
from indicators.enums import GoalStatus, RoundStatus, SheetStatus
from indicators.lifecycle import SHEET
from indicators.models import ActivityYear, PlanEvent, SheetCellVersion, SheetCorrection, SheetTask, SheetYear
from indicators.permissions import Ground, available, judge_sheet
from indicators.queries import deadlines
from indicators.queries.rounds import rounds_for, sheet_lines, task_by_number
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = pytest.mark.django_db
S = SheetStatus
STRANGERS = (
    "library",
    "library_head",
    "liaison",
    "neighbour",
    "neighbour_coordinator",
    "officer",
    "anonymous",
    "system",
)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


@pytest.fixture
def task(world: World) -> SheetTask:
    return made.sheet(made.opened(world))


def run(action: str, task: SheetTask, by: Actor, **more: Any) -> None:
    """Do an action with everything it needs."""
    unit = Department.objects.get(name="図書館").pk
    ways: dict[str, Callable[[], Any]] = {
        "fill": lambda: filling.save_cells(task_id=task.pk, typed=[Typed((2025, "result"), "試験")], by=by),
        "hand_over": lambda: filling.hand_over(task_id=task.pk, user_id=by.user_id or 0, by=by),
        "disclaim": lambda: filling.disclaim(task_id=task.pk, reason="試験", by=by),
        "reassign": lambda: checking.reassign(task_id=task.pk, department_id=unit, by=by),
        "propose": lambda: filling.propose(task_id=task.pk, by=by),
        "approve": lambda: filling.approve(task_id=task.pk, by=by),
        "send_back": lambda: filling.send_back(task_id=task.pk, reason="試験", by=by),
        "return_cells": lambda: checking.return_cells(
            task_id=task.pk, reasons={(2026, "goal"): "試験"}, due_at=made.RETURN_DUE, by=by
        ),
        "edit": lambda: checking.edit(task_id=task.pk, typed=[Typed((2026, "goal"), "年20回")], by=by),
        "agree": lambda: checking.agree(task_id=task.pk, by=by),
        "object_to": lambda: checking.object_to(task_id=task.pk, reason="試験", by=by),
        "confirm": lambda: checking.decide(task_id=task.pk, action="confirm", by=by),
        "exempt": lambda: checking.decide(task_id=task.pk, action="exempt", reason="試験", by=by),
        "include": lambda: checking.decide(task_id=task.pk, action="include", by=by),
        "correct": lambda: publishing.correct(
            task_id=task.pk, key=(2025, "result"), value="訂正", reason="試験", by=by
        ),
    }
    ways[action]()


ACTIONS = [name for name in SHEET.actions if name not in {"deal", "refer", "publish"}]
WAITING = [state for state in S if state is not S.PUBLISHED]


@pytest.mark.once("who may do what is judged in Python")
@pytest.mark.parametrize("state", WAITING)
def test_every_action_of_every_actor_in_a_state(world: World, task: SheetTask, state: SheetStatus) -> None:
    """The table decides: allowed rows work and nothing else does; a refusal changes nothing."""
    made.in_state(world, task, state)
    for name in ("editor", "head", "coordinator"):
        for action in ACTIONS:
            if action == "hand_over" and name == "coordinator":
                continue
            sid = transaction.savepoint()
            if judge_sheet(world[name], action, task, made.NOW).ground is Ground.YES:
                run(action, task, world[name])
                task.refresh_from_db()
                rows = [row for row in SHEET.transitions if row.action == action and state in row.source]
                assert task.status in {row.target or state for row in rows}, (name, action)
            else:
                with pytest.raises((Refused, UnknownTransition, DomainError)):
                    run(action, task, world[name])
                task.refresh_from_db()
                assert task.status == state, (name, action)
            transaction.savepoint_rollback(sid)
            task.refresh_from_db()


def test_for_strangers_there_is_no_sheet(world: World, task: SheetTask) -> None:
    for name in STRANGERS:
        assert {judge_sheet(world[name], action, task, made.NOW).ground for action in ACTIONS} == {
            Ground.HIDDEN
        }
    for action in ACTIONS:
        with pytest.raises(Refused):
            run(action, task, world["neighbour_coordinator"])


def test_a_round_from_the_opening_to_the_corrected_publication(world: World) -> None:
    round_ = made.opened(world)
    assert dict(round_.tasks.values_list("measure__number", "status")) == {
        "1": "open", "2": "open", "3": "open", "4": "exempt",
    }  # fmt: skip
    assert made.sheet(round_, "2").department == world.units["産業課"]  # 「産業 課」 with a space
    told = Notice.objects.filter(kind="indicators.open_round")
    assert sorted(row.lines[1] for row in told) == ["担当の個票　1枚", "担当の個票　3枚"]
    made.settle(world, round_, "1", "2")
    publishing.publish_round(round_id=round_.pk, by=world["coordinator"])
    round_.refresh_from_db()
    assert round_.state is RoundStatus.PUBLISHED
    years = {row.fiscal_year: row for row in SheetYear.objects.filter(measure__number="1")}
    assert years[2025].result == made.TEXTS[2025, "result"]
    assert (years[2025].content, years[2025].goal) == (made.LAST_YEAR, "年12回"), (
        "cells that were not asked for stay"
    )
    assert (years[2026].content, years[2026].goal_status) == (made.TEXTS[2026, "content"], GoalStatus.SET)
    counted = {row.fiscal_year: (row.planned, row.done) for row in ActivityYear.objects.all()}
    assert counted == {2025: (None, 12), 2026: (12, None)}
    assert not SheetYear.objects.filter(measure__number="3").exists()
    task = made.sheet(round_, "1")
    with pytest.raises(UnknownTransition):
        made.fill(world, task)
    publishing.correct(
        task_id=task.pk,
        key=(2025, "result"),
        value="朝市を11回開きました。",
        reason="数え違い",
        by=world["coordinator"],
    )
    years[2025].refresh_from_db()
    assert years[2025].result == "朝市を11回開きました。"
    assert years[2025].issues == made.TEXTS[2025, "issues"]
    kept = SheetCorrection.objects.get()
    assert (kept.before, kept.reason) == (made.TEXTS[2025, "result"], "数え違い")
    assert verify_chain(PlanEvent.objects.all()) == []


def test_an_older_save_never_covers_a_newer_one(world: World, task: SheetTask) -> None:
    key = (2025, "result")
    first = filling.save_cells(task_id=task.pk, typed=[Typed(key, "先の文", 0)], by=world["editor"])
    assert first.keys == [key]
    later = filling.save_cells(
        task_id=task.pk,
        typed=[Typed(key, "後の文", 0), Typed((2025, "issues"), "課題", 0)],
        by=world["colleague"],
    )
    assert [(row.mine, row.cell.value) for row in later.clashes] == [("後の文", "先の文")]
    assert later.keys == [(2025, "issues")], "the other cell is saved"
    again = filling.save_cells(task_id=task.pk, typed=[Typed(key, "後の文", 1)], by=world["colleague"])
    assert again.clashes == []
    kept = SheetCellVersion.objects.filter(cell__name="result")
    assert [row.value for row in kept] == ["先の文", "後の文"]


def test_what_cannot_stand_in_a_cell_is_refused_by_name(world: World) -> None:
    task = made.sheet(made.opened(world), "1")
    activity = task.measure.activities.get()
    typed = [
        Typed((2025, f"done-{activity.pk}"), "約70"), Typed((2025, "content"), "開いていない欄"),
        Typed((2026, "goal"), "あ" * 4001), Typed((2025, "compared"), "great"), Typed((2025, "issues"), "a\x00b"),
    ]  # fmt: skip
    with pytest.raises(DomainError) as caught:
        filling.save_cells(task_id=task.pk, typed=typed, by=world["editor"])
    assert len(caught.value.faults) == 5
    assert "数字で入力してください" in caught.value.faults[0].message
    assert all(fault.field for fault in caught.value.faults)
    assert not task.cells.exists()


def test_what_is_missing_keeps_a_sheet_in_the_section(world: World) -> None:
    task = made.sheet(made.opened(world), "1")
    with pytest.raises(DomainError) as caught:
        filling.propose(task_id=task.pk, by=world["editor"])
    activity = task.measure.activities.get()
    assert {fault.field for fault in caught.value.faults} == {
        "2025/result", "2025/issues", "2026/content", "2026/goal", f"2025/done-{activity.pk}",
    }  # fmt: skip
    made.fill(world, task, goal="")
    filling.save_cells(task_id=task.pk, typed=[Typed((2026, "no_goal"), "1")], by=world["editor"])
    filling.propose(task_id=task.pk, by=world["editor"])  # 目標設定なし is an answer
    filling.send_back(task_id=task.pk, reason="目標を書きます", by=world["head"])
    filling.save_cells(task_id=task.pk, typed=[Typed((2026, "goal"), "年12回")], by=world["editor"])
    with pytest.raises(DomainError, match="どちらか一方"):
        filling.propose(task_id=task.pk, by=world["editor"])


def test_nobody_approves_what_they_typed_last_without_a_reason(world: World, task: SheetTask) -> None:
    made.fill(world, task, "editing_head")
    filling.propose(task_id=task.pk, by=world["editing_head"])
    with pytest.raises(DomainError, match="最後に記入した人"):
        filling.approve(task_id=task.pk, by=world["editing_head"])
    filling.approve(task_id=task.pk, by=world["editing_head"], reason="承認者が1人の課のため")
    assert PlanEvent.objects.get(action="approve").comment == "承認者が1人の課のため"


def test_only_returned_cells_can_be_changed_and_the_return_closes(world: World, task: SheetTask) -> None:
    made.returned(world, task)
    with pytest.raises(DomainError, match="いまは記入できません"):
        filling.save_cells(task_id=task.pk, typed=[Typed((2026, "goal"), "年20回")], by=world["editor"])
    typed = [Typed((2025, "result"), "目視で数えました。"), Typed((2025, "toward"), "nearer")]
    filling.save_cells(task_id=task.pk, typed=typed, by=world["editor"])
    filling.propose(task_id=task.pk, by=world["editor"])
    filling.send_back(task_id=task.pk, reason="もう一度", by=world["head"])
    task.refresh_from_db()
    assert task.status == S.RETURNED, "a returned sheet stays a returned one inside the section"
    filling.propose(task_id=task.pk, by=world["editor"])
    filling.approve(task_id=task.pk, by=world["head"])
    assert task.returns.get().closed_at == made.NOW


def test_the_secretariats_edit_waits_for_the_section(world: World, task: SheetTask) -> None:
    made.submitted(world, task)
    key = (2026, "goal")
    checking.edit(task_id=task.pk, typed=[Typed(key, "年12回、延べ4,000人以上。")], by=world["coordinator"])
    with pytest.raises(DomainError, match="まだ認めていません"):
        checking.decide(task_id=task.pk, action="confirm", by=world["coordinator"])
    checking.object_to(task_id=task.pk, reason="以上とは約束できません。", by=world["head"])
    assert task.cells.get(name="goal").value == made.TEXTS[key]
    checking.edit(
        task_id=task.pk, typed=[Typed(key, "年12回、延べ4,000人を目指します。")], by=world["coordinator"]
    )
    checking.agree(task_id=task.pk, by=world["editor"])
    checking.decide(task_id=task.pk, action="confirm", by=world["coordinator"])
    values = SheetCellVersion.objects.filter(cell__name="goal").values_list("value", "edited_by_secretariat")
    assert [edited for _, edited in values] == [False, True, False, True]


def test_not_ours_goes_to_the_coordinator_and_on_to_another_section(world: World, task: SheetTask) -> None:
    made.fill(world, task)
    filling.disclaim(task_id=task.pk, reason="図書館の事業です。", by=world["editor"])
    checking.reassign(task_id=task.pk, department_id=world.units["図書館"].pk, by=world["coordinator"])
    assert task_by_number(world["editor"], task.round_id, "2") is None, "it left the section's sight"
    found = task_by_number(world["library"], task.round_id, "2")
    assert found is not None
    assert found.cells.count() == 4, "what was typed stays"
    filling.propose(task_id=task.pk, by=world["library"])
    with pytest.raises(Refused):
        filling.approve(task_id=task.pk, by=world["head"])


def test_a_proxy_is_marked(world: World, task: SheetTask) -> None:
    filling.save_cells(
        task_id=task.pk, typed=[Typed((2025, "result"), "電話の回答")], by=world["coordinator"]
    )
    filling.save_cells(task_id=task.pk, typed=[Typed((2025, "issues"), "課題")], by=world["editor"])
    assert dict(task.cells.values_list("name", "is_proxy")) == {"result": True, "issues": False}


def test_the_round_closes_for_sections_but_not_for_what_was_returned(world: World) -> None:
    round_ = made.opened(world)
    late, back = made.sheet(round_, "1"), made.sheet(round_, "2")
    made.returned(world, back)
    rounds.step(round_id=round_.pk, action="close_collection", by=world["coordinator"])
    with pytest.raises(DomainError, match="受付は終わりました"):
        made.fill(world, late)
    made.fill(world, late, "coordinator")
    filling.save_cells(task_id=back.pk, typed=[Typed((2025, "result"), "直しました")], by=world["editor"])
    with pytest.raises(DomainError, match="確認の済んでいない個票が3枚"):
        rounds.step(round_id=round_.pk, action="deliberate", by=world["coordinator"])
    rounds.extend(
        round_id=round_.pk, due_at=made.DUE + timedelta(days=3), reason="台風", by=world["coordinator"]
    )
    round_.refresh_from_db()
    assert round_.state is RoundStatus.OPEN
    made.fill(world, late)


@pytest.mark.parametrize("how", ["reassign", "include", "send_back"])
def test_what_comes_to_a_section_after_collection_has_its_own_date(world: World, how: str) -> None:
    """It is asked for whole, five business days on at the round's hour, and goes its way to confirmation."""
    round_ = made.opened(world)
    task, by = made.sheet(round_), world["coordinator"]
    made.fill(world, task)
    if how == "send_back":
        filling.propose(task_id=task.pk, by=world["editor"])
    elif how == "include":
        checking.decide(task_id=task.pk, action="exempt", reason="試験", by=by)
    rounds.step(round_id=round_.pk, action="close_collection", by=by)
    with clock.at(made.DUE + timedelta(days=30)):
        if how == "reassign":
            checking.reassign(task_id=task.pk, department_id=task.department_id or 0, reason="再度", by=by)
        elif how == "include":
            checking.decide(task_id=task.pk, action="include", by=by)
        else:
            filling.send_back(task_id=task.pk, reason="数値を直す", by=world["head"])
        task.refresh_from_db()
        back = task.returns.get(closed_at__isnull=True)
        assert (task.state, len(back.cells)) == (S.RETURNED, 8)
        assert clock.local(back.due_at).time() == clock.local(made.DUE).time()
        assert clock.today(back.due_at) == add_business_days(clock.today(), 5)
        assert [each.at for each in deadlines.desk_tasks(world["editor"], clock.now())] == [back.due_at]
        made.submitted(world, task)
        checking.decide(task_id=task.pk, action="confirm", by=by)


def test_a_round_is_planned_once_and_well(world: World) -> None:
    by = world["coordinator"]
    with pytest.raises(DomainError) as caught:
        rounds.plan_round(
            plan=world.plan,
            fiscal_year=2026,
            kind="spring",
            open_cells={"2026": ["secret"]},
            due_at=made.NOW,
            by=by,
        )
    assert {fault.field for fault in caught.value.faults} == {"kind", "open_cells", "due_at"}
    made.opened(world)
    with pytest.raises(Conflict):
        made.opened(world)
    for name in (*STRANGERS, "editor", "head"):
        with pytest.raises(Refused):
            rounds.plan_round(
                plan=world.plan,
                fiscal_year=2027,
                kind="mid",
                open_cells=made.CELLS,
                due_at=made.DUE,
                by=world[name],
            )


def test_a_page_that_shows_an_earlier_state_is_told(world: World, task: SheetTask) -> None:
    made.submitted(world, task)
    with pytest.raises(transition.Stale):
        checking.decide(task_id=task.pk, action="confirm", by=world["coordinator"], expected_version=1)


def test_everybody_sees_their_own(world: World) -> None:
    round_ = made.opened(world)
    assert [line.task.measure.number for line in sheet_lines(world["coordinator"], round_)] == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert [line.task.measure.number for line in sheet_lines(world["library"], round_)] == ["3"]
    assert set(rounds_for(world["editor"])) == {round_}
    for name in ("liaison", "neighbour", "neighbour_coordinator", "officer", "anonymous"):
        assert not rounds_for(world[name]).exists()
        assert task_by_number(world[name], round_.pk, "1") is None
        assert available(world[name], made.sheet(round_), made.NOW) == []


def test_what_waits_on_whose_desk(world: World) -> None:
    round_ = made.opened(world)
    made.proposed(world, made.sheet(round_, "1"))
    made.returned(world, made.sheet(round_, "2"))
    filling.disclaim(task_id=made.sheet(round_, "3").pk, reason="違います", by=world["library"])

    def kinds(name: str) -> dict[str, Deadline]:
        return {row.kind.partition(".")[2]: row for row in deadlines.desk_tasks(world[name], made.NOW)}

    assert set(kinds("editor")) == {"fix"}
    assert set(kinds("head")) == {"fix", "approve"}
    assert kinds("head")["fix"].at == made.RETURN_DUE
    assert set(kinds("coordinator")) == {"assign"}
    assert kinds("library") == {}
    assert kinds("neighbour") == {}
    everything = list(deadlines.planned_deadlines(made.NOW))
    assert len({(row.key, row.target) for row in everything}) == len(everything) == 3
    case = frozenset({kinds("editor")["fix"].case_key})
    assert {row.kind for row in deadlines.planned_deadlines(made.NOW, case)} == {
        "indicators.fix",
        "indicators.approve",
    }


def test_work_goes_on_in_the_unit_that_succeeded(world: World, task: SheetTask) -> None:
    old = world.units["産業課"]
    new = Department.objects.create(organization=world.town, name="産業振興課", valid_from=clock.today())
    old.valid_to = clock.today() - timedelta(days=1)
    old.save()
    old.succeeded_by.add(new)
    from tests.factories import accounts as people

    successor = people.actor(people.person("next@round.example", "editor", new))
    assert task_by_number(successor, task.round_id, "2") is not None
    assert {row.kind for row in deadlines.desk_tasks(successor, made.NOW)} == {"indicators.fill"}
    made_later = rounds.department_finder(world.plan, made.NOW)("産業課")
    assert made_later == new

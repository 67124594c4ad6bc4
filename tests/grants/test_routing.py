"""庁内照会: a town's liaison unit gives parts to units, they fill these and nothing else, and no other body knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import ClosingDay, Department, Notice, User
from core import clock, deadlines
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from grants.actions import budgeting, documents, drafting, returning, routing, submission
from grants.actions.budgeting import CostEntry
from grants.enums import RoutingStatus
from grants.models import Answer, Application, ApplicationEvent, Distribution, Routing
from grants.permissions import limits
from grants.queries import applications, events_for
from grants.queries.routing import planned_routings, proposed_due, routing_tasks
from tests.factories import accounts as people
from tests.factories import grants as cases
from tests.factories.grant_answers import COST
from tests.security.world import Walker

DUE = cases.NOW + timedelta(days=3)


@dataclass
class Town:
    """A filled draft of the lead, and a unit of the lead that is no part of it."""

    world: cases.World
    pk: int
    unit: Department
    clerk: Actor
    colleague: Actor

    @property
    def case(self) -> Application:
        return Application.objects.with_parts().get(pk=self.pk)

    def send(self, *parts: str, **facts: Any) -> list[Routing]:
        lead = cases.lead_of(self.case)
        given = {
            "department": self.unit,
            "due_at": DUE,
            "by": self.world["lead_editor"],
            "message": "お願いします",
        }
        return routing.distribute(application_id=self.pk, member_id=lead.pk, parts=parts, **(given | facts))

    def answer_plan(self, by: Actor, value: str = "新しい目的") -> Answer:
        return drafting.save_answer(application_id=self.pk, question="purpose", value=value, by=by)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), clock.at(cases.NOW), transaction.atomic():
        world = cases.world()
        application = cases.start(world)
        cases.fill(world, application)
        unit = people.department(world.lead, "環境課")
        clerk = people.person("clerk@lead.example", "editor", unit)
        colleague = people.person("second@lead.example", "editor", unit)
        yield Town(world, application.pk, unit, people.actor(clerk), people.actor(colleague))
        transaction.set_rollback(True)


@pytest.fixture
def town(made: Town, db: None) -> Town:
    return made


def visit(actor: Actor) -> Client:
    """That person's browser, acting in that unit."""
    user = User.objects.get(pk=actor.user_id)
    client: Client = Walker("", actor.organization_code, user, department=actor.department_id).client()
    client.raise_request_exception = True
    return client


def test_a_unit_fills_only_what_it_was_given(town: Town) -> None:
    world, clerk = town.world, town.clerk
    town.answer_plan(clerk, "だれでも書ける")  # without 庁内照会 the whole town writes
    (plan,) = town.send("plan")
    with pytest.raises(DomainError, match="照会しています"):
        town.answer_plan(world["lead_editor"])
    town.answer_plan(clerk)
    with pytest.raises(DomainError, match="照会されていません"):
        drafting.save_answer(application_id=town.pk, question="continuity", value="x", by=clerk)
    with pytest.raises(DomainError, match="照会されていません"):
        documents.attach_document(application_id=town.pk, file=cases.upload("a.pdf"), by=clerk)
    assert drafting.save_answer(
        application_id=town.pk, question="role", value="清瀬", member_id=cases.partner_of(town.case).pk,
        by=world["partner_editor"],
    )  # fmt: skip
    routing.answer(routing_id=plan.pk, by=clerk)
    for actor in (clerk, world["lead_editor"]):
        with pytest.raises(DomainError):
            town.answer_plan(actor, "回答の後")
    with pytest.raises(UnknownTransition):
        routing.answer(routing_id=plan.pk, by=clerk)
    routing.compile_(routing_id=plan.pk, by=world["lead_colleague"])
    town.answer_plan(world["lead_editor"], "取りまとめの直し")
    assert Routing.objects.get(pk=plan.pk).status == RoutingStatus.COMPILED


def test_rows_of_the_budget_and_kinds_of_files_are_given_one_by_one(town: Town) -> None:
    world, case = town.world, town.case
    lead = cases.lead_of(case)
    town.send("budget/7", "documents/plan_sheet")
    saved = budgeting.entries_of(lead)
    more = [*saved["costs"], CostEntry("7", 2027, 300_000)]
    budgeting.save_budget(
        application_id=case.pk, member_id=lead.pk, costs=more, incomes=saved["incomes"], by=town.clerk
    )
    for by, costs, incomes in (
        (town.clerk, [CostEntry("7", 2027, 300_000)], saved["incomes"]),
        (town.clerk, more, []),
        (world["lead_editor"], saved["costs"], saved["incomes"]),
    ):
        with pytest.raises(DomainError, match="別の部署が受け持っています"):
            budgeting.save_budget(
                application_id=case.pk, member_id=lead.pk, costs=costs, incomes=incomes, by=by
            )
    kept = documents.attach_document(
        application_id=case.pk, file=cases.upload("b.pdf"), requirement="plan_sheet", by=town.clerk
    )
    for by, requirement in ((town.clerk, ""), (world["lead_editor"], "plan_sheet")):
        with pytest.raises(DomainError, match="別の部署が受け持っています"):
            documents.attach_document(
                application_id=case.pk, file=cases.upload("c.pdf"), requirement=requirement, by=by
            )
    documents.remove_document(document_id=kept.pk, by=town.clerk)
    with pytest.raises(DomainError, match="照会しています"):
        town.send("budget")
    with pytest.raises(DomainError, match="全体の照会に含まれます"):
        town.send("documents", "documents/other")
    assert limits(world["lead_editor"], case, "budget", lead, clock.now()).without == {"7"}


def test_parts_go_back_to_another_unit_and_into_the_hands_of_a_colleague(town: Town) -> None:
    world, clerk = town.world, town.clerk
    (plan,) = town.send("plan")
    with pytest.raises(DomainError, match="同じ部署にいません"):
        routing.hand_over(routing_id=plan.pk, to=world.users["lead_editor"], by=clerk)
    to = User.objects.get(pk=town.colleague.user_id)
    assert routing.hand_over(routing_id=plan.pk, to=to, by=clerk).assignee == to
    with pytest.raises(Conflict):
        routing.answer(routing_id=plan.pk, by=clerk, expected_version=plan.version)
    with pytest.raises(DomainError, match="理由が空です"):
        routing.disclaim(routing_id=plan.pk, by=clerk, reason=" ")
    routing.disclaim(routing_id=plan.pk, by=clerk, reason="観光課の仕事です")
    with pytest.raises(Refused):
        routing.reroute(routing_id=plan.pk, department=town.unit, due_at=DUE, by=clerk)
    other = Department.objects.get(organization=world.partner, name="企画課")
    with pytest.raises(DomainError, match="この部署には照会できません"):
        routing.reroute(routing_id=plan.pk, department=other, due_at=DUE, by=world["lead_editor"])
    found = routing.reroute(routing_id=plan.pk, department=town.unit, due_at=DUE, by=world["lead_editor"])
    assert (found.status, found.assignee, found.reason) == (RoutingStatus.OUT, None, "")
    routing.answer(routing_id=plan.pk, by=clerk)
    routing.send_back(routing_id=plan.pk, reason="数値を", due_at=DUE, by=world["lead_editor"])
    town.answer_plan(clerk, "直した")
    routing.take_over(routing_id=plan.pk, reason="期限のため", by=world["lead_editor"])
    with pytest.raises(DomainError):
        town.answer_plan(clerk)
    town.answer_plan(world["lead_editor"], "代わりに")
    chain = Distribution.objects.get(member=cases.lead_of(town.case)).chain_key
    events = ApplicationEvent.objects.filter(chain_key=chain).order_by("sequence")
    assert [event.action for event in events] == [
        "send_out", "hand_over", "disclaim", "reroute", "answer", "send_back", "take_over", "proxy_fill",
    ]  # fmt: skip
    assert events.last().department_name == "企画政策課"
    told = Notice.objects.filter(kind="grants.routing").order_by("pk")
    assert [notice.title for notice in told][:3] == [
        "庁内照会が届きました", "庁内照会の担当になりました", "庁内照会が担当外として戻りました",
    ]  # fmt: skip
    assert "観光課" not in "".join(f"{notice.title}{notice.lines}" for notice in told)


def test_dates_are_the_towns_own(town: Town) -> None:
    world, case = town.world, town.case
    lead = cases.lead_of(case)
    lead.application = case
    # Tokyo's date is 1 December 2026, a Tuesday; 23 November is a holiday
    assert clock.local(proposed_due(lead, cases.NOW)).isoformat() == "2026-11-24T17:00:00+09:00"
    ClosingDay.objects.create(organization=world.lead, day=date(2026, 11, 26), name="庁舎の点検")
    with clock.at(cases.NOW - timedelta(days=3)):
        assert clock.local(proposed_due(lead, clock.now())).isoformat() == "2026-11-20T17:00:00+09:00"
    late = cases.CLOSES - timedelta(minutes=5)
    assert proposed_due(lead, late) == cases.CLOSES  # the next business day would be after Tokyo's
    for due, words in ((cases.NOW, "過ぎた日時"), (cases.CLOSES + timedelta(seconds=1), "都の期限")):
        with pytest.raises(DomainError, match=words):
            town.send("plan", due_at=due)
    with pytest.raises(DomainError, match="えらばれていません"):
        town.send("plan", "nowhere")
    (plan,) = town.send("plan", due_at=cases.CLOSES)
    moved = routing.move_due(routing_id=plan.pk, due_at=DUE, by=world["lead_editor"])
    assert moved.due_at == DUE


def test_deadlines_reach_desks_and_plans_and_follow_the_unit(town: Town) -> None:
    world, clerk = town.world, town.clerk
    town.send("plan", "effect")
    at = cases.NOW
    (task,) = routing_tasks(clerk, at)
    assert (task.kind, task.at, task.what) == ("grants.routing", DUE, "庁内照会への回答")
    assert "ほか1件" in task.title and "川と駅" not in task.about
    compiling = routing_tasks(world["lead_editor"], at)
    assert [one.kind for one in compiling] == ["grants.routing_compile"]
    assert compiling[0].at == cases.CLOSES
    assert "期限超過2件" in routing_tasks(world["lead_editor"], DUE + timedelta(seconds=1))[0].title
    for stranger in ("partner_editor", "officer", "stranger_editor", "lead_finance"):
        assert not [one for one in routing_tasks(world[stranger], at) if one.kind == "grants.routing"]
    keys = frozenset({task.case_key})
    assert [one.kind for one in planned_routings(at, keys)] == ["grants.routing"]
    assert {one.kind for one in deadlines.planned(at) if one.case_key.startswith("routing:")} == {
        "grants.routing", "grants.routing_compile",
    }  # fmt: skip
    heir = people.department(world.lead, "環境政策課")
    Department.objects.filter(pk=town.unit.pk).update(
        valid_from=date(2026, 4, 1), valid_to=date(2026, 11, 20)
    )
    town.unit.succeeded_by.add(heir)
    newcomer = people.actor(people.person("heir@lead.example", "editor", heir))
    assert [one.kind for one in routing_tasks(newcomer, at)] == ["grants.routing"]
    town.answer_plan(newcomer, "引き継いで書いた")


def test_a_town_may_hide_the_rest_from_the_unit(town: Town) -> None:
    world, clerk, case = town.world, town.clerk, town.case
    (plan,) = town.send("plan", hides_others=True)
    assert not applications(clerk, clock.now()).filter(pk=town.pk).exists()
    for name in ("lead_editor", "lead_approver", "lead_finance", "partner_editor"):
        assert applications(world[name], clock.now()).filter(pk=town.pk).count() == 1, name
    base = f"/applications/{case.public_id}/"
    client = visit(clerk)
    for page in ("", "plan/plan/", "budget/", "history/", "check/", "documents/"):
        assert client.get(base + page).status_code == 404, page
    shown = client.get(f"{base}routing/{plan.public_id}/")
    assert shown.status_code == 200
    assert "お願いします" in shown.content.decode()
    assert "月に一度会議" in shown.content.decode() or "回遊路" in shown.content.decode()
    town.answer_plan(clerk, "見えなくても書ける")
    other = town.send("effect", hides_others=False)
    assert applications(clerk, clock.now()).filter(pk=town.pk).exists()
    assert client.get(base).status_code == 200
    assert len(other) == 1


def test_pages_keep_what_was_typed_and_know_no_strangers(town: Town) -> None:
    world, clerk, case = town.world, town.clerk, town.case
    board = f"/applications/{case.public_id}/routing/"
    lead, unit = visit(world["lead_editor"]), visit(clerk)
    typed = {
        "parts": ["plan"],
        "department": town.unit.pk,
        "due_at": "令和8年12月20日",
        "message": "消えない文",
    }
    refused = lead.post(board, typed)
    assert refused.status_code == 422
    body = refused.content.decode()
    assert "都の期限" in body and "消えない文" in body and "令和8年12月20日" in body
    assert unit.post(board, typed | {"due_at": "令和8年11月24日"}).status_code == 404
    assert lead.post(board, typed | {"due_at": "令和8年11月24日"}).status_code == 302
    plan = Routing.objects.get(section="plan")
    one = f"{board}{plan.public_id}/"
    assert "期限超過" not in unit.get(board).content.decode()
    form = unit.get(one)
    assert form.status_code == 200 and "保存する" in form.content.decode()
    answers = {"purpose": "部署が書いた", "purpose-version": "1", "purpose-shown": "x"}
    assert unit.post(one, answers).status_code == 302
    clash = unit.post(one, answers | {"purpose": "古い画面"})
    assert clash.status_code == 409
    assert "古い画面" in clash.content.decode() and "部署が書いた" in clash.content.decode()
    assert unit.post(f"{one}disclaim/", {"reason": ""}).status_code == 422
    assert unit.post(f"{one}take_over/", {"reason": "x"}).status_code == 404
    stale = unit.post(f"{one}answer/", {"version": "99"})
    assert stale.status_code == 409
    assert unit.post(f"{one}answer/", {"version": str(plan.version)}).status_code == 302
    for name in ("partner_editor", "stranger_editor", "officer", "decider", "lead_finance"):
        client = visit(world[name])
        for address in (one, f"{one}compile/"):
            assert client.get(address).status_code == 404, (name, address)
    shown = visit(world["partner_editor"]).get(board)
    assert "環境課" not in shown.content.decode()
    told = visit(world["partner_editor"]).get(f"/applications/{case.public_id}/history/").content.decode()
    assert "環境課" not in told and "を変更" in told
    assert "環境課" in lead.get(f"/applications/{case.public_id}/history/").content.decode()
    assert not [e for e in events_for(world["partner_editor"], case) if e.action == "send_out"]
    assert (
        lead.post(f"{one}compile/", {"version": str(Routing.objects.get(pk=plan.pk).version)}).status_code
        == 302
    )


def test_money_and_files_are_filled_on_their_own_pages(town: Town) -> None:
    clerk, case = town.clerk, town.case
    sent = {part.section: part for part in town.send("budget/7", "documents/plan_sheet", hides_others=True)}
    base = f"/applications/{case.public_id}/routing/"
    client, lead = visit(clerk), cases.lead_of(case)
    money = f"{base}{sent['budget'].public_id}/"
    page = client.get(money).content.decode()
    assert 'name="c-7-2027"' in page and 'name="c-12-2027"' not in page
    version = str(lead.budget_version)
    assert client.post(money, {"version": version, "c-7-2027": "三百"}).status_code == 422
    assert (
        client.post(money, {"version": version, "c-7-2027": "300000", "c-7-note": "謝礼"}).status_code == 302
    )
    kept = {line.item: line.amount for line in lead.budget_lines.filter(fiscal_year=2027)}
    assert kept["7"] == 300_000 and kept["12"] == COST[2027]
    again = client.post(money, {"version": version, "c-7-2027": "400000"})
    assert again.status_code == 409 and "400000" in again.content.decode()
    files = f"{base}{sent['documents'].public_id}/"
    assert client.post(files, {"requirement": "plan_sheet"}).status_code == 422
    done = client.post(files, {"requirement": "plan_sheet", "file": cases.upload("部署の資料.pdf")})
    assert done.status_code == 302
    assert "部署の資料.pdf" in client.get(files).content.decode()
    name = case.documents.get(name="部署の資料.pdf").public_id
    mine = f"{files}files/{name}/"
    assert mine in client.get(files).content.decode()
    assert b"".join(client.get(mine)).startswith(b"%PDF")
    others = case.documents.exclude(public_id=name).get(requirement="plan_sheet").public_id
    theirs = [(client, f"{files}files/{others}/"), (client, f"{money}files/{name}/")]
    theirs += [(visit(by), mine) for by in (town.colleague, town.world["partner_editor"])]
    theirs += [(client, f"/applications/{case.public_id}/documents/{name}/")]
    assert [there.get(address).status_code for there, address in theirs] == [404] * 5
    assert client.post(files, {"remove": name}).status_code == 302
    assert case.documents.get(public_id=name).removed_at is not None
    assert client.get(mine).status_code == 404


def test_a_correction_is_distributed_until_its_own_date(town: Town) -> None:
    world = town.world
    cases.precheck(world, town.case)
    cases.agree(world, town.case)
    cases.certify(world, town.case)
    submission.submit(application_id=town.pk, by=world["lead_editor"], idempotency_key=cases.key())
    due = cases.NOW + timedelta(days=20)
    returning.return_(
        application_id=town.pk,
        by=world["officer"],
        sections=("plan",),
        reason="根拠を補ってください。",
        due_at=due,
    )
    with clock.at(cases.CLOSES + timedelta(days=1)):
        town.send("plan", due_at=due)
        assert routing_tasks(world["lead_editor"], clock.now())[0].at == due
    with clock.at(due + timedelta(seconds=1)), pytest.raises(DomainError, match="期限"):
        town.send("effect", due_at=due)

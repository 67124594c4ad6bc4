"""Questions about a call: the answer reaches everybody at once, who asked reaches nobody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import Notice, NoticeAudience, User
from core import clock, deadlines
from core.actor import Actor
from core.exceptions import DomainError, Refused, UnknownTransition
from grants.actions import inquiries
from grants.models import ApplicationEvent, Inquiry
from grants.queries.inquiries import due_of, planned_questions, public_answers, question_tasks
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.security.world import Walker

SECRET = "東久留米市の川と駅をつなぐ事業で、試験 lead_editorが聞きます。委託料は対象ですか。"
OWN = "委託料は補助の対象になりますか。"


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), clock.at(cases.NOW), transaction.atomic():
        world = cases.world(closes_at=cases.NOW + timedelta(days=40))
        cases.fill(world, cases.start(world))
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(made: World, db: None) -> World:
    return made


def visit(actor: Actor) -> Client:
    user = User.objects.get(pk=actor.user_id)
    return Walker("", actor.organization_code, user, department=actor.department_id).client()


def asked(world: World, **facts: bool) -> Inquiry:
    return inquiries.ask(call=world.call, text=SECRET, by=world["lead_editor"], **facts)


def reached(title: str) -> set[tuple[int | None, int | None]]:
    rows = NoticeAudience.objects.filter(addressees__notices__title=title)
    return {(row.organization_id, row.department_id) for row in rows}


def test_everybody_is_told_at_once_and_nobody_who_asked(world: World) -> None:
    one, address = asked(world), f"/calls/{world.call.public_id}/questions/"
    officer = world["officer"]
    (task,) = question_tasks(officer, clock.now())
    assert task.kind == "grants.answer_question" and not question_tasks(world["other_bureau"], clock.now())
    with pytest.raises(Refused):
        inquiries.answer(
            inquiry_id=one.pk, question=OWN, text="はい", public=True, by=world["partner_editor"]
        )
    for field, words in (
        ("question", "東久留米の件ですか。"), ("text", "川と駅をつなぐ広域回遊では対象です。"),
        ("text", "清瀬市と同じです。"), ("question", "ひｶﾞｼ久留米 企画政策課の質問"), ("text", "a@b.exampleまで"),
    ):  # fmt: skip
        typed = {"question": OWN, "text": "対象です。"} | {field: words}
        with pytest.raises(DomainError, match="質問した人が分かる言葉"):
            inquiries.answer(inquiry_id=one.pk, public=True, by=officer, **typed)
    made = inquiries.answer(inquiry_id=one.pk, question=OWN, text="対象です。", public=True, by=officer)
    (shown,) = public_answers(world.call)
    assert (shown.number, shown.newest.pk, shown.earlier) == (1, made.pk, [])
    audience = reached("募集の質問に回答がありました")
    lead_unit = world["lead_editor"].department_id
    assert {(None, lead_unit), (world.partner.pk, None)} <= audience
    told = "".join(f"{n.title}{n.lines}{n.path}" for n in Notice.objects.filter(kind="grants.question"))
    page = Client().get(address).content.decode()
    assert OWN in page and "対象です。" in page
    for secret in ("東久留米", "川と駅", "試験 lead_editor", "企画政策課", SECRET):
        assert secret not in page and secret not in told, secret
    with pytest.raises(DomainError, match="理由が空"):
        inquiries.answer(inquiry_id=one.pk, question=OWN, text="一部だけ", public=True, by=officer)
    inquiries.answer(
        inquiry_id=one.pk,
        question=OWN,
        text="一部だけ対象です。",
        public=True,
        reason="要綱の改正",
        by=officer,
    )
    (shown,) = public_answers(world.call)
    assert (shown.newest.answer, [old.answer for old in shown.earlier]) == (
        "一部だけ対象です。",
        ["対象です。"],
    )
    assert reached("募集の質問への回答が訂正されました") == audience
    page = Client().get(address).content.decode()
    assert "訂正あり" in page and "対象です。" in page and "要綱の改正" in page
    with pytest.raises(UnknownTransition):
        inquiries.withdraw(inquiry_id=one.pk, by=world["lead_editor"])
    events = ApplicationEvent.objects.filter(chain_key=Inquiry.objects.get(pk=one.pk).chain_key)
    assert [e.action for e in events.order_by("sequence")] == ["ask", "publish", "correct_answer"]
    assert all(event.application_id is None for event in events)


def test_a_private_answer_stays_between_the_two(world: World) -> None:
    one, officer = asked(world, wants_private=True), world["officer"]
    inquiries.answer(
        inquiry_id=one.pk, question="この事業の件", text="東久留米市は対象です。", public=False, by=officer
    )
    assert public_answers(world.call) == []
    assert reached("質問に回答がありました") == {(None, world["lead_editor"].department_id)}
    own = visit(world["lead_colleague"]).get(f"/calls/{world.call.public_id}/questions/ask/").content.decode()
    assert "東久留米市は対象です。" in own and "この団体だけへの回答" in own
    other = visit(world["partner_editor"]).get(f"/calls/{world.call.public_id}/questions/ask/")
    assert other.status_code == 200 and "対象です" not in other.content.decode()
    inquiries.answer(inquiry_id=one.pk, question=OWN, text="対象です。", public=True, by=officer)
    assert [answer.newest.answer for answer in public_answers(world.call)] == ["対象です。"]
    assert public_answers(world.call)[0].earlier == []  # the private one is nobody else's
    assert Inquiry.objects.get(pk=one.pk).number == 1


def test_dates(world: World) -> None:
    call = world.call
    # closes 31 December 2026, offices from the 29th; seven business days before is Friday 18 December
    assert clock.local(due_of(call)).isoformat() == "2026-12-18T17:00:00+09:00"
    with pytest.raises(Refused):
        inquiries.set_deadline(call=call, due_at=None, by=world["other_bureau"])
    with pytest.raises(DomainError, match="締切より後"):
        inquiries.set_deadline(call=call, due_at=call.closes_at + timedelta(1), by=world["officer"])
    due = cases.NOW + timedelta(days=4)
    assert not [one for one in planned_questions(cases.NOW) if one.kind == "grants.ask"]
    inquiries.set_deadline(call=call, due_at=due, by=world["officer"])
    (public,) = [one for one in deadlines.planned(cases.NOW) if one.kind == "grants.ask"]
    assert public.is_public and public.at == due
    for address in ("/deadlines/", "/deadlines/?kind=ask", "/deadlines.ics?kind=ask"):
        told = Client().get(address).content.decode()
        assert "質問の期限" in told and f"/calls/{call.public_id}/questions/" in told
    assert "/questions/" not in Client().get("/deadlines/?kind=closing").content.decode()
    with clock.at(due):
        inquiries.ask(call=call, text="間に合う", by=world["lead_editor"])
    with clock.at(due + timedelta(microseconds=1)), pytest.raises(DomainError, match="質問の期限"):
        inquiries.ask(call=call, text="遅い", by=world["lead_editor"])


def test_pages(world: World) -> None:
    base = f"/calls/{world.call.public_id}/questions/"
    office = f"/review/calls/{world.call.public_id}/questions/"
    town, officer = visit(world["lead_editor"]), visit(world["officer"])
    assert town.post(f"{base}ask/", {"text": ""}).status_code == 422
    long = town.post(f"{base}ask/", {"text": "あ" * 2001})
    assert long.status_code == 422 and "あ" * 2001 in long.content.decode()
    assert town.post(f"{base}ask/", {"text": SECRET}).status_code == 302
    one = Inquiry.objects.get()
    address = f"{office}{one.public_id}/"
    assert SECRET in officer.get(address).content.decode()
    bad = {"version": "1", "question": "東久留米の質問", "text": "消えない回答", "public": "yes"}
    refused = officer.post(address, bad)
    assert refused.status_code == 422
    assert "消えない回答" in refused.content.decode() and "質問した人が分かる言葉" in refused.content.decode()
    assert officer.post(address, bad | {"question": OWN, "version": "9"}).status_code == 409
    assert officer.post(address, bad | {"question": OWN}).status_code == 302
    assert officer.post(office, {"due_at": "きのう"}).status_code == 422
    assert officer.post(office, {"due_at": "令和8年12月10日"}).status_code == 302
    for name in ("lead_editor", "decider", "other_bureau", "reviewer"):
        client = visit(world[name])
        assert client.get(office).status_code == client.get(address).status_code == 404, name
    for name in ("officer", "lead_finance"):
        assert visit(world[name]).get(f"{base}ask/").status_code == 404, name
    neighbour = visit(world["partner_editor"])
    second = inquiries.ask(call=world.call, text="二つ目", by=world["lead_editor"])
    assert neighbour.post(f"{base}{second.public_id}/withdraw/").status_code == 404
    assert town.post(f"{base}{second.public_id}/withdraw/").status_code == 302
    assert Inquiry.objects.get(pk=second.pk).status == "withdrawn"
    assert Client().get(f"{base}ask/").status_code == 302

"""What the bureau writes for itself: notes and opinions, never shown to towns or reviewers; the home; checks of a version."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Department, Notice, User
from core import clock
from core.exceptions import Conflict, DomainError, Refused
from grants.actions import decision, drafting, opinions, submission
from grants.models import Application, ApplicationEvent, InternalNote, OpinionRequest
from grants.queries import case_checks
from grants.queries.opinions import asked_of
from tests.factories import grants as cases
from tests.factories.grants import Gallery

ClientAs = Callable[[User], Client]
SECRET = "庁内だけの見立て"


def root(application: Application) -> str:
    return f"/review/{application.public_id}/"


def unit() -> Department:
    return Department.objects.get(name="産業労働局 観光部 振興課")


def ask(shown: Gallery, application: Application, **given: object) -> OpinionRequest:
    values = {
        "department": unit(), "question": "観光施策との重なりはありますか。", "sections": ["plan"],
        "due_at": clock.now() + timedelta(days=7),
    }  # fmt: skip
    return opinions.ask_opinion(
        application_id=application.pk,
        by=shown.world["officer"],
        **(values | given),  # type: ignore[arg-type]
    )


def test_notes_are_the_bureaus_own(shown: Gallery, client_as: ClientAs) -> None:
    world, one = shown.world, shown.case("under_review")
    officer, url = client_as(world.users["officer"]), f"{root(one)}notes/"
    before = ApplicationEvent.objects.count()
    assert officer.post(url, {"text": " "}).status_code == 422
    assert ApplicationEvent.objects.count() == before
    for _ in range(2):  # the second click is the same note
        assert officer.post(url, {"text": SECRET}).status_code == 302
    assert InternalNote.objects.filter(application=one).count() == 1
    for path in (url, root(one)):
        assert SECRET in client_as(world.users["decider"]).get(path).content.decode()
    for name in ("reviewer", "lead_editor", "partner_editor", "other_bureau"):
        client = client_as(world.users[name])
        assert client.get(url).status_code == 404
        assert client.post(url, {"text": "x"}).status_code == 404
        for path in (root(one), f"/applications/{one.public_id}/", f"/applications/{one.public_id}/history/"):
            page = client.get(path).content.decode()
            assert SECRET not in page
            assert "メモ" not in page
    with pytest.raises(Refused):
        opinions.add_note(application_id=one.pk, by=world["reviewer"], text="x")


def test_an_opinion_asked_reminded_and_answered(shown: Gallery, client_as: ClientAs) -> None:
    """The other bureau reads the named sections and nothing else; its answer is told to the officers."""
    world, one = shown.world, shown.case("under_review")
    officer, url = client_as(world.users["officer"]), f"{root(one)}opinions/"
    faulty = officer.post(
        url, {"department": unit().pk, "question": "重なりは", "due_at": "2020/1/1", "sections": "plan"}
    )
    assert faulty.status_code == 422
    assert "重なりは" in faulty.content.decode()
    given = {
        "department": unit().pk,
        "question": "重なりはありますか。",
        "due_at": "2026/12/10 12:00",
        "sections": "plan",
    }
    for _ in range(2):
        assert officer.post(url, given).status_code == 302
    asked = OpinionRequest.objects.get(application=one)
    with pytest.raises(Conflict, match="終わっていません"):
        ask(shown, one)
    assert Notice.objects.filter(path=f"/review/opinions/{asked.public_id}/").count() == 1
    home = officer.get("/review/").content.decode()
    assert "意見を待っている（1件）" in home
    assert "産業労働局 観光部 振興課" in home
    asked_unit, path = client_as(world.users["other_bureau"]), f"/review/opinions/{asked.public_id}/"
    assert path in asked_unit.get("/review/").content.decode()
    page = asked_unit.get(path).content.decode()
    content = one.snapshots.latest("branch").content
    assert content["answers"]["plan"]["purpose"] in page
    assert content["budget"] and "10,000,000" not in page
    assert asked_unit.get(root(one)).status_code == 404
    for name in ("lead_editor", "reviewer", "officer", "stranger_editor"):
        assert client_as(world.users[name]).get(path).status_code == 404
    remind = f"{url}{asked.public_id}/remind/"
    for _ in range(2):
        officer.post(remind)
    assert ApplicationEvent.objects.filter(application=one, action="remind_opinion").count() == 1
    assert asked_unit.post(remind).status_code == 404
    assert asked_unit.post(path, {"answer": ""}).status_code == 422
    for _ in range(2):
        assert asked_unit.post(path, {"answer": "重なりはありません。"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.answer, asked.by_proxy) == ("重なりはありません。", False)
    assert ApplicationEvent.objects.filter(application=one, action="answer_opinion").count() == 1
    assert "重なりはありません。" in officer.get(root(one)).content.decode()
    for name in ("lead_editor", "reviewer"):
        for place in (root(one), f"/applications/{one.public_id}/history/"):
            told = client_as(world.users[name]).get(place).content.decode()
            assert "重なり" not in told
            assert "照会" not in told.split("<main")[1]


def test_an_opinion_waits_for_whoever_has_the_work_now(shown: Gallery) -> None:
    """However often the unit has been succeeded since it was asked."""
    asked, reader = ask(shown, shown.case("under_review")), shown.world["other_bureau"]
    heir = Department.objects.create(organization_id=asked.department.organization_id, name="改組後の課")
    last = Department.objects.create(organization_id=asked.department.organization_id, name="再改組後の課")
    asked.department.succeeded_by.add(heir)
    heir.succeeded_by.add(last)
    assert list(asked_of(replace(reader, department_id=last.pk))) == [asked]
    assert not asked_of(replace(reader, department_id=shown.world["officer"].department_id))


def test_by_proxy_withdrawn_and_refused(shown: Gallery, client_as: ClientAs) -> None:
    world, one = shown.world, shown.case("under_review")
    asked = ask(shown, one)
    url = f"{root(one)}opinions/{asked.public_id}/proxy/"
    officer = client_as(world.users["officer"])
    kept = officer.post(url, {"answer": "電話での意見", "source": ""})
    assert kept.status_code == 422
    assert "電話での意見" in kept.content.decode()
    assert officer.post(url, {"answer": "電話での意見", "source": "12月3日の電話"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.by_proxy, asked.answered_by_id) == (True, world.users["officer"].pk)
    with pytest.raises(Conflict):
        opinions.withdraw_opinion(opinion_id=asked.pk, by=world["officer"])
    again = ask(shown, one)
    officer.post(f"{root(one)}opinions/{again.public_id}/withdraw/")
    assert (
        client_as(world.users["other_bureau"]).get(f"/review/opinions/{again.public_id}/").status_code == 404
    )
    with pytest.raises(Refused):
        ask(shown, shown.case("adopted"))
    with pytest.raises(DomainError, match="見せる部分"):
        ask(shown, one, sections=["budget"])
    with pytest.raises(Refused):
        opinions.ask_opinion(
            application_id=one.pk, by=world["decider"], department=unit(), question="x", sections=["plan"],
            due_at=clock.now() + timedelta(days=1),
        )  # fmt: skip


def test_checks_of_a_version_name_what_is_wrong(shown: Gallery) -> None:
    one = shown.case("under_review")
    version = one.snapshots.latest("branch")
    assert [check.label for check in case_checks.checks_of(one, version) if not check.holds] == []
    data = version.content
    data["budget"] = dict(reversed(data["budget"].items()))
    held = [check.holds for check in case_checks.checks_of(one, version)]
    assert all(held), "a kept mapping has no order: the lead is known by the list of members"
    data["members"] = [data["members"][0]]
    data["answers"]["plan"].pop("purpose")
    data["consents"], data["certification"] = [], {}
    share = data["budget"][data["members"][0]["key"]]
    share["costs"][0]["amount"] += 3_000
    version.files = []
    wrong = {check.label: check.reasons for check in case_checks.checks_of(one, version) if not check.holds}
    assert set(wrong) == {
        "申請の要件（構成団体）", "必須の設問", "収支の一致", "必要な書類", "代表市町村の庁内決裁",
    } | ({"申請額の再計算"} & set(wrong))  # fmt: skip
    assert any("2つ以上必要です" in reason for reason in wrong["申請の要件（構成団体）"])


def test_what_changed_since_the_precheck(shown: Gallery) -> None:
    world = shown.world
    one = cases.start(world)
    cases.fill(world, one)
    cases.precheck(world, one)
    for value in ("途中の目的", "書き直した目的"):
        drafting.save_answer(application_id=one.pk, question="purpose", value=value, by=world["lead_editor"])
    cases.agree(world, one)
    cases.certify(world, one)
    submission.submit(application_id=one.pk, by=world["lead_editor"], idempotency_key=cases.key())
    found, changes = case_checks.changes_since_precheck(Application.objects.with_parts().get(pk=one.pk))
    assert found is not None
    assert [(change.place.split("　")[-1], change.after) for change in changes] == [
        (world.template.questions.get(code="purpose").label, "書き直した目的")
    ]
    assert changes[0].before == cases.ANSWERS["purpose"]


def test_who_else_has_it_open(shown: Gallery, client_as: ClientAs) -> None:
    world, one = shown.world, shown.case("under_review")
    first, second = client_as(world.users["officer"]), client_as(world.users["decider"])
    assert "ほかの人も開いています" not in first.get(root(one)).content.decode()
    assert "試験 officer" in second.get(root(one)).content.decode().split("ほかの人も開いています")[1]
    assert "ほかの人も" not in client_as(world.users["reviewer"]).get(root(one)).content.decode()
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert "ほかの人も開いています" not in first.get(root(one)).content.decode()


def test_the_home_has_a_fixed_number_of_queries(shown: Gallery, client_as: ClientAs) -> None:
    world = shown.world
    officer = client_as(world.users["officer"])

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            page = officer.get("/review/").content.decode()
        assert "すること（" in page and "申請者を待っている（" in page and "期限を過ぎた（" in page
        return len(asked)

    officer.get("/review/")
    before = count()
    for status in ("under_review", "submitted"):
        ask(shown, shown.case(status))
    decision.send_back(application_id=shown.case("deciding").pk, by=world["decider"], reason="直す")
    assert count() == before

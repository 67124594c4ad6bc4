"""派遣, 視察 and 技術的支援: one machine by the form's data, without money, with its number of uses."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Department, Organization
from core import clock
from core.actor import Actor
from core.events import verify_chain
from core.exceptions import DomainError, Refused, UnknownTransition
from core.fiscal_year import fiscal_year_start
from grants.actions import announcing, decision, petitions, supporting, visiting
from grants.actions.visiting import VisitPlan
from grants.enums import ApplicationStatus, Party
from grants.enums.supports import SupportStatus, VisitStatus
from grants.letters.facts import letter_of
from grants.lifecycle import SUPPORT, VISIT
from grants.models import Application, SupportEvent, SupportRequest, Visit
from grants.queries.envelope import envelope_of
from grants.queries.supports import log_rows, planned_support_deadlines, supports, totals
from programs.models import AdoptedProject
from tests.factories import accounts as people
from tests.factories import grants as cases
from tests.factories import other_calls
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs

SPRING = clock.instant(fiscal_year_start(2027), cases.clock.local(cases.NOW).time()) + timedelta(days=60)


def consultant(world: World, name: str = "支援コンサル") -> Actor:
    """An adviser of a body of its own."""
    body = Organization.objects.create(code=f"test-{name}", kind="partner", name=name)
    unit = Department.objects.create(
        organization=body, name="地域支援部", valid_from=clock.today().replace(month=4, day=1)
    )
    user = people.person(f"{len(world.users)}@advice.example", "adviser", unit, name=f"助言 {name}")
    world.users[name] = user
    return people.actor(user)


def service(world: World, name: str, **values: Any) -> tuple[Application, SupportRequest]:
    """An announced case of a call that ends in a service, with its support."""
    case = other_calls.announced(world, other_calls.call_of(world, name, **values))
    return case, SupportRequest.objects.get(application=case)


def planned(
    world: World, support: SupportRequest, *, days: int = 0, by: str = "officer", themes: Any = ()
) -> Visit:
    """A visit some days after SPRING."""
    plan = VisitPlan(SPRING + timedelta(days=days), "市役所3階", themes)
    with clock.at(SPRING - timedelta(days=30)):
        return visiting.plan_visit(support_id=support.pk, plan=plan, by=world[by])


def finished(world: World, visit: Visit, adviser: Actor) -> Visit:
    """Held, written up and confirmed by the town."""
    with clock.at(visit.planned_at + timedelta(hours=3)):
        visiting.hold_visit(visit_id=visit.pk, participants=6, by=adviser)
        visiting.record_visit(
            visit_id=visit.pk, done="広報紙の見出しを直した", next_step="写真の選び方", by=adviser
        )
        return visiting.confirm_visit(visit_id=visit.pk, by=world["lead_editor"])


def test_five_visits_are_planned_held_recorded_and_the_case_is_complete(world: World) -> None:
    case, support = service(world, other_calls.ADVISER)
    adviser = consultant(world)
    supporting.assign(
        support_id=support.pk,
        adviser=Organization.objects.get(pk=adviser.organization_id),
        by=world["officer"],
    )
    visits = [planned(world, support, days=7 * n, themes=["ブランディング"]) for n in range(5)]
    with pytest.raises(DomainError, match="使える回数（5回）を使い切っています"):
        planned(world, support, days=50)
    with clock.at(SPRING):
        visiting.cancel_visit(visit_id=visits[0].pk, reason="荒天のため", by=world["lead_editor"])
    visits[0] = planned(world, support, days=40, by="lead_editor")
    assert visits[0].number == 6
    for visit in visits:
        finished(world, visit, adviser)
    support.refresh_from_db()
    case.refresh_from_db()
    assert (support.status, case.status) == (SupportStatus.CLOSED, ApplicationStatus.COMPLETED)
    [line] = totals(supports(world["officer"]))
    assert (line.planned, line.held, line.cancelled, line.left) == (0, 5, 1, 0)
    rows = log_rows(supports(world["officer"]))
    assert [row[5] for row in rows] == ["中止", *["市町村が確認"] * 5]
    assert verify_chain(SupportEvent.objects.all()) == []
    with pytest.raises(UnknownTransition):
        planned(world, support, days=60)


def test_who_may_do_what_with_a_visit(world: World) -> None:
    """Before its instant nothing is held; the adviser of another body, other towns and bureaus find nothing."""
    _, support = service(world, other_calls.ADVISER)
    adviser, rival = consultant(world), consultant(world, "別の会社")
    supporting.assign(
        support_id=support.pk,
        adviser=Organization.objects.get(pk=adviser.organization_id),
        by=world["officer"],
    )
    visit = planned(world, support)
    with clock.at(SPRING - timedelta(days=1)):
        with pytest.raises(DomainError, match="予定の日時の前"):
            visiting.hold_visit(visit_id=visit.pk, participants=3, by=adviser)
        with pytest.raises(DomainError, match="理由"):
            visiting.cancel_visit(visit_id=visit.pk, reason=" ", by=adviser)
        late = VisitPlan(SPRING + timedelta(days=400), "市役所")
        with pytest.raises(DomainError, match="対象年度の外"):
            visiting.move_visit(visit_id=visit.pk, plan=late, reason="都合", by=adviser)
        visiting.move_visit(
            visit_id=visit.pk,
            plan=VisitPlan(SPRING - timedelta(hours=1), "会議室"),
            reason="会場の都合",
            by=adviser,
        )
    strangers = [
        rival,
        *(world[name] for name in ("stranger_editor", "other_bureau", "reviewer", "anonymous")),
    ]
    with clock.at(SPRING):
        for actor in strangers:
            assert not supports(actor).exists()
            with pytest.raises(Refused):
                visiting.hold_visit(visit_id=visit.pk, participants=3, by=actor)
        visiting.hold_visit(visit_id=visit.pk, participants=3, by=world["lead_editor"])
        for name in ("lead_editor", "lead_approver", "decider"):
            with pytest.raises(Refused):
                visiting.record_visit(visit_id=visit.pk, done="x", by=world[name])
        visiting.record_visit(visit_id=visit.pk, done="x", by=adviser)
        with pytest.raises(Refused):
            visiting.confirm_visit(visit_id=visit.pk, by=adviser)
        with pytest.raises(UnknownTransition):
            visiting.cancel_visit(visit_id=visit.pk, reason="遅い", by=adviser)
    supporting.assign(
        support_id=support.pk, adviser=Organization.objects.get(pk=rival.organization_id), by=world["officer"]
    )
    assert not supports(adviser).exists()
    assert supports(rival).count() == 1


def test_a_visit_of_students_its_voices_and_links_stand_on_the_public_page(world: World, client: Any) -> None:
    case, support = service(world, other_calls.STUDENTS)
    visit = planned(world, support, themes=["自然・農"])
    voice = {"visit_id": visit.pk, "speaker": "大学3年生", "by": world["officer"]}
    with clock.at(SPRING):
        with pytest.raises(UnknownTransition):
            visiting.add_voice(**voice, side="visitor", words="早い", is_public=False, consented_on=None)
        visiting.hold_visit(visit_id=visit.pk, participants=7, by=world["officer"])
        with pytest.raises(DomainError, match="公開への同意の日"):
            visiting.add_voice(**voice, side="visitor", words="畑が近い", is_public=True, consented_on=None)
        visiting.add_voice(
            **voice, side="visitor", words="畑が近い", is_public=True, consented_on=clock.today()
        )
        visiting.add_voice(**voice, side="town", words="内輪の話です", is_public=False, consented_on=None)
        for address in (
            "http://example.jp/a",
            "https://",
            "javascript:alert(1)",
            "https://user@host.jp/",
            "https://a b.jp",
        ):
            with pytest.raises(DomainError):
                visiting.add_link(
                    visit_id=visit.pk, kind="article", title="記事", url=address, by=world["officer"]
                )
        visiting.add_link(
            visit_id=visit.pk,
            kind="article",
            title="畑を歩く",
            url="https://magazine.example.jp/1",
            by=world["officer"],
        )
        project = AdoptedProject.objects.get(slug=f"project-{case.public_id}")
        page = client.get(f"/projects/{project.slug}/").content.decode()
    for there in ("7人", "畑が近い", "https://magazine.example.jp/1", "自然・農"):
        assert there in page
    assert "内輪の話です" not in page


def test_a_service_has_no_money_anywhere(world: World, client_as: ClientAs) -> None:
    """No page of it says 円; the letter decides a dispatch; the capacity is kept, a case on the reserve list waits."""
    call = other_calls.call_of(world, other_calls.ADVISER, capacity=1, max_per_lead=3)
    first, second = (other_calls.deciding(world, call) for _ in range(2))
    first = other_calls.adopt(world, first)
    assert envelope_of(call).places_left == 0
    with pytest.raises(DomainError, match="定員（1自治体）に達しています"):
        other_calls.adopt(world, second)
    with clock.at(cases.AFTER_CLOSING):
        decision.reserve(application_id=second.pk, by=world["decider"], **cases.PAPERS())
        letter = letter_of(first.decisions.get())
        said = str(letter.as_data())
        assert "派遣の決定について" in letter.subject
        assert "円" not in said
        assert "補助" not in said.replace(call.program.title, "")
        officer, town = client_as(world.users["officer"]), client_as(world.users["lead_editor"])
        for page in (
            officer.get(f"/review/{first.public_id}/"),
            client_as(world.users["decider"]).get(f"/review/{second.public_id}/"),
            town.get(f"/applications/{first.public_id}/"),
            town.get(f"/receipts/{first.receipt_number}/"),
        ):
            assert page.status_code == 200
            assert "0円" not in page.content.decode()
        member = cases.lead_of(first).public_id
        for page in ("budget/", f"budget/{member}/", f"budget/{member}/paste/", "shares/", "lines/"):
            assert town.get(f"/applications/{first.public_id}/{page}").status_code == 404
    first.refresh_from_db()
    assert first.snapshots.get().content["budget"][member] == {"costs": [], "incomes": []}


def test_technical_support_beside_the_money(world: World, client_as: ClientAs) -> None:
    case = cases.start(world)
    wish = {"application_id": case.pk, "wishes": "相手探しの助言", "themes": ["主体とのマッチング"]}
    for name in ("lead_approver", "partner_editor", "stranger_editor", "officer"):
        with pytest.raises(Refused):
            supporting.ask(**wish, by=world[name])
    with pytest.raises(DomainError, match="テーマ"):
        supporting.ask(**(wish | {"themes": ["占い"]}), by=world["lead_editor"])
    support = supporting.ask(**wish, by=world["lead_editor"])
    with pytest.raises(DomainError, match="すでにあります"):
        supporting.ask(**wish, by=world["lead_editor"])
    adviser, body = consultant(world), Organization.objects.get(name="支援コンサル")
    address = f"/supports/{support.public_id}/"
    helper, officer = client_as(world.users["支援コンサル"]), client_as(world.users["officer"])
    assert helper.get(address).status_code == 404
    with pytest.raises(DomainError, match="アドバイザーのいる団体ではありません"):
        supporting.assign(support_id=support.pk, adviser=world.partner, by=world["officer"])
    assert officer.post(f"{address}assign/", {"adviser": ""}).status_code == 422
    assert officer.post(f"{address}assign/", {"adviser": str(body.pk)}).status_code == 302
    assert "相手探しの助言" in helper.get(address).content.decode()
    for hidden in (
        f"/applications/{case.public_id}/",
        f"/review/{case.public_id}/",
        f"{address}assign/",
        f"{address}close/",
    ):
        assert helper.get(hidden).status_code == 404
    typed = {"planned_at": "令和8年11月20日 10:00", "place": ""}
    answer = helper.post(f"{address}plan/", typed)
    assert answer.status_code == 422
    assert "令和8年11月20日 10:00" in answer.content.decode()
    assert helper.post(f"{address}plan/", typed | {"place": "オンライン"}).status_code == 302
    visit = Visit.objects.get()
    root = f"{address}visits/{visit.public_id}/"
    assert helper.post(f"{root}hold/", {"participants": "4"}).status_code == 302
    assert helper.post(f"{root}record/", {"done": "課題を整理", "next_step": ""}).status_code == 302
    assert helper.get(f"{root}confirm/").status_code == 404
    assert client_as(world.users["lead_editor"]).post(f"{root}confirm/", {}).status_code == 302
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CONFIRMED
    for form, kind in (("csv", "text/csv"), ("xlsx", "spreadsheetml")):
        log = officer.get(f"/supports/log.{form}")
        assert log.status_code == 200
        assert kind in log["Content-Type"]
    assert client_as(world.users["stranger_editor"]).get(address).status_code == 404
    assert (
        "課題を整理"
        not in client_as(world.users["stranger_editor"]).get("/supports/log.csv").content.decode()
    )
    with clock.at(clock.now()):
        supporting.close(support_id=support.pk, reason="計画がまとまったため", by=world["officer"])
    assert adviser.organization_id == body.pk


def test_what_is_due_is_told_to_those_who_must_act(world: World) -> None:
    _, support = service(world, other_calls.STUDENTS)
    visit = planned(world, support)

    def due(at: datetime) -> set[tuple[str, int | None]]:
        return {(each.kind, each.organization_id) for each in planned_support_deadlines(at)}

    tokyo = support.application.call.program.owner_id
    assert due(SPRING - timedelta(days=2)) == {("grants.visit", world.lead.pk), ("grants.visit", tokyo)}
    with clock.at(SPRING + timedelta(hours=1)):
        visiting.hold_visit(visit_id=visit.pk, participants=2, by=world["officer"])
    [record] = planned_support_deadlines(SPRING + timedelta(days=1))
    assert (record.kind, record.organization_id) == ("grants.record_visit", tokyo)
    assert clock.today(record.at) > clock.today(SPRING) + timedelta(days=10)


def test_a_place_that_comes_back_goes_to_the_reserve_list(world: World) -> None:
    """Promoted while the place is taken it is refused; once it is free the visit's support opens with the announcement."""
    call = other_calls.call_of(world, other_calls.ADVISER, capacity=1, max_per_lead=2)
    waiting, first = other_calls.deciding(world, call), other_calls.announced(world, call)
    other_calls.promoted(world, waiting)
    with pytest.raises(DomainError, match="定員（1自治体）"):
        other_calls.adopt(world, waiting)
    with clock.at(cases.ANNOUNCES):
        petitions.request_discontinuation(
            application_id=first.pk, by=world["lead_approver"], reason="体制が変わった"
        )
        petitions.discontinue(
            application_id=first.pk, by=world["decider"], effective_on=clock.today(cases.ANNOUNCES)
        )
        other_calls.adopt(world, waiting)
        assert announcing.announce_due(at=clock.now()) == 1
    support = SupportRequest.objects.get(application=waiting)
    assert (support.status, support.application.decided_amount) == (SupportStatus.ACTIVE, 0)


def test_a_service_ends_with_its_year(world: World) -> None:
    case, support = service(world, other_calls.ADVISER)
    visit = planned(world, support)
    assert visiting.close_years(at=SPRING) == 0
    over = clock.instant(fiscal_year_start(2028), cases.clock.local(cases.NOW).time())
    assert visiting.close_years(at=over) == 1
    assert visiting.close_years(at=over) == 0
    visit.refresh_from_db()
    case.refresh_from_db()
    assert (visit.status, case.status) == (VisitStatus.CANCELLED, ApplicationStatus.COMPLETED)


PARTS = {
    "lead_editor": Party.LEAD_EDITOR, "lead_approver": Party.LEAD_APPROVER, "officer": Party.OFFICER,
    "adviser": Party.ADVISER, "decider": None, "stranger_editor": None, "partner_editor": None, "reviewer": None,
}  # fmt: skip


def test_the_tables_are_kept_by_state_act_and_actor(world: World) -> None:
    """Every state × act × actor of both tables: a stranger finds nothing, a wrong state is told."""
    _, support = service(world, other_calls.ADVISER)
    adviser = consultant(world)
    support.adviser = Organization.objects.get(pk=adviser.organization_id)
    actors = {name: adviser if name == "adviser" else world[name] for name in PARTS}
    for table, row in ((VISIT, Visit(support=support)), (SUPPORT, support)):
        for transition in (one for one in table.transitions if one.source):
            for status in table.states.values:
                for name, actor in actors.items():
                    row.status = status
                    try:
                        supporting.insist(row, table, transition.action, support, actor)
                        answer = "yes"
                    except (Refused, UnknownTransition) as error:
                        answer = type(error).__name__
                    part = PARTS[name]
                    wanted = "yes" if status in transition.source else "UnknownTransition"
                    wanted = wanted if part in transition.roles else "Refused"
                    assert answer == wanted, (transition.action, status, name)


@pytest.mark.parametrize("name", [other_calls.LINES, other_calls.ADVISER, other_calls.STUDENTS])
def test_each_of_the_three_calls_runs_to_its_public_page(world: World, name: str, client: Any) -> None:
    """By data alone: the same actions from the start to the page of the adopted project, and a letter that fits."""
    lines = {"1": (500_000, 300_000)} if name == other_calls.LINES else None
    case = other_calls.announced(world, other_calls.call_of(world, name), lines)
    letter = letter_of(case.decisions.get())
    said = str(letter.as_data())
    assert ("補助予定額" in said) == (lines is not None)
    assert (letter.attachment is not None) == (lines is not None)
    with clock.at(cases.ANNOUNCES):
        page = client.get(f"/projects/project-{case.public_id}/").content.decode()
    assert case.title in page
    assert SupportRequest.objects.filter(application=case).exists() == (lines is None)

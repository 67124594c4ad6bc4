"""年次報告: blank, 0 and not measurable stay three things, a correction keeps the figure before, the public reads what was taken."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core import clock
from core.deadlines import Deadline
from core.events import verify_chain
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from core.fiscal_year import fiscal_year_start
from grants.actions import announcing, decision, reporting
from grants.actions.case_archive import archive_entries
from grants.actions.reporting import FigureEntry
from grants.models import Application, ApplicationEvent, YearReport
from grants.queries.reports import planned_reports, report_due, report_tasks
from programs.models import AdoptedProject
from tests.factories import grants as cases
from tests.factories.grant_forms import revise
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, text
from tests.grants.test_project_indicators import asking

__all__ = ["bodies_are_few"]
HOUR = cases.clock.local(cases.NOW).time()
IN_2028 = clock.instant(fiscal_year_start(2028), HOUR)


@pytest.fixture
def case(world: World) -> Application:
    """Adopted and announced, with one indicator and a target for each of three years."""
    world.template = revise(world.template, asking)
    made = cases.decided(world, decision.adopt)
    with clock.at(cases.ANNOUNCES):
        announcing.announce(application_id=made.pk, by=world["officer"])
    return Application.objects.with_parts().get(pk=made.pk)


def save(world: World, case: Application, entry: FigureEntry, *, year: int = 2027, **more: Any) -> YearReport:
    by = world[more.pop("by", "lead_editor")]
    with clock.at(IN_2028):
        return reporting.save_report(
            application_id=case.pk, fiscal_year=year, entries=[entry], done="案内所を開いた", by=by, **more
        )


def taken(world: World, case: Application, entry: FigureEntry, **more: Any) -> YearReport:
    report = save(world, case, entry, **more)
    with clock.at(IN_2028 + timedelta(hours=1)):
        reporting.hand_in(report_id=report.pk, by=world["lead_approver"])
        return reporting.take(report_id=report.pk, by=world["officer"])


def results(case: Application) -> list[tuple[str, Decimal | None, str]]:
    project = AdoptedProject.objects.get(slug=f"project-{case.public_id}")
    return list(project.results.values_list("text", "value", "period_text"))


def test_a_year_is_written_returned_taken_and_corrected(
    world: World, case: Application, client: Client
) -> None:
    report = save(world, case, FigureEntry())
    with clock.at(IN_2028), pytest.raises(DomainError, match="未記入"):
        reporting.hand_in(report_id=report.pk, by=world["lead_editor"])
    save(world, case, FigureEntry(value=Decimal(0), remark="雨の年"), expected_version=1)
    with pytest.raises(Conflict, match="先に保存"):
        save(world, case, FigureEntry(value=Decimal(5)), expected_version=1)
    with clock.at(IN_2028):
        reporting.hand_in(report_id=report.pk, by=world["lead_editor"], expected_version=2)
        with pytest.raises(UnknownTransition):
            save(world, case, FigureEntry(value=Decimal(5)), expected_version=3)
        with pytest.raises(Conflict):
            reporting.take(report_id=report.pk, by=world["officer"], expected_version=2)
        due = clock.now() + timedelta(days=7)
        reporting.give_back(report_id=report.pk, reason="根拠を示す", due_at=due, by=world["officer"])
    assert results(case) == []
    taken(world, case, FigureEntry(value=Decimal(380)), expected_version=4)
    year = "令和9年度"
    assert results(case) == [
        ("案内所を開いた", None, f"{year}に行ったこと"),
        ("周遊した人の数", Decimal(380), f"{year}　計画 500人"),
    ]
    with pytest.raises(DomainError, match="訂正の理由"):
        save(world, case, FigureEntry(value=Decimal(412)))
    second = save(world, case, FigureEntry(value=Decimal(412)), reason="数え漏れ")
    assert results(case)[1][1] == Decimal(380)
    with clock.at(IN_2028):
        reporting.hand_in(report_id=second.pk, by=world["lead_editor"])
        reporting.take(report_id=second.pk, by=world["officer"])
    assert results(case)[1] == ("周遊した人の数", Decimal(412), f"{year}　計画 500人　訂正前 380人")
    with clock.at(IN_2028):
        assert "訂正前 380人" in text(client, f"/projects/project-{case.public_id}/")
    assert list(case.year_reports.values_list("number", "status")) == [(1, "taken"), (2, "taken")]
    kept = YearReport.objects.get(application=case, number=1)
    assert kept.figures.get().value == Decimal(380)
    assert verify_chain(ApplicationEvent.objects.filter(application=case)) == []
    names = [entry.name for entry in archive_entries(case, "full")]
    assert "年次報告/年次報告.json" in names


def test_not_measurable_is_neither_blank_nor_zero(world: World, case: Application) -> None:
    for wrong in (
        FigureEntry(value=Decimal(1), reason="両方"), FigureEntry(value=Decimal("0.00001")), FigureEntry(remark="あ" * 501),
    ):  # fmt: skip
        with pytest.raises(DomainError):
            save(world, case, wrong)
    taken(world, case, FigureEntry(reason="数える機械の故障"))
    assert results(case)[1][:2] == ("周遊した人の数：測定不能（数える機械の故障）", None)


def test_who_reports_and_when(world: World, case: Application) -> None:
    """Only the lead's editors write, only the bureau's officers take; a year that has not begun waits."""
    entry = FigureEntry(value=Decimal(1))
    for name in ("lead_approver", "partner_editor", "stranger_editor", "officer", "decider", "reviewer"):
        with pytest.raises(Refused):
            save(world, case, entry, by=name)
    with pytest.raises(DomainError, match="まだ始まっていません"):
        save(world, case, entry, year=2029)
    with pytest.raises(Refused):
        save(world, case, entry, year=2030)
    report = save(world, case, entry)
    with clock.at(IN_2028):
        for name in ("partner_approver", "stranger_editor", "officer"):
            with pytest.raises(Refused):
                reporting.hand_in(report_id=report.pk, by=world[name])
        reporting.hand_in(report_id=report.pk, by=world["lead_approver"])
        for name in ("lead_editor", "decider", "reviewer", "other_bureau"):
            with pytest.raises(Refused):
                reporting.take(report_id=report.pk, by=world[name])
    waiting = cases.decided(_again(world), decision.adopt)
    with clock.at(IN_2028), pytest.raises(Refused):
        save(world, waiting, entry)  # not announced


def _again(world: World) -> World:
    world.call.max_per_lead = 2
    world.call.save(update_fields=["max_per_lead"])
    return world


def test_what_is_due(world: World, case: Application) -> None:
    """The town from a month before the date on, the office once it is handed in, nobody after."""
    due = report_due(case.template, 2027)
    assert (clock.local(due).date().isoformat(), due > IN_2028) == ("2028-04-10", True)

    def told(at: datetime, **more: Any) -> list[Deadline]:
        return [one for one in planned_reports(at, **more) if one.case_key.startswith(case.public_id)]

    assert told(due - timedelta(days=40)) == []
    [task] = told(due - timedelta(days=5))
    assert (task.kind, task.at, task.organization_id) == ("grants.report", due, world.lead.pk)
    assert told(IN_2028, cases=frozenset({task.case_key})) == [task]
    assert [one.kind for one in report_tasks(world["lead_editor"], IN_2028)] == ["grants.report"]
    report = save(world, case, FigureEntry(value=Decimal(1)))
    with clock.at(IN_2028):
        reporting.hand_in(report_id=report.pk, by=world["lead_editor"])
        [task] = told(clock.now())
        assert (task.kind, task.organization_id) == ("grants.take_report", case.call.program.owner_id)
        assert [one.kind for one in report_tasks(world["officer"], clock.now())] == ["grants.take_report"]
        reporting.give_back(
            report_id=report.pk, reason="直す", due_at=due + timedelta(days=9), by=world["officer"]
        )
        [task] = told(clock.now())
        assert (task.kind, task.at) == ("grants.report", due + timedelta(days=9))
    taken(world, case, FigureEntry(value=Decimal(2)), expected_version=3)
    assert told(IN_2028 + timedelta(days=30)) == []


def test_pages_and_api(world: World, case: Application, client_as: ClientAs) -> None:
    root = f"/applications/{case.public_id}/reports/"
    office = f"/review/{case.public_id}/reports/"
    api = f"/api/v1/applications/{case.public_id}/reports/"
    with clock.at(IN_2028):
        lead, officer = client_as(world.users["lead_editor"]), client_as(world.users["officer"])
        assert "書き始める" in text(lead, root)
        typed = {"version": 0, "1-value": "３７０", "1-reason": "", "1-remark": "", "done": "開いた"}
        assert "読み取れません" in text(lead, f"{root}2027/", 422, **{**typed, "1-value": "たくさん"})
        text(lead, f"{root}2027/", 302, **typed)
        assert "370" in text(lead, f"{root}2027/", 409, **typed)  # a second window: what is saved is shown
        assert "370人" not in text(officer, office)
        assert officer.get(api).json() == {"results": []}
        report = case.year_reports.get()
        handed = {"report": report.public_id, "version": report.version}
        text(lead, root, 302, **handed)
        assert "370人" in text(officer, office)
        text(officer, office, 422, act="return", reason="", due_at="", report=report.public_id, version=2)
        text(officer, office, 409, act="take", report=report.public_id, version=1)
        text(officer, office, 302, act="take", report=report.public_id, version=2)
        [told] = lead.get(api).json()["results"]
        assert (told["status"], told["figures"][0]["planned"], told["figures"][0]["value"]) == (
            "taken",
            "500",
            "370",
        )
        assert "訂正する" in text(lead, root)
        assert "370人" in text(client_as(world.users["partner_editor"]), root)
        for name in ("stranger_editor", "other_bureau", "reviewer"):
            stranger = client_as(world.users[name])
            for address in (root, f"{root}2027/", office, api):
                assert stranger.get(address).status_code == 404, (name, address)
        assert client_as(world.users["partner_editor"]).get(f"{root}2027/").status_code == 404

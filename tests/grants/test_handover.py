"""What a successor reads of the cases in the 引継書: as much as the department's own pages say, and not more."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import Department
from core import clock
from grants.enums import ApplicationStatus
from grants.models import Application, Consent, Decision, Document
from grants.queries import desk_tasks
from grants.queries.handover import case_handover
from tests.factories import accounts as people
from tests.factories.grants import Gallery

S = ApplicationStatus
UNANNOUNCED = "評価が高いため"


def test_a_town_reads_its_cases_and_nothing_of_the_deliberation(shown: Gallery) -> None:
    found = case_handover(shown.world["lead_editor"], clock.now())
    by_status = {case.status for case in found.cases}
    assert "作成中" in by_status
    assert not {"決定待ち", "補欠"} & by_status
    hidden = Application.objects.filter(announced_at__isnull=True, decided_amount__isnull=False)
    assert hidden.exists()
    numbers = {case.receipt_number for case in hidden}
    assert all(case.decided is None for case in found.cases if case.number in numbers)
    assert not any(UNANNOUNCED in reason.why for reason in found.reasons)
    assert any("数値の根拠を補ってください" in promise.what for promise in found.promises)


def test_consents_that_are_awaited_are_handed_over(shown: Gallery) -> None:
    """The lead reads whom it waits for, a partner only of itself, the office of none."""
    Consent.objects.filter(state="given").update(
        state="voided", voided_at=clock.now(), voided_by=F("given_by"), void_reason="試験"
    )
    names = ("lead_editor", "partner_editor", "officer")
    found = {name: case_handover(shown.world[name], clock.now()).promises for name in names}
    told = {name: {each.what for each in rows if "同意を待って" in each.what} for name, rows in found.items()}
    own = f"{shown.world['partner_editor'].organization_name}の同意を待っています。"
    assert own in told["lead_editor"]
    assert (told["partner_editor"], told["officer"]) == ({own}, set())


def test_the_office_reads_why_it_decided(shown: Gallery) -> None:
    found = case_handover(shown.world["officer"], clock.now())
    assert any(UNANNOUNCED in reason.why for reason in found.reasons)
    assert [row.at for row in found.reasons] == sorted((row.at for row in found.reasons), reverse=True)


def test_a_town_reads_of_a_refusal_what_its_letter_says(shown: Gallery) -> None:
    """Not before there is a letter; of a place in reserve, or an adoption, nothing of why inside."""
    announced = Decision.objects.filter(superseded_at__isnull=True, application__announced_at__isnull=False)
    refused = announced.filter(application__lead=shown.world["lead_editor"].organization_id).earliest("pk")
    changed = Decision.objects.filter(pk=refused.pk)
    changed.update(outcome="rejected", amount=None, reason="効果の見込みを示す数値が足りないため")
    refused.letters.clear()

    def told() -> bool:
        found = case_handover(shown.world["lead_editor"], clock.now()).reasons
        return any("数値が足りない" in reason.why for reason in found)

    assert not told()
    refused.letters.add(
        Document.objects.filter(application=refused.application).first() or Document.objects.first()
    )
    assert told()
    changed.update(outcome="reserve")
    assert not told()


@pytest.mark.parametrize(
    "name", ["stranger_editor", "other_bureau", "anonymous", "unassigned_reviewer", "reviewer"]
)
def test_others_read_nothing(shown: Gallery, name: str) -> None:
    found = case_handover(shown.world[name], clock.now())
    assert (found.cases, found.promises, found.reasons) == ([], [], [])


def test_a_fixed_number_of_queries(shown: Gallery) -> None:
    actor = shown.world["lead_editor"]
    with CaptureQueriesContext(connection) as all_of_them:
        found = case_handover(actor, clock.now())
    assert len(found.cases) > len(all_of_them)
    assert len(all_of_them) == 9


def test_open_work_is_on_the_desk_of_the_unit_that_took_over(shown: Gallery) -> None:
    world = shown.world
    old = Department.objects.get(pk=world["lead_editor"].department_id)
    before = {task.key for task in desk_tasks(world["lead_editor"], clock.now())}
    assert before
    today = clock.today()
    new = Department.objects.create(organization=old.organization, name="政策推進課", valid_from=today)
    old.valid_to = today - timedelta(days=1)
    old.save()
    old.succeeded_by.add(new)
    successor = people.person("successor@test.example", "editor", new, starts_on=today)
    actor = people.actor(successor)
    assert {task.key for task in desk_tasks(actor, clock.now())} == before

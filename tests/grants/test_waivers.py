"""A waived check: with a reason, only where the form allows it, told beside the check everywhere, taken back until decided."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import Notice
from core import clock
from core.events import verify_chain
from core.exceptions import Conflict, DomainError, Refused
from core.loading import read_json
from grants.actions import drafting, review, submission, waiving
from grants.actions.case_archive import archive_entries
from grants.actions.documents import remove_document
from grants.actions.loading import load_form
from grants.actions.packages import LIST_HEADINGS, _list_rows
from grants.enums import ApplicationStatus, DocumentPurpose
from grants.models import Application, ApplicationEvent, Waiver
from grants.queries.call_board import received
from grants.queries.case_checks import Check, checks_of
from grants.queries.checks import check
from tests.factories import grants as cases
from tests.factories.grants import World

pytestmark = pytest.mark.django_db
PAPER, ANSWER = "documents/plan_sheet", "answers/continuity"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(cases.NOW):
        yield cases.world()


def incomplete(world: World) -> Application:
    """A draft the office was shown, without the plan sheet and one required answer."""
    case = cases.start(world)
    cases.fill(world, case)
    paper = case.documents.get(purpose=DocumentPurpose.ATTACHMENT)
    remove_document(document_id=paper.pk, by=world["lead_editor"])
    drafting.save_answer(application_id=case.pk, question="continuity", value="", by=world["lead_editor"])
    cases.precheck(world, case)
    return case


def waive(
    world: World,
    case: Application,
    code: str = PAPER,
    by: str = "officer",
    reason: str = "協議で確かめたため",
) -> Waiver:
    return waiving.waive_check(application_id=case.pk, by=world[by], check_code=code, reason=reason)


def fields(case: Application) -> set[str]:
    return {fault.field for fault in check(Application.objects.with_parts().get(pk=case.pk))} & {
        PAPER,
        ANSWER,
    }


def shown(case: Application) -> dict[str, Check]:
    fresh = Application.objects.with_parts().get(pk=case.pk)
    version = fresh.snapshots.latest("branch")
    return {one.label: one for one in checks_of(fresh, version)}


def test_what_is_waived_no_longer_blocks_and_is_told_wherever_the_check_is(
    world: World, client_as: Callable[[object], Client]
) -> None:
    case = incomplete(world)
    assert fields(case) == {PAPER, ANSWER}
    waive(world, case)
    paper = Notice.objects.get(kind="grants.waive_check")
    assert paper.path == f"/applications/{case.public_id}/"
    assert fields(case) == {ANSWER}
    page = (
        client_as(world.users["lead_editor"]).get(f"/applications/{case.public_id}/check/").content.decode()
    )
    assert "都が免除した点検（1件）" in page
    assert "協議で確かめたため" in page
    waive(world, case, ANSWER)
    cases.agree(world, case)
    cases.certify(world, case)
    submission.submit(application_id=case.pk, by=world["lead_editor"], idempotency_key=cases.key())
    papers = shown(case)["必要な書類"]
    assert papers.holds
    assert papers.reasons == ()
    assert [text.split("は免除")[0] for text in papers.waived] == ["「事業計画の説明資料」の添付"]
    officer = client_as(world.users["officer"]).get(f"/review/{case.public_id}/").content.decode()
    assert "の添付は免除（理由：協議で確かめたため）" in officer
    assert "点検の免除（2件）" in officer
    [row] = _list_rows(list(received(world["officer"], world.call, clock.now())))
    assert "の添付は免除（理由：協議で確かめたため）" in str(row[LIST_HEADINGS.index("点検の免除")])
    fresh = Application.objects.with_parts().get(pk=case.pk)
    kept = next(one for one in archive_entries(fresh, "full") if one.name == "記録/点検.json")
    told = json.loads(b"".join(kept.chunks()))
    assert [one["reason"] for one in told["waivers"]] == ["協議で確かめたため"] * 2
    assert any(one["waived"] for one in told["checks"])
    assert verify_chain(ApplicationEvent.objects.all()) == []


def test_taken_back_it_is_asked_for_again(world: World) -> None:
    case = incomplete(world)
    held = waive(world, case)
    with pytest.raises(DomainError, match="理由"):
        waiving.revoke_waiver(waiver_id=held.pk, by=world["officer"], reason=" ")
    waiving.revoke_waiver(waiver_id=held.pk, by=world["second_officer"], reason="書類が必要になったため")
    assert fields(case) == {PAPER, ANSWER}
    with pytest.raises(Conflict):
        waiving.revoke_waiver(waiver_id=held.pk, by=world["officer"], reason="もう一度")
    waive(world, case)
    with pytest.raises(Conflict):
        waive(world, case, by="second_officer")
    assert Waiver.objects.count() == 2


def test_a_wrong_answer_is_wrong_all_the_same(world: World) -> None:
    case = incomplete(world)
    waive(world, case, ANSWER)
    limit = world.template.questions.get(code="continuity").max_length
    assert limit is not None
    drafting.save_answer(
        application_id=case.pk, question="continuity", value="あ" * (limit + 1), by=world["lead_editor"]
    )
    assert ANSWER in fields(case)


@pytest.mark.parametrize(
    "code",
    [
        "answers/participants",
        "answers/title",
        "documents/estimate",
        "budget",
        "consents",
        "certification",
        "",
    ],
)
def test_only_what_the_form_marks(world: World, code: str) -> None:
    with pytest.raises(DomainError):
        waive(world, incomplete(world), code)


@pytest.mark.parametrize("code", ["answers/participants", "budget", "documents/estimate", "subsidy"])
def test_a_form_cannot_mark_amounts_numbers_or_what_is_not_required(world: World, code: str) -> None:
    form = read_json(cases.FORM) | {"version": 9, "waivable": [code]}
    with pytest.raises(DomainError, match="免除できる点検ではありません"):
        load_form(form)


def test_who_and_when(world: World) -> None:
    unseen = cases.start(world)
    with pytest.raises(Refused):
        waive(world, unseen)  # before the town asks for a look, Tokyo sees nothing
    cases.fill(world, unseen)
    cases.precheck(world, unseen)
    for name in ("lead_editor", "lead_approver", "other_bureau", "reviewer", "decider", "anonymous"):
        with pytest.raises(Refused):
            waive(world, unseen, by=name)
    cases.agree(world, unseen)
    cases.certify(world, unseen)
    submission.submit(application_id=unseen.pk, by=world["lead_editor"], idempotency_key=cases.key())
    with clock.at(cases.AFTER_CLOSING):
        review.start_review(application_id=unseen.pk, by=world["officer"])
        held = waive(world, unseen)
    Application.objects.filter(pk=unseen.pk).update(status=ApplicationStatus.DECIDING)
    with pytest.raises(Refused):
        waive(world, unseen, ANSWER)
    waiving.revoke_waiver(waiver_id=held.pk, by=world["officer"], reason="起案の前に確かめたため")


def test_the_pages(world: World, client_as: Callable[[object], Client]) -> None:
    case = incomplete(world)
    officer, path = client_as(world.users["officer"]), f"/review/{case.public_id}/waivers/"
    typed = {"check_code": PAPER, "reason": "現地で確かめたため"}
    bad = officer.post(path, {"reason": "現地で確かめたため"})
    assert bad.status_code == 422
    assert "現地で確かめたため" in bad.content.decode()
    assert "点検を免除しました" in officer.post(path, typed, follow=True).content.decode()
    assert officer.post(path, typed).status_code == 409
    back = f"{path}{Waiver.objects.get().public_id}/revoke/"
    assert officer.post(back, {"reason": ""}).status_code == 422
    assert (
        "取消しの理由：必要になったため"
        in officer.post(back, {"reason": "必要になったため"}, follow=True).content.decode()
    )
    assert officer.post(back, {"reason": "もう一度"}).status_code == 409
    for name in ("lead_editor", "other_bureau", "decider"):
        assert client_as(world.users[name]).post(path, typed).status_code == 404
        assert client_as(world.users[name]).get(back).status_code == 404

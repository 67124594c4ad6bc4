"""The metropolitan side's pages over time: drafts, further versions, results before and after their day."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from core.exceptions import DomainError
from grants.actions import announcing, decision, drafting, prechecks, submission
from grants.models import Application
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, text
from tests.grants.test_pages_review import main, root

__all__ = ["bodies_are_few"]


def test_the_list_is_for_the_metropolitan_side(world: World, client_as: ClientAs) -> None:
    for name in ("lead_editor", "lead_approver", "partner_editor", "lead_finance"):
        text(client_as(world.users[name]), "/review/", 404)
    assert "/account/login/" in Client().get("/review/")["Location"]
    assert "申請はまだありません" in text(client_as(world.users["officer"]), "/review/")
    assert 'href="/review/"' in text(client_as(world.users["reviewer"]), "/desk/")
    assert 'href="/review/"' not in text(client_as(world.users["lead_editor"]), "/desk/")


def test_a_draft_is_a_number_until_a_precheck(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    officer = client_as(world.users["officer"])
    page = main(text(officer, "/review/"))
    assert re.search(r'<td class="r">1</td>', page)
    assert cases.ANSWERS["title"] not in page
    text(officer, root(application), 404)
    prechecks.request_precheck(application_id=application.pk, by=world["lead_editor"])
    page = main(text(officer, "/review/"))
    assert cases.ANSWERS["title"] in page
    assert "案の事前確認に回答する" in page
    assert cases.ANSWERS["title"] not in text(client_as(world.users["decider"]), "/review/")


def test_many_cases_are_paged(world: World, client_as: ClientAs) -> None:
    source = cases.submitted(world)
    for number in range(24):
        copy = Application.objects.get(pk=source.pk)
        copy.pk, copy.public_id = None, f"copy{number:08d}"
        copy.receipt_number, copy.ordinal = f"R9-1-9{number:03d}-0", number + 2
        copy.save()
    page = main(text(client_as(world.users["officer"]), "/review/"))
    assert "申請（25件）" in page
    assert page.count("<h3>") == 20
    assert main(text(client_as(world.users["officer"]), "/review/?page=2")).count("<h3>") == 5


def test_what_a_town_is_changing_is_not_shown(world: World, client_as: ClientAs) -> None:
    """Neither an answer, nor a new title, nor a body invited since."""
    one = cases.submitted(world)
    for question, value in (("purpose", "書きかけの目的"), ("title", "書きかけの事業名")):
        drafting.save_answer(application_id=one.pk, question=question, value=value, by=world["lead_editor"])
    officer = client_as(world.users["officer"])
    for url in (root(one), "/review/", f"{root(one)}return/", f"{root(one)}history/"):
        page = text(officer, url)
        assert "書きかけ" not in page, url
        assert cases.ANSWERS["title"] in page, url


def test_a_further_version_shows_what_changed(world: World, client_as: ClientAs) -> None:
    one = cases.submitted(world)
    drafting.save_answer(
        application_id=one.pk, question="purpose", value="直した目的", by=world["lead_editor"]
    )
    cases.agree(world, one)
    cases.certify(world, one)
    submission.replace(application_id=one.pk, by=world["lead_editor"], idempotency_key=cases.key())
    officer = client_as(world.users["officer"])
    page = text(officer, root(one))
    assert "直した目的" in page
    assert page.count("前の版から変更") == 1
    assert f"前の版：{cases.ANSWERS['purpose']}" in page
    earlier = text(officer, f"{root(one)}?version=0")
    assert "直した目的" not in earlier
    assert "最後に提出された版ではありません" in earlier


def test_reviewers_learn_no_result_before_its_day(world: World, client_as: ClientAs) -> None:
    one = cases.decided(world, decision.adopt)
    reviewer = client_as(world.users["reviewer"])
    page = main(text(reviewer, root(one)))
    assert "8総行振第55号" not in page
    assert "審査中" in page
    assert not re.search(r"badge[^<]*<svg.*?</svg>採択", page)
    with clock.at(cases.ANNOUNCES):
        announcing.announce(application_id=one.pk, by=world["officer"])
        assert "8総行振第55号" in text(client_as(world.users["reviewer"]), root(one))


PUBLIC = (
    "/projects/", "/sitemap.xml", "/api/v1/projects/", "/open-data/projects.csv", "/open-data/projects.json",
    "/open-data/projects.sjis.csv", "/open-data/projects.atom",
)  # fmt: skip


def test_a_result_is_everywhere_at_its_instant_and_nowhere_before(world: World, client_as: ClientAs) -> None:
    """One second before, with every answer asked for once so that what is kept is warm; and at the instant itself."""
    one, public = cases.decided(world, decision.adopt), Client()
    project, mark = f"/projects/project-{one.public_id}/", f"project-{one.public_id}"
    town, api = f"/applications/{one.public_id}/", f"/api/v1/applications/{one.public_id}/"
    lead = client_as(world.users["lead_editor"])
    asked = [*PUBLIC, f"/municipalities/{world.lead.code}/", f"/programs/{world.call.program.slug}/"]
    with clock.at(cases.ANNOUNCES - timedelta(seconds=1)):
        assert announcing.announce_due(at=clock.now()) == 0
        with pytest.raises(DomainError, match="公表"):
            announcing.announce(application_id=one.pk, by=world["officer"])
        for address in asked:
            assert mark not in body(public, address), address
        assert public.get(project).status_code == 404
        assert "結果" not in lead.get(api).json()["status_label"]
        assert lead.get(api).json()["decided_amount"] is None
        assert "8総行振第55号" not in text(lead, town)
    with clock.at(cases.ANNOUNCES):
        assert announcing.announce_due(at=clock.now()) == 1
        for address in asked:
            assert mark in body(public, address), address
        assert public.get(project).status_code == 200
        assert lead.get(api).json()["decided_amount"] == one.decided_amount
        assert "8総行振第55号" in text(lead, town)


def body(client: Client, address: str) -> str:
    """All of an answer, kept or sent piece by piece."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    raw = b"".join(answer) if answer.streaming else answer.content
    return raw.decode("cp932" if ".sjis." in address else "utf-8")


def test_every_link_of_the_desk_and_of_notices_lands(world: World, client_as: ClientAs) -> None:
    """A page that says what to do, for each person told."""
    from accounts.models import Notice

    one = cases.deciding(world)
    with clock.at(cases.AFTER_CLOSING):
        for name, words in (("officer", "決定を待っています"), ("decider", "決定してください")):
            client = client_as(world.users[name])
            assert words in text(client, root(one))
        assert f'href="{root(one)}"' in text(client_as(world.users["decider"]), "/desk/")
        assert Notice.objects.filter(path=root(one)).exists()
        assert not Notice.objects.filter(path__startswith="/review/").exclude(path=root(one)).exists()


def test_a_late_correction_is_said(world: World, client_as: ClientAs) -> None:
    one = cases.returned(world)
    due = one.returns.get().due_at
    with clock.at(due + (cases.CLOSES - cases.NOW)):
        page = text(client_as(world.users["officer"]), root(one))
    assert "修正の期限を過ぎました" in page
    assert f"{root(one)}acts/take_back/" in page

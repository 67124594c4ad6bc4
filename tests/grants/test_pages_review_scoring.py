"""Assigning, interests, points: one's own first, the others' after; an external member's by proxy."""

from collections.abc import Iterator

import pytest

from core import clock
from grants.actions import drafting, returning, review, submission
from grants.models import Application, ApplicationEvent, ReviewAssignment, Score
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.staying import untouched
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, text
from tests.grants.test_pages_review import fields, main, root

__all__ = ["bodies_are_few"]


@pytest.fixture
def late(world: World) -> Iterator[World]:
    """The day after the call has closed."""
    with clock.at(cases.AFTER_CLOSING):
        yield world


@pytest.fixture
def one(late: World) -> Application:
    """A case in review: three people assigned, one of them has declared no interest."""
    with clock.at(cases.NOW):
        return cases.under_review(late)


def points(world: World, value: int = 4, **others: int) -> dict[str, str]:
    """A filled score sheet."""
    given = dict.fromkeys(world.template.weights(), value) | others
    return {f"points-{code}": str(number) for code, number in given.items()}


# --- Who scores -----------------------------------------------------------------------------------------------


def test_assigning(late: World, client_as: ClientAs) -> None:
    """Reviewers of the body and external members, nobody else; twice is once."""
    with clock.at(cases.NOW):
        one = cases.submitted(late)
    review.start_review(application_id=one.pk, by=late["officer"])
    url, officer = f"{root(one)}reviewers/", client_as(late.users["officer"])
    assert "審査員を割り当ててください" in text(officer, root(one))
    page = main(text(officer, url))
    for name in ("reviewer", "second_reviewer", "external_reviewer"):
        assert f"試験 {name}（" in page
    for name in ("officer", "decider", "lead_editor"):
        assert f"試験 {name}（" not in page
    with untouched(one):
        assert "1つ以上えらんでください" in text(officer, url, 422, go="1")
        text(officer, url, 422, reviewers=str(late.users["lead_editor"].pk))
        for name in ("decider", "reviewer", "lead_editor"):
            text(client_as(late.users[name]), url, 404, reviewers=str(late.users["reviewer"].pk))
    data = {"reviewers": [str(late.users[name].pk) for name in ("reviewer", "external_reviewer")]}
    assert officer.post(url, data).status_code == officer.post(url, data).status_code == 302
    assert ApplicationEvent.objects.filter(action="assign").count() == 1
    assert sorted(one.assignments.values_list("is_external", flat=True)) == [False, True]
    assert main(text(officer, url)).count("申告待ち") == 2
    assert "利害関係を申告してください" in text(client_as(late.users["reviewer"]), root(one))


# --- Interests ------------------------------------------------------------------------------------------------


def test_declaring_no_interest_leads_to_the_sheet(late: World, one: Application, client_as: ClientAs) -> None:
    url, client = f"{root(one)}interest/", client_as(late.users["second_reviewer"])
    assert "利害関係がないことの申告が必要です" in text(client, f"{root(one)}score/")
    with untouched(one):
        assert "1つえらんでください" in text(client, url, 422, detail="")
    assert client.post(url, {"has_interest": "no"})["Location"] == f"{root(one)}score/"
    assert client.post(url, {"has_interest": "no"})["Location"] == f"{root(one)}score/"
    assert (
        ApplicationEvent.objects.filter(action="declare_interest", actor_name="試験 second_reviewer").count()
        == 1
    )
    assert "採点票" in text(client, f"{root(one)}score/")


def test_an_interest_closes_the_case(late: World, one: Application, client_as: ClientAs) -> None:
    url, client = f"{root(one)}interest/", client_as(late.users["second_reviewer"])
    with untouched(one):
        assert "利害関係の内容が空です" in text(client, url, 422, has_interest="yes")
    data = {"has_interest": "yes", "detail": "親族が商工会の役員"}
    assert client.post(url, data)["Location"] == "/review/"
    assert client.post(url, data)["Location"] == "/review/"
    text(client, root(one), 404)
    assert root(one) not in text(client, "/review/")
    officer = text(client_as(late.users["officer"]), root(one))
    assert "親族が商工会の役員" in officer
    assert "あり（回避）" in officer
    assert "親族が商工会の役員" not in text(client_as(late.users["reviewer"]), root(one))


# --- Points -----------------------------------------------------------------------------------------------------


def test_scoring(late: World, one: Application, client_as: ClientAs) -> None:
    url, client = f"{root(one)}score/", client_as(late.users["reviewer"])
    sheet = fields(text(client, url)) | points(late) | {"remark-breadth": "残る所見", "comment": "残る総評"}
    with untouched(one):
        page = text(client, url, 422, **(sheet | {"points-novelty": ""}))
        assert "「先進性」の点をえらんでください" in page
        assert "残る所見" in page
        assert "残る総評" in page
        text(client, url, 422, **(sheet | {"points-novelty": "6"}))
    assert not Score.objects.exists()
    assert client.post(url, sheet).status_code == client.post(url, sheet).status_code == 302
    assert ApplicationEvent.objects.filter(action="score").count() == 1
    assert "残る所見" in text(client, url)
    assert client.post(url, sheet | {"points-novelty": "5"}).status_code == 302
    assert Score.objects.get(criterion="novelty").points == 5
    assert Score.objects.count() == 8
    for name in ("officer", "decider", "unassigned_reviewer", "lead_editor"):
        text(client_as(late.users[name]), url, 404)


def test_the_others_points_are_seen_after_ones_own(
    late: World, one: Application, client_as: ClientAs
) -> None:
    review.score(
        application_id=one.pk, by=late["reviewer"], points=dict.fromkeys(late.template.weights(), 4), comment="先の人の総評",
        remarks={"breadth": "先の人の所見"},
    )  # fmt: skip
    review.declare_interest(application_id=one.pk, by=late["second_reviewer"], has_interest=False)
    second = client_as(late.users["second_reviewer"])
    before = text(second, root(one)) + text(second, f"{root(one)}score/")
    assert "先の人" not in before
    assert "加重合計" not in before
    sheet = fields(text(second, f"{root(one)}score/")) | points(late, 4, breadth=1)
    assert second.post(f"{root(one)}score/", sheet).status_code == 302
    after = main(text(second, root(one)))
    assert "先の人の総評" in after
    assert "先の人の所見" in after


def test_the_table_of_points(late: World, one: Application, client_as: ClientAs) -> None:
    """4 × 12 = 48 and 4 × 12 − 3 × 2 = 42: the average is 45.0, the criterion they differ on is to be talked about."""
    weights = late.template.weights()
    review.score(application_id=one.pk, by=late["reviewer"], points=dict.fromkeys(weights, 4))
    review.declare_interest(application_id=one.pk, by=late["second_reviewer"], has_interest=False)
    review.score(
        application_id=one.pk, by=late["second_reviewer"], points=dict.fromkeys(weights, 4) | {"breadth": 1}
    )
    for name in ("officer", "decider"):
        page = main(text(client_as(late.users[name]), root(one)))
        for words in ("60点満点", ">48<", ">42<", ">45.0<", ">2.5<", "幅3"):
            assert words in page, words
        assert page.count("話し合う</span>") == 1


def test_a_new_version_is_read_before_scoring(late: World, one: Application, client_as: ClientAs) -> None:
    """Points given to what has been replaced meanwhile are not taken, and stay on the page."""
    url, client = f"{root(one)}score/", client_as(late.users["reviewer"])
    sheet = fields(text(client, url)) | points(late) | {"comment": "残る総評"}
    returning.return_(
        application_id=one.pk, by=late["officer"], sections=["plan"], reason="直す", due_at=clock.now() + (cases.CLOSES - cases.NOW)
    )  # fmt: skip
    drafting.save_answer(
        application_id=one.pk, question="purpose", value="新しい目的", by=late["lead_editor"]
    )
    cases.agree(late, one)
    cases.certify(late, one)
    submission.resubmit(application_id=one.pk, by=late["lead_editor"], idempotency_key=cases.key())
    page = text(client, url, 409, **sheet)
    assert "新しい版が提出されました" in page
    assert "残る総評" in page
    assert "新しい目的" in page
    assert not Score.objects.exists()
    assert client.post(url, fields(page) | points(late)).status_code == 302


def test_points_entered_for_an_external_member(late: World, one: Application, client_as: ClientAs) -> None:
    seat = one.assignments.get(is_external=True)
    url, officer = f"{root(one)}score/{seat.pk}/", client_as(late.users["officer"])
    sheet = fields(text(officer, url)) | points(late, 3)
    for name in ("decider", "reviewer", "external_reviewer", "lead_editor"):
        text(client_as(late.users[name]), url, 404, **sheet)
    own = ReviewAssignment.objects.get(application=one, reviewer=late.users["reviewer"])
    text(officer, f"{root(one)}score/{own.pk}/", 404)
    assert officer.post(url, sheet).status_code == officer.post(url, sheet).status_code == 302
    assert ApplicationEvent.objects.filter(action="proxy_score").count() == 1
    page = text(officer, root(one))
    assert "試験 officerが代理入力" in page
    assert "（代理）" in page

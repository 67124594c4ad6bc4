"""What-ifs kept under a name, meetings with their quorum, hints of interests, and nothing shown before a declaration."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, User
from core import clock
from core.exceptions import Refused
from grants.actions import review
from grants.actions.panels import record_seat, save_scenario
from grants.models import Application, CommitteeSeat, PanelScenario, ReviewMeeting
from grants.queries.interests import interests
from tests.factories import grants as cases
from tests.factories.accounts import department
from tests.factories.grants import Gallery

ClientAs = Callable[[User], Client]


@pytest.fixture
def scored(shown: Gallery) -> Application:
    one = shown.case("under_review")
    points = dict.fromkeys(shown.world.template.weights(), 4)
    with clock.at(cases.AFTER_CLOSING):
        review.score(application_id=one.pk, by=shown.world["reviewer"], points=points)
    return one


def test_what_ifs_are_kept_and_change_nothing(
    shown: Gallery, scored: Application, client_as: ClientAs
) -> None:
    world = shown.world
    url = f"/review/calls/{world.call.public_id}/panel/"
    officer, trial = client_as(world.users["officer"]), f"{url}?budget=1"
    kept = officer.post(trial, {"name": " ", "note": "厳しい予算"})
    assert kept.status_code == 422
    assert "厳しい予算" in kept.content.decode()
    for _ in range(2):
        assert officer.post(trial, {"name": "予算1円", "note": "厳しい予算"}).status_code == 302
    scenario = PanelScenario.objects.get()
    assert (scenario.budget, scenario.weights) == (1, world.template.weights())
    page = client_as(world.users["decider"]).get(url).content.decode()
    assert "予算1円" in page
    assert "budget=1" in page
    PanelScenario.objects.update(weights={"other": 1})
    assert "いまは比べられません" in officer.get(url).content.decode()
    for name in ("reviewer", "lead_editor", "other_bureau"):
        client = client_as(world.users[name])
        assert client.post(trial, {"name": "x"}).status_code == 404
        assert client.post(f"{url}scenarios/{scenario.pk}/forget/").status_code == 404
    with pytest.raises(Refused):
        save_scenario(call=world.call, by=world["reviewer"], name="x", weights={"a": 1}, budget=None)
    assert officer.post(f"{url}scenarios/{scenario.pk}/forget/").status_code == 302
    assert not PanelScenario.objects.exists()


def test_a_meeting_needs_its_quorum(shown: Gallery, scored: Application, client_as: ClientAs) -> None:
    world = shown.world
    url = f"/review/calls/{world.call.public_id}/meetings/"
    officer = client_as(world.users["officer"])
    given = {
        "held_on": "2026/11/20", "attendees": "委員 一\n委員 二\n委員 一", "quorum": "3", "summary": "採点をもとに話し合った。",
        "applications": scored.public_id,
    }  # fmt: skip
    short = officer.post(url, given)
    assert short.status_code == 409
    assert "定足数（3人）に足りません" in short.content.decode()
    assert "採点をもとに話し合った。" in short.content.decode()
    before = ReviewMeeting.objects.count()
    for _ in range(2):
        assert officer.post(url, {**given, "quorum": "2"}).status_code == 302
    assert ReviewMeeting.objects.count() == before + 1
    assert ReviewMeeting.objects.latest("pk").attendees == ["委員 一", "委員 二"]
    for name in ("decider", "reviewer", "lead_editor", "other_bureau"):
        assert client_as(world.users[name]).get(url).status_code == 404
    assert (
        "採点をもとに"
        not in client_as(world.users["lead_editor"])
        .get(f"/applications/{scored.public_id}/history/")
        .content.decode()
    )


def test_hints_of_interests(shown: Gallery, scored: Application, client_as: ClientAs) -> None:
    """Posts in a body of the case, now or before, and seats in its committees; the person and the officer see them."""
    world = shown.world
    second = world.users["second_reviewer"]
    assert interests(scored, [second.pk, world.users["officer"].pk], cases.NOW) == {}
    unit = department(world.partner, "企画課")
    Membership.objects.create(
        user=second, department=unit, role="editor", starts_on=date(2020, 4, 1), ends_on=date(2024, 3, 31)
    )
    url, officer = "/review/seats/", client_as(world.users["officer"])
    given = {
        "user": second.pk,
        "organization": world.lead.pk,
        "name": "総合計画審議会 委員",
        "starts_on": "令和6年4月1日",
    }
    assert officer.post(url, {**given, "name": ""}).status_code == 422
    assert officer.post(url, {**given, "ends_on": "令和5年4月1日"}).status_code == 422
    for _ in range(2):
        assert officer.post(url, given).status_code == 302
    assert CommitteeSeat.objects.count() == 1
    told = interests(scored, [second.pk], cases.NOW)[second.pk]
    assert ["所属していました" in told[0], "総合計画審議会 委員を務めています" in told[1]] == [True, True]
    assert told[1] in officer.get(f"/review/{scored.public_id}/reviewers/").content.decode()
    assert told[0] in client_as(second).get(f"/review/{scored.public_id}/interest/").content.decode()
    assert client_as(world.users["decider"]).get(url).status_code == 404
    with pytest.raises(Refused):
        record_seat(user=second, organization=world.lead, name="x", by=world["decider"])


def test_nothing_is_shown_before_the_declaration(
    shown: Gallery, scored: Application, client_as: ClientAs
) -> None:
    world, root = shown.world, f"/review/{scored.public_id}/"
    undeclared = client_as(world.users["second_reviewer"])
    paper = scored.documents.filter(purpose="attachment").latest("pk")
    for path in (root, f"{root}score/", f"{root}interest/"):
        page = undeclared.get(path).content.decode()
        assert cases.ANSWERS["purpose"] not in page
        assert "清瀬市" in page
    assert cases.ANSWERS["purpose"] not in undeclared.post(f"{root}score/", {}).content.decode()
    assert undeclared.get(f"{root}documents/{paper.public_id}/").status_code == 404
    with clock.at(cases.AFTER_CLOSING):
        review.declare_interest(application_id=scored.pk, by=world["second_reviewer"], has_interest=False)
    assert cases.ANSWERS["purpose"] in undeclared.get(root).content.decode()
    read: Any = undeclared.get(f"{root}documents/{paper.public_id}/")
    assert b"".join(read.streaming_content).startswith(b"%PDF")

"""The page saves while somebody types: nothing newer is overwritten, nothing typed is lost, nothing is ended."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.models import User
from core import clock
from grants.models import Answer, Application, Consent, Revision
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import fields

ClientAs = Callable[[User], Client]
AS_DATA = {"headers": {"Accept": "application/json"}}


def opened(client: Client, url: str) -> dict[str, str]:
    """What a browser has in hand after opening the topic."""
    response = client.get(url)
    assert response.status_code == 200, response.content.decode()[:500]
    return fields(response.content.decode())


def sent(client: Client, url: str, data: dict[str, str], status: int = 200, *only: str) -> dict[str, Any]:
    """The answer to the page's own saving of these questions."""
    names = {name for name in data if name.endswith(("-version", "-shown")) or name in only}
    response = client.post(url, {name: data[name] for name in names}, **AS_DATA)
    assert response.status_code == status, response.content.decode()[:500]
    found: dict[str, Any] = response.json()
    return found


def value(code: str) -> str:
    """What is saved."""
    return Answer.objects.get(question__code=code).value


def test_an_older_save_never_wins(world: World, client_as: ClientAs) -> None:
    """Only what was sent is touched; a save that comes late or twice changes nothing."""
    url = f"/applications/{cases.start(world).public_id}/plan/plan/"
    client = client_as(world.users["lead_editor"])
    page = opened(client, url)
    newer = sent(client, url, page | {"purpose": "川と\r\n駅をつなぐ"}, 200, "purpose")
    assert newer["at"] == "10:00"
    assert newer["saved"]["purpose"]["version"] == 1
    assert value("purpose") == "川と\n駅をつなぐ"
    assert list(Answer.objects.values_list("question__code", flat=True)) == ["purpose"]
    again = sent(client, url, page | {"purpose": "川と\n駅をつなぐ"}, 200, "purpose")
    assert again["saved"] == newer["saved"]
    assert Revision.objects.count() == 1
    older = sent(client, url, page | {"purpose": "川と"}, 409, "purpose")
    assert older["saved"] == {}
    assert value("purpose") == "川と\n駅をつなぐ"
    (clash,) = older["clashes"]
    assert (clash["theirs"], clash["version"]) == ("川と\n駅をつなぐ", 1)
    assert clash["shown"] == newer["saved"]["purpose"]["shown"]
    now = page | {"purpose": "川と駅", "purpose-version": "1", "purpose-shown": clash["shown"]}
    assert sent(client, url, now, 200, "purpose")["saved"]["purpose"]["version"] == 2


def test_two_people_are_both_heard(world: World, client_as: ClientAs) -> None:
    """A colleague's answer to the same question is shown with the name; another question is saved meanwhile."""
    url = f"/applications/{cases.start(world).public_id}/plan/plan/"
    mine, theirs = client_as(world.users["lead_editor"]), client_as(world.users["lead_colleague"])
    page = opened(mine, url)
    sent(theirs, url, opened(theirs, url) | {"purpose": "同僚の<b>目的</b>"}, 200, "purpose")
    found = sent(mine, url, page | {"purpose": "わたしの目的", "issue": "課題"}, 409, "purpose", "issue")
    (clash,) = found["clashes"]
    assert (clash["theirs"], clash["who"]) == ("同僚の<b>目的</b>", "試験 lead_colleague")
    assert list(found["saved"]) == ["issue"]
    assert value("purpose") == "同僚の<b>目的</b>"
    assert value("issue") == "課題"


def test_what_cannot_be_kept_or_is_late_says_why(world: World, client_as: ClientAs) -> None:
    url = f"/applications/{cases.start(world).public_id}/plan/plan/"
    client = client_as(world.users["lead_editor"])
    page = opened(client, url)
    found = sent(client, url, page | {"purpose": "前\x00後"}, 422, "purpose")
    assert list(found["faults"]) == ["purpose"]
    with clock.at(cases.AFTER_CLOSING):
        client = client_as(world.users["lead_editor"])
        found = sent(client, url, page | {"purpose": "遅れた目的"}, 422, "purpose")
        assert "締切" in found["faults"]["purpose"]
    assert not Answer.objects.exists()


def test_typing_ends_no_consent(world: World, client_as: ClientAs) -> None:
    """Where a consent holds, the page only keeps the text; the button is what ends it."""
    application = cases.ready(world)
    url = f"/applications/{application.public_id}/plan/plan/"
    client = client_as(world.users["lead_editor"])
    assert 'data-autosave-mode="keep"' in client.get(url).content.decode()
    before = Application.objects.get(pk=application.pk).content_version
    page = opened(client, url)
    found = sent(client, url, page | {"purpose": "誤って触れた"}, 409, "purpose")
    assert "保存する" in found["held"]
    assert Application.objects.get(pk=application.pk).content_version == before
    assert Consent.objects.filter(state="given").count() == 2
    assert client.post(url, page | {"purpose": "決めて直した"}).status_code == 302
    assert not Consent.objects.filter(state="given").exists()
    assert 'data-autosave-mode="save"' in client.get(url).content.decode()


def test_nobody_else_saves(world: World, client_as: ClientAs) -> None:
    """Another town, a reader, a partner at the common part, nobody; a key per person, part and case."""
    application = cases.start(world)
    cases.fill(world, application)
    url = f"/applications/{application.public_id}/plan/plan/"
    page = opened(client_as(world.users["lead_editor"]), url)
    for name in ("stranger_editor", "lead_finance", "partner_editor", "officer"):
        client = client_as(world.users[name])
        data = {"purpose": "よその目的", "purpose-version": "1", "purpose-shown": "x"}
        assert client.post(url, data, **AS_DATA).status_code == 404, name
    expired = Client().post(url, page, **AS_DATA)
    assert expired.status_code == 302
    assert "/account/login/" in expired["Location"]
    assert value("purpose") == cases.ANSWERS["purpose"]
    keys = set()
    for name, place in (("lead_editor", "plan/"), ("lead_editor", "effect/"), ("lead_colleague", "plan/")):
        shown = client_as(world.users[name]).get(f"/applications/{application.public_id}/plan/{place}")
        keys.add(shown.content.decode().split('data-autosave="')[1].split('"')[0])
    assert len(keys) == 3

"""The pages of a town's case: who sees what, what is said, what is kept when something is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from grants.actions import decision, drafting
from grants.models import Answer, Application
from tests.factories import grants as cases
from tests.factories.grants import World

ClientAs = Callable[[User], Client]
PAGES = [
    "", "history/", "plan/", "plan/plan/", "members/", "budget/", "documents/", "precheck/", "consent/", "certify/",
    "check/", "submit/", "acts/discard/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def bodies_are_few(settings: Any) -> None:
    """A case has two to ten bodies and an act two or three audiences; reading once for each is no growing list."""
    few = ("grants.*", "accounts.Notice", "sessions.Session")
    settings.ZEAL_ALLOWLIST = [{"model": model} for model in few]


def text(client: Client, url: str, status: int = 200, **data: Any) -> str:
    """The page's text at an address; the answer has this status."""
    response = client.post(url, data) if data else client.get(url)
    assert response.status_code == status, (response.status_code, response.content.decode()[:2000])
    return response.content.decode()


def draft(world: World) -> Application:
    """A filled draft before any consent."""
    application = cases.start(world)
    cases.fill(world, application)
    return Application.objects.with_parts().get(pk=application.pk)


# --- Every page: who, and never mistaken for submitted ------------------------------------------------------


def test_pages_of_a_draft(world: World, client_as: ClientAs) -> None:
    """Open to the lead; unknown to another town, to Tokyo before a precheck, to nobody at all."""
    application = draft(world)
    for page in PAGES:
        url = f"/applications/{application.public_id}/{page}"
        reader = world.users["lead_approver" if "acts" in page else "lead_editor"]
        shown = text(client_as(reader), url)
        assert "まだ提出していません" in shown, page
        assert "令和8年（2026年）12月1日（火）10:00" in shown, page
        for name in ("stranger_editor", "officer", "other_bureau"):
            text(client_as(world.users[name]), url, 404)
        answer = Client().get(url)
        assert answer.status_code == 302, page
        assert "/account/login/" in answer["Location"]


def test_the_bureau_never_reads_the_working_copy(world: World, client_as: ClientAs) -> None:
    """After a precheck the officer has pages of its own; the town's pages stay the town's."""
    application = draft(world)
    cases.precheck(world, application)
    text(client_as(world.users["officer"]), f"/applications/{application.public_id}/", 404)


def test_a_partner_sees_its_own_part_only(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    root = f"/applications/{application.public_id}/"
    client = client_as(world.users["partner_editor"])
    own, lead = cases.partner_of(application).public_id, cases.lead_of(application).public_id
    text(client, f"{root}plan/part/{own}/")
    text(client, f"{root}budget/{own}/")
    text(client, f"{root}plan/part/{lead}/", 404)
    text(client, f"{root}budget/{lead}/", 404)
    text(client, f"{root}consent/{own}/", 404)
    text(client, f"{root}certify/", 404)
    text(client, f"{root}submit/", 404)
    assert "東久留米市の役割" not in text(client, f"{root}check/")


def test_every_state_has_its_page(world: World, client_as: ClientAs) -> None:
    """Towns see five words: nothing of a decision before it is announced."""
    application = cases.decided(world, decision.adopt)
    with clock.at(cases.AFTER_CLOSING):
        client = client_as(world.users["lead_editor"])
        shown = text(client, f"/applications/{application.public_id}/")
        files = text(client, f"/applications/{application.public_id}/documents/")
    shown = shown.split("<main", 1)[1].split("<footer", 1)[0]
    assert "審査中" in shown
    assert "採択" not in shown
    assert "8総行振第55号" not in shown + files
    assert application.receipt_number in shown


# --- The list and starting ------------------------------------------------------------------------------------


def test_the_list_is_of_ones_own_body(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    empty = text(client_as(world.users["stranger_editor"]), "/applications/")
    assert "申請はまだありません" in empty
    assert cases.ANSWERS["title"] not in empty
    for name in ("lead_editor", "lead_finance", "partner_approver"):
        shown = text(client_as(world.users[name]), "/applications/")
        assert cases.ANSWERS["title"] in shown
        assert application.public_id in shown
    assert "まだ提出していません" in shown


def test_a_second_start_opens_the_first(world: World, client_as: ClientAs) -> None:
    url = f"/applications/start/?call={world.call.public_id}"
    first = client_as(world.users["lead_editor"]).post(url)
    application = Application.objects.get()
    assert first["Location"] == f"/applications/{application.public_id}/"
    colleague = client_as(world.users["lead_colleague"])
    assert "lead_editorさんが始めました" in text(colleague, url)
    assert colleague.post(url)["Location"] == first["Location"]
    assert Application.objects.count() == 1


def test_starting_says_why_not(world: World, client_as: ClientAs) -> None:
    url = f"/applications/start/?call={world.call.public_id}"
    approver = client_as(world.users["lead_approver"])
    assert "市町村の担当だけ" in text(approver, url)
    text(approver, url, 404, go="1")
    editor = client_as(world.users["lead_editor"])
    with clock.at(cases.AFTER_CLOSING):
        assert "受付期間ではありません" in text(editor, url)
        assert "この募集は受付期間ではありません" in text(editor, url, 422, go="1")
    text(editor, "/applications/start/?call=unknown", 404)
    assert not Application.objects.exists()


# --- The plan -------------------------------------------------------------------------------------------------


def fields(page: str) -> dict[str, str]:
    """The inputs of the page's form as a browser would send them back."""
    from html.parser import HTMLParser

    found: dict[str, str] = {}

    class Reader(HTMLParser):
        area = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = dict(attrs)
            name = values.get("name") or ""
            if tag == "textarea":
                self.area, found[name] = name, ""
            elif tag == "input" and name and values.get("type") != "submit":
                found[name] = values.get("value") or ""

        def handle_data(self, data: str) -> None:
            if self.area:
                found[self.area] += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                found[self.area] = found[self.area].removeprefix("\n")
                self.area = ""

    Reader().feed(page)
    found.pop("csrfmiddlewaretoken", None)
    return {name: value for name, value in found.items() if name not in {"", "code"}}


def test_two_people_on_one_question(world: World, client_as: ClientAs) -> None:
    """Both values are shown, nothing is lost, and saving once more keeps the person's own."""
    application = cases.start(world)
    url = f"/applications/{application.public_id}/plan/plan/"
    mine, colleague = client_as(world.users["lead_editor"]), client_as(world.users["lead_colleague"])
    before = fields(text(mine, url))
    assert (
        colleague.post(
            url, fields(text(colleague, url)) | {"purpose": "同僚の目的", "title": "同僚の題"}
        ).status_code
        == 302
    )
    shown = text(mine, url, 409, **(before | {"purpose": "わたしの目的", "issue": "わたしの課題"}))
    assert "2人が同時に直しました" in shown
    assert "同僚の目的" in shown
    assert "わたしの目的" in shown
    again = fields(shown)
    assert again["title"] == "同僚の題"  # left as shown: it does not fight, and shows what stands now
    assert Answer.objects.get(question__code="issue").value == "わたしの課題"
    assert Answer.objects.get(question__code="purpose").value == "同僚の目的"
    assert mine.post(url, again).status_code == 302
    assert Answer.objects.get(question__code="purpose").value == "わたしの目的"
    assert Answer.objects.get(question__code="title").value == "同僚の題"


def test_a_draft_keeps_what_does_not_fit(world: World, client_as: ClientAs) -> None:
    application = cases.start(world)
    url = f"/applications/{application.public_id}/plan/effect/"
    client = client_as(world.users["lead_editor"])
    assert client.post(url, fields(text(client, url)) | {"participants": "千人"}).status_code == 302
    shown = text(client, url)
    assert "整数ではありません" in shown
    assert "千人" in shown
    assert "が空です" not in shown
    assert "が空です" in text(client, f"{url}?check=1")
    broken = text(client, url, 422, **(fields(shown) | {"target": "前\x00後"}))
    assert "前" in broken


def test_after_closing_the_plan_is_read_only(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/plan/plan/"
    client = client_as(world.users["lead_editor"])
    data = fields(text(client, url)) | {"purpose": "遅れた目的"}
    with clock.at(cases.AFTER_CLOSING):
        client = client_as(world.users["lead_editor"])
        shown = text(client, url, 422, **data)
        assert "締切" in shown
        assert "遅れた目的" in shown
        assert "この部分は見るだけです" in text(client, url)
    assert Answer.objects.get(question__code="purpose").value == cases.ANSWERS["purpose"]


def test_readers_change_nothing(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/plan/plan/"
    client = client_as(world.users["lead_finance"])
    shown = text(client, url)
    assert cases.ANSWERS["purpose"] in shown
    assert "<textarea" not in shown
    data = {"purpose": "財政の目的", "purpose-version": "1", "purpose-shown": "x"}
    text(client, url, 404, **data)


# --- Acts with a reason ---------------------------------------------------------------------------------------


def test_discard_and_restore(world: World, client_as: ClientAs) -> None:
    application = cases.start(world)
    root = f"/applications/{application.public_id}/"
    editor = client_as(world.users["lead_editor"])
    assert "権限がありません" in text(editor, f"{root}acts/discard/")
    text(editor, f"{root}acts/discard/", 404, reason="いらない")
    approver = client_as(world.users["lead_approver"])
    data = fields(text(approver, f"{root}acts/discard/"))
    assert approver.post(f"{root}acts/discard/", data | {"reason": "重複"}).status_code == 302
    assert "提出していません（破棄）" in text(approver, root)
    assert approver.post(f"{root}acts/restore/", {"reason": ""}).status_code == 302
    assert "まだ提出していません" in text(approver, root)
    text(approver, f"{root}acts/adopt/", 404)


def test_an_act_on_an_older_page(world: World, client_as: ClientAs) -> None:
    application = cases.start(world)
    url = f"/applications/{application.public_id}/acts/discard/"
    approver = client_as(world.users["lead_approver"])
    data = fields(text(approver, url))
    drafting.discard(application_id=application.pk, by=world["lead_approver"])
    drafting.restore(application_id=application.pk, by=world["lead_approver"])
    shown = text(approver, url, 409, **(data | {"reason": "重複のため"}))
    assert "画面を開いた後に変わりました" in shown
    assert "重複のため" in shown


def test_withdrawing_needs_a_reason(world: World, client_as: ClientAs) -> None:
    application = cases.submitted(world)
    url = f"/applications/{application.public_id}/acts/withdraw/"
    approver = client_as(world.users["lead_approver"])
    data = fields(text(approver, url))
    assert "入力してください" in text(approver, url, 422, **data)
    assert approver.post(url, data | {"reason": "事業を見直すため"}).status_code == 302
    application.refresh_from_db()
    assert application.town_label() == "取下げ"

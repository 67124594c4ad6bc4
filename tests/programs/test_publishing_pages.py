"""The pages of publishers: from the board to the public, lists and the coming year, nothing for other bodies."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Notice, User
from core.packing import pack
from programs.actions import revising, rollover
from programs.enums import Level, RevisionState
from programs.models import Program, ProgramEvent, ProgramRevision, ProgramYear
from programs.queries.revisions import content_of
from tests.conftest import HeldClock
from tests.factories import programs as make
from tests.programs.colleagues import acting, colleague

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | str], Client]


@pytest.fixture
def program(clock: HeldClock) -> Program:
    town = make.municipality("132241", "多摩市")
    return make.published(
        slug="one", title="店の支援", owner=town, level=Level.MUNICIPAL, themes=["industry"]
    )


def drafted(program: Program, **items: Any) -> ProgramRevision:
    return revising.save(program=program, content=content_of(program) | items, by=acting(program.owner))


def publish_link(response: Any) -> str:
    """Where the page's button to publish leads."""
    return re.findall(r'href="([^"]*acts/publish/[^"]*)"', response.content.decode())[0]


def form_of(response: Any) -> dict[str, Any]:
    """What the page's form would send back."""
    form = response.context["form"]
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if value not in (None, "", []):
            sent[field.html_name] = value
    return sent


def test_what_was_changed_after_it_was_read_is_not_published(client_as: ClientAs, program: Program) -> None:
    first, second = client_as(colleague(program.owner)), client_as(colleague(program.owner, "second"))
    root = "/publishing/programs/one/"

    def draft(summary: str) -> None:
        sent = form_of(first.get(f"{root}edit/")) | {"summary": summary}
        assert first.post(f"{root}edit/", sent).status_code == 302
        assert first.post(f"{root}acts/request_check/").status_code == 302

    draft("読まれた概要")
    link = publish_link(second.get(root))
    assert first.post(f"{root}acts/send_back/").status_code == 302
    draft("読まれていない概要")
    stale = second.post(link, form_of(second.get(link)))
    assert stale.status_code == 409
    assert "開いた後に、内容が直されています" in stale.content.decode()
    link = publish_link(second.get(root))
    assert second.post(link, form_of(second.get(link))).status_code == 302


def test_the_pages_lead_from_the_board_to_the_public(client_as: ClientAs, program: Program) -> None:
    first, second = client_as(colleague(program.owner)), client_as(colleague(program.owner, "second"))
    assert "店の支援" in first.get("/publishing/").content.decode()
    page = first.get("/publishing/programs/one/edit/")
    sent = form_of(page) | {
        "summary": "画面から直した概要", "money_0_label": "補助上限額", "money_0_value": "1,000,000", "money_0_unit": "円",
        "years_0_fiscal_year": "R9", "years_0_change": "expanded", "years_0_budget": "２，０００，０００",
    }  # fmt: skip
    assert first.post("/publishing/programs/one/edit/", sent).status_code == 302
    content = ProgramRevision.objects.unfinished().get().content
    assert content["money"] == [{"label": "補助上限額", "text": "", "value": 1_000_000, "unit": "円"}]
    assert content["years"] == [{"fiscal_year": 2027, "change": "expanded", "note": "", "budget": 2_000_000}]
    assert content["themes"] == ["industry"]
    stale = first.post("/publishing/programs/one/edit/", sent | {"summary": "二重の送信"})
    assert stale.status_code == 409
    assert "二重の送信" in stale.content.decode()  # nothing typed is lost
    wrong = first.post(
        "/publishing/programs/one/edit/",
        form_of(first.get("/publishing/programs/one/edit/"))
        | {"first_year": "春", "years_1_note": "年度がない"},
    )
    assert wrong.status_code == 422
    assert wrong.content.decode().count("年度を読み取れません") >= 2
    assert "画面から直した概要" in first.get("/publishing/programs/one/preview/").content.decode()
    assert "画面から直した概要" not in Client().get("/programs/one/").content.decode()
    assert first.post("/publishing/programs/one/acts/request_check/").status_code == 302
    alone = first.post("/publishing/programs/one/acts/publish/")
    assert alone.status_code == 422
    assert "少人数特例の理由" in alone.content.decode()
    assert second.post("/publishing/programs/one/acts/publish/").status_code == 302
    public = Client().get("/programs/one/").content.decode()
    assert "画面から直した概要" in public
    assert "2,000,000" in public
    assert second.post("/publishing/programs/one/acts/publish/").status_code == 409
    assert "概要" in first.get("/publishing/programs/one/revisions/2/").content.decode()
    button = "この版に戻す下書きを作る"
    assert button in first.get("/publishing/programs/one/revisions/1/").content.decode()
    assert first.post("/publishing/programs/one/revisions/1/").status_code == 302
    refused = first.get("/publishing/programs/one/revisions/1/").content.decode()
    assert "書きかけの版があるあいだは" in refused and button not in refused
    assert button not in first.get("/publishing/programs/one/revisions/2/").content.decode()
    assert first.post("/publishing/programs/one/revisions/1/").status_code == 409
    assert first.post("/publishing/programs/one/acts/withdraw/", {"reason": ""}).status_code == 422
    assert first.post("/publishing/programs/one/acts/withdraw/", {"reason": "終了"}).status_code == 302
    assert Client().get("/programs/one/").status_code == 404


def test_a_new_program_and_a_component_of_it(client_as: ClientAs, program: Program) -> None:
    own = client_as(colleague(program.owner))
    page = own.get("/publishing/new/?parent=one")
    assert page.context["form"]["parent"].value() == "one"
    sent = form_of(page) | {"owner": "132241", "title": "内訳の支援"}
    assert own.post("/publishing/new/", sent).status_code == 302
    part = Program.objects.get(title="内訳の支援")
    assert (part.parent, part.level, part.slug[:7]) == (program, Level.MUNICIPAL, "132241-")
    assert "内訳の支援" in own.get("/publishing/programs/one/").content.decode()
    assert own.post("/publishing/new/", {}).status_code == 422
    assert own.post("/publishing/new/", sent | {"owner": "130001"}).status_code == 422


def test_every_page_is_unknown_to_other_bodies_and_to_those_who_edit_nothing(
    client_as: ClientAs, program: Program
) -> None:
    drafted(program, summary="秘密の下書き")
    stranger = client_as(colleague(make.municipality("132080", "調布市")))
    for page in ("", "edit/", "preview/", "acts/publish/", "revisions/1/"):
        assert stranger.get(f"/publishing/programs/one/{page}").status_code == 404
        assert stranger.post(f"/publishing/programs/one/{page}").status_code in {404, 405}
    for page in ("", "new/", "import/", "roll-over/"):
        assert Client().get(f"/publishing/{page}").status_code == 302


def test_a_list_is_shown_first_and_then_taken_in(client_as: ClientAs, program: Program) -> None:
    own = client_as(colleague(program.owner))
    text = "ID,タイトル,概要,給付金額\n1,店の支援,一覧の概要,\n2,家の支援,家を直す支援,-1\n3,庭の支援,庭の支援です,100\n"
    upload = SimpleUploadedFile("一覧.csv", text.encode("cp932"))
    page = own.post("/publishing/import/", {"file": upload})
    shown = page.content.decode()
    assert page.status_code == 200
    assert "庭の支援" in shown
    assert "0円より小さい金額です" in shown
    assert not ProgramRevision.objects.exists()
    packed = page.context["packed"]
    (waiting,) = page.context["outcome"].differences
    done = own.post(
        "/publishing/import/", {"packed": packed, "name": "一覧.csv", "accept": [waiting.key]}, follow=True
    )
    assert "新しい下書き1件、変わった項目1件" in done.content.decode()
    assert ProgramRevision.objects.unfinished().get(program=program).content["summary"] == "一覧の概要"
    moved = text.replace("庭を", "花を").replace("庭の支援です", "花の支援です") + "4,木の支援,木です,\n"
    own.post("/publishing/import/", {"packed": pack(moved), "name": "x"})
    twice = moved.replace("花の支援です", "花と庭の支援です").replace("木です", "木と庭です")
    own.post("/publishing/import/", {"packed": pack(twice), "name": "x"})
    drafts = Program.objects.filter(slug__in=["132241-3", "132241-4"]).order_by("slug")
    assert [each.summary for each in drafts] == ["花と庭の支援です", "木と庭です"]
    text = twice
    again = own.post("/publishing/import/", {"pasted": text})
    assert again.context["brings"] is False
    for wrong in ({}, {"pasted": "議事録"}, {"packed": "x"}, {"packed": packed, "accept": ["one:title"]}):
        assert own.post("/publishing/import/", wrong).status_code in {200, 422}
    assert own.post("/publishing/import/", {"packed": "eJwL"}).status_code == 422


def test_the_coming_year_is_shown_first_and_then_made(client_as: ClientAs, program: Program) -> None:
    own = client_as(colleague(program.owner))
    make.published(slug="two", owner=program.owner, level=Level.MUNICIPAL)
    make.draft(slug="three", owner=program.owner, level=Level.MUNICIPAL)
    make.draft(slug="four", owner=program.owner, level=Level.MUNICIPAL)
    assert (
        own.get("/publishing/roll-over/?all=continued").context["form"]["program-one"].value() == "continued"
    )
    sent = {"year": "2027", "program-one": "reduced", "act": "preview"}
    sent |= {f"program-{slug}": "continued" for slug in ("two", "three", "four")}
    page = own.post("/publishing/roll-over/", sent)
    assert "令和9年度　縮小　予算は未記入" in page.content.decode()
    assert not ProgramRevision.objects.exists()
    assert own.post("/publishing/roll-over/", sent | {"act": "make"}).status_code == 302
    drafts = ProgramRevision.objects.unfinished().order_by("program__slug")
    assert [row.content["years"][0]["change"] for row in drafts] == [
        "continued",
        "reduced",
        "continued",
        "continued",
    ]
    assert ProgramYear.objects.filter(fiscal_year=2027).count() == 2  # of the two nobody has put on view
    assert own.post("/publishing/roll-over/", {"year": "2027"}).status_code == 422


def test_many_drafts_are_asked_for_and_published_side_by_side(client_as: ClientAs, program: Program) -> None:
    make.published(slug="two", owner=program.owner, level=Level.MUNICIPAL)
    bare = make.draft(slug="bare", owner=program.owner, level=Level.MUNICIPAL, summary="")
    first, second = acting(program.owner), acting(program.owner, "second")
    rollover.roll_over(wanted=dict.fromkeys(("one", "two", "bare"), "continued"), year=2027, by=first)
    own, colleagues = client_as(colleague(program.owner)), client_as(colleague(program.owner, "second"))
    assert own.get("/publishing/together/draft/").content.decode().count("予算は未記入") == 3
    asked = own.post("/publishing/together/draft/", {"program": ["one", "two", "bare"]})
    assert asked.status_code == 422
    assert "概要が空です" in asked.content.decode()  # the two others are on their way
    assert ProgramRevision.objects.filter(state=RevisionState.IN_REVIEW).count() == 2
    assert Notice.objects.get(kind="programs.check").title.endswith("（2件）")
    page = "/publishing/together/in_review/"
    assert own.post(page, {"program": ["one"]}).status_code == 422  # one's own draft
    assert not ProgramYear.objects.exclude(program=bare).exists()
    assert colleagues.post(page, {"program": []}).status_code == 422
    assert colleagues.post(page, {"program": ["one", "two", "none"]}).status_code == 422
    assert set(ProgramYear.objects.filter(fiscal_year=2027).values_list("program__slug", flat=True)) >= {
        "one",
        "two",
    }
    assert ProgramEvent.objects.filter(action="revise", actor_user_id=second.user_id).count() == 2
    assert own.get("/publishing/together/published/").status_code == 404
    stranger = client_as(colleague(make.municipality("132080", "調布市")))
    assert stranger.post("/publishing/together/draft/", {"program": ["bare"]}).status_code == 422
    assert ProgramRevision.objects.unfinished().get(program=bare).state == RevisionState.DRAFT

"""A program's text: drafted by one, published by another, restored, rolled over; nothing on view changes before."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from accounts.models import Notice, User
from core import clock as core_clock
from core.access import allowed
from core.actor import ANONYMOUS
from core.events import verify_chain
from core.exceptions import Conflict, DomainError, Refused
from programs.actions import revising, rollover
from programs.actions.publication import publish, withdraw
from programs.content import blank
from programs.enums import Level, Publication, RevisionState
from programs.forms.lists import pack
from programs.models import Program, ProgramEvent, ProgramRevision, ProgramYear
from programs.queries.revisions import board, content_of, history
from programs.queries.search import Criteria, search
from tests.conftest import HeldClock
from tests.factories import programs as make
from tests.programs.colleagues import acting, colleague

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | str], Client]
TEXTS = {"summary": "概要です。", "audience_text": "市民が使えます。", "reach_text": "窓口へ。"}


@pytest.fixture
def town() -> Any:
    return make.municipality("132241", "多摩市")


@pytest.fixture
def program(clock: HeldClock, town: Any) -> Program:
    return make.published(
        slug="one", title="店の支援", owner=town, level=Level.MUNICIPAL, themes=["industry"]
    )


def drafted(program: Program, **items: Any) -> ProgramRevision:
    return revising.save(program=program, content=content_of(program) | items, by=acting(program.owner))


# --- From draft to the public --------------------------------------------------------------------------------


def test_a_new_program_is_seen_by_its_publishers_alone_until_a_second_person_publishes(town: Any) -> None:
    first, second = acting(town), acting(town, "second")
    content = blank(title="新しい支援", audiences=["resident"], themes=["tourism"], **TEXTS)
    content["years"] = [{"fiscal_year": 2027, "change": "new", "note": "始めます", "budget": 5_000_000}]
    revision = revising.create(owner=town, slug="fresh", content=content, by=first)
    program = revision.program
    now = core_clock.now()
    assert not search(Criteria(), now, ANONYMOUS).filter(slug="fresh").exists()
    assert search(Criteria(), now, first).filter(slug="fresh").exists()
    revising.request_check(program=program, by=first)
    program.refresh_from_db()
    assert program.publication == Publication.IN_REVIEW
    with pytest.raises(Conflict, match="確認中"):
        revising.save(program=program, content=content, by=first)
    with pytest.raises(DomainError) as caught:
        revising.publish_revision(program=program, by=first)
    assert [fault.field for fault in caught.value.faults] == ["single_person_reason"]
    revising.publish_revision(program=program, by=second)
    program.refresh_from_db()
    revision.refresh_from_db()
    assert (program.publication, revision.state) == (Publication.PUBLISHED, RevisionState.PUBLISHED)
    assert revision.published_by_id == second.user_id
    assert search(Criteria(), core_clock.now(), ANONYMOUS).filter(slug="fresh").exists()
    assert ProgramYear.objects.get(program=program).budget == 5_000_000
    acts = list(ProgramEvent.objects.order_by("sequence").values_list("action", "from_state", "to_state"))
    assert acts == [
        ("begin_draft", "", "draft"), ("request_check", "draft", "in_review"), ("publish", "in_review", "published"),
    ]  # fmt: skip
    assert verify_chain(ProgramEvent.objects.all()) == []


def test_a_revision_of_what_is_on_view_shows_only_when_published(program: Program) -> None:
    drafted(program, summary="新しい概要", themes=["tourism"])
    program.refresh_from_db()
    assert program.summary == "地域の取組を支えます。"
    first, second = history(program)[::-1]
    assert (first.revision.state, first.revision.drafted_name) == ("published", "ポータルの初期データ")
    assert [(row.label, row.after) for row in second.changes] == [("概要", "新しい概要"), ("テーマ", "観光")]
    since = program.published_at
    revising.request_check(program=program, by=acting(program.owner))
    assert program.publication == Publication.PUBLISHED
    revising.publish_revision(program=program, by=acting(program.owner, "second"))
    assert (program.summary, program.published_at) == ("新しい概要", since)
    assert program.tag_codes("theme") == ["tourism"]
    assert search(Criteria(text="新しい概要"), core_clock.now(), ANONYMOUS).count() == 1
    assert ProgramEvent.objects.latest("pk").action == "revise"


def test_a_small_office_records_why_one_person_did_both(program: Program) -> None:
    drafted(program, summary="概要")
    by = acting(program.owner)
    revising.request_check(program=program, by=by)
    revising.publish_revision(program=program, by=by, single_person_reason="編集者が1人の村のため")
    event = ProgramEvent.objects.latest("pk")
    assert (event.comment, event.payload["single_person"]) == ("編集者が1人の村のため", True)


def test_the_one_who_saved_last_counts_as_drafter(program: Program) -> None:
    first, second = acting(program.owner), acting(program.owner, "second")
    drafted(program, summary="一人目")
    revising.save(program=program, content=content_of(program) | {"summary": "二人目"}, by=second)
    revising.request_check(program=program, by=first)
    with pytest.raises(DomainError):
        revising.publish_revision(program=program, by=second)
    revising.publish_revision(program=program, by=first)


def test_what_a_reader_needs_is_asked_for_before_the_check(town: Any) -> None:
    by = acting(town)
    revision = revising.create(owner=town, slug="bare", content=blank(title="名前だけ"), by=by)
    with pytest.raises(DomainError) as caught:
        revising.request_check(program=revision.program, by=by)
    assert [fault.field for fault in caught.value.faults] == ["summary", "audience_text", "reach_text"]


def test_sent_back_with_a_reason_and_both_are_told(program: Program) -> None:
    first, second = acting(program.owner), acting(program.owner, "second")
    drafted(program, summary="概要")
    revising.request_check(program=program, by=first)
    assert Notice.objects.filter(kind="programs.check", path="/publishing/programs/one/").count() == 1
    with pytest.raises(DomainError):
        revising.send_back(program=program, by=second, reason=" ")
    revising.send_back(program=program, by=second, reason="対象者を書いてください")
    assert Notice.objects.get(kind="programs.sent_back").audiences.get().user_id == first.user_id
    revision = ProgramRevision.objects.unfinished().get()
    assert (revision.state, revision.note) == (RevisionState.DRAFT, "対象者を書いてください")
    revising.request_check(program=program, by=first)
    revising.send_back(
        program=program, by=first, reason=""
    )  # one's own request is taken back without a reason
    revising.discard(program=program, by=first)
    assert not ProgramRevision.objects.unfinished().exists()
    for act in (revising.request_check, revising.publish_revision, revising.discard):
        with pytest.raises(Conflict):
            act(program=program, by=second)


def test_restoring_begins_a_draft_and_withdrawing_leaves_the_history(program: Program) -> None:
    first, second = acting(program.owner), acting(program.owner, "second")
    drafted(program, summary="誤った概要")
    revising.request_check(program=program, by=first)
    revising.publish_revision(program=program, by=second)
    revising.restore(program=program, number=1, by=first)
    with pytest.raises(Conflict):
        revising.restore(program=program, number=1, by=first)
    program.refresh_from_db()
    assert program.summary == "誤った概要"
    withdraw(program=program, by=first, reason="見直し")
    with pytest.raises(Conflict):
        publish(program=program, by=second)  # a draft is on its way: it goes by the second person
    revising.request_check(program=program, by=first)
    revising.publish_revision(program=program, by=second)
    assert (program.publication, program.summary) == (Publication.PUBLISHED, "地域の取組を支えます。")


def test_a_content_that_cannot_stand_is_refused_item_by_item(program: Program) -> None:
    year = {"fiscal_year": 2027, "change": "new", "note": "", "budget": None}
    faulty = {
        "title": {"title": ""}, "url": {"url": "ftp://x"}, "kind": {"kind": "x"}, "themes": {"themes": ["x"]},
        "last_year": {"first_year": 2027, "last_year": 2026}, "summary": {"summary": "a\x00b"},
        "years": {"years": [year, year]},
    }  # fmt: skip
    for name, items in faulty.items():
        with pytest.raises(DomainError) as caught:
            drafted(program, **items)
        assert [fault.field for fault in caught.value.faults] == [name]
    with pytest.raises(DomainError):
        drafted(program, years=[year | {"budget": -1}])
    assert not ProgramRevision.objects.exists()


def test_two_people_do_not_overwrite_one_another(program: Program) -> None:
    content = content_of(program)
    revising.save(program=program, content=content | {"summary": "先"}, by=acting(program.owner), edits=0)
    with pytest.raises(Conflict):
        revising.save(
            program=program, content=content | {"summary": "後"}, by=acting(program.owner, "second"), edits=0
        )
    assert ProgramRevision.objects.unfinished().get().content["summary"] == "先"


def test_other_bodies_know_nothing_of_it(program: Program) -> None:
    drafted(program, summary="秘密の下書き")
    other = acting(make.municipality("132080", "調布市"))
    for actor in (ANONYMOUS, other, acting(make.metropolis())):
        assert not board(actor).exists()
        assert not ProgramRevision.objects.visible_to(actor, core_clock.now()).exists()
        with pytest.raises(Refused):
            revising.request_check(program=program, by=actor)
    assert allowed(acting(program.owner), "programs.publish_revision", program)


@pytest.mark.django_db
def test_a_load_leaves_what_was_revised_here_alone(reference: None, clock: HeldClock) -> None:
    program = Program.objects.filter(years__isnull=False, owner__code="130001").distinct().first()
    assert program is not None
    by = acting(program.owner)
    content = content_of(program) | {"years": [], "summary": "職員の概要"}
    revising.save(program=program, content=content, by=by)
    revising.request_check(program=program, by=by)
    revising.publish_revision(program=program, by=by, single_person_reason="試験")
    from django.conf import settings

    call_command("load_reference", directory=settings.FIXTURES_DIR / "reference", verbosity=0)
    program.refresh_from_db()
    assert (program.summary, program.years.count()) == ("職員の概要", 0)


# --- The coming year -----------------------------------------------------------------------------------------


def test_the_coming_year_comes_as_drafts_once(program: Program) -> None:
    other = make.published(slug="two", owner=program.owner, level=Level.MUNICIPAL)
    busy = make.published(slug="three", owner=program.owner, level=Level.MUNICIPAL)
    drafted(busy, summary="確認中の概要")
    revising.request_check(program=busy, by=acting(program.owner))
    wanted = {"one": "continued", "two": "ended", "three": "continued"}
    by = acting(program.owner)
    shown = rollover.preview(wanted=wanted, year=2027, by=by)
    assert not ProgramRevision.objects.filter(program__in=[program, other]).exists()
    done = rollover.roll_over(wanted=wanted, year=2027, by=by)
    assert shown == done
    lines = {line.slug: line for line in done.lines}
    assert [row.after for row in lines["one"].changes] == ["令和9年度　継続　予算は未定"]
    assert [row.label for row in lines["two"].changes] == ["終了年度", "年度版"]
    assert "確認中" in lines["three"].why_not
    assert not ProgramYear.objects.exists()  # on view nothing has changed
    edits = list(ProgramRevision.objects.order_by("pk").values_list("pk", "edits"))
    assert rollover.roll_over(wanted=wanted, year=2027, by=by).moving == []
    assert edits == list(ProgramRevision.objects.order_by("pk").values_list("pk", "edits"))
    for year, slugs in ((2031, wanted), (2027, {"four": "new"}), (2027, {"one": "x"})):
        with pytest.raises(DomainError):
            rollover.roll_over(wanted=slugs, year=year, by=by)
    with pytest.raises(DomainError):  # another body's program is unknown
        rollover.preview(wanted={"one": "new"}, year=2027, by=acting(make.municipality("132080", "調布市")))


# --- Pages ---------------------------------------------------------------------------------------------------


def form_of(response: Any) -> dict[str, Any]:
    """What the page's form would send back."""
    form = response.context["form"]
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if value not in (None, "", []):
            sent[field.html_name] = value
    return sent


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
    assert first.post("/publishing/programs/one/revisions/1/").status_code == 302
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
    assert "令和9年度　縮小　予算は未定" in page.content.decode()
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
    assert own.get("/publishing/together/draft/").content.decode().count("予算は未定") == 3
    asked = own.post("/publishing/together/draft/", {"program": ["one", "two", "bare"]})
    assert asked.status_code == 422
    assert "概要が空です" in asked.content.decode()  # the two others are on their way
    assert ProgramRevision.objects.filter(state=RevisionState.IN_REVIEW).count() == 2
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

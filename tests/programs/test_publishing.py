"""A program's text: drafted by one, published by another, restored, rolled over; nothing on view changes before."""

from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Notice
from core import clock as core_clock
from core.access import allowed
from core.actor import ANONYMOUS
from core.events import verify_chain
from core.exceptions import Conflict, DomainError, Refused
from programs.actions import revising, rollover
from programs.actions.publication import publish, withdraw
from programs.content import blank
from programs.enums import Level, Publication, RevisionState
from programs.models import Program, ProgramEvent, ProgramRevision, ProgramYear
from programs.queries.revisions import board, content_of, history
from programs.queries.search import Criteria, search
from tests.conftest import HeldClock
from tests.factories import programs as make
from tests.programs.colleagues import acting

pytestmark = pytest.mark.django_db
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
    for name, items in [
        *faulty.items(),
        ("url", {"url": "https://a:b@example.jp/"}),
        ("url", {"url": "http://["}),
    ]:
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
    assert [row.after for row in lines["one"].changes] == ["令和9年度　継続　予算は未記入"]
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

"""The catalogue in memory: it finds, orders and counts what the database would, and is never older than it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from core import clock as core_clock
from core.actor import ANONYMOUS, SYSTEM
from core.shelf import Shelf
from programs.actions import revising
from programs.actions.calls import publish_call
from programs.actions.publication import publish, withdraw
from programs.content import blank
from programs.filters import CriteriaForm
from programs.models import Call, Outcome, Program, ProgramTag
from programs.models.versioning import install, present, tables, version
from programs.queries.current import moment
from programs.queries.facets import find
from programs.queries.revisions import content_of
from programs.queries.search import Criteria, search
from programs.queries.towns import towns
from tests.conftest import HeldClock
from tests.factories import programs as make

pytestmark = pytest.mark.django_db

_CHOICES = {
    "search": ["", "支援", "空き家", "移住 観光", "「移住」", "金", "ほげほげ", "デジタル化 支援"],
    "municipality": ["", "132241", "133086", "133612", "131016"],
    "fit": ["", "yes", "check", "no"],
    "open": ["", "1"],
    "area": ["", "tama", "islands", "wards"],
    "level": ["", "national", "municipal"],
    "kind": ["", "grant", "loan"],
    "audience": ["", "municipality", "resident"],
    "theme": ["", "tourism"],
    "amount": ["", "none", "over_20m"],
    "fiscal_year": ["", "2025", "2026"],
    "owner": ["", "130001", "132241"],
    "status": ["", "active", "ended"],
    "order": ["", "deadline", "kana"],
}


# --- It says what the database says ---------------------------------------------------------------------


def test_found_in_memory_is_what_the_database_finds_in_its_order(demo_calls: None) -> None:
    now = core_clock.now()

    @given(
        st.fixed_dictionaries({name: st.sampled_from(codes) for name, codes in _CHOICES.items()}), st.data()
    )
    @settings(max_examples=60, derandomize=True)
    def check(typed: dict[str, str], data: st.DataObject) -> None:
        kept = data.draw(st.sets(st.sampled_from(sorted(_CHOICES)), max_size=4))
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in typed.items() if name in kept and value})
        criteria = CriteriaForm(query).criteria()
        found = find(criteria, now)
        expected = list(search(criteria, now).values_list("pk", flat=True))
        assert list(found.ids) == expected, query
        assert found.ids[3:7] == expected[3:7]
        assert found.counts.total == len(found.ids) == len(expected)

    check()
    for order in ("narrow", "deadline", "kana"):
        for code in ("132241", "133612"):
            criteria = CriteriaForm(QueryDict(f"municipality={code}&order={order}&search=支援")).criteria()
            assert list(find(criteria, now).ids) == [row.pk for row in search(criteria, now)]


def test_a_publisher_sees_drafts_and_nobody_else_does(client_as: Any) -> None:
    make.draft(slug="hidden", title="案の制度")
    publisher = make.publisher(make.metropolis())
    now = core_clock.now()
    assert len(find(Criteria(), now, publisher).ids) == 1
    assert len(find(Criteria(), now, ANONYMOUS).ids) == 0
    assert len(find(Criteria(), now, publisher).ids) == 1


# --- It is never older than the database ------------------------------------------------------------------


def listed(client: Client, address: str = "/programs/") -> str:
    for _ in range(2):
        response = client.get(address)
    return response.content.decode()


def test_a_publish_and_a_withdrawal_show_at_once_though_everything_is_warm(client: Client) -> None:
    make.published(slug="first", title="先の制度")
    draft = make.draft(slug="second", title="後の制度")
    by = make.publisher(draft.owner)
    assert "後の制度" not in listed(client)
    publish(program=draft, by=SYSTEM)
    text = listed(client)
    assert "後の制度" in text
    assert "<b>2件</b>" in text
    assert "後の制度" in listed(client, "/programs/second/")
    Program.objects.filter(slug="second").update(summary="書き直した概要")
    assert "書き直した概要" in listed(client, "/programs/second/")
    withdraw(program=draft, by=by, reason="誤り")
    assert "後の制度" not in listed(client)
    assert client.get("/programs/second/").status_code == 404


def test_an_opening_and_a_closing_instant_show_at_once(client: Client, clock: HeldClock) -> None:
    start = clock.jst(2026, 11, 21, 10)
    program = make.published(slug="round", title="募集のある制度", at=start - timedelta(days=1))
    call = make.call_draft(program, opens_at=start + timedelta(hours=1), closes_at=start + timedelta(hours=3))
    publish_call(call=call, by=make.publisher(program.owner))
    ahead = {"一覧": "/programs/?open=1", "制度": "/programs/round/"}
    assert "募集のある制度" not in listed(client, ahead["一覧"])
    before = listed(client, ahead["制度"])
    clock.set(start + timedelta(hours=1))
    assert "募集のある制度" in listed(client, ahead["一覧"])
    during = listed(client, ahead["制度"])
    assert during != before
    clock.set(start + timedelta(hours=3))  # both ends belong to the period
    assert "募集のある制度" in listed(client, ahead["一覧"])
    clock.advance(timedelta(microseconds=1))
    assert "募集のある制度" not in listed(client, ahead["一覧"])
    assert listed(client, ahead["制度"]) != during
    clock.set(start + timedelta(hours=2))
    assert "募集のある制度" in listed(client, ahead["一覧"])
    clock.set(start + timedelta(days=1))
    assert "募集のある制度" not in listed(client, ahead["一覧"])


def test_a_publication_laid_ahead_appears_at_its_instant(client: Client, clock: HeldClock) -> None:
    start = clock.jst(2026, 11, 21, 10)
    make.published(slug="later", title="明日からの制度", at=start + timedelta(days=1))
    assert "明日からの制度" not in listed(client)
    clock.set(start + timedelta(days=1))
    assert "明日からの制度" in listed(client)


def test_every_way_of_writing_is_another_version() -> None:
    """ORM, SQL, bulk, related tables; what is rolled back leaves the version that was; private rows change nothing."""
    program = make.published(slug="one", title="制度")
    seen = [version()]

    def changed() -> bool:
        seen.append(version())
        return seen[-1] not in seen[:-1]

    Program.objects.filter(pk=program.pk).update(remarks="備考")
    assert changed()
    ProgramTag.objects.bulk_create([ProgramTag(program=program, facet="theme", code="tourism")])
    assert changed()
    Outcome.objects.create(program=program, label="件数", value=3)
    assert changed()
    Organization.objects.filter(pk=program.owner_id).update(name="東京都（改）")
    assert changed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programs_program SET remarks = ''")
    assert changed()
    before = version()
    with transaction.atomic():
        Program.objects.update(remarks="取り消す")
        assert changed()
        transaction.set_rollback(True)
    assert version() == before
    Program.objects.update(remarks="別の備考")
    assert changed()
    program.corrections.create(part="summary", proposed="案", key="k", received_at=core_clock.now())
    assert not changed()
    Call.objects.all().delete()
    program.tags.all().delete()
    assert changed()


def test_the_version_covers_what_the_pages_read_and_installs_once() -> None:
    assert {
        "programs_program",
        "programs_call",
        "accounts_organization",
        "programs_externalsystem_programs",
    } <= set(tables())
    assert "programs_savedsearch" not in tables()
    before = version()
    install()
    assert present(connection)
    assert version() == before


def test_two_instants_between_the_same_changes_are_one_moment(clock: HeldClock) -> None:
    start = clock.jst(2026, 11, 21, 10)
    make.call_open(
        make.published(at=start - timedelta(days=9)),
        opens_at=start - timedelta(days=1),
        closes_at=start + timedelta(hours=1),
    )
    assert moment(start) == moment(start + timedelta(minutes=59))
    apart = {moment(start + timedelta(minutes=minutes)) for minutes in (0, 60, 61, 14 * 60)}
    assert len(apart) == 4


# --- Whole pages --------------------------------------------------------------------------------------------


def test_a_kept_page_costs_one_query_and_says_304_to_who_has_it(
    client: Client, django_assert_num_queries: Any
) -> None:
    make.published(slug="one", title="制度")
    for address in ("/programs/", "/programs/?search=制度&page=1", "/programs/one/"):
        first = client.get(address)
        with django_assert_num_queries(1):
            again = client.get(address)
        assert again.content == first.content
        assert again["Cache-Control"] == "private, no-cache"
        assert "Cookie" in again["Vary"]
        assert client.get(address, headers={"if-none-match": again["ETag"]}).status_code == 304
        assert client.head(address).content == b""
    Program.objects.update(title="新しい名前", search_title="新シイ名前")
    changed = client.get("/programs/one/", headers={"if-none-match": again["ETag"]})
    assert changed.status_code == 200
    assert "新しい名前" in changed.content.decode()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/programs/?", 4),
        (
            "/programs/?search=支援&municipality=132241&fit=yes&owner=130001&fiscal_year=2026&order=deadline",
            6,
        ),
        ("/programs/?search=支援の制度&page=2", 6),
        ("/programs/kyoryokutai/?", 8),
    ],
)
def test_a_page_that_is_not_kept_asks_little(
    client: Client, reference: None, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    client.get(f"{address}&x=1")
    with django_assert_max_num_queries(most):
        assert client.get(f"{address}&x=2").status_code == 200


def test_nothing_of_anybody_is_kept_and_nobody_gets_what_was_kept_for_others(
    client: Client, client_as: Any, demo: None
) -> None:
    """Each kind of reader in turn: nobody, signed in with a name, readings on, with a session, in the demo."""
    address = "/programs/kyoryokutai/"
    nobody = client.get(address).content.decode()
    officer = client_as("officer@tokyo.example")
    for _ in range(2):
        own = officer.get(address)
        assert "ETag" not in own
        assert "no-store" in own["Cache-Control"]
        assert own.content.decode() != nobody
    assert client.get(address).content.decode() == nobody
    client.cookies["readings"] = "1"
    with_readings = client.get(address).content.decode()
    assert "読みと用語の説明を消す" in with_readings
    del client.cookies["readings"]
    assert client.get(address).content.decode() == nobody
    client.cookies["sessionid"] = "of-somebody"
    assert "ETag" not in client.get(address)
    del client.cookies["sessionid"]
    with override_settings(DEMO=True):
        assert "ETag" not in client.get(address)
        assert "デモ環境" in client.get(address).content.decode()
    assert client.get(address).content.decode() == nobody
    assert client.get("/programs/?level=none").status_code == 400
    assert "ETag" not in client.get("/programs/?level=none")


def _results(page: str) -> str:
    return page.split('<ol class="results', 1)[1].split("</ol>", 1)[0]


def test_a_line_is_drawn_once_for_a_moment_and_a_municipality(
    client: Client, reference: None, django_assert_num_queries: Any
) -> None:
    """Other addresses with the same programs read no program; another town, a write or a pick draws them anew."""
    first = client.get("/programs/?level=national").content.decode()
    with django_assert_num_queries(1):
        again = client.get("/programs/?level=national&order=narrow").content.decode()
    assert _results(again) == _results(first)
    slug = first.split('name="p" value="')[1].split('"')[0]
    in_town = client.get("/programs/?level=national&municipality=132241").content.decode()
    in_ward = client.get("/programs/?level=national&municipality=131016").content.decode()
    assert "多摩市は対象外" not in first
    assert in_town != in_ward
    assert "千代田区" in in_ward
    picked = client.get(f"/programs/?level=national&compare={slug}").content.decode()
    assert f'value="{slug}" form="compare" checked' in picked
    assert (
        f'value="{slug}" form="compare" checked'
        not in client.get("/programs/?level=national&y=1").content.decode()
    )
    Program.objects.filter(slug=slug).update(title="改めた名前")
    assert "改めた名前" in client.get("/programs/?level=national").content.decode()


def test_lines_nobody_asked_for_take_one_more_statement(
    client: Client, reference: None, django_assert_num_queries: Any
) -> None:
    """The version and the programs; calls and budgets are read once for a moment, and again after a write."""
    client.get("/programs/")
    for number in range(2, 6):
        with django_assert_num_queries(2):
            assert "<h3>" in client.get(f"/programs/?page={number}").content.decode()
    assert "受付中" not in client.get("/programs/kyoryokutai/").content.decode()
    make.call_open(Program.objects.get(slug="kyoryokutai"))
    assert "受付中" in _results(client.get("/programs/?search=地域おこし協力隊&open=1").content.decode())


def test_the_select_counts_what_each_municipality_can_use(client: Client, reference: None) -> None:
    """Among what the other criteria leave; the choice of a town and of its judgement does not count itself away."""
    at = core_clock.now()
    national = Criteria(levels=("national",))
    for place in towns().values():
        usable = search(replace(national, place=place, fits=(0,)), at).count()
        shown = {
            town.code: town.count for town in find(replace(national, place=place, fits=(2,)), at).counts.towns
        }
        assert shown[place.code] == usable, place.name
    text = client.get("/programs/?level=national&municipality=132241").content.decode()
    assert f'<option value="132241" selected>多摩市（{shown["132241"]}件）</option>' in text


def test_the_longest_unread_goes_when_there_is_too_much() -> None:
    shelf: Shelf[int, str] = Shelf(most=3, most_bytes=100, largest=60)
    for number in range(4):
        shelf.put(number, "x", 10)
    assert shelf.get(0) is None
    assert shelf.get(1) == "x"
    shelf.put(4, "x", 10)
    assert [shelf.get(number) for number in (1, 2, 3)] == ["x", None, "x"]
    shelf.put(5, "y", 60)
    shelf.put(6, "z", 60)
    assert (len(shelf), shelf.size) == (1, 60)
    shelf.put(6, "z", 30)
    assert (len(shelf), shelf.size) == (1, 30)
    shelf.put(7, "large", 61)
    assert shelf.get(7) is None


def test_what_nobody_has_put_on_view_leaves_the_catalogue_as_it_is(clock: HeldClock) -> None:
    shown = make.published(slug="shown")
    before = version()
    revising.create(owner=make.metropolis(), slug="fresh", content=blank(title="はじめての制度"), by=SYSTEM)
    fresh = Program.objects.get(slug="fresh")
    revising.save(
        program=fresh, content=content_of(fresh) | {"title": "直した制度", "themes": ["industry"]}, by=SYSTEM
    )
    make.call_draft(fresh)
    make.call_draft(shown)
    assert version() == before
    for change in (
        lambda: Program.objects.filter(pk=shown.pk).update(summary="別の概要"),
        lambda: ProgramTag.objects.create(program=shown, facet="theme", code="industry"),
        lambda: ProgramTag.objects.filter(program=shown).delete(),
        lambda: make.call_open(shown),
        lambda: Program.objects.filter(pk=fresh.pk).update(publication="published"),
        lambda: Program.objects.filter(pk=fresh.pk).update(publication="withdrawn"),
    ):
        change()
        assert version() != before
        before = version()

"""Public pages: they show what they should, to whom they should, in a fixed number of queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from programs.enums import Level, Offering
from programs.models import AdoptedProject, Call, Program
from programs.queries.catalogue import municipality_programs
from tests.factories import programs as make

pytestmark = pytest.mark.django_db
Queries = Callable[..., Any]


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


# --- The list -----------------------------------------------------------------------------------------


def test_the_list_shows_cards_counts_and_pages(client: Client, demo_calls: None) -> None:
    text = page(client, "/programs/?search=移住")
    assert "移住・定住促進市町村支援事業" in text
    assert "受付中 あと" in text
    assert "【架空】" in text
    assert 'aria-label="ページ送り"' in text
    assert 'name="level" value="national"' in text


def test_chips_take_off_one_condition_each(client: Client, reference: None) -> None:
    text = page(client, "/programs/?search=移住&theme=tourism&theme=youth&municipality=132241")
    assert "ことば：移住" in text
    assert "テーマ：観光" in text
    assert "自治体：多摩市" in text
    assert 'href="?search=%E7%A7%BB%E4%BD%8F&amp;municipality=132241&amp;theme=youth"' in text


def test_excluded_programs_say_why(client: Client, reference: None) -> None:
    text = page(client, "/programs/?search=移住体験住宅&municipality=132241")
    assert "対象にならない理由" in text
    assert "対象は町村です。多摩市は「市」です。" in text


def test_nothing_found_says_what_to_relax(client: Client, reference: None) -> None:
    text = page(client, "/programs/?search=移住&kind=local_bond")
    assert "合う制度が見つかりません" in text
    assert "「支援の種類」の条件を外す" in text
    assert "すべての制度を見る" in text


def test_a_faulty_parameter_is_named_and_the_rest_still_answers(client: Client, reference: None) -> None:
    text = page(client, "/programs/?level=zz&fiscal_year=xx&search=移住", 400)
    assert "条件を直してください（2か所）" in text
    assert 'value="移住"' in text
    assert 'value="xx"' in text
    assert "移住・定住促進市町村支援事業" in text


@pytest.mark.parametrize(
    ("number", "current"), [("2", "2"), ("9999", "8"), ("0", "8"), ("abc", "1"), ("-1", "8")]
)
def test_page_numbers_out_of_bounds(client: Client, reference: None, number: str, current: str) -> None:
    text = page(client, f"/programs/?page={number}")
    assert f'aria-current="page"><span class="sr">ページ </span>{current}</a>' in text


def test_what_was_typed_is_escaped(client: Client, reference: None) -> None:
    text = page(client, '/programs/?search="><script>alert(1)</script>')
    assert "<script>alert" not in text


# --- A program ----------------------------------------------------------------------------------------


def test_the_sheet_says_everything(client: Client, demo_calls: None) -> None:
    text = page(client, "/programs/diverse-partners-grant/")
    for words in (
        "多摩地域における多様な主体との連携活動促進支援事業",
        "使える人",
        "2/3",
        "1事業2,000万円",
        "03-5388-2443",
        "総務局 行政部 振興企画課",
        "第1次募集",
        "23市町村が参加",
        "東久留米市",
        "採択事業数",
        "東京都からの連絡事項",
        "令和8年11月20日",
    ):
        assert words in text, words
    assert text.index("使える人") < text.index("受けられる支援")


def test_desks_by_area_charts_and_measures(client: Client, reference: None) -> None:
    desks = page(client, "/programs/machizukuri-concierge/")
    assert all(phone in desks for phone in ("03-5388-2443", "03-5388-2444", "03-5388-2445"))
    fair = page(client, "/programs/ajt-4-2/")
    assert "WOODコレクション 出展者" in fair
    assert "約4,000" in fair
    assert "<svg" in fair
    city = page(client, "/programs/tama-kigyo-yuchi-shoreikin/")
    assert reverse("plans:measure", args=["tama-sangyo-shinko", "1"]) in city


def test_components_parents_and_ended(client: Client, reference: None) -> None:
    assert 'href="/programs/kyoryokutai-intern/"' in page(client, "/programs/kyoryokutai/")
    assert 'href="/programs/kyoryokutai/"' in page(client, "/programs/kyoryokutai-intern/")
    ended = Program.objects.get(offering=Offering.ENDED)
    text = page(client, f"/programs/{ended.slug}/")
    assert "この制度は終わりました" in text
    assert "令和6年度で終わっています" in text or ended.last_year is None


@pytest.mark.parametrize("slug", ["nothing", "x" * 200])
def test_unknown_addresses_are_404(client: Client, db: None, slug: str) -> None:
    for prefix in ("programs", "calls", "projects"):
        page(client, f"/{prefix}/{slug}/", 404)


def test_drafts_are_unknown_everywhere(client: Client) -> None:
    parent = make.draft(slug="hidden-parent", title="見せない上位の制度")
    child = make.published(slug="child", title="見せる内訳", parent=parent)
    hidden = make.draft(slug="hidden-child", title="見せない内訳", parent=child)
    call = make.call_draft(child, round_name="見せない募集")
    on_hidden = make.call_draft(parent, round_name="上位の見せない募集")
    project = AdoptedProject.objects.create(
        slug="hidden-project",
        program=parent,
        title="見せない事業",
        adopted_fiscal_year=2026,
        lead=make.metropolis(),
    )
    for address in (
        f"/programs/{parent.slug}/",
        f"/programs/{hidden.slug}/",
        f"/calls/{call.public_id}/",
        f"/calls/{on_hidden.public_id}/",
        f"/projects/{project.slug}/",
        f"/api/v1/programs/{parent.slug}/",
        f"/api/v1/calls/{call.public_id}/",
        f"/api/v1/projects/{project.slug}/",
    ):
        page(client, address, 404)
    for address in (
        "/programs/",
        "/programs/?search=見せない",
        "/programs/child/",
        "/calls/",
        "/projects/",
        "/api/v1/programs/",
        "/api/v1/programs/child/",
        "/api/v1/calls/",
        "/api/v1/projects/",
    ):
        text = page(client, address)
        assert "見せない上位" not in text, address
        assert "見せない内訳" not in text, address
        assert "見せない募集" not in text, address
        assert "見せない事業" not in text, address


def test_only_reading_is_possible(client: Client, reference: None) -> None:
    for address in ("/programs/", "/programs/kyoryokutai/", "/calls/", "/projects/", "/projects/r6-akigawa/"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
    for address in ("/api/v1/programs/", "/api/v1/calls/", "/api/v1/projects/"):
        assert client.post(address).status_code in {401, 405}


# --- Calls and projects -------------------------------------------------------------------------------


def test_calls_are_sorted_by_what_comes_next(client: Client) -> None:
    now = clock.now()
    program = make.published(title="補助の制度")
    make.call_open(program, round_name="あとで締切", closes_at=now + timedelta(days=20))
    make.call_open(program, round_name="先に締切", closes_at=now + timedelta(days=2))
    coming = make.call_draft(
        program, round_name="これから", opens_at=now + timedelta(days=5), closes_at=now + timedelta(days=9)
    )
    from programs.actions.calls import publish_call

    publish_call(call=coming, by=make.publisher(program.owner))
    make.call_open(
        program, round_name="終わった", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=5)
    )
    text = page(client, "/calls/")
    places = [text.index(name) for name in ("先に締切", "あとで締切", "これから", "終わった")]
    assert places == sorted(places)
    assert "受付中（2件）" in text


def test_a_call_shows_its_terms(client: Client, demo_calls: None) -> None:
    call = Call.objects.filter(program__slug="tama-miryoku-adviser").latest("closes_at")
    text = page(client, f"/calls/{call.public_id}/")
    for words in (
        "派遣先の募集",
        "5自治体（1団体につき5回まで）",
        "【架空】",
        "派遣・視察などの支援",
        "まもなく受付",
    ):
        assert words in text, words


def test_no_calls_is_a_state(client: Client, db: None) -> None:
    assert "いま受け付けている募集はありません" in page(client, "/calls/")
    assert "採択事業はまだありません" in page(client, "/projects/")


def test_projects(client: Client, reference: None) -> None:
    text = page(client, "/projects/")
    assert "4事業に、23市町村が参加" in text
    one = page(client, "/projects/r6-common-platform/")
    assert "調布市" in one
    assert "複数の団体をまとめた記載" in one
    assert "339" in one


def test_the_municipalitys_own_reading(reference: None) -> None:
    tama = make.municipality("132241", "多摩市")
    found = municipality_programs(tama, clock.now())
    assert len(found.own) == 35
    assert all(program.owner_id != tama.pk and program.parent_id is None for program in found.usable)
    assert [project.slug for project in found.projects] == ["r6-common-platform"]


# --- Query counts -------------------------------------------------------------------------------------


def catalogue(rows: int) -> None:
    """Programs with everything a line can hold, each with a component, a call, budgets and tags."""
    city = make.municipality("132241", "多摩市")
    for number in range(rows):
        parent = make.published(slug=f"parent-{number}", themes=["tourism", "youth"])
        child = make.published(slug=f"child-{number}", parent=parent, owner=city, level=Level.MUNICIPAL)
        parent.budget_lines.create(fiscal_year=2026, label="予算", amount=1000)
        parent.years.create(fiscal_year=2026)
        parent.outcomes.create(label="件数", fiscal_year=2025, value=number)
        parent.milestones.create(text="始まった")
        for program in (parent, child):
            make.call_open(program)
        project = AdoptedProject.objects.create(
            slug=f"project-{number}",
            program=parent,
            title="事業",
            adopted_fiscal_year=2026,
            lead=make.metropolis(),
        )
        project.memberships.create(organization=city)
        project.actors.create(name="大学")
        project.results.create(text="開催")


EVERY_FILTER = (
    "municipality=132241&fit=yes&fit=check&open=1&area=tama&level=metropolitan&level=municipal&kind=grant"
    "&audience=municipality&amount=none&fiscal_year=2026&owner=130001&owner=132241&status=active&order=deadline"
)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/programs/", 6),
        (f"/programs/?search=支援&{EVERY_FILTER}", 6),
        (f"/programs/?search=どこにもない+言葉&{EVERY_FILTER}", 6),
        ("/programs/parent-0/", 8),
        ("/programs/child-0/", 8),
        ("/compare/?p=parent-0&p=child-0&p=parent-0", 4),
        ("/alerts/?search=支援", 4),
        ("/calls/", 3),
        ("/projects/", 4),
        ("/projects/project-0/", 5),
        ("/api/v1/programs/", 6),
        ("/api/v1/calls/", 2),
        ("/api/v1/projects/", 5),
    ],
)
def test_queries_do_not_grow_with_rows(
    client: Client, django_assert_max_num_queries: Queries, rows: int, address: str, most: int
) -> None:
    catalogue(rows)
    client.get(address)
    with django_assert_max_num_queries(most):
        page(client, address)

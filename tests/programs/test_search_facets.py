"""Facets beyond codes: area, amount, fiscal year; and what to relax when nothing was found."""

import pytest
from django.http import QueryDict
from django.test import Client

from core import clock
from core.actor import ANONYMOUS
from programs.enums import AmountRange, AudienceScope, Level
from programs.filters import CriteriaForm
from programs.models import Program
from programs.queries.facets import FacetCounts, facets
from programs.queries.relaxing import OTHERS, Relaxation, relaxations
from programs.queries.search import Criteria, search
from programs.rules import amount_range, largest_amount, reaches_area
from tests.factories import programs as make

pytestmark = pytest.mark.django_db

MEMBERS = {
    "area": "area",
    "amount": "amounts",
    "fiscal_year": "fiscal_year",
    "open": "open_now",
    "fit": "fits",
}


def parse(query: str) -> Criteria:
    return CriteriaForm(QueryDict(query)).criteria()


def group(result: FacetCounts, name: str) -> dict[str, int]:
    found = {each.name: each for each in result.groups}
    return {choice.value: choice.count for choice in found[name].choices}


# --- Counts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "search=移住&amount=to_5m",
        "area=islands&fiscal_year=2025",
        "area=wards&level=metropolitan",
        "municipality=133612&amount=none&amount=over_20m",
        "fiscal_year=2026&open=1",
    ],
)
def test_each_count_is_what_the_choice_would_leave(demo_calls: None, query: str) -> None:
    now = clock.now()
    result = facets(parse(query), now)
    assert result.total == search(parse(query), now).count()
    for each in result.groups:
        if each.name not in {"area", "amount", "fiscal_year", "open"}:
            continue
        for choice in each.choices:
            data = QueryDict(query, mutable=True)
            data[each.name] = choice.value
            assert search(CriteriaForm(data).criteria(), now).count() == choice.count, (each.name, choice)


def test_area_is_said_alike_to_python_and_the_database(reference: None) -> None:
    for area in ("tama", "islands", "wards"):
        inside = set(search(Criteria(area=area), clock.now()).values_list("slug", flat=True))
        for program in Program.objects.select_related("owner"):
            reaches = reaches_area(
                level=program.level, scope=program.audience_scope, owner_area=program.owner.area, area=area
            )
            assert (program.slug in inside) == reaches, (area, program.slug)


def test_area_of_every_scope() -> None:
    for scope in AudienceScope:
        make.published(slug=f"s-{scope.value.replace('_', '-')}", audience_scope=scope)
    wards = set(search(Criteria(area="wards"), clock.now()).values_list("slug", flat=True))
    assert wards == {"s-ku-shi-cho-son", "s-nationwide"}
    assert group(facets(Criteria(), clock.now()), "area") == {"tama": 5, "islands": 5, "wards": 2}


def test_a_chosen_year_without_programs_stays(reference: None) -> None:
    assert group(facets(parse("fiscal_year=2099"), clock.now()), "fiscal_year")["2099"] == 0


def test_a_facet_of_years_counts_programs_once() -> None:
    program = make.published(slug="twice")
    program.years.create(fiscal_year=2026)
    program.budget_lines.create(fiscal_year=2026, label="予算", amount=1)
    make.call_open(program, fiscal_year=2026)
    make.call_draft(program, fiscal_year=2030)
    assert group(facets(Criteria(), clock.now()), "fiscal_year") == {"2026": 1}


# --- Amounts --------------------------------------------------------------------------------------------


def test_the_largest_amount_of_support() -> None:
    money = [
        {"label": "上限", "value": 5_000_000, "unit": "円/人"},
        {"label": "補助率", "value": "2/3", "unit": "率"},
        {"label": "予算 R7当初", "value": 248_000_000, "unit": "円"},
        {"label": "か所数", "value": 15, "unit": "か所"},
        {"label": "募集", "value": 3_500_000, "unit": "円/団体"},
    ]
    assert largest_amount(money) == 5_000_000
    assert largest_amount(money[1:3]) is None
    assert largest_amount([{"label": "x", "value": True, "unit": "円"}]) is None


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (None, AmountRange.NONE),
        (0, AmountRange.TO_1M),
        (1_000_000, AmountRange.TO_1M),
        (1_000_001, AmountRange.TO_5M),
        (5_000_000, AmountRange.TO_5M),
        (20_000_000, AmountRange.TO_20M),
        (20_000_001, AmountRange.OVER_20M),
    ],
)
def test_ranges_of_amounts(amount: int | None, code: AmountRange) -> None:
    assert amount_range(amount) is code
    money = [] if amount is None else [{"label": "上限", "value": amount, "unit": "円"}]
    make.published(slug="one", money=money)
    for other in AmountRange:
        hits = search(Criteria(amounts=(other.value,)), clock.now()).count()
        assert hits == (1 if other is code else 0), other


# --- Nothing found --------------------------------------------------------------------------------------


def test_relaxations_count_what_each_removal_gives() -> None:
    make.published(slug="a", title="移住の支援", level=Level.NATIONAL)
    make.published(slug="b", title="移住の相談", level=Level.NATIONAL)
    make.published(slug="c", title="観光の支援")
    criteria = parse("search=移住&level=metropolitan")
    assert relaxations(criteria, clock.now(), ANONYMOUS) == [
        Relaxation("levels", 2),
        Relaxation("words", 1),
    ]


def test_each_of_several_words_is_tried() -> None:
    make.published(slug="a", title="移住の支援")
    found = relaxations(parse("search=移住+ほげ"), clock.now())
    assert Relaxation("words", 1, "ホゲ") in found
    assert Relaxation("words", 1) in found
    assert all(each.word != "移住" for each in found)


def test_where_no_single_condition_helps_all_but_the_words_are_tried() -> None:
    make.published(slug="a", title="移住の支援")
    found = relaxations(parse("search=移住&level=national&kind=loan"), clock.now())
    assert found == [Relaxation(OTHERS, 1)]


@pytest.mark.parametrize(
    "query",
    [
        "search=移住&kind=local_bond&open=1",
        "municipality=133612&fit=no&search=温泉宿&fiscal_year=2099&area=wards",
    ],
)
def test_every_relaxation_is_true(reference: None, query: str) -> None:
    criteria, now = parse(query), clock.now()
    for each in relaxations(criteria, now):
        if each.member != OTHERS and not each.word:
            assert search(criteria.without(each.member), now).count() == each.count


def test_the_page_links_to_what_it_promises(client: Client, reference: None) -> None:
    text = client.get("/programs/?search=移住+ほげほげ&level=metropolitan").content.decode()
    assert "ことばから「ほげほげ」を外す" in text
    assert 'href="?search=%E7%A7%BB%E4%BD%8F&amp;level=metropolitan"' in text
    count = search(parse("search=移住&level=metropolitan"), clock.now()).count()
    assert f"{count}件が見つかります" in text


def test_single_facets_are_radio_buttons(client: Client, reference: None) -> None:
    text = client.get("/programs/?area=islands&amount=to_5m&fiscal_year=2025").content.decode()
    assert '<input type="radio" name="area" value="islands" checked>' in text
    assert '<input type="checkbox" name="amount" value="to_5m" checked>' in text
    assert '<input type="radio" name="fiscal_year" value="2025" checked>' in text
    assert "使える地域：島しょ" in text

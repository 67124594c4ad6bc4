"""The one search: every substring is found whatever its width or kana, filters narrow, facets count."""

import unicodedata
from datetime import timedelta

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.actor import ANONYMOUS
from core.text import fold
from programs.enums import AudienceScope, Kind, Level, Offering
from programs.filters import CriteriaForm
from programs.models import Program
from programs.queries.facets import FacetCounts, facets
from programs.queries.search import Criteria, search, terms
from tests.factories import programs as make

pytestmark = pytest.mark.django_db

_HALF = str.maketrans({chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)})
_HIRAGANA = str.maketrans({chr(code + 0x60): chr(code) for code in range(0x3041, 0x3097)})
_KATAKANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})
_FULL = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def parse(query: str) -> Criteria:
    return CriteriaForm(QueryDict(query)).criteria()


def found(query: str = "", **criteria: object) -> list[str]:
    made = Criteria(words=terms(query), text=query, **criteria)  # type: ignore[arg-type]
    return [program.slug for program in search(made, clock.now())]


# --- Recall -------------------------------------------------------------------------------------------


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_every_substring_of_a_title_or_summary_finds_its_program(
    reference: None, data: st.DataObject
) -> None:
    rows = list(Program.objects.values_list("slug", "title", "summary"))
    slug, title, summary = data.draw(st.sampled_from(rows))
    text = data.draw(st.sampled_from([title, summary]))
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, min(len(text), start + 40)))
    variant = data.draw(st.sampled_from([{}, _HALF, _HIRAGANA, _KATAKANA, _FULL]))
    typed = text[start:end].translate(variant)
    if data.draw(st.booleans()):
        typed = typed.upper()
    assert slug in found(typed), typed


def test_half_width_kana_and_single_characters(reference: None) -> None:
    assert found("ｸﾗｳﾄﾞﾌｧﾝﾃﾞｨﾝｸﾞ") == found("クラウドファンディング") != []
    assert len(found("林")) >= len(found("農林")) > 0


def test_like_signs_are_ordinary_characters(reference: None) -> None:
    assert found("%") == [
        program.slug for program in search(Criteria(), clock.now()) if "%" in program.search_text
    ]
    assert len(found("_")) < 155


def test_two_words_mean_both_and_a_phrase_stays_whole() -> None:
    make.published(slug="both", title="空き家と移住の支援")
    make.published(slug="one", title="移住の相談")
    assert set(found("移住")) == {"both", "one"}
    assert found("移住　空き家") == ["both"]
    assert found('"移住の支援"') == ["both"]
    assert found('"支援 移住"') == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("空家　改修", ("空家", "改修")),
        ('"空き家 改修" 移住', ("空キ家 改修", "移住")),
        ("“空き家 改修”", ("空キ家 改修",)),
        ('移住"', ('移住"',)),
        ("  ", ()),
        ('""', ()),
    ],
)
def test_terms(typed: str, expected: tuple[str, ...]) -> None:
    assert terms(typed) == expected


# --- Order --------------------------------------------------------------------------------------------


def test_title_hits_then_narrow_areas_then_near_deadlines() -> None:
    now = clock.now()
    make.published(
        slug="text-only", title="相談の窓口", summary="観光も扱います。", audience_scope=AudienceScope.TAMA
    )
    make.published(slug="wide", title="観光の支援（全国）", level=Level.NATIONAL)
    late = make.published(slug="late", title="観光の補助（後）", audience_scope=AudienceScope.TAMA)
    soon = make.published(slug="soon", title="観光の補助（先）", audience_scope=AudienceScope.TAMA)
    make.published(slug="never", title="観光の補助（なし）", audience_scope=AudienceScope.TAMA)
    make.call_open(late, closes_at=now + timedelta(days=30))
    make.call_open(soon, closes_at=now + timedelta(days=3))
    assert found("観光") == ["soon", "late", "never", "wide", "text-only"]
    assert found("観光", order="deadline")[:2] == ["soon", "late"]


def test_kana_order() -> None:
    for slug, kana in (("b", "イジュウ"), ("a", "ウミ"), ("c", "アキヤ")):
        make.published(slug=slug, title_kana=kana)
    assert found(order="kana") == ["c", "b", "a"]


def test_what_a_municipality_cannot_use_comes_last_and_stays_visible(reference: None) -> None:
    criteria = parse("municipality=132241&search=移住")
    rows = list(search(criteria, clock.now()))
    assert criteria.place is not None
    fits = [program.fit(criteria.place).fit for program in rows]
    outside = [fit == 2 for fit in fits]
    assert outside == sorted(outside)
    assert any(outside)
    assert len(rows) == len(found("移住"))


@pytest.mark.parametrize("code", ["132241", "133086", "133612", "131016"])
def test_the_database_judges_fit_as_the_rule_does(reference: None, code: str) -> None:
    criteria = parse(f"municipality={code}")
    assert criteria.place is not None
    for program in search(criteria, clock.now()).select_related("owner"):
        assert program.fit_code == program.fit(criteria.place).fit, program.slug  # type: ignore[attr-defined]


def test_usable_now_is_what_availability_says(demo_calls: None) -> None:
    now = clock.now()
    usable = set(found(open_now=True))
    for program in Program.objects.select_related("parent").prefetch_related("calls", "parent__calls"):
        says = program.availability(now).state in {"open", "year_round"}
        assert (program.slug in usable) == says, program.slug
    assert "diverse-partners-grant" in usable
    assert "iju-teiju-line-2-event" in usable  # its parent's call


# --- Filters and facets -------------------------------------------------------------------------------


def test_filters_narrow(reference: None) -> None:
    assert len(found(levels=("municipal",))) == 35
    assert len(found(levels=("municipal", "national"))) == 90
    assert set(found(kinds=(Kind.LOAN,))) == set(
        Program.objects.filter(kind="loan").values_list("slug", flat=True)
    )
    assert set(found(owners=("132241",))) == set(found(levels=("municipal",)))
    assert set(found(statuses=(Offering.ENDED,))) == set(
        Program.objects.filter(offering="ended").values_list("slug", flat=True)
    )
    residents = set(found(audiences=("resident",)))
    assert residents == set(
        Program.objects.filter(tags__facet="audience", tags__code="resident").values_list("slug", flat=True)
    )
    assert set(found(audiences=("resident",), themes=("tourism",))) < residents


def test_area_leaves_out_what_nobody_there_can_use(reference: None) -> None:
    islands = set(found(area="islands"))
    assert "diverse-partners-grant" not in islands
    assert not islands & set(found(owners=("132241",)))
    wards = set(found(area="wards"))
    assert not wards & set(
        Program.objects.filter(audience_scope__in=["shi_cho_son", "cho_son"]).values_list("slug", flat=True)
    )


def test_fiscal_year_finds_what_speaks_of_it() -> None:
    program = make.published(slug="with-year")
    program.years.create(fiscal_year=2026)
    called = make.published(slug="with-call")
    make.call_open(called, fiscal_year=2026)
    drafted = make.published(slug="with-draft-call")
    make.call_draft(drafted, fiscal_year=2026)
    assert set(found(fiscal_year=2026)) == {"with-year", "with-call"}


def counts(result: FacetCounts, name: str) -> dict[str, int]:
    return {
        choice.value: choice.count
        for group in result.groups
        if group.name == name
        for choice in group.choices
    }


@pytest.mark.parametrize(
    "query",
    [
        "",
        "search=移住",
        "level=metropolitan&theme=tourism",
        "municipality=132241&fit=yes",
        "open=1&audience=business",
    ],
)
def test_each_count_is_what_the_choice_would_leave(reference: None, query: str) -> None:
    criteria, now = parse(query), clock.now()
    result = facets(criteria, now)
    assert result.total == search(criteria, now).count()
    members = {
        "level": "levels",
        "kind": "kinds",
        "audience": "audiences",
        "theme": "themes",
        "owner": "owners",
        "status": "statuses",
    }
    for group in result.groups:
        if group.name not in members:
            continue
        for choice in group.choices:
            narrowed = criteria.without(members[group.name])
            made = Criteria(**{**vars(narrowed), members[group.name]: (choice.value,)})
            assert search(made, now).count() == choice.count, (group.name, choice.value)


def test_a_chosen_box_stays_even_with_nothing_behind_it(reference: None) -> None:
    result = facets(parse("search=ほげほげ&level=national&owner=132241"), clock.now())
    assert result.total == 0
    assert counts(result, "level") == {"national": 0}
    assert counts(result, "owner") == {"132241": 0}


def test_the_fit_facet_needs_a_municipality(reference: None) -> None:
    assert counts(facets(parse("fit=yes"), clock.now()), "fit") == {}
    assert sum(counts(facets(parse("municipality=132241"), clock.now()), "fit").values()) == 155


def test_drafts_and_withdrawn_are_nowhere() -> None:
    make.published(slug="seen", title="移住の支援")
    make.draft(slug="hidden", title="移住の支援（案）", kind=Kind.LOAN)
    make.withdrawn(slug="gone", title="移住の支援（旧）", kind=Kind.LOAN)
    make.published(slug="tomorrow", title="移住の支援（明日）", at=clock.now() + timedelta(days=1))
    assert found("移住") == ["seen"]
    result = facets(parse("search=移住"), clock.now())
    assert result.total == 1
    assert "loan" not in counts(result, "kind")
    own = search(Criteria(), clock.now(), make.publisher(make.metropolis()))
    assert own.count() == 4
    other = search(Criteria(), clock.now(), make.publisher(make.municipality("132241", "多摩市")))
    assert other.count() == 1


def test_fold_is_what_both_sides_use() -> None:
    program = make.published(title="ﾃﾞｼﾞﾀﾙ化Ａ型")
    assert fold("デジタル化a型") in program.search_title
    assert list(search(Criteria(words=terms("でじたる")), clock.now(), ANONYMOUS)) == [program]


# --- Parameters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("level=village", "level", "「出している所」に「village」という値はありません。national"),
        ("kind=x", "kind", "支援の種類"),
        ("theme=x", "theme", "relocation"),
        ("municipality=999999", "municipality", "132241"),
        ("owner=999999", "owner", "所管"),
        ("fiscal_year=令和8", "fiscal_year", "西暦4桁"),
        ("fiscal_year=1800", "fiscal_year", "西暦4桁"),
        ("fiscal_year=99999999999999999999", "fiscal_year", "西暦4桁"),
        ("order=random", "order", "並び順"),
        ("open=maybe", "open", "受付"),
        ("area=moon", "area", "tama"),
        (f"search={'あ' * 201}", "search", "200文字以内"),
        (f"search={'+'.join(f'w{n}' for n in range(21))}", "search", "20語以内"),
        ("search=a%00b", "search", "NUL"),
    ],
)
def test_a_faulty_parameter_names_field_fault_and_cure(
    reference: None, query: str, field: str, words: str
) -> None:
    form = CriteriaForm(QueryDict(f"{query}&status=active"))
    criteria = form.criteria()
    assert list(form.errors) == [field]
    assert words in str(form.errors[field][0])
    assert criteria.statuses == ("active",)


def test_empty_parameters_are_no_parameters(reference: None) -> None:
    form = CriteriaForm(QueryDict("search=&level=&owner=&municipality=&fiscal_year=&open=&area=&order="))
    assert form.criteria() == CriteriaForm(QueryDict("page=2")).criteria() == Criteria()
    assert not form.errors

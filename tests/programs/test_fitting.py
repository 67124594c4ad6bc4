"""「うちの自治体で使えるか」: a clear answer where the sources give one, and never a guess."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Designation, Organization
from accounts.queries import municipalities
from core import clock
from programs.enums import Fit
from programs.funding.places import BY_NAME, conditions_from, verdict
from programs.models import AreaRule, Program
from programs.queries.fitting import fits_everywhere, fitting
from programs.queries.places import place_of
from programs.queries.search import Criteria, search

DISADVANTAGED = {
    *("133078", "133086", "133612", "133621", "133639", "133647"),
    *("133817", "133825", "134015", "134023", "134210"),
}
DEPOPULATED = {"133078", "133086", "133612", "133639", "133817", "134015", "134023"}
ISLANDS = DISADVANTAGED - {"133078", "133086"}


def answers(slug: str) -> dict[str, Fit]:
    return fits_everywhere(Program.objects.select_related("owner").get(slug=slug))


def codes(found: dict[str, Fit], fit: Fit) -> set[str]:
    return {code for code, answer in found.items() if answer is fit}


def test_at_least_25_named_programs_are_clear_for_every_municipality(reference: None) -> None:
    """Beside the 35 of a city alone, which are clear by their nature."""
    clear = [
        program.slug
        for program in Program.objects.select_related("owner").exclude(level="municipal")
        if Fit.CHECK not in fits_everywhere(program).values()
    ]
    assert len(clear) >= 25
    assert {
        "diverse-partners-grant", "kaso-taisaku", "kyoryokutai", "project-manager", "machizukuri-concierge",
        "iju-teiju-line-6-jutaku-event", "kaso-shuraku-network", "chiho-komuin-jinzai", "rmo",
    } <= set(clear)  # fmt: skip


def test_the_answers_of_the_sources(reference: None) -> None:
    for slug in ("kyoryokutai", "project-manager"):
        assert codes(answers(slug), Fit.YES) == DISADVANTAGED, slug
        assert not codes(answers(slug), Fit.CHECK), slug
    assert codes(answers("kaso-taisaku"), Fit.YES) == DEPOPULATED
    assert codes(answers("kaso-shuraku-network"), Fit.YES) == DISADVANTAGED
    assert codes(answers("diverse-partners-grant"), Fit.YES) == {
        body.code for body in municipalities() if body.area == "tama"
    }
    towns = answers("iju-taiken-jutaku-hojo")
    assert codes(towns, Fit.YES) == DISADVANTAGED
    assert codes(towns, Fit.CHECK) == {"133035", "133051"}  # 瑞穂町・日の出町: is that 山村? No source says.
    assert codes(answers("chiho-komuin-jinzai"), Fit.NO) >= {"132012"}  # 八王子市 is a 中核市
    kigyojin = answers("kigyojin")
    assert codes(kigyojin, Fit.YES) == DISADVANTAGED
    assert kigyojin["132241"] is Fit.CHECK
    assert kigyojin["131016"] is Fit.NO
    assert set(answers("shuraku-shienin").values()) == {Fit.CHECK}


def test_one_rule_everywhere(reference: None) -> None:
    """The single answer, the map, a program's own `fit` and what the search says to the database agree."""
    programs = {program.pk: program for program in Program.objects.select_related("owner")}
    everywhere = {key: fits_everywhere(program) for key, program in programs.items()}
    for code in ("131016", "132012", "132241", "133035", "133078", "133612", "134210"):
        body = Organization.objects.get(code=code)
        place = place_of(body)
        for row in search(Criteria(place=place), clock.now()):
            program = programs[row.pk]
            told = {program.fit(place).fit, Fit(row.fit_code), everywhere[row.pk][code]}  # type: ignore[attr-defined]
            assert len(told) == 1, (code, program.slug)
    body = Organization.objects.get(code="133078")
    for key, program in programs.items():
        found = fitting(program, body)
        assert found.fit is everywhere[key]["133078"]
        held = [condition.holds for condition in found.conditions]
        expected = False if False in held else None if None in held else True
        assert {True: Fit.YES, False: Fit.NO, None: Fit.CHECK}[expected] is found.fit, program.slug


def test_each_condition_has_fact_source_and_date(reference: None) -> None:
    program = Program.objects.select_related("owner").get(slug="kyoryokutai")
    found = fitting(program, Organization.objects.get(code="132241"))
    line = found.conditions[-1]
    assert line.holds is False
    assert line.fact == "多摩市：条件不利地域に当たりません。"
    assert "1034" in line.source
    assert "地域要件確認表" in line.source
    assert line.as_of == "2022-04-01"


def test_without_a_source_it_is_not_known(reference: None) -> None:
    """The designation that says no is taken away: the no becomes "needs checking", not a yes."""
    Designation.objects.filter(organization__code="132241", kind="kaso").delete()
    assert answers("kaso-taisaku")["132241"] is Fit.CHECK
    assert answers("kaso-taisaku")["132250"] is Fit.NO


def test_conditions_of_the_fixtures_ask_for_known_facts(reference: None) -> None:
    assert AreaRule.objects.count() >= 25
    for rule in AreaRule.objects.all():
        conditions = conditions_from(rule.conditions)
        assert verdict(conditions, {}) is None
        assert all(set(condition.facts) <= BY_NAME.keys() for condition in conditions)
        assert rule.citations


# --- By API ---------------------------------------------------------------------------------------------


def test_api_answers_as_the_page(client: Client, reference: None) -> None:
    for slug, code, answer, words in (
        ("kyoryokutai", "133078", "yes", "使えます"),
        ("kyoryokutai", "132241", "no", "対象外"),
        ("kigyojin", "132241", "check", "確認が必要です"),
    ):
        body = client.get(f"/api/v1/programs/{slug}/eligibility/", {"municipality": code}).json()
        assert body["answer"] == answer
        assert all(set(each) == {"text", "holds", "fact", "source", "as_of"} for each in body["conditions"])
        page = client.get(f"/programs/{slug}/eligibility/", {"municipality": code}).content.decode()
        assert words in page
        assert all(each["fact"] in page for each in body["conditions"])


@pytest.mark.parametrize(
    "query", [{}, {"municipality": "999999"}, {"municipality": "130001"}, {"municipality": "多摩市"}]
)
def test_a_municipality_must_be_one(client: Client, reference: None, query: dict[str, str]) -> None:
    answer = client.get("/api/v1/programs/kigyojin/eligibility/", query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "municipality"


def test_the_list_says_why(client: Client, reference: None) -> None:
    page = client.get("/programs/", {"municipality": "132241", "search": "過疎対策"}).content.decode()
    assert "多摩市は対象外" in page
    assert "過疎地域に当たりません" in page


# --- Evaluation over the wire ---------------------------------------------------------------------------


def post(client: Client, rule: str, body: str, kind: str = "funding", **extra: Any) -> Any:
    return client.post(
        f"/api/v1/{kind}-rules/{rule}/evaluate/", body, content_type="application/json", **extra
    )


FAULTY = [
    ('{"inputs": {"cost": 1e400}}', "cost"), ('{"inputs": {"cost": NaN}}', "cost"), ('{"inputs": {}}', "cost"),
    ('{"inputs": {"cost": -1}}', "cost"), ('{"inputs": {"cost": "五"}}', "cost"), ("{}", "inputs"),
    ("", "inputs"), ("[]", "inputs"), ("[" * 50000, "inputs"), ('{"inputs": {"cost": 1}, "x": 1}', "inputs"),
    (r'{"inputs": {"cost": "\ud800"}}', "cost"), (r'{"inputs": {"cost": 1, "\udfff": 1}}', "\udfff"),
    ('{"inputs": {"cost": ' + "9" * 10000 + "}}", "cost"), ('{"inputs": {"cost": true}}', "cost"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "field"), FAULTY)
def test_faulty_bodies_name_the_field(client: Client, reference: None, body: str, field: str) -> None:
    answer = post(client, "nichiiki-general", body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    (fault,) = answer.json()["errors"]
    assert fault["field"].removeprefix("inputs.") == field
    assert fault["message"]
    assert fault["cure"]


def test_a_million_amounts_name_their_field(client: Client, reference: None) -> None:
    answer = post(
        client, "nichiiki-coordinator-full", json.dumps({"inputs": {"costs": [1000000] * 1_000_000}})
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "inputs.costs"


def test_it_is_open_and_stateless(reference: None, client_as: Any) -> None:
    """No token, no cookie; and nothing is written."""
    strict = Client(enforce_csrf_checks=True)
    answer = post(strict, "nichiiki-general", '{"inputs": {"cost": 1001}}')
    assert answer.json() == {
        "amount": 500,
        "trail": ["対象経費 1,001円 × 措置率 0.5 = 500と1/2円", "端数処理 500と1/2円 → 500円（資料に定めがないため1円未満切捨て）"],
        "readings": [],
    }  # fmt: skip
    assert not answer.cookies
    assert post(strict, "no-such-rule", "{}").status_code == 404
    assert strict.get("/api/v1/funding-rules/nichiiki-general/evaluate/").status_code == 405


def test_rules_of_a_draft_are_unknown(client: Client, reference: None) -> None:
    Program.objects.filter(slug="rmo").update(publication="draft")
    assert client.get("/api/v1/funding-rules/rmo-keiei/").status_code == 404
    assert post(client, "rmo-keiei", "{}").status_code == 404
    assert client.get("/api/v1/programs/rmo/eligibility/?municipality=132241").status_code == 404
    assert client.get("/programs/rmo/calculate/").status_code == 404
    assert client.get("/api/v1/funding-rules/?page_size=200").json()["count"] == 56

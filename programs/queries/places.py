"""Municipalities as the catalogue needs them: their facts, and what the area rules say of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, QuerySet, Value

from accounts.enums import DesignationState
from accounts.models import Designation, Organization
from programs.enums import Fit
from programs.funding.places import BY_NAME, FACTS, PlaceCondition, conditions_from, verdict
from programs.models import AreaRule
from programs.rules import FitJudgement, Place

_KINDS = {fact.designation: fact.name for fact in FACTS if fact.designation}
_HELD = {DesignationState.DESIGNATED: True, DesignationState.NOT_DESIGNATED: False}
_COLUMNS = ("kind", "state", "as_of", "citations")
_ANSWERS = {True: Fit.YES, False: Fit.NO, None: Fit.CHECK}


@dataclass(frozen=True)
class KnownFact:
    """A fact of a municipality: whether it holds (None: no source says), since when that is known, and where
    it stands (`citations`)."""

    name: str
    holds: bool | None
    as_of: str = ""
    citations: tuple[dict[str, Any], ...] = ()

    @property
    def words(self) -> str:
        """「条件不利地域に当たる」「条件不利地域に当たらない」「条件不利地域かどうかは資料では分からない」."""
        label = BY_NAME[self.name].label
        if self.holds is None:
            return f"{label}かどうかは、このサイトの資料では分かりません"
        return f"{label}に{'当たります' if self.holds else '当たりません'}"


Facts = Mapping[str, KnownFact]


def facts_of(municipalities: Iterable[Organization]) -> dict[int, Facts]:
    """What the sources say of municipalities, by their keys; one query."""
    bodies = list(municipalities)
    rows: defaultdict[int, dict[str, KnownFact]] = defaultdict(dict)
    for key, kind, state, as_of, citations in _designations(bodies).values_list("organization_id", *_COLUMNS):
        rows[key][_KINDS[kind]] = _known_fact(kind, state, as_of, citations)
    return {body.pk: rows[body.pk] | _facts_of_area(body) for body in bodies}


def _designations(bodies: Iterable[Organization]) -> "QuerySet[Designation]":
    return Designation.objects.filter(organization__in=bodies, kind__in=_KINDS).order_by()


def _known_fact(kind: str, state: str, as_of: str, citations: Iterable[dict[str, Any]]) -> KnownFact:
    return KnownFact(_KINDS[kind], _HELD.get(DesignationState(state)), as_of, tuple(citations))


def _facts_of_area(body: Organization) -> dict[str, KnownFact]:
    areas = {fact.name: fact.area for fact in FACTS if fact.area}
    return {
        name: KnownFact(name, body.area == area, citations=_of_area(body)) for name, area in areas.items()
    }


def _of_area(body: Organization) -> tuple[dict[str, Any], ...]:
    """Where a body's area stands, among its citations."""
    return tuple(item for item in body.citations if "小地域" in (item.get("note") or ""))


def known(facts: Facts) -> dict[str, bool | None]:
    """Facts as conditions read them."""
    return {name: fact.holds for name, fact in facts.items()}


def judged(conditions: tuple[PlaceCondition, ...], facts: Facts) -> FitJudgement:
    """The verdict of an area rule on a municipality, and the first condition that decides it."""
    held = known(facts)
    answer = verdict(conditions, held)
    deciding = next((each for each in conditions if each.judge(held) is answer), conditions[0])
    words = "。".join(_fact(facts, name).words for name in deciding.grounds(held))
    return FitJudgement(_ANSWERS[answer], f"条件：{deciding.text}。{words}。")


def _fact(facts: Facts, name: str) -> KnownFact:
    return facts.get(name) or KnownFact(name, None)


def place_of(municipality: Organization) -> Place:
    """What programs are judged against for a municipality; one query for its facts and all area rules."""
    empty, none = Value("", output_field=CharField()), Value(0, output_field=BigIntegerField())
    facts = _designations([municipality]).annotate(number=none).values_list("number", *_COLUMNS)
    rules = (
        AreaRule.objects.order_by()
        .annotate(text_1=empty, text_2=empty, text_3=empty)
        .values_list("program_id", "text_1", "text_2", "text_3", "conditions")
    )
    known_facts = _facts_of_area(municipality)
    stored: dict[int, Any] = {}
    for program, kind, state, as_of, data in rules.union(facts, all=True):
        if program:
            stored[program] = data
        else:
            known_facts[_KINDS[kind]] = _known_fact(kind, state, as_of, data)
    return as_place(
        municipality, {key: judged(conditions_from(data), known_facts) for key, data in stored.items()}
    )


def as_place(municipality: Organization, rulings: Mapping[int, FitJudgement]) -> Place:
    """The same from judgements that are known already."""
    return Place(
        code=municipality.code,
        name=municipality.name,
        area=municipality.area,
        municipal_type=municipality.municipal_type,
        area_label=str(municipality.get_area_display()),
        type_label=str(municipality.get_municipal_type_display()),
        rulings=rulings,
    )

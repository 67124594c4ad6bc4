"""「うちの自治体で使えるか」: a program against one municipality, condition by condition, and against all 62."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Organization, SourceDocument
from accounts.queries import municipalities
from programs.enums import Fit
from programs.funding.places import PlaceCondition, conditions_from
from programs.models import AreaRule, Program
from programs.queries.places import Facts, KnownFact, as_place, facts_of, judged, known
from programs.rules import FitJudgement

MOST_LINES = 8
"""More lines of one document are not listed: they say nothing any more."""
HOLDS = {Fit.YES: True, Fit.NO: False, Fit.CHECK: None}


@dataclass(frozen=True)
class FitCondition:
    """One condition: its words, whether it holds (None: needs checking), the fact used, where condition and
    fact stand, and the day the fact is known for (ISO, "" where no source says)."""

    text: str
    holds: bool | None
    fact: str
    source: str
    as_of: str


@dataclass(frozen=True)
class Fitting:
    """The answer for one municipality, and every condition."""

    fit: Fit
    conditions: tuple[FitCondition, ...]

    @property
    def answer(self) -> str:
        """yes, no or check."""
        return self.fit.name.lower()


def fitting(program: Program, municipality: Organization) -> Fitting:
    """Judge one municipality; the same answer as `Program.fit`. Three queries."""
    conditions, citations = _area_rule(program)
    facts = facts_of([municipality])[municipality.pk]
    ruling = {program.pk: judged(conditions, facts)} if conditions else {}
    place = as_place(municipality, ruling)
    scope = program.scope_fit(place)
    sources = _Sources([*program.citations, *citations, *_cited(facts, conditions), *municipality.citations])
    lines = [] if _silent(program, conditions) else [_scope_line(program, municipality, scope, sources)]
    lines += [_line(each, municipality.name, facts, citations, sources) for each in conditions]
    return Fitting(program.fit(place).fit, tuple(lines))


def _silent(program: Program, conditions: Sequence[PlaceCondition]) -> bool:
    """Whether the sources give no scope and the area rule alone decides."""
    return bool(conditions) and not program.audience_scope


def fits_everywhere(program: Program) -> dict[str, Fit]:
    """The answer for each of the 62 municipalities by code, in 建制順. Three queries."""
    conditions, _ = _area_rule(program)
    bodies = list(municipalities())
    facts = facts_of(bodies) if conditions else {}
    answers = {}
    for body in bodies:
        ruling = {program.pk: judged(conditions, facts[body.pk])} if conditions else {}
        answers[body.code] = program.fit(as_place(body, ruling)).fit
    return answers


def _area_rule(program: Program) -> tuple[tuple[PlaceCondition, ...], list[dict[str, Any]]]:
    row = AreaRule.objects.filter(program=program).values_list("conditions", "citations").first()
    return (conditions_from(row[0]), list(row[1])) if row else ((), [])


def _cited(facts: Facts, conditions: Iterable[PlaceCondition]) -> list[dict[str, Any]]:
    names = {name for condition in conditions for name in condition.facts}
    return [item for name in sorted(names) if name in facts for item in facts[name].citations]


class _Sources:
    """The documents of citations, read at once."""

    def __init__(self, citations: Iterable[dict[str, Any]]) -> None:
        slugs = {item["source"] for item in citations}
        self.documents = SourceDocument.objects.in_bulk(slugs, field_name="slug")

    def words(self, citations: Iterable[dict[str, Any]]) -> str:
        """『資料名』 853行、1034行 ／ …; each document once."""
        lines: dict[str, list[int]] = {}
        for item in citations:
            if item["source"] in self.documents:
                lines.setdefault(item["source"], []).extend(item.get("lines") or [])
        return "／".join(self._one(slug, numbers) for slug, numbers in lines.items())

    def _one(self, slug: str, numbers: list[int]) -> str:
        where = (
            "、".join(str(number) for number in sorted(set(numbers))) if len(numbers) <= MOST_LINES else ""
        )
        return f"『{self.documents[slug].title}』{f' {where}行' if where else ''}"

    def checked_on(self, citations: Iterable[dict[str, Any]]) -> str:
        """The newest day one of the documents was checked on."""
        days = [
            self.documents[item["source"]].checked_on
            for item in citations
            if item["source"] in self.documents
        ]
        dated = [day for day in days if day is not None]
        return max(dated).isoformat() if dated else ""


def _scope_line(
    program: Program, municipality: Organization, judgement: FitJudgement, sources: _Sources
) -> FitCondition:
    scope = str(program.get_audience_scope_display()) if program.audience_scope else ""
    if program.level_word() not in {"国", "都"} or program.audience_scope == "single":
        text = f"{program.owner.name}の制度である"
    else:
        text = f"対象は{scope}" if scope else "対象の市町村"
    return FitCondition(
        text=text,
        holds=HOLDS[judgement.fit],
        fact=judgement.reason,
        source=sources.words(program.citations),
        as_of=sources.checked_on(program.citations),
    )


def _line(
    condition: PlaceCondition, name: str, facts: Facts, citations: list[dict[str, Any]], sources: _Sources
) -> FitCondition:
    held = known(facts)
    grounds = [facts.get(name) or KnownFact(name, None) for name in condition.grounds(held)]
    days = sorted(fact.as_of for fact in grounds if fact.as_of and fact.holds is not None)
    cited = [item for fact in grounds for item in fact.citations]
    return FitCondition(
        text=condition.text,
        holds=condition.judge(held),
        fact=f"{name}：{'。'.join(fact.words for fact in grounds)}。",
        source=sources.words([*citations, *cited]),
        as_of=days[0] if days else "",
    )

"""A whole rule: its inputs, its versions by fiscal year, and the readings its source leaves open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from programs.funding.evaluation import Evaluation, Step
from programs.funding.faults import RuleError, fault
from programs.funding.inputs import Input, InputKind, input_from, read_inputs
from programs.funding.tree import Kind, Node, tree_from
from programs.funding.words import Value

REIWA: Final = 2018
"""Added to a year of Reiwa it gives the Western year."""


@dataclass(frozen=True)
class Alternative:
    """Another reading of the source: why it is possible, and its tree where it can be computed."""

    reason: str
    tree: Node | None


@dataclass(frozen=True)
class Version:
    """What holds from one fiscal year to another (None: not bounded by the source)."""

    first_year: int | None
    last_year: int | None
    tree: Node
    alternatives: tuple[Alternative, ...] = ()

    def covers(self, year: int) -> bool:
        """Whether a fiscal year lies in it."""
        return (self.first_year is None or self.first_year <= year) and (
            self.last_year is None or year <= self.last_year
        )


@dataclass(frozen=True)
class Reading:
    """An amount under one reading of the source; None where the source does not let it be computed."""

    amount: int | None
    reason: str


@dataclass(frozen=True)
class Calculation:
    """The amount in whole yen, every step, and all readings (the one used first) where there are several."""

    amount: int
    steps: tuple[Step, ...]
    readings: tuple[Reading, ...]

    @property
    def trail(self) -> list[str]:
        """The steps as sentences."""
        return [step.text for step in self.steps]


@dataclass(frozen=True)
class Formula:
    """A funding rule. `year_input` names the input that chooses the version, counted from `year_base`."""

    inputs: tuple[Input, ...]
    versions: tuple[Version, ...]
    reason: str = ""
    year_input: str = ""
    year_base: int = 0

    def calculate(self, given: Any) -> Calculation:
        """Compute from what was entered. Raises InputError naming every faulty field."""
        values = read_inputs(self.inputs, given)
        version = self._version(values)
        evaluation = Evaluation(values)
        amount = _whole(evaluation.run(version.tree))
        others = [
            Reading(_whole(Evaluation(values).run(other.tree)) if other.tree else None, other.reason)
            for other in version.alternatives
        ]
        readings = (Reading(amount, self.reason), *others) if others else ()
        return Calculation(amount, tuple(evaluation.steps), readings)

    def _version(self, values: Mapping[str, Value]) -> Version:
        if not self.year_input:
            return self.versions[-1]
        chosen = values[self.year_input]
        year = self.year_base + int(chosen) if isinstance(chosen, Fraction) else 0
        for version in self.versions:
            if version.covers(year):
                return version
        label = next(item.label for item in self.inputs if item.name == self.year_input)
        raise fault(self.year_input, f"「{label}」の年度の規定がありません。", "ほかの年度にしてください。")


@dataclass(frozen=True)
class ConditionResult:
    """One condition: its words, whether it holds (None: not known), and the fact it was judged on."""

    text: str
    holds: bool | None
    fact: str


@dataclass(frozen=True)
class Verdict:
    """Whether all conditions hold (None: it depends on what is not known)."""

    eligible: bool | None
    conditions: tuple[ConditionResult, ...]


@dataclass(frozen=True)
class Requirement:
    """An eligibility rule: inputs and one condition a line; all of them must hold."""

    inputs: tuple[Input, ...]
    conditions: tuple[tuple[str, Node], ...]

    def judge(self, given: Any) -> Verdict:
        """Judge what was entered; null is "not known". Raises InputError naming every faulty field."""
        return self.judge_values(read_inputs(self.inputs, given, unknown_allowed=True))

    def judge_values(self, values: Mapping[str, Value]) -> Verdict:
        """The same of values that are exact already."""
        results = []
        for text, node in self.conditions:
            found = Evaluation(values).outcome(node)
            holds = found.value if isinstance(found.value, bool) else None
            results.append(ConditionResult(text, holds, node.label or found.words))
        return Verdict(all_of([result.holds for result in results]), tuple(results))


def all_of(answers: Sequence[bool | None]) -> bool | None:
    """False beats unknown beats True."""
    if False in answers:
        return False
    return None if None in answers else True


def _whole(value: Value) -> int:
    if not isinstance(value, Fraction) or value.denominator != 1:
        raise RuleError("規則の結果が円の整数になりません。式の最後に端数処理を置いてください。")
    return int(value)


# --- Stored forms -------------------------------------------------------------------------------------


def formula_from(data: Mapping[str, Any]) -> Formula:
    """Read a stored funding rule: inputs, versions, reason, year_input, year_base.

    Raises RuleError where anything is not as `programs.funding.tree` describes, or a tree does not end in
    a rounding to whole yen.
    """
    inputs = _inputs(data)
    versions = tuple(_version(item, inputs) for item in data.get("versions", ()))
    if not versions:
        raise RuleError("規則に版がありません。")
    year = str(data.get("year_input", ""))
    if year and not any(item.name == year and item.kind is InputKind.INTEGER for item in inputs):
        raise RuleError(f"年度の入力「{year}」が、整数の入力にありません。")
    return Formula(inputs, versions, str(data.get("reason", "")), year, int(data.get("year_base", 0)))


def _inputs(data: Mapping[str, Any]) -> tuple[Input, ...]:
    inputs = tuple(input_from(item) for item in data.get("inputs", ()))
    names = [item.name for item in inputs]
    if len(names) != len(set(names)) or any(item.not_over not in {"", *names} for item in inputs):
        raise RuleError("入力の名前が重なっているか、not_over の相手がありません。")
    return inputs


def _version(data: Mapping[str, Any], inputs: Sequence[Input]) -> Version:
    others = tuple(
        Alternative(str(item["reason"]), _amount(item["tree"], inputs) if item.get("tree") else None)
        for item in data.get("alternatives", ())
    )
    return Version(data.get("first_year"), data.get("last_year"), _amount(data["tree"], inputs), others)


def _amount(data: Any, inputs: Sequence[Input]) -> Node:
    tree = tree_from(data, inputs)
    if tree.op != "round_down":
        raise RuleError("金額の式の最後に端数処理（round_down）を置いてください。")
    return tree


def requirement_from(data: Mapping[str, Any]) -> Requirement:
    """Read a stored eligibility rule: inputs and conditions [{text, tree}]. Raises RuleError."""
    inputs = _inputs(data)
    conditions = tuple(
        (str(item["text"]), _truth(item["tree"], inputs)) for item in data.get("conditions", ())
    )
    if not conditions:
        raise RuleError("要件に条件がありません。")
    return Requirement(inputs, conditions)


def _truth(data: Any, inputs: Sequence[Input]) -> Node:
    tree = tree_from(data, inputs)
    if tree.kind is not Kind.TRUTH:
        raise RuleError("要件の式は「はい」「いいえ」になるようにしてください。")
    return tree


__all__ = [
    "Calculation", "ConditionResult", "Formula", "Reading", "Requirement", "Step", "Verdict", "all_of",
    "formula_from", "requirement_from",
]  # fmt: skip

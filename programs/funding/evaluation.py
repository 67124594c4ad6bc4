"""The value of a tree, exactly, with every step in Japanese.

A value nobody knows (None) passes through: "and" with a False is False, "or" with a True is True, everything
else of unknown parts is unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from programs.funding.faults import fault
from programs.funding.tree import ARITHMETIC, COMPARISONS, EXTREMES, Arm, Node
from programs.funding.words import Value, spelled

STEPS_OF_A_LIST: Final = 10
"""So many members of a list show their steps one by one."""

_SIGNS: Final = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷"}
_RELATIONS: Final = {
    "at_least": "以上",
    "at_most": "以下",
    "more": "より大きい",
    "less": "より小さい",
    "equal": "と同じ",
}
_COMPARE: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    "at_least": lambda left, right: left >= right,
    "at_most": lambda left, right: left <= right,
    "more": lambda left, right: left > right,
    "less": lambda left, right: left < right,
    "equal": lambda left, right: left == right,
}


@dataclass(frozen=True)
class Step:
    """One line of the trail: what was computed, the sign before the result, the result in words, and a remark.

    A line that only says which case applies has no result.
    """

    expression: str
    sign: str = ""
    result: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """「補助対象経費 15,000,000円 × 2/3 = 10,000,000円」."""
        note = f"（{self.note}）" if self.note else ""
        result = f" {self.sign} {self.result}" if self.result else ""
        return f"{self.expression}{result}{note}"


@dataclass(frozen=True)
class Outcome:
    """A value, how it is referred to in the next step, and whether its computation is still to be shown."""

    value: Value
    unit: str
    words: str
    open: bool = False
    loose: bool = False


@dataclass
class Evaluation:
    """One evaluation of a tree with its inputs; `steps` fill up in the order of reading."""

    inputs: Mapping[str, Value]
    steps: list[Step] = field(default_factory=list)
    items: dict[str, Outcome] = field(default_factory=dict)
    prefix: str = ""

    def run(self, node: Node) -> Value:
        """The value of the whole tree."""
        return self._settled(node).value

    def _step(self, expression: str, sign: str = "", result: str = "", note: str = "") -> None:
        self.steps.append(Step(f"{self.prefix}{expression}", sign, result, note))

    def _settled(self, node: Node) -> Outcome:
        """The outcome of a node, its computation shown as a step of its own."""
        found = self.outcome(node)
        if not found.open:
            return found
        shown = spelled(found.value, found.unit)
        self._step(found.words, "=", shown)
        return Outcome(found.value, found.unit, _named(node.label, shown))

    def outcome(self, node: Node) -> Outcome:
        """The outcome of one node."""
        if node.op in ARITHMETIC:
            return self._arithmetic(node)
        if node.op in EXTREMES:
            return self._extreme(node)
        if node.op in COMPARISONS:
            return self._comparison(node)
        special: Mapping[str, Callable[[Node], Outcome]] = {
            "input": self._input,
            "item": lambda item: self.items[item.name],
            "const": self._const,
            "sum": self._sum,
            "first": self._first,
            "case": self._case,
            "one_of": self._one_of,
            "and": self._joined,
            "or": self._joined,
            "not": self._not,
            "round_down": self._round_down,
        }
        return special[node.op](node)

    def _input(self, node: Node) -> Outcome:
        value = self.inputs[node.name]
        return Outcome(value, node.unit, _named(node.label, spelled(value, node.unit)))

    def _const(self, node: Node) -> Outcome:
        return Outcome(node.value, node.unit, _named(node.label, node.text or spelled(node.value, node.unit)))

    # --- Numbers ------------------------------------------------------------------------------------------

    def _arithmetic(self, node: Node) -> Outcome:
        outcomes = [self._settled(part) if part.label else self.outcome(part) for part in node.of]
        words = f" {_SIGNS[node.op]} ".join(
            f"（{part.words}）" if part.loose and node.op not in {"add"} else part.words for part in outcomes
        )
        numbers = [part.value for part in outcomes]
        value = None if None in numbers else self._combined(node, [_number(part) for part in numbers])
        return Outcome(value, node.unit, words, open=True, loose=node.op in {"add", "subtract"})

    def _combined(self, node: Node, numbers: list[Fraction]) -> Fraction:
        result = numbers[0]
        for number in numbers[1:]:
            if node.op == "add":
                result += number
            elif node.op == "subtract":
                result -= number
            elif node.op == "multiply":
                result *= number
            else:
                result = self._divided(node, result, number)
        return result

    def _divided(self, node: Node, left: Fraction, right: Fraction) -> Fraction:
        if right:
            return left / right
        divisor = node.of[1]
        raise fault(
            divisor.name, f"「{divisor.label or '割る数'}」が0なので割れません。", "1以上の値にしてください。"
        )

    def _extreme(self, node: Node) -> Outcome:
        outcomes = [self._settled(part) for part in node.of]
        if any(part.value is None for part in outcomes):
            return Outcome(None, node.unit, _named(node.label, spelled(None)))
        numbers = [_number(part.value) for part in outcomes]
        value = min(numbers) if node.op == "min" else max(numbers)
        shown = spelled(value, node.unit)
        if node.op == "min" and len(outcomes) == 2 and "上限" in outcomes[1].words:  # noqa: PLR2004 - x and its cap
            verdict = "上限以内" if numbers[0] <= numbers[1] else "上限を超える"
            self._step(outcomes[1].words, "→", shown, f"{outcomes[0].words}は{verdict}")
        else:
            which = "少ない方" if node.op == "min" else "多い方"
            self._step(f"{' と '.join(part.words for part in outcomes)} の{which}", "=", shown)
        return Outcome(value, node.unit, _named(node.label, shown))

    def _sum(self, node: Node) -> Outcome:
        over, each = node.of
        members = self._settled(over).value
        if not isinstance(members, tuple):
            return Outcome(None, node.unit, _named(node.label, spelled(None)))
        results = [self._member(node, each, number, value) for number, value in enumerate(members, start=1)]
        total = sum((_number(value) for value in results), Fraction(0))
        shown = spelled(total, node.unit)
        if len(results) != 1:
            parts = " + ".join(spelled(value, node.unit) for value in results[:STEPS_OF_A_LIST])
            more = f" + ほか{len(results) - STEPS_OF_A_LIST}件" if len(results) > STEPS_OF_A_LIST else ""
            self._step(f"合計 {parts or '0件'}{more}", "=", shown)
        return Outcome(total, node.unit, _named(node.label or "合計", shown))

    def _member(self, node: Node, each: Node, number: int, value: Fraction) -> Value:
        """One member of a list; from the eleventh on without steps."""
        inner = Evaluation(
            self.inputs,
            items={**self.items, node.name: Outcome(value, node.of[0].unit, spelled(value, node.of[0].unit))},
            prefix=f"{self.prefix}{number}{node.text}：",
        )
        result = inner.run(each)
        if number <= STEPS_OF_A_LIST:
            self.steps += inner.steps
        return result

    def _first(self, node: Node) -> Outcome:
        members = self._settled(node.of[0]).value
        if not isinstance(members, tuple):
            return Outcome(None, node.unit, spelled(None))
        kept = members[: int(node.value)]
        if len(kept) < len(members):
            self._step(f"{node.label}は{len(members)}件のうち最初の{len(kept)}件だけを数える")
        return Outcome(kept, node.unit, _named(node.label, spelled(kept, node.unit)))

    def _round_down(self, node: Node) -> Outcome:
        found = self._settled(node.of[0])
        if found.value is None:
            return found
        exact, unit = _number(found.value), int(node.value)
        if exact < 0:
            raise fault("", "計算した額が0円を下回りました。", "差し引く額を確かめてください。")
        value = Fraction(exact // unit * unit)
        shown, rule = spelled(value, node.unit), f"{unit:,}円未満切捨て"
        if not self.steps:
            self._step(found.words)
        name = node.label or "端数処理"
        self._step(f"{name} {spelled(exact, node.unit)}", "→", shown, node.text or rule)
        return Outcome(value, node.unit, _named(node.label, shown))

    # --- Cases and conditions -----------------------------------------------------------------------------

    def _case(self, node: Node) -> Outcome:
        arm = self._chosen(node)
        if arm is None:
            return Outcome(None, node.unit, _named(node.label, spelled(None)))
        if arm.text:
            plain = arm.then.op == "const"
            words = self.outcome(arm.then).words if plain else ""
            self._step(arm.text, "→" if words else "", words)
        found = self._settled(arm.then)
        if node.label:
            return Outcome(found.value, found.unit, _named(node.label, spelled(found.value, found.unit)))
        return found

    def _chosen(self, node: Node) -> Arm | None:
        for arm in node.arms:
            holds = True if arm.when is None else self._quiet(arm.when).value
            if holds is None:
                return None
            if holds:
                return arm
        return None

    def _quiet(self, node: Node) -> Outcome:
        """A condition: what it rests on is said by the text of its case, not by steps."""
        return Evaluation(self.inputs, items=self.items).outcome(node)

    def _comparison(self, node: Node) -> Outcome:
        left, right = (self._quiet(part) for part in node.of)
        bound = spelled(right.value, left.unit) if node.of[1].op == "const" else right.words
        words = f"{left.words}（基準：{bound}{_RELATIONS[node.op]}）"
        if left.value is None or right.value is None:
            return Outcome(None, "", words)
        return Outcome(_COMPARE[node.op](_number(left.value), _number(right.value)), "", words)

    def _one_of(self, node: Node) -> Outcome:
        found = self._quiet(node.of[0])
        return Outcome(None if found.value is None else found.value in node.values, "", found.words)

    def _joined(self, node: Node) -> Outcome:
        outcomes = [self._quiet(part) for part in node.of]
        words = (" かつ " if node.op == "and" else " または ").join(part.words for part in outcomes)
        values = [part.value for part in outcomes]
        decisive = node.op == "or"
        if decisive in values:
            return Outcome(decisive, "", words)
        return Outcome(None if None in values else not decisive, "", words)

    def _not(self, node: Node) -> Outcome:
        found = self._quiet(node.of[0])
        return Outcome(None if found.value is None else not found.value, "", found.words)


def _named(label: str, shown: str) -> str:
    return f"{label} {shown}" if label else shown


def _number(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise TypeError(f"a tree that was read holds numbers here, not {type(value).__name__}")

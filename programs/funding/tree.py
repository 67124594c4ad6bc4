"""The typed tree of a rule: its nodes, and the strict reading of their JSON form.

| node | JSON |
|---|---|
| input, member of a list | `{"op": "input", "name"}`, `{"op": "item", "name"}` |
| constant | `{"op": "const", "value", "unit"?, "text"?}`, the value an integer or text such as "2/3" |
| + × min max | `{"op": "add" | "multiply" | "min" | "max", "of": [node, …]}` |
| − ÷ | `{"op": "subtract" | "divide", "of": [node, node]}` |
| sum over a list | `{"op": "sum", "over": list, "name", "each": node, "counter"?}` |
| first n of a list | `{"op": "first", "of": list, "count"}` |
| case | `{"op": "case", "cases": [{"when", "then", "text"?}], "else": node, "else_text"?}` |
| comparison | `{"op": "at_least" | "at_most" | "more" | "less" | "equal", "of": [node, node]}` |
| membership | `{"op": "one_of", "of": node, "values": [text, …]}` |
| and, or, not | `{"op": "and" | "or", "of": [node, …]}`, `{"op": "not", "of": node}` |
| rounding | `{"op": "round_down", "of": node, "unit", "text"?}` |

Every node may carry `label`: what its value is called in the trail. Types are checked when a tree is read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from programs.funding.exact import fraction_of
from programs.funding.faults import RuleError
from programs.funding.inputs import Input, InputKind

DEEPEST: Final = 24
MOST_NODES: Final = 250


class Kind(StrEnum):
    """What a node's value is."""

    NUMBER = "number"
    TRUTH = "truth"
    TEXT = "text"
    LIST = "list"


@dataclass(frozen=True)
class Node:
    """One node. `unit` is that of its value as far as it follows from the parts; see the table above."""

    op: str
    kind: Kind
    label: str = ""
    unit: str = ""
    name: str = ""
    text: str = ""
    value: Fraction = Fraction(0)
    values: tuple[str, ...] = ()
    of: tuple["Node", ...] = ()
    arms: tuple["Arm", ...] = ()


@dataclass(frozen=True)
class Arm:
    """One case: taken when `when` holds (None: otherwise)."""

    when: Node | None
    then: Node
    text: str = ""


OP_WORDS: Final[Mapping[str, str]] = {
    "input": "入力", "item": "各件", "const": "数", "add": "足す", "subtract": "引く", "multiply": "かける", "divide": "割る",
    "min": "最小", "max": "最大", "sum": "合計", "first": "はじめの", "case": "場合分け", "at_least": "以上", "at_most": "以下",
    "more": "より大きい", "less": "より小さい", "equal": "等しい", "one_of": "どれか", "and": "すべて成り立つ",
    "or": "いずれか成り立つ", "not": "成り立たない", "round_down": "切り捨て",
}  # fmt: skip
"""What people call each node."""
KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.NUMBER: "数",
    Kind.TRUTH: "はい・いいえ",
    Kind.TEXT: "選択肢",
    Kind.LIST: "数の一覧",
}
ARITHMETIC: Final = frozenset({"add", "subtract", "multiply", "divide"})
EXTREMES: Final = frozenset({"min", "max"})
COMPARISONS: Final = frozenset({"at_least", "at_most", "more", "less", "equal"})
_PAIRS: Final = frozenset({"subtract", "divide"}) | COMPARISONS
_MOST_PARTS: Final = 12
_KEYS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(ARITHMETIC | EXTREMES | COMPARISONS | {"and", "or", "not"}, frozenset({"of"})),
    "input": frozenset({"name"}),
    "item": frozenset({"name"}),
    "const": frozenset({"value", "unit", "text"}),
    "sum": frozenset({"over", "name", "each", "counter"}),
    "first": frozenset({"of", "count"}),
    "case": frozenset({"cases", "else", "else_text"}),
    "one_of": frozenset({"of", "values"}),
    "round_down": frozenset({"of", "unit", "text"}),
}
_KINDS: Final = {
    InputKind.INTEGER: Kind.NUMBER,
    InputKind.RATIO: Kind.NUMBER,
    InputKind.BOOLEAN: Kind.TRUTH,
    InputKind.CHOICE: Kind.TEXT,
    InputKind.LIST: Kind.LIST,
}


def tree_from(data: Any, inputs: Sequence[Input]) -> Node:
    """Read a tree for a rule with these inputs.

    Raises RuleError for an unknown node or key, a missing part, a wrong type, an input the rule does not
    have, more than 24 levels or 250 nodes.
    """
    return _Reader({item.name: item for item in inputs}).node(data, {}, 0)


@dataclass
class _Reader:
    inputs: Mapping[str, Input]
    count: int = field(default=0)

    def node(self, data: Any, items: Mapping[str, str], depth: int) -> Node:
        """One node; `items` are the names bound by the sums around it, with their units. Errors carry the node."""
        try:
            return self._node(data, items, depth)
        except RuleError as error:
            error.node = data if error.node is None else error.node
            raise

    def _node(self, data: Any, items: Mapping[str, str], depth: int) -> Node:
        self.count += 1
        if depth > DEEPEST or self.count > MOST_NODES:
            raise RuleError(f"式が大きすぎます（{DEEPEST}段、{MOST_NODES}個まで）。")
        if not isinstance(data, Mapping) or data.get("op") not in _KEYS:
            raise RuleError(f"式の節が読めません：{str(data)[:80]}")
        op = str(data["op"])
        if unknown := data.keys() - _KEYS[op] - {"op", "label"}:
            raise RuleError(f"式の節「{OP_WORDS[op]}」に使えない項目があります：{'、'.join(sorted(unknown))}")
        readers: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str], int], Node]] = {
            "input": self._input,
            "item": self._item,
            "const": self._const,
            "sum": self._sum,
            "first": self._first,
            "case": self._case,
            "one_of": self._one_of,
            "round_down": self._round_down,
        }
        return readers.get(op, self._combined)(data, items, depth)

    def _input(self, data: Mapping[str, Any], _items: Mapping[str, str], _depth: int) -> Node:
        item = self.inputs.get(str(data.get("name")))
        if item is None:
            raise RuleError(f"式にある入力「{data.get('name')}」が、規則の入力にありません。")
        return Node("input", _KINDS[item.kind], item.label, item.unit, item.name)

    def _item(self, data: Mapping[str, Any], items: Mapping[str, str], _depth: int) -> Node:
        name = str(data.get("name"))
        if name not in items:
            raise RuleError(f"「{name}」は合計の中だけで使えます。")
        return Node("item", Kind.NUMBER, unit=items[name], name=name)

    def _const(self, data: Mapping[str, Any], _items: Mapping[str, str], _depth: int) -> Node:
        raw = data.get("value")
        try:
            value = (
                fraction_of(str(raw)) if isinstance(raw, int | str) and not isinstance(raw, bool) else None
            )
        except ZeroDivisionError:
            raise RuleError(f"定数「{raw}」は0で割っています。分母を1以上にしてください。") from None
        if value is None:
            raise RuleError(f'定数「{raw}」は整数か "2/3" のような文字にしてください。')
        text = str(data.get("text") or (raw if isinstance(raw, str) else ""))
        return Node("const", Kind.NUMBER, _label(data), str(data.get("unit", "")), text=text, value=value)

    def _sum(self, data: Mapping[str, Any], items: Mapping[str, str], depth: int) -> Node:
        name = str(data.get("name"))
        over = self._typed(data.get("over"), items, depth, Kind.LIST)
        each = self._typed(data.get("each"), {**items, name: over.unit}, depth, Kind.NUMBER)
        counter = str(data.get("counter", "件目"))
        return Node("sum", Kind.NUMBER, _label(data), each.unit, name, counter, of=(over, each))

    def _first(self, data: Mapping[str, Any], items: Mapping[str, str], depth: int) -> Node:
        count = data.get("count")
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise RuleError("「はじめの」の件数は1以上の整数にしてください。")
        over = self._typed(data.get("of"), items, depth, Kind.LIST)
        return Node(
            "first", Kind.LIST, _label(data) or over.label, over.unit, value=Fraction(count), of=(over,)
        )

    def _case(self, data: Mapping[str, Any], items: Mapping[str, str], depth: int) -> Node:
        cases = data.get("cases")
        if not isinstance(cases, list) or not 1 <= len(cases) <= _MOST_PARTS or "else" not in data:
            raise RuleError("「場合分け」には、場合と、そのほかが要ります。")
        arms = []
        for case in cases:
            if not isinstance(case, Mapping) or not {"when", "then"} <= case.keys() <= {
                "when",
                "then",
                "text",
            }:
                raise RuleError(f"「場合分け」の場合が読めません：{str(case)[:80]}")
            when = self._typed(case["when"], items, depth, Kind.TRUTH)
            arms.append(Arm(when, self.node(case["then"], items, depth + 1), str(case.get("text", ""))))
        other = self.node(data["else"], items, depth + 1)
        arms.append(Arm(None, other, str(data.get("else_text", ""))))
        if {arm.then.kind for arm in arms} != {other.kind}:
            raise RuleError("「場合分け」の値の種類がそろっていません。")
        unit = next((arm.then.unit for arm in arms if arm.then.unit), "")
        return Node("case", other.kind, _label(data), unit, arms=tuple(arms))

    def _one_of(self, data: Mapping[str, Any], items: Mapping[str, str], depth: int) -> Node:
        values = data.get("values")
        if not isinstance(values, list) or not values or not all(isinstance(item, str) for item in values):
            raise RuleError("「どれか」には選択肢を1つ以上書いてください。")
        tested = self._typed(data.get("of"), items, depth, Kind.TEXT)
        known = {choice.value for choice in self.inputs[tested.name].choices}
        if not set(values) <= known:
            raise RuleError(
                f"「{tested.label}」に無い選択肢があります：{'、'.join(sorted(set(values) - known))}"
            )
        return Node("one_of", Kind.TRUTH, _label(data), values=tuple(values), of=(tested,))

    def _round_down(self, data: Mapping[str, Any], items: Mapping[str, str], depth: int) -> Node:
        unit = data.get("unit")
        if not isinstance(unit, int) or isinstance(unit, bool) or unit < 1:
            raise RuleError("端数処理の単位は1以上の整数にしてください。")
        of = self._typed(data.get("of"), items, depth, Kind.NUMBER)
        text = str(data.get("text", ""))
        return Node(
            "round_down", Kind.NUMBER, _label(data), of.unit, text=text, value=Fraction(unit), of=(of,)
        )

    def _combined(self, data: Mapping[str, Any], items: Mapping[str, str], depth: int) -> Node:
        op = str(data["op"])
        wanted = Kind.TRUTH if op in {"and", "or", "not"} else Kind.NUMBER
        given = [data.get("of")] if op == "not" else data.get("of")
        if not isinstance(given, list) or not 1 <= len(given) <= _MOST_PARTS:
            raise RuleError(f"式の節「{OP_WORDS[op]}」の中身は1つから{_MOST_PARTS}個までにしてください。")
        if op in _PAIRS and len(given) != 2:  # noqa: PLR2004 - two sides
            raise RuleError(f"式の節「{OP_WORDS[op]}」の中身は2つにしてください。")
        of = tuple(self._typed(part, items, depth, wanted) for part in given)
        kind = Kind.NUMBER if op in ARITHMETIC | EXTREMES else Kind.TRUTH
        return Node(op, kind, _label(data), _unit(op, of) if kind is Kind.NUMBER else "", of=of)

    def _typed(self, data: Any, items: Mapping[str, str], depth: int, kind: Kind) -> Node:
        node = self.node(data, items, depth + 1)
        if node.kind is not kind:
            raise RuleError(
                f"「{OP_WORDS[node.op]}」の値は{KIND_WORDS[node.kind]}です。ここには{KIND_WORDS[kind]}が要ります。",
                data,
            )
        return node


def _label(data: Mapping[str, Any]) -> str:
    return str(data.get("label", ""))


def _unit(op: str, of: Sequence[Node]) -> str:
    """Yen × anything is yen; yen ÷ yen is a rate; sums keep their unit."""
    units = [part.unit for part in of]
    if op == "multiply":
        return "円" if "円" in units else next((unit for unit in units if unit), "")
    if op == "divide":
        return "" if units[0] == units[1] else units[0]
    return next((unit for unit in units if unit), "")

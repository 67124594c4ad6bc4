"""Rules as their publishers edit them: inputs in rows, trees as outlines, worked examples that every version must meet.

`funding_values` and `eligibility_values` make a content into the columns of its rule; `trials` compute the examples.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from core.exceptions import Fault
from core.money import format_yen, yen
from programs.funding.evaluation import Step
from programs.funding.faults import InputError, RuleError
from programs.funding.inputs import Input, InputKind, input_from
from programs.funding.rules import Formula, Requirement, formula_from, requirement_from
from programs.parts.outline import called, outline_of, tree_of
from programs.parts.rule_items import ELIGIBILITY_ITEMS, ELIGIBILITY_PLAIN, FUNDING_ITEMS, FUNDING_TEXTS
from programs.parts.spec import Content, blank

Rule: TypeAlias = Formula | Requirement
_TRUTHS: Final[Mapping[str, bool | None]] = {"はい": True, "いいえ": False, "分からない": None}


@dataclass(frozen=True)
class Trial:
    """One worked example: its inputs, the answer it must give and gave ("" where it gave none), the steps, the fault.

    `on_view` is what the published rule answers to the same inputs; "" where none is published.
    """

    number: int
    inputs: list[str]
    expected: str
    got: str
    steps: tuple[Step, ...] = ()
    fault: str = ""
    on_view: str = ""

    @property
    def holds(self) -> bool:
        """Whether it gives its answer."""
        return not self.fault and self.expected == self.got

    @property
    def moves(self) -> bool:
        """Whether publishing would change the answer."""
        return self.on_view not in ("", self.got)


def fresh_funding() -> Content:
    """A funding rule that says nothing yet."""
    return blank(
        FUNDING_ITEMS, reading="explicit", versions=[{"first_year": None, "last_year": None, "tree": ""}]
    )


def fresh_eligibility() -> Content:
    """An eligibility rule that says nothing yet."""
    return blank(ELIGIBILITY_ITEMS)


def content_of_funding(row: Mapping[str, Any]) -> Content:
    """The content of a funding rule given as its columns."""
    inputs, versions = row["inputs"], row["versions"]
    readings = [
        {
            "version": number, "reason": other["reason"],
            "tree": outline_of(other["tree"], inputs) if other["tree"] else "",
        }
        for number, version in enumerate(versions, 1)
        for other in version["alternatives"]
    ]  # fmt: skip
    return {
        **{name: row[name] for name in FUNDING_TEXTS},
        "inputs": _input_rows(inputs),
        "versions": [
            {"first_year": each["first_year"], "last_year": each["last_year"], "tree": outline_of(each["tree"], inputs)}
            for each in versions
        ],
        "readings": readings,
        "year_input": row["year_input"],
        "year_base": row["year_base"] or None,
        "examples": _example_rows(row["examples"], inputs, funding=True),
    }  # fmt: skip


def content_of_eligibility(row: Mapping[str, Any]) -> Content:
    """The content of an eligibility rule given as its columns."""
    return {
        **{name: row[name] for name in ELIGIBILITY_PLAIN},
        "inputs": _input_rows(row["inputs"]),
        "conditions": [
            {"text": each["text"], "tree": outline_of(each["tree"], row["inputs"])}
            for each in row["conditions"]
        ],
        "examples": _example_rows(row["examples"], row["inputs"], funding=False),
    }


def funding_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a funding rule but its examples. Raises UnfitRuleError naming each box and line."""
    found = _Faults()
    inputs = _inputs(content, found)
    versions: list[dict[str, Any]] = []
    for number, row in enumerate(content["versions"]):
        tree = found.of(f"versions_{number}_tree", _tree, row["tree"], inputs)
        versions.append({"first_year": row["first_year"], "last_year": row["last_year"], "tree": tree, "alternatives": []})  # fmt: skip
    for number, row in enumerate(content["readings"]):
        place = (row["version"] or 0) - 1
        if not 0 <= place < len(versions):
            found.add(f"readings_{number}_version", "その番号の式がありません。")
            continue
        tree = (
            found.of(f"readings_{number}_tree", _tree, row["tree"], inputs) if row["tree"].strip() else None
        )
        versions[place]["alternatives"].append({"reason": row["reason"], "tree": tree})
    if not versions:
        found.add("versions", "式がありません。")
    values = {
        **{name: content[name] for name in FUNDING_TEXTS},
        "inputs": [_input_data(row) for row in content["inputs"]],
        "versions": versions,
        "year_input": content["year_input"],
        "year_base": content["year_base"] or 0,
    }
    if not found.faults:
        found.of("versions", formula_from, values)
    found.raise_any()
    return values


def eligibility_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an eligibility rule but its examples. Raises UnfitRuleError naming each box and line."""
    found = _Faults()
    inputs = _inputs(content, found)
    conditions = [
        {
            "text": row["text"],
            "tree": found.of(f"conditions_{number}_tree", _tree, row["tree"], inputs),
        }
        for number, row in enumerate(content["conditions"])
    ]
    if not conditions:
        found.add("conditions", "条件がありません。")
    values = {
        **{name: content[name] for name in ELIGIBILITY_PLAIN},
        "inputs": [_input_data(row) for row in content["inputs"]],
        "conditions": conditions,
    }
    if not found.faults:
        found.of("conditions", requirement_from, values)
    found.raise_any()
    return values


def examples_of(
    content: Mapping[str, Any], inputs: Sequence[Input], *, funding: bool
) -> list[dict[str, Any]]:
    """The worked examples as rules keep them. Raises UnfitRuleError naming each row."""
    found = _Faults()
    told = []
    for number, row in enumerate(content["examples"]):
        given = found.of(f"examples_{number}_inputs", _given, row["inputs"], inputs)
        expected = found.of(f"examples_{number}_expected", _expected, row["expected"], funding)
        told.append({"inputs": given, "expected": expected})
    if not told:
        found.add("examples", "計算例がありません。1つ以上入れてください。")
    found.raise_any()
    return told


def trials(
    values: Mapping[str, Any], examples: Sequence[Mapping[str, Any]], *, funding: bool,
    on_view: Mapping[str, Any] | None = None,
) -> list[Trial]:  # fmt: skip
    """Every worked example computed with a rule that can be read, and with the columns of the one `on_view`."""
    rule = rule_from(values, funding=funding)
    shown = rule_from(on_view, funding=funding) if on_view else None
    told = []
    for number, example in enumerate(examples, 1):
        words = given_words(values["inputs"], example["inputs"])
        got, steps, fault = answered(rule, example["inputs"])
        before, _, refused = answered(shown, example["inputs"]) if shown else ("", (), "")
        told.append(
            Trial(number, words, answer_words(example["expected"]), got, steps, fault, before or refused)
        )
    return told


def given_words(inputs: Sequence[Mapping[str, Any]], given: Mapping[str, Any]) -> list[str]:
    """「経費＝9,000円」: each value given for the `inputs` of a rule, as people read it."""
    units = {item["name"]: item.get("unit", "") for item in inputs}
    return [
        f"{label}＝{_said(given[name], units[name])}"
        for name, label in called(inputs).items()
        if name in given
    ]


def rule_from(values: Mapping[str, Any], *, funding: bool) -> Rule:
    """A rule of columns that can be read."""
    return formula_from(values) if funding else requirement_from(values)


def answered(rule: Rule, inputs: Mapping[str, Any]) -> tuple[str, tuple[Step, ...], str]:
    """Answer, steps and, where the inputs do not fit, what is wrong with them."""
    try:
        if isinstance(rule, Formula):
            made = rule.calculate(inputs)
            return answer_words(made.amount), made.steps, ""
        return answer_words(rule.judge(inputs).eligible), (), ""
    except InputError as error:
        return "", (), " ".join(f"{each.message}{each.cure}" for each in error.faults)


class UnfitRuleError(ValueError):
    """What keeps a content from being a rule, box by box."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = tuple(faults)


class _Faults:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, field: str, message: str) -> None:
        """One more."""
        self.faults.append(Fault(field, message))

    def of(self, field: str, make: Callable[..., Any], *given: Any) -> Any:
        """What is made, or None and the fault that kept it from being made."""
        try:
            return make(*given)
        except (RuleError, ValueError, ZeroDivisionError) as error:
            self.add(field, str(error) or "0で割ることはできません。")
            return None

    def raise_any(self) -> None:
        """Raise what was found."""
        if self.faults:
            raise UnfitRuleError(self.faults)


# --- Inputs and examples as people type them -----------------------------------------------------------------


def _inputs(content: Mapping[str, Any], found: _Faults) -> list[Input]:
    told, names = [], [row["name"] for row in content["inputs"]]
    for number, row in enumerate(content["inputs"]):
        item = found.of(f"inputs_{number}_label", _input_of, row)
        if item is not None:
            told.append(item)
        if names.count(row["name"]) > 1:
            found.add(
                f"inputs_{number}_name", f"記号「{row['name']}」が2回あります。別の記号にしてください。"
            )
        if row["not_over"] and row["not_over"] not in names:
            found.add(f"inputs_{number}_not_over", f"記号「{row['not_over']}」の入力がありません。")
    if content.get("year_input") and content["year_input"] not in names:
        found.add("year_input", f"記号「{content['year_input']}」の入力がありません。")
    return told


def _tree(text: str, inputs: Sequence[Input]) -> dict[str, Any]:
    return tree_of(text, inputs)[0]


def _input_of(row: Mapping[str, Any]) -> Input:
    return input_from(_input_data(row))


def _input_data(row: Mapping[str, Any]) -> dict[str, Any]:
    """An input as rules keep it; `minimum` and `maximum` are exact numbers in text or integers."""
    data = {name: row[name] for name in ("name", "label", "kind")}
    data |= {name: row[name] for name in ("unit", "hint", "not_over") if row.get(name)}
    data |= {name: _bound(row[name]) for name in ("minimum", "maximum") if row.get(name)}
    data |= {"default": row["default"]} if "default" in row else {}
    choices = []
    for line in row.get("choices") or []:
        value, *rest = (part.strip() for part in line.replace("=", "＝").split("＝"))
        also = rest[1].split("、") if len(rest) > 1 else []
        choices.append(
            {"value": value, "label": rest[0] if rest else value, **({"also": also} if also else {})}
        )
    return data | ({"choices": choices} if choices else {})


def _bound(typed: str) -> Any:
    plain = str(typed).replace(",", "")
    return int(plain) if plain.lstrip("-").isdecimal() and plain.isascii() else plain


def _input_rows(inputs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **{name: str(item.get(name, "")) for name in ("name", "label", "kind", "unit", "minimum", "maximum", "not_over", "hint")},
            "choices": [
                "＝".join(filter(None, [each["value"], each["label"], "、".join(each.get("also", []))]))
                for each in item.get("choices", [])
            ],
            **({"default": item["default"]} if "default" in item else {}),
        }
        for item in inputs
    ]  # fmt: skip


def _example_rows(examples: Sequence[Mapping[str, Any]], inputs: Sequence[Mapping[str, Any]], *, funding: bool) -> list[dict[str, Any]]:  # fmt: skip
    labels = called(inputs)
    return [
        {
            "inputs": [f"{labels.get(name, name)}＝{_said(value)}" for name, value in each["inputs"].items()],
            "expected": str(each["expected"]) if funding else answer_words(each["expected"]),
        }
        for each in examples
    ]


def _given(lines: Sequence[str], inputs: Sequence[Input]) -> dict[str, Any]:
    known = {item.label: item for item in inputs} | {item.name: item for item in inputs}
    given: dict[str, Any] = {}
    for line in lines:
        name, sign, typed = (part.strip() for part in line.replace("=", "＝", 1).partition("＝"))
        item = known.get(name)
        if not sign or item is None:
            raise ValueError(
                f"「{line[:30]}」の入力がありません。「名前＝値」のように、規則の入力の名前で書いてください。"
            )
        given[item.name] = _typed(item, typed)
    return given


def _typed(item: Input, typed: str) -> Any:
    if typed in {"分からない", "不明"}:
        return None
    match item.kind:
        case InputKind.BOOLEAN:
            return _TRUTHS.get(typed, typed)
        case InputKind.LIST:
            return [_number(part) for part in typed.replace(",", "、").split("、") if part.strip()]
        case InputKind.INTEGER | InputKind.RATIO:
            return _number(typed)
    return typed


def _number(typed: str) -> Any:
    plain = typed.replace(",", "").strip().removesuffix("円")
    return _bound(plain)


def _expected(typed: str, funding: bool) -> Any:
    if not funding:
        if typed not in _TRUTHS:
            raise ValueError("はい、いいえ、分からない のどれかを書いてください。")
        return _TRUTHS[typed]
    return yen(typed)


def _said(value: Any, unit: str = "") -> str:
    if isinstance(value, list):
        return "、".join(_said(part, unit) for part in value)
    if value is None or isinstance(value, bool):
        return answer_words(value)
    return format_yen(value) if unit == "円" and isinstance(value, int) else f"{value}{unit}"


def answer_words(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return format_yen(value)
    return next(word for word, truth in _TRUTHS.items() if truth is value)

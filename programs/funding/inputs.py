"""What a rule asks for: typed inputs, and the strict reading of what was entered."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from core.money import LARGEST
from programs.funding.exact import AbsurdNumber, fraction_of
from programs.funding.faults import InputError, InputFault, RuleError
from programs.funding.words import Value

LONGEST_LIST: Final = 100
LONGEST_TEXT: Final = 60
MANY_FAULTS: Final = 20


class InputKind(StrEnum):
    """The kind of value an input takes."""

    INTEGER = "integer"
    RATIO = "ratio"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True)
class Choice:
    """One answer of a choice: the value of the API, its words, and other spellings that are taken for it."""

    value: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Input:
    """One input. `minimum` and `maximum` bound numbers and the members of lists; `not_over` names another
    input this one may not exceed; `default` fills it in where the form leaves it out."""

    name: str
    label: str
    kind: InputKind
    unit: str = ""
    hint: str = ""
    minimum: Fraction = Fraction(0)
    maximum: Fraction = Fraction(LARGEST)
    choices: tuple[Choice, ...] = ()
    not_over: str = ""
    default: Any = None


_KEYS: Final = frozenset(
    {"name", "label", "kind", "unit", "hint", "minimum", "maximum", "choices", "not_over", "default"}
)


def input_from(data: Any) -> Input:
    """Read the stored form of an input. Raises RuleError for unknown keys, kinds and bounds."""
    if not isinstance(data, Mapping) or not {"name", "label", "kind"} <= data.keys() <= _KEYS:
        raise RuleError(f"入力の定義が読めません：{str(data)[:80]}")
    if data["kind"] not in set(InputKind):
        raise RuleError(f"入力「{data['name']}」の種類「{data['kind']}」はありません。")
    choices = tuple(
        Choice(str(item["value"]), str(item["label"]), tuple(item.get("also", ())))
        for item in data.get("choices", ())
    )
    if (data["kind"] == InputKind.CHOICE) != bool(choices):
        raise RuleError(f"入力「{data['name']}」の選択肢が種類と合いません。")
    return Input(
        name=str(data["name"]),
        label=str(data["label"]),
        kind=InputKind(data["kind"]),
        unit=str(data.get("unit", "")),
        hint=str(data.get("hint", "")),
        minimum=_bound(data, "minimum", Fraction(0)),
        maximum=_bound(data, "maximum", Fraction(LARGEST)),
        choices=choices,
        not_over=str(data.get("not_over", "")),
        default=data.get("default"),
    )


def _bound(data: Mapping[str, Any], name: str, default: Fraction) -> Fraction:
    value = fraction_of(str(data[name])) if name in data else default
    if value is None:
        raise RuleError(f"入力「{data['name']}」の {name} が数ではありません。")
    return value


def read_inputs(inputs: Sequence[Input], given: Any, *, unknown_allowed: bool = False) -> dict[str, Value]:
    """Check what was entered and make it exact. Raises InputError naming every faulty field.

    `unknown_allowed` takes null as "not known" (eligibility); amounts need every input.
    """
    if not isinstance(given, Mapping):
        raise InputError(
            [InputFault("", "inputs がありません。", "inputs に項目名と値の組を入れてください。")]
        )
    known = {item.name: item for item in inputs}
    faults = [
        InputFault(
            str(name)[:LONGEST_TEXT],
            f"「{str(name)[:LONGEST_TEXT]}」という項目はありません。",
            f"使える項目は {'、'.join(known)} です。",
        )
        for name in given
        if name not in known
    ][:MANY_FAULTS]
    values: dict[str, Value] = {}
    for item in inputs:
        try:
            values[item.name] = _read(item, given, unknown_allowed=unknown_allowed)
        except InputError as error:
            faults += error.faults
    faults += _crossed(inputs, values)
    if faults:
        raise InputError(faults)
    return values


def _crossed(inputs: Sequence[Input], values: Mapping[str, Value]) -> list[InputFault]:
    """Inputs that exceed the one they are a part of."""
    labels = {item.name: item.label for item in inputs}
    found = []
    for item in inputs:
        part, whole = values.get(item.name), values.get(item.not_over)
        if isinstance(part, Fraction) and isinstance(whole, Fraction) and part > whole:
            other = labels[item.not_over]
            found.append(
                InputFault(
                    item.name,
                    f"「{item.label}」が「{other}」より大きくなっています。",
                    f"「{other}」以下の値にしてください。",
                )
            )
    return found


def _read(item: Input, given: Mapping[str, Any], *, unknown_allowed: bool) -> Value:
    value = given.get(item.name, item.default)
    if value is None:
        if unknown_allowed and item.name in given:
            return None
        raise _fault(item, "がありません。", f"{_wanted(item)}を入れてください。")
    if item.kind is InputKind.LIST:
        return _list(item, value)
    if item.kind is InputKind.BOOLEAN:
        if isinstance(value, bool):
            return value
        raise _fault(
            item,
            f"の「{_shown(value)}」は「はい」「いいえ」ではありません。",
            "true か false にしてください。",
        )
    if item.kind is InputKind.CHOICE:
        return _choice(item, value)
    return _number(item, value, item.name)


def _list(item: Input, value: Any) -> tuple[Fraction, ...]:
    if not isinstance(value, list | tuple):
        raise _fault(item, "は一覧ではありません。", "数の一覧にしてください。例：[4000000, 3500000]")
    if len(value) > LONGEST_LIST:
        raise _fault(
            item, f"が多すぎます（{len(value):,}件）。", f"{LONGEST_LIST}件以内に分けて計算してください。"
        )
    return tuple(_number(item, member, f"{item.name}.{number}") for number, member in enumerate(value))


def _choice(item: Input, value: Any) -> str:
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        for choice in item.choices:
            if value == choice.value:
                return choice.value
        folded = _folded(value)
        for choice in item.choices:
            if folded in {_folded(word) for word in (choice.value, choice.label, *choice.also)}:
                return choice.value
    words = "、".join(choice.value for choice in item.choices)
    raise _fault(item, f"に「{_shown(value)}」はありません。", f"{words} から選んでください。")


def _folded(text: str) -> str:
    """Width and case do not matter; a circled number stays different from a plain one."""
    return "".join(
        sign if sign in "①②③④" else unicodedata.normalize("NFKC", sign) for sign in text
    ).casefold()


def _number(item: Input, value: Any, field: str) -> Fraction:
    number = _exact(item, value, field)
    if not item.minimum <= number <= item.maximum:
        side = "小さすぎ" if number < item.minimum else "大きすぎ"
        raise _fault(
            item,
            f"の「{_shown(value)}」は{side}ます。",
            f"{_plain(item.minimum)}から{_plain(item.maximum)}までの値にしてください。",
            field,
        )
    return number


def _exact(item: Input, value: Any, field: str) -> Fraction:
    whole = item.kind is not InputKind.RATIO
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        number = Fraction(value)
        if not whole or number.denominator == 1:
            return number
        raise _fault(item, "に小数は使えません。", "整数にしてください。", field)
    if isinstance(value, str) and not whole:
        return _ratio(item, value, field)
    if isinstance(value, AbsurdNumber):
        raise _fault(
            item,
            f"の「{_shown(value.text)}」は数として扱えません。",
            f"{_wanted(item)}にしてください。",
            field,
        )
    raise _fault(
        item, f"の「{_shown(value)}」は数ではありません。", f"{_wanted(item)}にしてください。", field
    )


def _ratio(item: Input, value: str, field: str) -> Fraction:
    try:
        number = fraction_of(value)
    except ZeroDivisionError:
        raise _fault(
            item, f"の「{_shown(value)}」は0で割っています。", "分母を1以上にしてください。", field
        ) from None
    if number is None:
        raise _fault(
            item, f"の「{_shown(value)}」は数ではありません。", f"{_wanted(item)}にしてください。", field
        )
    return number


def _wanted(item: Input) -> str:
    return {
        InputKind.INTEGER: f"整数（単位は{item.unit or '件'}）",
        InputKind.RATIO: '数か、"4/5" のような分数',
        InputKind.BOOLEAN: "true か false",
        InputKind.CHOICE: "選択肢のどれか",
        InputKind.LIST: f"整数（単位は{item.unit or '件'}）の一覧",
    }[item.kind]


def _plain(number: Fraction) -> str:
    return f"{number.numerator:,}" if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return str(value)[:30]
    return str(value)[:30] if isinstance(value, str) else type(value).__name__


def _fault(item: Input, fault: str, cure: str, field: str = "") -> InputError:
    return InputError([InputFault(field or item.name, f"「{item.label}」{fault}", cure)])

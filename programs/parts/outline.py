"""Trees of rules as indented lines that a person can read and type; what is typed becomes data, never code.

One node a line, its parts deeper below it: `言葉 値 ｜名：…｜単位：…｜表記：…`. The words are those of
`programs.funding.tree.OP_WORDS`, with 場合 and そのほか for the arms of 場合分け. Deeper is any number of blanks more.

    切り捨て 1円 ｜名：端数処理
      最小
        かける
          入力 補助対象経費
          数 2/3 ｜名：補助率
        数 20000000 ｜名：上限額｜単位：円
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from programs.funding.faults import RuleError
from programs.funding.inputs import Input
from programs.funding.tree import OP_WORDS, Node, tree_from

_OPS: Final = {word: op for op, word in OP_WORDS.items()}
_ARM: Final = "場合"
_ELSE: Final = "そのほか"
_NOTES: Final = {"名": "label", "単位": "unit", "表記": "text", "数え方": "counter", "言葉": "text"}
_ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "const": frozenset({"名", "単位", "表記"}),
    "sum": frozenset({"名", "数え方"}),
    "round_down": frozenset({"名", "表記"}),
    "input": frozenset(),
    "item": frozenset(),
    _ARM: frozenset({"言葉"}),
    _ELSE: frozenset({"言葉"}),
}
_BARE: Final = frozenset({"add", "subtract", "multiply", "divide", "min", "max", "case", "and", "or", "not", "at_least",
                          "at_most", "more", "less", "equal"})  # fmt: skip
_ONE: Final = 1
_TWO: Final = 2
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_BLANKS: Final = " \t\u3000"
_BAR: Final = re.compile(r"[｜|]")
_COLON: Final = re.compile(r"[：:]")
MOST_LINES: Final = 400


@dataclass
class _Line:
    number: int
    depth: int
    word: str
    value: str
    notes: dict[str, str]
    shown: str
    parts: "list[_Line]" = field(default_factory=list)

    def wrong(self, fault: str) -> RuleError:
        """An error that says where."""
        return RuleError(f"{self.number}行目「{self.shown[:40]}」：{fault}")


def tree_of(text: str, inputs: Sequence[Input]) -> tuple[dict[str, Any], Node]:
    """The tree of an outline, as data and ready to compute. Raises RuleError naming the line and what to do."""
    lines: dict[int, _Line] = {}
    root = _nested(_lines(text))
    names = called([{"name": item.name, "label": item.label} for item in inputs])
    data = _data(root, {_plain(label): name for name, label in names.items()}, lines)
    try:
        return data, tree_from(data, inputs)
    except RuleError as error:
        line = lines.get(id(error.node), root)
        raise line.wrong(str(error)) from None


def outline_of(tree: Mapping[str, Any], inputs: Sequence[Mapping[str, Any]]) -> str:
    """The outline of a tree; `tree_of` gives the tree again."""
    return "\n".join("  " * depth + line for depth, line in _printed(tree, called(inputs), 0))


def called(inputs: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What each input is called by people: its label, or its name where several have the label."""
    labels = [str(item["label"]) for item in inputs]
    return {
        str(item["name"]): label if labels.count(label) == 1 else str(item["name"])
        for item, label in zip(inputs, labels, strict=True)
    }


# --- Reading ------------------------------------------------------------------------------------------------


def _lines(text: str) -> list[_Line]:
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        body = raw.strip(_BLANKS)
        if not body:
            continue
        before = raw[: len(raw) - len(raw.lstrip(_BLANKS))]
        depth = sum(1 if blank == " " else 2 for blank in before)
        head, *notes = (part.strip(_BLANKS) for part in _BAR.split(body))
        word, *rest = re.split(f"[{_BLANKS}]+", head, maxsplit=1)
        line = _Line(number, depth, _plain(word), rest[0] if rest else "", {}, body)
        for note in filter(None, notes):
            name, *said = _COLON.split(note, maxsplit=1)
            if not said or name.strip() not in _NOTES:
                raise line.wrong(f"「{note[:20]}」が読めません。「名：上限額」のように書いてください。")
            line.notes[name.strip()] = said[0].strip()
        found.append(line)
    if not found:
        raise RuleError("式が空です。1行に1つずつ書いてください。")
    if len(found) > MOST_LINES:
        raise RuleError(f"式が長すぎます（{MOST_LINES}行まで）。")
    return found


def _nested(lines: Sequence[_Line]) -> _Line:
    root, above = lines[0], [lines[0]]
    for line in lines[1:]:
        while above and line.depth <= above[-1].depth:
            above.pop()
        if not above:
            raise line.wrong("いちばん上の行は1つだけにしてください。この行を字下げしてください。")
        if above[-1].parts and above[-1].parts[0].depth != line.depth:
            raise line.wrong("字下げが、すぐ上の同じ段の行とそろっていません。")
        above[-1].parts.append(line)
        above.append(line)
    return root


def _data(line: _Line, names: Mapping[str, str], lines: dict[int, _Line]) -> dict[str, Any]:
    op = _OPS.get(line.word)
    if op is None:
        known = "、".join(OP_WORDS.values())
        raise line.wrong(f"「{line.word[:20]}」という言葉はありません。使える言葉は {known} です。")
    _check_notes(line, op)
    if op in _BARE and line.value:
        raise line.wrong("この言葉には値を書きません。中身は、字下げして下の行に書いてください。")
    data: dict[str, Any] = {"op": op}
    lines[id(data)] = line
    for note, said in line.notes.items():
        data[_NOTES[note]] = said
    if op == "case":
        data |= _arms(line, names, lines)
    elif op in {"input", "item", "const"}:
        _has(line, 0)
        data |= _leaf(line, op, names)
    else:
        parts = [_data(part, names, lines) for part in line.parts]
        data |= _whole(line, op, parts)
    return data


def _whole(line: _Line, op: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """What a node with parts says beside its notes."""
    if op == "sum":
        _has(line, _TWO)
        if not line.value:
            raise line.wrong("1件の呼び方を書いてください。例：合計 経費")
        return {"name": line.value, "over": parts[0], "each": parts[1]}
    if op in {"not", "first", "one_of", "round_down"}:
        _has(line, _ONE)
        said: dict[str, Any] = {"of": parts[0]}
        if op == "first":
            return said | {"count": _number(line, _plain(line.value).removesuffix("件"))}
        if op == "one_of":
            return said | {"values": [part.strip() for part in line.value.split(" / ") if part.strip()]}
        return said | (
            {"unit": _number(line, _plain(line.value).removesuffix("円"))} if op == "round_down" else {}
        )
    return {"of": parts}


def _leaf(line: _Line, op: str, names: Mapping[str, str]) -> dict[str, Any]:
    if not line.value:
        raise line.wrong("値が空です。")
    if op == "const":
        plain = _plain(line.value).replace(",", "")
        return {"value": int(plain) if _WHOLE.fullmatch(plain) else plain}
    return {"name": names.get(_plain(line.value), line.value) if op == "input" else line.value}


def _arms(line: _Line, names: Mapping[str, str], lines: dict[int, _Line]) -> dict[str, Any]:
    *cases, other = line.parts or [line]
    if other.word != _ELSE or not cases:
        raise line.wrong("下に「場合」を1つ以上、最後に「そのほか」を書いてください。")
    told: dict[str, Any] = {"cases": []}
    for arm in cases:
        if arm.word != _ARM:
            raise arm.wrong("「場合」か、最後の「そのほか」を書いてください。")
        _check_notes(arm, _ARM)
        _has(arm, _TWO)
        when, then = (_data(part, names, lines) for part in arm.parts)
        said = {"text": arm.notes["言葉"]} if "言葉" in arm.notes else {}
        told["cases"].append({"when": when, "then": then, **said})
    _check_notes(other, _ELSE)
    _has(other, _ONE)
    told["else"] = _data(other.parts[0], names, lines)
    return told | ({"else_text": other.notes["言葉"]} if "言葉" in other.notes else {})


def _has(line: _Line, count: int) -> None:
    if len(line.parts) != count:
        wanted = "中身は書きません" if not count else f"下に字下げして{count}つ書いてください"
        raise line.wrong(f"中身が{len(line.parts)}つあります。{wanted}。")


def _check_notes(line: _Line, op: str) -> None:
    allowed = _ALLOWED.get(op, frozenset({"名"}))
    for note in line.notes:
        if note not in allowed:
            raise line.wrong(f"この行に「{note}」は書けません。")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _number(line: _Line, typed: str) -> int:
    plain = typed.replace(",", "").strip()
    if not _WHOLE.fullmatch(plain):
        raise line.wrong("整数を書いてください。例：切り捨て 1000円")
    return int(plain)


# --- Printing -----------------------------------------------------------------------------------------------


def _printed(node: Mapping[str, Any], names: Mapping[str, str], depth: int) -> Iterator[tuple[int, str]]:
    op = str(node["op"])
    if op == "case":
        yield depth, _line(OP_WORDS[op], "", node, ("名",))
        for arm in node["cases"]:
            yield depth + 1, _line(_ARM, "", arm, ("言葉",))
            yield from _printed(arm["when"], names, depth + 2)
            yield from _printed(arm["then"], names, depth + 2)
        yield (
            depth + 1,
            _line(_ELSE, "", {"text": node["else_text"]} if "else_text" in node else {}, ("言葉",)),
        )
        yield from _printed(node["else"], names, depth + 2)
        return
    notes = tuple(sorted(_ALLOWED.get(op, frozenset({"名"})), key=list(_NOTES).index))
    yield depth, _line(OP_WORDS[op], _value(node, op, names), node, notes)
    below = [node["over"], node["each"]] if op == "sum" else node.get("of", [])
    for part in [below] if isinstance(below, Mapping) else below:
        yield from _printed(part, names, depth + 1)


def _value(node: Mapping[str, Any], op: str, names: Mapping[str, str]) -> str:
    say = _VALUES.get(op)
    return names.get(str(node["name"]), str(node["name"])) if op == "input" else say(node) if say else ""


_VALUES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "item": lambda node: str(node["name"]),
    "sum": lambda node: str(node["name"]),
    "const": lambda node: str(node["value"]),
    "first": lambda node: f"{node['count']}件",
    "one_of": lambda node: " / ".join(node["values"]),
    "round_down": lambda node: f"{node['unit']}円",
}


def _line(word: str, value: str, node: Mapping[str, Any], notes: Sequence[str]) -> str:
    said = [f"{note}：{node[_NOTES[note]]}" for note in notes if node.get(_NOTES[note])]
    return " ".join(filter(None, [word, value])) + (f" ｜{'｜'.join(said)}" if said else "")

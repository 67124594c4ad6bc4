"""What the cells of a sheet are called, what may stand in them, and what is still missing. Pure.

A cell is named by (fiscal year, name). Names: the four texts of CellName; `compared` and `toward`, the form's own
questions, open with the result; `no_goal` ("1" for 目標設定なし) and `same_reason` beside goal and content; and for
an activity with the number 7 `planned-7`, `done-7` and `uncounted-7`. Values are texts; "" is blank.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from core.exceptions import Fault
from core.text import fold, unstorable
from indicators.enums import CellName, Compared, SameReason, Toward

Key = tuple[int, str]
LONGEST: Final = 4000
LONGEST_REASON: Final = 200
_MOST_DIGITS: Final = 12
_PLACES: Final = 2
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "compared": Compared.values,
    "toward": Toward.values,
    "no_goal": ("1",),
    "same_reason": SameReason.values,
}
_LABELS: Final = {
    "compared": "前の年度と比べて",
    "toward": "方向性・目標に",
    "no_goal": "目標設定なし（検討段階）",
    "same_reason": "変えない理由",
    "planned": "予定",
    "done": "実績",
    "uncounted": "数えていない理由",
}
_BESIDE: Final[Mapping[str, Sequence[str]]] = {
    "result": ("compared", "toward"),
    "goal": ("no_goal",),
    "content": ("same_reason",),
}
_COUNTED: Final[Mapping[str, Sequence[str]]] = {"result": ("done", "uncounted"), "goal": ("planned",)}
SAME_YEARS: Final = 3
TEXTS: Final = frozenset(CellName.values)


@dataclass(frozen=True)
class Activity:
    """An activity indicator as the rules see it."""

    number: int
    name: str
    unit: str = ""


def label_of(name: str, activities: Iterable[Activity] = ()) -> str:
    """The Japanese name of a cell: 実施結果, 方向性・目標に, 経営塾の実施回数 実績（回）."""
    if name in CellName.values:
        return str(CellName(name).label)
    base, _, number = name.partition("-")
    found = next((row for row in activities if str(row.number) == number), None)
    label = _LABELS.get(base, name)
    if found is None:
        return label
    return f"{found.name} {label}" + (f"（{found.unit}）" if found.unit and base != "uncounted" else "")


def opened(open_cells: Mapping[str, Sequence[str]], activities: Sequence[Activity] = ()) -> list[Key]:
    """Every cell that a round opens, in the order of the form: year by year, as CellName lists them."""
    keys: list[Key] = []
    for year in sorted(open_cells):
        for text in CellName.values:
            if text in open_cells[year]:
                keys.append((int(year), text))
                keys += [(int(year), name) for name in _BESIDE.get(text, ())]
                keys += [
                    (int(year), f"{name}-{row.number}")
                    for row in activities
                    for name in _COUNTED.get(text, ())
                ]
    return keys


def beside(key: Key, open_keys: Iterable[Key], activities: Sequence[Activity] = ()) -> list[Key]:
    """The cells that are opened together with a text when only that text is returned."""
    alone = opened({str(key[0]): [key[1]]}, activities) if key[1] in CellName.values else [key]
    known = set(open_keys)
    return [cell for cell in alone if cell in known]


def key_text(key: Key) -> str:
    """「2025/result」, as stored."""
    return f"{key[0]}/{key[1]}"


def parse_key(text: str) -> Key:
    """The cell behind 「2025/result」. Raises ValueError."""
    year, _, name = text.partition("/")
    return int(year), name


def number_of(value: str) -> Decimal | None:
    """A number as people type it (１，２３４ or 1,234.5), None for blank. Raises ValueError for anything else."""
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return None
    if not re.fullmatch(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", text):
        raise ValueError("数字で入力してください（例 68）。")
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError("数字で入力してください（例 68）。") from None
    exponent = number.as_tuple().exponent
    if number >= 10**_MOST_DIGITS or (isinstance(exponent, int) and -exponent > _PLACES):
        raise ValueError(f"{_MOST_DIGITS}桁まで、小数は{_PLACES}桁までで入力してください。")
    return number


def fault_of(key: Key, value: str, activities: Sequence[Activity] = ()) -> Fault | None:
    """What keeps a value from being stored in a cell; blank is always possible."""
    year, name = key
    said, cure = _fault(name, value)
    if not said:
        return None
    return Fault(key_text(key), f"{year}年度 {label_of(name, activities)}：{said}", cure)


def _fault(name: str, value: str) -> tuple[str, str]:
    """Fault and cure, or two blanks."""
    most = LONGEST if name in TEXTS else LONGEST_REASON
    if name.partition("-")[0] in {"planned", "done"}:
        try:
            number_of(value)
        except ValueError as error:
            return str(error), ""
    if fault := unstorable(value):
        return fault, ""
    if value and value not in _CHOICES.get(name, [value]):
        return "表示にない答えです。", "表示された中から1つえらびます。"
    if len(value) > most:
        return f"{len(value):,}字あり、長すぎます。", f"{most:,}字以内に短くしてください。"
    return "", ""


def missing(
    keys: Sequence[Key], values: Mapping[Key, str], activities: Sequence[Activity] = ()
) -> list[Fault]:
    """What must be written before a sheet is handed to the head: the four texts, or 目標設定なし for a goal.

    An activity needs its number; where it was not counted, the reason instead.
    """
    faults: list[Fault] = []
    for key in keys:
        year, name = key
        base, _, number = name.partition("-")
        if values.get(key, "").strip():
            continue
        where = f"{year}年度 {label_of(name, activities)}"
        if name == CellName.GOAL and not values.get((year, "no_goal")):
            faults.append(
                Fault(
                    key_text(key),
                    f"{where}が空です。",
                    "入力するか、「目標設定なし（検討段階）」をえらんでください。",
                )
            )
        elif name in {CellName.CONTENT, CellName.RESULT, CellName.ISSUES}:
            faults.append(Fault(key_text(key), f"{where}が空です。", "入力してください。"))
        elif base == "done" and not values.get((year, f"uncounted-{number}"), "").strip():
            faults.append(
                Fault(
                    key_text(key),
                    f"{where}が空です。",
                    "数字を入力するか、数えていない理由を書いてください。",
                )
            )
    return faults


def contradictions(
    keys: Sequence[Key], values: Mapping[Key, str], activities: Sequence[Activity] = ()
) -> list[Fault]:
    """Answers that exclude each other: a goal and 目標設定なし, a number and a reason for having none."""
    faults: list[Fault] = []
    for year, name in keys:
        base, _, number = name.partition("-")
        value = values.get((year, name), "").strip()
        if name == "no_goal" and value and values.get((year, "goal"), "").strip():
            faults.append(
                Fault(
                    key_text((year, name)), f"{year}年度の目標が書いてあるのに「目標設定なし」をえらんでいます。",
                    "どちらか一方にしてください。",
                )
            )  # fmt: skip
        if base == "done" and value and values.get((year, f"uncounted-{number}"), "").strip():
            faults.append(
                Fault(
                    key_text((year, name)), f"{year}年度 {label_of(name, activities)}と、数えていない理由の両方があります。",
                    "どちらか一方にしてください。",
                )
            )  # fmt: skip
    return faults


def warnings(keys: Sequence[Key], values: Mapping[Key, str], earlier: Mapping[Key, str]) -> list[Fault]:
    """What is worth a second look and stops nobody: an unanswered question of the form, a text as last year.

    `earlier` holds the texts of past years. A content that stands for the third year without a change is said so.
    """
    faults: list[Fault] = []
    for key in keys:
        year, name = key
        value = values.get(key, "")
        if name in {"compared", "toward"} and not value:
            faults.append(
                Fault(
                    key_text(key),
                    f"{year}年度「{label_of(name)}」に答えていません。",
                    "分かるときはえらんでください。",
                )
            )
        if name != CellName.CONTENT or not value.strip():
            continue
        years = unchanged_years(value, year, earlier)
        if years >= SAME_YEARS:
            faults.append(
                Fault(
                    key_text(key),
                    f"{year}年度の事業内容が{years}年続けて同じ文です。",
                    "進みぐあいが分かるように見直してください。",
                )
            )
        elif years > 1 and not values.get((year, "same_reason")):
            faults.append(
                Fault(
                    key_text(key),
                    f"{year}年度の事業内容が前の年度と同じ文です。",
                    "変えないときは理由をえらんでください。",
                )
            )
    return faults


def unchanged_years(value: str, year: int, earlier: Mapping[Key, str], name: str = "content") -> int:
    """How many years in a row say the same, this one included; the year's own number (R7年度) does not count."""
    count, same = 1, _bare(value)
    while same and _bare(earlier.get((year - count, name), "")) == same:
        count += 1
    return count


def _bare(text: str) -> str:
    """A text without spaces, width, and the years it names."""
    return re.sub(r"(?:令和|r)?[0-9元]{1,4}年度?", "", re.sub(r"\s+", "", fold(text)))


def shown(name: str, value: str) -> str:
    """A small cell in words: 良かった, はい, 12; "" for blank."""
    choices = {"compared": Compared, "toward": Toward, "same_reason": SameReason}
    if not value:
        return ""
    if name in choices:
        return str(choices[name](value).label)
    return "はい" if name == "no_goal" else value

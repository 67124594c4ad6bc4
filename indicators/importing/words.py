"""The words of the form, and how to know them again when a scanner or a hand has changed them.

Pure functions on short texts. `squeeze` removes spaces and width while it remembers where each character came
from, so that whatever is recognised can be pointed at in the source.
"""

import re
import unicodedata
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from core.wareki import parse_date


class Label(Enum):
    """The rows of a sheet that carry no year, by the word the form prints first."""

    DIRECTION = "方向性"
    POLICY = "基本方針"
    MEASURE = "施策名"
    OVERVIEW = "事業概要"
    DEPARTMENTS = "課名等"
    GOAL = "計画の目標"


# The four cells of a fiscal year: key → the words that name it on the form (the first is the usual one).
CELL_WORDS: Final = {
    "content": ("事業内容",),
    "goal": ("・目標", "目標"),
    "result": ("実施結果",),
    "issues": ("以降の課題",),
}
CELL_NAMES: Final = {
    "content": "事業内容",
    "goal": "目標・注力する所",
    "result": "実施結果",
    "issues": "以降の課題",
}
OUTLOOKS: Final = ("拡充", "継続", "新規", "縮小", "統合", "完了")
HEAD_WORDS: Final = ("展望", "重点テーマ")
_SYNONYMS: Final = {
    "施策名称": Label.MEASURE, "事業の概要": Label.OVERVIEW, "施策概要": Label.OVERVIEW, "課名": Label.DEPARTMENTS,
    "担当課等": Label.DEPARTMENTS, "担当課": Label.DEPARTMENTS, "所管課": Label.DEPARTMENTS,
}  # fmt: skip
_LABELS: Final = {**{label.value: label for label in Label}, **_SYNONYMS}
_LONGEST_FIRST: Final = tuple(sorted(_LABELS, key=len, reverse=True))

_TOO_SHORT_TO_TELL: Final = 3
_UNIT_ENDS: Final = ("課", "担当", "室", "部", "係", "局", "センター", "）", ")", "など")
_CIRCLES: Final = frozenset("○◯〇●◎⚪⭕")
_CIRCLE_LETTERS: Final = frozenset("OoＯｏ0０Оо")
CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DIGIT_LIKE: Final = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "〇": "0", "○": "0", "l": "1", "I": "1", "|": "1"}
)
_ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
ROMAN_SIGNS: Final = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
_NUMERAL: Final = re.compile(r"([IVXivxl|｜]{1,5}|[0-9]{1,2})(?:[\s.:、)]+)(?=\S)")
_NUMBER: Final = re.compile(r"([0-9０-９OoQＯｏ〇○lI|]{1,3})(?:[\s.．、:：]+(?=\S)|(?=[^\s0-9A-Za-z０-９]))")
_YEAR: Final = re.compile(r"(?P<era>令和|平成|昭和|[RHS])?(?P<year>元|[0-9OoQlI|]{1,4})年度", re.IGNORECASE)
_ERAS: Final = {"R": "令和", "H": "平成", "S": "昭和"}
_WESTERN: Final = 1000


class _Plain(dict[str, str]):
    """One character without spaces and in one width; each is worked out once, as texts have few different ones."""

    def __missing__(self, char: str) -> str:
        kept = char in CIRCLED or char in ROMAN_SIGNS
        plain = char if kept else "".join(unicodedata.normalize("NFKC", char).split())
        self[char] = plain
        return plain


_PLAIN: Final = _Plain()
_REMEMBERED: Final = 1024  # beginnings of lines: a form's few labels stand on every sheet
_HEAD: Final = 120  # characters in which a label must have ended, spaces included


def squeeze(text: str) -> tuple[str, list[int]]:
    """The text without spaces and in one width, and for each of its characters where it stood."""
    parts = list(map(_PLAIN.__getitem__, text))
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def squeezed(text: str) -> str:
    """The text without spaces and in one width."""
    return "".join(map(_PLAIN.__getitem__, text))


def key(text: str) -> str:
    """What two spellings of one name have in common: no spaces, brackets, dots; one width."""
    return re.sub(r"[\s()（）「」『』・,、.。\-]", "", squeezed(text)).casefold()


class Found(NamedTuple):
    """A recognised beginning of a cell: what it is, where it ends in the cell, and what it should have been."""

    label: Label
    end: int
    meant: str = ""


@lru_cache(maxsize=_REMEMBERED)
def label_of(text: str) -> Found | None:
    """The form's word a cell begins with: alone, or followed by a space or colon and its value."""
    plain, places = squeeze(text[:_HEAD])
    for word in _LONGEST_FIRST:
        if plain.startswith(word):
            end = places[len(word) - 1] + 1
            if (
                end == len(text)
                or text[end].isspace()
                or text[end] in ":："
                or _numbered(_LABELS[word], text[end:])
            ):
                return Found(_LABELS[word], end)
    return None


def _numbered(label: Label, rest: str) -> bool:
    """Whether a value that lost its tab follows a label: a number, or the name of a unit."""
    if label is Label.DIRECTION:
        return numeral(rest) is not None
    if label is Label.DEPARTMENTS:
        return rest.endswith(_UNIT_ENDS)
    return label in {Label.POLICY, Label.MEASURE} and rest[0] not in CIRCLED and number(rest) is not None


def misread_label(text: str) -> Found | None:
    """A word of the form with exactly one character misread, as the whole cell."""
    plain = squeezed(text)
    near = [word.value for word in Label if _one_off(plain, word.value)]
    return Found(Label(near[0]), len(text), near[0]) if len(near) == 1 else None


def _one_off(text: str, word: str) -> bool:
    return len(text) == len(word) and sum(a != b for a, b in zip(text, word, strict=True)) == 1


class YearLabel(NamedTuple):
    """A label such as 「R7年度 事業内容」: the year it prints, the cell, and where its parts end in the text.

    `meant` is what the label should have said where a digit or a character of it was misread.
    """

    year: int
    cell: str
    end: int
    meant: str = ""


@lru_cache(maxsize=_REMEMBERED)
def year_label(text: str) -> YearLabel | None:
    """The fiscal year and cell that a label names, or None. Misread digits and one misread character are borne."""
    plain, places = squeeze(text[:_HEAD])
    found = _YEAR.match(plain)
    if found is None:
        return None
    digits = found["year"].translate(_DIGIT_LIKE)
    year = fiscal_year(found["era"] or "", digits)
    named = _cell_of(plain[found.end() :])
    if year is None or named is None:
        return None
    cell, word, length = named
    misread = digits != found["year"] or plain[found.end() : found.end() + length] != word
    meant = f"{found['era'] or ''}{digits}年度{word}" if misread else ""
    return YearLabel(year, cell, places[found.end() + length - 1] + 1, meant)


def _cell_of(rest: str) -> tuple[str, str, int] | None:
    for cell, words in CELL_WORDS.items():
        for word in words:
            if rest.startswith(word):
                return cell, word, len(word)
    for cell, words in CELL_WORDS.items():
        if len(words[0]) > _TOO_SHORT_TO_TELL and _one_off(rest[: len(words[0])], words[0]):
            return cell, words[0], len(words[0])
    return None


def fiscal_year(era: str, digits: str) -> int | None:
    """令和7 → 2025; 2025 → 2025. A one- or two-digit year without an era is read as 令和."""
    if digits == "元":
        digits = "1"
    if not digits.isdecimal():
        return None
    number = int(digits)
    if number >= _WESTERN and not era:
        return number
    name = _ERAS.get(era.upper(), era) or "令和"
    for day in ("4月1日", "12月1日"):  # 平成31年度 and 令和元年度 are one fiscal year with two names
        try:
            return parse_date(f"{name}{number}年{day}").year
        except ValueError:
            continue
    return None


def misread_outlook(text: str) -> str:
    """The one outlook that differs from a text of its length in a single character, or ""."""
    near = [word for word in OUTLOOKS if _one_off(squeezed(text), word)]
    return near[0] if len(near) == 1 else ""


def is_rule(text: str) -> bool:
    """A line drawn in a table: dashes only."""
    return bool(re.fullmatch(r"[\s:|+=_\-‐-―─━ー－]+", text)) and len(text.strip()) > 1


def is_circle(text: str) -> bool:
    """A mark in a column of themes, also where it was read as a letter or a nought."""
    return len(text) == 1 and (text in _CIRCLES or text in _CIRCLE_LETTERS)


def is_certain_circle(text: str) -> bool:
    """A mark that is no letter and no nought."""
    return text in _CIRCLES


def is_misread_circle(text: str) -> bool:
    """A letter or a nought in the place of ○."""
    return text in _CIRCLE_LETTERS


class Numeral(NamedTuple):
    """A direction's number: its value, its end in the text, and the sign the form prints for it."""

    value: int
    end: int
    sign: str


def numeral(text: str) -> Numeral | None:
    """The number before a direction's name, Ⅱ or II or 2, with a space behind it."""
    if text[:1] and text[0] in ROMAN_SIGNS:
        return Numeral(ROMAN_SIGNS.index(text[0]) + 1, 1, text[0])
    plain = "".join(wide if len(wide := unicodedata.normalize("NFKC", char)) == 1 else char for char in text)
    found = _NUMERAL.match(plain)
    if found is None:
        return None
    signs = found[1]
    if signs.isdecimal():
        return Numeral(int(signs), found.end(1), signs)
    value = _ROMAN.get(signs.upper().replace("L", "I").replace("|", "I").replace("｜", "I"))
    return Numeral(value, found.end(1), ROMAN_SIGNS[value - 1]) if value else None


class Number(NamedTuple):
    """The number before a measure's or policy's name: digits as meant, and its end in the text."""

    digits: str
    end: int


def number(text: str) -> Number | None:
    """The number before a name: 01, ０１, O1, l2. A name that merely begins with a letter has none."""
    found = _NUMBER.match(text)
    if found is None:
        return None
    digits = unicodedata.normalize("NFKC", found[1]).translate(_DIGIT_LIKE)
    follows = text[found.end(1) : found.end(1) + 1]
    if not any(char.isdecimal() for char in found[1]) and not follows.isspace():
        return None
    return Number(digits, found.end(1)) if digits.isdecimal() and int(digits) else None


_OTHER_MARKS: Final = {
    chr(start + place): CIRCLED[place]
    for start, count in ((0x2474, 20), (0x24F5, 10), (0x2776, 10), (0x2780, 10), (0x278A, 10))
    for place in range(count)
}
_MARK: Final = re.compile(rf"\s*([{CIRCLED}{''.join(_OTHER_MARKS)}]+|(?:[(（][0-9０-９]{{1,2}}[)）])+)$")


class Mark(NamedTuple):
    """The mark behind a name that tells sheets of one name apart: ③, ④⑤; `start` and `end` in the text."""

    signs: str
    start: int
    end: int


def mark(text: str) -> Mark | None:
    """The circled numbers at the end of a name; (3), ❸ and ⑶ are read as ③."""
    found = _MARK.search(text)
    if found is None:
        return None
    signs = "".join(_OTHER_MARKS.get(sign, sign) for sign in found[1])
    if signs[0] in "(（":
        signs = circled(
            [int(unicodedata.normalize("NFKC", digits)) for digits in re.findall(r"[0-9０-９]+", signs)]
        )
    return Mark(signs, found.start(1), found.end(1)) if signs else None


def bare_mark(text: str) -> Mark | None:
    """Plain digits at the end of a name, each for a circled one: what a scanner makes of ④⑤."""
    found = re.search(r"\s*([1-9１-９]{1,3})$", text)
    if found is None or found.start() == 0:
        return None
    return Mark(circled([int(digit) for digit in found[1]]), found.start(1), found.end(1))


def circled(values: list[int]) -> str:
    """3, 4 → ③④; "" where one of them has no circled form."""
    return (
        "".join(CIRCLED[value - 1] for value in values) if all(1 <= v <= len(CIRCLED) for v in values) else ""
    )


def circled_value(sign: str) -> int:
    """③ → 3."""
    return CIRCLED.index(sign) + 1


_REFERENCE: Final = re.compile(
    r"施策(?:No|№|番号|第)?[.:]?(?P<number>[0-9OolI]{1,3})(?:-(?P<branch>[0-9]{1,2}))?(?P<see>[はを]?参照)?",
    re.IGNORECASE,
)


def references(text: str, own: str = "") -> list[str]:
    """The numbers of the sheets that a 再掲 cell points to, in order, each once; [] where it is no 再掲.

    Numbers followed by 参照 are pointed to; where none is, every number but the sheet's own.
    """
    plain = unicodedata.normalize("NFKC", re.sub(r"\s", "", text))
    if not plain.lstrip("(※【[").startswith("再掲"):
        return []
    found = [
        (str(int(digits)) + (f"-{match['branch']}" if match["branch"] else ""), bool(match["see"]))
        for match in _REFERENCE.finditer(plain)
        if (digits := match["number"].translate(_DIGIT_LIKE)).isdecimal()
    ]
    seen = [number for number, see in found if see] or [number for number, _ in found if number != own]
    return list(dict.fromkeys(seen or [number for number, _ in found]))


def sets_no_goal(text: str) -> bool:
    """Whether a cell says that no goal is set, which is a legitimate answer."""
    return bool(
        re.search(r"目標(?:は|を|の)?(?:設定)?(?:なし|無し|ありません|しません|設定しません)", squeezed(text))
    )

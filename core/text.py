"""Text as people search and count it. Stored text stays verbatim; folding makes a separate search key."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import add

from core.wareki import long_date, parse_date, short_date, wareki, wareki_year

__all__ = [
    "bigram_keys",
    "bigrams",
    "contains",
    "fold",
    "grapheme_length",
    "long_date",
    "one_line",
    "parse_date",
    "short_date",
    "unstorable",
    "wareki",
    "wareki_year",
]

_HIRAGANA = (*range(0x3041, 0x3097), 0x309D, 0x309E)
_TO_KATAKANA = {point: point + 0x60 for point in _HIRAGANA}
_SPACING_MARKS = str.maketrans("゛゜", "\u3099\u309a")  # typed after a letter they belong to it, as in か゛
# Spellings of one name that Unicode keeps apart: variant kanji in names of places and people, small ヶ/ヵ
# (青ヶ島・青ケ島), the dashes and the wave dash people type for one another. Never ー, which is a sound.
_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "〜": "~",
        "ヶ": "ケ",
        "ヵ": "カ",
        "髙": "高",
        "﨑": "崎",
        "𠮷": "吉",
        "濵": "浜",
        "濱": "浜",
        "澤": "沢",
        "瀨": "瀬",
        "德": "徳",
        "檜": "桧",
        "邊": "辺",
        "邉": "辺",
        "齋": "斎",
        "廣": "広",
        "國": "国",
    }
)


def fold(text: str) -> str:
    """The search key of a text: width, case and kana folded, invisible characters gone, spaces single.

    Idempotent. NFKC, casefold, ひらがな→カタカナ, and the variants above; never shown to anybody.
    """
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    plain = (
        unicodedata.normalize("NFKC", text.translate(_SPACING_MARKS))
        .casefold()
        .translate(_TO_KATAKANA)
        .translate(_VARIANTS)
    )
    visible = "".join(char for char in plain if not _invisible(char))
    return unicodedata.normalize("NFKC", " ".join(visible.split()))


def _invisible(char: str) -> bool:
    """Controls that are not spaces, format characters, surrogates, variation selectors."""
    if char.isspace():
        return False
    return (
        unicodedata.category(char) in {"Cc", "Cf", "Cs"}
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def bigrams(text: str) -> frozenset[str]:
    """Every two neighbouring characters of the folded text, none across a space.

    A text that contains a query has all of the query's bigrams: a cheap index condition which `contains`
    then rechecks. A query of one character has none and must be rechecked alone.
    """
    folded = fold(text)
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1) if " " not in folded[i : i + 2])


def bigram_keys(folded: str, mark: str = "k") -> frozenset[str]:
    """The keys an index holds of a folded text: every two neighbouring characters, none of them a space.

    One function for what is stored and what is looked for, on both engines. A key is `mark`, then the two code
    points in hexadecimal: letters and digits alone, so that no engine splits, folds or drops any of it. What has
    exactly two characters occurs where its key occurs; of anything longer the keys say where it may occur.
    """
    pairs = set(map(add, folded, folded[1:]))
    return frozenset(map(_codes_of(mark).__getitem__, pairs)) - {""}


class _PairCodes(dict[str, str]):
    """The key of each pair of characters seen so far, "" where one is a space; begun anew when there are too many."""

    MOST = 1 << 17

    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def __missing__(self, pair: str) -> str:
        if len(self) >= self.MOST:
            self.clear()
        spaced = any(map(str.isspace, pair))
        code = self[pair] = "" if spaced else self._mark + "x".join(f"{ord(char):x}" for char in pair)
        return code


@lru_cache(maxsize=8)
def _codes_of(mark: str) -> _PairCodes:
    return _PairCodes(mark)


def contains(text: str, query: str) -> bool:
    """Whether every word of the query (split at spaces, full width too) occurs somewhere in the text."""
    folded = fold(text)
    return all(word in folded for word in fold(query).split(" "))


def one_line(text: str) -> str:
    """The text without line breaks and controls: for mail subjects, log lines and file names."""
    return " ".join(
        "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text).split()
    )


def unstorable(text: str) -> str:
    """Why a text cannot be stored, in Japanese, or "" if it can. NUL and lone surrogates are refused."""
    if "\x00" in text:
        return "表示できない制御文字（NUL）が含まれています。貼り付けた元の文字を確かめて、入力し直してください。"
    if any(unicodedata.category(char) == "Cs" for char in text):
        return "壊れた文字が含まれています。その文字を消して、入力し直してください。"
    return ""


# --- Counting what people perceive as one character ----------------------------------------------------

_EXTENDING = {"Mn", "Me", "Mc"}
_ZWJ = "\u200d"
_HANGUL = re.compile(
    "[\u1100-\u115f\ua960-\ua97c]*[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*"
)


def grapheme_length(text: str) -> int:
    """How many characters a reader sees: 𠮷, ｶﾞ, 葛󠄀, 👨‍👩‍👧, 🇯🇵 and CR LF count as one each.

    Follows the extended grapheme clusters of Unicode Annex 29 as far as Japanese office text needs.
    """
    return sum(1 for _ in _cluster_starts(_HANGUL.sub("가", text.replace("\r\n", "\n"))))


def _cluster_starts(text: str) -> Iterable[int]:
    previous, flags = "", 0
    for position, char in enumerate(text):
        regional = "\U0001f1e6" <= char <= "\U0001f1ff"
        joined = previous == _ZWJ and _pictograph(char)
        second_flag = regional and flags % 2 == 1
        if not previous or previous in "\n\r" or not (_extends(char) or joined or second_flag):
            yield position
        flags = flags + 1 if regional else 0
        previous = char


def _extends(char: str) -> bool:
    return (
        unicodedata.category(char) in _EXTENDING
        or char == _ZWJ
        or char in "\uff9e\uff9f"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _pictograph(char: str) -> bool:
    return "\U0001f000" <= char <= "\U0001faff" or "\u2190" <= char <= "\u2bff"

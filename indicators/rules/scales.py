"""A plan's own scale of judgement, as data: a formula by name and the grades its shares fall into. Exact fractions.

`{"name": "達成度の3段階", "own": true, "formula": "attainment", "grades": [["1", "達成"], ["1/2", "順調"]], "below": "遅れ"}`:
`own` says whether the scale stands in the city's own documents; one that does not is shown as ポータル独自. Each grade
has the least share it asks for, from the highest down; what reaches none is `below`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from indicators.enums import ScaleFormula

MOST_GRADES: Final = 8
LONGEST_LABEL: Final = 30
_SHARE: Final = re.compile(
    r"(?P<over>-?\d{1,6})/(?P<under>\d{1,6})|(?P<percent>-?\d{1,6}(?:\.\d{1,4})?)[%％]|(?P<plain>-?\d{1,6}(?:\.\d{1,4})?)"
)


@dataclass(frozen=True)
class Grade:
    """A grade and the least share it asks for."""

    at_least: Fraction
    label: str


@dataclass(frozen=True)
class Scale:
    """A declared scale; `grades` from the highest share down."""

    name: str
    own: bool
    formula: ScaleFormula
    grades: tuple[Grade, ...]
    below: str


@dataclass(frozen=True)
class Graded:
    """A grade that was reached, with the share and the words that explain it."""

    label: str
    share: Fraction
    sentence: str


def share_of_text(text: str) -> Fraction:
    """1, 0.8, 80%, 4/5 as a fraction. Raises ValueError in words for anything else."""
    found = _SHARE.fullmatch(unicodedata.normalize("NFKC", text).replace("−", "-").strip())
    if found is None or found["under"] == "0" or (found["under"] and not int(found["under"])):
        raise ValueError(f"割合「{text}」を読み取れません。80%、0.8、4/5のように書いてください。")
    if found["over"]:
        return Fraction(int(found["over"]), int(found["under"]))
    return Fraction(found["percent"]) / 100 if found["percent"] else Fraction(found["plain"])


def read_scale(data: Mapping[str, Any]) -> Scale | None:
    """The scale behind a plan's JSON, None where none is declared. Raises ValueError in words for a bad one."""
    if not data:
        return None
    try:
        formula = ScaleFormula(data["formula"])
        grades = tuple(Grade(share_of_text(str(share)), str(label)) for share, label in data["grades"])
        scale = Scale(str(data["name"]), data["own"] is True, formula, grades, str(data["below"]))
    except (KeyError, TypeError) as error:
        raise ValueError("物差しの形が正しくありません。") from error
    _refuse_bad(scale)
    return scale


def _refuse_bad(scale: Scale) -> None:
    labels = [*(grade.label for grade in scale.grades), scale.below]
    shares = [grade.at_least for grade in scale.grades]
    if not 1 <= len(shares) <= MOST_GRADES:
        raise ValueError(f"段階は1つから{MOST_GRADES}つまでにしてください。")
    if any(not label.strip() or len(label) > LONGEST_LABEL for label in labels):
        raise ValueError(f"段階の名前を{LONGEST_LABEL}文字までで入れてください。")
    if len(set(labels)) != len(labels):
        raise ValueError("段階の名前は、それぞれ別のものにしてください。")
    if any(above <= below for above, below in pairwise(shares)):
        raise ValueError("段階は、割合の大きいものから順に、重ならないように並べてください。")


def scale_data(
    *, name: str, own: bool, formula: str, grades: Sequence[tuple[str, str]], below: str
) -> dict[str, Any]:
    """The JSON of a scale, checked. Raises ValueError in words."""
    pairs = [[str(share_of_text(share)), label.strip()] for share, label in grades]
    data = {
        "name": name.strip(),
        "own": own,
        "formula": formula,
        "grades": pairs,
        "below": below.strip(),
    }
    read_scale(data)
    return data


def share(
    formula: ScaleFormula,
    *,
    value: Decimal,
    baseline: Decimal,
    target: Decimal,
    higher_is_better: bool,
    passed: int = 0,
    whole: int = 0,
) -> Fraction | None:
    """The share by a formula; None where it would divide by zero. `passed` and `whole` are years since the baseline."""
    now, start, aim = Fraction(value), Fraction(baseline), Fraction(target)
    if formula is ScaleFormula.RATIO:
        over, under = (now, aim) if higher_is_better else (aim, now)
        return over / under if under > 0 and over >= 0 else None
    if aim == start:
        return None
    attained = (now - start) / (aim - start)
    if formula is ScaleFormula.ATTAINMENT:
        return attained
    return attained / Fraction(passed, whole) if passed > 0 and whole > 0 else None


def grade(scale: Scale, reached: Fraction) -> Graded:
    """The first grade whose share is reached, with the words that say why."""
    found = next((row for row in scale.grades if reached >= row.at_least), None)
    label = found.label if found else scale.below
    bound = f"{percent(found.at_least)}以上" if found else f"{percent(scale.grades[-1].at_least)}に届かない"
    return Graded(label, reached, f"「{scale.name}」では{percent(reached)}で、{bound}「{label}」です")


def percent(value: Fraction) -> str:
    """A share in words: 80%, 約33.3% where the tenth does not hold it, with a true minus sign."""
    tenths = value * 1000
    rounded = round(abs(tenths))
    text = f"{rounded // 10}" + (f".{rounded % 10}" if rounded % 10 else "")
    sign = "−" if value < 0 and rounded else ""
    return f"{'' if tenths.denominator == 1 else '約'}{sign}{text}%"

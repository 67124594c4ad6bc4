"""What the paper of a plan says, in words: cover, indicators with their roll-up, one sheet a measure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from core import fiscal_year
from core.wareki import wareki
from indicators.enums import GoalStatus
from indicators.models import Measure, Plan, SheetYear
from indicators.queries.figures import DirectionLine, Standing

_SHAPELESS: Final = frozenset({"Cc", "Cf", "Cs"})
_NO_CHARACTERS: Final = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_SUMMARY: Final = "（要約）"
_ROWS: Final = (
    ("事業内容", "content"), ("目標・注力する所・変更箇所", "goal"), ("実施結果", "result"), ("次年度以降の課題", "issues"),
)  # fmt: skip


@dataclass(frozen=True)
class Year:
    """One fiscal year of a sheet: its label and its four rows, (name, text)."""

    label: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """One measure."""

    title: str
    place: str
    facts: tuple[tuple[str, str], ...]
    years: tuple[Year, ...]


@dataclass(frozen=True)
class Part:
    """One direction: how its indicators stand together."""

    title: str
    sentence: str


@dataclass(frozen=True)
class Paper:
    """The whole paper. `mark` says that it is not published, "" where it is."""

    title: str
    city: str
    made: str
    goal: str
    mark: str
    parts: tuple[Part, ...]
    indicators: tuple[tuple[str, ...], ...]
    sheets: tuple[Sheet, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data for the typesetter."""
        return asdict(self)


def paper_of(
    plan: Plan,
    lines: Sequence[DirectionLine],
    standings: Sequence[Standing],
    measures: Sequence[Measure],
    on: date,
    *,
    years: Mapping[int, Sequence[SheetYear]] | None = None,
    mark: str = "",
) -> Paper:
    """The paper of a day. `years` replaces the published years of a measure with what stands in a round."""
    return Paper(
        title=f"{plan.title}　進行管理表", city=plan.organization.name, made=f"{wareki(on)}現在", goal=plan.goal, mark=mark,
        parts=tuple(Part(str(line.direction), line.roll_up.sentence) for line in lines),
        indicators=tuple(_indicator(row) for row in standings),
        sheets=tuple(
            _sheet(row, list(row.years.all()) if years is None else years[row.pk]) for row in measures
        ),
    )  # fmt: skip


def _indicator(row: Standing) -> tuple[str, ...]:
    indicator = row.indicator
    whose = "" if row.is_own_scale else "（ポータル独自の見方）"
    return (
        indicator.name, indicator.baseline_text, indicator.target_text, f"{row.judgement.sentence}{whose}",
        indicator.next_update_text,
    )  # fmt: skip


def _sheet(measure: Measure, years: Sequence[SheetYear]) -> Sheet:
    policy = measure.policy
    units = [measure.lead_department, *(unit["name"] for unit in measure.related_departments)]
    themes = "、".join(theme.label for theme in measure.themes.all())
    facts = (
        ("展望", measure.get_outlook_display()), ("重点テーマ", themes or "なし"),
        ("課名等", "、".join(filter(None, units)) + ("など" if measure.and_others else "")),
        ("事業概要", plain(measure.overview) or _summarised(measure.summary)),
    )  # fmt: skip
    return Sheet(
        f"{measure.printed_number}　{measure.full_title}", f"{policy.direction}　＞　{policy}", facts,
        tuple(_year(row) for row in years),
    )  # fmt: skip


def _summarised(text: str) -> str:
    return f"{plain(text)}{_SUMMARY}" if text else ""


def _year(year: SheetYear) -> Year:
    rows = []
    for label, name in _ROWS:
        text = plain(getattr(year, name)) or _summarised(getattr(year, f"{name}_summary"))
        if name == "goal" and not text and year.goal_status == GoalStatus.NOT_SET:
            text = str(GoalStatus.NOT_SET.label)
        rows.append((label, text))
    again = year.refers_to
    label = f"{fiscal_year.label(year.fiscal_year)}" + (f"（再掲：{again}）" if again else "")
    return Year(label, tuple(rows))


def plain(text: str) -> str:
    """A text without what has no shape and no paper can hold; line ends as newlines."""
    lines = _NO_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in _SHAPELESS)

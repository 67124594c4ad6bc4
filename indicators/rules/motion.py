"""What moves and what stands still: the form's own answers first, then what the texts themselves show."""

from collections.abc import Mapping
from typing import Final

from core import fiscal_year
from indicators.enums import Motion, Toward
from indicators.rules.sheets import SAME_YEARS, Key, unchanged_years

_MOTIONS: Final = {Toward.NEARER: Motion.MOVES, Toward.SAME: Motion.STILL, Toward.FARTHER: Motion.BACK}


def motion_of(toward: Toward | str) -> Motion:
    """Of an indicator's way from its baseline, or a sheet's answer; "" and 判断できない say nothing."""
    return _MOTIONS.get(Toward(toward), Motion.SILENT) if toward else Motion.SILENT


def motion_of_sheet(answers: Mapping[int, str], contents: Mapping[Key, str]) -> tuple[Motion, str]:
    """A measure's motion and the words behind it: its newest answer, else a content that has not changed for years.

    `answers` are the years' 方向性・目標に (Toward or ""), `contents` the 事業内容 by (year, "content").
    """
    said = max((year for year, answer in answers.items() if answer), default=None)
    if said is not None and (found := motion_of(answers[said])) is not Motion.SILENT:
        return found, f"{fiscal_year.label(said)}に「{Toward(answers[said]).label}」と答えています。"
    newest = max((year for (year, _), text in contents.items() if text.strip()), default=None)
    if newest is not None:
        years = unchanged_years(contents[newest, "content"], newest, contents)
        if years >= SAME_YEARS:
            return Motion.STILL, f"事業内容が{years}年続けて同じ文です。"
    return Motion.SILENT, "目標に近づいたかどうかの答えが、まだありません。"

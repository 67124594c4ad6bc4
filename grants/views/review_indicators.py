"""The project's indicators in a submitted version, line by line, with what the version before said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grants.queries.project_indicators import indicator_words


@dataclass(frozen=True)
class IndicatorLine:
    """One line of an indicator; `before` is the earlier version's words where they differ, else None."""

    label: str
    value: str
    before: str | None


@dataclass(frozen=True)
class IndicatorSection:
    """One indicator."""

    label: str
    entries: list[IndicatorLine]


def indicator_sections(data: Mapping[str, Any], old: Mapping[str, Any] | None) -> list[IndicatorSection]:
    """Every indicator of either version, by its place."""
    now, then = data.get("indicators", []), (old or {}).get("indicators", [])
    found = []
    for place in range(max(len(now), len(then))):
        words, before = _lines(now, place), _lines(then, place)
        entries = [
            IndicatorLine(term, words.get(term, ""), _otherwise(term, words, before) if old else None)
            for term in dict.fromkeys([*words, *before])
        ]
        found.append(IndicatorSection(f"成果指標{place + 1}", entries))
    return found


def _lines(rows: list[Mapping[str, Any]], place: int) -> dict[str, str]:
    if place >= len(rows):
        return {}
    return {"指標": rows[place]["name"], **dict(indicator_words(rows[place]))}


def _otherwise(term: str, now: Mapping[str, str], before: Mapping[str, str]) -> str | None:
    return before.get(term, "") if now.get(term, "") != before.get(term, "") else None

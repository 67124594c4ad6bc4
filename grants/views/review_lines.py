"""The lines of a submitted version, with what changed since the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Data = Mapping[str, Any]


@dataclass(frozen=True)
class ChosenLine:
    """A line that is applied for: what is planned, what is asked for in yen, whether it differs from before."""

    label: str
    outline: str
    amount: int
    changed: bool


def chosen_lines(data: Data, old: Data | None) -> list[ChosenLine]:
    """Those of a version; `old` is the version before, where there is one."""
    before = {line["line"]: line for line in old.get("lines", [])} if old else None
    return [
        ChosenLine(
            str(line["label"]), str(line["outline"]), int(line["amount"]),
            before is not None and before.get(line["line"]) != line,
        )
        for line in data.get("lines", [])
    ]  # fmt: skip

"""Lines: one application takes several of a program's components, each with its own terms and its own request.

A rate or a cap that the sources do not state is None: the amount asked for then stands as it is, within the cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.exceptions import Fault


@dataclass(frozen=True)
class Line:
    """One line. `types` are codes of accounts.enums.MunicipalType (empty: every municipality), `cap` yen."""

    code: str
    label: str
    program: str
    types: frozenset[str]
    rate: Fraction | None
    cap: int | None
    note: str

    def is_open_to(self, municipal_type: str) -> bool:
        """Whether a municipality of this type may choose it."""
        return not self.types or municipal_type in self.types

    def refusal(self, town: str, type_labels: Mapping[str, str]) -> Fault:
        """Why a town cannot choose it. `type_labels`: 「町」 by code."""
        named = "・".join(label for code, label in type_labels.items() if code in self.types)
        return Fault(
            f"lines/{self.code}",
            f"「{self.label}」は{named}だけが対象です。{town}は選べません。",
            "ほかの取組を選んでください。",
        )


def line_of(data: Mapping[str, Any]) -> Line:
    """A line as a form's data says it: {"code", "label", "program", "types", "rate", "cap", "note"}."""
    rate = data.get("rate")
    return Line(
        str(data["code"]), str(data["label"]), str(data.get("program", "")),
        frozenset(str(kind) for kind in data.get("types", [])), Fraction(rate) if rate else None, data.get("cap"),
        str(data.get("note", "")),
    )  # fmt: skip

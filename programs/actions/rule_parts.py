"""What a rule on its way must say, and what publishing it does. A rule is published only while every example holds.

What was decided before keeps its own trail (grants), and each earlier version stays in the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from core.exceptions import Fault
from programs.enums import PartKind
from programs.funding.inputs import input_from
from programs.models import EligibilityRule, FundingRule, Program
from programs.parts.rule import (
    Trial,
    UnfitRuleError,
    eligibility_values,
    examples_of,
    funding_values,
    trials,
)
from programs.parts.rule_items import ELIGIBILITY_ITEMS, FUNDING_ITEMS
from programs.parts.rule_probe import Probe, probe
from programs.parts.spec import Content


@dataclass(frozen=True)
class Checked:
    """A content as a rule: its columns (None while it cannot be read), its faults, and its examples computed.

    `beside` is whether a rule is on view, `probe` where its answers differ (None where the two ask for other things).
    """

    values: dict[str, Any] | None
    faults: list[Fault]
    trials: list[Trial]
    beside: bool = False
    probe: Probe | None = None

    @property
    def holds(self) -> bool:
        """Whether it can be published."""
        return self.values is not None and not self.faults and all(each.holds for each in self.trials)


def checked(part: PartKind, content: Mapping[str, Any], on_view: Mapping[str, Any] | None = None) -> Checked:
    """Read a content as a rule and compute every worked example; nothing is written.

    With what is `on_view`, its answers stand beside, and inputs are looked for to which the two answer differently.
    """
    funding = part is PartKind.FUNDING
    read = funding_values if funding else eligibility_values
    try:
        values = read(content)
    except UnfitRuleError as error:
        return Checked(None, list(error.faults), [])
    try:
        examples = examples_of(content, [input_from(item) for item in values["inputs"]], funding=funding)
    except UnfitRuleError as error:
        return Checked(values, list(error.faults), [])
    shown = read(on_view) if on_view else None
    tried = trials(values, examples, funding=funding, on_view=shown)
    found = probe(values, shown, examples, funding=funding) if shown else None
    return Checked(values | {"examples": examples}, [], tried, beside=bool(shown), probe=found)


@dataclass(frozen=True)
class RuleKind:
    """One of the two kinds of rules."""

    part: PartKind

    @property
    def _rows(self) -> Any:
        return (FundingRule if self.part is PartKind.FUNDING else EligibilityRule).objects

    def draft_faults(self, program: Program, key: str, content: Content) -> list[Fault]:
        """Nothing: a half-written rule can be kept."""
        del program, key, content
        return []

    def publishing_faults(self, program: Program, key: str, content: Content, at: datetime) -> list[Fault]:
        """What cannot be read, and every example that gives another answer."""
        del at
        found = checked(self.part, content)
        faults = list(found.faults)
        for trial in found.trials:
            if not trial.holds:
                got = trial.fault or f"この式の答えは{trial.got}です。"
                faults.append(
                    Fault(
                        f"examples_{trial.number - 1}_expected",
                        f"計算例の{trial.number}行目が合いません。正しい答えは{trial.expected}、{got}",
                        "式か計算例を直してください。",
                    )
                )
        if found.values is not None and not faults:
            faults += self._column_faults(self._built(program, key, found.values))
        return faults

    def put_on_view(self, program: Program, key: str, content: Content, at: datetime) -> dict[str, Any]:
        """Write the rule (its content has been judged in this transaction)."""
        del at
        values = checked(self.part, content).values or {}
        row = self._built(program, key, values)
        if row.pk is None:
            row.position = (self._rows.aggregate(last=Max("position"))["last"] or 0) + 1
        row.save()
        return {"rule": key}

    def fixed(self, program: Program, key: str) -> Content:
        """Nothing: what was decided keeps its own trail."""
        del program, key
        return {}

    def _built(self, program: Program, key: str, values: Mapping[str, Any]) -> Any:
        model = FundingRule if self.part is PartKind.FUNDING else EligibilityRule
        row = self._rows.filter(program=program, slug=key).first() or model(program=program, slug=key)
        for name, value in values.items():
            setattr(row, name, value)
        return row

    def _column_faults(self, row: Any) -> list[Fault]:
        items = FUNDING_ITEMS if self.part is PartKind.FUNDING else ELIGIBILITY_ITEMS
        try:
            row.full_clean()
        except ValidationError as error:
            return [
                Fault(
                    name if name in items else "",
                    f"{items[name].label if name in items else ''}：{' '.join(said)}",
                )
                for name, said in error.message_dict.items()
            ]
        return []


FUNDING = RuleKind(PartKind.FUNDING)
ELIGIBILITY = RuleKind(PartKind.ELIGIBILITY)

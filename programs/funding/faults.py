"""What is wrong with a rule or with what was entered for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class RuleError(ValueError):
    """A rule that cannot be read. `node` is the part of its tree that is wrong, as it was given (None: the rule)."""

    def __init__(self, message: str, node: Any = None) -> None:
        super().__init__(message)
        self.node = node


@dataclass(frozen=True)
class InputFault:
    """One faulty input: its name ("" for the whole), what is wrong, and how to put it right."""

    field: str
    message: str
    cure: str


class InputError(ValueError):
    """What was entered cannot be computed with; `faults` name every field."""

    def __init__(self, faults: Sequence[InputFault]) -> None:
        super().__init__("、".join(fault.message for fault in faults))
        self.faults = tuple(faults)


def fault(field: str, message: str, cure: str) -> InputError:
    """An InputError of one fault."""
    return InputError([InputFault(field, message, cure)])

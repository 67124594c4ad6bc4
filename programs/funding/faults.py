"""What is wrong with a rule or with what was entered for it."""

from collections.abc import Sequence
from dataclasses import dataclass


class RuleError(ValueError):
    """A stored rule that cannot be read; the message says where in the tree. A defect of the data."""


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

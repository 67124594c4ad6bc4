"""What calls ask (様式): kept by the app that takes applications, which registers its keeper here when it starts.

Publishers write forms as items of a call (`programs.parts.call.FORM_ITEMS`); this app never imports the one that keeps them.
"""

from dataclasses import dataclass
from typing import Protocol

from core.exceptions import Fault
from programs.models import Call
from programs.parts.spec import Content


@dataclass(frozen=True)
class CallForm:
    """One version of a form: its number among the versions of the program, and the items it says."""

    version: int
    content: Content


class FormKeeper(Protocol):
    """Where versions of forms stand."""

    def form_of(self, call: Call) -> CallForm | None:
        """The version a call asks for now; None where it has no form."""

    def faults(self, call: Call, content: Content) -> list[Fault]:
        """What keeps the items from becoming a version, besides what `programs.parts.call` says."""

    def publish(self, call: Call, content: Content) -> int:
        """Make the items the next version, for this call alone; gives its number. The caller holds the program's lock."""


_KEEPERS: list[FormKeeper] = []


def keep_forms(keeper: FormKeeper) -> None:
    """Register the one keeper."""
    _KEEPERS[:] = [keeper]


def form_of(call: Call) -> CallForm | None:
    """The form a call asks for; None where it has none."""
    return _KEEPERS[0].form_of(call)


def keeping_faults(call: Call, content: Content) -> list[Fault]:
    """What the keeper cannot take of a content with a form."""
    return _KEEPERS[0].faults(call, content)


def publish_form(call: Call, content: Content) -> int:
    """Make the items of a form the next version of what a call asks; gives its number (program locked)."""
    return _KEEPERS[0].publish(call, content)

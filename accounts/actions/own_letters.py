"""Letters of notices that are not about work here: an app writes them itself, the outbox delivers them.

The readers of such notices have no inbox (an alert without an account), so nothing of the usual text fits them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from accounts.models import Notice


@dataclass(frozen=True)
class Letter:
    """The text of a mail, and headers beside those of every notice."""

    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


Writer = Callable[[Notice], Letter]
_writers: Final[dict[str, Writer]] = {}


def writes(kind: str) -> Callable[[Writer], Writer]:
    """Register who writes the letters of a kind of notice. Raises ValueError for a second writer."""

    def keep(writer: Writer) -> Writer:
        if kind in _writers:
            raise ValueError(f"the letters of {kind!r} have a writer already")
        _writers[kind] = writer
        return writer

    return keep


def letter_of(notice: Notice) -> Letter | None:
    """The letter its app writes for a notice; None where the usual one goes. The same text at every try."""
    writer = _writers.get(notice.kind)
    return writer(notice) if writer else None

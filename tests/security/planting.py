"""What a planter plants, and where planters are registered; canaries.py says what it is for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from accounts.models import Organization
from tests.security.case_addresses import Address


@dataclass(frozen=True)
class Canary:
    """A string that only people acting for `body` may be shown."""

    body: str
    text: str
    addresses: list[Address] = field(default_factory=list)


NOBODY = "nobody"
"""The body of what no page shows to anybody."""

Planter = Callable[[Organization], Iterator[Canary]]
PLANTERS: dict[str, Planter] = {}


def plants(app: str) -> Callable[[Planter], Planter]:
    """Register the planter of an app."""

    def keep(planter: Planter) -> Planter:
        PLANTERS[app] = planter
        return planter

    return keep


def mark(body: Organization, what: str) -> str:
    """A string found nowhere else."""
    return f"canary-{body.code}-{what}-q7x"

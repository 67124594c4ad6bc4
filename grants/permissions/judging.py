"""An answer to "may this actor do this?", with its ground."""

from dataclasses import dataclass
from enum import Enum

from core.access import ALLOW, Decision, deny
from core.exceptions import Fault
from grants.enums import Party


class Ground(Enum):
    """Why the answer is what it is."""

    YES = "yes"
    HIDDEN = "hidden"
    STATE = "state"
    PARTY = "party"
    CONDITION = "condition"


@dataclass(frozen=True)
class Judgement:
    """An answer with its ground. `fault` says field, fault and cure for everything but YES and HIDDEN."""

    ground: Ground
    fault: Fault | None = None
    acting_as: Party | None = None

    def decision(self) -> Decision:
        """For core.access."""
        return ALLOW if self.ground is Ground.YES else deny(str(self.fault)) if self.fault else deny()

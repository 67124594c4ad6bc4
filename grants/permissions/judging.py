"""An answer to "may this actor do this?", with its ground."""

from dataclasses import dataclass
from enum import Enum

from core.access import ALLOW, Decision, deny
from core.exceptions import Fault
from core.lifecycle import Lifecycle
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


NOT_THEIRS = Judgement(Ground.PARTY, Fault("", "この操作を行う権限がありません。"))
"""The state has the action, but not for somebody with these parts."""


def not_now(table: Lifecycle, action: str, status: str) -> Judgement:
    """The state does not have the action; `status` is its word as this reader knows it."""
    label = next((row.label for row in table.transitions if row.action == action), action)
    reason = f"いまの状態（{status}）では「{label}」を行えません。"
    return Judgement(Ground.STATE, Fault("status", reason, "最新の画面を開き直して確かめてください。"))

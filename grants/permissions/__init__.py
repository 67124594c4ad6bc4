"""Who may do what to an application: visibility, parties, conditions, and the registered rules."""

from grants.permissions.papers import readable_documents, reads_copy, restricted_to
from grants.permissions.parties import bureau, in_charge, member_of, of_bureau, oversees, parties
from grants.permissions.registry import (
    EditTarget,
    Ground,
    Judgement,
    available_actions,
    judge,
    judge_edit,
    judge_start,
)
from grants.permissions.visibility import visible

__all__ = [
    "EditTarget",
    "Ground",
    "Judgement",
    "available_actions",
    "bureau",
    "in_charge",
    "judge",
    "judge_edit",
    "judge_start",
    "member_of",
    "of_bureau",
    "oversees",
    "parties",
    "readable_documents",
    "reads_copy",
    "restricted_to",
    "visible",
]

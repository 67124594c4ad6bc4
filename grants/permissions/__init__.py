"""Who may do what to an application: visibility, parties, conditions, and the registered rules."""

from grants.permissions.judging import Ground, Judgement, not_now
from grants.permissions.papers import readable_documents, reads_copy, restricted_to
from grants.permissions.parties import (
    bureau,
    declared,
    in_charge,
    member_of,
    of_bureau,
    oversees,
    parties,
)
from grants.permissions.registry import (
    EditTarget,
    available_actions,
    judge,
    judge_edit,
    judge_edits,
    judge_start,
)
from grants.permissions.reports import judge_report, reports_on, visible_reports
from grants.permissions.routing import (
    COORDINATING_ROLES,
    available_routing_actions,
    coordinates,
    does_work_of,
    judge_distribution,
    judge_routing,
    limits,
    own_routings,
    reaches,
    taken_over,
)
from grants.permissions.supports import support_parties, visible_supports
from grants.permissions.visibility import sees, visible

__all__ = [
    "COORDINATING_ROLES",
    "EditTarget",
    "Ground",
    "Judgement",
    "available_actions",
    "available_routing_actions",
    "bureau",
    "coordinates",
    "declared",
    "does_work_of",
    "in_charge",
    "judge",
    "judge_distribution",
    "judge_edit",
    "judge_edits",
    "judge_report",
    "judge_routing",
    "judge_start",
    "limits",
    "member_of",
    "not_now",
    "of_bureau",
    "oversees",
    "own_routings",
    "parties",
    "reaches",
    "readable_documents",
    "reads_copy",
    "reports_on",
    "restricted_to",
    "sees",
    "support_parties",
    "taken_over",
    "visible",
    "visible_reports",
    "visible_supports",
]

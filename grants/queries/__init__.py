"""Reads of applications. Every one starts from the actor; instants are arguments."""

from grants.queries.cases import (
    applications,
    calls_overview,
    case,
    draft_count,
    events_for,
    invitation,
    invitation_digest,
    mailed_invitation,
    own_application,
    snapshot_by_receipt,
    unit_of,
)
from grants.queries.checks import check, check_with_files
from grants.queries.content import budget_of, consent_hash, content_hash, subsidy_of
from grants.queries.desk import desk_tasks, planned_deadlines
from grants.queries.parts import answers_for, documents_for, members_for, scores_for, shares_for, task_list

__all__ = [
    "answers_for",
    "applications",
    "budget_of",
    "calls_overview",
    "case",
    "check",
    "check_with_files",
    "consent_hash",
    "content_hash",
    "desk_tasks",
    "documents_for",
    "draft_count",
    "events_for",
    "invitation",
    "invitation_digest",
    "mailed_invitation",
    "members_for",
    "own_application",
    "planned_deadlines",
    "scores_for",
    "shares_for",
    "snapshot_by_receipt",
    "subsidy_of",
    "task_list",
    "unit_of",
]

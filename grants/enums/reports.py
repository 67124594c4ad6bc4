"""Yearly reports of adopted projects: what the indicators came to."""

from django.db.models import TextChoices

from grants.enums import ApplicationStatus


class ReportStatus(TextChoices):
    """Where the report of one fiscal year stands."""

    DRAFT = "draft", "作成中"
    SUBMITTED = "submitted", "提出済"
    RETURNED = "returned", "修正依頼中"
    TAKEN = "taken", "受理"


RUNNING_REPORTS = frozenset({ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.RETURNED})
"""Not taken yet: at most one for a case and a year."""
FILLABLE_REPORTS = frozenset({ReportStatus.DRAFT, ReportStatus.RETURNED})
"""What stands in them is the town's own until it hands them in."""
REPORTING_STATES = frozenset({ApplicationStatus.ADOPTED, ApplicationStatus.COMPLETED})
"""Cases that tell what became of their indicators."""

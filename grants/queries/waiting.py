"""For whom a case waits, and until when: the groups of the review's home and the filters of its tables.

Dues are those of the desk (`grants.queries.desk`), written as conditions so that lists can be sorted and counted by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Case, DateTimeField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from core.actor import Actor
from grants.enums import PENDING_STATES, ApplicationStatus
from grants.models import Application, ApplicationQuerySet, ReturnRequest
from grants.queries.opinions import waits_for_opinion
from grants.queries.reviewing import review_cases

S = ApplicationStatus
GROUPS: Final[Mapping[str, str]] = {
    "todo": "すること",
    "applicant": "申請者を待っている",
    "opinion": "意見を待っている",
    "overdue": "期限を過ぎた",
}
"""Key in the address → words."""
_UNDATED: Final = ("petition",)
"""A town's wish on an adopted project has no date of its own."""


FIRST: Final = 5


@dataclass(frozen=True)
class Group:
    """One group of the home: how many, and the first few by their due date (rows carry `due`)."""

    key: str
    label: str
    count: int
    rows: list[Application]


def waiting_cases(actor: Actor, at: datetime) -> ApplicationQuerySet:
    """review_cases with `due`, the instant by which the case is to move on (None: no date)."""
    open_return = ReturnRequest.objects.filter(application=OuterRef("pk"), closed_at__isnull=True)
    return review_cases(actor, at).annotate(
        due=Case(
            When(status=S.RETURNED, then=Subquery(open_return.values("due_at")[:1])),
            When(waiting__in=_UNDATED, then=Value(None)),
            When(waiting="answer_precheck", then=Coalesce(F("call__precheck_due_at"), F("call__closes_at"))),
            When(status=S.DRAFT, then=F("call__closes_at")),
            When(waiting="", then=Value(None)),
            default=Coalesce(F("call__announce_at"), F("call__closes_at")),
            output_field=DateTimeField(),
        )
    )


def condition(group: str, at: datetime) -> Q:
    """The cases of a group, as a condition on `waiting_cases`; nothing for an unknown one."""
    applicant = Q(waiting="") & (Q(status=S.RETURNED) | Q(status=S.DRAFT, call__closes_at__gte=at))
    found = {
        "todo": ~Q(waiting=""),
        "applicant": applicant,
        "opinion": Q(waits_for_opinion()) & Q(status__in=sorted(PENDING_STATES)),
        "overdue": Q(due__lt=at) & (~Q(waiting="") | applicant),
    }
    return found.get(group, Q(pk__in=[]))


def home_groups(actor: Actor, at: datetime) -> list[Group]:
    """What waits, group by group, the first few of each; two queries a group. Requests for opinion have rows of their
    own (`grants.queries.opinions.open_opinions`), since each has its own date."""
    rows = waiting_cases(actor, at)
    found = []
    for key, label in GROUPS.items():
        if key == "opinion":
            continue
        held = rows.filter(condition(key, at))
        first = held.order_by(F("due").asc(nulls_last=True), "lead__code", "pk")[:FIRST]
        found.append(Group(key, label, held.count(), list(first)))
    return found

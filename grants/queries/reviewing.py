"""The metropolitan side's list: which cases, under which title, and which of them wait for this very person."""

from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from accounts.enums import Role
from core.actor import Actor
from grants.enums import RESULT_STATES, ApplicationStatus
from grants.models import (
    Application,
    ApplicationQuerySet,
    Member,
    Petition,
    Precheck,
    Recommendation,
    ReturnRequest,
    ReviewAssignment,
    Snapshot,
)
from grants.permissions import bureau
from grants.permissions.parties import REVIEWING_ROLES
from grants.queries.cases import applications

S = ApplicationStatus
METROPOLITAN_ROLES = frozenset({Role.OFFICER, Role.DECIDER, *REVIEWING_ROLES})
"""Who has an entry to the review; an auditor reads by the links of the cases."""
WAITING_WORDS = {
    "answer_precheck": "案の事前確認に回答する",
    "start_review": "審査を始める",
    "recommend": "審査を進め、起案する",
    "take_back": "期限を過ぎた修正を引き取るか相談する",
    "announce": "結果を公表する",
    "score": "利害関係を申告し、採点する",
    "decide": "決定する",
    "petition": "申出に答える",
}


def review_cases(actor: Actor, at: datetime) -> ApplicationQuerySet:
    """The cases the actor sees as metropolitan side or reviewer, never those of its own body.

    Each has `shown_title` (of the version submitted last, else of the copy) and `waiting` (a key of
    WAITING_WORDS where the case waits for this person, else "").
    """
    rows = applications(actor, at)
    if actor.organization_id is not None:
        joined = Member.objects.present().filter(
            application=OuterRef("pk"), organization=actor.organization_id
        )
        rows = rows.exclude(Exists(joined)).exclude(lead=actor.organization_id)
    newest = Snapshot.objects.filter(application=OuterRef("pk")).order_by("-branch")
    title = Subquery(newest.values(title=KeyTextTransform("title", "content"))[:1], output_field=CharField())
    waits = [When(condition, then=Value(name)) for name, condition in _waiting(actor, at).items()]
    return rows.annotate(
        shown_title=Coalesce(title, F("title"), output_field=CharField()),
        waiting=Case(*waits, default=Value(""), output_field=CharField()),
    )


def _waiting(actor: Actor, at: datetime) -> dict[str, Q]:
    """For each kind of task the cases in which it is this person's turn."""
    found: dict[str, Q] = {}
    own = Q(call__program__owner=actor.organization_id) & (
        Q(call__program__department="")
        | Q(call__program__department__startswith=bureau(actor.department_name) or "-")
    )
    if actor.has_role(*REVIEWING_ROLES):
        mine = ReviewAssignment.objects.filter(
            application=OuterRef("pk"), reviewer=actor.user_id or 0, scored_at__isnull=True
        )
        found["score"] = Q(Exists(mine), status=S.UNDER_REVIEW)
    if actor.has_role(Role.DECIDER):
        drafts = Recommendation.objects.filter(
            application=OuterRef("pk"), ended_at__isnull=True, drafted_by=actor.user_id or 0
        )
        asked = Petition.objects.filter(application=OuterRef("pk"), granted_at__isnull=True)
        found["decide"] = own & Q(~Exists(drafts), status=S.DECIDING)
        found["petition"] = own & Q(Exists(asked), status=S.ADOPTED)
    if actor.has_role(Role.OFFICER):
        found |= {name: own & condition for name, condition in _of_officers(at).items()}
    return found


def _of_officers(at: datetime) -> dict[str, Q]:
    asked = Precheck.objects.filter(application=OuterRef("pk"), answered_at__isnull=True)
    late = ReturnRequest.objects.filter(application=OuterRef("pk"), closed_at__isnull=True, due_at__lt=at)
    announced = Q(call__announce_at__isnull=True) | Q(call__announce_at__lte=at)
    return {
        "answer_precheck": Q(Exists(asked), status=S.DRAFT),
        "start_review": Q(status=S.SUBMITTED, call__closes_at__lt=at),
        "recommend": Q(status=S.UNDER_REVIEW),
        "take_back": Q(Exists(late), status=S.RETURNED),
        "announce": Q(status__in=sorted(RESULT_STATES), announced_at__isnull=True) & announced,
    }


def title_of(application: Application) -> str:
    """The title a case goes by on the metropolitan side: that of the version submitted last."""
    newest = application.snapshots.order_by("-branch").first()
    return str(newest.content["title"]) if newest and newest.content.get("title") else str(application)

"""Which cases an actor sees, and how they are found."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.enums import Role
from core.actor import Actor
from core.exceptions import Refused
from grants.enums import DELIBERATION_ACTIONS, NEVER_SUBMITTED_STATES, PREPARING_STATES, ApplicationStatus
from grants.models import Application, ApplicationEvent, ApplicationQuerySet, Member, Snapshot
from grants.permissions import member_of, oversees, visible
from programs.models import Call


def applications(actor: Actor, at: datetime) -> ApplicationQuerySet:
    """The applications an actor sees: grants.permissions.visible says who. Joined with what lists name."""
    del at  # who sees what depends on posts, which the actor carries already
    return Application.objects.filter(visible(actor)).with_parts()


def case(actor: Actor, public_id: str, at: datetime) -> Application:
    """One case; raises Refused (404) for an unknown id exactly as for one that is not the actor's."""
    found = applications(actor, at).filter(public_id=public_id).first()
    if found is None:
        raise Refused
    return found


def own_application(actor: Actor, call: Call) -> Application | None:
    """The live application the actor's municipality leads in a call (the oldest), for "start or open"."""
    if actor.organization_id is None:
        return None
    return (
        Application.objects.live().filter(call=call, lead=actor.organization_id).order_by("ordinal").first()
    )


def draft_count(actor: Actor, call: Call) -> int:
    """How many drafts a call has: all that Tokyo knows of them before a precheck. 0 for anybody else."""
    if not (oversees(actor, call.program) and actor.has_role(Role.OFFICER, Role.DECIDER)):
        return 0
    return Application.objects.filter(call=call, status=ApplicationStatus.DRAFT).count()


@dataclass(frozen=True)
class CallOverview:
    """A call with the number of its applications by status, for the metropolitan side."""

    call: Call
    counts: dict[str, int]


def calls_overview(actor: Actor, at: datetime) -> list[CallOverview]:
    """The calls of the actor's bureau with their numbers; drafts count though they are not shown."""
    del at
    if not actor.has_role(Role.OFFICER, Role.DECIDER):
        return []
    calls = Call.objects.filter(program__owner=actor.organization_id).select_related("program")
    own = [call for call in calls.order_by("-closes_at") if oversees(actor, call.program)]
    rows = (
        Application.objects.filter(call__in=own)
        .values("call", "status")
        .annotate(number=Count("pk"))
        .order_by("call", "status")
    )
    numbers: dict[int, dict[str, int]] = {}
    for row in rows:
        numbers.setdefault(row["call"], {})[row["status"]] = row["number"]
    return [CallOverview(call, numbers.get(call.pk, {})) for call in own]


def invitation_digest(token: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation(actor: Actor, token: str, at: datetime) -> Member:
    """The member a link invites, for people of that body; raises Refused for any other link or reader."""
    digest = invitation_digest(token)
    member = Member.objects.filter(invitation_digest=digest).select_related("application").first()
    if member is None or not member.invitation_open(at) or not actor.belongs_to(member.organization_id):
        raise Refused
    return member


def mailed_invitation(token: str, at: datetime) -> Member | None:
    """The body without an account that a mailed link invites, while the link works: who has the mail has the link."""
    digest = invitation_digest(token)
    rows = Member.objects.filter(invitation_digest=digest, organization__isnull=True)
    found = rows.select_related("application__call__program", "application__lead_department").first()
    if found is None or not found.invitation_open(at):
        return None
    return found if found.application.state in PREPARING_STATES else None


def events_for(actor: Actor, application: Application) -> list[ApplicationEvent]:
    """The history of a case as the actor may know it: towns do not see the deliberation."""
    events = ApplicationEvent.objects.filter(application=application).order_by("sequence")
    if member_of(actor, application) is not None:
        events = events.exclude(action__in=DELIBERATION_ACTIONS)
    return list(events)


def unit_of(actor: Actor, event: ApplicationEvent) -> str:
    """The unit behind an event; which of its units a town lets write is nobody else's business (庁内照会)."""
    hidden = event.action == "edit" and event.organization_name != actor.organization_name
    return "" if hidden else event.department_name


def snapshot_by_receipt(number: str) -> Snapshot | None:
    """A submitted version by its receipt number: for the public page that confirms a receipt."""
    received = Q(application__submitted_at__isnull=False) & ~Q(application__status__in=NEVER_SUBMITTED_STATES)
    return (
        Snapshot.objects.filter(received, receipt_number=number)
        .select_related("application__call__program__owner", "application__lead")
        .first()
    )

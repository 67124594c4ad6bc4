"""Cases for machines: the same visibility as the pages, with what may be told of each row worked out in the database."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.fields.json import KT

from accounts.enums import Role
from core.actor import Actor
from grants.enums import DELIBERATION_ACTIONS, NEVER_SUBMITTED_STATES, ConsentState
from grants.models import Application, ApplicationEvent, ApplicationQuerySet, Consent, Member, Snapshot
from grants.permissions import declared, member_of, oversees, restricted_to
from grants.queries.cases import applications

_INSIDERS = (Role.OFFICER, Role.DECIDER, Role.AUDITOR)
COPY_ACTIONS = frozenset(
    {
        "edit",
        "renew_form",
        "confirm_prefilled",
        "void_consents",
        "void_certification",
        "open_report",
        "fill_report",
    }
)
"""What towns do in their own copy: not for the metropolitan side, which reads what was submitted."""


def case_rows(actor: Actor, at: datetime) -> ApplicationQuerySet:
    """The cases an actor sees, with `is_own` (a member's people look) and `submitted_title` of the last version."""
    mine = Member.objects.present().filter(
        application=OuterRef("pk"), organization=actor.organization_id or 0
    )
    newest = Snapshot.objects.filter(application=OuterRef("pk")).order_by("-branch")
    return applications(actor, at).annotate(
        is_own=Exists(mine), submitted_title=Subquery(newest.values(title=KT("content__title"))[:1])
    )


def is_insider(actor: Actor, application: Application) -> bool:
    """Whether the actor follows the deliberation: towns and reviewers know a result from its announcement on."""
    return actor.has_role(*_INSIDERS) and oversees(actor, application.call.program)


def knows_result(actor: Actor, application: Application) -> bool:
    """Whether the decided amount may be told."""
    return is_insider(actor, application) or application.announced_at is not None


def title_for(application: Application) -> str:
    """A row's title as the actor may read it: of the working copy, or of the version submitted last."""
    facts = vars(application)
    if facts["is_own"] or application.state in NEVER_SUBMITTED_STATES:
        return application.title
    return str(facts["submitted_title"] or "")


def status_for(actor: Actor, application: Application) -> tuple[str, str]:
    """Code and word of the state: Tokyo's own for insiders, one of the towns' five for everybody else."""
    if is_insider(actor, application):
        return application.status, str(application.state.label)
    return application.town_status().value, application.town_label()


def member_rows(actor: Actor, application: Application) -> list[Member]:
    """The bodies of a case in order, each with the consents that hold in `held`; a partner does not see who left."""
    rows = application.members.select_related("organization").order_by("position", "pk")
    if restricted_to(actor, application):
        rows = rows.present()
    return list(
        rows.prefetch_related(Prefetch("consents", Consent.objects.filter(state=ConsentState.GIVEN), "held"))
    )


def event_rows(actor: Actor, application: Application) -> QuerySet[ApplicationEvent]:
    """The record of a case, oldest first: members without the deliberation, insiders without the towns' own work.

    Nothing for those who only review.
    """
    events = ApplicationEvent.objects.filter(application=application).order_by("sequence")
    if member_of(actor, application) is not None:
        return events.exclude(action__in=DELIBERATION_ACTIONS)
    return events.exclude(action__in=COPY_ACTIONS) if is_insider(actor, application) else events.none()


def version_rows(actor: Actor, application: Application) -> QuerySet[Snapshot]:
    """The submitted versions: insiders and the lead all of them, a reviewer who has declared the newest, a partner none.

    A partner reads its own part; a version holds everybody's.
    """
    rows = Snapshot.objects.filter(application=application).order_by("-branch")
    member = member_of(actor, application)
    if member is not None:
        return rows if member.is_lead else rows.none()
    if is_insider(actor, application):
        return rows
    return rows.filter(pk__in=rows.values("pk")[:1]) if declared(actor, application) else rows.none()

"""Who reads which files of a case, and who reads the working copy at all."""

from collections.abc import Iterable

from django.db.models import Q

from core.actor import Actor
from grants.enums import NEVER_SUBMITTED_STATES, DocumentPurpose, DocumentState, MemberRole, Party
from grants.models import Application, Decision, Member, Snapshot
from grants.permissions.parties import declared, member_of, parties

_OWN_PAPERS = frozenset({DocumentPurpose.LETTER, DocumentPurpose.MINUTES})
"""Files the metropolitan side makes; towns see letters from the announcement on, minutes never."""


def restricted_to(actor: Actor, application: Application) -> Member | None:
    """The member whose eyes these are, when they see only their own part; None for everybody else."""
    member = member_of(actor, application)
    return member if member is not None and member.role != MemberRole.LEAD else None


def reads_copy(actor: Actor, application: Application) -> bool:
    """Whether the actor reads the working copy: towns always, Tokyo only a draft it was asked to look at.

    Once submitted, Tokyo reads the versions that were submitted, never what is being changed.
    """
    if actor.is_system or member_of(actor, application) is not None:
        return True
    return application.state in NEVER_SUBMITTED_STATES


def readable_documents(actor: Actor, application: Application) -> Q:
    """The files of a case the actor may open, as a condition on its documents.

    Towns: what is attached now (a partner: the common ones and its own), of letters those of the decision in force. Officers and deciders: what was
    submitted, and their own papers. Reviewers: what the last version holds,
    once they have declared to have no interest.
    """
    attached = Q(state=DocumentState.ATTACHED)
    if member_of(actor, application) is not None:
        hidden = set(_OWN_PAPERS)
        if application.announced_at is not None:
            hidden.discard(DocumentPurpose.LETTER)
        mine = restricted_to(actor, application)
        own = Q(member__isnull=True) | Q(member=mine) if mine else Q()
        replaced = Decision.letters.through.objects.filter(decision__superseded_at__isnull=False)
        return attached & ~Q(purpose__in=sorted(hidden)) & ~Q(pk__in=replaced.values("document")) & own
    if reads_copy(actor, application):
        return attached
    versions = application.snapshots.order_by("-branch")
    if not actor.is_system and parties(actor, application) == {Party.REVIEWER}:
        return _in(versions[:1] if declared(actor, application) else versions.none())
    return _in(versions) | (attached & Q(purpose__in=sorted(_OWN_PAPERS)))


def _in(versions: Iterable[Snapshot]) -> Q:
    listed = [str(file["document"]) for version in versions for file in version.files]
    return Q(public_id__in=listed)

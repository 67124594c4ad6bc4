"""The announcement: towns learn the result, and an adopted project stands on the public page, together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core import clock
from core.actor import SYSTEM, Actor
from core.exceptions import DomainError
from grants.actions import locking, outcomes, supporting, transition
from grants.enums import RESULT_STATES, ApplicationStatus, MemberRole
from grants.models import Application, Snapshot
from grants.permissions import Ground, judge
from programs.actions.projects import ProjectFacts, publish_project, withdraw_project


@transaction.atomic
def announce(
    *, application_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> Application:
    """Make the result known: to the towns by notice, to the public by the project's page (adopted only).

    A project that was on view and is not adopted any more is taken off. Raises as transition.begin (before the
    call's planned instant, a second time).
    """
    instant = at or clock.now()
    application = transition.begin(
        application_id, "announce", by=by, at=instant, expected_version=expected_version
    )
    if application.state is ApplicationStatus.ADOPTED:
        publish(application, by=by, at=instant)
        supporting.open_for(application, at=instant)
    else:
        withdraw_project(
            slug=project_slug(application), by=by, reason="決定の訂正により公開を取りやめた", at=instant
        )
    transition.finish(application, "announce", by=by, at=instant, columns={"announced_at": instant})
    if application.state is ApplicationStatus.ADOPTED:
        outcomes.tell_public(application, at=instant)
    return application


def announce_due(*, at: datetime) -> int:
    """Announce everything whose call's planned instant has come; how many. Safe to repeat, for the schedule."""
    waiting = Application.objects.filter(
        status__in=sorted(RESULT_STATES), announced_at__isnull=True, call__announce_at__lte=at
    )
    done = 0
    for application_id in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            application = locking.application(application_id)
            if judge(SYSTEM, "announce", application, at).ground is not Ground.YES:
                continue
            announce(application_id=application_id, by=SYSTEM, at=at)
        done += 1
    return done


def publish(application: Application, *, by: Actor, at: datetime) -> None:
    """Write the public record of an adopted application from the version that was decided on."""
    snapshot = application.snapshots.order_by("-branch").first()
    if snapshot is None:
        raise DomainError("提出された版がないため公開できません。")
    publish_project(slug=project_slug(application), facts=_facts(application, snapshot), by=by, at=at)


def take_off(application: Application, *, at: datetime) -> None:
    """Take a project off view whose adoption no longer stands; nothing happens when there is none."""
    withdraw_project(slug=project_slug(application), by=SYSTEM, reason="採択の決定が変わったため", at=at)


def project_slug(application: Application) -> str:
    """The public address of its project: says nothing about numbers."""
    return f"project-{application.public_id}"


def _facts(application: Application, snapshot: Snapshot) -> ProjectFacts:
    answers = _flat(snapshot.content["answers"])
    members = application.members.present().exclude(role=MemberRole.LEAD).select_related("organization")
    partners = [
        m.organization for m in members if m.role == MemberRole.PARTNER and m.organization is not None
    ]
    actors = [m for m in members.order_by("position") if m.role == MemberRole.DIVERSE_ACTOR]
    return ProjectFacts(
        program=application.call.program,
        title=snapshot.content["title"],
        adopted_fiscal_year=application.fiscal_year,
        max_years=application.template.max_years,
        lead=application.lead,
        partners=partners,
        actors=[actor.name for actor in actors],
        groups=frozenset(actor.name for actor in actors if actor.is_group),
        purpose=answers.get("purpose", ""),
        outline=[line.strip() for line in answers.get("outline", "").splitlines() if line.strip()],
        is_fictional=application.call.is_fictional,
    )


def _flat(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {code: str(value) for section in sections.values() for code, value in section.items()}

"""What the public learns of an adopted project's visits: written to its page through programs' own action."""

from datetime import datetime

from core import clock
from core.actor import SYSTEM
from core.fiscal_year import current_fiscal_year
from grants.enums.supports import HELD_VISITS, SupportOrigin
from grants.models import Application, Visit
from programs.actions.projects import ProjectOutcome, replace_outcomes


def tell_public(application: Application, *, at: datetime) -> None:
    """Bring the public page up to date: visits held with their people, public voices, articles and posts.

    Only of an announced service; nothing happens where no project is on view.
    """
    visits = Visit.objects.filter(
        support__application=application, support__origin=SupportOrigin.CALL, status__in=HELD_VISITS
    )
    if not visits.exists() or application.announced_at is None:
        return
    found: list[ProjectOutcome] = []
    for visit in visits.prefetch_related("voices", "links").order_by("support", "number"):
        year = current_fiscal_year(visit.planned_at)
        when = f"{clock.local(visit.planned_at):%Y-%m-%d}"
        themes = f"（{'、'.join(visit.themes)}）" if visit.themes else ""
        found.append(ProjectOutcome(f"第{visit.number}回{themes}", year, visit.participants, "人", when))
        found += [
            ProjectOutcome(f"{voice.get_side_display()}（{voice.speaker}）「{voice.words}」", year)
            for voice in visit.voices.all()
            if voice.is_public
        ]
        found += [
            ProjectOutcome(f"{link.get_kind_display()}　{link.title}", year, url=link.url)
            for link in visit.links.all()
        ]
    replace_outcomes(slug=f"project-{application.public_id}", outcomes=found, by=SYSTEM, at=at)

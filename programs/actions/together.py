"""Asking for the check of many drafts, and publishing many that were checked, each for itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from core.access import require
from core.actor import Actor
from core.exceptions import DomainError
from programs.actions import revising
from programs.actions.indexing import synonym_groups
from programs.models import Program, ProgramRevision
from programs.queries.revisions import curated

MOST: Final = 100
"""So many at once: what a person can look through on one page."""
_UNKNOWN: Final = "この制度は見つかりません。ページを読み込み直してください。"


@transaction.atomic
def request_checks(*, slugs: Sequence[str], by: Actor, at: datetime) -> dict[str, str]:
    """Ask for the check of drafts; {slug: why not} for those that stay drafts. Raises Refused for a non-publisher."""
    asked: list[ProgramRevision] = []
    kept_back = _each(
        slugs, by, at, lambda program: asked.append(revising.ask_for_check(program, by=by, at=at))
    )
    if asked:
        revising.tell_checkers(asked, key=f"{asked[0].pk}:{asked[0].edits}", at=at)
    return kept_back


@transaction.atomic
def publish_all(*, slugs: Sequence[str], by: Actor, at: datetime) -> dict[str, str]:
    """Publish revisions that are being checked; {slug: why not} for the others, one's own drafts among them."""
    groups = synonym_groups()
    return _each(
        slugs, by, at, lambda program: revising.publish_checked(program, by=by, at=at, groups=groups)
    )


def _each(slugs: Sequence[str], by: Actor, at: datetime, run: Callable[[Program], object]) -> dict[str, str]:
    """Run for each program, locked in one order; what one lacks leaves the others alone."""
    require(by, "programs.edit", None, at)
    rows = curated(by).select_for_update(of=("self",)).filter(slug__in=set(slugs[:MOST]))
    found = rows.select_related("owner", "parent").prefetch_related("outcomes", "milestones").order_by("pk")
    kept_back = dict.fromkeys(slugs[:MOST], _UNKNOWN)
    for program in found:
        del kept_back[program.slug]
        try:
            with transaction.atomic():
                run(program)
        except DomainError as error:
            kept_back[program.slug] = " ".join(map(str, error.faults))
    return kept_back

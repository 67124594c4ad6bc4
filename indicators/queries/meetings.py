"""Reads of meetings and opinions: of one round for the city, of published rounds for everybody."""

from django.db.models import Prefetch, QuerySet

from indicators.enums import RoundStatus
from indicators.models import Meeting, Opinion, Plan, ProgressRound


def meetings_of(round_: ProgressRound) -> list[Meeting]:
    """A round's meetings in order of their days, each with its opinions."""
    return list(_whole(Meeting.objects.filter(round=round_)))


def published_meetings(plan: Plan) -> list[Meeting]:
    """The meetings of a plan's published rounds, newest first, with opinions and answers."""
    rows = Meeting.objects.filter(round__plan=plan, round__status=RoundStatus.PUBLISHED)
    return list(_whole(rows).select_related("round").order_by("-held_on", "-pk"))


def _whole(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    opinions = Opinion.objects.select_related("measure").order_by("pk")
    return rows.prefetch_related(Prefetch("opinions", opinions))

"""The first page: one box, three questions, what is open, what closes soon, what is new."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import municipalities
from core import clock, fiscal_year
from core.access import access, actor_of
from core.actor import Actor
from indicators.queries import plan_summaries
from programs.enums import Audience, Level, Theme
from programs.models import AdoptedProject, Call, Program
from programs.queries.current import current

SOON = timedelta(days=21)
SHOWN = 4
QUESTION_THEMES = (
    Theme.RELOCATION, Theme.INDUSTRY, Theme.STARTUP, Theme.TOURISM, Theme.COLLABORATION,
    Theme.HUMAN_RESOURCES, Theme.UNIVERSITY, Theme.VACANT_HOUSE, Theme.DX, Theme.DEPOPULATION,
)  # fmt: skip
QUESTION_AUDIENCES = (Audience.RESIDENT, Audience.BUSINESS, Audience.ORGANIZATION, Audience.MUNICIPALITY)


@dataclass(frozen=True)
class OpenCall:
    """A call with its state at the instant of the page."""

    call: Call
    state: object


@dataclass(frozen=True)
class Movement:
    """What goes on now: calls closing within three weeks, other open ones, programs that began this fiscal year."""

    closing: list[OpenCall]
    open: list[OpenCall]
    new: list[Program]
    adopted: list[AdoptedProject]


@dataclass(frozen=True)
class Sizes:
    """How much the portal holds."""

    programs: int
    components: int
    by_level: list[tuple[str, int]]
    projects: int
    municipalities: int
    sheets: int
    indicators: int


@access(public=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page."""
    actor = actor_of(request)
    at = clock.now()
    return render(
        request,
        "pages/home.html",
        {
            "movement": movement(actor, at),
            "sizes": sizes(actor, at),
            "municipalities": list(municipalities().supported()),
            "audiences": QUESTION_AUDIENCES,
            "themes": QUESTION_THEMES,
        },
    )


def movement(actor: Actor, at: datetime) -> Movement:
    """Calls and news that the person may see at an instant."""
    running = (
        Call.objects.visible_to(actor, at).open_at(at).select_related("program").order_by("closes_at", "pk")
    )
    soon, later = running.filter(closes_at__lte=at + SOON), running.filter(closes_at__gt=at + SOON)
    year = fiscal_year.fiscal_year_of(clock.today(at))
    fresh = Program.objects.visible_to(actor, at).filter(first_year=year).order_by("area_rank", "title_kana")
    adopted = (
        AdoptedProject.objects.visible_to(actor, at)
        .filter(adopted_fiscal_year=year)
        .select_related("lead")
        .prefetch_related("partners")
    )
    return Movement(
        closing=[OpenCall(call, call.availability(at)) for call in soon[:SHOWN]],
        open=[OpenCall(call, call.availability(at)) for call in later[:SHOWN]],
        new=list(fresh[:SHOWN]),
        adopted=list(adopted[:SHOWN]),
    )


def sizes(actor: Actor, at: datetime) -> Sizes:
    """Counts of what the person may see."""
    standing = current(at, actor)
    by_level = {code: found.bit_count() for code, found in standing.held["levels"].items()}
    projects = list(
        AdoptedProject.objects.visible_to(actor, at)
        .values_list("pk", "lead_id", "partners__pk")
        .order_by("pk")
    )
    plans = plan_summaries(actor)
    members = {lead for _, lead, _ in projects} | {
        partner for _, _, partner in projects if partner is not None
    }
    return Sizes(
        programs=len(standing.pks),
        components=standing.components.bit_count(),
        by_level=[(Level(code).label, by_level[code]) for code in Level.values if by_level.get(code)],
        projects=len({pk for pk, _, _ in projects}),
        municipalities=len(members),
        sheets=sum(plan.measures for plan in plans),
        indicators=sum(plan.indicators for plan in plans),
    )

"""The rounds of programs for other systems: the one round a flat answer names, and all of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from programs.models import Call, Program, ProgramEvent
from programs.models.call import CallQuerySet
from programs.models.program import ProgramQuerySet

MOVES: Final = ("extend_call", "shorten_call")
"""Actions on the record of a program that move a call's closing."""
_COLUMNS: Final = {
    "round_opens": "opens_at",
    "round_closes": "closes_at",
    "round_cap": "cap_per_member",
    "round_budget": "budget",
    "round_capacity": "capacity",
}


def with_round(programs: ProgramQuerySet, at: datetime, *names: str) -> ProgramQuerySet:
    """Annotate what one round of each program says: `round_opens`, `round_closes`, `round_cap` (yen a member),
    `round_budget` (yen), `round_capacity`; with `names` only those, each of which costs a look-up a row.

    The open round that closes next; else the coming one that opens next; else the last one. Own rounds and those
    of the program it is a component of, as far as the public sees them. None without any.
    """
    chosen = Call.objects.filter(pk=OuterRef("round_key"))
    return with_round_key(programs, at).annotate(
        **{name: Subquery(chosen.values(_COLUMNS[name])[:1]) for name in names or _COLUMNS}
    )


def with_round_key(programs: ProgramQuerySet, at: datetime) -> ProgramQuerySet:
    """Annotate the key of that round alone, for who reads the rounds of many programs at once and uses `tell_round`."""
    return programs.annotate(round_key=_round_key(at))


def tell_round(program: Program, chosen: Call | None) -> None:
    """Put on a program what `with_round` would have annotated."""
    for name, column in _COLUMNS.items():
        setattr(program, name, None if chosen is None else getattr(chosen, column))


def _round_key(at: datetime) -> Coalesce:
    own_or_parents = Q(program=OuterRef("pk")) | Q(program=OuterRef("parent_id"))
    published = Call.objects.published(at).filter(own_or_parents)
    running = published.filter(opens_at__lte=at, closes_at__gte=at).order_by("closes_at", "pk")
    coming = published.filter(opens_at__gt=at).order_by("opens_at", "pk")
    over = published.filter(closes_at__lt=at).order_by("-closes_at", "-pk")
    return Coalesce(*(Subquery(rounds.values("pk")[:1]) for rounds in (running, coming, over)))


def rounds_of(program: Program, at: datetime) -> CallQuerySet:
    """Every round of a program that the public sees, own and its parent's, newest closing first."""
    related = Q(program=program) | Q(program_id=program.parent_id)
    return Call.objects.published(at).filter(related).order_by("-closes_at", "-pk")


def with_last_move(calls: CallQuerySet) -> CallQuerySet:
    """Annotate `moved_at`: when the closing was moved last; None where it stands as announced."""
    last = ProgramEvent.objects.filter(call=OuterRef("pk"), action__in=MOVES).order_by("-sequence")
    return calls.annotate(moved_at=Subquery(last.values("at")[:1]))


@dataclass(frozen=True)
class Moved:
    """A closing that was moved: when that was decided, from which instant to which."""

    at: datetime
    before: datetime
    after: datetime

    @property
    def is_earlier(self) -> bool:
        """Whether it was shortened rather than put off."""
        return self.after < self.before


def closings_moved(call: Call) -> list[Moved]:
    """Every move of a call's closing, newest first. The reason was written to the towns and is told to them alone."""
    events = call.events.filter(action__in=MOVES).order_by("-sequence")
    return [
        Moved(event.at, *(datetime.fromisoformat(event.payload[name]) for name in ("closed_at", "closes_at")))
        for event in events
    ]

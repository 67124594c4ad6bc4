"""The standing of now, kept by each process and made from the one before: only what was written, opened or closed is read.

A process holds the newest standing with its mark in the log of writes (`programs.models.change_log`) and its instant. For
another version or moment it asks which programs were written since, adds those an instant between the two
belongs to and the components of both (calls of a program are its components' too), and reads these again. Where the log
does not say, or says too much, all is read anew. The mark is taken before anything is read: what is committed meanwhile is
read again next time, so that no half of a write stays.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, IntegerField, Model, Q, Value

from core import clock
from core.actor import ANONYMOUS, Actor
from core.shelf import Newest
from programs.enums import VISIBLE_PUBLICATIONS
from programs.models import AdoptedProject, Call, Program
from programs.models.change_log import Mark, Written, written_since
from programs.models.versioning import version
from programs.queries.standing import Standing, build, patched

Moment = tuple[str, int, int, str]
"""Version, how many changes lie before the instant, how many not after it, and the Japanese date."""
Change = tuple[datetime, int]
"""An instant at which the public sees something else though nothing is written, and the program; 0 where it is none."""
MOST: Final = 400
"""Programs that are read again one by one; of more, all are read anew."""
_NO_PROGRAM: Final = 0
_instant: Final = itemgetter(0)


@dataclass(frozen=True)
class _Changes:
    """All of them in order, and where in the log they were read."""

    listed: list[Change]
    mark: Mark | None


@dataclass(frozen=True)
class _Kept:
    """A standing, where in the log it was read, and for which instant."""

    standing: Standing
    mark: Mark | None
    at: datetime


_changes: Final[Newest[str, _Changes]] = Newest()
_kept: Final[Newest[Moment, _Kept]] = Newest()
_settled_changes: Final[Newest[str, _Changes]] = Newest(1)
_settled: Final[Newest[Moment, _Kept]] = Newest(1)
"""The newest of both with a mark: what is made inside a transaction that writes does not push it out."""


def moment(at: datetime, using: str = DEFAULT_DB_ALIAS) -> Moment:
    """What names the catalogue at an instant: two instants of one moment see the same. One statement, if known."""
    token = version(using)
    changes = _changes_of(token, using).listed
    before, until = bisect_left(changes, at, key=_instant), bisect_right(changes, at, key=_instant)
    return token, before, until, clock.today(at).isoformat()


def current(at: datetime, actor: Actor = ANONYMOUS, named: Moment | None = None) -> Standing:
    """The catalogue an actor sees at an instant; `named` is its moment, where that is known already."""
    if actor.is_system:
        return build(at, actor)
    known = named or moment(at)
    public = _kept.get(known, lambda: _made(at, known)).standing
    return _with_drafts(public, at, actor, known[0]) if actor.has_role("publisher") else public


def _with_drafts(public: Standing, at: datetime, actor: Actor, token: str) -> Standing:
    """What a publisher sees besides: the programs it looks after that are not on view. Kept by nobody."""
    seen = Program.objects.visible_to(actor, at)
    hidden = seen.exclude(pk__in=Program.objects.visible_to(ANONYMOUS, at).values("pk"))
    pks = set(hidden.order_by().values_list("pk", flat=True)[: MOST + 1])
    return build(at, actor) if len(pks) > MOST else patched(public, pks, at, actor, token)


def _made(at: datetime, named: Moment) -> _Kept:
    """From the one before as far as it serves, else from all there is."""
    before = next(iter(_settled.held()), None)
    written = written_since(before.mark if before else None)
    made = _Kept(_standing(before, written, at, named[0]), written.mark, at)
    return _settled.get(named, lambda: made) if made.mark else made


def _standing(before: _Kept | None, written: Written, at: datetime, token: str) -> Standing:
    if before is not None and written.programs is not None:
        pks = _with_components(written.programs | _between(before.at, at, token))
        if len(pks) <= MOST:
            return patched(before.standing, pks, at, token=token)
    return build(at, token=token)


def _between(one: datetime, other: datetime, token: str) -> frozenset[int]:
    """The programs with a change between two instants, both included."""
    changes = _changes_of(token, DEFAULT_DB_ALIAS).listed
    first, last = min(one, other), max(one, other)
    crossed = changes[bisect_left(changes, first, key=_instant) : bisect_right(changes, last, key=_instant)]
    return frozenset(pk for _, pk in crossed if pk != _NO_PROGRAM)


def _with_components(pks: frozenset[int]) -> set[int]:
    """Those, and what is a component of one of them."""
    if not pks or len(pks) > MOST:
        return set(pks)
    parts = Program.objects.filter(parent__in=pks).order_by().values_list("pk", flat=True)
    return {*pks, *parts}


# --- Instants --------------------------------------------------------------------------------------------


def _changes_of(token: str, using: str) -> _Changes:
    return _changes.get(token, lambda: _listed(token, using))


def _listed(token: str, using: str) -> _Changes:
    """Those of the programs written since the last time read again, of the others as they were."""
    before = next(iter(_settled_changes.held()), None)
    written = written_since(before.mark if before else None, using)
    made = _Changes(_since(before, written, using), written.mark)
    return _settled_changes.get(token, lambda: made) if made.mark else made


def _since(before: _Changes | None, written: Written, using: str) -> list[Change]:
    pks = written.programs
    if before is None or pks is None or len(pks) > MOST:
        return sorted(_read(Q(), Q(), using))
    kept = [change for change in before.listed if change[1] not in pks and change[1] != _NO_PROGRAM]
    return sorted([*kept, *_read(Q(pk__in=pks), Q(program__in=pks), using)])


def _read(programs: Q, of_programs: Q, using: str) -> list[Change]:
    """Changes of some programs and their calls, as far as they are on view, and of every adopted project."""
    none, number = Value(_NO_PROGRAM, output_field=IntegerField()), F("program_id")
    shown = Q(publication__in=VISIBLE_PUBLICATIONS)
    columns: list[tuple[type[Model], str, Q, F | Value]] = [
        (Program, "published_at", programs & shown, F("pk")),
        (AdoptedProject, "announced_at", Q(), none),
    ]
    columns += [
        (Call, name, of_programs & shown, number)
        for name in ("opens_at", "closes_at", "precheck_due_at", "announce_at", "published_at")
    ]
    first, *others = (
        model._default_manager.using(using)
        .filter(asked)
        .exclude(**{name: None})
        .order_by()
        .values_list(name, whose)
        for model, name, asked, whose in columns
    )
    return [(instant, pk) for instant, pk in first.union(*others, all=True)]

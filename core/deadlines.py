"""A deadline as every app tells it to the desk, the calendars and the reminders. Derived, never stored.

Each app registers two readings of one and the same rule: `collector` (what one actor's desk shows) and `planner`
(everything of every body, for reminders and calendars).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.utils.functional import cached_property  # that of functools takes a lock in Python 3.11

from core import clock
from core.actor import Actor

Collector = Callable[[Actor, datetime], Iterable["Deadline"]]
Cases = frozenset[str] | None
"""Which cases are asked for, by `case_key`; None is all of them."""
Planner = Callable[[datetime, Cases], Iterable["Deadline"]]

_NOBODY: frozenset[int] = frozenset()
_collectors: dict[str, Collector] = {}
_planners: dict[str, Planner] = {}


@dataclass(frozen=True)
class Deadline:
    """An instant by which somebody must have acted. Sorts by instant.

    `kind` is "<app>.<what>" (call closing, report due …), `url` a path of the portal, `case_key` names the case.
    Who: the body, the department or `departments` (any one of them), narrowed to `audience_roles` (empty:
    everybody there) and to `users` (empty: whoever holds the role). No body at all means the public.
    `title` is for people who may read the case. `what` and `about` say the same in words that give nothing of
    the case away: they are mailed, stand in calendars outside, and in the plan of reminders. `since` is when the
    task began. `known_to` are the departments beside the audience that may know that there is such a task.
    """

    kind: str
    at: datetime
    title: str
    url: str
    organization_id: int | None = None
    department_id: int | None = None
    audience_roles: frozenset[str] = field(default_factory=frozenset)
    case_key: str = ""
    what: str = ""
    about: str = ""
    since: datetime | None = None
    departments: frozenset[int] = _NOBODY
    users: frozenset[int] = _NOBODY
    known_to: frozenset[int] = _NOBODY

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("期限には時間帯のある時刻が必要です。")

    def __lt__(self, other: "Deadline") -> bool:
        return (self.at, self.kind, self.case_key) < (other.at, other.kind, other.case_key)

    @cached_property
    def key(self) -> str:
        """Unique per kind, case and instant: a moved deadline is a new key, so its reminders are re-planned."""
        return f"{self.kind}:{self.case_key}:{_iso(self.at)}"

    @cached_property
    def target(self) -> str:
        """Whose task it is, as one word: two partners of one case have a deadline of the same key each."""
        if self.users:
            return "u" + ".".join(map(str, sorted(self.users)))
        return f"o{self.organization_id}" if self.organization_id is not None else ""

    @cached_property
    def task_key(self) -> str:
        """Unique per deadline and per whose task it is."""
        return f"{self.kind}:{self.case_key}:{_iso(self.at)}:{self.target}"

    @property
    def is_public(self) -> bool:
        """Nobody's task, but a date that everybody may know."""
        return self.organization_id is None and not self.users

    def is_open(self, at: datetime) -> bool:
        """Whether there is still time: the deadline's own instant is in time."""
        return at <= self.at

    def concerns(
        self,
        organization_id: int | None,
        department_id: int | None,
        roles: frozenset[str],
        user_id: int | None = None,
    ) -> bool:
        """Whether it is on the desk of someone in this body, department and role."""
        return (
            self.organization_id in {None, organization_id}
            and self.department_id in {None, department_id}
            and (not self.departments or department_id in self.departments)
            and (not self.users or user_id in self.users)
            and (not self.audience_roles or not self.audience_roles.isdisjoint(roles))
        )

    def is_for(self, actor: Actor) -> bool:
        """Whether it is on this actor's desk."""
        return self.concerns(actor.organization_id, actor.department_id, actor.roles, actor.user_id)


@lru_cache(maxsize=4096)
def _iso(at: datetime) -> str:
    """Many deadlines share an instant: thousands of towns' tasks end with one call."""
    return clock.local(at).isoformat()


def collector(app: str) -> Callable[[Collector], Collector]:
    """Register an app's tasks for the desk: collect(actor, at) -> what this actor's department must do.

    Called from the app's AppConfig.ready: `collector("grants")(queries.desk_tasks)`. Raises ValueError for a
    second collector of the same app.
    """

    def keep(collect: Collector) -> Collector:
        if _collectors.setdefault(app, collect) is not collect:
            raise ValueError(f"app {app!r} has a collector of deadlines already")
        return collect

    return keep


def planner(app: str) -> Callable[[Planner], Planner]:
    """Register an app's deadlines of all bodies: plan(at, cases) -> what stands at that instant.

    Called from AppConfig.ready. The deadlines of one case come one after another, so that a reader can group
    them without keeping them all. Raises ValueError for a second planner of the same app.
    """

    def keep(plan: Planner) -> Planner:
        if _planners.setdefault(app, plan) is not plan:
            raise ValueError(f"app {app!r} has a planner of deadlines already")
        return plan

    return keep


def collect(actor: Actor, at: datetime) -> list[Deadline]:
    """Every app's tasks of the actor's department, by instant; what does not concern the actor is left out."""
    return sorted(
        deadline
        for gather in _collectors.values()
        for deadline in gather(actor, at)
        if deadline.is_for(actor)
    )


def planned(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """Every app's deadlines of all bodies at an instant, case by case; of some cases only, when they are named."""
    for plan in _planners.values():
        yield from plan(at, cases)

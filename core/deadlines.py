"""A deadline as every app tells it to the desk, the calendar and the reminders. Derived, never stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core import clock
from core.actor import Actor

Collector = Callable[[Actor, datetime], Iterable["Deadline"]]

_collectors: dict[str, Collector] = {}


@dataclass(frozen=True)
class Deadline:
    """An instant by which somebody must have acted. Sorts by instant.

    `kind` is "<app>.<what>" (call closing, report due …), `url` a path of the portal, `case_key` names the
    case for keys of reminders, `audience_roles` who is reminded; empty means everybody of the department,
    and no organization at all means the public.
    """

    kind: str
    at: datetime
    title: str
    url: str
    organization_id: int | None = None
    department_id: int | None = None
    audience_roles: frozenset[str] = field(default_factory=frozenset)
    case_key: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("期限には時間帯のある時刻が必要です。")

    def __lt__(self, other: "Deadline") -> bool:
        return (self.at, self.kind, self.case_key) < (other.at, other.kind, other.case_key)

    @property
    def key(self) -> str:
        """Unique per kind, case and instant: a moved deadline is a new key, so its reminders are re-planned."""
        return f"{self.kind}:{self.case_key}:{clock.local(self.at).isoformat()}"

    def is_open(self, at: datetime) -> bool:
        """Whether there is still time: the deadline's own instant is in time."""
        return at <= self.at

    def concerns(self, organization_id: int | None, department_id: int | None, roles: frozenset[str]) -> bool:
        """Whether it is on the desk of someone in this body, department and role."""
        return (
            self.organization_id in {None, organization_id}
            and self.department_id in {None, department_id}
            and (not self.audience_roles or not self.audience_roles.isdisjoint(roles))
        )


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


def collect(actor: Actor, at: datetime) -> list[Deadline]:
    """Every app's tasks of the actor's department, by instant; what does not concern the actor is left out."""
    return sorted(
        deadline
        for gather in _collectors.values()
        for deadline in gather(actor, at)
        if deadline.concerns(actor.organization_id, actor.department_id, actor.roles)
    )

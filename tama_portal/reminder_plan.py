"""The plan of reminders in words, for the command and the page: what goes out when, to whom, why."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from accounts import reminders
from accounts.actions.notice import Audience
from accounts.enums import Role
from accounts.models import Department, Organization
from accounts.reminders import Book, Reminder
from core import clock
from core.deadlines import Deadline


@dataclass(frozen=True)
class Line:
    """One reminder in words. `whom`: bodies, departments and roles, never persons; `rule` is the kind of deadline."""

    at: datetime
    whom: str
    title: str
    about: str
    why: str
    due_at: datetime
    rule: str
    escalated: bool
    required: bool

    def facts(self) -> dict[str, object]:
        """As JSON says it: instants in JST."""
        facts = asdict(self)
        return facts | {name: clock.local(facts[name]).isoformat() for name in ("at", "due_at")}


class Names:
    """Names of bodies and of the departments that exist on a day, read once."""

    def __init__(self, on: date) -> None:
        self.bodies = dict(Organization.objects.values_list("pk", "name").order_by("pk"))
        units = Department.objects.order_by("display_order", "pk")
        self.units = {
            pk: (body, name) for pk, body, name in units.values_list("pk", "organization_id", "name")
        }
        self.existing = set(Department.objects.in_force(on).values_list("pk", flat=True))

    def whom(self, audience: Audience, deadline: Deadline) -> str:
        """「東久留米市 企画政策課（担当・承認者）」; people told by name are 「割り当てられた方」."""
        groups: dict[str, list[str]] = {}
        told = {unit for unit, _ in audience.departments}
        units = [unit for unit in self.units if unit in told and (unit in self.existing or len(told) == 1)]
        if units:
            body, name = self.units[units[0]]
            more = f" ほか{len(units) - 1}部署" if len(units) > 1 else ""
            groups[f"{self.bodies[body]} {name}{more}"] = sorted({role for _, role in audience.departments})
        for body, role in sorted(audience.organizations):
            groups.setdefault(self.bodies[body], []).append(role)
        if audience.users:
            body_of_task = self.bodies.get(deadline.organization_id or 0, "")
            groups.setdefault(f"{body_of_task} 割り当てられた方".strip(), []).extend(
                sorted(deadline.audience_roles)
            )
        return "、".join(f"{name}{_in_words(roles)}" for name, roles in groups.items())


def lines(found: Iterable[Reminder], book: Book, on: date) -> list[Line]:
    """Reminders in words, in the order given."""
    names, known = Names(on), dict[Audience, str]()
    return [_line(reminder, book, names, known) for reminder in found]


def _line(reminder: Reminder, book: Book, names: Names, known: dict[Audience, str]) -> Line:
    deadline = reminder.deadline
    told = reminders.told(reminder, book, reminder.at)
    if told.audience not in known or deadline.users:
        known[told.audience] = names.whom(told.audience, deadline)
    return Line(
        at=reminder.at,
        whom=known[told.audience],
        title=told.title,
        about=deadline.about,
        why=reminder.why,
        due_at=deadline.at,
        rule=deadline.kind,
        escalated=reminder.step.escalated,
        required=reminder.rule.is_required,
    )


def _in_words(roles: list[str]) -> str:
    labels = [str(role.label) for role in Role if role.value in roles]
    return f"（{'・'.join(labels)}）" if labels else ""

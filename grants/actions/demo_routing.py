"""庁内照会 of the demo: what an invented case says under "routing", sent and answered by its town's people."""

from accounts.models import Department
from core import clock
from grants.actions import routing
from grants.actions.demo_walk import Walk
from grants.models import Member
from grants.queries.routing import proposed_due


def distribute(walk: Walk) -> None:
    """Send each of the parts to its unit on the third business day; those with `answered` come back on the fourth.

    Shape of "routing": [{"part", "department", "message", "clerk": address, "answered": bool}].
    """
    lead = walk.case.members.get(role="lead")
    for sent in walk.item.get("routing", []):
        unit = Department.objects.get(organization=lead.organization, name=sent["department"])
        with clock.at(walk.calendar.after_opening(3)):
            row = _send(walk, lead, sent["part"], unit, sent["message"])
        if sent.get("answered"):
            with clock.at(walk.calendar.after_opening(5)):
                routing.answer(routing_id=row, by=walk.people[sent["clerk"]])


def _send(walk: Walk, lead: Member, part: str, unit: Department, message: str) -> int:
    lead.application = walk.case
    found = routing.distribute(
        application_id=walk.pk, member_id=lead.pk, parts=[part], department=unit, message=message,
        due_at=proposed_due(lead, clock.now()), by=walk.editor,
    )  # fmt: skip
    return found[0].pk

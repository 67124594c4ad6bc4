"""What only one town may see of the help it gets: its wishes and its visits, in a program of its own."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Organization
from core import clock
from core.actor import Actor
from core.loading import read_json
from grants.actions import drafting, supporting
from grants.actions.loading import load_form
from grants.models import Visit
from tests.factories import grants as grant_cases
from tests.factories import programs as catalogue
from tests.security.planting import Canary, mark


def help_of(body: Organization, by: Actor) -> Iterator[Canary]:
    """A support of one town with a visit; nobody else oversees the program."""
    program = catalogue.published(slug=f"help-{body.code}", title="支援", owner=body, department="")
    load_form(read_json(grant_cases.FORM) | {"program": program.slug})
    case = drafting.start(call=catalogue.call_open(program), by=by)[0]
    support = supporting.ask(application_id=case.pk, wishes=mark(body, "wish"), by=by)
    visit = Visit.objects.create(support=support, number=1, planned_at=clock.now(), place=mark(body, "place"))
    whole: dict[str, Any] = {"public_id": support.public_id}
    one = {**whole, "visit": visit.public_id}
    addresses = [
        ("supports:detail", whole),
        ("supports:ask", {"application": case.public_id}),
        *(("supports:log", {"form": form}) for form in ("csv", "xlsx", "x")),
        *(("supports:act", {**whole, "name": name}) for name in ("plan", "assign", "refuse", "close", "x")),
        *(("supports:visit_act", {**one, "name": name}) for name in ("hold", "record", "confirm", "x")),
    ]
    yield Canary(body.code, mark(body, "wish"), addresses)
    yield Canary(body.code, mark(body, "place"))

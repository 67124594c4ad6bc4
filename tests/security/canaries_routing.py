"""A part of a draft at another unit of the town (庁内照会), and a town's question: no other town may know of them."""

from datetime import timedelta
from typing import Any

from accounts.models import Organization
from core import clock
from core.actor import Actor
from grants.actions import inquiries, routing
from grants.models import Application
from tests.factories import accounts as make
from tests.factories import grants as cases
from tests.factories import programs as catalogue
from tests.security.case_addresses import Address


def plant(body: Organization, case: int, by: Actor, text: str) -> tuple[str, list[Address]]:
    """What was planted, and the addresses by which somebody could ask for it."""
    application = Application.objects.with_parts().get(pk=case)
    sent = routing.distribute(
        application_id=case, member_id=cases.lead_of(application).pk, parts=["documents/other"],
        department=make.department(body, "環境課"), due_at=application.call.closes_at, message=text, by=by,
    )[0]  # fmt: skip
    whole: dict[str, Any] = {"public_id": application.public_id}
    one = {**whole, "routing": sent.public_id}
    file = {**one, "document": "unknown"}
    acts = [("applications:routing_act", {**one, "name": name}) for name in ("take_over", "answer", "x")]
    return text, [
        ("applications:routing", whole),
        ("applications:routing_part", one),
        ("applications:routing_file", file),
        *acts,
    ]


def plant_question(body: Organization, by: Actor, text: str) -> tuple[str, list[Address]]:
    """What a town asked the office of a call that none of the walkers works in."""
    program = catalogue.published(
        slug=f"asked-{body.code}", title="質問の試験", owner=make.metropolis(), department=cases.DEPARTMENT
    )
    call = catalogue.call_open(program, closes_at=clock.now() + timedelta(days=90))
    asked = inquiries.ask(call=call, text=text, by=by)
    whole: dict[str, Any] = {"call": call.public_id}
    one = {**whole, "inquiry": asked.public_id}
    pages = [(f"questions:{page}", whole) for page in ("list", "ask")]
    return text, [
        *pages, ("review:questions", whole), ("review:question", one), ("questions:withdraw", one),
    ]  # fmt: skip

"""Canaries of what the office of a call prepares: no town reads why a closing may come earlier before it does."""

from datetime import timedelta

from accounts.models import Organization
from core.actor import Actor
from grants.actions.shortening import Proposal, propose_shortening
from programs.models import Call
from tests.factories import grants as grant_cases
from tests.security.planting import Canary, mark


def earlier_closing(body: Organization, call: Call, by: Actor) -> Canary:
    """A proposal that waits, and the pages that answer it."""
    asked = Proposal(
        call.closes_at - timedelta(hours=2), None, mark(body, "earlier"), "試験のため", call.closes_at
    )
    one = propose_shortening(call=call, proposal=asked, by=by, at=grant_cases.NOW)
    whole = {"call": call.public_id, "proposal": one.public_id}
    names = ("confirm", "refuse", "withdraw", "x")
    return Canary(
        body.code,
        mark(body, "earlier"),
        [("review:shorten_answer", {**whole, "name": name}) for name in names],
    )

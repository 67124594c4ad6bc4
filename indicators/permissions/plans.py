"""Who may see and change plans: the only answers to "may I?" of this app."""

from datetime import datetime

from core.access import register
from core.actor import Actor
from indicators.enums import VISIBLE_PUBLICATIONS
from indicators.models import Plan
from indicators.permissions.rounds import coordinates


@register("indicators.view_plan")
def view_plan(actor: Actor, obj: object, at: datetime) -> bool:
    """Everyone sees a published plan; a draft only people of the city that owns it."""
    if not isinstance(obj, Plan):
        return False
    return obj.publication in VISIBLE_PUBLICATIONS or (
        actor.organization_id is not None and actor.organization_id == obj.organization_id
    )


@register("indicators.import_sheets")
def import_sheets(actor: Actor, obj: object, at: datetime) -> bool:
    """The city's coordinator takes progress sheets into its plan; the system does so for the command."""
    return actor.is_system or (isinstance(obj, Plan) and coordinates(actor, obj))


@register("indicators.keep_indicators")
def keep_indicators(actor: Actor, obj: object, at: datetime) -> bool:
    """The city's coordinator records figures, corrections, new definitions and the scale of its plan."""
    return isinstance(obj, Plan) and coordinates(actor, obj)

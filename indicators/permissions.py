"""Who may see and change plans: the only answers to "may I?" of this app."""

from datetime import datetime

from core.access import register
from core.actor import Actor
from indicators.enums import VISIBLE_PUBLICATIONS
from indicators.models import Plan


@register("indicators.view_plan")
def view_plan(actor: Actor, obj: object, at: datetime) -> bool:
    """Everyone sees a published plan; a draft only people of the city that owns it."""
    if not isinstance(obj, Plan):
        return False
    return obj.publication in VISIBLE_PUBLICATIONS or (
        actor.organization_id is not None and actor.organization_id == obj.organization_id
    )

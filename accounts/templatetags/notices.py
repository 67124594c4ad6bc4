"""`{% load notices %}`: the unread count of the acting person, for the header of every page."""

from typing import Final

from django import template
from django.template import Context

from accounts.models import Notice
from core.access import actor_of

register = template.Library()

MOST_SHOWN: Final = 99
_KEPT: Final = "_unread_notices"


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> str:
    """`{% unread_notices as unread %}`: "3", "99+", or "" for none. Asked once a request; counts no further than shown."""
    request = context.get("request")
    actor = actor_of(request)
    if request is None or actor.user_id is None:
        return ""
    if not hasattr(request, _KEPT):
        count = Notice.objects.unread_by(actor).order_by()[: MOST_SHOWN + 1].count()
        setattr(request, _KEPT, count)
    count = getattr(request, _KEPT)
    if count > MOST_SHOWN:
        return f"{MOST_SHOWN}+"
    return str(count) if count else ""

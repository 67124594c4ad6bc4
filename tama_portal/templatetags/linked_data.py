"""`{% load linked_data %}`: what a page is about, written into it for machines as JSON-LD (schema.org)."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import escapejs, format_html, format_html_join
from django.utils.safestring import SafeString

from programs.models import Program
from tama_portal.open_data import linked

register = template.Library()


@register.simple_tag
def linked_data(program: Program) -> SafeString:
    """A program as data inside its page. Nothing in it runs, so the policy against inline code lets it stand."""
    told = _json(linked.government_service(program))
    return format_html('<script type="{}">{}</script>', linked.MEDIA_TYPE, told)


def _json(value: Mapping[str, Any] | list[Any] | str) -> SafeString:
    """JSON in which every sign HTML or scripts know is written as \\uXXXX: no text can end the element."""
    if isinstance(value, Mapping):
        pairs = ((_json(key), _json(each)) for key, each in value.items())
        return format_html("{{{}}}", format_html_join(",", "{}:{}", pairs))
    if isinstance(value, list):
        return format_html("[{}]", format_html_join(",", "{}", ((_json(each),) for each in value)))
    return format_html('"{}"', escapejs(value))

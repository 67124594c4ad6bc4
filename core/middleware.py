"""Deny by default: a view that declares no access is not reached, nor any by an address no database can hold."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from core.access import NO_STORE, actor_of, enter, module_rule, rule_of
from core.exceptions import Refused

logger = logging.getLogger(__name__)


_NUL = "\x00"


class RefuseNul:
    """Answers 404 to a path with a NUL: PostgreSQL's text cannot hold it, so no row has such a name.

    Forms and filters refuse it by themselves, with the field's name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on what can be looked up."""
        if _NUL in request.path_info:
            raise Http404
        return self.get_response(request)


class DenyUndeclared:
    """Refuses (404) every view without `@access`; judges those whose package was declared as a whole.

    Stands after the middleware that sets `request.actor`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; what a person signed in sees is not stored unless the view says how it may be."""
        response = self.get_response(request)
        if not actor_of(request).is_anonymous and not response.has_header("Cache-Control"):
            response["Cache-Control"] = NO_STORE
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the view answer; views with their own declaration are guarded by it."""
        if rule_of(view) is not None:
            return None
        rule = module_rule(view)
        if rule is None:
            logger.error(
                "view %s.%s declares no access", view.__module__, getattr(view, "__qualname__", view)
            )
            raise Refused
        return enter(request, rule)

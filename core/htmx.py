"""Fragments: a page owns them (`page.html#rows`), and is whole without JavaScript."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def is_htmx(request: HttpRequest) -> bool:
    """Whether only a fragment is wanted: an htmx request that neither restores history nor boosts a link."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "true" not in {
        headers.get("HX-History-Restore-Request"),
        headers.get("HX-Boosted"),
    }


def render_fragment(
    request: HttpRequest,
    template: str,
    fragment: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with `template#fragment` to htmx and with the whole page to everybody else.

    The answer varies by the htmx headers, so that a cache never shows a fragment as a page.
    """
    name = f"{template}#{fragment}" if is_htmx(request) else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response

"""Rendering small templates in tests."""

from typing import Any

from django.template import Context, Template
from django.test import RequestFactory


def render(source: str, address: str = "/", **values: Any) -> str:
    """The text of `{% load ui %}` + source, as a request to `address` would see it."""
    request = RequestFactory().get(address)
    return Template("{% load ui %}" + source).render(Context({"request": request, **values}))

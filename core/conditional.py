"""Bodies for machines with their ETag: who has a body already gets 304."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

JSON = "application/json"
REVALIDATE = "public, no-cache"
"""May be kept by anyone, and is asked for again by its ETag each time."""


def encoded(value: object) -> bytes:
    """JSON in UTF-8 with Japanese as it is, no spaces and no NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def etag_of(body: bytes) -> str:
    """A strong validator of these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def conditional(request: HttpRequest, body: bytes, content_type: str = JSON) -> HttpResponseBase:
    """The body with its ETag, or 304."""
    response = HttpResponse(body, content_type=content_type)
    response["ETag"], response["Cache-Control"] = etag_of(body), REVALIDATE
    return get_conditional_response(request, etag=response["ETag"], response=response) or response

"""Headers of writes: Idempotency-Key, If-Match, ETag. What they mean is RFC 9110 and the API's own documentation."""

import hashlib
import json
import re
from http import HTTPStatus
from typing import Any, Final

from rest_framework import exceptions
from rest_framework.request import Request

_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}")
_TAG: Final = re.compile(r'"(\d{1,9})"')


class VersionNeeded(exceptions.APIException):
    """428: the write does not say which version it changes."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED


class VersionPassed(exceptions.APIException):
    """412: somebody else changed it first."""

    status_code = HTTPStatus.PRECONDITION_FAILED


def etag(version: int) -> str:
    """The entity tag of a version; 0 is "not written yet"."""
    return f'"{version}"'


def expected_version(request: Request) -> int:
    """The version that If-Match names. Raises VersionNeeded without it, VersionPassed for what is no tag of ours."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise VersionNeeded
    found = _TAG.fullmatch(given)
    if found is None:
        raise VersionPassed
    return int(found[1])


def idempotency_key(request: Request) -> str:
    """The key, "" where none is given. Raises ValidationError (400) for a malformed one."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return ""
    if not _KEY.fullmatch(given):
        fault = "Idempotency-Key は8字から128字までの英数字と記号にしてください（空白は使えません）。"
        raise exceptions.ValidationError({"Idempotency-Key": [fault]})
    return given


def fingerprint(request: Request) -> str:
    """SHA-256 of what is asked: method, path, condition, body."""
    asked: list[Any] = [request.method, request.path, request.headers.get("If-Match", ""), request.data]
    return hashlib.sha256(
        json.dumps(asked, ensure_ascii=True, sort_keys=True, default=str).encode()
    ).hexdigest()

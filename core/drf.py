"""Conventions of the API.

Errors are problems (RFC 9457), JSON keeps Japanese readable, lists are paged, and every view declares who
may reach it with `core.access.access`. One object that an actor may not see is as unknown as one that does
not exist.
"""

import logging
import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.metadata import BaseMetadata
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import NO_STORE, actor_of, allowed, arrival_of, rule_of
from core.database import RETRY_AFTER, trouble_of, words_of
from core.exceptions import (
    AppendOnlyError,
    Conflict,
    DomainError,
    PersonRequired,
    Refused,
    ScopeMissing,
    SignInRequired,
    TokenRefused,
    UnknownTransition,
)
from core.problem import CHALLENGE, CONTENT_TYPE, problem

if TYPE_CHECKING:  # rest_framework.views imports this module, by way of its default settings
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200


class _EscapedJSONRenderer(JSONRenderer):
    ensure_ascii = True
    strict = True


class PortalJSONRenderer(JSONRenderer):
    """JSON in UTF-8 with Japanese as it is, and no NaN."""

    ensure_ascii = False
    strict = True

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """Half a character (a lone surrogate), as a fault names it, has no UTF-8: such an answer is written in escapes."""
        try:
            return bytes(super().render(data, accepted_media_type, renderer_context))
        except UnicodeEncodeError:
            return bytes(_EscapedJSONRenderer().render(data, accepted_media_type, renderer_context))


class DownloadRenderer(PortalJSONRenderer):
    """For views that send a file whatever type is asked for; their problems are JSON."""

    media_type = "*/*"


class PortalMetadata(BaseMetadata):
    """What OPTIONS tells: the media types. What an address is for stands in the schema, in Japanese."""

    def determine_metadata(self, request: Request, view: "APIView") -> dict[str, Any]:
        """Types read and written."""
        del request
        return {
            "renders": [renderer.media_type for renderer in view.renderer_classes],
            "parses": [parser.media_type for parser in view.parser_classes],
        }


class PortalPagination(PageNumberPagination):
    """`page` from 1, `page_size` 1 to 200 (default 50, more is cut to 200)."""

    page_size = DEFAULT_PAGE_SIZE
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"
    page_size_query_description = "1ページの件数（1～200、省略時は50）"
    page_query_description = "ページ番号（1から）"
    invalid_page_message = "このページはありません。page を1からページ数までの整数にしてください。"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 says null."""
        return _with_nulls(super().get_paginated_response_schema(schema))

    def get_page_size(self, request: Request) -> int | None:
        """The size asked for. Raises ValidationError (400) for anything but a positive whole number."""
        return _asked_page_size(request) or super().get_page_size(request)


def _with_nulls(schema: dict[str, Any]) -> dict[str, Any]:
    """`nullable` of OpenAPI 3.0 as a type of 3.1: the neighbours of a page may be missing."""
    for each in schema["properties"].values():
        if isinstance(each, dict) and each.pop("nullable", False):
            each["type"] = [each["type"], "null"]
    return schema


def _asked_page_size(request: Request) -> int | None:
    """`page_size`, at most MAX_PAGE_SIZE; None where it is not given. Raises ValidationError (400)."""
    asked = request.query_params.get("page_size")
    if not asked:
        if asked is None:
            return None
        raise exceptions.ValidationError(_PAGE_SIZE_FAULT)
    if not (asked.isascii() and asked.isdigit() and asked.strip("0")):
        raise exceptions.ValidationError(_PAGE_SIZE_FAULT)
    digits = asked.lstrip("0")
    return MAX_PAGE_SIZE if len(digits) > len(str(MAX_PAGE_SIZE)) else min(int(digits), MAX_PAGE_SIZE)


_PAGE_SIZE_FAULT: Final = {"page_size": ["page_size は1から200までの整数にしてください。"]}


class GrowingPagination(CursorPagination):
    """For lists that grow while they are read: `cursor` from `next`, so that no row is told twice or left out.

    `page_size` as above. A view names its `ordering`, which ends with a unique column.
    """

    page_size = DEFAULT_PAGE_SIZE
    page_size_query_param = "page_size"
    page_size_query_description = "1ページの件数（1～200、省略時は50）"
    cursor_query_description = "続きの場所。前の答えの next にあるものをそのまま使う"
    invalid_cursor_message = "この続きはありません。最初から読み直してください。"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 says null."""
        return _with_nulls(super().get_paginated_response_schema(schema))

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """One page. Raises NotFound for a place no list has: a cursor is anybody's to forge."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, DjangoValidationError, DataError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise exceptions.NotFound(self.invalid_cursor_message) from error

    def get_page_size(self, request: Request) -> int | None:
        """The size asked for. Raises ValidationError (400)."""
        return _asked_page_size(request) or self.page_size


class DeclaredAccess(BasePermission):
    """The default permission: refuses views without `@access`, and asks again for each object.

    The route itself is judged by the guard that `@access` puts before the view.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Raises Refused (404) where nothing is declared."""
        del request
        if rule_of(view) is None:
            logger.error("API view %s declares no access", type(view).__qualname__)
            raise Refused
        return True

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        """Raises Refused (404) when the view's action is not allowed on this object."""
        rule = rule_of(view)
        if rule is None:
            raise Refused
        if rule.action:
            decision = allowed(actor_of(request), rule.action, obj, arrival_of(request))
            if not decision:
                raise Refused(decision.reason)
        return True


# --- Problems -------------------------------------------------------------------------------------------


def problem_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: every expected error as a problem; None leaves a defect to Django (500)."""
    from rest_framework.views import set_rollback

    described = _describe(exc)
    if described is None:
        return None
    status, detail, errors, headers = described
    headers = {"Cache-Control": NO_STORE, **headers}
    request = context.get("request")
    body = problem(status, detail, instance=request.path if request is not None else "", errors=errors)
    if request is not None:  # a view that speaks YAML or sends files tells its faults in JSON, too
        request.accepted_renderer = PortalJSONRenderer()
        request.accepted_media_type = PortalJSONRenderer.media_type
    set_rollback()
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


_NOT_ACCEPTED: Final = (
    "このトークンは使えません。正しくないか、期限が切れたか、取り消されたか、作った人の配属が終わっています。"
    "ポータルの「APIのトークン」で確かめ、作り直してください。"
)

_Described = tuple[int, str, list[dict[str, str]], dict[str, str]]

# Errors that say nothing beyond their status; the first match counts.
_BY_TYPE: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], int, dict[str, str]], ...]] = (
    (
        (SignInRequired, exceptions.NotAuthenticated, exceptions.AuthenticationFailed),
        401,
        {"WWW-Authenticate": CHALLENGE},
    ),
    (Http404, 404, {}),
    (PermissionDenied, 403, {}),
    (RequestDataTooBig, 413, {}),
    (SuspiciousOperation, 400, {}),
    (OperationalError, 503, {"Retry-After": RETRY_AFTER}),
)


def _describe(exc: Exception) -> _Described | None:
    """Status, detail, errors and headers of an error; None for a defect."""
    if isinstance(exc, DomainError):
        return _describe_domain(exc)
    if isinstance(exc, TokenRefused):
        return 401, _NOT_ACCEPTED, [], {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
    if isinstance(exc, ScopeMissing):
        challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{exc.scope}"'
        detail = f"このトークンには「{exc.scope}」がありません。必要な範囲を選んで作り直してください。"
        return 403, detail, [], {"WWW-Authenticate": challenge}
    if isinstance(exc, DjangoValidationError):
        return 400, _FAULTY, _django_errors(exc), {}
    for types, status, headers in _BY_TYPE:
        if isinstance(exc, types):
            return status, _database_words(exc), [], headers
    return _describe_drf(exc) if isinstance(exc, exceptions.APIException) else None


def _database_words(exc: Exception) -> str:
    """What to do about trouble in the database, which is logged; nothing for any other error."""
    if not isinstance(exc, OperationalError):
        return ""
    trouble = trouble_of(exc)
    logger.error("database: %s", trouble, exc_info=exc)
    return words_of(trouble)


_FAULTY: Final = "errors に挙げた項目を直してください。"
_CSRF: Final = "CSRF Failed"
_NO_CSRF: Final = (
    "サインインしたブラウザーから書き込むときは、画面のフォームにある csrfmiddlewaretoken の値を"
    " X-CSRFToken ヘッダーに付けてください。"
)
_UNREADABLE: Final = "本文がJSONとして読めません。UTF-8のJSONで送ってください。"


def _describe_domain(exc: DomainError) -> _Described:
    if isinstance(exc, PersonRequired):
        return 403, str(exc), [], {}
    status = 409 if isinstance(exc, Conflict | UnknownTransition | AppendOnlyError) else 422
    errors = [{"field": fault.field, "message": fault.message, "cure": fault.cure} for fault in exc.faults]
    detail = str(exc) if len(errors) == 1 else _FAULTY
    return status, detail, errors, {}


def _describe_drf(exc: exceptions.APIException) -> _Described:
    if isinstance(exc, exceptions.ValidationError):
        return 400, _FAULTY, list(_flatten(exc.detail)), {}
    headers: dict[str, str] = {}
    wait = getattr(exc, "wait", None)  # Throttled: seconds
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    if isinstance(exc, exceptions.ParseError):
        return exc.status_code, _UNREADABLE, [], headers
    if str(exc.detail).startswith(_CSRF):
        return exc.status_code, _NO_CSRF, [], headers
    # A paginator's own words say more than the status does; the library's defaults do not.
    own_words = isinstance(exc, exceptions.NotFound) and exc.detail != exc.default_detail
    return exc.status_code, str(exc.detail) if own_words else "", [], headers


def _flatten(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """DRF's nested error detail as flat rows; the path is dotted, "" for the whole."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _flatten(inner, f"{path}.{step}".strip("."))
    elif isinstance(detail, list | tuple):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flatten(inner, f"{path}.{position}".strip(".") if nested else path)
    else:
        yield {"field": path, "message": _in_japanese(detail), "cure": ""}


_OWN_WORDS: Final = {
    "null": "本文がありません。",
    "invalid": "この形の値は使えません。文字列にしてください。",
    "null_characters_not_allowed": "使えない文字（NUL）があります。",
    "surrogate_characters_not_allowed": "使えない文字（対になっていないサロゲート）があります。",
}


def _in_japanese(detail: Any) -> str:
    """The library's words, or ours where it has none in Japanese or wrong ones (a NUL is no missing character)."""
    words, code = str(detail), getattr(detail, "code", None) or ""
    if not code.endswith("_not_allowed") and any(ord(char) > _KANA for char in words):
        return words
    most = re.search(r"\d+", words) if code == "max_length" else None
    return f"{most[0]}件以内にしてください。" if most else _OWN_WORDS.get(code, "この値は使えません。")


_KANA: Final = 0x3000


def _django_errors(exc: DjangoValidationError) -> list[dict[str, str]]:
    if hasattr(exc, "error_dict"):
        rows = [(name, message) for name, messages in exc.message_dict.items() for message in messages]
    else:
        rows = [("", message) for message in exc.messages]
    return [
        {"field": "" if name == "__all__" else name, "message": message, "cure": ""} for name, message in rows
    ]


# --- The schema -----------------------------------------------------------------------------------------


_FAULT_SCHEMA: Final = {
    "type": "object",
    "description": "入力の誤り一つ",
    "properties": {
        "field": {"type": "string", "description": "項目（入れ子は . でつなぐ。全体のときは空）"},
        "message": {"type": "string", "description": "何が誤りか"},
        "cure": {"type": "string", "description": "どう直すか"},
    },
    "required": ["field", "message", "cure"],
}
_PROBLEM_SCHEMA: Final = {
    "type": "object",
    "description": "エラー（RFC 9457 application/problem+json）",
    "properties": {
        "type": {"type": "string", "description": "誤りの種類を表すURI（about:blank は status のとおり）"},
        "title": {"type": "string", "description": "誤りの種類の名前"},
        "status": {"type": "integer", "description": "HTTPステータス"},
        "detail": {"type": "string", "description": "この誤りの説明と直し方"},
        "instance": {"type": "string", "description": "誤りの起きたアドレス"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
    "required": ["type", "title", "status", "detail"],
}
_OWN_STATUSES: Final = {"get": (400, 404, 406, 429), "head": (400, 404, 406, 429)}
_WRITING_STATUSES: Final = (400, 401, 403, 404, 406, 409, 413, 415, 422, 429)


def add_problems_to_schema(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Post-processing hook of drf-spectacular: every operation documents its problems, in one component."""
    del generator, request, public
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update({"Fault": _FAULT_SCHEMA, "Problem": _PROBLEM_SCHEMA})
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "responses" in operation:
                _add_problems(method, operation["responses"], operation.get("security", []))
    return result


def _add_problems(method: str, responses: dict[str, Any], security: list[dict[str, Any]]) -> None:
    """A wrong token is refused everywhere; a missing scope only where somebody must sign in."""
    refusals = (() if not security else (401,) if {} in security else (401, 403)) if method == "get" else ()
    changing = (412, 428) if method == "put" else ()
    for status in (*_OWN_STATUSES.get(method, _WRITING_STATUSES), *refusals, *changing):
        responses.setdefault(
            str(status),
            {
                "description": str(problem(status)["title"]),
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )

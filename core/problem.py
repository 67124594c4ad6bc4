"""Errors for machines: application/problem+json (RFC 9457), with Japanese titles and details."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import JsonResponse

CONTENT_TYPE: Final = "application/problem+json"
CHALLENGE: Final = 'Bearer realm="api"'

# title and default detail by status; the title is the same for every problem of a status (RFC 9457, 3.1.3)
_WORDS: Mapping[int, tuple[str, str]] = {
    400: ("リクエストが正しくありません", "リクエストの書き方を確かめてください。"),
    401: ("ログインが必要です", "ログインするか、有効なトークンを付けてください。"),
    403: ("この操作はできません", "権限を確かめてください。"),
    404: ("見つかりません", "アドレスを確かめてください。"),
    405: ("このアドレスでは使えない操作です", "HTTPメソッドを確かめてください。"),
    406: ("その形式では返せません", "Accept ヘッダーを application/json にしてください。"),
    409: ("状態が変わっています", "最新の内容を読み込んでから、やり直してください。"),
    412: ("ほかの変更が先に入りました", "読み直して最新の ETag を If-Match に付け、やり直してください。"),
    413: ("送られたデータが大きすぎます", "内容を分けて送ってください。"),
    415: ("その形式は受け付けられません", "Content-Type を application/json にしてください。"),
    422: ("内容に誤りがあります", "errors に挙げた項目を直してください。"),
    428: ("版の指定が必要です", "読み取ったときの ETag を If-Match ヘッダーに付けてください。"),
    429: ("リクエストが多すぎます", "しばらく待ってから、やり直してください。"),
    500: ("処理できませんでした", "時間をおいて、やり直してください。続くときは管理者にお知らせください。"),
    503: ("ただいま利用できません", "時間をおいて、やり直してください。"),
}


def problem(
    status: int, detail: str = "", *, instance: str = "", errors: Iterable[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """The body of a problem: type, title, status, detail, and where given instance and errors.

    `errors` items have `field` (dotted path, "" for the whole), `message` (fault) and `cure`.
    """
    title, default_detail = _WORDS.get(status, (HTTPStatus(status).phrase, ""))
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or default_detail,
    }
    if instance:
        body["instance"] = instance
    if listed := [dict(error) for error in errors]:
        body["errors"] = listed
    return body


def problem_response(status: int, detail: str = "", *, instance: str = "") -> JsonResponse:
    """A problem as a Django response, for views that are not DRF's."""
    response = JsonResponse(
        problem(status, detail, instance=instance),
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "private, no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    return response

"""When the database breaks off, is held by somebody else, or takes too long: what it was, and what is tried again.

`docs/adr/0031`. A deadlock's loser (and a serialization failure) has changed nothing, so its request is answered once
more from the start; what waits for a lock or for a search is ended in time and said in words.
"""

import random
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.db import OperationalError, connection, connections
from django.http import HttpRequest, HttpResponseBase

ATTEMPTS: Final = 3
_PAUSE_SECONDS: Final = (0.05, 0.2)


class Trouble(StrEnum):
    """Why the database did not do what it was asked."""

    BROKEN_OFF = "broken_off"
    """A deadlock or a serialization failure: this transaction was ended for another's sake."""
    HELD = "held"
    """Somebody else holds a row longer than a request may wait."""
    TOO_LONG = "too_long"
    """A statement took longer than a request may ask for."""
    AWAY = "away"
    """Anything else: shut down, restarted, out of connections."""


_BY_STATE: Final[Mapping[str, Trouble]] = {
    "40P01": Trouble.BROKEN_OFF,
    "40001": Trouble.BROKEN_OFF,
    "55P03": Trouble.HELD,
    "57014": Trouble.TOO_LONG,
}
_SAVING: Final = "ほかの人が同じところを保存しています。何も変わっていません。数秒待ってから、同じ内容をもう一度送ってください。"
_WORDS: Final[Mapping[Trouble, str]] = {
    Trouble.BROKEN_OFF: _SAVING,
    Trouble.HELD: _SAVING,
    Trouble.TOO_LONG: "調べるのに時間がかかりすぎたため、途中で止めました。条件をしぼって、やり直してください。",
}
RETRY_AFTER: Final = "5"
"""Seconds after which another try may go better, for the header of every 503."""


def trouble_of(error: OperationalError) -> Trouble:
    """What it was, by the SQLSTATE of PostgreSQL or the name SQLite has for its one lock."""
    cause = error.__cause__
    if str(getattr(cause, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Trouble.HELD
    return _BY_STATE.get(str(getattr(cause, "sqlstate", "")), Trouble.AWAY)


def words_of(trouble: Trouble | None) -> str:
    """What to do about it; "" where the words of 503 say it."""
    return _WORDS.get(trouble, "") if trouble else ""


def limit_waits() -> None:
    """Let no statement of this process wait for a lock, or take, longer than a request may (`settings.REQUEST_WAITS`).

    For processes that serve requests, before their first connection; worker, commands and migrations wait as long as
    they must. SQLite has its own limit for its one lock.
    """
    if connection.vendor != "postgresql":
        return
    options = connections.settings["default"].setdefault("OPTIONS", {})
    waits = " ".join(f"-c {name}={seconds}s" for name, seconds in settings.REQUEST_WAITS.items())
    options["options"] = f"{options.get('options', '')} {waits}".strip()


class AnswerOnceMore:
    """Answers a page's request again whose transaction was broken off, as long as nothing of it was kept.

    Pages only: a machine gets 503 with Retry-After and its Idempotency-Key (`core.writing`) makes its own next try safe.
    Stands last, so that whatever else handles an exception sees only what is left of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        wrapper: Any = connection
        wrapper.has_committed = False  # core.postgresql sets it at each commit
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """The answer of a later try; None where there is none, and the error goes on."""
        view = request.resolver_match
        error: Exception | None = exception
        for attempt in range(1, ATTEMPTS):
            if view is None or not _may_go_again(error):
                return None
            time.sleep(attempt * random.uniform(*_PAUSE_SECONDS))  # noqa: S311 - so that two do not meet again
            for _, files in request.FILES.lists():
                for file in files:
                    file.seek(0)
            try:
                answer: HttpResponseBase = view.func(request, *view.args, **view.kwargs)
            except OperationalError as again:
                error = again
            else:
                return answer
        return None


def _may_go_again(error: Exception | None) -> bool:
    broken = isinstance(error, OperationalError) and trouble_of(error) is Trouble.BROKEN_OFF
    return broken and not connection.in_atomic_block and not getattr(connection, "has_committed", False)

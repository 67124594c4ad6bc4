"""Logs: one event, one line of JSON, with the request's id; line breaks cannot be smuggled in.

Some addresses are secrets (a calendar's, an invitation's): the secret is left out wherever a line repeats the path.
What a library's error repeats of the data is left out too: mail addresses, and the values a database names.
"""

import logging
import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from core import clock

_SECRET_PATH: Final = re.compile(r"(/(?:deadlines|invitations|alerts|reset/key)/)[A-Za-z0-9_-]{16,}")
_ADDRESS: Final = re.compile(r"(?<![\w.%+-])(?!notice-)[\w.%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_VALUES: Final = re.compile(r"(DETAIL: ).*")


def formatter() -> logging.Formatter:
    """The formatter of settings.LOGGING: standard records and structlog's alike become one JSON line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _japanese_time,
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _japanese_time(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["at"] = clock.local(clock.now()).isoformat(timespec="milliseconds")
    return event


def _without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for part in ("event", "exception"):
        if part in event:
            said = _SECRET_PATH.sub(r"\1…", str(event[part]))
            event[part] = _VALUES.sub(r"\1…", _ADDRESS.sub("…@…", said))
    return event

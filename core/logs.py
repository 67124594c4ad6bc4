"""Logs: one event, one line of JSON, with the request's id; line breaks cannot be smuggled in."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from core import clock


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
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _japanese_time(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["at"] = clock.local(clock.now()).isoformat(timespec="milliseconds")
    return event

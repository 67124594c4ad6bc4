"""The body of an evaluation: JSON without floats, of bounded size, whose faults name the field."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser

from core.problem import CONTENT_TYPE, problem
from programs.funding import exact
from programs.funding.faults import InputFault

LARGEST_BODY: Final = 64 * 1024
"""Bytes. A hundred amounts of fifteen digits take two thousand."""

DRAINED: Final = 64 * 1024 * 1024
"""So much of a larger body is read and thrown away, so that its sender gets to read the answer."""

_CHUNK: Final = 64 * 1024
_KEY: Final = re.compile(rb'"([A-Za-z_][A-Za-z0-9_]{0,39})"\s*:')


class FaultyBody(APIException):
    """A body that cannot be read; `faults` name what is wrong."""

    status_code = 400

    def __init__(self, *faults: InputFault) -> None:
        super().__init__("、".join(fault.message for fault in faults))
        self.faults = faults


class ExactJSONParser(BaseParser):
    """JSON with exact numbers. Raises FaultyBody."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The parsed body."""
        del media_type, parser_context
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            _drain(stream)
            raise FaultyBody(_too_long(raw))
        try:
            return exact.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            fault = InputFault("", "本文の文字コードがUTF-8ではありません。", "UTF-8 で送ってください。")
        except json.JSONDecodeError as error:
            fault = InputFault(
                "",
                f"本文がJSONとして読めません（{error.lineno}行{error.colno}文字目）。",
                "JSONの書き方を確かめてください。",
            )
        except (ValueError, RecursionError):
            fault = InputFault("", "本文の入れ子が深すぎます。", '{"inputs": {…}} の形にしてください。')
        raise FaultyBody(fault)


def _drain(stream: Any) -> None:
    left = DRAINED
    while left > 0 and stream.read(_CHUNK):
        left -= _CHUNK


def _too_long(raw: bytes) -> InputFault:
    """The field whose value runs over the limit is the last one that began before it."""
    found = _KEY.findall(raw)
    name = found[-1].decode() if found else "inputs"
    field = name if name == "inputs" else f"inputs.{name}"
    return InputFault(
        field, f"「{name}」の値が長すぎます。", f"本文を{LARGEST_BODY // 1024}KB以内にしてください。"
    )


def faulty(faults: tuple[InputFault, ...], path: str) -> tuple[dict[str, Any], str]:
    """The body and media type of the 400 that names every faulty field."""
    errors = [{"field": each.field, "message": each.message, "cure": each.cure} for each in faults]
    detail = (
        f"{faults[0].message}{faults[0].cure}"
        if len(faults) == 1
        else "errors に挙げた項目を直してください。"
    )
    return problem(400, detail, instance=path, errors=errors), CONTENT_TYPE

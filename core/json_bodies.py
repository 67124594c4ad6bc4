"""Bodies of the API, read strictly: what cannot be read is the sender's fault (400) and never a defect (500)."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

_MOST_NESTED: Final = 20


class PortalJSONParser(BaseParser):
    """JSON in UTF-8 with finite numbers, nested no deeper than any body of the API. Raises ParseError (400)."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The parsed body."""
        del media_type, parser_context
        try:
            body = json.loads(stream.read().decode("utf-8-sig"), parse_constant=_finite, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        level = [body]
        for _ in range(_MOST_NESTED):
            level = [inner for each in level for inner in _inside(each)]
        if level:
            raise ParseError
        return body


def _finite(word: str) -> float:
    """A number as JSON has it: neither NaN nor larger than can be held. Raises ValueError."""
    if not math.isfinite(number := float(word)):
        raise ValueError(word)
    return number


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()

"""Examples in the schema: one real, shortened answer for each operation that answers in JSON.

They lie in api_examples.json by operation (`operationId`); tests/api/test_schema.py holds each against the schema and
names an operation that has none. Those written beside their view are left alone.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("api_examples.json")


@lru_cache(maxsize=1)
def recorded() -> dict[str, Any]:
    """Answers by operationId."""
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook of drf-spectacular: puts the recorded answer where there is no example."""
    del generator, request, public
    for item in result.get("paths", {}).values():
        for operation in item.values():
            example = recorded().get(operation.get("operationId", ""))
            media = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json")
            if example is not None and media is not None:
                media.setdefault("examples", {"例": {"value": example}})
    return result

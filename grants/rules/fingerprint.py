"""One SHA-256 over plain data, the same on every engine and machine."""

import hashlib
import json
from typing import Any

from core.events import plain

__all__ = ["fingerprint", "plain"]


def fingerprint(value: Any) -> str:
    """SHA-256 (hex) of the canonical form: sorted keys, no spaces, text as is. Raises TypeError for a float."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

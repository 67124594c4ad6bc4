"""Idempotent loading of reference data by natural key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class LoadReport:
    """How many rows a load created, changed and found as they should be."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "LoadReport") -> "LoadReport":
        return LoadReport(
            self.created + other.created, self.updated + other.updated, self.unchanged + other.unchanged
        )


def read_json(path: Path) -> Any:
    """The content of one fixture file; decimals stay text there, so nothing passes through a float."""
    return json.loads(path.read_text(encoding="utf-8"))


def upsert(model: type[M], key: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[M, LoadReport]:
    """Make the row named by `key` hold `values`; writes only when something differs."""
    manager = model._default_manager
    found = manager.filter(**key).first()
    if found is None:
        return manager.create(**key, **values), LoadReport(created=1)
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    if not changed:
        return found, LoadReport(unchanged=1)
    for name in changed:
        setattr(found, name, values[name])
    found.save(update_fields=changed)
    return found, LoadReport(updated=1)

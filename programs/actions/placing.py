"""Placing reference rows: idempotent, and never over what a person edited."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from core.loading import LoadReport
from programs.models.base import ReferenceRow

RowT = TypeVar("RowT", bound=ReferenceRow)


@dataclass(frozen=True)
class Part(Generic[RowT]):
    """Rows that belong to a row and are placed with it: what they should be, how to read and write them.

    `wanted` and what `read` returns are plain data of the same shape.
    """

    name: str
    wanted: Any
    read: Callable[[RowT], Any]
    write: Callable[[RowT], None]


def place(
    model: type[RowT],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    parts: Sequence[Part[RowT]] = (),
    at_creation: Mapping[str, Any] | None = None,
    prepare: Callable[[RowT], object] = lambda _row: None,
) -> tuple[RowT, LoadReport]:
    """Make the row named by `key` hold `values` and `parts`, unless a person edited it since the last load.

    `values` name foreign keys by their column (`owner_id`). `at_creation` is written once. `prepare` sets
    derived columns before a save. Returns the row and a report of one.
    """
    wanted = digest({**values, **{part.name: part.wanted for part in parts}})
    row = model._default_manager.filter(**key).first()
    if row is None:
        row = model(**key, **values, **(at_creation or {}), loaded_digest=wanted)
        return _write(row, parts, prepare), LoadReport(created=1)
    if row.loaded_digest == wanted or row.loaded_digest != _current(row, values, parts):
        return row, LoadReport(unchanged=1)
    for name, value in values.items():
        setattr(row, name, value)
    row.loaded_digest = wanted
    return _write(row, parts, prepare), LoadReport(updated=1)


def _write(row: RowT, parts: Sequence[Part[RowT]], prepare: Callable[[RowT], object]) -> RowT:
    prepare(row)
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
    row.save()
    for part in parts:
        part.write(row)
    return row


def _current(row: RowT, values: Mapping[str, Any], parts: Sequence[Part[RowT]]) -> str:
    stored = {name: getattr(row, name) for name in values}
    return digest({**stored, **{part.name: part.read(row) for part in parts}})


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of plain data; 5, 5.0 and 5.0000 as decimals are the same."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"reference rows hold plain data, not {type(value).__name__}")

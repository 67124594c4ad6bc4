"""What the open data files have to look like, read back from outside: the validators of every export.

The forms stand in `fixtures/schemas/`, in our words (JSON Schema; for tables Table Schema). Here is how they are read, what
they cannot say, and the forms that are not JSON: RFC 4287 (Atom), RFC 5545 (iCalendar), sitemaps.org.
Every function gives the faults it finds, and none for a file that is as it should be.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from jsonschema import Draft202012Validator, FormatChecker

from core.codes import municipality_code_valid

Value = Any
Row = Mapping[str, Any]
SCHEMAS: Final = Path(__file__).resolve().parents[2] / "fixtures" / "schemas"


# --- Values -------------------------------------------------------------------------------------------------


def is_exact(value: Value) -> bool:
    """A decimal written out as text."""
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def is_instant(value: Value) -> bool:
    """RFC 3339 with the offset of Japan."""
    return value.endswith("+09:00") and is_moment(value)


def is_moment(value: Value) -> bool:
    """RFC 3339 to the second."""
    return bool(re.fullmatch(r"[\d-]{10}T[\d:]{8}([+-]\d\d:\d\d|Z)", value)) and _parses(
        datetime.fromisoformat, value
    )


def is_day(value: Value) -> bool:
    """2026-12-08."""
    return len(value) == 10 and _parses(date.fromisoformat, value)


def is_address(value: Value) -> bool:
    """An absolute address of the web without blanks."""
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", value)


def _parses(reads: Callable[[str], object], value: str) -> bool:
    try:
        reads(value)
    except ValueError:
        return False
    return True


# --- Forms by schema ----------------------------------------------------------------------------------------

_FORMATS: Final = FormatChecker(())
for _name, _check in {
    "uri": is_address,
    "date": is_day,
    "date-time": is_moment,
    "decimal": is_exact,
    "instant of Japan": is_instant,
}.items():
    _FORMATS.checks(_name)(lambda value, check=_check: not isinstance(value, str) or check(value))


@cache
def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return schema


@cache
def _validator(name: str, part: str) -> Draft202012Validator:
    schema = _schema(name) | ({"$ref": f"#/$defs/{part}"} if part else {})
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=_FORMATS)


def faults(name: str, told: Value, part: str = "") -> list[str]:
    """What keeps something from a schema, or from one of its definitions."""
    return [f"{fault.json_path}: {fault.message}" for fault in _validator(name, part).iter_errors(told)]


# --- Tables -------------------------------------------------------------------------------------------------

TABLES: Final = tuple(sorted(path.stem for path in (SCHEMAS / "tables").glob("*.json")))
_TYPES: Final[dict[str, dict[str, str]]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "string", "format": "decimal"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "instant of Japan"},
}


def columns(name: str) -> tuple[str, ...]:
    """The columns of a table, in their order."""
    return tuple(field["name"] for field in _table(name)["fields"])


def _table(name: str) -> dict[str, Any]:
    return _schema(f"tables/{name}")


@cache
def _rows_of(name: str) -> Draft202012Validator:
    """What the fields of a table make of a row in JSON: exact numbers are text there, and what is not known is null."""
    told = {field["name"]: _cell(field) for field in _table(name)["fields"]}
    row = {"type": "object", "properties": told, "required": [*told], "additionalProperties": False}
    return Draft202012Validator(row, format_checker=_FORMATS)


def _cell(field: Mapping[str, Any]) -> dict[str, Any]:
    limits = dict(field.get("constraints", {}))
    needed = limits.pop("required", False)
    cell: dict[str, Any] = {**_TYPES[field["type"]], **limits}
    cell |= {"format": field["format"]} if "format" in field else {}
    cell |= {"pattern": f"^({limits['pattern']})$"} if "pattern" in limits else {}
    if needed:
        return cell | ({"minLength": 1} if field["type"] == "string" else {})
    return (
        cell | {"type": [cell["type"], "null"]} | ({"enum": [*cell["enum"], None]} if "enum" in cell else {})
    )


def table_faults(name: str, rows: Sequence[Row], others: Mapping[str, Sequence[Row]]) -> list[str]:
    """What keeps a table from its form; `others` are all tables, for the columns that lead to them."""
    form = _table(name)
    key = form.get("primaryKey") or form["uniqueKeys"][0]
    found = [f"{each} twice" for each, count in _counted(rows, key).items() if count > 1]
    found += [f"{place.json_path}: {place.message}" for place in _each_row(name, rows)]
    for lead in form.get("foreignKeys", ()):
        known = {row[lead["reference"]["fields"]] for row in others[lead["reference"]["resource"]]} | {None}
        found += [f"leads nowhere: {row[lead['fields']]}" for row in rows if row[lead["fields"]] not in known]
    return found + [f"{number} {fault}" for number, row in enumerate(rows) for fault in _row_faults(row)]


def _each_row(name: str, rows: Sequence[Row]) -> Iterator[Any]:
    for row in rows:
        yield from _rows_of(name).iter_errors(row)


def _counted(rows: Iterable[Row], key: Sequence[str]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row[column] for column in key) for row in rows)


def _row_faults(row: Row) -> Iterator[str]:
    """What a schema cannot say: check digits, what begins ends later, as many bodies as numbers, no value not measured."""
    for column in ("団体コード", "代表コード", "連携する市町村コード", "地域", "全国地方公共団体コード"):
        if not all(municipality_code_valid(code) for code in (row.get(column) or "130001").split("；")):
            yield f"{column}: no number of a local government"
    for first, last in (("受付開始", "締切"), ("公募開始日", "公募終了日"), ("期間の始まり", "期間の終わり")):
        if row.get(first) is not None and row.get(last) is not None and row[first] > row[last]:
            yield f"{last}: before its beginning"
    codes, names = row.get("連携する市町村コード") or "", row.get("連携する市町村") or ""
    if codes.count("；") != names.count("；"):
        yield "連携する市町村: not as many as numbers"
    if row.get("測定不能") == 1 and row.get("値") is not None:
        yield "値: though not measured"
    yield from _rate_faults(row)


def _rate_faults(row: Row) -> Iterator[str]:
    """The percentage is the fraction to one decimal, half up; no rate is over all."""
    rate, written = row.get("最大補助率"), row.get("最大補助率（分数）")
    if (rate is None) != (written is None):
        yield "最大補助率: without the other"
    elif rate is not None:
        whole = Fraction(written)
        tenths = int(whole * 1000 + Fraction(1, 2))
        if whole > 1 or rate != f"{tenths // 10}.{tenths % 10}":
            yield f"最大補助率: {rate} for {written}"


# --- Feeds --------------------------------------------------------------------------------------------------

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_MAP: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def atom_faults(body: bytes) -> list[str]:
    """What keeps a feed from RFC 4287."""
    feed = ET.fromstring(body)  # noqa: S314 - our own answer
    faults = [] if feed.tag == f"{_ATOM}feed" else ["no feed"]
    for node in (feed, *feed.iter(f"{_ATOM}entry")):
        where = node.findtext(f"{_ATOM}id") or "?"
        faults += [f"{where}: {name} {len(found)} times" for name in ("id", "title", "updated")
                   if len(found := node.findall(f"{_ATOM}{name}")) != 1]  # fmt: skip
        faults += [] if is_address(where) else [f"{where}: no address"]
        moments = [node.findtext(f"{_ATOM}{name}") for name in ("updated", "published")]
        faults += [
            f"{where}: {moment}" for moment in moments if moment is not None and not is_instant(moment)
        ]
        links = [link for link in node.findall(f"{_ATOM}link") if link.get("rel", "alternate") == "alternate"]
        faults += [f"{where}: no page"] * (len(links) != 1 or not is_address(links[0].get("href")))
    faults += [] if feed.find(f"{_ATOM}author/{_ATOM}name") is not None else ["no author"]
    return faults + [
        f"{key} twice" for key, count in Counter(node.text for node in feed.iter(f"{_ATOM}id")).items() if count > 1
    ]  # fmt: skip


def sitemap_faults(body: bytes) -> list[str]:
    """What keeps a list of pages from sitemaps.org: at most 50,000 of them and 50 MB, each once, days as days."""
    site = ET.fromstring(body)  # noqa: S314 - our own answer
    faults = [] if site.tag == f"{_MAP}urlset" else ["no urlset"]
    found = [page.findtext(f"{_MAP}loc") or "" for page in site.findall(f"{_MAP}url")]
    faults += [f"{where}: no address" for where in found if not is_address(where) or len(where) >= 2048]
    faults += ["too many"] * (len(found) > 50_000 or len(body) > 50 * 2**20) + ["twice"] * (len(found) != len(set(found)))  # fmt: skip
    days = [each.text or "" for each in site.iter(f"{_MAP}lastmod")]
    return faults + [f"lastmod {day}" for day in days if not (is_day(day) or is_instant(day))]


def calendar_faults(body: bytes) -> list[str]:
    """What keeps a calendar from RFC 5545: line ends, 75 bytes a line, what each event needs, no identifier twice."""
    text = body.decode("utf-8")
    faults = ["lines not ended by CR LF"] * (
        text.count("\n") != text.count("\r\n") or not text.endswith("\r\n")
    )
    faults += [f"too long: {line}" for line in text.split("\r\n") if len(line.encode()) > 75]
    lines = text.replace("\r\n ", "").split("\r\n")
    faults += ["no frame"] * (lines[0] != "BEGIN:VCALENDAR" or lines[-2] != "END:VCALENDAR")
    names = Counter(re.split("[:;]", line)[0] for line in lines)
    faults += [f"no {name}" for name in ("VERSION", "PRODID") if names[name] != 1]
    events = lines.count("BEGIN:VEVENT")
    faults += [f"{name}: {names[name]} of {events}" for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY") if names[name] != events]  # fmt: skip
    return faults + ["UID twice"] * (len({line for line in lines if line.startswith("UID")}) != events)

"""What the open data files have to look like, read back from outside: the validators of every export.

No schema of others stands here. The rules are those of the forms' own documents, in our words: RFC 4287 (Atom), RFC 5545
(iCalendar), sitemaps.org, schema.org, DCAT 3 with its profile DCAT-AP 3, RFC 3339, the numbers of local governments.
Every function gives the faults it finds, and none for a file that is as it should be.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from core.codes import municipality_code_valid

Value = Any
Check = Callable[[Value], bool]
Row = Mapping[str, Any]


# --- Values -------------------------------------------------------------------------------------------------


def is_whole(value: Value) -> bool:
    """A whole number from zero: yen, counts."""
    return type(value) is int and value >= 0


def is_year(value: Value) -> bool:
    """A fiscal year of people alive."""
    return type(value) is int and 1950 <= value <= 2100


def is_exact(value: Value) -> bool:
    """A decimal written out as text."""
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def is_fraction(value: Value) -> bool:
    """2/3: more than none, and not more than all."""
    return bool(re.fullmatch(r"[1-9]\d*/[1-9]\d*", value)) and Fraction(value) <= 1


def is_instant(value: Value) -> bool:
    """RFC 3339 with the offset of Japan."""
    return bool(re.fullmatch(r"[\d-]{10}T[\d:]{8}\+09:00", value)) and _parses(datetime.fromisoformat, value)


def is_day(value: Value) -> bool:
    """2026-12-08."""
    return len(value) == 10 and _parses(date.fromisoformat, value)


def is_address(value: Value) -> bool:
    """An absolute address of the web without blanks."""
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", value)


def are_codes(value: Value) -> bool:
    """Numbers of local governments with their check digit, joined by ；."""
    return all(municipality_code_valid(code) for code in value.split("；"))


def _parses(reads: Callable[[str], object], value: str) -> bool:
    try:
        reads(value)
    except ValueError:
        return False
    return True


# --- Tables -------------------------------------------------------------------------------------------------

KINDS: Final[dict[str, Check]] = {
    **dict.fromkeys(("予算（円）", "1団体あたりの上限（円）", "予算額（円）", "決算額（円）", "給付上限額", "借入限度額",
                     "給付金額", "採択の数", "代表1団体の申請数", "最長の年数", "施策の数", "成果指標の数", "定義の版",
                     "訂正の回数", "表示優先度"), is_whole),
    **dict.fromkeys(("対象年度", "採択年度", "年度", "開始年度", "終了年度", "期間の始まり", "期間の終わり"), is_year),
    **dict.fromkeys(("受付開始", "締切", "案の事前確認の期限", "結果の公表", "公表の日時"), is_instant),
    **dict.fromkeys(("公募開始日", "公募終了日", "公開開始日", "公開終了日", "最終更新日", "受付開始日", "受付終了日",
                     "公開日"), is_day),
    **dict.fromkeys(("団体コード", "代表コード", "連携する市町村コード", "地域", "全国地方公共団体コード"), are_codes),
    **dict.fromkeys(("値", "最大補助率", "最大金利"), is_exact),
    **dict.fromkeys(("ページ", "詳細URL", "URL", "申請方法URL"), is_address),
    "最大補助率（分数）": is_fraction,
    **dict.fromkeys(("架空", "おおよその値"), lambda value: isinstance(value, bool)),
    "測定不能": lambda value: value in (0, 1),
}  # fmt: skip
"""What the columns hold, by their name; those of no kind hold text."""


@dataclass(frozen=True)
class Form:
    """A table: what names a row, what is never empty, words a column keeps to, columns that lead to other tables."""

    key: tuple[str, ...]
    full: tuple[str, ...] = ()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    leads: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_PROGRAM: Final = {"制度番号": ("programs", "制度番号")}
_PLAN: Final = {"計画": ("plans", "計画")}
_POINTS: Final = {"種別": frozenset({"現状値", "観測値", "目標"})}
FORMS: Final = {
    "programs": Form(
        ("制度番号",), ("タイトル（制度名）", "制度所管組織", "詳細URL"), {}, {"元制度番号": ("programs", "制度番号")}
    ),
    "support-programs": Form(("制度番号",), ("タイトル（制度名）", "支援制度種別", "URL"), {}, _PROGRAM),
    "calls": Form(("募集番号",), ("対象年度", "受付開始", "締切", "架空", "ページ"), {}, _PROGRAM),
    "projects": Form(("識別名",), ("事業名", "採択年度", "代表", "架空", "ページ"), {}, _PROGRAM),
    "figures": Form(
        ("制度番号", "種別", "項目", "年度", "時期の表記"), ("おおよその値",),
        {"種別": frozenset({"実績", "予算", "年次の数値"})}, _PROGRAM,
    ),
    "plans": Form(("計画",), ("計画の名称", "団体コード", "施策の数", "成果指標の数")),
    "measures": Form(("計画", "番号", "年度"), ("施策", "方向性", "展望"), {}, _PLAN),
    "indicators": Form(
        ("計画", "識別名", "種別", "時期"), ("指標名", "単位"), _POINTS, _PLAN
    ),
    "observations": Form(
        ("計画", "識別名", "種別", "期間の始まり", "期間の終わり"), ("指標名", "単位", "測定不能"), _POINTS,
        {**_PLAN, "識別名": ("indicators", "識別名")},
    ),
}  # fmt: skip


def table_faults(name: str, rows: Sequence[Row], others: Mapping[str, Sequence[Row]]) -> list[str]:
    """What keeps a table from its form; `others` are all tables, for the columns that lead to them."""
    form = FORMS[name]
    faults = [f"{key} twice" for key, count in _counted(rows, form.key).items() if count > 1]
    known = {column: {row[there] for row in others[table]} for column, (table, there) in form.leads.items()}
    for number, row in enumerate(rows):
        faults += [f"{number} {column}: {fault}" for column, fault in _row_faults(form, row, known)]
    return faults


def _counted(rows: Iterable[Row], key: tuple[str, ...]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row[column] for column in key) for row in rows)


def _row_faults(form: Form, row: Row, known: Mapping[str, set[Any]]) -> Iterator[tuple[str, str]]:
    for column, value in row.items():
        if value is None:
            if column in form.full or column == form.key[0]:
                yield column, "empty"
        elif column in KINDS and not KINDS[column](value):
            yield column, f"not of its kind: {value!r}"
        elif column not in KINDS and column not in {"番号"} and not isinstance(value, str):
            yield column, f"no text: {value!r}"
        elif column in form.words and value not in form.words[column]:
            yield column, f"unknown word: {value}"
        elif column in known and value not in known[column]:
            yield column, f"leads nowhere: {value}"
    yield from _order_faults(row)


def _order_faults(row: Row) -> Iterator[tuple[str, str]]:
    """What begins ends later; bodies and their numbers are as many; not measured means no value."""
    for first, last in (("受付開始", "締切"), ("公募開始日", "公募終了日"), ("期間の始まり", "期間の終わり")):
        if row.get(first) is not None and row.get(last) is not None and row[first] > row[last]:
            yield last, "before its beginning"
    codes, names = row.get("連携する市町村コード") or "", row.get("連携する市町村") or ""
    if codes.count("；") != names.count("；"):
        yield "連携する市町村", "not as many as numbers"
    if row.get("測定不能") == 1 and row.get("値") is not None:
        yield "値", "though not measured"


# --- Linked data --------------------------------------------------------------------------------------------

_TEXTS, _ONE_NODE = "texts", "node"
_CATALOGUE: Final[dict[str, dict[str, tuple[bool, str]]]] = {
    "dcat:Catalog": {
        "dct:title": (True, _TEXTS), "dct:description": (True, _TEXTS), "dct:publisher": (True, _ONE_NODE),
        "dct:language": (False, _ONE_NODE), "dct:license": (False, _ONE_NODE), "foaf:homepage": (False, _ONE_NODE),
    },
    "dcat:Dataset": {
        "dct:title": (True, _TEXTS), "dct:description": (True, _TEXTS), "dct:language": (False, _ONE_NODE),
        "dct:conformsTo": (False, _ONE_NODE), "dct:license": (False, _ONE_NODE), "dct:rights": (False, _ONE_NODE),
        "dct:accrualPeriodicity": (False, _ONE_NODE), "dct:identifier": (False, _TEXTS), "dct:modified": (False, "xsd:date"),
    },
    "dcat:Distribution": {
        "dct:title": (False, _TEXTS), "dcat:accessURL": (True, _ONE_NODE), "dcat:downloadURL": (False, _ONE_NODE),
        "dcat:mediaType": (False, _ONE_NODE), "dcat:byteSize": (False, "xsd:nonNegativeInteger"),
        "dct:license": (False, _ONE_NODE),
    },
    "foaf:Agent": {"foaf:name": (True, _TEXTS)},
    "dct:Standard": {"dct:title": (True, _TEXTS)},
    "dct:RightsStatement": {"rdfs:label": (True, _TEXTS)},
}  # fmt: skip
_INSIDE: Final = {"dcat:dataset": "dcat:Dataset", "dcat:distribution": "dcat:Distribution"}


def catalogue_faults(node: Mapping[str, Any], context: Mapping[str, str], kind: str = "dcat:Catalog") -> list[str]:  # fmt: skip
    """What keeps a catalogue from DCAT-AP: what is there, literal or resource, and the types of literals."""
    rules, where = _CATALOGUE[kind], str(node.get("@id", kind))
    faults = [] if node.get("@type") == kind else [f"{where}: not a {kind}"]
    faults += [f"{where}: no {name}" for name, (needed, _) in rules.items() if needed and name not in node]
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if name.partition(":")[0] not in context:
            faults.append(f"{where}: {name} of an unknown vocabulary")
        if name in _INSIDE:
            faults += [fault for each in value for fault in catalogue_faults(each, context, _INSIDE[name])]
        elif name not in rules:
            faults.append(f"{where}: {name} is not of a {kind}")
        else:
            faults += [f"{where}: {name}: {fault}" for fault in _node_faults(value, rules[name][1], context)]
    return faults


def _node_faults(value: Any, wanted: str, context: Mapping[str, str]) -> list[str]:
    if wanted == _TEXTS:
        told = value.get("@value") if isinstance(value, Mapping) else value
        return [] if isinstance(told, str) and told else [f"no text: {value!r}"]
    if wanted == _ONE_NODE:
        if not isinstance(value, Mapping) or "@value" in value:
            return [f"a literal, not a resource: {value!r}"]
        if set(value) == {"@id"}:
            return [] if is_address(value["@id"]) else [f"no address: {value!r}"]
        return catalogue_faults(value, context, value.get("@type", "foaf:Agent"))
    known = isinstance(value, Mapping) and value.get("@type") == wanted
    return [] if known and isinstance(value["@value"], str) else [f"not of {wanted}: {value!r}"]


_SERVICE: Final[dict[str, frozenset[str]]] = {
    "GovernmentService": frozenset({
        "identifier", "name", "alternateName", "description", "serviceType", "serviceOperator", "areaServed", "audience",
        "availableChannel", "url", "inLanguage", "jurisdiction", "provider",
    }),
    "GovernmentOrganization": frozenset({"name", "url", "identifier"}),
    "AdministrativeArea": frozenset({"name", "identifier"}),
    "Audience": frozenset({"name", "audienceType"}),
    "ServiceChannel": frozenset({"name", "servicePhone", "serviceUrl", "availableLanguage"}),
    "ContactPoint": frozenset({"telephone", "name", "hoursAvailable", "contactType"}),
}  # fmt: skip


def service_faults(node: Mapping[str, Any], kind: str = "GovernmentService") -> list[str]:
    """What keeps an object from schema.org: its type, properties its type does not have, empty values."""
    faults = [] if node.get("@type") == kind else [f"not a {kind}: {node.get('@type')}"]
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if name not in _SERVICE[kind]:
            faults.append(f"{kind} has no {name}")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping):
                faults += service_faults(each, str(each.get("@type")))
            elif not isinstance(each, str) or not each:
                faults.append(f"{kind}.{name}: {each!r}")
            elif name in {"url", "serviceUrl"} and not is_address(each):
                faults.append(f"{kind}.{name}: no address")
    return faults


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

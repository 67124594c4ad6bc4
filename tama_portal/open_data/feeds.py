"""What programs of others ask for again and again: the Atom feeds of calls and of adopted projects, the map of the site."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.sax.saxutils import escape

from django.db.models import F

from accounts.queries import municipalities
from core import clock
from core.actor import ANONYMOUS
from core.context import SITE_NAME
from core.fiscal_year import label
from core.text import one_line
from core.wareki import long_date
from indicators.models import Indicator, Measure
from indicators.queries import plans
from programs.models import AdoptedProject, Call, Program
from programs.queries.catalogue import visible_calls
from programs.queries.freshness import UNRECORDED
from programs.queries.rounds import with_last_move
from tama_portal.open_data.linked import address

ATOM: Final = "application/atom+xml; charset=utf-8"
XML: Final = "application/xml; charset=utf-8"
MOST_ENTRIES: Final = 100
MOST_ADDRESSES: Final = 50_000
"""The limit of the sitemap protocol for one file."""
_MARK: Final = "【架空】"
_STANDING: Final = (
    *("home", "programs:list", "calls:list", "projects:list", "plans:list", "municipalities", "deadlines"),
    *("open-data", "help", "privacy", "accessibility"),
)


@dataclass(frozen=True)
class Entry:
    """One thing told: its page (which names it, too), a line, when it was told first and last, and what about it."""

    page: str
    title: str
    published: datetime | None
    updated: datetime | None
    summary: str


def calls_feed(at: datetime) -> bytes:
    """The newest published calls (RFC 4287). Same calls, same bytes."""
    rows = with_last_move(visible_calls(ANONYMOUS, at)).order_by("-published_at", "pk")
    return _feed("open-data-calls-atom", "募集", "calls:list", [_call(call) for call in rows[:MOST_ENTRIES]])


def projects_feed(at: datetime) -> bytes:
    """The adopted projects announced last (RFC 4287), each from the instant of its announcement. Same projects, same bytes."""
    rows = AdoptedProject.objects.visible_to(ANONYMOUS, at).select_related("program", "lead")
    newest = rows.order_by(F("announced_at").desc(nulls_last=True), "-adopted_fiscal_year", "slug")
    entries = [_project(project) for project in newest[:MOST_ENTRIES]]
    return _feed("open-data-projects-atom", "採択事業", "projects:list", entries)


def _feed(route: str, topic: str, listing: str, entries: Sequence[Entry]) -> bytes:
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "ja"})
    here = address(route)
    _text(feed, "id", here)
    _text(feed, "title", f"{SITE_NAME}：{topic}")
    _text(feed, "updated", _instant(max((each.updated for each in entries if each.updated), default=None)))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": address(listing)})
    _text(SubElement(feed, "author"), "name", SITE_NAME)
    for each in entries:
        entry = SubElement(feed, "entry")
        _text(entry, "id", each.page)
        _text(entry, "title", each.title)
        _text(entry, "published", _instant(each.published))
        _text(entry, "updated", _instant(each.updated))
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": each.page})
        _text(entry, "summary", each.summary)
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _call(call: Call) -> Entry:
    """Its last change is the announcement, or the last move of its closing."""
    moved_at, closes = vars(call)["moved_at"], clock.local(call.closes_at)
    moved = "（変更後）" if moved_at else ""
    return Entry(
        page=address("calls:detail", call.public_id),
        title=_marked(call, f"{call.program.title} {call.name}"),
        published=call.published_at,
        updated=moved_at or call.published_at,
        summary=f"締切 {long_date(closes.date())}{closes:%H:%M}{moved}。{call.outline}",
    )


def _project(project: AdoptedProject) -> Entry:
    return Entry(
        page=address("projects:detail", project.slug),
        title=_marked(project, project.title),
        published=project.announced_at,
        updated=project.announced_at,
        summary=f"{label(project.adopted_fiscal_year)}採択 {project.lead.name}（{project.program.title}）",
    )


def _marked(shown: Call | AdoptedProject, title: str) -> str:
    """The title with the mark of what is invented, once: some invented projects bear it in their own."""
    return f"{_MARK}{title}" if shown.is_fictional and not title.startswith(_MARK) else title


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = one_line(words)


def _instant(moment: datetime | None) -> str:
    return clock.local(moment or UNRECORDED).isoformat(timespec="seconds")


def sitemap(at: datetime) -> Iterator[bytes]:
    """Every page everybody may read, at most 50,000 (standing pages, calls, projects, plans, then programs)."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n'
    yield b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for number, where in enumerate(_addresses(at)):
        if number == MOST_ADDRESSES:
            break
        yield f"<url><loc>{escape(where)}</loc></url>\n".encode()
    yield b"</urlset>\n"


def _addresses(at: datetime) -> Iterator[str]:
    yield from (address(route) for route in _STANDING)
    yield from _each("municipality", (body.code for body in municipalities()))
    yield from _each("calls:detail", visible_calls(ANONYMOUS, at).values_list("public_id", flat=True))
    projects = AdoptedProject.objects.visible_to(ANONYMOUS, at).values_list("slug", flat=True)
    yield from _each("projects:detail", projects)
    seen = plans(ANONYMOUS)
    yield from _each("plans:detail", seen.values_list("slug", flat=True))
    sheets = Measure.objects.filter(plan__in=seen).order_by("plan__slug", "position")
    for plan, number in sheets.values_list("plan__slug", "number"):
        yield address("plans:measure", plan, number)
    figures = Indicator.objects.filter(plan__in=seen).order_by("plan__slug", "number")
    for plan, slug in figures.values_list("plan__slug", "slug"):
        yield address("plans:indicator", plan, slug)
    visible = Program.objects.visible_to(ANONYMOUS, at).order_by("slug").values_list("slug", flat=True)
    yield from _each("programs:detail", visible.iterator(chunk_size=5000))


def _each(route: str, keys: Iterable[str]) -> Iterator[str]:
    return (address(route, key) for key in keys)

"""The conditions in force as chips that can be taken off, and what to relax when nothing was found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.enums import Area
from core import fiscal_year
from core.actor import Actor
from programs.filters import CriteriaForm
from programs.queries.facets import FacetCounts
from programs.queries.search import Criteria, search


@dataclass(frozen=True)
class Chip:
    """One condition: its parameter, the value to take off (None: the whole parameter), and its words."""

    name: str
    value: str | None
    words: str


@dataclass(frozen=True)
class Relaxation:
    """A condition that hides something: its parameter, its title, and how many programs appear without it."""

    name: str
    words: str
    count: int


_TITLES = {
    "words": ("search", "ことば"),
    "levels": ("level", "出している所"),
    "kinds": ("kind", "支援の種類"),
    "audiences": ("audience", "使える人"),
    "themes": ("theme", "テーマ"),
    "owners": ("owner", "所管"),
    "statuses": ("status", "実施の状態"),
    "area": ("area", "地域"),
    "fits": ("fit", "使えるか"),
    "fiscal_year": ("fiscal_year", "年度"),
    "open_now": ("open", "受付"),
}


def chips(form: CriteriaForm, counts: FacetCounts) -> list[Chip]:
    """Every condition of the address, in the order of the page."""
    criteria = form.criteria()
    found: list[Chip] = []
    if criteria.words:
        found.append(Chip("search", None, f"ことば：{criteria.text.strip()}"))
    if criteria.place:
        found.append(Chip("municipality", None, f"自治体：{criteria.place.name}"))
    if criteria.area:
        found.append(Chip("area", None, f"地域：{Area(criteria.area).label}"))
    if criteria.fiscal_year is not None:
        found.append(Chip("fiscal_year", None, f"年度：{fiscal_year.label(criteria.fiscal_year)}"))
    for group in counts.groups:
        found += [
            Chip(group.name, choice.value, f"{group.title}：{choice.label}")
            for choice in group.choices
            if choice.chosen
        ]
    return found


def relaxations(criteria: Criteria, at: datetime, actor: Actor) -> list[Relaxation]:
    """Which single condition, taken off, lets programs appear; the one that brings most first."""
    found = [
        Relaxation(*_TITLES[member], search(criteria.without(member), at, actor).order_by().count())
        for member in _members(criteria)
    ]
    return sorted((each for each in found if each.count), key=lambda each: -each.count)


def _members(criteria: Criteria) -> Iterable[str]:
    return (member for member in criteria.active if member in _TITLES)

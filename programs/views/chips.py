"""The conditions in force as chips that can be taken off, and what to relax when nothing was found."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict

from core.actor import Actor
from programs.filters import CriteriaForm
from programs.queries.current import Moment
from programs.queries.facets import FacetCounts
from programs.queries.relaxing import OTHERS, Relaxation, relaxations
from programs.queries.search import Criteria, as_typed


@dataclass(frozen=True)
class Chip:
    """One condition: its parameter, the value to take off (None: the whole parameter), and its words."""

    name: str
    value: str | None
    words: str


@dataclass(frozen=True)
class Advice:
    """What to take off when nothing was found: words for the link, its query, and how many programs appear."""

    words: str
    query: str
    count: int


_TITLES = {
    "words": ("search", "ことば"),
    "levels": ("level", "出している所"),
    "kinds": ("kind", "支援の種類"),
    "audiences": ("audience", "使える人"),
    "themes": ("theme", "テーマ"),
    "owners": ("owner", "所管"),
    "statuses": ("status", "実施の状態"),
    "area": ("area", "使える地域"),
    "fits": ("fit", "使えるか"),
    "fiscal_year": ("fiscal_year", "年度"),
    "amounts": ("amount", "金額"),
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
    for group in counts.groups:
        found += [
            Chip(group.name, choice.value, f"{group.title}：{choice.label}")
            for choice in group.choices
            if choice.chosen
        ]
    return found


def advice(
    criteria: Criteria, query: QueryDict, at: datetime, actor: Actor, named: Moment | None
) -> list[Advice]:
    """Which single condition to take off so that programs appear, with the rest of the address kept."""
    return [_advice(each, criteria, query) for each in relaxations(criteria, at, actor, named)]


def _advice(relaxation: Relaxation, criteria: Criteria, query: QueryDict) -> Advice:
    if relaxation.member == OTHERS:
        only = urlencode({"search": criteria.text.strip()})
        return Advice("ことばのほかの条件をすべて外す", only, relaxation.count)
    name, title = _TITLES[relaxation.member]
    rest = query.copy()
    rest.pop("page", None)
    if not relaxation.word:
        rest.pop(name, None)
        return Advice(f"「{title}」の条件を外す", rest.urlencode(), relaxation.count)
    kept = [word for word in criteria.words if word != relaxation.word]
    typed = as_typed(criteria.text)
    spelled = [typed.get(word, word) for word in kept]
    rest["search"] = " ".join(
        f'"{words}"' if word in criteria.exact else words for word, words in zip(kept, spelled, strict=True)
    )
    words = typed.get(relaxation.word, relaxation.word)
    return Advice(f"ことばから「{words}」を外す", rest.urlencode(), relaxation.count)

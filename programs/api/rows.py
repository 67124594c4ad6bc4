"""Rows of the public list of programs, told from columns: twenty serializers with 35 fields each cost more than the search.

The shape is `ProgramSerializer`'s, which the schema shows and single programs go through; a test holds both equal for
every program of the catalogue.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from rest_framework.fields import DateTimeField

from core.actor import ANONYMOUS
from programs import rules
from programs.api.serializers import ProgramSerializer
from programs.enums import FACET_CODES, Facet, Kind, Offering
from programs.models import Program
from programs.queries.catalogue import calls_beside
from programs.queries.current import Moment, current

_FIELDS: Final = tuple(ProgramSerializer.Meta.fields)
_AS_HELD: Final = (
    *("slug", "title", "title_kana", "aliases", "summary", "audience_text", "benefit_text", "reach_text", "level", "kind"),
    *("department_inferred", "urls", "url_note", "first_year", "last_year", "remarks", "name_only"),
)  # fmt: skip
_OR_NULL: Final = ("plain_title", "kind_label", "audience_scope", "department", "phone", "hours", "url")
"""Columns whose empty text is null."""
_BESIDE: Final = ("pk", "phones", "offering", "parent_id", "parent__slug")
_OWNER: Final = ("owner__code", "owner__name", "owner__municipal_type")
_KINDS: Final = {str(code): str(word) for code, word in Kind.choices}
_OFFERINGS: Final = {str(code): str(word) for code, word in Offering.choices}
_instant: Final = DateTimeField()


def rows_of(pks: Sequence[int], at: datetime, named: Moment) -> dict[int, dict[str, Any]]:
    """What the list says to the public of these programs, by their numbers; one query, the rest stands in memory."""
    columns = (*_AS_HELD, *_OR_NULL, *_BESIDE, *_OWNER)
    read = Program.objects.visible_to(ANONYMOUS, at).filter(pk__in=pks).order_by().values(*columns)
    standing, calls = current(at, named=named), calls_beside(at, named)
    before, after = reverse("programs:detail", args=["-"]).rsplit("-", 1)
    told = {}
    for held in read:
        pk, above = held["pk"], held["parent_id"]
        row = dict.fromkeys(_FIELDS)  # in the order of the shape
        row.update({name: held[name] for name in _AS_HELD})
        row.update({name: held[name] or None for name in _OR_NULL})
        row.update(_worded(held), **_tagged(standing.tags[standing.position[pk]]))
        beside = [*calls.get(pk, ()), *(calls.get(above, ()) if above is not None else ())]
        windows = [rules.Window(call.opens_at, call.closes_at) for call in beside]
        row["availability"] = _availability(held, windows, at)
        row["parent"] = held["parent__slug"] if above in standing.position else None
        row["page"] = f"{before}{held['slug']}{after}"
        told[pk] = row
    return told


def _worded(held: Mapping[str, Any]) -> dict[str, Any]:
    phones = [{name: desk.get(name) for name in ("area", "desk", "phone")} for desk in held["phones"]]
    return {
        "level_label": rules.level_word(held["level"], held["owner__municipal_type"]),
        "kind_name": _KINDS[held["kind"]],
        "owner": {"code": held["owner__code"], "name": held["owner__name"]},
        "phones": phones,
        "status": held["offering"],
        "status_label": _OFFERINGS[held["offering"]],
    }


def _tagged(tags: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    audiences, themes = tags.get(Facet.AUDIENCE, frozenset()), tags.get(Facet.THEME, frozenset())
    return {
        "audiences": [code for code in FACET_CODES[Facet.AUDIENCE] if code in audiences],
        "themes": [code for code in FACET_CODES[Facet.THEME] if code in themes],
    }


def _availability(held: Mapping[str, Any], windows: Sequence[rules.Window], at: datetime) -> dict[str, Any]:
    found = rules.availability(
        offering=held["offering"], kind=held["kind"], windows=windows, at=at, last_year=held["last_year"]
    )
    opens, closes = (
        None if instant is None else _instant.to_representation(instant)
        for instant in (found.opens_at, found.closes_at)
    )
    return {"state": str(found.state), "text": found.text, "opens_at": opens, "closes_at": closes}

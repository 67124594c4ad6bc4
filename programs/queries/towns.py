"""The 62 municipalities as programs are judged against them, held in memory for a version of the catalogue."""

from collections.abc import Mapping
from typing import Final

from accounts.queries import municipalities
from core.shelf import Newest
from programs.funding.places import conditions_from
from programs.models import AreaRule
from programs.models.versioning import version
from programs.queries.places import as_place, facts_of, judged
from programs.rules import Place

_kept: Final[Newest[str, Mapping[str, Place]]] = Newest()


def towns(token: str = "") -> Mapping[str, Place]:
    """Every municipality by its code, in 建制順. `token` is the version of the catalogue where it is known already;
    three statements for a version nobody asked about yet, else none but that of the version."""
    return _kept.get(token or version(), _read)


def _read() -> Mapping[str, Place]:
    bodies = list(municipalities())
    facts = facts_of(bodies)
    rules = {
        program: conditions_from(data)
        for program, data in AreaRule.objects.order_by().values_list("program_id", "conditions")
    }
    return {
        body.code: as_place(
            body, {program: judged(conditions, facts[body.pk]) for program, conditions in rules.items()}
        )
        for body in bodies
    }

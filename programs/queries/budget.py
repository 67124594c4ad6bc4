"""The rules a town may put on its 予算要求シート."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organization
from core.actor import Actor
from programs.enums import Fit
from programs.funding.budget import Column, column_of
from programs.models import FundingRule, Program
from programs.queries.catalogue import with_list_parts
from programs.queries.places import place_of


@dataclass(frozen=True)
class Offered:
    """A rule with its program, the column its money stands in, and whether the town can use it."""

    rule: FundingRule
    program: Program
    column: Column
    fit: Fit


def offered(municipality: Organization, at: datetime, actor: Actor) -> list[Offered]:
    """Rules that bring a town money, of programs it can or might use, in the order of the catalogue.

    Rules that only give a cap or a share, and those for prefectures alone, are left out.
    """
    place = place_of(municipality)
    rules = FundingRule.objects.filter(program__isnull=False).order_by("position")
    programs = {row.pk: row for row in with_list_parts(Program.objects.visible_to(actor, at), at)}
    found = []
    for rule in rules:
        program = programs.get(rule.program_id or 0)
        column = column_of(rule.kind, program.level) if program else None
        if program is None or column is None or not _for_towns(rule):
            continue
        fit = program.fit(place).fit
        if fit is not Fit.NO:
            found.append(Offered(rule, program, column, fit))
    return found


def _for_towns(rule: FundingRule) -> bool:
    whole = rule.unit in {"円", "円（程度）", "円/事業・年度"}
    shared = any(item["name"] == "share" and item["kind"] == "choice" for item in rule.inputs)
    prefectures_alone = rule.applicant.startswith("都道府県") and "市町村" not in rule.applicant
    return whole and not shared and not prefectures_alone

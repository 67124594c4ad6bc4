"""Reads of the rules of programs."""

from typing import Any

from django.db.models import Q

from accounts.queries import resolve_citations
from programs.models import EligibilityRule, FundingRule, Program


def sources_in_words(citations: list[dict[str, Any]]) -> str:
    """「『資料名』 36、38行」 for the API; one query."""
    return "／".join(
        f"『{document.title}』{' ' + '、'.join(str(line) for line in lines) + '行' if lines else ''}"
        for document, lines, _ in resolve_citations(citations)
    )


FUNDED_BESIDE = {"nichiiki-kyoju": ("case-fukushima-long", "case-fukushima-short")}
JUDGED_BESIDE = {"kigyojin-fukugyo": ("e-case-yamagata",)}
"""Cases of other bodies, which have no program here, and the program whose chapter of the source tells them."""


def funding_rules(program: Program) -> list[FundingRule]:
    """The funding rules of a program, its own, those it shares, and cases told beside it; one query."""
    beside = list(FUNDED_BESIDE.get(program.slug, ()))
    named = Q(program=program) | Q(slug__in=[*program.rule_ids, *beside])
    return list(FundingRule.objects.filter(named))


def eligibility_rules(program: Program) -> list[EligibilityRule]:
    """The eligibility rules of a program, and cases told beside it; one query."""
    beside = list(JUDGED_BESIDE.get(program.slug, ()))
    return list(EligibilityRule.objects.filter(Q(program=program) | Q(slug__in=beside)))

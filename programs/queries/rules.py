"""Reads of the rules of programs."""

from typing import Any

from accounts.queries import resolve_citations
from programs.models import EligibilityRule, FundingRule, Program


def sources_in_words(citations: list[dict[str, Any]]) -> str:
    """「『資料名』 36、38行」 for the API; one query."""
    return "／".join(
        f"『{document.title}』{' ' + '、'.join(str(line) for line in lines) + '行' if lines else ''}"
        for document, lines, _ in resolve_citations(citations)
    )


def funding_rules(program: Program) -> list[FundingRule]:
    """The funding rules of a program, its own and those it shares; one query."""
    return list(FundingRule.objects.all().for_program(program))


def eligibility_rules(program: Program) -> list[EligibilityRule]:
    """The eligibility rules of a program; one query."""
    return list(EligibilityRule.objects.filter(program=program))

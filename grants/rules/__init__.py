"""Arithmetic and judgements of applications that need no database: subsidy, balance, eligibility, hashes."""

from grants.rules.balance import balance
from grants.rules.eligibility import Circle, Requirements, eligibility
from grants.rules.fingerprint import fingerprint, plain
from grants.rules.subsidy import SubsidyResult, TrailStep, YearSubsidy, subsidy
from grants.rules.terms import Budget, Cost, FundingTerms, Income, MemberKey

__all__ = [
    "Budget",
    "Circle",
    "Cost",
    "FundingTerms",
    "Income",
    "MemberKey",
    "Requirements",
    "SubsidyResult",
    "TrailStep",
    "YearSubsidy",
    "balance",
    "eligibility",
    "fingerprint",
    "plain",
    "subsidy",
]

"""Arithmetic and judgements of applications that need no database: subsidy, balance, eligibility, hashes."""

from grants.rules.balance import balance
from grants.rules.eligibility import Circle, Requirements, eligibility
from grants.rules.fingerprint import fingerprint, plain
from grants.rules.lines import Line, line_of
from grants.rules.pasting import Reading, read_block
from grants.rules.shares import (
    BASIS_LABELS,
    WHOLE,
    Basis,
    ShareRule,
    YearShares,
    burden,
    spent_by_member,
    split,
    trail,
    transfers,
)
from grants.rules.subsidy import SubsidyResult, TrailStep, YearSubsidy, subsidy
from grants.rules.terms import Budget, Cost, FundingTerms, Income, MemberKey
from grants.rules.units import read_amount, show_amount, unit_doubt

__all__ = [
    "BASIS_LABELS",
    "WHOLE",
    "Basis",
    "Budget",
    "Circle",
    "Cost",
    "FundingTerms",
    "Income",
    "Line",
    "MemberKey",
    "Reading",
    "Requirements",
    "ShareRule",
    "SubsidyResult",
    "TrailStep",
    "YearShares",
    "YearSubsidy",
    "balance",
    "burden",
    "eligibility",
    "fingerprint",
    "line_of",
    "plain",
    "read_amount",
    "read_block",
    "show_amount",
    "spent_by_member",
    "split",
    "subsidy",
    "trail",
    "transfers",
    "unit_doubt",
]

"""What a check or a test came to."""

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """The three ends of a check or a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class CheckResult:
    """One check that is not a test: its name, its end, and one line about it."""

    name: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True)
class TestResult:
    """One test on one engine; `reason` says why it was skipped; `seconds` include set-up and clean-up."""

    __test__ = False
    node: str
    engine: str
    outcome: Outcome
    seconds: float
    reason: str = ""


@dataclass(frozen=True)
class CollectedTest:
    """A test that exists: its id, and its markers with their reasons ('' when a marker gives none)."""

    node: str
    markers: dict[str, str]


@dataclass
class Findings:
    """Everything one run of `verify` found; filled as it goes."""

    checks: list[CheckResult] = field(default_factory=list)
    tests: list[TestResult] = field(default_factory=list)
    collected: list[CollectedTest] = field(default_factory=list)
    unrun: dict[str, str] = field(default_factory=dict)
    """Tests that were never started, with the reason."""
    once: dict[str, str] = field(default_factory=dict)
    """Tests that were not repeated on the second engine, with the reason."""

    def left_out(self) -> dict[str, str]:
        """What ran nowhere, with the reason: skipped checks, skipped tests, tests never started."""
        ran = {test.node for test in self.tests if test.outcome is not Outcome.SKIPPED}
        skipped = {test.node: test.reason for test in self.tests if test.node not in ran}
        checks = {check.name: check.detail for check in self.checks if check.outcome is Outcome.SKIPPED}
        never = {node: reason for node, reason in self.unrun.items() if node not in ran}
        return checks | skipped | never

    def count(self, outcome: Outcome, engine: str | None = None) -> int:
        """Tests with this end, on one engine or on both together."""
        return sum(1 for test in self.tests if test.outcome is outcome and engine in (None, test.engine))

    def holds(self, check: str) -> bool:
        """Whether every check of this name passed."""
        return all(found.outcome is Outcome.PASSED for found in self.checks if found.name == check)

    def failed_names(self) -> list[str]:
        """Everything that failed, checks first."""
        checks = [f"{check.name}: {check.detail}" for check in self.checks if check.outcome is Outcome.FAILED]
        tests = [f"{test.node} ({test.engine})" for test in self.tests if test.outcome is Outcome.FAILED]
        return checks + tests

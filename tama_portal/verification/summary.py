"""The plain summary at the end of `verify`; its last line is made for machines."""

from collections import defaultdict
from collections.abc import Iterator

from tama_portal.verification.results import Findings, Outcome
from tama_portal.verification.suites import POSTGRESQL, SQLITE

_SLOWEST = 20


def lines(findings: Findings, *, seconds: float, complete: bool) -> Iterator[str]:
    """The summary, line by line; `complete` makes anything left out a failure."""
    yield ""
    yield f"Summary after {seconds // 60:.0f} min {seconds % 60:.0f} s"
    yield f"  {'checks':<12} {_checks(findings)}"
    for engine in (POSTGRESQL, SQLITE):
        counts = ", ".join(f"{findings.count(outcome, engine)} {outcome}" for outcome in Outcome)
        yield f"  {engine:<12} {counts}"
    yield from _slowest(findings)
    yield from _once(findings)
    yield from _left_out(findings, complete=complete)
    yield from _block("Failed", findings.failed_names())
    yield ""
    yield counts_line(findings, complete=complete)


def counts_line(findings: Findings, *, complete: bool) -> str:
    """'N passed, N failed, N skipped' over checks and tests; skipped is what ran nowhere at all."""
    passed = findings.count(Outcome.PASSED) + _number(findings, Outcome.PASSED)
    failed = findings.count(Outcome.FAILED) + _number(findings, Outcome.FAILED)
    skipped = len(findings.left_out())
    if complete:
        failed, skipped = failed + skipped, 0
    return f"{passed} passed, {failed} failed, {skipped} skipped"


def holds(findings: Findings, *, complete: bool) -> bool:
    """Whether everything that ran passed and, for a complete run, nothing was left out."""
    return not findings.failed_names() and bool(findings.tests) and not (complete and findings.left_out())


def _number(findings: Findings, outcome: Outcome) -> int:
    return sum(1 for check in findings.checks if check.outcome is outcome)


def _checks(findings: Findings) -> str:
    return ", ".join(f"{_number(findings, outcome)} {outcome}" for outcome in Outcome)


def _slowest(findings: Findings) -> Iterator[str]:
    slowest = sorted(findings.tests, key=lambda test: test.seconds, reverse=True)[:_SLOWEST]
    yield from _block(
        f"The {len(slowest)} slowest tests",
        [f"{test.seconds:7.2f} s  {test.engine:<10}  {test.node}" for test in slowest],
    )


def _once(findings: Findings) -> Iterator[str]:
    """Not left out: these ran on PostgreSQL and need no second run."""
    by_reason: dict[str, int] = defaultdict(int)
    for reason in findings.once.values():
        by_reason[reason] += 1
    rows = [f"{count:5}  {reason}" for reason, count in sorted(by_reason.items())]
    yield from _block("Ran once, on PostgreSQL, not again on SQLite", rows)


def _left_out(findings: Findings, *, complete: bool) -> Iterator[str]:
    rows = [f"{name}: {reason}" for name, reason in sorted(findings.left_out().items())]
    title = "Left out, which a complete run counts as failed" if complete else "Left out"
    yield from _block(title, rows or ["nothing"])


def _block(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
        yield from (f"  {row}" for row in rows)

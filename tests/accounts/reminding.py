"""Deadlines told by an invented app, for tests of reminders."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import ReminderRule
from core import clock, deadlines
from core.deadlines import Cases, Deadline
from tests.accounts.notice_world import World

CLOSES = datetime(2026, 12, 9, 17, 0, tzinfo=clock.JST)
"""A Wednesday. The reminders of `rule()` stand on 30 November, 8, 9, 10 and 14 December, 9:00."""


class Told(list[Deadline]):
    """What the invented app tells; `asked` counts how often."""

    asked = 0

    def plan(self, at: datetime, cases: Cases = None) -> Iterator[Deadline]:
        """Its planner."""
        self.asked += 1
        rows: Iterable[Deadline] = sorted(self, key=lambda deadline: deadline.case_key)
        yield from (row for row in rows if cases is None or row.case_key in cases)


def told_by(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The only app that tells deadlines."""
    found = Told()
    monkeypatch.setattr(deadlines, "_planners", {})
    deadlines.planner("tests")(found.plan)
    return found


def rule(kind: str = "grants.submit", **changes: Any) -> ReminderRule:
    """A rule, checked as the loader checks it."""
    facts = {
        "before": [7, 1, 0], "after": [1, 3], "escalates_after": 3, "escalation_roles": ["approver"],
        "escalation_body_roles": ["liaison"], "lines_before": ["まだ提出していません。"], **changes,
    }  # fmt: skip
    made = ReminderRule(kind=kind, **facts)
    made.full_clean()
    made.save()
    return made


def deadline(people: World, kind: str = "grants.submit", **changes: Any) -> Deadline:
    """A task of the planning department of the town."""
    facts: dict[str, Any] = {
        "at": CLOSES, "title": "提出してください：秘密の題名", "url": "/applications/abc/",
        "organization_id": people.town.pk, "department_id": people.planning.pk,
        "audience_roles": frozenset({"editor"}), "case_key": "abc", "what": "申請の提出", "about": "募集：第1次募集",
        "since": CLOSES - timedelta(days=60), **changes,
    }  # fmt: skip
    return Deadline(kind=kind, **facts)

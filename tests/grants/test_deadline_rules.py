"""Every kind of task that some case tells has a rule of reminders, and no rule stands alone."""

import pytest

from grants.queries import planned_deadlines
from tests.factories import grants as cases
from tests.grants.test_deadlines import RULES

pytestmark = pytest.mark.django_db
TOLD_ELSEWHERE = {
    "grants.visit", "grants.record_visit", "grants.request_precheck", "grants.answer_precheck", "grants.consent", "grants.certify", "indicators.update",
    "indicators.fill", "indicators.fix", "indicators.approve", "indicators.agree", "indicators.assign", "indicators.check", "grants.routing",
    "grants.routing_compile", "grants.answer_question",
    "grants.answer_opinion", "grants.chase_opinion", "grants.answer_shortening", "grants.report", "grants.take_report",
}  # fmt: skip
"""Tasks of half-made cases (test_walk, test_deadlines, test_supports), of parts and questions (test_routing, test_inquiries, test_office_tasks, test_reports), and of another app (tests/indicators)."""


def test_every_kind_of_task_has_its_rule(shown: cases.Gallery) -> None:
    """A task nobody reminds of would be forgotten; a rule of no task is a slip of the pen."""
    instants = (cases.NOW, cases.AFTER_CLOSING, cases.ANNOUNCES)
    told = {each.kind for at in instants for each in planned_deadlines(at)}
    ruled = {rule["kind"] for rule in RULES}
    assert (told | TOLD_ELSEWHERE) - ruled == set()
    assert ruled - told - TOLD_ELSEWHERE == set()

"""The rules of reminders and the closing days as data: loaded twice alike, refused when they make no sense."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.actions.loading import load_reference
from accounts.models import ClosingDay, ReminderRule
from core.loading import LoadReport
from tests.conftest import REFERENCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(tmp_path: Path, reference: None) -> Path:
    """A copy of the fixtures that a test may change."""
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def change(directory: Path, **given: Any) -> LoadReport:
    """Put other rules or closing days into the file, and load it."""
    path = directory / "reminder_rules.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | given), encoding="utf-8")
    return load_reference(directory)


def test_loading_again_changes_nothing(copy: Path) -> None:
    report = load_reference(copy)
    assert (report.created, report.updated) == (0, 0)
    submit = ReminderRule.objects.get(kind="grants.submit")
    assert submit.before == [14, 7, 3, 1, 0]
    assert submit.is_required


def test_a_changed_rule_is_changed_and_one_that_went_is_switched_off(copy: Path) -> None:
    report = change(copy, rules=[{"kind": "grants.submit", "before": [2]}])
    assert report.updated == ReminderRule.objects.count()
    assert list(ReminderRule.objects.filter(is_active=True).values_list("kind", "before")) == [
        ("grants.submit", [2])
    ]
    assert change(copy).updated == 0


def test_closing_days_belong_to_a_body(copy: Path) -> None:
    days = [{"organization": "132225", "day": "2026-10-01", "name": "市制施行記念日"}]
    assert change(copy, closing_days=days).created == 1
    assert change(copy).created == 0
    assert list(ClosingDay.objects.values_list("organization__code", "day")) == [
        ("132225", date(2026, 10, 1))
    ]


@pytest.mark.parametrize("faulty", [{"before": [-1]}, {"after": [0]}, {"roles": ["king"]}])
def test_a_rule_that_makes_no_sense_stops_the_load(copy: Path, faulty: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        change(copy, rules=[{"kind": "grants.submit", **faulty}])

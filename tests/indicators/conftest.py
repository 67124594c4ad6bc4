"""The reference data of the plan, loaded once a test that needs it."""

from pathlib import Path

import pytest
from django.conf import settings

from accounts.actions.loading import load_reference as load_bodies
from indicators.actions.loading import load_reference as load_plans
from indicators.models import Plan
from programs.actions.loading import load_reference as load_programs

REFERENCE = Path(settings.FIXTURES_DIR) / "reference"


@pytest.fixture
def plan(db: None) -> Plan:
    for load in (load_bodies, load_programs, load_plans):
        load(REFERENCE)
    return Plan.objects.get(slug="tama-sangyo-shinko")

"""The plan of the reference data."""

import pytest

from indicators.models import Plan
from tests.conftest import REFERENCE

__all__ = ["REFERENCE"]


@pytest.fixture
def plan(reference: None) -> Plan:
    return Plan.objects.get(slug="tama-sangyo-shinko")

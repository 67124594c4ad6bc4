"""The reference catalogue with the demo's calls, at the instant they were made for."""

from typing import Any

import pytest
from django.conf import settings

from programs.actions.demo import load_demo


@pytest.fixture
def demo_calls(reference: None, clock: Any) -> None:
    """Reference data and the four invented calls; the clock is held at the portal's first day."""
    load_demo(settings.FIXTURES_DIR / "demo")

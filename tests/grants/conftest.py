"""The world of the grants tests: one call, its towns and the metropolitan side, the clock held."""

from collections.abc import Iterator

import pytest

from core import clock
from tests.factories import grants as cases


@pytest.fixture
def world(db: None) -> Iterator[cases.World]:
    """Bodies, people and an open call, at the first day of the portal."""
    with clock.at(cases.NOW):
        yield cases.world()

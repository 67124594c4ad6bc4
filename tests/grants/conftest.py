"""The world of the grants tests: one call, its towns and the metropolitan side, the clock held."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from core import clock
from tests import snapshots
from tests.factories import grants as cases


@pytest.fixture
def world(db: None) -> Iterator[cases.World]:
    """Bodies, people and an open call, at the first day of the portal."""
    with clock.at(cases.NOW):
        yield cases.world()


@pytest.fixture(scope="module")
def gallery(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[cases.Gallery]:
    """A world with one case in every state, made once for a run; what a module's tests do to it is rolled back.

    The tests that use it ask for `db` (by the fixture `shown`), which nests its transaction in this one.
    """
    with django_db_blocker.unblock(), clock.at(cases.NOW), transaction.atomic():
        assert snapshots.restore("gallery")
        yield cases.Gallery.found()
        transaction.set_rollback(True)


@pytest.fixture
def shown(gallery: cases.Gallery, db: None) -> cases.Gallery:
    """The gallery, for one test."""
    return gallery

"""Screens of the open data."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from django.test import override_settings

from core import clock
from tama_portal.open_data import dump
from tests.journeys.visiting import Screen


@contextmanager
def a_night_later() -> Iterator[None]:
    """While the dump of a night lies there."""
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        dump.write(clock.now())
        yield


@contextmanager
def before_the_first_night() -> Iterator[None]:
    """While no dump lies there."""
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        yield


OPEN_DATA = [
    Screen(
        "open-data",
        "before the first dump",
        "/open-data/",
        "一括データはまだありません",
        under=before_the_first_night,
    ),
    Screen("open-data", "with a dump", "/open-data/", "ハッシュ値", under=a_night_later),
]

"""The two commands are tested as people use them: as processes of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import Demo


@pytest.fixture
def demos() -> Iterator[list[Demo]]:
    """Demos put in here are ended after the test, whatever happened."""
    started: list[Demo] = []
    yield started
    for demo in started:
        demo.end()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a demo that was started from nothing, and stopped."""
    directory = tmp_path_factory.mktemp("demo") / "data"
    demo = Demo(["--data", str(directory), "--port", "0"])
    try:
        demo.wait_until_ready(seconds=400)
    finally:
        demo.end()
    return directory

"""Which tests run where: everything on PostgreSQL, and again on SQLite but for what names a reason not to.

Markers: `postgresql_only` (needs that engine), `once` (the engine makes no difference: the test starts its own
services, or another reason given in the marker), `browser` (drives Chromium; on SQLite only with
`both_engines`), `serial` (starts many processes of its own or waits for the others; such files run after the rest,
each file in one process and in order).
"""

import importlib.util
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from tama_portal.verification.results import CollectedTest

POSTGRESQL = "PostgreSQL"
SQLITE = "SQLite"
TEST_BY_TEST = "worksteal"  # in order, so that what a module shares is made by one process
FILE_BY_FILE = "loadfile"
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Suite:
    """One run of pytest: engine, a word for the report, the marker expression, how it is dealt out, the files.

    Only files that have a test in it are read: each process of each run reads its files anew.
    """

    engine: str
    name: str
    expression: str
    dealt: str
    files: tuple[str, ...]


def plan(tests: Iterable[CollectedTest], *, browser: bool) -> list[Suite]:
    """The runs that have at least one test, in the order they run in."""
    known = list(tests)
    suites = []
    for engine in (POSTGRESQL, SQLITE):
        here = [
            test for test in known if runs_on(test, engine) and (browser or "browser" not in test.markers)
        ]
        not_here = "" if engine == POSTGRESQL else " and not postgresql_only and not once"
        pages = "browser" if engine == POSTGRESQL else "browser and both_engines"
        no_pages = f"(not browser or ({pages}))" if browser else "not browser"
        kinds = (
            ("", f"not browser and not serial{not_here}", TEST_BY_TEST, _plain),
            ("browser journeys", f"{pages} and not serial{not_here}", TEST_BY_TEST, _journey),
            ("file by file", f"serial and {no_pages}{not_here}", FILE_BY_FILE, _serial),
        )
        for name, expression, dealt, belongs in kinds:
            files = dict.fromkeys(test.node.split("::")[0] for test in here if belongs(test))
            if files:
                suites.append(Suite(engine, name, expression, dealt, tuple(files)))
    return suites


def _plain(test: CollectedTest) -> bool:
    return not {"serial", "browser"} & test.markers.keys()


def _journey(test: CollectedTest) -> bool:
    return "browser" in test.markers and "serial" not in test.markers


def _serial(test: CollectedTest) -> bool:
    return "serial" in test.markers


def runs_on(test: CollectedTest, engine: str) -> bool:
    """Whether a test runs on an engine at all."""
    return engine == POSTGRESQL or not why_not_repeated(test)


def why_not_repeated(test: CollectedTest) -> str:
    """Why a test does not run a second time, on SQLite; '' when it does."""
    if "postgresql_only" in test.markers:
        return f"PostgreSQL only: {test.markers['postgresql_only'] or 'no reason given'}"
    if "once" in test.markers:
        return test.markers["once"] or "starts its own services"
    if "browser" in test.markers and "both_engines" not in test.markers:
        return "browser journey"
    return ""


def browser_obstacle() -> str:
    """What keeps browser journeys from running here, with the cure; '' when nothing does."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    if not any(shutil.which(name) for name in _CHROMIUM_NAMES):
        return "Chromium is not installed (apt-get install chromium)"
    if not _has_japanese_font():
        return "no Japanese font is installed (apt-get install fonts-noto-cjk)"
    return ""


def _has_japanese_font() -> bool:
    try:
        found = subprocess.run(["fc-list", ":lang=ja", "family"], check=False, capture_output=True, text=True)
    except OSError:
        return False
    return bool(found.stdout.strip())

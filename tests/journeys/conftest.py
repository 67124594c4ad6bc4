"""A running portal with the demo's people and cases, and one Chromium that may reach nothing else.

`portal` serves the demo data from this process, so that the clock and the template signals of the tests hold
for it. It is shared by a module: journeys of one module see one another's traces, as visitors do.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from core import clock as core_clock
from tests import snapshots
from tests.conftest import FIRST_LIGHT, sign_in
from tests.journeys.inspection import WATCH

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
FAULTY = "tests.journeys.fault_urls"
JOURNEY_SETTINGS = {"ROOT_URLCONF": FAULTY, "DEMO": True, "LANGUAGE_CODE": "ja"}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium with a profile of its own; no host but this machine has a name."""
    if CHROMIUM is None:
        pytest.skip(reason="Chromium is not installed (Debian package chromium)")
    os.environ.setdefault(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # Playwright's loop lives in this thread from now on
    return {"executable_path": CHROMIUM, "args": ARGUMENTS, "headless": True}


@dataclass
class Portal:
    """The address of the running portal, and sessions of its people."""

    url: str

    def cookies(self, address: str) -> list[dict[str, str]]:
        """The session cookie of a person who passed the second factor; none for a visitor ("")."""
        if not address:
            return []
        client = sign_in(Client(), User.objects.get(email=address))
        name = settings.SESSION_COOKIE_NAME
        return [{"name": name, "value": client.cookies[name].value, "url": self.url}]


@pytest.fixture(scope="module")
def portal(django_db_setup: None, django_db_blocker: DjangoDbBlocker, run_settings: None) -> Iterator[Portal]:
    """The portal with all demo data on a free port of this machine, emptied again after the module."""
    with django_db_blocker.unblock(), override_settings(**JOURNEY_SETTINGS), core_clock.at(FIRST_LIGHT):
        snapshots.restore("demo")
        cache.clear()
        server = LiveServer("127.0.0.1")
        try:
            yield Portal(server.url)
        finally:
            settle()
            server.stop()
            snapshots.empty()


def settle() -> None:
    """Wait until the server has answered what browsers asked last: its threads share the test's connection."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)


@pytest.fixture(scope="module")
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """`open_context(javascript=True)`: a fresh browser profile whose pages report what they must not do."""
    opened: list[BrowserContext] = []

    def new(*, javascript: bool = True, **options: Any) -> BrowserContext:
        context = browser.new_context(
            **{"viewport": WIDE, "locale": "ja-JP", "timezone_id": "Asia/Tokyo", **options},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are kept, one folder per width and one for README."""
    folder = Path(settings.VAR_DIR) / "screens"
    for name in (str(WIDE["width"]), str(NARROW["width"]), "docs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def bodies_are_few(settings: Any) -> None:
    """A case has two to ten bodies and an act two or three audiences; reading once for each is no growing list."""
    few = ("grants.*", "accounts.Notice", "sessions.Session")
    settings.ZEAL_ALLOWLIST = [{"model": model} for model in few]

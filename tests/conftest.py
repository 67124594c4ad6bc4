"""Fixtures shared by all tests.

| fixture | gives |
|---|---|
| `db` (pytest-django) | an empty database; nothing is loaded unless asked for |
| `reference` | 62 municipalities, all programs, plans …: `fixtures/reference` as loaded, in this test's transaction |
| `demo` | `reference` and the invented people and cases of `fixtures/demo` |
| `clock` | the clock held at 21 November 2026, 10:00 JST; `clock.set(...)` moves it |
| `client_as` | `client_as(user or mail address)` → a client signed in with password and second factor |

`reference` and `demo` work with `db`, `transactional_db` and `live_server`. Every request made in a test is
watched for N+1 queries (django-zeal): the second identical query from one line of code is an error.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from accounts.models import User
from core import append_only
from core import clock as core_clock
from tests import databases, snapshots
from tests.factories.grants import make_gallery

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "fixtures" / "reference"
COPIES = {"reference": {"reference"}, "demo": {"demo", "portal"}, "gallery": {"gallery"}}
"""What is loaded once and copied for each test, and the fixtures that ask for it."""
USES_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}
FIRST_LIGHT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


# A property test fails by what it finds, never by how busy the machine is.
hypothesis_settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("portal")

# --- The run ------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Give each parallel worker its own database of the cache server: clearing one clears no other."""
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    location = settings.CACHES["default"].get("LOCATION", "")
    if worker and "?db=" in location:
        address = location.split("?db=")[0]
        settings.CACHES["default"]["LOCATION"] = f"{address}?db={int(worker.removeprefix('gw')) + 1}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that touch no database need no second engine; pytest-django refuses them one, so this is not a guess."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if not (asked & USES_DATABASE or any(map(item.get_closest_marker, ("django_db", "browser", "once")))):
            item.add_marker(pytest.mark.once("touches no database"))


@pytest.fixture(scope="session", autouse=True)
def run_settings(django_test_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Watch every request for N+1 queries; hash passwords fast; write no file below the checkout.

    Static files are looked for when one is asked for: else each client of each test begins by reading them all.
    """
    initialize_app_registry()
    patch()
    with override_settings(
        MIDDLEWARE=["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS],
        VAR_DIR=tmp_path_factory.mktemp("var"),
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        WHITENOISE_AUTOREFRESH=True,
    ):
        yield


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """No counter, lock or cached page of another test."""
    cache.clear()


# --- The database -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_use_migrations: bool,
    django_db_blocker: DjangoDbBlocker,
    run_settings: None,
) -> Iterator[None]:
    """The test database, empty, with copies inside of what the chosen tests ask for (instead of pytest-django's)."""
    asked = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    wanted = {name for name, fixtures in COPIES.items() if asked & fixtures}
    made_from_models = {} if django_db_use_migrations else {app.label: None for app in apps.get_app_configs()}
    with override_settings(MIGRATION_MODULES=made_from_models):  # empty but for pytest's --no-migrations
        with django_db_blocker.unblock():
            before = databases.make(wanted, keep_copies)
        yield
    with django_db_blocker.unblock():
        snapshots.end_other_sessions()
        connection.creation.destroy_test_db(before, verbosity=0)


def keep_copies(wanted: set[str]) -> None:
    """Fill the new database once with what tests start from, and keep copies of it inside."""
    if wanted & {"reference", "demo"}:
        snapshots.take("reference", load_reference)
    if "demo" in wanted:
        snapshots.take("demo", lambda: snapshots.load_once("demo", load_demo))
    if "gallery" in wanted:
        snapshots.take("gallery", load_gallery)


def load_reference() -> None:
    """`manage.py load_reference`."""
    call_command("load_reference", directory=REFERENCE, stdout=StringIO())


def load_demo() -> None:
    """The reference data from its copy, and `manage.py load_demo`."""
    snapshots.restore("reference")
    with core_clock.at(FIRST_LIGHT), override_settings(DEMO=True):
        call_command("load_demo", stdout=StringIO())


def load_gallery() -> None:
    """A case of the grants' tests in every state; nothing is sent, as in a test that is rolled back."""
    with core_clock.at(FIRST_LIGHT), transaction.atomic():
        make_gallery()
        connection.run_on_commit.clear()


@pytest.fixture(autouse=True)
def emptied_past_triggers(request: pytest.FixtureRequest, _django_db_marker: None) -> Iterator[None]:
    """Let a transactional test's flush empty append-only tables; `migrate` signals put the triggers back."""
    marker = request.node.get_closest_marker("django_db")
    committed = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not committed and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    yield
    for model in append_only.APPEND_ONLY:
        append_only.remove_triggers(model)


@pytest.fixture
def reference(request: pytest.FixtureRequest, db: None) -> None:
    """The reference data, as after `manage.py load_reference`."""
    assert snapshots.restore("demo" if "demo" in request.fixturenames else "reference")


@pytest.fixture
def demo(reference: None) -> None:
    """The reference data and the invented people and cases, as after `manage.py load_demo`."""


# --- Time and people ----------------------------------------------------------------------------------


class HeldClock:
    """The portal's clock, held still."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.set(FIRST_LIGHT)

    def set(self, moment: datetime) -> None:
        """Hold the clock at an aware instant."""
        self._stack.enter_context(core_clock.at(moment))

    def jst(self, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
        """Hold the clock at a Japanese wall-clock time."""
        moment = datetime(year, month, day, hour, minute, tzinfo=core_clock.JST)
        self.set(moment)
        return moment

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.set(core_clock.now() + by)


@pytest.fixture
def clock() -> Iterator[HeldClock]:
    """The clock, held at the portal's first day until it is moved."""
    with ExitStack() as stack:
        yield HeldClock(stack)


def sign_in(client: Client, person: User) -> Client:
    """Open a session as allauth leaves it after a password and a security key, code or one-time sheet."""
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    request = HttpRequest()
    request.session, request.user = session, person
    record_authentication(request, person, method="password", email=person.email)
    record_authentication(request, person, method="mfa", type="totp")
    session.save()
    return client


@pytest.fixture
def client_as(db: None) -> Callable[[User | str], Client]:
    """`client_as("mail address")` or `client_as(user)`: a client of that person, second factor passed."""

    def signed_in(person: User | str) -> Client:
        found = person if isinstance(person, User) else User.objects.get(email=person)
        return sign_in(Client(), found)

    return signed_in

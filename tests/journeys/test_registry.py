"""The registry of screens is complete: every route, every template, every state really reached."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.template import Template
from django.template.context import Context
from django.test import Client, override_settings
from django.test.signals import template_rendered

from accounts.models import User
from tests.conftest import HeldClock, sign_in
from tests.journeys.conftest import JOURNEY_SETTINGS
from tests.journeys.routes import NO_PAGE, ROOT, page_routes, routes, templates
from tests.journeys.screens import SCREENS
from tests.journeys.visiting import visit


def test_every_page_route_has_a_screen() -> None:
    missing = page_routes() - {screen.route for screen in SCREENS}
    assert sorted(missing) == [], "add these to tests/journeys/screens*.py"


def test_no_screen_and_no_exception_is_left_over() -> None:
    """A route that went takes its screens and its exception with it."""
    names = {name for name, _ in routes()}
    assert sorted({screen.route for screen in SCREENS} - names - {"fault"}) == []
    assert sorted(name for name in NO_PAGE if not name.endswith("*") and name not in names) == []


def test_screens_are_told_apart() -> None:
    names = [screen.name for screen in SCREENS]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    """The names of the repository's templates rendered so far, those extended and included too."""
    seen: set[str] = set()
    folder = ROOT / "templates"

    def note(sender: Template, template: Template, context: Context, **kwargs: object) -> None:
        origin = str(getattr(template.origin, "name", ""))
        if origin.startswith(f"{folder}/"):
            seen.add(origin.removeprefix(f"{folder}/"))

    template_rendered.connect(note)
    yield seen
    template_rendered.disconnect(note)


@pytest.mark.once("opens every page; the pages have tests of their own on both engines")
def test_every_screen_answers_and_every_template_is_rendered(
    demo: None, clock: HeldClock, rendered: set[str]
) -> None:
    """Every state is reached (status and words), and together they show every template there is."""
    faults = []
    with override_settings(**JOURNEY_SETTINGS):
        for screen in SCREENS:
            cache.clear()
            client = Client()
            if screen.person:
                sign_in(client, User.objects.get(email=screen.person))
            try:
                with screen.under():
                    response = visit(client, screen)
            except Exception as error:  # noqa: BLE001 - one list of all faults
                faults.append(f"{screen.name}: {type(error).__name__} {error}")
                continue
            if response.status_code != screen.status:
                faults.append(f"{screen.name}: {response.status_code} instead of {screen.status}")
            elif screen.shows not in response.content.decode():
                faults.append(f"{screen.name}: does not show {screen.shows!r}")
    assert faults == [], "\n".join(["", *faults])
    assert sorted(templates() - rendered) == [], "no screen shows these templates"

"""The registry of screens is complete: every route, every template, every state really reached."""

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from accounts.models import User
from tests.conftest import HeldClock, sign_in
from tests.journeys import seen
from tests.journeys.conftest import JOURNEY_SETTINGS
from tests.journeys.routes import NO_PAGE, page_routes, routes, templates
from tests.journeys.screens import SCREENS
from tests.journeys.visiting import Screen, visit


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


@pytest.mark.once("opens every page; the pages have tests of their own on both engines")
@pytest.mark.serial  # after the browser, which leaves what it has shown
def test_every_screen_answers_and_every_template_is_rendered(demo: None, clock: HeldClock) -> None:
    """Every state is reached (status and words), and together they show every template there is."""
    faults: list[str] = []
    shown: set[str] = set()
    with override_settings(**JOURNEY_SETTINGS), seen.rendered_templates() as rendered:
        for screen in SCREENS:
            templates_of_it = seen.kept(screen)
            if templates_of_it is None:
                faults += faults_of(screen)
            else:
                shown |= templates_of_it
    assert faults == [], "\n".join(["", *faults])
    assert sorted(templates() - rendered - shown) == [], "no screen shows these templates"


def faults_of(screen: Screen) -> list[str]:
    """Open a screen without a browser: what is not as the registry says."""
    cache.clear()
    client = Client()
    if screen.person:
        sign_in(client, User.objects.get(email=screen.person))
    try:
        with screen.under():
            response = visit(client, screen)
    except Exception as error:  # noqa: BLE001 - one list of all faults
        return [f"{screen.name}: {type(error).__name__} {error}"]
    if response.status_code != screen.status:
        return [f"{screen.name}: {response.status_code} instead of {screen.status}"]
    if screen.shows not in response.content.decode():
        return [f"{screen.name}: does not show {screen.shows!r}"]
    return []

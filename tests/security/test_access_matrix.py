"""Every route × role × body: no canary of another body in any answer, never a 500, nothing undeclared.

The routes are read from the URL conf, so a new page, export or API is walked without being named here; what it
must get is a planter in canaries.py when it has parameters or shows what is not public.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from accounts.models import Organization
from core import clock as core_clock
from core.access import AccessRule, registered_actions, rule_of
from tama_portal import urls as root_urls
from tests.conftest import FIRST_LIGHT, HeldClock
from tests.security.canaries import PLANTERS, Address, Canary, plant, public_addresses
from tests.security.walking import walk_lightly
from tests.security.world import BODIES, OUTSIDERS, Walker, bodies, outsiders, shown, walkers_of

OWN_APPS = ("accounts", "programs", "indicators", "grants")
SEARCHES = ("programs:list", "calls:list", "projects:list", "api-program-list", "api-organizations")
COMPUTING = ("common-grants-search",)
"""Open searches that are sent as a body: they compute and store nothing, and nobody is signed in there."""
TOKENLESS = ("alerts:page", "readings:glossary")
"""Forms without a token: the secret in the address is the proof (one-click stop by a mail program, RFC 8058), and
a preference of the browser changes nothing of anybody's."""
OK, REDIRECT, FAULT = 200, 300, 500
SAME_RULES = pytest.mark.once(
    "walks every page; who may enter is decided before any SQL an engine could change"
)


def every_route(
    patterns: list[URLPattern | URLResolver] | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespaces, pattern) of the whole URL conf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from every_route(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}", pattern


ROUTES = dict(every_route())
PLAIN = sorted(name for name, pattern in ROUTES.items() if not pattern.pattern.regex.groups)
WITH_PARAMETERS = sorted(set(ROUTES) - set(PLAIN))


@dataclass
class World:
    bodies: list[Organization]
    canaries: list[Canary]

    @property
    def addresses(self) -> list[Address]:
        planted = [address for canary in self.canaries for address in canary.addresses]
        return [(name, {}) for name in PLAIN] + planted + public_addresses(self.bodies)

    def body(self, code: str) -> Organization:
        return next(body for body in self.bodies if body.code == code)

    def walkers(self, group: str) -> list[Walker]:
        if group in OUTSIDERS:
            return [walker for walker in outsiders(self.bodies[0]) if walker.label == group]
        return walkers_of(self.body(group), self.bodies)

    def leaks(self, text: str, walker: Walker, url: str) -> list[str]:
        """Canaries of other bodies in an answer; one's own name and what one typed oneself do not count."""
        return [
            f"{walker.label} at {url}: {canary.text}"
            for canary in self.canaries
            if canary.body != walker.body and canary.text in text
        ]


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Bodies and canaries, made once for the module; what a test does to them is rolled back."""
    with django_db_blocker.unblock(), core_clock.at(FIRST_LIGHT), transaction.atomic():
        found = bodies()
        yield World(found, plant(found))
        transaction.set_rollback(True)


@pytest.fixture
def world(
    planted: World, db: None, clock: HeldClock, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> World:
    """The planted world for one test, without the watch for N+1 queries and the log: thousands of requests are made
    and thousands of 404 are as they should be."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    walk_lightly(monkeypatch)
    return planted


def url_of(address: Address) -> str:
    name, arguments = address
    return reverse(name, kwargs=arguments)


# --- The declarations ---------------------------------------------------------------------------------------


def test_every_route_has_a_name_and_declares_its_access() -> None:
    faults = []
    for name, pattern in every_route():
        rule = rule_of(pattern.callback)
        if not isinstance(rule, AccessRule):
            faults.append(f"{name}: declares no access")
        elif rule.action and rule.action not in registered_actions():
            faults.append(f"{name}: action {rule.action} has no rule, nobody may enter")
        if name.endswith("None"):
            faults.append(f"{pattern.pattern}: has no name")
    assert faults == []


def test_every_app_with_tables_plants_canaries() -> None:
    with_tables = {
        config.label
        for config in apps.get_app_configs()
        if config.label in OWN_APPS and list(config.get_models())
    }
    assert with_tables == set(PLANTERS)


def test_every_route_with_parameters_is_walked(world: World) -> None:
    assert sorted({name for name, arguments in world.addresses if arguments}) == WITH_PARAMETERS
    for address in world.addresses:
        try:
            url_of(address)
        except NoReverseMatch as error:
            pytest.fail(f"{address}: {error}")


# --- The walk -------------------------------------------------------------------------------------------------


@SAME_RULES
@pytest.mark.parametrize("group", [*BODIES, *OUTSIDERS])
def test_nobody_is_shown_another_bodys_canary(
    world: World, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address by every role of a body; and its own canaries are seen, or they would prove nothing."""
    faults: list[str] = []
    unseen = {canary.text for canary in world.canaries if canary.body == group}
    urls = [url_of(address) for address in world.addresses]
    urls += [f"{reverse(name)}?search=canary" for name in SEARCHES if name in ROUTES]
    for place, walker in enumerate(world.walkers(group)):
        if place:  # the first one saw the whole page that says 404; it is the same page for everybody
            monkeypatch.setattr(root_urls, "handler404", bare_not_found)
        client = walker.client()
        for url in dict.fromkeys(urls):
            text, found = visit(world, walker, client, "get", url)
            faults += found
            unseen -= {mark for mark in unseen if mark in text}
    assert faults == []
    assert unseen == set()


def bare_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A 404 without its page, which takes most of the time of a walk past closed doors."""
    return HttpResponse(status=404)


def visit(world: World, walker: Walker, client: Client, method: str, url: str) -> tuple[str, list[str]]:
    """Open an address: what it shows, and the faults found in it."""
    response = getattr(client, method)(url)
    found = [broken(walker, method, url, response)] if response.status_code >= FAULT else []
    text = shown(response).replace(url, "")
    return text, found + world.leaks(text, walker, url)


def broken(walker: Walker, method: str, url: str, response: Any) -> str:
    """What was asked and answered, with the exception behind a 500."""
    cause = f" {response.exc_info[1]!r}" if getattr(response, "exc_info", None) else ""
    return f"{walker.label} {method} {url}: {response.status_code}{cause}"


@SAME_RULES
@pytest.mark.parametrize("group", [*BODIES, *OUTSIDERS])
def test_wrong_methods_and_foreign_posts_change_nothing(
    world: World, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PUT, PATCH and DELETE are answered nowhere; HEAD and POST to another body's address show and do nothing."""
    faults: list[str] = []
    monkeypatch.setattr(root_urls, "handler404", bare_not_found)
    walker = world.walkers(group)[-1]  # of a body: an administrator with posts in all bodies
    client, before = walker.client(), rows()
    for name, arguments in {name: (name, arguments) for name, arguments in world.addresses}.values():
        url = reverse(name, kwargs=arguments)
        for method in ("put", "patch", "delete"):
            response = getattr(client, method)(url)
            if response.status_code < REDIRECT or response.status_code >= FAULT:
                faults.append(broken(walker, method, url, response))
            faults += world.leaks(shown(response), walker, url)
    own = {
        url_of(address) for canary in world.canaries if canary.body == group for address in canary.addresses
    }
    for url in {url_of(address) for address in world.addresses if address[1]} - own:
        for method in ("head", "post"):
            faults += visit(world, walker, client, method, url)[1]
    assert faults == []
    assert rows() == before


def rows() -> dict[str, int]:
    """How many rows each table of ours has, sessions and sign-in attempts aside."""
    return {
        model._meta.label: model._base_manager.count()
        for label in OWN_APPS
        if label in apps.app_configs
        for model in apps.get_app_config(label).get_models()
        if model.__name__ != "LoginAttempt"
    }


@SAME_RULES
def test_anonymous_people_are_sent_to_sign_in_or_see_public_pages(world: World) -> None:
    client = Client()
    faults = []
    for name, arguments in world.addresses:
        url, rule = reverse(name, kwargs=arguments), rule_of(ROUTES[name].callback)
        response = client.get(url)
        if rule is not None and not rule.public:
            sent = response.status_code == 302 and response["Location"].startswith("/account/login/")
            api = response.status_code == 401 and url.startswith("/api/")
            if not (sent or api):
                faults.append(f"{url}: {response.status_code}")
    assert faults == []


@SAME_RULES
def test_reading_changes_nothing(world: World) -> None:
    """A mail scanner that opens every link as the administrator writes no row but the session's."""
    walker = world.walkers("132225")[-1]
    client = walker.client()
    client.get("/account/")
    faults = []
    for address in world.addresses:
        url = url_of(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        faults += [
            f"{url}: {query['sql'][:120]}"
            for query in queries
            if re.match(r"(INSERT|UPDATE|DELETE)", query["sql"]) and "django_session" not in query["sql"]
        ]
    assert faults == []


@SAME_RULES
def test_every_unsafe_request_needs_the_token_of_a_form(world: World) -> None:
    walker = world.walkers("132225")[-1]
    strict, faults = walker.client(), []
    signed_in = strict.cookies[settings.SESSION_COOKIE_NAME].value
    strict.handler.enforce_csrf_checks = True
    for address in world.addresses:
        url = url_of(address)
        strict.cookies.clear()
        strict.cookies[settings.SESSION_COOKIE_NAME] = signed_in
        response = strict.post(url)
        if response.status_code not in {403, 404, 405} and address[0] not in COMPUTING + TOKENLESS:
            faults.append(f"{url}: {response.status_code}")
        faults += world.leaks(shown(response), walker, url)
    assert faults == []
    assert strict.get("/account/").status_code == OK  # the session was there to the end

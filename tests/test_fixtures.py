"""The shared fixtures do what `tests/conftest.py` says: these tests run in this order and see each other's traces."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from zeal import NPlusOneError

from accounts.models import Organization
from core import clock as core_clock
from core.access import access
from core.append_only import missing_triggers
from indicators.models import Measure
from programs.models import Program, ProgramEvent
from tests.conftest import HeldClock


@access(public=True)
def names_of_owners(request: HttpRequest) -> HttpResponse:
    """A view with one query a row."""
    return HttpResponse(",".join(str(program.owner) for program in Program.objects.all()))


urlpatterns = [path("owners/", names_of_owners)]


@pytest.mark.django_db
def test_nothing_is_loaded_unasked() -> None:
    assert Program.objects.count() == 0
    assert Organization.objects.count() == 0


@pytest.mark.django_db
def test_reference_is_loaded_and_writable(reference: None) -> None:
    assert Program.objects.count() == ProgramEvent.objects.count() == 155
    assert Organization.objects.filter(kind="municipality").count() == 62
    assert Measure.objects.count() == 38
    Organization.objects.create(code="999999", name="足した団体", kind="partner")


@pytest.mark.django_db(transaction=True)
def test_reference_can_be_committed(reference: None) -> None:
    assert Program.objects.count() == 155
    assert not Organization.objects.filter(code="999999").exists()
    Organization.objects.create(code="999999", name="足した団体", kind="partner")


@pytest.mark.django_db(transaction=True)
def test_the_flush_removed_what_was_committed_and_kept_the_triggers() -> None:
    assert Organization.objects.count() == ProgramEvent.objects.count() == 0
    assert missing_triggers() == []


@pytest.mark.django_db
def test_a_second_identical_query_in_a_request_is_an_error(reference: None) -> None:
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(NPlusOneError):
        Client().get("/owners/")


def test_the_clock_stands_still_until_it_is_moved(clock: HeldClock) -> None:
    assert core_clock.today().isoformat() == "2026-11-21"
    clock.jst(2027, 4, 1)
    assert core_clock.today().isoformat() == "2027-04-01"


@pytest.mark.django_db
def test_people_sign_in_with_a_second_factor(demo: None, client_as) -> None:
    from accounts.queries import demo_accounts

    address = demo_accounts()[0].email
    actor = client_as(address).get("/").wsgi_request.actor
    assert actor.second_factor
    assert not actor.is_anonymous

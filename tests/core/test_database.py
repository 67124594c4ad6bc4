"""Requests that meet in the database: the loser of a deadlock is answered once more, and nobody hangs.

The controls are the same requests without the middleware, without the limits, and without the check of a connection.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.db.utils import ConnectionHandler
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from accounts.models import Organization
from core import database
from core.access import access
from core.database import AnswerOnceMore, Trouble, limit_waits, trouble_of
from tama_portal.urls import handler500
from tests.factories import programs as make

__all__ = ["handler500"]

races = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("SQLite has one lock, which nobody can take in another order"),
]
BOTH_HOLD_ONE = threading.Barrier(2)
MET: set[str] = set()
FIRST, SECOND = "132012", "132021"


@access(public=True)
def rename(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """Adds a sign to two names in one transaction; the first time two of them hold the first row of each other's order."""
    with transaction.atomic():
        for code in (first, second):
            Organization.objects.filter(code=code).update(name=Concat("name", Value("*")))
            if code == first and first not in MET:  # who comes again does not wait for the other
                MET.add(first)
                BOTH_HOLD_ONE.wait(5)
    return HttpResponse(request.POST["typed"] + request.FILES["file"].read().decode())


@access(public=True)
def twice(request: HttpRequest) -> HttpResponse:
    """Commits, then loses a deadlock."""
    with transaction.atomic():
        Organization.objects.filter(code=FIRST).update(name=Concat("name", Value("*")))
    raise broken_off()


@access(public=True)
def cut(_: HttpRequest) -> HttpResponse:
    """The database is shut down in the middle of a transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        Organization.objects.filter(code=FIRST).update(name="途中")
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("")


@access(public=True)
def slow(_: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    return HttpResponse("")


urlpatterns = [
    path("rename/<first>/<second>/", rename),
    path("twice/", twice),
    path("slow/", slow),
    path("cut/", cut),
]


class _Deadlock(Exception):  # noqa: N818 - what psycopg's own class tells, without a server
    sqlstate = "40P01"


def broken_off() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = _Deadlock()
    return error


@pytest.fixture
def towns(transactional_db: None, settings: Any) -> list[Organization]:
    settings.ROOT_URLCONF = __name__
    BOTH_HOLD_ONE.reset()
    MET.clear()
    return [make.municipality(FIRST, "一"), make.municipality(SECOND, "二")]


def posted(address: str) -> HttpResponse:
    """In a thread of its own, with a connection of its own."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    try:
        client = Client(raise_request_exception=False)
        answer: Any = client.post(address, {"typed": "打った", "file": SimpleUploadedFile("a.txt", b"file")})
        return answer
    finally:
        connection.close()


def crossed() -> list[HttpResponse]:
    """Two requests that take the same two rows in opposite order."""
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(posted, f"/rename/{one}/{other}/")
            for one, other in ((FIRST, SECOND), (SECOND, FIRST))
        ]
        return [job.result(30) for job in jobs]


@contextmanager
def limits(**seconds: int) -> Iterator[None]:
    """Those of the web server, for connections opened from now on."""
    options = connections.settings["default"].setdefault("OPTIONS", {})
    before = dict(options)
    options["options"] = " ".join(f"-c {name}={value}ms" for name, value in seconds.items())
    try:
        yield
    finally:
        options.clear()
        options.update(before)


class TestRaces:
    pytestmark = races

    def test_the_loser_of_a_deadlock_is_answered_once_more(self, towns: list[Organization]) -> None:
        answers = crossed()
        assert [(answer.status_code, answer.content.decode()) for answer in answers] == [
            (200, "打ったfile")
        ] * 2
        assert sorted(Organization.objects.filter(code__in=(FIRST, SECOND)).values_list("name", flat=True)) == [
            "一**", "二**"
        ]  # fmt: skip

    def test_control_without_it_one_of_them_fails(self, towns: list[Organization], settings: Any) -> None:
        settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != "core.database.AnswerOnceMore"]
        answers = crossed()
        assert sorted(answer.status_code for answer in answers) == [200, 503]
        lost = next(answer for answer in answers if answer.status_code == 503)
        assert "ほかの方が保存しています" in lost.content.decode()
        assert lost["Retry-After"] == "5"

    def test_what_was_kept_is_not_done_twice(self, towns: list[Organization]) -> None:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(posted, "/twice/").result(30).status_code == 503
        assert Organization.objects.get(code=FIRST).name == "一*"

    @pytest.mark.parametrize("limited", [True, False])
    def test_nobody_hangs_behind_somebody_who_saves(self, towns: list[Organization], limited: bool) -> None:
        """Control: without the limit the request waits until the other lets go."""
        MET.add(FIRST)
        with limits(**({"lock_timeout": 200} if limited else {})), ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Organization.objects.select_for_update().get(code=FIRST)
                asked = pool.submit(posted, f"/rename/{FIRST}/{SECOND}/")
                if limited:
                    assert "ほかの方が保存しています" in asked.result(10).content.decode()
                else:
                    threading.Event().wait(1)
                    assert not asked.done()
            assert asked.result(10).status_code == (503 if limited else 200)

    def test_nothing_is_half_done_where_the_database_goes_away_meanwhile(
        self, towns: list[Organization]
    ) -> None:
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(posted, "/cut/").result(30)
        assert answer.status_code == 503
        assert "もう一度送れます" in answer.content.decode()
        assert Organization.objects.get(code=FIRST).name == "一"

    def test_what_takes_too_long_ends_that_page_alone(self, towns: list[Organization]) -> None:
        with limits(statement_timeout=200), ThreadPoolExecutor(1) as pool:
            answer = pool.submit(posted, "/slow/").result(30)
        assert answer.status_code == 503
        assert "時間がかかりすぎました" in answer.content.decode()

    @pytest.mark.parametrize("checked", [True, False])
    def test_a_connection_cut_off_meanwhile_is_replaced_before_it_is_used(
        self, towns: list[Organization], checked: bool
    ) -> None:
        """As after a restart of the database. Control: with Django's own backend the first request fails."""
        given = connections.settings["default"]
        pooled = given | {
            "ENGINE": given["ENGINE"] if checked else "django.db.backends.postgresql",
            "OPTIONS": {**given["OPTIONS"], "pool": {"min_size": 1, "max_size": 1}},
        }
        handler = ConnectionHandler({"default": pooled})
        serving: Any = handler["default"]
        try:
            with serving.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (backend,) = cursor.fetchone()
            serving.close()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [backend])
            if checked:
                with serving.cursor() as cursor:
                    cursor.execute("SELECT 1")
            else:
                with pytest.raises(OperationalError), serving.cursor() as cursor:
                    cursor.execute("SELECT 1")
        finally:
            serving.close()
            serving.close_pool()

    def test_the_web_server_alone_is_limited(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        """By what it imports and nobody else does: `tama_portal/wsgi.py`."""
        settings.REQUEST_WAITS = {"lock_timeout": 3, "statement_timeout": 20}
        given = connections.settings["default"]
        monkeypatch.setitem(given, "OPTIONS", {**given["OPTIONS"], "options": "-c geqo=off"})
        limit_waits()

        def asked() -> list[str]:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
                    )
                    return list(cursor.fetchone())
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(asked).result(30) == ["3s", "20s"]


def test_only_what_was_broken_off_goes_again(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    tries: list[int] = []

    def view(request: HttpRequest) -> HttpResponse:
        tries.append(1)
        raise broken_off()

    monkeypatch.setattr(database.time, "sleep", lambda _: None)
    request = RequestFactory().post("/")
    match: Any = SimpleNamespace(func=view, args=(), kwargs={})
    request.resolver_match = match
    middleware = AnswerOnceMore(lambda _: HttpResponse())
    monkeypatch.setattr(database, "connection", SimpleNamespace(in_atomic_block=False))
    assert middleware.process_exception(request, OperationalError("away")) is None
    assert middleware.process_exception(request, ValueError()) is None
    assert tries == []
    assert middleware.process_exception(request, broken_off()) is None
    assert len(tries) == 2


def test_troubles_by_their_state() -> None:
    assert trouble_of(broken_off()) is Trouble.BROKEN_OFF
    assert trouble_of(OperationalError("x")) is Trouble.AWAY

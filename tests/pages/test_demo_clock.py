"""The demo's clock goes ahead for every process that follows it, never back, and nowhere but in the demo."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core import clock
from programs.models import Call
from tests.factories import programs as catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    settings.DEMO = True
    monkeypatch.setattr(clock, "_followed", [])
    clock.follow(tmp_path / "clock")
    return tmp_path / "clock"


@pytest.fixture
def call(db: None) -> Call:
    now = clock.now()
    times = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=3), "is_fictional": True}
    return catalogue.call_open(catalogue.published(), announce_at=now + timedelta(days=40), **times)


def far(moment: datetime) -> float:
    return abs((clock.now() - moment).total_seconds())


def test_it_goes_to_the_next_closing_and_stays_ahead(followed: Path, call: Call, client: Client) -> None:
    shown = client.get("/demo-clock/").content.decode()
    goal = call.closes_at + timedelta(minutes=5)
    assert goal.isoformat() in shown
    assert call.is_open(clock.now())
    assert client.post("/demo-clock/", {"to": goal.isoformat()}).status_code == 302
    assert far(goal) < 60
    assert not call.is_open(clock.now())
    further = goal + timedelta(days=1)
    assert client.post("/demo-clock/", {"to": further.isoformat()}).status_code == 302
    assert far(further) < 60


@pytest.mark.parametrize(
    "typed", ["", "明日", "2026-13-45", "2027-01-01T00:00:00", "9999-01-01T00:00:00+00:00"]
)
def test_what_is_no_instant_is_refused(followed: Path, typed: str, client: Client) -> None:
    answer = client.post("/demo-clock/", {"to": typed})
    assert answer.status_code == 422
    assert "読み取れません" in answer.content.decode()
    assert not followed.exists()


def test_it_never_goes_back(followed: Path, client: Client) -> None:
    answer = client.post("/demo-clock/", {"to": (clock.now() - timedelta(hours=1)).isoformat()})
    assert answer.status_code == 422
    assert "戻せません" in answer.content.decode()
    assert clock.ahead() == timedelta()


def test_outside_the_demo_there_is_no_such_page(followed: Path, settings: Any, client: Client) -> None:
    settings.DEMO = False
    assert client.get("/demo-clock/").status_code == 404
    assert client.post("/demo-clock/", {"to": clock.now().isoformat()}).status_code == 404


def test_a_clock_nobody_follows_cannot_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_followed", [])
    with pytest.raises(RuntimeError):
        clock.move_to(clock.now())
    assert clock.ahead() == timedelta()

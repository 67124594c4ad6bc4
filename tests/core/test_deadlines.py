"""Deadlines as every app tells them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.deadlines import Deadline

CLOSING = clock.instant(date(2026, 5, 29)) + timedelta(hours=17)


def deadline(**changes: object) -> Deadline:
    given: dict[str, object] = {
        "kind": "programs.closing", "at": CLOSING, "title": "募集締切", "url": "/calls/1/", "case_key": "call:1", **changes
    }  # fmt: skip
    return Deadline(**given)  # type: ignore[arg-type]


def test_the_last_instant_is_in_time() -> None:
    assert deadline().is_open(CLOSING)
    assert deadline().is_open(CLOSING - timedelta(microseconds=1))
    assert not deadline().is_open(CLOSING + timedelta(microseconds=1))


def test_a_moved_deadline_has_a_new_key() -> None:
    assert deadline().key == "programs.closing:call:1:2026-05-29T17:00:00+09:00"
    assert deadline(at=CLOSING + timedelta(days=1)).key != deadline().key
    assert deadline(at=CLOSING.astimezone(clock.JST)).key == deadline().key


def test_the_nearest_comes_first() -> None:
    later = deadline(at=CLOSING + timedelta(hours=1), kind="a.first_by_name")
    assert sorted([later, deadline()]) == [deadline(), later]


def test_whom_it_concerns() -> None:
    editors = frozenset({"editor"})
    assert deadline().concerns(1, 10, editors)
    own = deadline(organization_id=1, department_id=10, audience_roles=editors)
    assert own.concerns(1, 10, editors)
    assert not own.concerns(2, 10, editors)
    assert not own.concerns(1, 11, editors)
    assert not own.concerns(1, 10, frozenset({"finance"}))
    assert not own.concerns(None, None, editors)


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="時間帯"):
        deadline(at=datetime(2026, 5, 29, 17, 0))  # noqa: DTZ001 - naive on purpose
    assert deadline(at=datetime(2026, 5, 29, 8, 0, tzinfo=UTC)) == deadline()

"""One clock: instants in UTC, days in Japan."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock


def jst(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=clock.JST)  # type: ignore[misc,arg-type]


def test_now_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (jst(2026, 3, 31, 23, 59, 59), date(2026, 3, 31)),
        (jst(2026, 4, 1, 0, 0), date(2026, 4, 1)),
        (jst(2026, 4, 1, 8, 59), date(2026, 4, 1)),
        (jst(2026, 4, 1, 9, 0), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 14, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2028, 2, 28, 15, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_today_is_the_japanese_day(moment: datetime, day: date) -> None:
    assert clock.today(moment) == day
    with clock.at(moment):
        assert clock.today() == day


def test_a_set_clock_stands_still_nests_and_is_given_back() -> None:
    outer, inner = jst(2026, 10, 14, 10, 20), jst(2027, 3, 31, 17, 0)
    assert not clock.is_set()
    with clock.at(outer) as frozen:
        assert clock.now() == frozen == outer
        assert clock.now().tzinfo is UTC
        with suppress(RuntimeError), clock.at(inner):
            assert clock.now() == inner
            raise RuntimeError
        assert clock.now() == outer
        assert clock.is_set()
    assert not clock.is_set()


def test_threads_of_a_race_see_the_same_instant() -> None:
    seen: list[datetime] = []
    with clock.at(jst(2026, 5, 31, 17, 0)) as frozen:
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [frozen]


@pytest.mark.parametrize("call", [clock.local, clock.today, lambda naive: clock.at(naive).__enter__()])
def test_naive_instants_are_refused(call) -> None:
    with pytest.raises(ValueError, match="時間帯"):
        call(datetime(2026, 4, 1, 0, 0))  # noqa: DTZ001 - naive on purpose


def test_a_bare_date_ends_with_its_last_microsecond() -> None:
    end = clock.end_of_day(date(2026, 5, 31))
    assert clock.local(end).isoformat() == "2026-05-31T23:59:59.999999+09:00"
    assert end < clock.instant(date(2026, 6, 1))


def test_an_instant_is_a_japanese_wall_clock_time() -> None:
    assert clock.instant(date(2026, 5, 29), time(17, 0)) == datetime(2026, 5, 29, 8, 0, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - the zone is added below
def test_every_instant_lies_within_its_day(naive: datetime, hours: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    day = clock.today(moment)
    assert clock.instant(day) <= moment <= clock.end_of_day(day)

"""Availability, area rank and area fit: arithmetic without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs import rules
from programs.enums import AudienceScope, AvailabilityState, Fit, Kind, Level, Offering
from programs.rules import Window

AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # 10:00 in Japan
DAY = timedelta(days=1)


def judge(
    *windows: Window, offering: str = Offering.ACTIVE, kind: str = Kind.GRANT, at: datetime = AT, **more
):
    return rules.availability(offering=offering, kind=kind, windows=windows, at=at, **more)


def test_open_names_the_days_left() -> None:
    found = judge(Window(AT - DAY, AT + 12 * DAY))
    assert (found.state, found.text, found.tone) == (AvailabilityState.OPEN, "受付中 あと12日", "good")
    assert judge(Window(AT - DAY, AT + 7 * DAY)).tone == "warn"


def test_both_ends_of_a_call_belong_to_it() -> None:
    window = Window(AT, AT + DAY)
    assert judge(window, at=AT).state is AvailabilityState.OPEN
    assert judge(window, at=AT + DAY).state is AvailabilityState.OPEN
    just_after = AT + DAY + timedelta(microseconds=1)
    assert judge(window, at=just_after).state is AvailabilityState.CLOSED


def test_the_last_day_names_the_hour() -> None:
    assert judge(Window(AT - DAY, AT + timedelta(hours=7))).text == "受付中 本日17:00まで"


def test_days_are_counted_by_the_japanese_date() -> None:
    before_midnight = datetime(2026, 11, 21, 14, 59, tzinfo=UTC)  # 23:59 in Japan
    closes = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)  # 00:30 the next day in Japan
    assert judge(Window(AT - DAY, closes), at=before_midnight).detail == "あと1日"


def test_the_nearest_closing_counts() -> None:
    found = judge(Window(AT - DAY, AT + 30 * DAY), Window(AT - DAY, AT + 3 * DAY))
    assert found.days_left == 3


def test_coming_calls() -> None:
    soon, far = Window(AT + 20 * DAY, AT + 40 * DAY), Window(AT + 140 * DAY, AT + 160 * DAY)
    assert judge(soon, far).text == "まもなく受付 12月11日から"
    assert judge(far).text == "受付終了 次回 4月頃"


def test_after_the_last_call_the_month_of_its_opening_is_named() -> None:
    assert judge(Window(AT - 200 * DAY, AT - 180 * DAY)).text == "受付終了 次回 5月頃の見込み"


def test_without_calls_only_some_kinds_are_year_round() -> None:
    assert judge(kind=Kind.CONSULTATION).text == "通年"
    assert judge(kind=Kind.GRANT).text == "受付時期は窓口へ"


def test_ended_and_planned_never_open() -> None:
    window = Window(AT - DAY, AT + DAY)
    assert judge(window, offering=Offering.ENDED, last_year=2024).text == "終了 令和6年度まで"
    assert judge(window, offering=Offering.PLANNED).text == "検討中"


@given(st.integers(-400, 400), st.integers(1, 100), st.integers(-400, 400))
def test_open_means_within_the_window(opens: int, length: int, at: int) -> None:
    window = Window(AT + opens * DAY, AT + (opens + length) * DAY)
    instant = AT + at * DAY
    assert (judge(window, at=instant).state is AvailabilityState.OPEN) == (
        window.opens_at <= instant <= window.closes_at
    )
    assert (rules.call_availability(window, instant).state is AvailabilityState.OPEN) == (
        window.opens_at <= instant <= window.closes_at
    )


def test_a_call_of_another_year_names_it() -> None:
    """「11月2日から」 would be taken for this year's."""
    coming = Window(datetime(2027, 11, 2, 0, tzinfo=UTC), datetime(2027, 12, 9, 8, tzinfo=UTC))
    past = Window(AT - 380 * DAY, AT - 360 * DAY)
    near = Window(AT + DAY, AT + 2 * DAY)
    texts = [rules.call_availability(window, AT).text for window in (coming, past, near)]
    assert texts == [
        "まもなく受付 令和9年11月2日から",
        "受付終了 令和7年11月26日締切",
        "まもなく受付 11月22日から",
    ]


def test_narrower_areas_rank_first() -> None:
    order = [
        (Level.MUNICIPAL, AudienceScope.SINGLE),
        (Level.METROPOLITAN, AudienceScope.ISLANDS),
        (Level.METROPOLITAN, AudienceScope.CHO_SON),
        (Level.METROPOLITAN, AudienceScope.SHI_CHO_SON),
        (Level.METROPOLITAN, ""),
        (Level.NATIONAL, AudienceScope.NATIONWIDE),
    ]
    ranks = [rules.area_rank(level, scope) for level, scope in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


TAMA_CITY = rules.Place("132241", "多摩市", "tama", "shi", "多摩", "市")
OKUTAMA = rules.Place("133086", "奥多摩町", "tama", "machi", "多摩", "町")
OSHIMA = rules.Place("133612", "大島町", "islands", "machi", "島しょ", "町")
CHIYODA = rules.Place("131016", "千代田区", "wards", "ku", "区部", "区")


@pytest.mark.parametrize(
    ("scope", "place", "fit"),
    [
        (AudienceScope.TAMA, TAMA_CITY, Fit.YES),
        (AudienceScope.TAMA, OSHIMA, Fit.NO),
        (AudienceScope.ISLANDS, OSHIMA, Fit.YES),
        (AudienceScope.ISLANDS, TAMA_CITY, Fit.NO),
        (AudienceScope.CHO_SON, OKUTAMA, Fit.YES),
        (AudienceScope.CHO_SON, TAMA_CITY, Fit.NO),
        (AudienceScope.SHI_CHO_SON, TAMA_CITY, Fit.YES),
        (AudienceScope.SHI_CHO_SON, CHIYODA, Fit.NO),
        (AudienceScope.KU_SHI_CHO_SON, CHIYODA, Fit.YES),
        (AudienceScope.NATIONWIDE, OSHIMA, Fit.YES),
        ("", TAMA_CITY, Fit.CHECK),
    ],
)
def test_area_fit(scope: str, place: rules.Place, fit: Fit) -> None:
    found = rules.area_fit(
        level=Level.METROPOLITAN, scope=scope, owner_code="130001", owner_name="東京都", place=place
    )
    assert found.fit is fit
    assert found.reason.endswith("。")


def test_a_city_program_is_for_that_city() -> None:
    found = {
        place.name: rules.area_fit(
            level=Level.MUNICIPAL, scope="single", owner_code="132241", owner_name="多摩市", place=place
        ).fit
        for place in (TAMA_CITY, OKUTAMA)
    }
    assert found == {"多摩市": Fit.YES, "奥多摩町": Fit.NO}


@pytest.mark.parametrize(
    ("value", "words"),
    [(6500, "6,500"), (68.9, "68.9"), ("計算値", "計算値"), (None, ""), (10000000, "10,000,000")],
)
def test_spelled(value: object, words: str) -> None:
    assert rules.spelled(value) == words

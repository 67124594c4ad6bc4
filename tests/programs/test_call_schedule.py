"""The schedule of a call: copied to the next year it lands on business days, and days off are named."""

from datetime import date, time

from core import clock
from programs.parts.call import MOMENTS, days_off, next_year
from programs.parts.spec import moment_text

EMPTY = dict.fromkeys(MOMENTS, "")


def at(day: str) -> str:
    return moment_text(clock.instant(date.fromisoformat(day), time(17)))


def phase(day: str) -> dict[str, object]:
    return {"key": "k", "label": "審査会", "starts_on": day, "approximate": False}


def test_a_year_on_every_date_is_a_business_day() -> None:
    """27 November 2027 is a Saturday, 3 November 文化の日, 28 February 2029 follows the leap day of 2028."""
    content = EMPTY | {
        "opens_at": at("2026-11-03"), "precheck_due_at": at("2026-11-27"), "closes_at": at("2026-12-09"),
        "phases": [phase("2028-02-29"), phase("")], "fiscal_year": 2027, "budget": 10,
    }  # fmt: skip
    copied = next_year(content)
    assert [copied[name] for name in ("opens_at", "precheck_due_at", "closes_at", "announce_at")] == [
        at("2027-11-04"), at("2027-11-29"), at("2027-12-09"), "",
    ]  # fmt: skip
    assert [row["starts_on"] for row in copied["phases"]] == ["2029-02-28", ""]
    assert (copied["fiscal_year"], copied["budget"]) == (2028, None)
    assert days_off(copied) == []


def test_days_off_are_named() -> None:
    content = EMPTY | {"opens_at": at("2026-11-03"), "closes_at": at("2026-11-28"), "phases": [phase("2026-12-30"), phase("2026-12-28")]}  # fmt: skip
    assert days_off(content) == [
        "受付開始　令和8年（2026年）11月3日（火）　文化の日",
        "締切　令和8年（2026年）11月28日（土）",
        "審査会　令和8年（2026年）12月30日（水）",
    ]

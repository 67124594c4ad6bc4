"""Judging an indicator: exact, in both directions, never claiming what is not known."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.enums import Operator, Progress, Reference, TargetKind
from indicators.rules import Target, compare, judge, plain, update_day

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("target", "value", "baseline", "other", "expected"),
    [
        (
            Target(TargetKind.THRESHOLD, Operator.AT_LEAST, Decimal(3900)),
            "3603",
            "3603",
            None,
            Progress.NOT_MET,
        ),
        (Target(TargetKind.THRESHOLD, Operator.AT_LEAST, Decimal(3900)), "3900", "3603", None, Progress.MET),
        (Target(TargetKind.COMPARE, Operator.ABOVE), "6.12", "6.12", "6.21", Progress.NOT_MET),
        (Target(TargetKind.COMPARE, Operator.BELOW), "6.21", "6.21", "6.12", Progress.NOT_MET),
        (Target(TargetKind.COMPARE, Operator.ABOVE), "6.22", "6.12", "6.21", Progress.MET),
        (
            Target(TargetKind.DIRECTION, Operator.ABOVE, reference=Reference.ZERO),
            "-1312",
            "-1312",
            None,
            Progress.NOT_MET,
        ),
        (
            Target(TargetKind.DIRECTION, Operator.ABOVE, reference=Reference.BASELINE),
            "23031",
            "23031",
            None,
            Progress.NOT_MET,
        ),
        (
            Target(TargetKind.DIRECTION, Operator.ABOVE, reference=Reference.BASELINE),
            "23032",
            "23031",
            None,
            Progress.MET,
        ),
    ],
)
def test_the_targets_of_the_plan(
    target: Target, value: str, baseline: str, other: str | None, expected: Progress
) -> None:
    result = judge(
        value=Decimal(value),
        target=target,
        baseline=Decimal(baseline),
        other=Decimal(other) if other else None,
    )
    assert result.progress is expected
    assert result.sentence.endswith("。")


def test_a_value_that_equals_what_it_should_pass_is_said_to_be_the_same() -> None:
    """Of 23,031人 against 「現状値を上回る」 no difference of 0人 is spoken of."""
    target = Target(TargetKind.DIRECTION, Operator.ABOVE, reference=Reference.BASELINE)
    found = judge(value=Decimal(23031), target=target, baseline=Decimal(23031), unit="人")
    assert found.sentence.endswith("目標は23,031人を上回ることなので、目標に届いていません（同じ値）。")


def test_nothing_is_claimed_without_a_value() -> None:
    target = Target(TargetKind.THRESHOLD, Operator.AT_LEAST, Decimal(1))
    assert judge(value=None, target=target, baseline=Decimal(0)).progress is Progress.UNKNOWN


def test_nothing_is_claimed_without_the_other_indicator() -> None:
    target = Target(TargetKind.COMPARE, Operator.ABOVE)
    assert judge(value=Decimal(1), target=target, baseline=Decimal(0)).progress is Progress.UNKNOWN


def test_zero_is_a_value() -> None:
    target = Target(TargetKind.THRESHOLD, Operator.AT_LEAST, Decimal("2.5"))
    assert judge(value=Decimal(0), target=target, baseline=Decimal(0)).progress is Progress.NOT_MET


@given(decimals, decimals)
def test_operators_complement_each_other(left: Decimal, right: Decimal) -> None:
    assert compare(left, Operator.AT_LEAST, right) is not compare(left, Operator.BELOW, right)
    assert compare(left, Operator.ABOVE, right) is not compare(left, Operator.AT_MOST, right)


@given(decimals, decimals, st.decimals(min_value=0, max_value=1000, places=2))
def test_a_higher_value_never_judges_worse_where_higher_is_better(
    value: Decimal, aim: Decimal, more: Decimal
) -> None:
    target = Target(TargetKind.THRESHOLD, Operator.AT_LEAST, aim)
    before = judge(value=value, target=target, baseline=value).progress
    after = judge(value=value + more, target=target, baseline=value).progress
    assert not (before is Progress.MET and after is Progress.NOT_MET)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3603.0000", "3,603"),
        ("0.0000", "0"),
        ("99.5", "99.5"),
        ("-1312", "−1,312"),
        ("100.00", "100"),
        ("1E+3", "1,000"),
    ],
)
def test_plain_numbers(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("令和7年12月頃", date(2025, 12, 31)), ("令和8年", date(2026, 12, 31)), ("令和９年 ２月", date(2027, 2, 28)),
        ("2028年2月末", date(2028, 2, 29)), ("未定", None), ("令和7年13月", None), ("", None),
    ],
)  # fmt: skip
def test_by_when_a_figure_is_updated(words: str, day: date | None) -> None:
    """The last day the source's words may mean; None where they name none."""
    assert update_day(words) == day

"""Whole yen, exact rates."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money

amounts = st.integers(0, 10**13)
rates = st.fractions(min_value=0, max_value=1, max_denominator=100)


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1,234円", 1234), ("１，２３４円", 1234), ("¥1,234", 1234), ("￥10", 10), ("1234", 1234), (" 0 ", 0), ("△500", -500),
     ("▲1,000円", -1000), ("-5", -5), ("−5", -5), ("10,000,000", 10_000_000), (42, 42), ("000123", 123)],
)  # fmt: skip
def test_amounts_people_type(written: str | int, amount: int) -> None:
    assert money.yen(written) == amount


@pytest.mark.parametrize(
    ("printed", "amount"),
    [("５０万円", 500_000), ("1,000千円", 10**6), ("1.5億円", 150_000_000), ("3百万円", 3_000_000), ("0.00005万円", None),
     ("0.0001万円", 1), ("0.0001千円", None), ("50万", None), ("500円", None), ("上限50万円", None), ("50万円程度", None),
     ("1億5千万円", None), ("1,23万円", None), ("9" * 12 + "億円", None), ("", None)],
)  # fmt: skip
def test_amounts_printed_with_their_unit_are_read_exactly_or_not_at_all(
    printed: str, amount: int | None
) -> None:
    assert money.spelled_yen(printed) == amount


@pytest.mark.parametrize(
    ("written", "cure"),
    [("千円", "円にして"), ("1,234千円", "円にして"), ("100万円", "円にして"), ("1億", "円にして"), ("12.5", "小数は使えません"),
     ("1,23", "数字とカンマ"), ("12,34,567", "数字とカンマ"), ("", "入力して"), ("　", "入力して"), ("abc", "数字とカンマ"),
     ("1e5", "数字とカンマ"), ("9" * 400, "大きすぎ"), (10**16, "大きすぎ"), ("٣", "数字とカンマ"), ("--5", "数字とカンマ"),
     ("1円2", "数字とカンマ")],
)  # fmt: skip
def test_refusals_name_the_cure(written: str | int, cure: str) -> None:
    with pytest.raises(ValueError, match=cure):
        money.yen(written)


@pytest.mark.parametrize("value", [1.0, True, None, Decimal(1)])
def test_only_text_and_whole_numbers_are_money(value: object) -> None:
    with pytest.raises(TypeError):
        money.yen(value)  # type: ignore[arg-type]


@given(st.integers(-(10**15), 10**15))
def test_formats_are_exact(amount: int) -> None:
    assert money.yen(money.format_yen(amount)) == amount
    compact = money.format_compact(amount)
    total, rest = 0, compact.removeprefix("△").removesuffix("円").replace(",", "")
    for unit, size in (("兆", 10**12), ("億", 10**8), ("万", 10**4)):
        if unit in rest:
            head, _, rest = rest.partition(unit)
            total += int(head) * size
    total += int(rest or 0)
    assert (-total if compact.startswith("△") else total) == amount


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(10_000_000, "1,000万円"), (100_000_000, "1億円"), (20_000_000, "2,000万円"), (123_450_000, "1億2,345万円"),
     (1_234_567, "1,234,567円"), (0, "0円"), (9_999, "9,999円"), (1_000_000_000_000, "1兆円"), (-20_000_000, "△2,000万円"),
     (100_000_001, "100,000,001円")],
)  # fmt: skip
def test_compact_amounts(amount: int, shown: str) -> None:
    assert money.format_compact(amount) == shown


def test_full_amount() -> None:
    assert money.format_yen(10_000_000) == "10,000,000円"
    assert money.format_yen(-1000) == "△1,000円"


@given(amounts, rates, st.sampled_from([1, 10, 1000, 10_000]))
def test_a_rate_rounds_down_to_its_unit_and_by_less_than_one(amount: int, rate: Fraction, unit: int) -> None:
    result = money.apply_rate(amount, rate, unit)
    assert type(result) is int
    assert result % unit == 0
    assert 0 <= amount * rate - result < unit


def test_two_thirds_of_fifteen_million_and_of_what_does_not_divide() -> None:
    assert money.apply_rate(15_000_000, Fraction(2, 3)) == 10_000_000
    assert money.apply_rate(10_000_000, Fraction(2, 3)) == 6_666_666
    assert money.apply_rate(10_000_000, Fraction(2, 3), 1000) == 6_666_000
    assert money.apply_rate(9_007_199_254_740_993 // 10, Fraction(1, 1)) == 900_719_925_474_099


def test_inexact_or_negative_is_refused() -> None:
    with pytest.raises(TypeError, match="分数"):
        money.apply_rate(100, 0.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        money.apply_rate(100.0, Fraction(1, 2))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="マイナス"):
        money.apply_rate(-100, Fraction(1, 2))
    with pytest.raises(ValueError, match="1円以上"):
        money.floor_to(5, 0)


@given(amounts, st.lists(st.one_of(st.integers(0, 10**6), rates), min_size=1, max_size=31).filter(any))
def test_shares_sum_to_the_total_and_the_lead_takes_the_remainder(
    total: int, weights: list[int | Fraction]
) -> None:
    shares = money.split_shares(total, weights)
    whole = sum(Fraction(weight) for weight in weights)
    assert sum(shares) == total
    assert len(shares) == len(weights)
    for share, weight in list(zip(shares, weights, strict=True))[1:]:
        assert 0 <= total * weight / whole - share < 1
    assert shares[0] >= total * Fraction(weights[0]) / whole - 1


def test_shares_of_seven_yen() -> None:
    assert money.split_shares(7, [1, 1, 1]) == [3, 2, 2]
    assert money.split_shares(1, [0, 1, 1]) == [1, 0, 0]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_impossible_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="負担割合"):
        money.split_shares(100, weights)
    with pytest.raises(TypeError):
        money.split_shares(100, [0.5, 0.5])  # type: ignore[list-item]

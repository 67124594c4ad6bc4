"""Check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn

from core import codes

digits12 = st.text("0123456789", min_size=12, max_size=12)
digits13 = st.text("0123456789", min_size=13, max_size=13)


@pytest.mark.parametrize(
    "code",
    [
        "130001",
        "131016",
        "132012",
        "132241",
        "133035",
        "133051",
        "133078",
        "133612",
        "134210",
        "011002",
        "471003",
    ],
)
def test_real_municipality_codes(code: str) -> None:
    assert codes.municipality_code_valid(code)


@given(st.sampled_from(["132012", "133612", "130001"]), st.integers(0, 5), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code: str, place: int, shift: int) -> None:
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    valid = [digit for digit in "0123456789" if codes.municipality_code_valid(wrong[:5] + digit)]
    assert len(valid) == 1
    if place == 5:
        assert not codes.municipality_code_valid(wrong)


@pytest.mark.parametrize(
    "code", ["", "13000", "1300011", "13000a", "１３０００１", "130002", " 130001", "٣١٣٠٠١"]
)
def test_malformed_municipality_codes(code: str) -> None:
    assert not codes.municipality_code_valid(code)


@given(digits13)
def test_corporate_numbers_agree_with_an_independent_check(number: str) -> None:
    assert codes.corporate_number_valid(number) == cn.is_valid(number)


@given(digits12)
def test_exactly_one_check_digit_fits_and_it_is_the_oracles(base: str) -> None:
    fitting = [digit for digit in "0123456789" if codes.corporate_number_valid(digit + base)]
    assert fitting == [cn.calc_check_digit(base)]


def test_corporate_numbers_of_local_governments() -> None:
    assert codes.corporate_number_for_municipality("130001") == "8000020130001"
    assert codes.corporate_number_valid(codes.corporate_number_for_municipality("133612"))
    with pytest.raises(ValueError, match="検査数字"):
        codes.corporate_number_for_municipality("130002")


@pytest.mark.parametrize(
    "number", ["", "800002013000", "80000201300011", "８０００020130001", "8000020130002"]
)
def test_malformed_corporate_numbers(number: str) -> None:
    assert not codes.corporate_number_valid(number)

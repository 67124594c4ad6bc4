"""Official numbers with check digits: 全国地方公共団体コード and 法人番号."""

_MUNICIPALITY_WEIGHTS = (6, 5, 4, 3, 2)
_CODE6, _NUMBER13 = 6, 13


def municipality_code_valid(code6: str) -> bool:
    """Whether a 6-digit 全国地方公共団体コード has the right check digit.

    The first five digits times 6, 5, 4, 3, 2, summed; the last digit of 11 minus the remainder by 11.
    Source: 総務省「全国地方公共団体コード仕様」.
    """
    if not _digits(code6, _CODE6):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code6, _MUNICIPALITY_WEIGHTS, strict=False))
    return int(code6[-1]) == (11 - total % 11) % 10


def corporate_number_valid(n13: str) -> bool:
    """Whether a 13-digit 法人番号 has the right check digit (its first digit). 0 never occurs."""
    return _digits(n13, _NUMBER13) and int(n13[0]) == _corporate_check_digit(n13[1:])


def corporate_number_for_municipality(code6: str) -> str:
    """The 法人番号 of a local government: check digit, then 000020, then its 6-digit code.

    Raises ValueError if the code is wrong.
    """
    if not municipality_code_valid(code6):
        raise ValueError(
            f"全国地方公共団体コード「{code6}」の検査数字が合いません。6桁の数字を確かめてください。"
        )
    base = "000020" + code6
    return f"{_corporate_check_digit(base)}{base}"


def _corporate_check_digit(base12: str) -> int:
    """9 minus the weighted sum by 9; weights 1, 2, 1, 2 … from the right.

    Source: 法人番号の指定等に関する省令 第2条.
    """
    total = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(base12)))
    return 9 - total % 9


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()

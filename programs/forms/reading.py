"""What people type in boxes of a publisher's forms, made exact. Every reader raises ValueError with fault and cure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django import forms

from core import clock
from core.form_fields import JapaneseDateField, MomentField
from core.money import yen
from programs.funding.exact import fraction_of
from programs.parts.figures import numbers_of, plain, spelled_numbers
from programs.parts.spec import Item, Type, moment_text, nothing

_WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,4})?", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


def read_year(typed: str) -> int:
    """2027, 2027年度, R9, 令和9年度."""
    plain = unicodedata.normalize("NFKC", typed).strip().removesuffix("年度").removesuffix("年")
    if re.fullmatch(r"(?:19|20)[0-9]{2}", plain, re.ASCII):
        return int(plain)
    if era := re.fullmatch(r"(?:R|r|令和)([1-9][0-9]?)", plain, re.ASCII):
        return 2018 + int(era[1])
    raise ValueError("年度を読み取れません。2027 か R9 のように入力してください。")


def read(item: Item, typed: Any) -> Any:
    """The value of an item from what its box sent; nothing typed is nothing said."""
    if item.type in {Type.FLAG, Type.CHOICE, Type.CODES}:
        return typed
    text = str(typed or "").replace("\r\n", "\n").replace("\r", "\n")
    if item.type is Type.LINES:
        return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if item.type in {Type.TEXT, Type.OUTLINE}:
        return text.strip("\n") if item.type is Type.OUTLINE else text.strip()
    text = text.strip()
    if item.type is Type.LINE:
        return " ".join(text.split())
    return _READERS[item.type](item, text) if text else nothing(item)


def shown(item: Item, value: Any) -> Any:
    """What a box shows for a value, so that `read` gives the value again."""
    if item.type in {Type.FLAG, Type.CODES}:
        return value
    if value in (None, "", []):
        return ""
    say = _SHOWN.get(item.type)
    return say(value) if say else str(value)


def _shown_moment(value: str) -> str:
    moment = clock.local(datetime.fromisoformat(value))
    return f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M}"


def _shown_day(value: str) -> str:
    day = date.fromisoformat(value)
    return f"{day.year}/{day.month}/{day.day}"


_SHOWN: Final[Mapping[Type, Callable[[Any], str]]] = {
    Type.MOMENT: _shown_moment,
    Type.DAY: _shown_day,
    Type.YEN: lambda value: f"{value:,}",
    Type.NUMBERS: spelled_numbers,
    Type.LINES: lambda value: "\n".join(map(str, value)),
}


def _whole(item: Item, text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    if not _WHOLE.fullmatch(plain):
        raise ValueError(f"「{text[:30]}」は整数ではありません。半角か全角の数字で入力してください。")
    return _not_under(item, int(plain))


def _yen(item: Item, text: str) -> int:
    return _not_under(item, yen(text))


def _not_under(item: Item, number: int) -> int:
    if number < item.least:
        raise ValueError(f"{item.least}以上の値にしてください。")
    return number


def _rate(_item: Item, text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    try:
        rate = fraction_of(plain)
    except ZeroDivisionError:
        rate = None
    if rate is None or not Fraction(0) <= rate <= 1 or "." in plain or rate.denominator > 10_000:  # noqa: PLR2004
        raise ValueError("率を読み取れません。2/3 のように、0から1までの分数で入力してください。")
    return str(rate)


def _decimal(_item: Item, text: str) -> str:
    compact = unicodedata.normalize("NFKC", text).replace(",", "").replace("△", "-").replace("▲", "-")
    if not _DECIMAL.fullmatch(compact):
        raise ValueError(f"「{text[:30]}」を数として読めません。1,234 か 12.5 のように入力してください。")
    return plain(Decimal(compact))


def _moment(_item: Item, text: str) -> str:
    return moment_text(_by(MomentField(required=False), text))


def _day(_item: Item, text: str) -> str:
    return str(_by(JapaneseDateField(required=False), text).isoformat())


def _by(field: forms.Field, text: str) -> Any:
    try:
        return field.to_python(text)
    except forms.ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None


def _code(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if not _CODE.fullmatch(plain):
        raise ValueError("記号には、英字・数字・「-」「_」だけを使ってください。")
    return plain


_READERS: Final[Mapping[Type, Callable[[Item, str], Any]]] = {
    Type.WHOLE: _whole,
    Type.YEN: _yen,
    Type.YEAR: lambda _, text: read_year(text),
    Type.RATE: _rate,
    Type.DECIMAL: _decimal,
    Type.NUMBERS: lambda _, text: numbers_of(text),
    Type.MOMENT: _moment,
    Type.DAY: _day,
    Type.CODE: lambda _, text: _code(text),
    Type.SLUG: lambda _, text: _code(text),
}

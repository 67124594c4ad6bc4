"""Fields that read what people type, and the faults of actions beside them; what all forms that act share."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any, Final

from django import forms

from core import clock
from core.exceptions import DomainError
from core.forms import PlainMessages
from core.text import parse_date

CLOSING_HOUR: Final = time(17, 0)
_HOUR: Final = re.compile(r"\s*(?P<hour>\d{1,2})(?::|時)(?P<minute>\d{2})分?$")


class DomainForm(PlainMessages, forms.Form):
    """A form that shows what an action refused, at the field the fault names."""

    use_required_attribute = False

    def refuse(self, error: DomainError) -> None:
        """Put the faults of an action beside their fields; those of no field of this form above all."""
        for fault in error.faults:
            self.add_error(fault.field if fault.field in self.fields else None, str(fault))


class JapaneseDateField(forms.Field):
    """A day as people write it: 令和8年12月1日, R8.12.1, 2026/12/1."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "例：令和8年12月1日、R8.12.1、2026/12/1")
        super().__init__(**kwargs)
        self.widget.attrs["class"] = "in--mid"

    def to_python(self, value: Any) -> date | None:
        """The day, or None for nothing typed. Raises ValidationError with fault and cure."""
        if value in self.empty_values:
            return None
        try:
            return parse_date(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class MomentField(forms.Field):
    """An instant on the Japanese clock as people write it: 令和8年12月1日 17:00. A bare day means 17:00."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = "例：令和8年12月1日 17:00、2026/12/1 12:00。" + kwargs.get("help_text", "")
        super().__init__(**kwargs)
        self.widget.attrs["class"] = "in--mid"

    def to_python(self, value: Any) -> datetime | None:
        """The aware instant, or None for nothing typed. Raises ValidationError with fault and cure."""
        if value in self.empty_values:
            return None
        text = unicodedata.normalize("NFKC", str(value)).strip()
        found = _HOUR.search(text)
        try:
            hour = time(int(found["hour"]), int(found["minute"])) if found else CLOSING_HOUR
            return clock.instant(parse_date(text[: found.start()] if found else text), hour)
        except ValueError as error:
            raise forms.ValidationError(f"日時を読み取れません。{error}") from None


class VerbatimField(forms.CharField):
    """Text kept as typed, with one kind of line end. Marked 必須 where it is, but a draft may leave it empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text with every line end as a newline."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        """Nothing is refused: what is missing is said by the check before submission."""

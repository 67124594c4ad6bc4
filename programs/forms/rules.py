"""Forms made from the inputs of rules: what a person types becomes exactly what the API would be sent."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from core.forms import required_message
from core.money import LARGEST, yen
from programs.funding.faults import InputFault
from programs.funding.inputs import Input, InputKind

LONGEST_TEXT: Final = 40
LONGEST_LIST_TEXT: Final = 4000
_YES_NO: Final = [("true", "はい"), ("false", "いいえ")]
_UNKNOWN: Final = [("unknown", "分からない")]
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_FEW: Final = 4


class RuleForm(forms.Form):
    """One field per input of a rule. `given()` is what the rule is asked with; `add_faults` shows its answer.

    `unknown_allowed` offers 「分からない」 (eligibility), and leaves empty what is not known.
    """

    def __init__(
        self,
        data: "MultiValueDict[str, str] | Mapping[str, Any] | None",
        inputs: Sequence[Input],
        *,
        unknown_allowed: bool = False,
        prefix: str | None = None,
    ) -> None:
        self.inputs = tuple(inputs)
        self.unknown_allowed = unknown_allowed
        super().__init__(data, prefix=prefix)
        for item in self.inputs:
            field = _field(item, unknown_allowed=unknown_allowed)
            field.error_messages["required"] = required_message(field)
            self.fields[item.name] = field

    def given(self) -> dict[str, Any]:
        """The inputs as the API takes them; text that is no number stays text, the rule names it."""
        return {item.name: self._value(item, self.cleaned_data.get(item.name, "")) for item in self.inputs}

    def clean(self) -> dict[str, Any]:
        """Amounts in 千円 or 万円 are refused in the words of money."""
        for item in self.inputs:
            typed = str(self.cleaned_data.get(item.name) or "")
            if item.unit == "円" and item.kind in {InputKind.INTEGER, InputKind.LIST}:
                for word in _words(typed) if item.kind is InputKind.LIST else [typed]:
                    self._check_amount(item.name, word)
        return self.cleaned_data

    def add_faults(self, faults: Sequence[InputFault]) -> None:
        """Show what the rule refuses beside its fields."""
        for fault in faults:
            name = fault.field.split(".")[0]
            field = name if name in self.fields else None
            if field is None or field not in self.errors:
                self.add_error(field, f"{fault.message}{fault.cure}")

    def _check_amount(self, name: str, typed: str) -> None:
        if not typed or name in self.errors:
            return
        try:
            yen(typed)
        except ValueError as error:
            self.add_error(name, str(error))

    def _value(self, item: Input, typed: Any) -> Any:
        text = str(typed).strip()
        if self.unknown_allowed and text in {"", "unknown"}:
            return None
        if item.kind is InputKind.BOOLEAN:
            return {"true": True, "false": False}.get(text, text)
        if item.kind is InputKind.LIST:
            return [_number(word) for word in _words(text)]
        return text if item.kind is InputKind.CHOICE else _number(text, keep=item.kind is InputKind.RATIO)


class BudgetForm(RuleForm):
    """The inputs of a rule, and what the whole project costs."""

    def __init__(
        self, data: "QueryDict | Mapping[str, Any] | None", inputs: Sequence[Input], *, prefix: str
    ) -> None:
        super().__init__(data, inputs, prefix=prefix)
        box = forms.TextInput(attrs={"class": "in--mid r", "inputmode": "numeric", "autocomplete": "off"})
        words = "この計算の対象にならない経費も含めた、事業の総額です。"
        field = forms.CharField(
            label="事業費の総額（円）", help_text=words, max_length=LONGEST_TEXT, widget=box
        )
        field.error_messages["required"] = required_message(field)
        self.fields["total"] = field
        self.order_fields(["total"])

    def clean_total(self) -> str:
        """Whole yen, not below 0."""
        typed = str(self.cleaned_data["total"])
        try:
            amount = yen(typed)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if amount < 0:
            raise forms.ValidationError("事業費は0円以上にしてください。")
        return typed

    def total(self) -> int:
        """The cost of the project in yen."""
        return yen(str(self.cleaned_data["total"]))


def _field(item: Input, *, unknown_allowed: bool) -> forms.Field:
    unit = f"（{item.unit}）" if item.unit and item.unit not in item.label else ""
    options: dict[str, Any] = {
        "label": f"{item.label}{unit}",
        "help_text": item.hint,
        "required": not unknown_allowed,
    }
    if item.kind is InputKind.BOOLEAN:
        choices = _YES_NO + (_UNKNOWN if unknown_allowed else [])
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
    if item.kind is InputKind.CHOICE:
        pairs = [(choice.value, choice.label) for choice in item.choices]
        widget = forms.RadioSelect if len(pairs) <= _FEW else forms.Select
        return forms.ChoiceField(
            choices=pairs + (_UNKNOWN if unknown_allowed else []), widget=widget, **options
        )
    if item.kind is InputKind.LIST:
        area = forms.Textarea(attrs={"rows": 3, "class": "in--mid r", "inputmode": "numeric"})
        return forms.CharField(max_length=LONGEST_LIST_TEXT, widget=area, **options)
    width = "in--mid r" if item.maximum >= LARGEST else "in--short r"
    mode = "text" if item.kind is InputKind.RATIO else "numeric"
    box = forms.TextInput(attrs={"class": width, "inputmode": mode, "autocomplete": "off"})
    return forms.CharField(max_length=LONGEST_TEXT, widget=box, **options)


def _words(typed: str) -> list[str]:
    """The members of a list: one a line, or separated by spaces or 、 (a comma belongs to its number)."""
    return [word for word in re.split(r"[\s　、]+", typed) if word]


def _number(typed: str, *, keep: bool = False) -> Any:
    """A whole number; anything else stays text. `keep` leaves text that a rate is read from."""
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").replace("−", "-").strip()
    plain = plain.removeprefix("¥").removesuffix("円")
    if keep:
        return plain
    return int(plain) if _WHOLE.fullmatch(plain) else typed


def query_of(rule: str, inputs: Mapping[str, Any]) -> dict[str, str]:
    """The query that fills in a form of a rule with inputs of the API, for links to examples."""
    return {"rule": rule} | {name: _typed(value) for name, value in inputs.items()}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(each) for each in value) if isinstance(value, list) else str(value)

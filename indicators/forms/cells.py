"""The cells of a sheet as a form: a field for each, with the version and the mark of what the page showed."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from core import fiscal_year
from core.exceptions import DomainError
from core.form_fields import DomainForm, VerbatimField
from indicators.actions.filling import Typed
from indicators.enums import Compared, SameReason, Toward
from indicators.models import SheetCell
from indicators.rules import sheets
from indicators.rules.sheets import Activity, Key

_CHOICES: Final[Mapping[str, Any]] = {"compared": Compared, "toward": Toward, "same_reason": SameReason}
_HINTS: Final = {
    "content": "この年度に何をするかを書きます。",
    "goal": "目標、注力する所、前の年度から変える所を書きます。まだ決められないときは、下の「目標設定なし」をえらべます。",
    "result": "何が良かったか（悪かったか）を簡潔に。できれば数値を書きます。",
    "issues": "次の年度に引き継ぐことを書きます。次の記入のときに、ここから始められます。",
    "uncounted": "数えていないときは、上は空のままにして理由を書きます。",
}


def field_name(key: Key) -> str:
    """「c-2025-result」: the name of a cell's field."""
    return f"c-{key[0]}-{key[1]}"


def shown_mark(value: str) -> str:
    """A short mark of the text a page showed, to tell an untouched field from a changed one."""
    return hashlib.sha256(value.replace("\r\n", "\n").encode()).hexdigest()[:16]


class CellsForm(DomainForm):
    """The cells that may be typed into. Every one may stay blank; what is missing is said when the head is asked."""

    def __init__(
        self,
        *args: Any,
        keys: Sequence[Key],
        cells: Mapping[Key, SheetCell],
        activities: Sequence[Activity] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = list(keys)
        self.task_version = 0
        for key in self.keys:
            self._add(key, cells.get(key), activities)

    def _add(self, key: Key, cell: SheetCell | None, activities: Sequence[Activity]) -> None:
        name, value = field_name(key), cell.value if cell else ""
        self.fields[name] = _field(key, activities)
        self.initial[name] = value == "1" if key[1] == "no_goal" else value
        self.fields[f"{name}-version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, min_value=0, initial=cell.version if cell else 0
        )
        self.fields[f"{name}-shown"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=shown_mark(value)
        )

    def typed(self) -> list[Typed]:
        """What was changed on the page, cell by cell; of a form with faults, the cells that have none."""
        found = []
        for key in self.keys:
            name = field_name(key)
            if f"{name}-shown" not in self.data or name not in self.cleaned_data:
                continue
            value = self._value(key)
            if shown_mark(value) != self.cleaned_data.get(f"{name}-shown"):
                found.append(Typed(key, value, self.cleaned_data.get(f"{name}-version") or 0))
        return found

    def _value(self, key: Key) -> str:
        raw = self.cleaned_data[field_name(key)]
        return ("1" if raw else "") if key[1] == "no_goal" else str(raw)

    def unsaved(self) -> list[str]:
        """The fields of a page that came back with something else than what is saved: they wait for the button."""
        if not self.is_bound:
            return []
        names = {field_name(key): key for key in self.keys}
        return [
            name
            for name, key in names.items()
            if name not in self.cleaned_data
            or shown_mark(self._value(key)) != self.data.get(f"{name}-shown", "")
        ]

    def refuse(self, error: DomainError) -> None:
        """Put each fault beside the cell it names."""
        for fault in error.faults:
            year, _, cell = fault.field.partition("/")
            name = f"c-{year}-{cell}" if cell else fault.field
            self.add_error(name if name in self.fields else None, str(fault))

    def renew(self, key: Key, version: int, value: str) -> None:
        """Let the form be sent again against what stands now, the typed text kept."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[f"{field_name(key)}-version"], data[f"{field_name(key)}-shown"] = str(version), shown_mark(value)
        self.data = data


def _field(key: Key, activities: Sequence[Activity]) -> forms.Field:
    year, name = key
    base = name.partition("-")[0]
    label = sheets.label_of(name, activities)
    if name in _CHOICES:
        return forms.ChoiceField(
            label=label, required=False, widget=forms.RadioSelect,
            choices=[*_CHOICES[name].choices, ("", "答えない" if name != "same_reason" else "文を変えた")],
        )  # fmt: skip
    if name == "no_goal":
        return forms.BooleanField(label=label, required=False)
    if base in {"planned", "done"}:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "in--short r"})
        return VerbatimField(
            label=label, required=False, widget=widget, help_text="数字だけを入力します。0も書きます。"
        )
    if base == "uncounted":
        return VerbatimField(label=label, required=False, help_text=_HINTS["uncounted"])
    return VerbatimField(
        label=f"{fiscal_year.label(year)}　{label}" if name != "issues" else f"{fiscal_year.label(year + 1)}以降の課題",
        required=True, widget=forms.Textarea(attrs={"rows": 6}), help_text=_HINTS[name],
    )  # fmt: skip

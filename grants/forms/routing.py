"""Forms of 庁内照会: sending parts to a unit, and the acts on one part."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django import forms

from accounts.models import Department, User
from core import clock
from core.form_fields import DomainForm, MomentField
from grants.queries.routing import Part

MAX_TEXT: Final = 2_000


def _text(label: str, *, required: bool, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=MAX_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def moment_text(at: datetime) -> str:
    """An instant as the field takes it."""
    return f"{clock.local(at):%Y/%m/%d %H:%M}"


class DistributeForm(DomainForm):
    """Which parts, to which unit, by when."""

    parts = forms.MultipleChoiceField(label="照会する部分", widget=forms.CheckboxSelectMultiple)
    department = forms.ModelChoiceField(
        label="照会する部署", queryset=Department.objects.none(), empty_label="えらんでください"
    )
    due_at = MomentField(label="庁内の期限", help_text="都の期限より前にします。")
    message = _text(
        "依頼の内容", required=False, help_text="書いてほしいことや資料の場所。庁内だけで読めます。"
    )
    hides_others = forms.BooleanField(
        label="照会した部署に、ほかの部分を見せない", required=False,
        help_text="印を付けないと、ほかの部分は見るだけになります。この申請の全部の照会に効きます。",
    )  # fmt: skip

    def __init__(
        self, *args: Any, choices: Iterable[Part], units: Iterable[Department], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [(part.key, part.label) for part in choices]  # type: ignore[attr-defined]
        _units(self, units)


class RoutingActForm(DomainForm):
    """One act on one part; only the fields the act needs are there."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    to = forms.ModelChoiceField(
        label="担当する人", queryset=User.objects.none(), empty_label="えらんでください"
    )
    department = forms.ModelChoiceField(
        label="照会する部署", queryset=Department.objects.none(), empty_label="えらんでください"
    )
    due_at = MomentField(label="庁内の期限", help_text="都の期限より前にします。")
    reason = _text("理由", required=True, help_text="庁内の記録に残ります。ほかの団体と都には見えません。")
    message = _text("相手への連絡", required=False)

    def __init__(
        self,
        *args: Any,
        asks: Iterable[str],
        units: Iterable[Department],
        people: Iterable[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _units(self, units)
        wanted = User.objects.filter(pk__in=[user.pk for user in people]).order_by("name")
        self.fields["to"].queryset = wanted  # type: ignore[attr-defined]
        for name in set(self.fields) - {"version", *asks}:
            del self.fields[name]


def _units(form: forms.Form, units: Iterable[Department]) -> None:
    field = form.fields["department"]
    rows = Department.objects.filter(pk__in=[unit.pk for unit in units]).order_by("display_order", "name")
    field.queryset = rows  # type: ignore[attr-defined]
    field.label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]

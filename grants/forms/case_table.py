"""The form that keeps a table's filters under a name."""

from django import forms

from core.form_fields import DomainForm


class SaveViewForm(DomainForm):
    """A name, and whether the unit sees it."""

    name = forms.CharField(
        label="名前", max_length=40, widget=forms.TextInput(attrs={"class": "in--mid"}),
        help_text="例：修正待ちの申請。同じ名前で保存すると、新しい条件に置き換わります。",
    )  # fmt: skip
    shared = forms.BooleanField(label="同じ部署の人も使えるようにする", required=False)

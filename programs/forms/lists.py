"""Taking in a list: a file or pasted text, then the same text confirmed with the differences to accept."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile

from accounts.models import Organization
from core.form_fields import DomainForm
from core.packing import MOST_PACKED, pack, unpack
from programs.importing import Reading, UnreadableListError, read_text, text_of
from programs.importing.reading import MOST_BYTES


class ListForm(DomainForm):
    """A file, or the text itself; `reading` holds what was read of it, `text` the text."""

    file = forms.FileField(
        label="ファイル", required=False,
        help_text="支援制度情報のCSVか、施策の一覧をタブ区切りで保存したテキスト（.csv .tsv .txt）。5MB、2,000行まで。",
    )  # fmt: skip
    pasted = forms.CharField(
        label="または、表の文字を貼り付ける", required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="表計算ソフトで、列の名前の行から選んでコピーし、そのまま貼り付けます。",
    )  # fmt: skip

    reading: Reading
    text: str

    def __init__(self, *args: Any, owner: Organization, **kwargs: Any) -> None:
        self.owner = owner
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two, and a list that can be read."""
        data = super().clean() or {}
        file, pasted = data.get("file"), data.get("pasted") or ""
        if self.errors:
            return data
        if bool(file) == bool(pasted.strip()):
            self.add_error("file", "ファイルをえらぶか、表の文字を貼り付けるか、どちらか一方にしてください。")
            return data
        field = "file" if file else "pasted"
        try:
            self.text = text_of(file) if file else _checked(pasted)
            self.reading = read_text(self.text, code=self.owner.code, body=self.owner.name)
        except UnreadableListError as error:
            self.add_error(field, str(error))
            return data
        if len(pack(self.text)) > MOST_PACKED:
            self.add_error(field, "一覧が大きすぎます。分けて取り込んでください。")
        return data


class ConfirmListForm(forms.Form):
    """The text shown before, carried along."""

    packed = forms.CharField(widget=forms.HiddenInput, max_length=MOST_PACKED)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=255)

    reading: Reading

    def __init__(self, *args: Any, owner: Organization, **kwargs: Any) -> None:
        self.owner = owner
        super().__init__(*args, **kwargs)

    def clean_packed(self) -> str:
        """Unpack and read it again. What cannot be unpacked was not made here."""
        packed: str = self.cleaned_data["packed"]
        try:
            self.reading = read_text(unpack(packed, MOST_BYTES), code=self.owner.code, body=self.owner.name)
        except (ValueError, UnreadableListError):
            raise forms.ValidationError("一覧を受け取れませんでした。もう一度えらんでください。") from None
        return packed


def _checked(pasted: str) -> str:
    """Pasted text judged as a file of it would be."""
    return text_of(ContentFile(pasted.encode(), name="pasted.txt"))

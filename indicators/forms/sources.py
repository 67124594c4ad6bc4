"""The coordinator's form for taking in progress sheets: a file or pasted text, then the same text confirmed."""

from typing import Any, Final

from django import forms

from core.exceptions import DomainError
from core.form_fields import VerbatimField
from core.forms import PlainMessages
from core.packing import MOST_PACKED, pack, unpack
from indicators.importing import Decoded, Reading, UnreadableSourceError, read, text_of

MOST_BYTES: Final = 20 * 1024 * 1024


class SourceForm(PlainMessages, forms.Form):
    """A file, or the text itself; `reading` holds what was read of it."""

    file = forms.FileField(
        label="ファイル", required=False,
        help_text="進行管理表のExcelブック（.xlsx）か、表をタブ区切りで保存したテキスト。20MBまで。",
    )  # fmt: skip
    text = forms.CharField(
        label="または、表の文字を貼り付ける", required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Excelや資料の表を選んでコピーし、そのまま貼り付けます。",
    )  # fmt: skip

    reading: Reading
    decoded: Decoded

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two, and a text that can be read."""
        data = super().clean() or {}
        file, text = data.get("file"), data.get("text") or ""
        if self.errors:
            return data
        if bool(file) == bool(text.strip()):
            self.add_error("file", "ファイルをえらぶか、表の文字を貼り付けるか、どちらか一方にしてください。")
            return data
        if file is not None and file and file.size > MOST_BYTES:
            self.add_error("file", "ファイルが20MBを超えています。1つの計画の進行管理表だけにしてください。")
            return data
        field = "file" if file else "text"
        try:
            self.decoded = text_of(file.read() if file else text.encode())
            self.reading = read(self.decoded.text, self.decoded.encoding)
        except UnreadableSourceError as error:
            self.add_error(field, str(error))
        else:
            if len(pack(self.decoded.text)) > MOST_PACKED:
                self.add_error(field, "表が大きすぎます。課ごとに分けて取り込んでください。")
        return data

    def refuse_source(self, error: DomainError) -> None:
        """Faults of what was read stand above all, each with its place."""
        for fault in error.faults:
            self.add_error(None, " ".join(filter(None, [fault.field, str(fault)])))


class ConfirmForm(forms.Form):
    """The text shown before, carried along, and the differences to accept."""

    packed = forms.CharField(widget=forms.HiddenInput, max_length=MOST_PACKED)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=255)
    reason = VerbatimField(required=False, max_length=1000)

    reading: Reading

    def clean_packed(self) -> str:
        """Unpack and read it again. What cannot be unpacked was not made here."""
        packed: str = self.cleaned_data["packed"]
        try:
            self.reading = read(unpack(packed, MOST_BYTES))
        except ValueError:
            raise forms.ValidationError(
                "表の文字を受け取れませんでした。もう一度取り込んでください。"
            ) from None
        return packed

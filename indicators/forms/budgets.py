"""The coordinator's forms for a 予算・決算カルテ: the file, then what each of its columns is, then the same confirmed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from openpyxl.utils import get_column_letter

from core.exceptions import DomainError
from core.fiscal_year import label
from core.form_fields import DomainForm, VerbatimField
from core.forms import PlainMessages
from core.packing import MOST_PACKED, pack, unpack
from indicators.enums import BudgetField
from indicators.forms.sources import MOST_BYTES
from indicators.importing import UnreadableSourceError
from indicators.importing.budget import (
    MOST_ROWS,
    Choice,
    Column,
    Page,
    heading_row,
    open_pages,
    packed_pages,
    proposed,
    spoken_year,
    unpacked_pages,
)

_LEFT: Final = ("", "取り込まない")


class BudgetFileForm(PlainMessages, forms.Form):
    """A file, or the table itself; `packed` carries what was read of it, `named` says what it was."""

    file = forms.FileField(
        label="ファイル", required=False,
        help_text="1行に1つの施策を書いた表。Excelブック（.xlsx）かCSV（UTF-8またはShift_JIS）。20MBまで。",
    )  # fmt: skip
    text = forms.CharField(
        label="または、表を貼り付ける", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Excelの表を見出しの行から選んでコピーし、そのまま貼り付けます。",
    )  # fmt: skip

    pages: tuple[Page, ...]
    packed: str
    named: str

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two, and a table that can be opened and carried along."""
        data: dict[str, Any] = super().clean() or {}
        file, text = data.get("file"), data.get("text") or ""
        if self.errors:
            return data
        if bool(file) == bool(text.strip()):
            self.add_error("file", "ファイルをえらぶか、表を貼り付けるか、どちらか一方にしてください。")
            return data
        self.named, field = (file.name, "file") if file else ("貼り付けた表", "text")
        if file and file.size > MOST_BYTES:
            self.add_error("file", "ファイルが20MBを超えています。1つの計画の表だけにしてください。")
            return data
        try:
            self.pages = open_pages(file.read() if file else text.encode())
        except UnreadableSourceError as error:
            self.add_error(field, str(error))
            return data
        self.packed = pack(packed_pages(self.pages))
        if len(self.packed) > MOST_PACKED:
            self.add_error(field, "表が大きすぎます。シートか年度ごとに分けて取り込んでください。")
        return data


class YearField(forms.CharField):
    """A fiscal year as people write it, 令和7年度, R7, 2025; None for nothing typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20, **kwargs)
        self.widget.attrs["class"] = "in--short"

    def clean(self, value: Any) -> int | None:
        """Raises ValidationError with fault and cure."""
        text = super().clean(value)
        if not text:
            return None
        year = spoken_year(text)
        if year is None:
            raise forms.ValidationError(
                f"「{text}」は年度として読めません。令和7年度、R7、2025のように入力してください。"
            )
        return year


class ColumnsForm(DomainForm):
    """Which page, which row of headings, which year, and what each column is. `choice` says it all."""

    page = forms.ChoiceField(label="シート")
    heading = forms.IntegerField(
        label="見出しの行", min_value=1, max_value=MOST_ROWS, help_text="列の名前が書かれた行の番号です。"
    )
    year = YearField(
        label="表の年度",
        help_text="年度の列も、列の年度もない値は、この年度のものとして読みます。例：令和7年度",
    )

    def __init__(
        self, data: Any = None, *, pages: Sequence[Page], page: Page | None = None, heading: int | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.shown = page or self._asked(data, pages)
        self.top = heading if heading is not None else heading_row(self.shown)
        columns = proposed(self.shown, self.top, known)
        super().__init__(data, initial={"page": self.shown.name, "heading": self.top + 1})
        choice = self.fields["page"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [(row.name, row.name) for row in pages]
        for place in range(self.shown.width):
            name, column = self._name(place), columns.get(place)
            self.fields[f"as-{place}"] = forms.ChoiceField(
                label=f"{name}を何として読むか", required=False, choices=[_LEFT, *BudgetField.choices],
                initial=column.field if column else "",
            )  # fmt: skip
            self.fields[f"of-{place}"] = YearField(
                label=f"{name}の年度", initial=label(column.year) if column and column.year else ""
            )

    @staticmethod
    def _asked(data: Any, pages: Sequence[Page]) -> Page:
        named = data.get("page") if data else None
        return next((page for page in pages if page.name == named), pages[0])

    def _name(self, place: int) -> str:
        heading = " ".join(self.shown.at(self.top, place).split())
        return f"{get_column_letter(place + 1)}列" + (f"（{heading}）" if heading else "")

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Each column with its letter, its heading, its two fields and what the first rows say."""
        rows = range(self.top + 1, min(self.top + 4, len(self.shown.rows)))
        return [
            {
                "letter": get_column_letter(place + 1),
                "heading": self.shown.at(self.top, place),
                "as": self[f"as-{place}"],
                "of": self[f"of-{place}"],
                "says": [self.shown.at(row, place) for row in rows],
            }
            for place in range(self.shown.width)
        ]

    @property
    def chosen(self) -> Choice:
        """The choice of a valid form."""
        data = self.cleaned_data
        columns = {
            place: Column(BudgetField(data[f"as-{place}"]), data.get(f"of-{place}"))
            for place in range(self.shown.width)
            if data.get(f"as-{place}")
        }
        return Choice(self.shown.name, data["heading"] - 1, columns, data["year"])

    def clean(self) -> dict[str, Any]:
        """One thing is read from one column."""
        data: dict[str, Any] = super().clean() or {}
        seen: dict[tuple[str, int | None], str] = {}
        for place in range(self.shown.width):
            what = data.get(f"as-{place}")
            if not what:
                continue
            mark = (what, data.get(f"of-{place}"))
            if mark in seen:
                self.add_error(
                    f"as-{place}", f"{seen[mark]}と同じものがえらばれています。どちらか一方にしてください。"
                )
            seen.setdefault(mark, self._name(place))
        heading = data.get("heading")
        if heading is not None and heading > len(self.shown.rows):
            self.add_error(
                "heading", f"表は{len(self.shown.rows)}行までです。見出しの行の番号を確かめてください。"
            )
        return data

    def refuse(self, error: DomainError) -> None:
        """What the columns lack stands above all."""
        for fault in error.faults:
            self.add_error(None, str(fault))


class BudgetConfirmForm(forms.Form):
    """The table carried along, its name, and the reason for what is corrected; `pages` is the table again."""

    packed = forms.CharField(widget=forms.HiddenInput, max_length=MOST_PACKED)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=255)
    reason = VerbatimField(required=False, max_length=1000)

    pages: tuple[Page, ...]

    def clean_packed(self) -> str:
        """Unpack it again. What cannot be unpacked was not made here."""
        packed: str = self.cleaned_data["packed"]
        try:
            self.pages = unpacked_pages(unpack(packed, 4 * MOST_BYTES))
        except ValueError:
            self.pages = ()
        if not self.pages:
            raise forms.ValidationError("表を受け取れませんでした。もう一度ファイルをえらんでください。")
        return packed

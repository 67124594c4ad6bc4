"""The data sets there are: what each holds, its columns and rows, and the files it comes as."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from tama_portal.open_data import giving, plan_rows, program_rows, record_rows
from tama_portal.open_data.tables import (
    Cp932File,
    CsvFile,
    JsonFile,
    TableFile,
    Written,
    bytes_file,
    csv_line,
    filled,
)

LICENCE_NAME: Final = "クリエイティブ・コモンズ 表示 4.0 国際（CC BY 4.0）"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/deed.ja"
ATTRIBUTION: Final = "出典：多摩・島しょ連携支援ポータルのオープンデータ"

Records = Callable[[datetime], Iterator[Any]]


def _as_read(record: list[Any], at: datetime) -> list[Any]:
    """A record that is a row."""
    del at
    return record


@dataclass(frozen=True)
class Dataset:
    """One data set: what is read, and the row a record makes. `name` is its name in addresses; `standard` the form it
    follows, "" for our own."""

    name: str
    title: str
    about: str
    columns: tuple[str, ...]
    records: Records
    standard: str = ""
    row: Callable[[Any, datetime], list[Any]] = _as_read

    def rows(self, at: datetime) -> Iterator[list[Any]]:
        """Every row."""
        return (self.row(record, at) for record in self.records(at))


DATASETS: Final = (
    Dataset(
        "programs", "支援制度（行政サービス・制度データモデル）",
        "公開中の支援制度。最大補助率は小数1桁の百分率（66.7）と、分数（2/3）の両方で示します。",
        program_rows.GIF_COLUMNS, program_rows.records,
        "政府相互運用性フレームワーク（GIF）DS-451-4 行政サービス・制度", program_rows.gif_row,
    ),
    Dataset(
        "support-programs", "支援制度（給付金）情報",
        "同じ支援制度を、都内の自治体が公開している支援制度情報と同じ名前の列で示します。わからない列は載せていません。",
        program_rows.STANDARD_COLUMNS, program_rows.records, "支援制度（給付金）情報の列名",
        program_rows.standard_row,
    ),
    Dataset(
        "calls", "募集", "公開中の募集と、その受付期間・予算・条件。",
        record_rows.CALL_COLUMNS, record_rows.call_rows,
    ),
    Dataset(
        "projects", "採択事業", "採択された広域連携の事業と、参加した市町村・多様な主体。",
        record_rows.PROJECT_COLUMNS, record_rows.project_rows,
    ),
    Dataset(
        "figures", "年度ごとの数値", "支援制度の実績、予算、年次の数値。資料の表記を並べて示します。",
        record_rows.FIGURE_COLUMNS, record_rows.figure_rows,
    ),
    Dataset(
        "plans", "計画", "公開している市町村の計画と、成果指標の判定に使う物差し。",
        plan_rows.PLAN_COLUMNS, plan_rows.plan_rows,
    ),
    Dataset(
        "measures", "計画の施策", "市町村の計画の施策（個票）を、年度ごとに1行で示します。要約の列はこのポータルの文、そのほかは市の文です。",
        plan_rows.MEASURE_COLUMNS, plan_rows.measure_rows,
    ),
    Dataset(
        "indicators", "計画の成果指標", "成果指標の現状値、観測値、目標。測れなかった値は空欄で、0とは区別します。",
        plan_rows.INDICATOR_COLUMNS, plan_rows.indicator_rows,
    ),
    Dataset(
        "observations", "成果指標の値", "成果指標の値を、1行に1つの期間、1つの欄に1つの事柄で示します。測定不能は値が空で1、0は値です。",
        plan_rows.OBSERVATION_COLUMNS, plan_rows.observation_rows,
    ),
)  # fmt: skip
_BY_NAME: Final = {dataset.name: dataset for dataset in DATASETS}


@dataclass(frozen=True)
class Form:
    """A form a data set comes in: the end of the file's name, its media type, words for people."""

    suffix: str
    media_type: str
    label: str


CSV: Final = Form("csv", "text/csv; charset=utf-8", "CSV（UTF-8）")
CP932: Final = Form("sjis.csv", "text/csv; charset=Shift_JIS", "CSV（Shift_JIS）")
REPLACED: Final = Form("sjis-replaced.csv", "text/csv; charset=utf-8", "置き換えた文字の一覧")
JSON_FORM: Final = Form("json", "application/json", "JSON")
GIVING: Final = Form("360giving.json", "application/json", "JSON（360Giving）")
_TABLE_FORMS: Final = (CSV, CP932, JSON_FORM)
REPLACED_COLUMNS: Final = ("行", "列", "文字", "文字の番号")


@dataclass(frozen=True)
class DataFile:
    """One file of a data set."""

    dataset: Dataset
    form: Form

    @property
    def name(self) -> str:
        """Its name in addresses and dumps."""
        return f"{self.dataset.name}.{self.form.suffix}"

    def write(self, at: datetime) -> Written:
        """Make it from what everybody sees at an instant."""
        if self.form is GIVING:
            return bytes_file(giving.package(at))
        if self.form is REPLACED:
            listed = filled(Cp932File(self.dataset.columns), self.dataset.rows(at))
            listed.stream.close()
            return _replaced(listed)
        return filled(_begun(self.dataset, self.form), self.dataset.rows(at))


def write_all(at: datetime) -> Iterator[tuple[str, Written]]:
    """Every file of every data set by name; what several of them are made of is read once.

    A hundred thousand programs are read once for all forms, and no table is ever held whole.
    """
    for _, alike in groupby(DATASETS, key=attrgetter("records")):
        yield from _written_together(list(alike), at)


def _written_together(datasets: list[Dataset], at: datetime) -> Iterator[tuple[str, Written]]:
    """The files of data sets that are made of the same records."""
    begun = [(dataset, {form: _begun(dataset, form) for form in _TABLE_FORMS}) for dataset in datasets]
    for record in datasets[0].records(at):
        for dataset, files in begun:
            row = dataset.row(record, at)
            line = csv_line(row)
            for file in files.values():
                file.add(row, line)
    for dataset, files in begun:
        for form, file in files.items():
            written = file.done()
            yield DataFile(dataset, form).name, written
            if form is CP932:
                yield DataFile(dataset, REPLACED).name, _replaced(written)
        for data_file in files_of(dataset):
            if data_file.form not in files:
                yield data_file.name, data_file.write(at)


def files_of(dataset: Dataset) -> list[DataFile]:
    """The files offered of a data set (the list of replaced characters is offered beside the file it is about)."""
    forms = [*_TABLE_FORMS, *([GIVING] if dataset.name == "projects" else [])]
    return [DataFile(dataset, form) for form in forms]


def file_by_name(name: str) -> DataFile | None:
    """The file behind a name in an address, or None."""
    stem, _, suffix = name.partition(".")
    dataset = _BY_NAME.get(stem)
    if dataset is None:
        return None
    found = [file for file in (*files_of(dataset), DataFile(dataset, REPLACED)) if file.form.suffix == suffix]
    return found[0] if found else None


def _head(dataset: Dataset) -> Mapping[str, Any]:
    return {
        "dataset": dataset.name,
        "title": dataset.title,
        "description": dataset.about,
        "license": LICENCE_URL,
        "attribution": ATTRIBUTION,
        "columns": list(dataset.columns),
    }


def _begun(dataset: Dataset, form: Form) -> TableFile:
    """An empty file of a table's form."""
    if form is CP932:
        return Cp932File(dataset.columns)
    return CsvFile(dataset.columns) if form is CSV else JsonFile(_head(dataset), dataset.columns)


def _replaced(listed: Written) -> Written:
    """The list of what was replaced in a file of CP932."""
    rows = ([note.row, note.column, note.character, f"U+{ord(note.character):04X}"] for note in listed.notes)
    return filled(CsvFile(REPLACED_COLUMNS), rows)

"""The project's indicators: as plain data for hashes and snapshots, in words for people, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.exceptions import Fault
from core.fiscal_year import label
from grants.enums import INDICATORS_SECTION, IndicatorAim
from grants.models import Application, ProjectIndicator
from indicators.queries import plain, value_of

Data = dict[str, Any]
PARTS = {
    "name": "指標", "definition": "定義と測り方", "unit": "単位", "aim": "目指す向き", "baseline": "現状値",
    "period": "現状値の時点", "reason": "現状値を測れない理由",
}  # fmt: skip
"""Parts of a row beside its targets, with their names."""


def indicator_rows(application: Application) -> list[ProjectIndicator]:
    """The rows in order, with their targets at hand."""
    return list(application.project_indicators.prefetch_related("targets").order_by("position"))


def exact_text(value: Decimal) -> str:
    """A value as data: digits, a point where there is a fraction, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def indicator_data(rows: Iterable[ProjectIndicator]) -> list[Data]:
    """The rows as plain data: values as text, "" where there is none; targets by year."""
    return [
        {
            "name": row.name, "definition": row.definition, "unit": row.unit, "aim": row.aim,
            "baseline": "" if row.baseline is None else exact_text(row.baseline),
            "period": row.baseline_period, "reason": row.not_measurable,
            "targets": {str(target.fiscal_year): exact_text(target.value) for target in row.targets.all()},
        }
        for row in rows
    ]  # fmt: skip


def shown(text: str) -> str:
    """A value of the data as people read it."""
    value = value_of(text)
    return "" if value is None else plain(value)


def indicator_words(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """One row of the data as term and text, in the order of the page."""
    unit = data["unit"]
    aim = str(IndicatorAim(data["aim"]).label) if data["aim"] else ""
    baseline = f"{shown(data['baseline'])}{unit}" if data["baseline"] else ""
    missing = f"測れない（{data['reason']}）" if data["reason"] else ""
    lines = [
        (PARTS["definition"], data["definition"]), (PARTS["aim"], aim), (PARTS["baseline"], baseline or missing),
        (PARTS["period"], data["period"]),
    ]  # fmt: skip
    lines += [
        (f"{label(int(year))}の目標", f"{shown(value)}{unit}")
        for year, value in sorted(data["targets"].items())
    ]
    return [(term, text) for term, text in lines if text]


# --- What is missing ------------------------------------------------------------------------------------------


def indicator_faults(application: Application) -> Iterable[Fault]:
    """What the form asks of the indicators and is not there; fields "indicators/<row>/<part or year>"."""
    asked = application.template.indicators
    if not asked:
        return
    rows = indicator_rows(application)
    least = int(asked.get("min", 1))
    if len(rows) < least:
        yield Fault(
            f"{INDICATORS_SECTION}/{len(rows) + 1}/name",
            f"成果指標が{len(rows)}件です。{least}件以上が必要です。",
            "指標を加えてください。",
        )
    years = list(application.template.fiscal_years(application.call))
    spent = set(application.budget_lines.filter(amount__gt=0).values_list("fiscal_year", flat=True))
    planned = [year for year in years if year in spent] or years[:1]
    for number, row in enumerate(rows, start=1):
        yield from _row_faults(number, row, planned)


def _row_faults(number: int, row: ProjectIndicator, years: Sequence[int]) -> Iterable[Fault]:
    field, name = f"{INDICATORS_SECTION}/{number}", f"成果指標{number}「{row.name or '（名前なし）'}」"
    given = {"name": row.name, "definition": row.definition, "unit": row.unit, "aim": row.aim}
    for part, value in given.items():
        if not value.strip():
            yield Fault(f"{field}/{part}", f"{name}の{PARTS[part]}が空です。", "入力してください。")
    if row.baseline is None and not row.not_measurable.strip():
        yield Fault(
            f"{field}/baseline",
            f"{name}の現状値がありません。",
            "値（0もそのまま）か、測れない理由を入力してください。",
        )
    if row.baseline is not None and not row.baseline_period.strip():
        yield Fault(f"{field}/period", f"{name}の現状値の時点が空です。", "例：令和7年度、令和8年10月1日")
    targets = {target.fiscal_year: target.value for target in row.targets.all()}
    for year in years:
        if year not in targets:
            yield Fault(
                f"{field}/{year}", f"{name}の{label(year)}の目標がありません。", "値を入力してください。"
            )
    yield from _direction_faults(field, name, row, targets)
    if row.origin_words:
        yield Fault(
            f"{field}/name",
            f"{name}は、{row.origin_words}から写した指標です。まだ確かめていません。",
            "内容を確かめ、直す所を直して保存してください。",
        )


def _direction_faults(
    field: str, name: str, row: ProjectIndicator, targets: Mapping[int, Decimal]
) -> Iterable[Fault]:
    """The last target goes where the indicator is to go."""
    if row.baseline is None or not targets:
        return
    last = max(targets)
    aims = {IndicatorAim.UP: targets[last] > row.baseline, IndicatorAim.DOWN: targets[last] < row.baseline}
    if row.aim in aims and not aims[IndicatorAim(row.aim)]:
        words = "上回って" if row.aim == IndicatorAim.UP else "下回って"
        yield Fault(
            f"{field}/{last}",
            f"{name}は「{IndicatorAim(row.aim).label}」指標ですが、{label(last)}の目標が現状値を{words}いません。",
            "目標か、目指す向きを直してください。",
        )

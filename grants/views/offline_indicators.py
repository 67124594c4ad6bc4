"""The indicators in a workbook of a case: what goes into it, and how what came back differs."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.exceptions import Fault
from core.fiscal_year import label
from grants.actions.offline import OfflineIndicators
from grants.enums import INDICATORS_SECTION, IndicatorAim
from grants.queries.project_indicators import PARTS, indicator_data, indicator_rows, shown
from grants.views.frame import CasePage
from grants.views.indicators import indicators_form
from grants.workbook import BookIndicators, Returned, canonical

_AIMS = {str(aim.label): aim.value for aim in IndicatorAim}


@dataclass(frozen=True)
class IndicatorDifference:
    """The indicators are others: their cells (name, workbook, here), and the fields that carry them on."""

    cells: list[tuple[str, str, str]]
    data: Mapping[str, str]
    moved: bool


def may_fill(page: CasePage) -> bool:
    """Whether this person may fill them in now."""
    return bool(page.application.template.indicators) and page.edits(INDICATORS_SECTION).permitted


def book_indicators(page: CasePage) -> BookIndicators | None:
    """The sheet, for those who may fill it in."""
    if not may_fill(page):
        return None
    form = indicators_form(page)
    lines = [*PARTS.items(), *((str(year), f"{label(year)}の目標") for year in form.years)]
    columns: list[dict[str, str]] = [{} for _ in range(form.most)]
    for number, row in enumerate(indicator_data(indicator_rows(page.application))):
        aim = str(IndicatorAim(row["aim"]).label) if row["aim"] else ""
        values = {**row, "aim": aim, "baseline": shown(row["baseline"])}
        values |= {year: shown(value) for year, value in row["targets"].items()}
        columns[number] = {mark: str(values.get(mark, "")) for mark, _ in lines}
    return BookIndicators(page.application.indicators_version, lines, columns)


def compare_indicators(page: CasePage, returned: Returned, faults: list[Fault]) -> IndicatorDifference | None:
    """How the sheet differs from what stands here, or None; cells that cannot be read are added to `faults`."""
    if not returned.indicators or not may_fill(page):
        return None
    version = page.application.indicators_version
    data, places, made_from = {"version": str(version)}, dict[str, str](), version
    for (number, mark), cell in returned.indicators.items():
        text = canonical(cell.text).strip()
        data[f"{number}-{mark}"] = _AIMS.get(text, text) if mark == "aim" else text
        places[f"{number}-{mark}"], made_from = cell.place, cell.version
    return held_against(page, data, moved=made_from != version, faults=faults, places=places)


def held_against(
    page: CasePage,
    data: Mapping[str, str],
    *,
    moved: bool,
    faults: list[Fault],
    places: Mapping[str, str] | None = None,
) -> IndicatorDifference | None:
    """Fields of the page's form, held against what is saved."""
    form = indicators_form(page, data)
    if not form.is_valid():
        for name, errors in form.errors.items():
            place = (places or {}).get(name, form.fields[name].label if name in form.fields else "成果指標")
            faults.append(Fault("file", f"{place}：{' '.join(map(str, errors))}"))
        return None
    cells = form.differences(indicator_data(indicator_rows(page.application)))
    return IndicatorDifference(cells, data, moved) if cells else None


def taken(page: CasePage, one: IndicatorDifference) -> OfflineIndicators:
    """For the action."""
    form = indicators_form(page, one.data)
    form.is_valid()
    return OfflineIndicators(form.entries(), page.application.indicators_version)

"""The project's indicators: saved as a whole, taken over from an earlier case without its figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.fiscal_year import label
from core.text import unstorable
from grants.actions.changes import changed, open_for_edit
from grants.enums import INDICATORS_SECTION, IndicatorAim
from grants.models import Application, ProjectIndicator, ProjectTarget
from grants.queries.project_indicators import PARTS, indicator_data, indicator_rows

LENGTHS = {"name": 100, "definition": 1000, "unit": 20, "period": 60, "reason": 200}
"""Characters each part may have."""
MOST = Decimal(10) ** 16
PLACES = 4
"""A value stays below `MOST` and has at most `PLACES` decimals."""


@dataclass(frozen=True)
class IndicatorEntry:
    """One row as typed. `targets` by fiscal year; `baseline` None where there is none, with or without its reason."""

    name: str = ""
    definition: str = ""
    unit: str = ""
    aim: str = ""
    baseline: Decimal | None = None
    period: str = ""
    reason: str = ""
    targets: Mapping[int, Decimal] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything was typed."""
        texts = (self.name, self.definition, self.unit, self.aim, self.period, self.reason)
        return any(text.strip() for text in texts) or self.baseline is not None or bool(self.targets)


@transaction.atomic
def save_indicators(
    *,
    application_id: int,
    entries: Sequence[IndicatorEntry],
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Application:
    """Replace the project's indicators; what is missing is no obstacle in a draft. Rows without anything are left out.

    `expected_version` is the `indicators_version` the page showed. Equal indicators change nothing but count as checked.
    Raises Refused where the form asks for none and for parts of others, Conflict when a colleague was faster,
    UnknownTransition or DomainError where nothing can be changed now, DomainError naming each cell
    ("indicators/<row>/<part or year>") with too many rows, too long a text, a year outside the span, or both a
    baseline and the reason why there is none.
    """
    instant = at or clock.now()
    application, _ = open_for_edit(
        application_id, section=INDICATORS_SECTION, member_id=None, by=by, at=instant
    )
    if not application.template.indicators:
        raise Refused
    if expected_version is not None and expected_version != application.indicators_version:
        raise Conflict(
            Fault(
                INDICATORS_SECTION,
                "成果指標は、ほかの人が先に保存しました。",
                "両方を見比べてから、もう一度保存してください。",
            )
        )
    if faults := list(_faults(application, entries)):
        raise DomainError(*faults)
    return _replace(application, entries, by, instant)


def _replace(
    application: Application, entries: Sequence[IndicatorEntry], by: Actor, at: datetime
) -> Application:
    before = indicator_data(indicator_rows(application))
    application.project_indicators.update(origin_words="")
    _write(application, [entry for entry in entries if entry])
    after = indicator_data(indicator_rows(application))
    if after == before:
        return application
    application.indicators_version += 1
    application.save(update_fields=["indicators_version"])
    changed(
        application, section=INDICATORS_SECTION, key=INDICATORS_SECTION, by=by, at=at, before=before, after=after
    )  # fmt: skip
    return application


def _write(application: Application, entries: Iterable[IndicatorEntry]) -> None:
    application.project_indicators.all().delete()
    for position, entry in enumerate(entries):
        row = ProjectIndicator.objects.create(
            application=application, position=position, name=entry.name.strip(), definition=entry.definition,
            unit=entry.unit.strip(), aim=entry.aim, baseline=entry.baseline, baseline_period=entry.period.strip(),
            not_measurable=entry.reason.strip(),
        )  # fmt: skip
        ProjectTarget.objects.bulk_create(
            ProjectTarget(indicator=row, fiscal_year=year, value=value)
            for year, value in entry.targets.items()
        )


def _faults(application: Application, entries: Sequence[IndicatorEntry]) -> Iterable[Fault]:
    most = int(application.template.indicators.get("max", 5))
    if sum(bool(entry) for entry in entries) > most:
        yield Fault(INDICATORS_SECTION, f"成果指標は{most}件までです。", "減らしてください。")
    years = application.template.fiscal_years(application.call)
    for number, entry in enumerate(entries, start=1):
        place = f"{INDICATORS_SECTION}/{number}"
        yield from _text_faults(place, number, entry)
        if entry.aim and entry.aim not in IndicatorAim.values:
            yield Fault(f"{place}/aim", f"成果指標{number}の目指す向きがありません。", "選び直してください。")
        if entry.baseline is not None and entry.reason.strip():
            yield Fault(
                f"{place}/reason",
                f"成果指標{number}に、現状値と、測れない理由の両方があります。",
                "どちらか一方にしてください。",
            )
        yield from _value_faults(place, number, entry, years)


def _text_faults(place: str, number: int, entry: IndicatorEntry) -> Iterable[Fault]:
    for part, most in LENGTHS.items():
        text = getattr(entry, part)
        if len(text) > most or (unstorable(text)):
            yield Fault(
                f"{place}/{part}",
                f"成果指標{number}の{PARTS[part]}が{most}字を超えているか、使えない文字があります。",
                "直してください。",
            )


def _value_faults(place: str, number: int, entry: IndicatorEntry, years: Sequence[int]) -> Iterable[Fault]:
    values = {"baseline": entry.baseline, **{str(year): value for year, value in entry.targets.items()}}
    for part, value in values.items():
        if value is not None and not is_storable(value):
            yield Fault(
                f"{place}/{part}",
                f"成果指標{number}の値が大きすぎるか、小数が{PLACES}桁を超えています。",
                "直してください。",
            )
    for year in entry.targets:
        if year not in years:
            span = f"{label(years[0])}から{label(years[-1])}まで"
            yield Fault(
                f"{place}/{year}",
                f"成果指標{number}の目標が、補助の期間（{span}）の外です。",
                "消してください。",
            )


def is_storable(value: Decimal) -> bool:
    """Whether the column keeps it exactly."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and abs(value) < MOST and value == round(value, PLACES)


def copy_indicators(source: Application, target: Application) -> int:
    """Take over what an earlier case measured, without its figures; how many. Unchecked until the target's are saved."""
    if not target.template.indicators:
        return 0
    words = f"{source.call}への申請（{source}）"[:200]
    rows = list(source.project_indicators.order_by("position"))[
        : int(target.template.indicators.get("max", 5))
    ]
    ProjectIndicator.objects.bulk_create(
        ProjectIndicator(
            application=target, position=place, name=row.name, definition=row.definition, unit=row.unit, aim=row.aim,
            origin_words=words,
        )
        for place, row in enumerate(rows)
    )  # fmt: skip
    return len(rows)

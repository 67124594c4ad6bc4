"""The coordinator's acts on indicators: a figure, its correction, a slip, a new definition, the words on a miss, a scale.

Each locks the indicator's row, is recorded in the plan's chain and shows on the public page at once. A published figure
is never overwritten without a trace: a correction keeps it, with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from indicators.actions.transition import Stale
from indicators.models import (
    Indicator,
    IndicatorDefinition,
    Observation,
    ObservationCorrection,
    Plan,
    PlanEvent,
    UpdateChange,
)
from indicators.queries.figures import figure_words, standing, with_figures
from indicators.rules import scale_data, update_day

UNDECIDED: Final = "未定"
EARLIEST, LATEST = 1900, 2200
_LONGEST_WORDS: Final = 60


@dataclass(frozen=True)
class Measured:
    """What was measured: a value, or the reason why there is none. 0 is a value; both or neither is refused."""

    value: Decimal | None
    reason: str = ""

    def check(self) -> None:
        """Raise DomainError unless exactly one of the two is there."""
        if self.value is None and not self.reason.strip():
            raise DomainError(
                Fault(
                    "value", "値が空です。", "値（0もそのまま）か、測定できなかった理由を入力してください。"
                )
            )
        if self.value is not None and self.reason.strip():
            raise DomainError(
                Fault(
                    "not_measurable_reason",
                    "値と、測定できない理由の両方があります。",
                    "どちらか一方にしてください。",
                )
            )


def _begin(indicator_id: int, by: Actor, at: datetime, expected_version: int | None) -> Indicator:
    """The indicator, locked and read after the lock. Raises Refused, Stale."""
    Indicator.objects.select_for_update().filter(pk=indicator_id).first()
    row = with_figures(Indicator.objects.filter(pk=indicator_id)).first()
    if row is None:
        raise Refused
    require(by, "indicators.keep_indicators", row.plan, at)
    if by.user_id is None:
        raise Refused
    if expected_version is not None and expected_version != row.version:
        raise Stale(
            "この指標は、画面を開いた後に変わりました。最新の画面を開き直して、内容を確かめてください。"
        )
    return row


def _finish(
    indicator: Indicator,
    action: str,
    by: Actor,
    at: datetime,
    *,
    reason: str = "",
    payload: Mapping[str, Any],
) -> PlanEvent:
    indicator.version += 1
    indicator.save(update_fields=["version"])
    plan = indicator.plan
    return PlanEvent.append(
        f"plan:{plan.slug}", by, action, at=at, comment=reason, plan=plan,
        payload={"indicator": indicator.slug, "version": indicator.version, **payload},
    )  # fmt: skip


def _said(field: str, text: str, what: str) -> str:
    if not text.strip():
        raise DomainError(Fault(field, f"{what}が空です。", f"{what}を入力してください。"))
    return text.strip()


# --- Figures -----------------------------------------------------------------------------------------------------


@transaction.atomic
def record_observation(
    *,
    indicator_id: int,
    period: tuple[int, int],
    measured: Measured,
    by: Actor,
    source_text: str = "",
    missed_text: str = "",
    next_update: str | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Observation:
    """Record what was measured for a period of years, and when the update after it comes (None: as it stands).

    Raises Refused, Stale; DomainError for a bad or known period, no figure or two, a missed target without words.
    """
    instant = at or clock.now()
    indicator = _begin(indicator_id, by, instant, expected_version)
    measured.check()
    _check_period(indicator, period)
    made = Observation.objects.create(
        indicator=indicator, period_start=period[0], period_end=period[1], value=measured.value,
        not_measurable_reason=measured.reason.strip(), source_text=source_text.strip(), missed_text=missed_text.strip(),
    )  # fmt: skip
    _require_words(indicator, "missed_text")
    if next_update is not None and next_update.strip() != indicator.next_update_text:
        _change_update(indicator, next_update, by, instant, is_slip=False)
    _finish(
        indicator, "record_observation", by, instant,
        payload={"period": list(period), "figure": figure_words(measured.value, made.not_measurable_reason)},
    )  # fmt: skip
    return made


def _check_period(indicator: Indicator, period: tuple[int, int]) -> None:
    start, end = period
    if not EARLIEST <= start <= end <= LATEST:
        raise DomainError(
            Fault(
                "period_end",
                "期間の年が正しくありません。",
                "終わりの年は始まりの年以後にしてください（西暦4桁）。",
            )
        )
    if period == (indicator.baseline_start, indicator.baseline_end):
        raise DomainError(
            Fault("period_end", "この期間の値は、計画の現状値です。", "別の期間を入力してください。")
        )
    if any((row.period_start, row.period_end) == period for row in indicator.observations.all()):
        raise DomainError(
            Fault(
                "period_end",
                "この期間の値はもう記録されています。",
                "直すときは「値を訂正する」を使ってください。",
            )
        )


def _require_words(indicator: Indicator, field: str) -> None:
    """A target that is missed in its own year needs words on why, and on what comes next."""
    fresh = with_figures(Indicator.objects.filter(pk=indicator.pk)).get()
    if standing(fresh).owes is not None:
        raise DomainError(
            Fault(
                field,
                "目標の年の値が、目標に届いていません。",
                "届かなかった要因と今後の対応を入力してください。",
            )
        )


@transaction.atomic
def correct_observation(
    *,
    observation_id: int,
    measured: Measured,
    reason: str,
    by: Actor,
    missed_text: str | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> ObservationCorrection:
    """Put a published figure right; the earlier one stays on record and on the page. Raises as `record_observation`."""
    instant = at or clock.now()
    indicator, row = _observation(observation_id, by, instant, expected_version)
    measured.check()
    reason = _said("reason", reason, "訂正の理由")
    if (row.value, row.not_measurable_reason) == (measured.value, measured.reason.strip()):
        raise DomainError(Fault("value", "公表した値と同じです。", "直す値を入力してください。"))
    made = ObservationCorrection.objects.create(
        observation=row, before=row.value, before_reason=row.not_measurable_reason, after=measured.value,
        after_reason=measured.reason.strip(), reason=reason, corrected_at=instant, corrected_by_id=by.user_id or 0,
    )  # fmt: skip
    row.value, row.not_measurable_reason = measured.value, measured.reason.strip()
    if missed_text is not None and missed_text.strip():
        row.missed_text = missed_text.strip()
    row.save(update_fields=["value", "not_measurable_reason", "missed_text"])
    _require_words(indicator, "missed_text")
    _finish(
        indicator, "correct_observation", by, instant, reason=reason,
        payload={
            "period": [row.period_start, row.period_end], "before": figure_words(made.before, made.before_reason),
            "after": figure_words(made.after, made.after_reason),
        },
    )  # fmt: skip
    return made


def _observation(
    observation_id: int, by: Actor, at: datetime, expected_version: int | None
) -> tuple[Indicator, Observation]:
    owner = Observation.objects.filter(pk=observation_id).values_list("indicator_id", flat=True).first()
    indicator = _begin(owner or 0, by, at, expected_version)
    return indicator, Observation.objects.get(pk=observation_id, indicator=indicator)


@transaction.atomic
def explain_miss(
    *,
    observation_id: int,
    text: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Observation:
    """Say why a target was missed and what comes next; the words before stay in the record."""
    instant = at or clock.now()
    indicator, row = _observation(observation_id, by, instant, expected_version)
    text = _said("text", text, "要因と今後の対応")
    if row.missed_text == text:
        raise DomainError(Fault("text", "いまの文と同じです。", "直す文を入力してください。"))
    before, row.missed_text = row.missed_text, text
    row.save(update_fields=["missed_text"])
    _finish(
        indicator, "explain_miss", by, instant,
        payload={"period": [row.period_start, row.period_end], "before": before, "after": text},
    )  # fmt: skip
    return row


# --- The next update ---------------------------------------------------------------------------------------------


@transaction.atomic
def postpone_update(
    *,
    indicator_id: int,
    words: str,
    reason: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> UpdateChange:
    """The update comes later than said: the new words, and why. Raises as `record_observation`."""
    instant = at or clock.now()
    indicator = _begin(indicator_id, by, instant, expected_version)
    reason = _said("reason", reason, "遅れる理由")
    made = _change_update(
        indicator, _said("next_update", words, "次回の時期"), by, instant, is_slip=True, reason=reason
    )
    payload = {"before": made.before, "after": made.after}
    _finish(indicator, "postpone_update", by, instant, reason=reason, payload=payload)
    return made


def _change_update(
    indicator: Indicator, words: str, by: Actor, at: datetime, *, is_slip: bool, reason: str = ""
) -> UpdateChange:
    after, before = words.strip(), indicator.next_update_text
    old, new = update_day(before), update_day(after)
    if len(after) > _LONGEST_WORDS or (new is None and after not in {"", UNDECIDED}):
        raise DomainError(
            Fault(
                "next_update",
                f"時期「{after}」を読み取れません。",
                f"「令和9年12月頃」のように書くか、「{UNDECIDED}」としてください。",
            )
        )
    if after == before:
        raise DomainError(Fault("next_update", "いまの予定と同じです。", "新しい時期を入力してください。"))
    if is_slip and old is not None and new is not None and new <= old:
        raise DomainError(
            Fault(
                "next_update", f"いまの予定（{before}）より後ではありません。", "後の時期を入力してください。"
            )
        )
    indicator.next_update_text = after
    indicator.save(update_fields=["next_update_text"])
    return UpdateChange.objects.create(
        indicator=indicator, before=before, after=after, is_slip=is_slip, reason=reason, changed_at=at,
        changed_by_id=by.user_id or 0,
    )  # fmt: skip


# --- Definitions and the scale -----------------------------------------------------------------------------------


@transaction.atomic
def redefine(
    *,
    indicator_id: int,
    starts: int,
    text: str,
    reason: str,
    is_comparable: bool,
    by: Actor,
    statistic: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> IndicatorDefinition:
    """Begin a new version of the definition with the figures of a year; the chart and the table mark the break.

    Raises as `record_observation`, and DomainError for a year before the baseline's or an earlier version's.
    """
    instant = at or clock.now()
    indicator = _begin(indicator_id, by, instant, expected_version)
    text, reason = _said("text", text, "新しい定義"), _said("reason", reason, "変えた理由")
    last = max((row.starts for row in indicator.definitions.all()), default=indicator.baseline_end)
    if not last < starts <= LATEST:
        raise DomainError(
            Fault(
                "starts", f"{last}年より後の年にしてください。", "前の定義の値より後から始めます（西暦4桁）。"
            )
        )
    made = IndicatorDefinition.objects.create(
        indicator=indicator, number=len(indicator.definitions.all()) + 2, starts=starts, text=text, reason=reason,
        statistic=statistic.strip(), is_comparable=is_comparable, decided_at=instant, decided_by_id=by.user_id or 0,
    )  # fmt: skip
    _finish(
        indicator, "redefine", by, instant, reason=reason,
        payload={"definition": made.number, "starts": starts, "text": text, "comparable": is_comparable},
    )  # fmt: skip
    return made


@transaction.atomic
def declare_scale(
    *,
    plan_id: int,
    name: str,
    own: bool,
    formula: str,
    grades: Sequence[tuple[str, str]],
    below: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Plan:
    """Declare how a plan's figures are graded; an empty name takes the scale away. Raises Refused, Stale, DomainError."""
    instant = at or clock.now()
    Plan.objects.select_for_update().filter(pk=plan_id).first()
    plan = Plan.objects.filter(pk=plan_id).first()
    require(by, "indicators.keep_indicators", plan, instant)
    if plan is None:
        raise Refused
    if expected_version is not None and expected_version != plan.version:
        raise Stale("この計画は、画面を開いた後に変わりました。最新の画面を開き直してください。")
    scale: dict[str, Any] = {}
    if name.strip():
        try:
            scale = scale_data(name=name, own=own, formula=formula, grades=grades, below=below)
        except ValueError as error:
            raise DomainError(Fault("grades", str(error))) from None
    if scale == plan.scale:
        raise DomainError(Fault("grades", "いまの物差しと同じです。", "変える所を入力してください。"))
    before, plan.scale, plan.version = plan.scale, scale, plan.version + 1
    plan.save(update_fields=["scale", "version"])
    payload = {"before": before, "after": scale, "version": plan.version}
    PlanEvent.append(f"plan:{plan.slug}", by, "declare_scale", at=instant, plan=plan, payload=payload)
    return plan

"""The cells of a plan beside those of a reading: one `Slot` each, written in memory and saved together."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.db.models import Prefetch

from core.exceptions import Fault
from indicators.enums import GoalStatus, Outlook
from indicators.importing import CELLS, Reading, SheetText, YearCells
from indicators.importing.figures import Aim, Baseline, aim, baseline
from indicators.importing.reading import IndicatorText
from indicators.importing.words import CELL_NAMES, key, number, numeral
from indicators.models import Direction, Indicator, Measure, Plan, Policy, SheetYear, Theme

_OUTLOOKS: Final = {label: code for code, label in Outlook.choices}
_OUTSIDE: Final = re.compile(r"会$|会議所$|協会$|公社$|組合$|大学$|センター$")
_LONGEST: Final = 120
_LONGEST_UNIT: Final = 20


@dataclass
class Slot:
    """A cell: its key and name, what stands in the plan, what the source says, and how to write it."""

    key: str
    name: str
    now: str
    source: str
    write: Callable[[str], None]
    limit: int | None = None


@dataclass
class Cells:
    """The cells of a plan that a source speaks of, and what was written into them so far."""

    plan: Plan
    refused: list[Fault] = field(default_factory=list, init=False)
    _dirty: dict[Any, set[str]] = field(default_factory=dict, init=False)

    def slots(self) -> Iterator[Slot]:
        """Every cell that the source speaks of."""
        raise NotImplementedError

    def save(self) -> None:
        """Write what the slots have changed."""
        for row, names in self._dirty.items():
            row.save(update_fields=sorted(names))

    def _text(self, row: Any, attribute: str, key: str, name: str, source: str) -> Slot:
        limit = row._meta.get_field(attribute).max_length
        return Slot(
            key, name, getattr(row, attribute), source, lambda text: self._set(row, attribute, text), limit
        )

    def _set(self, row: Any, attribute: str, value: Any) -> None:
        setattr(row, attribute, value)
        self._dirty.setdefault(row, set()).add(attribute)

    def _goal(self, year: SheetYear, slot: Slot, *, sets_none: bool) -> Slot:
        """A goal's text, and with it whether the year sets a goal at all."""

        def write(text: str) -> None:
            self._set(year, "goal", text)
            status = GoalStatus.SET if text else GoalStatus.BLANK
            self._set(year, "goal_status", GoalStatus.NOT_SET if sets_none else status)

        slot.write = write
        return slot


@dataclass
class Tree(Cells):
    """A plan's rows beside a reading. Missing rows are made at once, their cells are slots like all others."""

    reading: Reading
    _new: set[int] = field(default_factory=set)
    _themes: dict[Measure, list[Theme]] = field(default_factory=dict)

    def slots(self) -> Iterator[Slot]:
        """Every cell that the reading speaks of."""
        yield self._text(self.plan, "title", "plan/title", "計画名", self.reading.title or self.plan.title)
        yield self._text(self.plan, "goal", "plan/goal", "計画の目標", self.reading.goal or self.plan.goal)
        rows = self._measures()
        for sheet in self.reading.measures:
            measure = rows.get(sheet.number)
            if measure is not None:
                yield from self._measure_slots(measure, sheet)
        for sheet in self.reading.measures:
            if sheet.number in rows:
                yield from self._year_slots(rows, sheet)
        yield from self._indicator_slots()

    def save(self) -> None:
        """Write what the slots have changed."""
        super().save()
        held = Measure.themes.through
        held.objects.filter(measure__in=list(self._themes)).delete()
        held.objects.bulk_create(
            held(measure=measure, theme=theme) for measure, themes in self._themes.items() for theme in themes
        )

    # --- Measures -----------------------------------------------------------------------------------

    def _measures(self) -> dict[str, Measure]:
        """The plan's measures by number; those it lacks are made."""
        years = Prefetch("years", SheetYear.objects.select_related("refers_to").order_by("fiscal_year"))
        found = {
            row.number: row
            for row in self.plan.measures.select_related("policy__direction").prefetch_related(
                "themes", years
            )
        }
        policies = {(row.direction.number, row.number): row for row in self._policies()}
        for place, sheet in enumerate(self.reading.measures):
            if sheet.number in found:
                continue
            policy = self._policy_of(sheet, policies)
            if policy is not None:
                found[sheet.number] = self._made(sheet, policy, place)
        return found

    def _policies(self) -> list[Policy]:
        return list(Policy.objects.filter(direction__plan=self.plan).select_related("direction"))

    def _policy_of(self, sheet: SheetText, policies: dict[tuple[int, int], Policy]) -> Policy | None:
        """The policy a sheet stands below, made with its direction where the plan lacks it."""
        above, below = numeral(sheet.direction), number(sheet.policy)
        wanted = (
            ("方向性の番号", above is not None),
            ("基本方針の番号", below is not None),
            ("展望", sheet.outlook in _OUTLOOKS),
            (f"{_LONGEST}文字までの見出し", max(len(sheet.direction), len(sheet.policy)) <= _LONGEST),
        )
        lacking = [name for name, there in wanted if not there]
        if lacking or above is None or below is None:
            self.refused.append(
                Fault(
                    f"個票{sheet.number}",
                    f"個票{sheet.number}：{'・'.join(lacking)}が読めないため、施策を作れません。",
                    "個票の見出しを直してから、もう一度取り込んでください。",
                )
            )
            return None
        place = (above.value, int(below.digits))
        if place not in policies:
            direction = self._known_directions.get(above.value) or Direction.objects.create(
                plan=self.plan,
                number=above.value,
                label=above.sign,
                title=sheet.direction[above.end :].strip(),
            )
            self._known_directions[above.value] = direction
            title = sheet.policy[below.end :].strip(" \u3000.．、:：")
            policies[place] = Policy.objects.create(direction=direction, number=place[1], title=title)
        return policies[place]

    def _made(self, sheet: SheetText, policy: Policy, place: int) -> Measure:
        made = Measure.objects.create(
            plan=self.plan, policy=policy, number=sheet.number, printed_number=sheet.printed, position=place,
            title="", outlook="", lead_department="",
        )  # fmt: skip
        self._new.add(made.pk)
        return made

    def _measure_slots(self, measure: Measure, sheet: SheetText) -> Iterator[Slot]:
        at = sheet.number
        mark = "branch" if "-" in at else "series_mark"
        yield self._text(measure, "title", f"{at}/title", "施策名", sheet.title or measure.title)
        yield self._text(measure, mark, f"{at}/branch", "枝番・連番", sheet.branch)
        outlook = str(_OUTLOOKS.get(sheet.outlook, measure.outlook))
        yield self._text(measure, "outlook", f"{at}/outlook", "展望", outlook)
        yield self._text(measure, "overview", f"{at}/overview", "事業概要", sheet.overview)
        yield self._units(measure, sheet)
        yield self._theme_slot(measure, sheet)

    def _units(self, measure: Measure, sheet: SheetText) -> Slot:
        related = [unit["name"] for unit in measure.related_departments]
        now = "、".join(filter(None, [measure.lead_department, *related]))

        def write(_: str) -> None:
            lead, *others = sheet.departments
            self._set(measure, "lead_department", lead)
            self._set(
                measure, "related_departments",
                [{"name": name, "is_outside": bool(_OUTSIDE.search(name))} for name in others],
            )  # fmt: skip
            self._set(measure, "departments_text", sheet.departments_text)
            self._set(measure, "and_others", sheet.and_others)

        source = "、".join(sheet.departments) or now
        return Slot(f"{sheet.number}/departments", "課名等", now, source, write)

    def _theme_slot(self, measure: Measure, sheet: SheetText) -> Slot:
        now = "・".join(theme.label for theme in measure.themes.all()) if measure.pk not in self._new else ""

        def write(_: str) -> None:
            self._themes[measure] = self._theme_rows(sheet.themes)

        return Slot(f"{sheet.number}/themes", "重点テーマ", now, "・".join(sheet.themes), write)

    def _theme_rows(self, labels: tuple[str, ...]) -> list[Theme]:
        known = self._known_themes
        for place, label in enumerate(self.reading.themes):
            if key(label) not in known:
                known[key(label)] = Theme.objects.create(
                    plan=self.plan, code=f"theme-{place + 1}", label=label, position=place
                )
        return [known[key(label)] for label in labels]

    @cached_property
    def _known_themes(self) -> dict[str, Theme]:
        return {key(theme.label): theme for theme in Theme.objects.filter(plan=self.plan)}

    @cached_property
    def _known_directions(self) -> dict[int, Direction]:
        return {row.number: row for row in Direction.objects.filter(plan=self.plan)}

    # --- Years --------------------------------------------------------------------------------------

    def _year_slots(self, rows: dict[str, Measure], sheet: SheetText) -> Iterator[Slot]:
        measure = rows[sheet.number]
        years = {} if measure.pk in self._new else {row.fiscal_year: row for row in measure.years.all()}
        for fiscal_year, cells in sheet.years.items():
            year = years.get(fiscal_year) or SheetYear.objects.create(
                measure=measure, fiscal_year=fiscal_year
            )
            at = f"{sheet.number}/{fiscal_year}"
            for cell in CELLS:
                text = getattr(cells, cell)
                if text is not None:
                    name = f"{fiscal_year}年度 {CELL_NAMES[cell]}"
                    slot = self._text(year, cell, f"{at}/{cell}", name, text)
                    yield self._goal(year, slot, sets_none=cells.sets_no_goal) if cell == "goal" else slot
            yield self._reference(rows, year, cells, f"{at}/refers_to")

    def _reference(self, rows: dict[str, Measure], year: SheetYear, cells: YearCells, at: str) -> Slot:
        now = year.refers_to.number if year.refers_to else ""
        target = rows.get(cells.refers_to)
        source = cells.refers_to if target is not None and target.pk != year.measure_id else ""

        def write(_: str) -> None:
            self._set(year, "refers_to", target if source else None)

        return Slot(at, f"{year.fiscal_year}年度 再掲", now, source, write)

    # --- Indicators ---------------------------------------------------------------------------------

    def _indicator_slots(self) -> Iterator[Slot]:
        found = {
            key(name): row for row in self._indicators() for name in (row.name, row.printed_name) if name
        }
        pairs = [(row.name, row.target) for row in self.reading.indicators]
        made: dict[str, Aim] = {}
        for row in self.reading.indicators:
            indicator = found.get(key(row.name))
            if indicator is None:
                start, target = baseline(row.baseline), aim(row.target, row.name, pairs)
                indicator = self._made_indicator(
                    row, start, target, max((row.number for row in found.values()), default=0) + 1
                )
                if indicator is None or target is None:
                    continue
                found[key(row.name)], made[row.name] = indicator, target
            at = f"indicator/{key(row.name)}"
            yield self._text(indicator, "baseline_text", f"{at}/baseline", "現状値", row.baseline)
            yield self._text(indicator, "target_text", f"{at}/target", "目標", row.target)
            yield self._text(
                indicator, "next_update_text", f"{at}/next_update", "次回数値更新", row.next_update
            )
            yield self._text(indicator, "statistic", f"{at}/statistic", "出典", row.statistic)
        for name, target in made.items():
            other = found.get(key(target.other)) if target.other else None
            if other is not None:
                self._set(found[key(name)], "target_other", other)

    def _indicators(self) -> list[Indicator]:
        return list(self.plan.indicators.order_by("number"))

    def _made_indicator(
        self, row: IndicatorText, start: Baseline | None, target: Aim | None, place: int
    ) -> Indicator | None:
        above = numeral(row.direction)
        direction = self._known_directions.get(above.value) if above else None
        if len(row.name) > _LONGEST or len(row.unit) > _LONGEST_UNIT:
            start = None
        if start is None or target is None or direction is None:
            what = "現状値" if start is None else "目標" if target is None else "方向性"
            self.refused.append(
                Fault(
                    f"成果指標 {what}",
                    f"成果指標「{row.name}」：{what}を値として読めないため、指標を作れません。",
                    "数値と年（例：3,603事業所 (2021年)）が分かる形に直してから、もう一度取り込んでください。",
                )
            )
            return None
        return Indicator.objects.create(
            plan=self.plan, direction=direction, slug=f"kpi-{place}", number=place, name=row.name,
            printed_name=row.name, unit=row.unit, baseline_value=_exact(start.value), baseline_start=start.start,
            baseline_end=start.end, target_kind=target.kind, target_operator=target.operator,
            target_value=None if target.value is None else _exact(target.value), target_start=target.start,
            target_end=target.end, target_reference=target.reference,
        )  # fmt: skip


def _exact(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"))

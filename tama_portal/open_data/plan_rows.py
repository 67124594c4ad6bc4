"""Plans with their sheets, and indicators with their figures."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch

from core.actor import ANONYMOUS
from indicators.models import Indicator, Measure, ObservationCorrection, SheetYear
from indicators.queries import plan_summaries, plans, points, scale_of, with_figures

CHUNK: Final = 200

MEASURE_COLUMNS: Final = (
    *("計画", "計画の名称", "団体コード", "団体", "番号", "様式の番号", "方向性", "基本方針", "施策", "展望"),
    *(
        "重点テーマ",
        "主管課",
        "関連課等",
        "事業概要の要約",
        "年度",
        "事業内容の要約",
        "目標の要約",
        "目標の設定",
    ),
    *("実施結果の要約", "次年度以降の課題の要約", "再掲元"),
    *("事業概要", "事業内容", "目標・注力する所・変更箇所", "実施結果", "次年度以降の課題"),
    *("前の年度と比べて", "方向性・目標に", "予算額（円）", "決算額（円）"),
)
PLAN_COLUMNS: Final = (
    *(
        "計画",
        "計画の名称",
        "団体コード",
        "団体",
        "計画の目標",
        "開始年度",
        "終了年度",
        "施策の数",
        "成果指標の数",
    ),
    *("判定の物差し", "物差しの出どころ", "判定の式"),
)
OBSERVATION_COLUMNS: Final = (
    *("計画", "団体コード", "団体", "識別名", "指標名", "単位", "種別", "期間の始まり", "期間の終わり", "値"),
    *(
        "測定不能",
        "測定できない理由",
        "定義の版",
        "訂正の回数",
        "目標に届かなかった要因と今後の対応",
        "値の出典",
    ),
)
INDICATOR_COLUMNS: Final = (
    *(
        "計画",
        "計画の名称",
        "団体コード",
        "団体",
        "方向性",
        "識別名",
        "番号",
        "指標名",
        "単位",
        "種別",
        "時期",
        "値",
    ),
    *("資料の表記・理由", "出典の統計", "次回の更新", "備考"),
)


def measure_rows(at: datetime) -> Iterator[list[Any]]:
    """One row a sheet and fiscal year, in the order of the plan; a sheet without years has one row."""
    del at  # plans are on view or not, without an instant
    years = SheetYear.objects.select_related("refers_to").order_by("fiscal_year")
    rows = (
        Measure.objects.filter(plan__in=plans(ANONYMOUS))
        .select_related("plan__organization", "policy__direction")
        .prefetch_related("themes", Prefetch("years", years))
        .order_by("plan__slug", "position")
    )
    for measure in rows.iterator(chunk_size=CHUNK):
        head = _sheet(measure)
        cells = [_year(year) for year in measure.years.all()] or [
            [None, *[""] * 6, measure.overview, *[""] * 6, None, None]
        ]
        yield from ([*head, *each] for each in cells)


def _sheet(measure: Measure) -> list[Any]:
    plan, policy = measure.plan, measure.policy
    return [
        *(plan.slug, plan.title, plan.organization.code, plan.organization.name),
        *(measure.number, measure.printed_number, str(policy.direction), str(policy), measure.full_title),
        str(measure.get_outlook_display()),
        "；".join(theme.label for theme in measure.themes.all()),
        measure.lead_department,
        "；".join(
            [
                *(unit["name"] for unit in measure.related_departments),
                *(["など"] if measure.and_others else []),
            ]
        ),
        measure.summary,
    ]


def _year(year: SheetYear) -> list[Any]:
    return [
        *(year.fiscal_year, year.content_summary, year.goal_summary, str(year.get_goal_status_display())),
        *(year.result_summary, year.issues_summary, year.refers_to.number if year.refers_to else ""),
        *(year.measure.overview, year.content, year.goal, year.result, year.issues),
        *(
            str(year.get_compared_display()),
            str(year.get_toward_display()),
            year.budget_yen,
            year.settled_yen,
        ),
    ]


def plan_rows(at: datetime) -> Iterator[list[Any]]:
    """One row a plan on view, with its sizes and the scale it declares."""
    del at
    for row in plan_summaries(ANONYMOUS):
        plan, scale = row.plan, scale_of(row.plan)
        yield [
            *(plan.slug, plan.title, plan.organization.code, plan.organization.name, plan.goal),
            *(plan.starts, plan.ends, row.measures, row.indicators),
            *(
                (scale.name, "市" if scale.own else "ポータル独自", str(scale.formula.label))
                if scale
                else ("", "", "")
            ),
        ]


def observation_rows(at: datetime) -> Iterator[list[Any]]:
    """One row a figure, one thing a cell: a value that was not measured is empty, with 1 in its own column and why."""
    del at
    corrections = ObservationCorrection.objects.only("observation_id")
    rows = (
        with_figures(Indicator.objects.filter(plan__in=plans(ANONYMOUS)))
        .prefetch_related(Prefetch("observations__corrections", corrections))
        .order_by("plan__slug", "number")
    )
    for indicator in rows.iterator(chunk_size=CHUNK):
        plan = indicator.plan
        known = {(row.period_start, row.period_end): row for row in indicator.observations.all()}
        for point in points(indicator):
            found = known.get((point.start, point.end)) if point.kind == "観測値" else None
            yield [
                *(plan.slug, plan.organization.code, plan.organization.name, indicator.slug, indicator.name),
                *(indicator.unit, point.kind, point.start, point.end, point.value),
                *((1 if found.value is None else 0, found.not_measurable_reason) if found else (0, "")),
                *(point.definition, len(found.corrections.all()) if found else 0),
                *((found.missed_text, found.source_text) if found else ("", "")),
            ]


def indicator_rows(at: datetime) -> Iterator[list[Any]]:
    """One row a figure: baseline, observations, target. A value that could not be measured is empty, never 0."""
    del at
    rows = with_figures(Indicator.objects.filter(plan__in=plans(ANONYMOUS))).order_by("plan__slug", "number")
    for indicator in rows.iterator(chunk_size=CHUNK):
        plan = indicator.plan
        for point in points(indicator):
            yield [
                *(plan.slug, plan.title, plan.organization.code, plan.organization.name),
                *(str(indicator.direction), indicator.slug, indicator.number, indicator.name, indicator.unit),
                *(point.kind, point.label, point.value, point.note),
                *(indicator.statistic, indicator.next_update_text, indicator.notes),
            ]

"""What pages draw and list: series, single figures, amounts in words, sources."""

from decimal import Decimal

import pytest

from core import clock
from programs.models import Program
from programs.queries.catalogue import compared
from programs.queries.sheet import ProjectLine, Record, merged, program_sheet, records
from programs.views import figures
from tests.factories import programs as make

pytestmark = pytest.mark.django_db


def record(text: str, year: int | None, value: object, period: str = "") -> Record:
    return Record(text, year, period, Decimal(str(value)), "件", False, "", "", 0, [])


def test_years_of_one_thing_become_a_series() -> None:
    rows = [
        record("採択事業数（R6）", 2024, 2),
        record("採択事業数（R7）", 2025, 1),
        record("参加校", 2025, 181),
    ]
    drawn, singles = figures.charts(Program(), rows)
    assert [(chart.title, chart.points[0]["label"], chart.points[1]["value"]) for chart in drawn] == [
        ("採択事業数", "令和6年度", 1)
    ]
    assert [single.text for single in singles] == ["参加校"]


def test_a_year_with_two_figures_is_told_by_its_period() -> None:
    rows = [
        record("店", 2022, 66, "令和5年1月"),
        record("店", 2023, 61, "令和5年9月"),
        record("店", 2023, 60, "令和6年1月"),
    ]
    (chart,), _ = figures.charts(Program(), rows)
    assert [point["label"] for point in chart.points] == ["令和4年度", "令和5年9月", "令和6年1月"]


def test_a_printed_series_is_not_told_twice() -> None:
    program = Program(
        series=[{"label": "参加者数", "unit": "人", "years": ["R5", "R6"], "values": [393, 1047]}]
    )
    drawn, singles = figures.charts(
        program, [record("参加者 R5", 2023, 393), record("参加者 R6", 2024, 1047)]
    )
    assert [chart.title for chart in drawn] == ["参加者数"]
    assert drawn[0].points[1] == {"label": "令和6年度", "value": 1047, "approximate": False, "note": ""}
    assert singles == []


def test_headlines(reference: None) -> None:
    def headline(slug: str) -> tuple[str, str] | None:
        [row] = compared([slug], clock.now())
        found = figures.headline(row.program, row.budget)
        return (found.figure, found.what) if found else None

    assert headline("diverse-partners-grant") == ("2/3／1事業2,000万円", "補助率・補助上限額")
    assert headline("iju-teiju-shichoson-shien") == ("予算 1億円", "令和8年度")
    assert headline("iju-teiju-line-2-event") == ("金額の記載なし", "率・上限は資料にありません")
    assert headline("machizukuri-concierge") is None


def test_key_facts_leave_yearly_results_to_the_charts(reference: None) -> None:
    program = Program.objects.get(slug="diverse-partners-grant")
    facts = dict(figures.key_facts(program, records(program)))
    assert facts["補助率"] == "2/3"
    assert facts["補助期間（最長）"] == "3年間"
    assert not any("採択事業数" in label for label in facts)


def test_every_sheet_can_be_drawn(reference: None) -> None:
    """No program of the reference data breaks its page's figures; no figure is lost."""
    for program in Program.objects.prefetch_related("tags"):
        found = records(program)
        drawn, singles = figures.charts(program, found)
        shown = sum(len(chart.points) for chart in drawn) + len(singles)
        printed = sum(len(series["values"]) for series in program.series)
        assert shown <= printed + sum(record.value is not None for record in found)
        if not program.series:
            assert shown == sum(record.value is not None for record in found), program.slug
        assert figures.who(program)


def test_figures_then_events_in_order() -> None:
    program = make.published()
    program.milestones.create(text="始まった", position=0)
    program.outcomes.create(label="後", value=2, position=2)
    program.outcomes.create(label="先", value="68.9", position=1)
    found = records(program)
    assert [row.text for row in found] == ["先", "後", "始まった"]
    assert [row.number for row in found] == ["68.9", "2", ""]


def test_sources_are_united_and_lines_ranged() -> None:
    cited = merged(
        [
            [{"source": "a", "lines": [5, 7], "note": ""}],
            [{"source": "a", "lines": [6, 13], "note": "注"}, {"source": "b", "lines": [], "note": ""}],
        ]
    )
    assert cited == [
        {"source": "a", "lines": [5, 6, 7, 13], "note": "注"},
        {"source": "b", "lines": [], "note": ""},
    ]
    assert figures.line_ranges([5, 6, 7, 13]) == "5～7・13"
    assert figures.line_ranges([]) == ""


def test_an_office_is_not_named_twice(reference: None) -> None:
    assert figures.office(Program.objects.select_related("owner").get(slug="kyoryokutai")) == (
        "総務省 地域力創造グループ"
    )
    grant = Program.objects.select_related("owner").get(slug="diverse-partners-grant")
    assert figures.office(grant) == "東京都　総務局 行政部 振興企画課"


def test_the_map_counts_leads_and_partners() -> None:
    projects = [
        ProjectLine("a", "甲", "", 2024, 3, ("132080", "調布市"), [("132241", "多摩市")]),
        ProjectLine("b", "乙", "", 2025, 3, ("132241", "多摩市"), []),
    ]
    found = figures.project_map(projects)
    assert (found.counts, found.leads, found.participants) == (
        {"132080": 1, "132241": 2},
        ["132080", "132241"],
        2,
    )


def test_a_project_without_partners_is_listed() -> None:
    program = make.published(slug="with-project")
    program.projects.create(
        slug="alone", title="一人の事業", adopted_fiscal_year=2026, lead=make.metropolis()
    )
    sheet = program_sheet("with-project", clock.now())
    assert sheet is not None
    assert [(line.title, line.members) for line in sheet.projects] == [("一人の事業", [("130001", "東京都")])]

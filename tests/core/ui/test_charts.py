"""Bars and lines: the same figures in picture, sentence and table."""

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.core.ui.rendering import render

YEARS = [("令和4年度", 246), ("令和5年度", None), ("令和6年度", 0)]


def bars(points: object, extra: str = "") -> str:
    return render("{% bar_chart points title='出展者' unit='者' " + extra + " %}", points=points)


def lines(points: object, extra: str = "", **values: object) -> str:
    return render("{% line_chart points title='事業所数' unit='所' " + extra + " %}", points=points, **values)


def test_a_picture_with_one_sentence_and_a_table() -> None:
    html = bars(YEARS)
    assert 'role="img" aria-label="出展者。令和4年度は246者、令和5年度は値なし、令和6年度は0者。"' in html
    assert "<title>出展者</title><desc>" in html
    assert html.count('<th scope="row"') == 3
    assert "単位：者" in html


def test_a_gap_has_no_bar_and_zero_has_one() -> None:
    html = bars(YEARS)
    assert html.count("<rect") == 2
    assert 'width="0"' in html
    assert '<td class="r"><span aria-hidden="true">–</span><span class="sr">値なし</span></td>' in html
    assert '<td class="r">0</td>' in html


def test_longer_bars_mean_more_and_the_largest_fits() -> None:
    widths = [
        float(w) for w in re.findall(r'<rect[^>]* width="([\d.]+)"', bars([("a", 50), ("b", 100), ("c", 25)]))
    ]
    assert widths[1] == pytest.approx(widths[0] * 2, abs=0.2)
    assert widths[0] == pytest.approx(widths[2] * 2, abs=0.2)
    assert max(widths) < 360


def test_negative_bars_go_the_other_way() -> None:
    found = re.findall(r'<rect[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"', bars([("a", -50), ("b", 50)]))
    (left, left_width), (right, _) = [(float(x), float(width)) for x, width in found]
    assert left + left_width == pytest.approx(right, abs=0.2)
    assert "−50" in bars([("a", -50), ("b", 50)])


def test_approximate_values_say_so() -> None:
    html = bars([{"label": "R4", "value": 40, "approximate": True, "note": "聞き取り"}])
    assert "約40" in html
    assert "R4は約40者" in html
    assert "bar--about" in html
    assert ">聞き取り</td>" in html


def test_points_may_be_objects() -> None:
    assert "12.5" in bars(
        [SimpleNamespace(label="R4", value=Decimal("12.5"), approximate=False, note="", x=0)]
    )


def test_labels_and_notes_are_escaped() -> None:
    evil = "<script>"
    point = {"label": evil, "value": 1, "note": evil, "x": 1}
    target = {"x": 2, "label": evil, "words": evil, "value": 3}
    html = bars([point]) + lines([{"name": evil, "points": [point]}], "target=target", target=target)
    html += render("{% bar_chart p title=evil unit=evil sentence=evil first=evil %}", p=[point], evil=evil)
    assert "<script" not in html


def test_nothing_to_draw() -> None:
    assert bars([]) == ""
    assert lines([]) == ""
    assert lines([{"name": "a", "points": []}]) == ""
    assert "<svg" in bars([("R4", None)])
    assert "<svg" in lines([{"label": "R4", "x": 1, "value": None}])


def test_no_inline_style() -> None:
    assert "style=" not in bars(YEARS) + lines([{"label": "2021年", "x": 2021, "value": 1}])


def test_a_gap_or_a_new_definition_interrupts_the_line() -> None:
    whole = [{"label": str(x), "x": x, "value": x} for x in range(5)]
    assert lines(whole).count('class="line line--0"') == 1
    gap = [point | {"value": None} if point["x"] == 2 else point for point in whole]
    assert lines(gap).count('class="line line--0"') == 2
    assert lines(gap).count("<circle") == 4
    changed = [point | {"breaks": True} if point["x"] == 2 else point for point in whole]
    assert lines(changed).count('class="line line--0"') == 2
    assert lines(changed).count("<circle") == 5


def test_the_way_to_the_target() -> None:
    target = {"x": 2034, "label": "2034年", "words": "3,900以上", "value": 3900}
    html = lines([{"label": "2021年", "x": 2021, "value": 3603}], "target=target now=2026", target=target)
    assert "2021年は3,603所。2034年の目標は3,900以上。" in html
    assert 'class="way"' in html
    assert ">いま</text>" in html
    assert '2034年の目標</th><td class="r" colspan="1">3,900以上</td>' in html


def test_a_target_may_be_a_mere_direction() -> None:
    target = {"x": 2030, "label": "2030年", "words": "増加", "value": None}
    html = lines([{"label": "2020年", "x": 2020, "value": 23031}], "target=target", target=target)
    assert 'class="way"' not in html
    assert 'class="aim"' in html


def test_several_lines_share_one_table() -> None:
    series = [
        {"name": "開業率", "points": [{"label": "2021年", "x": 2021, "value": Decimal("6.12")}]},
        {
            "name": "廃業率",
            "points": [
                {"label": "2021年", "x": 2021, "value": Decimal("6.21"), "note": "推計"},
                {"label": "2016年", "x": 2016, "value": 5},
            ],
        },
    ]
    html = lines(series)
    assert html.count("<tbody>") == 1
    assert html.index("2016年</th>") < html.index("2021年</th>")
    assert 'scope="col" class="r">開業率' in html
    assert "廃業率：推計" in html
    assert html.count("値なし</span>") == 1
    assert "開業率：2021年は6.12所。廃業率：" in html

"""Where an indicator stands, as properties: exact, mirrored for lower-is-better, blank never 0, order without meaning."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.enums import Operator, Progress, Reference, ScaleFormula, TargetKind, Toward
from indicators.rules import Course, Definition, Figure, Target, read_scale, roll_up, scale_data, stand
from indicators.rules.judging import value_of
from indicators.rules.scales import Grade, Scale, grade, percent, share, share_of_text

MIRROR = {
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.ABOVE: Operator.BELOW,
    Operator.BELOW: Operator.ABOVE,
}
SCALE = Scale(
    "達成度の3段階", True, ScaleFormula.ATTAINMENT,
    (Grade(Fraction(1), "達成"), Grade(Fraction(1, 2), "順調")), "遅れ",
)  # fmt: skip
values = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
operators = st.sampled_from(list(Operator))


@st.composite
def targets(draw: st.DrawFn) -> Target:
    kind = draw(st.sampled_from(list(TargetKind)))
    value = draw(values) if kind is TargetKind.THRESHOLD else None
    reference = draw(st.sampled_from(list(Reference))) if kind is TargetKind.DIRECTION else None
    return Target(kind, draw(operators), value, reference)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    years = draw(st.lists(st.integers(2021, 2040), unique=True, max_size=5))
    figures = tuple(Figure(year, year, draw(st.none() | values), "調査なし") for year in years)
    target = draw(targets())
    other: tuple[Figure, ...] = ()
    if target.kind is TargetKind.COMPARE:
        chosen = draw(st.lists(st.sampled_from([2020, *years]), unique=True))
        other = tuple(Figure(year, year, draw(st.none() | values)) for year in chosen)
    return Course(target, Figure(2020, 2020, draw(values)), figures, 2034, 2034, "件", (), other, "相手")


def negated(figure: Figure) -> Figure:
    return replace(figure, value=None if figure.value is None else -figure.value)


@given(courses())
def test_lower_is_better_is_the_mirror_of_higher_is_better(course: Course) -> None:
    target = course.target
    mirrored = replace(
        course,
        target=replace(
            target, operator=MIRROR[target.operator], value=None if target.value is None else -target.value
        ),
        baseline=negated(course.baseline),
        figures=tuple(map(negated, course.figures)),
        other=tuple(map(negated, course.other)),
    )
    one, two = stand(course, SCALE), stand(mirrored, SCALE)
    assert (one.judgement.progress, one.movement, one.is_missed) == (
        two.judgement.progress, two.movement, two.is_missed,
    )  # fmt: skip
    assert (one.graded.label if one.graded else None) == (two.graded.label if two.graded else None)


@given(courses(), st.randoms(use_true_random=False))
def test_the_order_of_figures_says_nothing(course: Course, chance: random.Random) -> None:
    figures, other = list(course.figures), list(course.other)
    chance.shuffle(figures)
    chance.shuffle(other)
    assert stand(replace(course, figures=tuple(figures), other=tuple(other)), SCALE) == stand(course, SCALE)


@given(courses())
def test_not_measurable_is_never_a_value(course: Course) -> None:
    """A newer period without a value changes no judgement; 0 in its place is judged as 0."""
    blank = replace(course, figures=(*course.figures, Figure(2050, 2050, None, "調査なし")))
    before, after = stand(course, SCALE), stand(blank, SCALE)
    assert (after.latest, after.judgement.progress, after.movement) == (
        before.latest, before.judgement.progress, before.movement,
    )  # fmt: skip
    assert "2050年は測定できなかった" in after.judgement.sentence
    assert "2050年は測定できなかった" not in before.judgement.sentence
    zero = stand(replace(course, figures=(*course.figures, Figure(2050, 2050, Decimal(0)))))
    assert zero.latest.value == 0


@given(courses())
def test_every_judgement_is_one_sentence(course: Course) -> None:
    sentence = stand(course, SCALE).judgement.sentence
    assert sentence.count("。") == 1
    assert sentence.endswith("。")


@given(courses())
def test_what_cannot_be_compared_is_not_judged(course: Course) -> None:
    figures = (*course.figures, Figure(2050, 2050, Decimal(10**10), definition=2))
    new = Definition(2, 2050, is_comparable=False)
    found = stand(replace(course, figures=figures, definitions=(new,)), SCALE)
    assert found.judgement.progress is Progress.UNKNOWN
    assert found.graded is None
    assert not found.is_missed
    if course.target.kind is not TargetKind.COMPARE:
        assert found.movement is Toward.UNKNOWN


@given(courses())
def test_missed_is_said_only_of_the_targets_year(course: Course) -> None:
    found = stand(course)
    assert found.is_missed is (
        found.judgement.progress is Progress.NOT_MET and found.judged.end >= course.target_end
    )


@given(values, values, values, st.decimals(min_value=0, max_value=1000, places=2))
def test_a_better_value_never_gets_a_lower_grade(
    baseline: Decimal, aim: Decimal, value: Decimal, more: Decimal
) -> None:
    higher = aim > baseline
    operator = Operator.AT_LEAST if higher else Operator.AT_MOST
    order = ["遅れ", "順調", "達成"]

    def label(now: Decimal) -> str | None:
        target = Target(TargetKind.THRESHOLD, operator, aim)
        course = Course(target, Figure(2020, 2020, baseline), (Figure(2025, 2025, now),), 2034, 2034)
        graded = stand(course, SCALE).graded
        return graded.label if graded else None

    first, second = label(value), label(value + more if higher else value - more)
    assert (first is None) is (second is None) is (aim == baseline)
    if first and second:
        assert order.index(second) >= order.index(first)


@given(values, values, values)
def test_shares_are_exact(baseline: Decimal, aim: Decimal, value: Decimal) -> None:
    facts: dict[str, Any] = {
        "value": value,
        "baseline": baseline,
        "target": aim,
        "higher_is_better": aim > baseline,
    }
    found = share(ScaleFormula.ATTAINMENT, **facts)
    assert (found is None) is (aim == baseline)
    if found is not None:
        assert Fraction(baseline) + found * (Fraction(aim) - Fraction(baseline)) == Fraction(value)
        assert share(ScaleFormula.PACE, **facts, passed=5, whole=10) == found * 2
        assert share(ScaleFormula.PACE, **facts, passed=0, whole=10) is None


@given(st.lists(courses(), max_size=6))
def test_a_roll_up_counts_every_indicator_once(rows: list[Course]) -> None:
    found = roll_up(map(stand, rows))
    assert found.total == len(rows)
    assert found.nearer + found.same + found.farther + found.unmoved == len(rows)
    assert found.sentence.endswith("。")


def test_an_indicator_is_compared_on_the_period_both_have() -> None:
    """開業率 of a newer period is not held against 廃業率 of an older one."""
    course = Course(
        Target(TargetKind.COMPARE, Operator.ABOVE), Figure(2016, 2021, Decimal("6.12")),
        (Figure(2022, 2026, Decimal("6.5")),), 2031, 2034, "%", (), (Figure(2016, 2021, Decimal("6.21")),), "廃業率",
    )  # fmt: skip
    found = stand(course)
    assert found.judgement.progress is Progress.NOT_MET
    assert found.judgement.sentence == (
        "2022～2026年は廃業率の値がまだないため、両方の値がある期間で比べると、最新の値（2016～2021年）は6.12%、"
        "目標は廃業率の6.21%を上回ることなので、目標に届いていません（差は0.09ポイント）。"
    )
    both = replace(course, other=(*course.other, Figure(2022, 2026, Decimal("6.4"))))
    assert stand(both).judgement.progress is Progress.MET
    assert stand(both).movement is Toward.NEARER


def test_the_sentence_names_scale_share_and_grade() -> None:
    target = Target(TargetKind.THRESHOLD, Operator.AT_LEAST, Decimal(3900))
    course = Course(
        target, Figure(2021, 2021, Decimal(3603)), (Figure(2026, 2026, Decimal(3700)),), 2034, 2034, "事業所"
    )
    assert stand(course, SCALE).judgement.sentence == (
        "最新の値（2026年）は3,700事業所、目標は3,900事業所以上なので、目標に届いていません（差は200事業所）"
        "（「達成度の3段階」では約32.7%で、50%に届かない「遅れ」です）。"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("80%", Fraction(4, 5)), ("0.8", Fraction(4, 5)), ("４／５", Fraction(4, 5)), ("−10%", Fraction(-1, 10)),
     ("33.3％", Fraction(333, 1000))],
)  # fmt: skip
def test_shares_as_people_type_them(text: str, expected: Fraction) -> None:
    assert share_of_text(text) == expected


@pytest.mark.parametrize("text", ["", "8割", "1/0", "1/00", "八十%", "80%%", "1e3"])
def test_other_shares_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="読み取れません"):
        share_of_text(text)


@pytest.mark.parametrize(
    ("grades", "below", "words"),
    [
        ([], "遅れ", "段階は1つから"), ([("50%", "順調"), ("80%", "達成")], "遅れ", "割合の大きいものから"),
        ([("50%", "順調"), ("1/2", "達成")], "遅れ", "割合の大きいものから"), ([("50%", "順調")], "", "段階の名前"),
        ([("50%", "順調")], "順調", "それぞれ別"), ([("50%", "順" * 31)], "遅れ", "30文字まで"),
    ],
)  # fmt: skip
def test_scales_that_say_nothing_clear_are_refused(
    grades: list[tuple[str, str]], below: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        scale_data(name="物差し", own=False, formula="ratio", grades=grades, below=below)


def test_a_scale_survives_its_json() -> None:
    data = scale_data(
        name="物差し", own=True, formula="pace", grades=[("100%", "達成"), ("80%", "順調")], below="遅れ"
    )
    scale = read_scale(data)
    assert scale is not None
    assert (scale.own, scale.formula) == (True, ScaleFormula.PACE)
    assert [row.at_least for row in scale.grades] == [1, Fraction(4, 5)]
    assert grade(scale, Fraction(4, 5)).label == "順調"
    assert grade(scale, Fraction(79, 100)).label == "遅れ"
    assert read_scale({}) is None
    with pytest.raises(ValueError, match="形が正しくありません"):
        read_scale({"name": "x"})


def test_the_ratio_of_a_lower_is_better_figure_is_turned_round() -> None:
    facts = {"value": Decimal(50), "baseline": Decimal(100), "target": Decimal(40)}
    assert share(ScaleFormula.RATIO, **facts, higher_is_better=False) == Fraction(4, 5)
    assert share(ScaleFormula.RATIO, **facts, higher_is_better=True) == Fraction(5, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3,700", "3700"), ("０", "0"), ("△1,312", "-1312"), ("−0.5", "-0.5"), ("99.5", "99.5"), ("  ", None)],
)
def test_figures_as_people_type_them(text: str, expected: str | None) -> None:
    assert value_of(text) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("text", ["約3,700", "1,23", "3.70001", "1" * 17, "--1", "1e3", "不明"])
def test_other_figures_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="読み取れません"):
        value_of(text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Fraction(4, 5), "80%"),
        (Fraction(1, 3), "約33.3%"),
        (Fraction(-1, 10), "−10%"),
        (Fraction(0), "0%"),
        (Fraction(1, 10**6), "約0%"),
    ],
)
def test_percentages_say_when_they_are_rounded(value: Fraction, words: str) -> None:
    assert percent(value) == words

"""Which themes marks mean when columns slip: put back where one answer remains, doubted where two do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.importing.columns import Grid, Marks, Placed, grid, place

GRID = Grid(columns=(3, 4, 5), names=("みず", "まなび", "ぼうさい"), width=6, title_column=1, trimmed=False)
NOTHING: frozenset[tuple[int, ...]] = frozenset()


def placed(
    columns: tuple[int, ...], width: int = 6, title: int = 1, index: frozenset[tuple[int, ...]] = NOTHING
) -> Placed:
    return place(Marks(columns, width, title), GRID, index)


@pytest.mark.parametrize(
    ("columns", "width", "title", "themes"),
    [
        ((), 9, 1, ()),
        ((3, 5), 6, 1, (0, 2)),
        ((4, 5, 6), 7, 1, (0, 1, 2)),  # one more column before the marks
        ((6,), 7, 1, (2,)),
        ((5, 6), 7, 2, (1, 2)),  # one more before the name moves everything behind it
        ((4, 5), 7, 2, (0, 1)),
        ((3, 5, 6), 7, 1, (0, 1, 2)),  # one more between the marks
        ((2, 3, 4), 5, 1, (0, 1, 2)),  # one lost before the marks
    ],
)
def test_one_answer(columns: tuple[int, ...], width: int, title: int, themes: tuple[int, ...]) -> None:
    found = placed(columns, width, title)
    assert (found.themes, found.doubtful) == (themes, False)
    assert found.repaired == (width != 6 and bool(columns))


@pytest.mark.parametrize(("columns", "width"), [((4,), 5), ((4, 5), 7), ((5,), 7), ((9,), 6)])
def test_two_answers_or_none_are_doubted(columns: tuple[int, ...], width: int) -> None:
    assert placed(columns, width).doubtful


def test_the_index_decides_between_two_answers() -> None:
    assert placed((4,), 5, index=frozenset({(2,)})) == Placed((2,), repaired=True)
    assert placed((4,), 5, index=frozenset({(1,)})) == Placed((1,))
    assert placed((4,), 5, index=frozenset({(0,)})).doubtful


def test_a_narrow_row_of_a_trimmed_file_has_not_slipped() -> None:
    trimmed = Grid(GRID.columns, GRID.names, 6, 1, trimmed=True)
    assert place(Marks((4,), 5, 1), trimmed, NOTHING) == Placed((1,))


@given(st.sets(st.integers(0, 2)), st.integers(1, 3))
def test_columns_put_in_before_the_name_are_always_taken_out(themes: set[int], more: int) -> None:
    columns = tuple(sorted(3 + theme + more for theme in themes))
    assert placed(columns, 6 + more, 1 + more).themes == tuple(sorted(themes))


@given(st.sets(st.integers(0, 2), min_size=1), st.integers(1, 2), st.integers(0, 3))
def test_a_result_is_right_or_doubted(themes: set[int], more: int, at: int) -> None:
    """Columns put in anywhere: a sure answer is never a wrong one."""
    columns = tuple(3 + theme + (more if theme >= at else 0) for theme in sorted(themes))
    found = placed(columns, 6 + more)
    assert found.doubtful or found.themes == tuple(sorted(themes))


def test_the_shape_is_what_most_sheets_share() -> None:
    heads = [((3, 4), ("みず", "まなび"))] * 3 + [
        ((4, 5), ("みず", "まなび")),
        ((3,), ("みずまなび",)),
        ((), ()),
    ]
    rows = [Marks((3,), 5, 1)] * 3 + [Marks((5,), 6, 2)]
    assert grid(heads, rows, trimmed=False) == Grid((3, 4), ("みず", "まなび"), 5, 1, trimmed=False)
    assert grid([], [], trimmed=False).columns == ()

"""States, notes, breadcrumbs, facts, steps and page links."""

import pytest
from django.core.paginator import Paginator

from core.icons import ICONS, icon
from tests.core.ui.rendering import render

EVIL = '<script>alert("1")</script>'
SOURCES = [
    "{% badge evil %}",
    "{% tag evil %}",
    "{% level evil %}",
    '{% level "national" label=evil %}',
    "{% phone evil %}",
    "{% external_link evil evil %}",
    "{% external_link link evil %}",
    "{% crumbs evil evil evil %}",
    '{% notice "info" evil %}{{ evil }}{% endnotice %}',
    "{% empty_state evil %}{{ evil }}{% endempty_state %}",
    "{% table_scroll evil %}{{ evil }}{% endtable_scroll %}",
    "{% table_caption evil unit=evil note=evil %}",
    "{% facts rows %}",
    "{% stepper steps %}",
    "{{ evil|known }}",
    "{{ evil|number }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_text_from_people_is_escaped(source: str) -> None:
    html = render(
        source,
        evil=EVIL,
        rows=[(EVIL, EVIL)],
        steps=[{"label": EVIL, "detail": EVIL, "state": "now"}],
        link="https://example.jp/?a=<b>",
    )
    assert "<script" not in html
    assert "?a=<b>" not in html
    assert "&lt;" in html


@pytest.mark.parametrize(
    ("tone", "shape"),
    [("good", "dot"), ("warn", "triangle"), ("bad", "diamond"), ("info", "half"), ("neutral", "ring")],
)
def test_a_state_is_word_shape_and_colour(tone: str, shape: str) -> None:
    html = render("{% badge '受付中' tone %}", tone=tone)
    assert f"badge--{tone}" in html
    assert str(icon(shape)) in html
    assert html.endswith("受付中</span>")


def test_a_state_may_have_its_own_shape() -> None:
    assert str(icon("check")) in render("{% badge '完了' 'good' icon='check' %}")


def test_an_unknown_tone_or_drawing_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        render("{% badge 'x' 'purple' %}")
    with pytest.raises(KeyError, match="no drawing"):
        icon("unicorn")


def test_drawings_are_silent_and_take_the_colour_of_the_text() -> None:
    for name in ICONS:
        html = str(icon(name))
        assert 'aria-hidden="true"' in html
        assert 'focusable="false"' in html
        assert "currentColor" in html
        assert "style=" not in html


@pytest.mark.parametrize(
    ("value", "word"),
    [("national", "国"), ("ministry", "国"), ("metropolitan", "都"), ("municipal", "市町村"), ("村", "村")],
)
def test_levels(value: str, word: str) -> None:
    assert f">{word}</span>" in render("{% level value %}", value=value)


def test_fictional_mark_only_where_something_was_made_up() -> None:
    assert "【架空】" in render("{% fictional %}")
    assert render("{% fictional flag %}", flag=False) == ""


def test_phone_numbers_can_be_called() -> None:
    assert 'href="tel:0353882443"' in render("{% phone '03-5388-2443' %}")
    assert "href" not in render("{% phone '内線 1234' %}")


def test_external_links_say_so_and_take_no_script_address() -> None:
    html = render("{% external_link 'https://www.metro.tokyo.lg.jp/' '東京都' %}")
    assert 'rel="external noreferrer"' in html
    assert "（外部サイト）" in html
    assert "href" not in render("{% external_link 'javascript:alert(1)' '押す' %}")


def test_crumbs_begin_at_home_and_end_at_the_page() -> None:
    html = render("{% crumbs '募集' '/calls/' '第1次募集' %}")
    assert html.index("はじめ") < html.index('href="/calls/"') < html.index('aria-current="page">第1次募集')
    with pytest.raises(ValueError, match="the page itself"):
        render("{% crumbs '募集' '/calls/' %}")


def test_notice_speaks_only_when_asked_to() -> None:
    assert "role=" not in render("{% notice 'warn' '題' %}文{% endnotice %}")
    html = render("{% notice 'bad' '題' role='alert' %}<p>文</p>{% endnotice %}")
    assert 'role="alert"' in html
    assert "<p>文</p>" in html
    assert "note--bad" in html


def test_empty_state_has_a_heading_and_the_cure() -> None:
    html = render("{% empty_state 'ありません' %}<p>条件を外す</p>{% endempty_state %}")
    assert '<p class="t">ありません</p><p>条件を外す</p>' in html


def test_facts_say_what_is_missing_and_keep_zero() -> None:
    html = render("{% facts rows %}", rows=[("空", ""), ("無", None), ("零", 0)])
    assert html.count("記載なし") == 2
    assert "<dd>0</dd>" in html
    assert render("{% facts rows %}", rows=[]) == ""


def test_wide_tables_can_be_reached_by_keyboard() -> None:
    html = render("{% table_scroll '予算の表' %}<table></table>{% endtable_scroll %}")
    assert 'tabindex="0"' in html
    assert 'aria-label="予算の表"' in html
    assert 'role="region"' in html


def test_caption_carries_the_unit() -> None:
    assert "単位：千円" in render("{% table_caption '予算' unit='千円' %}")
    assert "単位" not in render("{% table_caption '予算' %}")


def test_steps_are_said_not_only_drawn() -> None:
    steps = [{"label": "作成中", "state": "done"}, {"label": "審査中", "state": "now"}, {"label": "結果"}]
    html = render("{% stepper steps %}", steps=steps)
    assert html.count('aria-current="step"') == 1
    assert "済み：</span>作成中" in html
    assert "いま：</span>審査中" in html
    assert "これから：</span>結果" in html
    with pytest.raises(ValueError, match="state"):
        render("{% stepper steps %}", steps=[{"label": "x", "state": "maybe"}])


class TestPager:
    """Links to the other pages."""

    def test_keeps_every_other_part_of_the_query(self) -> None:
        page = Paginator(range(95), 20).page(2)
        html = render("{% pager page %}", "/programs/?search=空き家&theme=a&theme=b&page=2", page=page)
        assert "search=%E7%A9%BA%E3%81%8D%E5%AE%B6&amp;theme=a&amp;theme=b&amp;page=3" in html
        assert "page=2&amp;page" not in html

    def test_marks_the_page_and_counts_what_is_left(self) -> None:
        html = render("{% pager page %}", page=Paginator(range(95), 20).page(4))
        assert 'href="?page=4" aria-current="page"' in html
        assert "前の20件" in html
        assert "次の15件" in html

    def test_ends_have_no_link_beyond(self) -> None:
        paginator = Paginator(range(40), 20)
        assert "前の" not in render("{% pager page %}", page=paginator.page(1))
        assert "次の" not in render("{% pager page %}", page=paginator.page(2))

    def test_one_page_needs_no_links(self) -> None:
        assert render("{% pager page %}", page=Paginator(range(3), 20).page(1)) == ""

    def test_leaves_out_far_pages(self) -> None:
        html = render("{% pager page %}", page=Paginator(range(400), 20).page(10))
        assert html.count("…") == 2
        assert 'href="?page=20"' in html
        assert 'href="?page=5"' not in html

    def test_other_parameter(self) -> None:
        html = render("{% pager page parameter='p' %}", "/?page=9", page=Paginator(range(40), 20).page(1))
        assert 'href="?page=9&amp;p=2"' in html


def test_query_changes_and_removes() -> None:
    html = render("{% query theme='移住' page=None %}", "/?search=x&page=3")
    assert "page" not in html
    assert "search=x" in html
    assert "theme=%E7%A7%BB%E4%BD%8F" in html


def test_without_takes_out_one_value_and_returns_to_the_first_page() -> None:
    address = "/?theme=a&theme=b&page=3&search=x"
    assert render("{% without 'theme' 'a' %}", address) == "?search=x&amp;theme=b"
    assert render("{% without 'theme' %}", address) == "?search=x"

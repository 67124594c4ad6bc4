"""Folding, bigrams, Japanese dates, counting characters."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import text, wareki

# What municipal texts are made of: kanji, both kana, half-width kana, digits of both widths, spaces, marks.
japanese = st.text(
    st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA0),
        st.characters(min_codepoint=0x3041, max_codepoint=0x3096),
        st.characters(min_codepoint=0x30A1, max_codepoint=0x30FA),
        st.characters(min_codepoint=0xFF21, max_codepoint=0xFF5A),
        st.sampled_from("ーヶ檜﨑髙〜～－−０９①㈱㎡・（）「」、。 　abcXYZ019"),
    ),
    max_size=60,
)
days = st.dates(min_value=date(1873, 1, 1), max_value=date(2117, 12, 31))


# --- Folding --------------------------------------------------------------------------------------------


@given(st.text())
@example("か\u309b")
@example("わ\u3099")
@example("ﾀﾞ\u3099")
@example("ſ\u0345İ")
@example("\ufdfa\u1e9e")
def test_folding_twice_changes_nothing(written: str) -> None:
    once = text.fold(written)
    assert text.fold(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾀﾏ産業", "たま産業"),
        ("ｶﾞｲﾄﾞ", "がいど"),
        ("か゛いと゛", "ガイド"),
        ("ＤＸ推進", "dx推進"),
        ("青ヶ島村", "青ケ島村"),
        ("檜原村", "桧原村"),
        ("髙﨑", "高崎"),
        ("葛\U000e0100飾区", "葛飾区"),
        ("２０２６～２７", "2026〜27"),
        ("０３－５３８８", "03−5388"),
        ("多摩\u3000島しょ\n連携", "多摩 島しょ 連携"),
        ("多\u200b摩", "多摩"),
        ("ゔ", "ヴ"),
    ],
)
def test_spellings_of_one_thing_fold_together(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("センター", "センタ-"), ("は", "ば"), ("つ", "っ"), ("一", "ー")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert text.fold(one) != text.fold(other)


@given(japanese, st.data())
def test_every_substring_of_two_characters_is_found(written: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(written) - 2)))
    end = data.draw(st.integers(min(len(written), start + 2), len(written)))
    query = written[start:end]
    assert text.bigrams(query) <= text.bigrams(written)
    assert text.contains(written, query)


@given(st.text(max_size=40), st.data())
def test_every_substring_of_the_folded_text_is_found(written: str, data: st.DataObject) -> None:
    key = text.fold(written)
    start = data.draw(st.integers(0, len(key)))
    query = key[start : data.draw(st.integers(start, len(key)))]
    if unicodedata.combining((query or "x")[0]) == 0:
        assert text.bigrams(query) <= text.bigrams(written)
        assert text.contains(written, query)


def test_bigrams_do_not_cross_words_and_absent_words_are_not_found() -> None:
    assert text.bigrams("多摩 産業") == {"多摩", "産業"}
    assert text.bigrams("多") == frozenset()
    assert not text.contains("多摩産業振興", "摩振")
    assert not text.contains("産業多摩", "摩産")
    assert text.contains("多摩地域の産業振興", "産業　多摩")


def test_one_line_and_unstorable() -> None:
    assert text.one_line("件名\r\nBcc: x@example.jp\t\x07終\u2028わり") == "件名 Bcc: x@example.jp 終 わり"
    assert text.unstorable("𠮷野家 葛\U000e0100\n") == ""
    assert "NUL" in text.unstorable("a\x00b")
    assert "壊れた文字" in text.unstorable("a\ud83db")


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("", 0),
        ("東京都", 3),
        ("𠮷野家", 3),
        ("葛\U000e0100飾", 2),
        ("か\u3099き", 2),
        ("ｶﾞ", 1),
        ("👨‍👩‍👧", 1),
        ("👍🏽", 1),
        ("🇯🇵🇫🇷", 2),
        ("🇯🇵🇫", 2),
        ("\r\n", 1),
        ("a\r\nb\n", 4),
        ("각", 1),
        ("\u0301", 1),
        ("⚠️", 1),
        ("①㈱", 2),
    ],
)
def test_characters_are_counted_as_people_see_them(written: str, count: int) -> None:
    assert text.grapheme_length(written) == count


@given(japanese)
def test_plain_japanese_counts_by_code_point(written: str) -> None:
    assert text.grapheme_length(written) == len(written)


# --- 和暦 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(2026, 10, 26), "令和8年10月26日"),
        (date(2028, 2, 29), "令和10年2月29日"),
    ],
)
def test_era_boundaries(day: date, shown: str) -> None:
    assert text.wareki(day) == shown
    assert text.parse_date(shown) == day


def test_dates_before_the_solar_calendar_have_no_era_date() -> None:
    with pytest.raises(ValueError, match="暦が異なる"):
        text.wareki(date(1872, 12, 31))
    with pytest.raises(ValueError, match="明治6年1月1日以後"):
        text.parse_date("明治5年12月2日")


def test_shown_forms() -> None:
    day = date(2026, 10, 26)
    assert text.long_date(day) == "令和8年（2026年）10月26日（月）"
    assert text.short_date(day) == "R8.10.26"
    assert text.wareki_year(2019) == "令和元年"


@given(days)
def test_every_form_shown_is_read_back(day: date) -> None:
    full_width = str.maketrans("0123456789./", "０１２３４５６７８９．／")
    forms = [
        text.wareki(day),
        text.long_date(day),
        text.short_date(day),
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    for form in forms:
        assert text.parse_date(form) == day
        assert text.parse_date(f" {form.translate(full_width)} ") == day


@pytest.mark.parametrize(
    "written",
    ["R8.4.1", "ｒ８．４．１", "令和8年4月1日", "令和 8 年 4 月 1 日", "2026/4/1", "２０２６／０４／０１", "2026-04-01",
     "2026－4－1", "令和八年四月一日", "㋿8年4月1日", "R8/4/1", "2026年4月1日（水）", "令和8年4月1日 水曜日"],
)  # fmt: skip
def test_accepted_spellings(written: str) -> None:
    assert text.parse_date(written) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("written", "day"),
    [("令和元年5月1日", date(2019, 5, 1)), ("R元.12.31", date(2019, 12, 31)), ("昭和六十四年一月七日", date(1989, 1, 7)),
     ("平成二十九年十二月三十一日", date(2017, 12, 31)), ("二〇二六年四月一日", date(2026, 4, 1))],
)  # fmt: skip
def test_first_years_and_kanji_numbers(written: str, day: date) -> None:
    assert text.parse_date(written) == day


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("", "のように入力"),
        ("あした", "のように入力"),
        ("2026/2/29", "月と日を確かめて"),
        ("R8.13.1", "月と日を確かめて"),
        ("2026/0/1", "月と日を確かめて"),
        ("令和八年十十月一日", "月と日を確かめて"),
        ("平成31年5月1日", "令和元年5月1日では"),
        ("令和元年4月30日", "平成31年4月30日では"),
        ("昭和64年1月8日", "平成元年1月8日では"),
        ("8.4.1", "元号を付けるか西暦4桁"),
        ("26/4/1", "元号を付けるか西暦4桁"),
        ("令和0年4月1日", "年が読み取れません"),
        ("令和8年（2025年）4月1日", "2026年"),
        ("2026年10月26日（火）", "月曜日です"),
        ("2026/4/1/2", "のように入力"),
        ("<script>" * 20, "のように入力"),
        ("9999999/1/1", "のように入力"),
    ],
)
def test_refusals_name_the_cure(written: str, cure: str) -> None:
    with pytest.raises(ValueError, match=cure) as caught:
        text.parse_date(written)
    assert len(str(caught.value)) < 120


@given(st.text())
def test_reading_anything_gives_a_date_or_a_japanese_refusal(written: str) -> None:
    message = ""
    try:
        text.parse_date(written)
    except ValueError as error:
        message = str(error)
    assert not message or any("\u3040" <= char <= "\u30ff" for char in message)


def test_eras_meet_without_gap() -> None:
    for later, earlier in zip(wareki.ERAS, wareki.ERAS[1:], strict=False):
        assert wareki.era_of(later.starts_on) is later
        assert wareki.era_of(later.starts_on - timedelta(days=1)) is earlier

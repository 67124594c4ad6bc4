"""Reading progress sheets from text: exact on a whole text, exact or doubted on a damaged one, nothing lost."""

import json
import random
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.enums import Operator, Reference, TargetKind
from indicators.importing import (
    CELLS,
    Reading,
    UnreadableSourceError,
    decode,
    preview,
    read,
    unaccounted,
)
from indicators.importing.figures import Aim, Baseline, aim, baseline, period
from indicators.importing.proof import _FORM
from indicators.importing.words import label_of, mark, number, numeral, references, sets_no_goal, year_label
from tests.indicators import sheet_texts as texts

ORDER = ["1", "2", "3", "4-1", "4-2", "5", "6"]


def measures(text: str) -> dict[str, dict[str, Any]]:
    """The measures of a text by number, with the proof that nothing was lost."""
    reading = read(text)
    assert unaccounted(reading) == []
    rows = preview(reading)["measures"]
    assert [row["number"] for row in rows] == ORDER
    return {row["number"]: row for row in rows}


def expected(sheet: texts.Sheet) -> dict[str, Any]:
    units = [sheet.unit, *(["水辺の会"] if "水辺の会" in sheet.listed else [])]
    year = {"content": sheet.content, "goal": sheet.goal, "result": sheet.result, "issues": sheet.issues}
    return {
        "number": texts.number_of(sheet), "branch": sheet.mark, "title": sheet.title,
        "direction": texts.DIRECTIONS[sheet.direction], "policy": sheet.policy, "outlook": sheet.outlook,
        "themes": [texts.THEMES[theme] for theme in sheet.themes], "departments": units,
        "refers_to": "6" if "再掲" in sheet.content else None, "overview": sheet.overview,
        "years": {"2028": year, "2029": dict.fromkeys(CELLS, "")},
    }  # fmt: skip


def narrow(value: Any) -> str:
    """One width, so that a text in full width is compared by what it says."""
    return unicodedata.normalize("NFKC", json.dumps(value, ensure_ascii=False))


def kinds(reading: Reading) -> list[str]:
    return [row.kind for row in reading.doubts]


def test_every_cell_of_every_sheet_is_exact() -> None:
    rows = measures(texts.whole())
    for sheet in texts.SHEETS:
        assert rows[texts.number_of(sheet)] == expected(sheet)


def test_plan_and_indicators_are_as_printed() -> None:
    data = preview(read(texts.whole()))
    assert data["plan"] == {
        "title": "あさぎり市水辺まなび計画", "goal": "川と人が 教えあうまち", "directions": list(texts.DIRECTIONS),
        "themes": list(texts.THEMES), "years": [2028, 2029],
    }  # fmt: skip
    assert data["indicators"] == [
        {
            "name": name,
            "direction": texts.DIRECTIONS[direction],
            "unit": unit,
            "baseline": base,
            "target": target,
        }
        for (name, direction, base, _, target, _), unit in zip(
            texts.INDICATORS, ("人", "戸", "%"), strict=True
        )
    ]
    assert list(data) == ["plan", "indicators", "measures", "repairs", "doubts"]


def test_a_whole_text_leaves_no_doubt_and_lists_its_repairs() -> None:
    reading = read(texts.whole())
    assert reading.doubts == ()
    found = {(row.kind, row.sheet, row.before, row.after) for row in reading.repairs}
    assert ("digits", "1", "O1", "01") in found
    assert ("numeral", "1", "I", "Ⅰ") in found
    assert ("and_others", "5", "など", "") in found
    assert ("unit_from_index", "4-1", "", "水辺の会") in found
    assert ("markup", "3", "<p>", "") in found
    assert [row.sheet for row in reading.repairs if row.kind == "unclosed_list"] == ["1", "4-1", "5"]
    lines = texts.whole().split("\n")
    assert all(row.before in lines[row.line - 1] for row in reading.repairs if row.kind == "digits")


@pytest.mark.parametrize("seed", range(5))
def test_reordered_sheets_come_out_in_order(seed: int) -> None:
    rows = measures(texts.reordered(seed))
    assert [rows[texts.number_of(sheet)] for sheet in texts.SHEETS] == [expected(s) for s in texts.SHEETS]
    assert "order" in {row.kind for row in read(texts.reordered(seed)).repairs}


@pytest.mark.parametrize("seed", range(12))
def test_slipped_columns_are_put_back_or_doubted(seed: int) -> None:
    text = texts.slipped(seed)
    rows = measures(text)
    doubted = {(row.sheet, row.cell) for row in read(text).doubts}
    for sheet in texts.SHEETS:
        wanted, got = expected(sheet), rows[texts.number_of(sheet)]
        wrong = [name for name in wanted if got[name] != wanted[name]]
        assert wrong in ([], ["themes"])
        assert not wrong or (texts.number_of(sheet), "重点テーマ") in doubted


def test_full_width_says_the_same() -> None:
    rows = measures(texts.wide(texts.whole()))
    for sheet in texts.SHEETS:
        assert narrow(rows[texts.number_of(sheet)]) == narrow(expected(sheet))


def test_without_an_index_only_what_it_alone_says_is_missing() -> None:
    text = texts.whole(with_index=False)
    rows = measures(text)
    for sheet in texts.SHEETS:
        wanted = expected(sheet)
        wanted["departments"] = [sheet.unit]
        assert rows[texts.number_of(sheet)] == wanted
    assert kinds(read(text)) == ["missing_index"]


def test_misread_words_of_the_form_are_repaired_and_listed() -> None:
    text = texts.misread(texts.whole())
    assert measures(text) == measures(texts.whole())
    repairs = {(row.before, row.after) for row in read(text).repairs}
    assert {("判れた", "離れた"), ("向が良", "何が良"), ("事業慨要", "事業概要")} <= repairs


def test_another_section_is_doubted_and_harms_no_sheet() -> None:
    text = texts.interrupted()
    assert measures(text) == measures(texts.whole())
    doubts = [row.before for row in read(text).doubts]
    assert doubts == [line for line in texts.FOREIGN.replace("\t", "\n").split("\n") if line]


def test_a_cut_text_keeps_what_is_there_and_names_what_is_not() -> None:
    text = texts.whole()
    cut = text[: text.index("地図を使って") + 12]
    reading = read(cut)
    assert unaccounted(reading) == []
    last = reading.measures[-1]
    assert (last.number, last.overview, last.departments) == (
        "6",
        "地図を使って避難の道を確",
        ("危機管理課",),
    )
    assert last.years == {}
    missing = {(row.kind, row.cell) for row in reading.doubts if row.sheet == "6"}
    assert {
        ("cut_sentence", "事業概要"), ("missing_row", "課名等"), ("missing_row", "2028年度 事業内容"),
    } <= missing  # fmt: skip


def test_a_lost_sheet_is_named_by_the_index() -> None:
    reading = read(texts.whole(texts.SHEETS[:-1]))
    assert [(row.kind, row.before) for row in reading.doubts if row.kind == "sheet_missing"] == [
        ("sheet_missing", "06 防災の学び直し")
    ]
    assert ("reference", "2") in {(row.kind, row.sheet) for row in reading.doubts}


def test_tabs_that_a_scanner_lost() -> None:
    text = texts.whole()
    assert measures(
        text.replace("\t\t○\t○\n", "\t\t○○\n").replace("課名等\tみどり課", "課名等みどり課")
    ) == measures(text)
    assert measures(text.replace("水辺を守る\t拡充", "水辺を守る拡充")) == measures(text)
    joined = text.replace("R10年度 事業内容\t場所", "R10年度 事業内容 場所")
    assert measures(joined) == measures(text)
    assert "lost_tab" in {row.kind for row in read(joined).repairs}


def test_lines_of_one_cell_stay_together() -> None:
    text = texts.whole().replace("6校すべて", "6校\nすべて")
    assert measures(text)["4-2"]["years"]["2028"]["goal"] == "・6校\nすべてで行います。"


def test_a_sheet_that_differs_from_the_others_in_one_character_of_a_heading() -> None:
    sheet = texts.SHEETS[3]
    text = texts.whole().replace(
        f"方向性\tⅠ 水辺とくらすまち\t展望\t重点テーマ\t\n基本方針\t{sheet.policy}\t縮小",
        f"方向性\tⅠ 水辺とくらずまち\t展望\t重点テーマ\t\n基本方針\t{sheet.policy}\t縮小",
    )
    assert "くらずまち" in text
    assert measures(text)["4-1"]["direction"] == texts.DIRECTIONS[0]
    assert "misread_heading" in {row.kind for row in read(text).repairs}


def test_two_sheets_of_one_number_are_doubted_both_kept() -> None:
    reading = read(texts.whole((*texts.SHEETS, texts.SHEETS[0])))
    assert [row.number for row in reading.measures].count("1") == 2
    assert "repeated_sheet" in kinds(reading)


def test_differences_between_index_and_sheet_are_doubted() -> None:
    text = texts.whole().replace("05 夜の図書館\t\t\t\t図書館など", "05 夜の図書室\t\t○\t\t図書館など")
    found = {(row.kind, row.cell, row.sheet) for row in read(text).doubts}
    assert found == {("index_differs", "施策名", "5"), ("index_differs", "重点テーマ", "5")}


def test_a_target_in_another_unit_is_doubted_not_changed() -> None:
    reading = read(texts.whole().replace("15,000人以上", "15,000入以上"))
    assert reading.indicators[0].target == "15,000入以上 (令和13年度)"
    assert [(row.kind, row.after) for row in reading.doubts] == [
        ("unit_differs", "15,000人以上 (令和13年度)")
    ]


def test_a_slipped_row_of_the_table() -> None:
    text = texts.whole().replace("\t浸水した家の数\t", "\t\t浸水した家の数\t")
    assert preview(read(text))["indicators"] == preview(read(texts.whole()))["indicators"]
    assert "slipped_column" in {row.kind for row in read(text).repairs}


# --- Conservation -----------------------------------------------------------------------------------------

_NOISE = st.sampled_from(
    [*"\t\n 　O0○①②Ⅰ7年課<>()（）:：.-再掲", "方向性", "施策名", "R10年度", "</ul>", "&amp;", "進行管理表"]
)


@settings(max_examples=150)
@given(st.randoms(use_true_random=False), st.lists(_NOISE, max_size=8), st.integers(0, 6))
def test_nothing_is_lost_whatever_happens_to_the_text(
    rnd: random.Random, noise: list[str], cuts: int
) -> None:
    text = texts.whole()
    for word in noise:
        at = rnd.randrange(len(text))
        text = text[:at] + word + text[at:]
    for _ in range(cuts):
        at = rnd.randrange(len(text))
        piece = text[at : at + rnd.randrange(1, 120)]
        text = text.replace(piece, "", 1)
        if rnd.random() < 0.5:
            there = rnd.randrange(len(text))
            text = text[:there] + piece + text[there:]
    try:
        reading = read(text)
    except UnreadableSourceError:
        return
    assert unaccounted(reading) == []
    json.dumps(preview(reading))


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    try:
        reading = read(f"施策名\t01 名\n{text}")
    except UnreadableSourceError:
        return
    assert unaccounted(reading) == []


def test_the_proof_finds_what_is_lost() -> None:
    from dataclasses import replace

    whole = read(texts.whole())
    kept = next(span for span in whole.spans if span.key.endswith("/overview"))
    gone = replace(whole, spans=tuple(span for span in whole.spans if span is not kept))
    assert any("lost" in fault for fault in unaccounted(gone))
    assert any("overview" in fault for fault in unaccounted(gone))
    unlisted = replace(whole, repairs=())
    assert any(fault.startswith("repaired") for fault in unaccounted(unlisted))
    changed = replace(whole, measures=(replace(whole.measures[0], title="別の名"), *whole.measures[1:]))
    assert any("title" in fault for fault in unaccounted(changed))
    assert not _FORM.fullmatch("本文")


# --- Words, figures, files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "digits"),
    [("O1 名", "01"), ("０７　名", "07"), ("12名", "12"), ("l2 名", "12"), ("OA化の推進", None), ("名 1", None), ("OO 名", None)],
)  # fmt: skip
def test_numbers(text: str, digits: str | None) -> None:
    found = number(text)
    assert (found.digits if found else None) == digits


@pytest.mark.parametrize(
    ("text", "value", "sign"),
    [("Ⅲ 名", 3, "Ⅲ"), ("III 名", 3, "Ⅲ"), ("Ｉ　名", 1, "Ⅰ"), ("ll 名", 2, "Ⅱ"), ("2 名", 2, "2"), ("名", None, None)],
)  # fmt: skip
def test_numerals(text: str, value: int | None, sign: str | None) -> None:
    found = numeral(text)
    assert (found.value, found.sign) == (value, sign) if found else value is None


@pytest.mark.parametrize(
    ("text", "year", "cell"),
    [
        ("R7年度 事業内容", 2025, "content"), ("令和元年度 実施結果", 2019, "result"), ("Ｒ１０年度　以降の課題", 2028, "issues"),
        ("2027年度 ・目標 ・注力", 2027, "goal"), ("平成31年度 事業内客", 2019, "content"), ("R1O年度 事業内容", 2028, "content"),
        ("事業内容", None, None), ("R7年度の予算", None, None),
    ],
)  # fmt: skip
def test_labels_of_years(text: str, year: int | None, cell: str | None) -> None:
    found = year_label(text)
    assert (found.year, found.cell) == (year, cell) if found else year is None


def test_marks_references_and_missing_goals() -> None:
    assert [mark(name).signs if mark(name) else "" for name in ("催し④⑤", "催し (3)", "催し")] == [
        "④⑤",
        "③",
        "",
    ]  # type: ignore[union-attr]
    assert references("再掲 ※施策No.25参照 施策No.7は別の主旨", "7") == ["25"]
    assert references("再掲 施策Ｎｏ．９を参照") == ["9"]
    assert references("施策No.9参照") == []
    assert references("（再掲）施策番号12-3に記載") == ["12-3"]
    assert sets_no_goal("検討段階であるため目標は設定しません。")
    assert not sets_no_goal("目標を下回りません。")
    assert label_of("方向性について述べる") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12,500人 (令和8年度)", Baseline(Decimal(12500), 2026, 2026)), ("6.12% (2016~2021年)", Baseline(Decimal("6.12"), 2016, 2021)),
        ("410人の流出過多 (2020年)", Baseline(Decimal(-410), 2020, 2020)), ("0件（R6年度）", Baseline(Decimal(0), 2024, 2024)),
        ("調査中", None), ("12人", None),
    ],
)  # fmt: skip
def test_baselines(text: str, wanted: Baseline | None) -> None:
    assert baseline(text) == wanted


PAIRS = [("転入率", "転入率が転出率を上回る (2031~2034年)"), ("転出率", "")]


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("数", "3戸以下 (令和13年度)", Aim(TargetKind.THRESHOLD, Operator.AT_MOST, 2031, 2031, value=Decimal(3))),
        ("数", "110% (2030年)", Aim(TargetKind.THRESHOLD, Operator.AT_LEAST, 2030, 2030, value=Decimal(110))),
        ("数", "流入過多を目指す (2030年)", Aim(TargetKind.DIRECTION, Operator.ABOVE, 2030, 2030, reference=Reference.ZERO)),
        ("数", "減少を目指す (2030年)", Aim(TargetKind.DIRECTION, Operator.BELOW, 2030, 2030, reference=Reference.BASELINE)),
        ("転入率", PAIRS[0][1], Aim(TargetKind.COMPARE, Operator.ABOVE, 2031, 2034, other="転出率")),
        ("転出率", "", Aim(TargetKind.COMPARE, Operator.BELOW, 2031, 2034, other="転入率")),
        ("数", "", None), ("数", "にぎわい (2030年)", None),
    ],
)  # fmt: skip
def test_targets(name: str, text: str, wanted: Aim | None) -> None:
    assert aim(text, name, PAIRS) == wanted


def test_periods() -> None:
    assert period("現状 (令和6～8年度)") == (2024, 2026)
    assert period("いつか") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_encodings_are_read_and_reported(encoding: str) -> None:
    decoded = decode(texts.whole().replace("\n", "\r\n").encode(encoding))
    reading = read(decoded.text, decoded.encoding)
    assert unaccounted(reading) == []
    assert [row.number for row in reading.measures] == ORDER
    assert ("encoding" in {row.kind for row in reading.repairs}) == (encoding != "utf-8")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空です"), (b" \n\t ", "空です"), (b"PK\x03\x04rest", "PDFかExcel"), (b"%PDF-1.7", "PDFかExcel"),
        (b"a\x00b", "制御文字"), (b"\x81\xff\xff", "1行目の文字を読めません"), (b"\xff\xfe \x00", "空です"),
    ],
)  # fmt: skip
def test_files_that_are_no_text_are_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableSourceError, match=said):
        decode(data)


def test_a_text_without_sheets_is_refused() -> None:
    with pytest.raises(UnreadableSourceError, match="1枚も見つかりません"):
        read("議事録\n\n本日の議題は次のとおりです。\n")

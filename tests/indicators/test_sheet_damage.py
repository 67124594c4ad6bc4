"""What scanners and hands do to progress sheets, one kind of damage at a time by seed, and each kind's own repair.

Every kind is tried twice: with its repair, which must bring the sheets back or doubt them, and with that repair taken
out, which must be noticed.
"""

import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from indicators.importing import agree, ledger, read, reading, sections, sheets, unaccounted, words
from indicators.importing.columns import Placed
from indicators.importing.words import ROMAN_SIGNS, Found
from tests.indicators import sheet_texts as texts
from tests.indicators.test_sheet_reading import expected, kinds, measures, narrow

SEEDS = range(4)


def same_as_whole(text: str) -> None:
    """Every sheet says what the undamaged text says."""
    rows = measures(text)
    assert [rows[texts.number_of(sheet)] for sheet in texts.SHEETS] == [expected(s) for s in texts.SHEETS]


def repaired(text: str, *wanted: str) -> None:
    """As whole, with these kinds of repair listed."""
    same_as_whole(text)
    assert set(wanted) <= {row.kind for row in read(text).repairs}


# --- The damages -------------------------------------------------------------------------------------------------


def reorder(rnd: random.Random) -> None:
    order = list(texts.SHEETS)
    while order == list(texts.SHEETS):
        rnd.shuffle(order)
    repaired(texts.whole(tuple(order)), "order")


def branch_too_early(rnd: random.Random) -> None:
    """As 11③ before 10: one branch of a number stands before a smaller number, or before its own first."""
    order = [sheet for sheet in texts.SHEETS if sheet.mark != "②"]
    order.insert(rnd.randrange(4), next(sheet for sheet in texts.SHEETS if sheet.mark == "②"))
    text = texts.whole(tuple(order))
    repaired(text, "order")


def slip(rnd: random.Random) -> None:
    text = texts.slipped(rnd.randrange(1_000))
    rows, doubted = measures(text), {(row.sheet, row.cell) for row in read(text).doubts}
    right = 0
    for sheet in texts.SHEETS:
        wanted, got = expected(sheet), rows[texts.number_of(sheet)]
        wrong = [name for name in wanted if got[name] != wanted[name]]
        assert wrong in ([], ["themes"])
        assert not wrong or (texts.number_of(sheet), "重点テーマ") in doubted
        right += not wrong
    assert right >= len(texts.SHEETS) - 2


def full_width(rnd: random.Random) -> None:
    lines = texts.whole().split("\n")
    dated = [at for at, line in enumerate(lines) if re.match(r"R1[01]年度|施策名|基本方針", line)]
    for at in rnd.sample(dated, 12):
        lines[at] = texts.wide(lines[at])
    rows = measures("\n".join(lines))
    for sheet in texts.SHEETS:
        assert narrow(rows[texts.number_of(sheet)]) == narrow(expected(sheet))


def cut(rnd: random.Random) -> None:
    text = texts.whole()
    at = rnd.randrange(text.index("地図を使って") + 3, text.index("講座を年に5回") - 30)
    found = read(text[:at])
    assert unaccounted(found) == []
    assert [row.number for row in found.measures][:-1] == ["1", "2", "3", "4-1", "4-2", "5"]
    assert ("missing_row", "2028年度 事業内容") in {
        (row.kind, row.cell) for row in found.doubts if row.sheet == "6"
    }


def no_index(rnd: random.Random) -> None:
    order = rnd.sample(texts.SHEETS, len(texts.SHEETS))
    text = texts.whole(tuple(order), with_index=False)
    rows = measures(text)
    for sheet in texts.SHEETS:
        assert rows[texts.number_of(sheet)] == {**expected(sheet), "departments": [sheet.unit]}
    assert kinds(read(text)) == ["missing_index"]


def other_section(rnd: random.Random) -> None:
    """A page of another chapter between the head of a sheet and its years."""
    text = texts.whole()
    at = rnd.choice([found.start() for found in re.finditer(r"(?m)^R10年度 事業内容", text)])
    damaged = f"{text[:at]}\n{texts.FOREIGN}\n{text[at:]}"
    same_as_whole(damaged)
    lines = [line for line in texts.FOREIGN.replace("\t", "\n").split("\n") if line]
    assert [row.before for row in read(damaged).doubts] == lines


def letters_for_digits(rnd: random.Random) -> None:
    text = texts.whole()
    for sheet in rnd.sample(texts.SHEETS, 3):
        seen = rnd.choice("OoQＯ") + (rnd.choice("Il|") if sheet.number == "1" else sheet.number)
        text = re.sub(rf"施策名\t[0O]{sheet.number} {sheet.title}", f"施策名\t{seen} {sheet.title}", text)
    repaired(text, "digits")


def two_alphabets(rnd: random.Random) -> None:
    parts = re.split(r"(?m)^(?=方向性\t[IⅠⅡ])", texts.whole())
    for at in rnd.sample(range(2, len(parts)), 4):
        one = rnd.choice("Ii")
        parts[at] = re.sub(
            r"^方向性\t([ⅠⅡ])", lambda found, one=one: f"方向性\t{one * (ROMAN_SIGNS.index(found[1]) + 1)}", parts[at]
        )  # fmt: skip
    repaired("".join(parts), "numeral")


def layouts(rnd: random.Random) -> None:
    text = texts.whole()
    for unit in {sheet.unit for sheet in texts.SHEETS}:
        way = rnd.choice((f"課名等\t{unit}", f"\t\t課名等\t{unit}", f"課名等 {unit}", f"課名等　　{unit}"))
        text = re.sub(rf"(?m)^\t*課名等[\t ]{re.escape(unit)}$", way, text)
    same_as_whole(text)
    assert read(text).doubts == ()


def open_lists(rnd: random.Random) -> None:
    text = texts.whole()
    chosen = rnd.sample([sheet for sheet in texts.SHEETS if "再掲" not in sheet.content], 3)
    for sheet in chosen:
        tag = rnd.choice(("<ul>", '<ol class="a">', "<UL>"))
        text = text.replace(f"\t{sheet.content}\n", f"\t{tag}{sheet.content}\n")
    same_as_whole(text)
    told = {(row.sheet, row.cell) for row in read(text).repairs if row.kind == "unclosed_list"}
    assert {(texts.number_of(sheet), "2028年度 事業内容") for sheet in chosen} <= told


# --- The repairs taken out ----------------------------------------------------------------------------------------


def never(*_: Any, **__: Any) -> None:
    return None


def whole_cell_only(text: str) -> Found | None:
    found = words.label_of.__wrapped__(text)
    return found if found and found.end == len(text) else None


class Kind(NamedTuple):
    """A damage with its checks, and the patch that takes its repair out."""

    check: Callable[[random.Random], None]
    module: Any
    name: str
    instead: Any


KINDS = {
    "reorder": Kind(reorder, reading, "_order", lambda _: (0, 0)),
    "11③ before 10": Kind(branch_too_early, reading, "_order", lambda _: (0, 0)),
    "slip": Kind(slip, agree, "place", lambda *_: Placed(())),
    "full width": Kind(full_width, words, "_PLAIN", {chr(code): chr(code) for code in range(0x110000)}),
    "cut": Kind(cut, reading, "_missing_of", never),
    "no index": Kind(no_index, reading, "_missing", never),
    "other section": Kind(other_section, sections, "_goes_on", never),
    "O1 for 01": Kind(letters_for_digits, words, "_DIGIT_LIKE", {}),
    "I and Ⅰ": Kind(two_alphabets, words, "_ROMAN", {}),
    "layouts": Kind(layouts, sheets, "label_of", whole_cell_only),
    "open lists": Kind(open_lists, ledger, "_lists", lambda _: 0),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_damage_is_repaired_or_doubted(name: str, seed: int) -> None:
    KINDS[name].check(random.Random(seed))


@pytest.mark.parametrize("name", KINDS)
def test_without_its_repair_the_damage_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS[name]
    monkeypatch.setattr(kind.module, kind.name, kind.instead)
    caches = (words.label_of, words.year_label)
    for cache in caches:
        cache.cache_clear()
    noticed = 0
    for seed in SEEDS:
        try:
            kind.check(random.Random(seed))
        except (AssertionError, KeyError, ValueError):
            noticed += 1
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()
    assert noticed

"""Words and phrases: synonyms widen words, phrases stand as typed, and nothing is lost by either."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core import clock
from core.text import fold
from programs.actions.indexing import refresh_all, synonym_groups, variants
from programs.actions.loading import load_reference
from programs.filters import CriteriaForm
from programs.models import Outcome, Program, Synonym
from programs.queries.search import as_typed, phrases, search, terms
from tests.conftest import REFERENCE
from tests.factories import programs as make

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    criteria = CriteriaForm(QueryDict(urlencode({"search": typed}))).criteria()
    return list(search(criteria, clock.now()).values_list("slug", flat=True))


@pytest.fixture
def vacant() -> None:
    Synonym.objects.create(slug="vacant-house", words=["空き家", "空家"])
    Synonym.objects.create(slug="dx", words=["DX", "デジタル化"])


# --- Phrases --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected", "literal"),
    [
        ("「空き家 改修」 移住", ("空キ家 改修", "移住"), ("空キ家 改修",)),
        ("『移住』", ("移住",), ("移住",)),
        ("｢移住｣", ("移住",), ("移住",)),
        ("“空き家　改修”", ("空キ家 改修",), ("空キ家 改修",)),
        ("＂移住＂ 観光", ("移住", "観光"), ("移住",)),
        ("移住「観光", ("移住「観光",), ()),
        ("「」", (), ()),
    ],
)
def test_quotes_of_every_kind(typed: str, expected: tuple[str, ...], literal: tuple[str, ...]) -> None:
    assert terms(typed) == expected
    assert phrases(typed) == literal


def test_a_phrase_stays_whole_and_literal(vacant: None) -> None:
    make.published(slug="with-kana", title="空き家の改修")
    make.published(slug="without", title="空家の改修")
    make.published(slug="apart", title="改修する空き家")
    assert set(found("空家")) == {"with-kana", "without", "apart"}
    assert found("「空家」") == ["without"]
    assert set(found('"空き家の改修"')) == {"with-kana"}
    assert set(found("空家の改修")) == {"with-kana", "without"}


def test_what_was_typed_is_known_by_its_folded_word() -> None:
    assert as_typed("ｲﾍﾞﾝﾄ 「空き家」")[fold("空き家")] == "空き家"


# --- Synonyms -------------------------------------------------------------------------------------------


def test_synonyms_work_both_ways_and_inside_longer_words(vacant: None) -> None:
    make.published(slug="a", title="空き家バンク")
    make.published(slug="b", title="空家対策計画")
    for typed in ("空き家", "空家"):
        assert set(found(typed)) == {"a", "b"}, typed
    assert found("空家バンク") == ["a"]
    assert found("空き家対策") == ["b"]
    assert found("空家　バンク") == ["a"]


def test_a_synonym_in_the_title_is_a_title_hit(vacant: None) -> None:
    make.published(slug="text", title="相談の窓口", summary="空家も扱います。", audience_scope="tama")
    make.published(slug="title", title="空き家の相談", level="national")
    assert found("空家") == ["title", "text"]


def test_latin_synonyms_stand_alone(vacant: None) -> None:
    make.published(slug="dx", title="DX推進")
    make.published(slug="word", title="INDEXの公開")
    assert found("デジタル化") == ["dx"]
    assert set(found("dx")) == {"dx"}
    assert "word" in found("ｉｎｄｅｘ")


def test_every_combination_is_written() -> None:
    groups = [("空キ家", "空家"), ("起業", "創業")]
    assert set(variants("空キ家デ起業", groups)) == {"空家デ起業", "空キ家デ創業", "空家デ創業"}
    assert list(variants("移住", groups)) == []


def test_the_printed_synonyms_find_each_other(reference: None) -> None:
    """For every group: whoever types one word finds all that holds any of them, in every text."""
    texts = dict(Program.objects.values_list("slug", "search_text"))
    groups = synonym_groups()
    assert len(groups) >= 15
    for words in groups:
        holding = {
            slug for slug, text in texts.items() if any(word in text for word in words if not word.isascii())
        }
        for word in words:
            assert holding <= set(found(word)), word


def test_every_title_and_summary_is_found_by_each_of_its_words(reference: None) -> None:
    """Recall over all titles and summaries: every two-character piece of a sample, every title as a whole."""
    for number, (slug, title, summary) in enumerate(
        Program.objects.order_by("slug").values_list("slug", "title", "summary")
    ):
        assert slug in found(f'"{title}"'), title
        start = (number * 7) % max(1, len(summary) - 2)
        piece = summary[start : start + 2]
        if piece.strip() and not set(piece) & set('"「」『』“”'):
            assert slug in found(piece), piece


def test_results_are_found_too() -> None:
    program = make.published(slug="fair", title="催しの制度")
    Outcome.objects.create(program=program, label="出展した事業者", fiscal_year=2025, value=3)
    program.milestones.create(text="海外での展示を始めた")
    program.years.create(fiscal_year=2026, note="対象を離島へ広げる")
    assert found("出展した") == []
    assert refresh_all() == 1
    assert found("出展した") == found("海外での展示") == found("離島へ広げる") == ["fair"]
    assert refresh_all() == 0


# --- Data -----------------------------------------------------------------------------------------------


@pytest.fixture
def edited(reference: None, tmp_path: Path) -> Path:
    """A copy of the fixtures with one more group of synonyms."""
    target = tmp_path / "reference"
    target.mkdir()
    for path in REFERENCE.iterdir():
        if path.name != "synonyms.json":
            (target / path.name).symlink_to(path)
    rows = json.loads((REFERENCE / "synonyms.json").read_text(encoding="utf-8"))
    rows.append({"slug": "new-group", "words": ["移住", "ほげほげ"]})
    (target / "synonyms.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return target


def test_loading_new_synonyms_renews_what_is_found(edited: Path) -> None:
    assert found("ほげほげ") == []
    report = load_reference(edited)
    assert (report.created, report.updated) == (1, 0)
    assert set(found("ほげほげ")) == set(found("移住")) != set()
    assert load_reference(edited).created == 0


@pytest.mark.parametrize("words", [[], ["空き家"], ["空き家", "空キ家"], ["空き家", "家"]])
def test_a_group_that_says_nothing_is_refused(words: list[str]) -> None:
    with pytest.raises(ValidationError, match="同義語"):
        Synonym(slug="x", words=words).clean()

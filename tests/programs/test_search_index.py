"""The index of two-character keys: it finds what reading every text would find, and is written with the text."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.text import bigram_keys, fold
from programs.actions.indexing import refresh_all
from programs.models import Program, ProgramIndex, Synonym
from programs.models.searching import TITLE, keys_of
from programs.models.searching_engine import install, present, size, taken_down
from programs.queries.integrity import search_index
from programs.queries.search import Criteria, search
from tests.factories import programs as make

pytestmark = pytest.mark.django_db


def found(*words: str, exact: tuple[str, ...] = ()) -> set[str]:
    return set(search(Criteria(words=words, exact=exact), clock.now()).values_list("slug", flat=True))


def held(program: Program, word: str, exact: tuple[str, ...]) -> bool:
    """What "occurs" means, said without an index."""
    return word in program.search_text or (word not in exact and word in program.search_synonyms)


# --- What is found ------------------------------------------------------------------------------------


def test_a_key_is_made_of_neighbours_that_are_no_spaces() -> None:
    assert bigram_keys("空家") == {"k7a7ax5bb6"}
    assert bigram_keys("a b\nc") == frozenset()
    assert bigram_keys("林") == bigram_keys("") == frozenset()
    assert bigram_keys("空家", TITLE).isdisjoint(bigram_keys("空家"))
    assert all(key.isascii() and key.isalnum() for key in bigram_keys("𠮷野家（%_'\"&|!:*）"))


def test_the_index_finds_what_reading_every_text_finds(reference: None) -> None:
    """Pieces of texts of every length, pairs that straddle two texts, phrases: neither more nor less."""
    programs = list(Program.objects.order_by("pk"))
    texts = [row.search_text for row in programs[::5]] + [row.search_synonyms for row in programs[::5]]

    @given(data=st.data())
    @settings(max_examples=100, derandomize=True)
    def check(data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(texts)).replace("\n", data.draw(st.sampled_from(["", "\n"]))) or "林"
        words: list[str] = []
        for _ in range(data.draw(st.integers(1, 3))):
            start = data.draw(st.integers(0, len(text) - 1))
            piece = fold(text[start : start + data.draw(st.sampled_from([1, 2, 2, 2, 3, 4, 9]))])
            words += [piece] if piece and data.draw(st.booleans()) else piece.split()
        exact = tuple(word for word in words if " " in word or data.draw(st.booleans()))
        expected = {row.slug for row in programs if all(held(row, word, exact) for word in words)}
        assert found(*words, exact=exact) == expected, (words, exact)

    check()


def test_signs_an_engine_could_read_as_its_own_language() -> None:
    make.published(slug="odd", title="「A&B」|!(x:*)'制度'\"50%_OFF\"\\ 𠮷𠮷")
    make.published(slug="even", title="ふつうの制度")
    for word in ("a&", "&b", "|!", ":*", "*)", "'制", '"5', "0%", "%_", "_o", "\\", "𠮷𠮷", "!(x:*)'"):
        assert found(fold(word)) == {"odd"}, word
    assert found("NOT", "制度") == found("or", "制度") == set()


def test_title_hits_come_first_for_words_of_every_length() -> None:
    make.published(slug="text", title="相談の窓口", summary="林の空き家を改修します。", audience_scope="tama")
    make.published(slug="title", title="林の空き家の改修", level="national")
    for words in (("林",), ("改修",), ("空キ家",), ("林", "空キ家", "改修")):
        rows = search(Criteria(words=words), clock.now()).values_list("slug", flat=True)
        assert list(rows) == ["title", "text"], words


# --- It is written with the text ------------------------------------------------------------------------


def test_saving_refreshing_and_deleting_write_the_index() -> None:
    program = make.draft(slug="one", title="空家の改修")
    assert ProgramIndex.objects.get().keys == keys_of(program)
    program.search_text = program.search_title = "移住ノ相談"
    program.save(update_fields=["search_text", "search_title"])
    assert Program.objects.filter(pk=program.pk).exists()
    assert not list(search_index())
    program.save(update_fields=["remarks"])
    Synonym.objects.create(slug="vacant-house", words=["空き家", "空家"])
    Program.objects.update(search_text="", search_synonyms="")
    assert refresh_all() == 1
    make.published(slug="two", title="空き家の相談")
    assert found("空キ家") == {"two"}
    assert not list(search_index())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM programs_programindex")  # by whatever means, the engine follows
    assert found("空キ家") == set()


def test_an_index_that_lost_a_program_is_noticed_and_rebuilt(reference: None) -> None:
    everything = found("支援")
    lost = Program.objects.filter(slug__in=everything).order_by("pk").first()
    assert lost is not None
    ProgramIndex.objects.filter(program=lost).delete()
    assert found("支援") == everything - {lost.slug}
    assert [line for line in search_index() if lost.slug in line]
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue().startswith("155 programs indexed")
    assert found("支援") == everything
    assert not list(search_index())
    assert size(connection) > 0


def test_installing_twice_changes_nothing_and_what_was_taken_down_comes_back() -> None:
    make.published(slug="one", title="空家の改修")
    install()
    with taken_down(connection):
        assert not present(connection)
    assert present(connection)
    assert found("空家") == {"one"}

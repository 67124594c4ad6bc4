"""What a process notes is there for others when it has ended, and only then."""

import os
from pathlib import Path

import pytest
from django.test import override_settings

from core import logbook
from core.logbook import Logbook


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> object:
    with override_settings(VAR_DIR=tmp_path):
        yield


def lines(mark: str) -> list[list[str]]:
    return [found for _, found in logbook.left(mark)]


def test_a_book_is_left_by_a_process_that_ends_and_not_by_one_that_writes() -> None:
    book = Logbook("aa-1")
    book.note("begun 1")
    book.note("sent 1")
    assert lines("aa") == []
    child = os.fork()
    if child == 0:  # another process: to it the writer's book is as good as left
        os._exit(0 if lines("aa") == [["begun 1", "sent 1"]] and lines("bb") == [] else 1)
    assert os.waitpid(child, 0)[1] == 0
    book.leave()
    assert lines("aa") == [["begun 1", "sent 1"]]
    logbook.drop("aa-1")
    assert lines("aa") == []


def test_a_dropped_book_leaves_nothing_and_an_empty_one_never_was(tmp_path: Path) -> None:
    book = Logbook("aa-2")
    book.drop()
    assert not (tmp_path / "logbooks").exists()
    book.note("begun 1")
    book.drop()
    assert list((tmp_path / "logbooks").iterdir()) == []


def test_a_line_cut_short_was_never_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk was full in the middle of it; nothing that follows can be taken for it."""
    book, write = Logbook("aa-3"), os.write
    book.note("begun 12")
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda descriptor, text: write(descriptor, text[:7]))
        with pytest.raises(OSError, match="cut short"):
            book.note("begun 345")
    with pytest.raises(OSError, match="cut short"):
        book.note("begun 6")
    book.leave()
    assert lines("aa") == [["begun 12"]]


def test_without_a_place_to_keep_it_the_writer_is_told(tmp_path: Path) -> None:
    (tmp_path / "logbooks").write_bytes(b"")
    with pytest.raises(OSError):
        Logbook("aa-4").note("begun 1")
    assert lines("aa") == []

"""A killed process is known to be dead at once; a living one and one of another machine are not."""

import os
import signal
from pathlib import Path

import pytest
from django.test import override_settings

from core import processes


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(processes, "_held", {})
    with override_settings(VAR_DIR=tmp_path):
        yield
    for descriptor in processes._held.values():
        os.close(descriptor)


def forked() -> tuple[int, str]:
    """A process that has its mark and waits; its number and the mark."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, processes.own_mark().encode())
        signal.pause()
        os._exit(0)
    mark = os.read(reader, processes.MARK_LENGTH).decode()
    os.close(reader)
    os.close(writer)
    return child, mark


def killed(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_the_mark_is_one_a_process_and_another_in_a_fork() -> None:
    own = processes.own_mark()
    assert processes.own_mark() == own
    child, mark = forked()
    assert mark != own
    assert list(processes.dead()) == []
    killed(child)


def test_a_killed_process_is_dead_once() -> None:
    child, mark = forked()
    assert list(processes.dead()) == []
    killed(child)
    assert list(processes.dead()) == [mark]
    assert list(processes.dead()) == []


def test_a_fork_does_not_keep_its_parent_alive(tmp_path: Path) -> None:
    """A worker's child outlives it for a moment; what the worker held is free all the same."""
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.write(writer, processes.own_mark().encode())
        grandchild, _ = forked()
        os.write(writer, f" {grandchild} ".encode())
        signal.pause()
        os._exit(0)
    mark, grandchild = "", ""
    while mark.count(" ") < 2:
        mark += os.read(reader, 100).decode()
    mark, grandchild = mark.split()
    killed(parent)
    try:
        assert list(processes.dead()) == [mark]
    finally:
        os.kill(int(grandchild), signal.SIGKILL)
        os.close(reader)
        os.close(writer)


def test_without_a_place_to_keep_it_there_is_a_mark_and_nobody_is_dead(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with override_settings(VAR_DIR=tmp_path / "file"):
        assert len(processes.own_mark()) == processes.MARK_LENGTH
        assert list(processes.dead()) == []
    processes._held.clear()

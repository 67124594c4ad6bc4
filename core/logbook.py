"""What a process does step by step, in lines that outlive kill -9, until the database knows it.

A commit for each step costs more than many a step itself. A line in a file of this machine costs microseconds, and the
kernel keeps it whatever becomes of the process. So a worker writes a line before and after each step, tells the
database about many at once and drops the book; whoever finds the book of a dead one tells what it says instead. Another
machine cannot read it, as it cannot know who lives (core.processes): there the lease decides.
Books lie below settings.VAR_DIR / "logbooks"; their names begin with the mark of their process.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

_open: Final[set[str]] = set()
"""Names of the books this process is writing: they are nobody's legacy yet."""


class Logbook:
    """The book of one piece of work. Nothing is written, not even a file, before the first line."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._descriptor: int | None = None
        self._torn = False

    def note(self, line: str) -> None:
        """Add a line. Raises OSError where it cannot be kept (disk full, no such place)."""
        if self._torn:
            raise OSError("a line before was cut short")
        if self._descriptor is None:
            _folder().mkdir(parents=True, exist_ok=True)
            _open.add(self._name)
            flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
            self._descriptor = os.open(_folder() / self._name, flags, 0o600)
        written = f"{line}\n".encode()
        if os.write(self._descriptor, written) != len(written):
            self._torn = True
            raise OSError("the line was cut short")

    def leave(self) -> None:
        """Stop writing; the book stays for `left`, as after a death."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        _open.discard(self._name)

    def drop(self) -> None:
        """The database knows it all."""
        if self._descriptor is not None:
            drop(self._name)
        self.leave()


def left(mark: str) -> Iterator[tuple[str, list[str]]]:
    """Names and lines of the books that a process has left behind, by its mark: all of a dead one, what failed of one's own."""
    for path in sorted(_folder().glob(f"{mark}*")) if _folder().is_dir() else ():
        if path.name not in _open:
            text = path.read_text(encoding="utf-8", errors="replace")
            yield path.name, text.split("\n")[:-1]  # a line without an end was never noted


def drop(name: str) -> None:
    """Forget a book; no error where it is gone."""
    (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "logbooks"


os.register_at_fork(after_in_child=_open.clear)

"""Progress on a terminal: one line per finished piece of work, with the time it took."""

import sys
import time
from typing import TextIO


class Console:
    """Writes `  topic         what happened        1.2 s`; flushes, so that a pipe shows it at once."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._since = time.monotonic()
        self._started = self._since

    def line(self, text: str = "") -> None:
        """One plain line."""
        self._out.write(f"{text}\n")
        self._out.flush()

    def begin(self, topic: str, text: str) -> None:
        """Announce work that takes a while, and start its clock."""
        self._since = time.monotonic()
        self.line(f"  {topic:<13} {text} ...")

    def done(self, topic: str, text: str, seconds: float | None = None) -> None:
        """Work is finished; its `seconds`, or the time since the last `begin` or `done`."""
        now = time.monotonic()
        taken = now - self._since if seconds is None else seconds
        self.line(f"  {topic:<13} {text:<62} {taken:6.1f} s")
        self._since = now

    def elapsed(self) -> float:
        """Seconds since this console was made."""
        return time.monotonic() - self._started

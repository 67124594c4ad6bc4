"""Cleans up after a supervisor that was killed: ends its processes, removes its directories.

Started by path with the standard library only. The supervisor holds the writing end of this program's
standard input and writes `<pid> <start time> <signal>` for every process it starts, and `done` when it ends
in good order. End of file without `done` means that it was killed. Linux tells children of their parent's
death by itself (children.py); this program also covers what ignores that, other systems, and the files.
Arguments: directories to remove.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

GRACE_SECONDS = 5.0


def start_time(pid: int) -> str:
    """Field 22 of /proc/<pid>/stat, which tells a reused pid from the first one; '-' where there is no /proc."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "-"
    fields = text.rpartition(")")[2].split()
    return "-" if fields[0] == "Z" else fields[19]


def alive(pid: int, started: str) -> bool:
    """Whether the process that was announced is still running."""
    if started != "-":
        return start_time(pid) == started
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def signal_group(pid: int, number: int) -> None:
    """Signal the process group that `pid` leads; it may be gone already."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def end(announced: list[tuple[int, str, int]]) -> None:
    """Ask in reverse order, wait, then kill what is left."""
    for pid, started, number in reversed(announced):
        if alive(pid, started):
            signal_group(pid, number)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(alive(pid, started) for pid, started, _ in announced):
        time.sleep(0.05)
    for pid, started, _ in announced:
        if alive(pid, started):
            signal_group(pid, signal.SIGKILL)


def main() -> None:
    """Read announcements until the supervisor is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    announced: list[tuple[int, str, int]] = []
    for line in sys.stdin:
        if line.strip() == "done":
            break
        pid, started, number_text = line.split()
        announced.append((int(pid), started, int(number_text)))
    else:
        end(announced)
    for directory in sys.argv[1:]:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()

"""Child processes that never outlive their supervisor.

Every child leads a session of its own (Ctrl-C in the terminal reaches the supervisor only), is told by Linux
when the supervisor dies (PR_SET_PDEATHSIG), and is announced to the watch. They stop in reverse order.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Self, TextIO

from tama_portal.supervisor import watch
from tama_portal.supervisor.errors import CannotStartError, ProcessDiedError, StopRequestedError

POLL_SECONDS = 0.05
GRACE_SECONDS = 10.0
TAIL_LINES = 60
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


@dataclass(frozen=True)
class Account:
    """A system account that a child runs as: numeric user and group."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Child:
    """One started process, the file its output goes to, and the signal that ends it."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals

    def lines(self) -> list[str]:
        """All it wrote."""
        try:
            return self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def tail(self) -> list[str]:
        """The last lines it wrote."""
        return self.lines()[-TAIL_LINES:]


class Children:
    """Starts, watches and stops processes; use as a context manager so that nothing is left behind.

    `logs` is a directory for their output; `remove` are directories that the watch removes at the end;
    `hold` are open descriptors that the watch keeps open as long as a child may live (file locks).
    """

    def __init__(self, logs: Path, *, remove: Sequence[Path] = (), hold: Sequence[int] = ()) -> None:
        self._logs = logs
        self._remove = list(remove)
        self._hold = list(hold)
        self._running: list[Child] = []
        self._stop_requested = 0
        self._hurry = False
        self._previous: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}
        self._watch: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._previous[number] = signal.signal(number, self._on_signal)
        self._watch = subprocess.Popen(
            [sys.executable, "-I", "-S", watch.__file__, *map(str, self._remove)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=self._hold,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_exception: object) -> None:
        try:
            self.stop()
        finally:
            self._tell_watch("done")
            if self._watch is not None and self._watch.stdin is not None:
                self._watch.stdin.close()
                self._watch.wait()
            for number, handler in self._previous.items():
                signal.signal(number, handler)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        *,
        account: Account | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        keep_open: Sequence[int] = (),
        cwd: Path | None = None,
    ) -> Child:
        """Start a process that is to run on; its output goes to `<logs>/<name>.log`.

        `account` needs root. Raises CannotStartError when the program cannot be executed.
        """
        log = self._logs / f"{name}.log"
        me = os.getpid()
        try:
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [str(part) for part in command],
                    env=dict(environment),
                    cwd=cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=keep_open,
                    user=account.uid if account else None,
                    group=account.gid if account else None,
                    extra_groups=[] if account else None,
                    preexec_fn=lambda: _die_with(me, stop_signal),  # noqa: PLW1509 - no threads run here
                )
        except OSError as error:
            raise CannotStartError(f"{name}: {command[0]} cannot be started ({error.strerror}).") from error
        child = Child(name, process, log, stop_signal)
        self._running.append(child)
        self._tell_watch(f"{process.pid} {watch.start_time(process.pid)} {int(stop_signal)}")
        return child

    def run(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        *,
        account: Account | None = None,
        cwd: Path | None = None,
    ) -> list[str]:
        """Run a process to its end and return what it wrote; raises ProcessDiedError when it fails."""
        child = self.start(name, command, environment, account=account, cwd=cwd)
        if self.finish(child) != 0:
            raise ProcessDiedError(f"{name} ended with status {child.process.returncode}.", child.tail())
        return child.lines()

    def finish(self, child: Child, follow: TextIO | None = None) -> int:
        """Wait for the end of a process and return its status; `follow` gets its output as it is written."""
        with child.log.open(encoding="utf-8", errors="replace") as output:
            while child.process.poll() is None:
                self.pause(besides=[child])
                _copy(output, follow)
            _copy(output, follow)
        self._running.remove(child)
        return int(child.process.returncode)

    def first_to_end(self, children: Collection[Child]) -> Child:
        """Wait until one of these processes has ended; `finish` takes its status."""
        while True:
            for child in children:
                if child.process.poll() is not None:
                    return child
            self.pause(besides=children)

    def pause(self, besides: Collection[Child] = ()) -> None:
        """Wait a moment; raises StopRequestedError after a signal, ProcessDiedError when a child has died."""
        time.sleep(POLL_SECONDS)
        if self._stop_requested:
            raise StopRequestedError(signal.Signals(self._stop_requested).name)
        for child in self._running:
            if child not in besides and child.process.poll() is not None:
                raise ProcessDiedError(
                    f"{child.name} ended ({_ending(child.process.returncode)}).", child.tail()
                )
        if self._watch is not None and self._watch.poll() is not None:
            raise ProcessDiedError("The watch over the processes ended.", [])

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str, child: Child) -> None:
        """Poll `ready`; raises ProcessDiedError with the child's last lines when it takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise ProcessDiedError(f"{what} was not ready after {seconds:.0f} s.", child.tail())
            self.pause()

    def stop(self) -> None:
        """End everything in reverse order of starting; a second signal kills without waiting."""
        while self._running:
            child = self._running.pop()
            if child.process.poll() is None:
                child.process.send_signal(child.stop_signal)
            self._await_end(child)
            watch.signal_group(child.process.pid, signal.SIGKILL)

    def _await_end(self, child: Child) -> None:
        self._hurry = False
        deadline = time.monotonic() + GRACE_SECONDS
        while child.process.poll() is None:
            if self._hurry or time.monotonic() > deadline:
                watch.signal_group(child.process.pid, signal.SIGKILL)
                child.process.wait()
                return
            time.sleep(POLL_SECONDS)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._hurry = bool(self._stop_requested)
        self._stop_requested = number

    def _tell_watch(self, line: str) -> None:
        if self._watch is None or self._watch.stdin is None:
            return
        try:
            self._watch.stdin.write(f"{line}\n".encode("ascii"))
            self._watch.stdin.flush()
        except (BrokenPipeError, ValueError):
            return


def _die_with(parent: int, number: signal.Signals) -> None:
    """Runs in the child before its program: ask Linux for `number` when `parent` dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _copy(source: TextIO, target: TextIO | None) -> None:
    if target is not None and (text := source.read()):
        target.write(text)
        target.flush()


def _ending(status: int) -> str:
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return f"status {status}"

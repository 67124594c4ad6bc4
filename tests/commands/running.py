"""Start a command as a process, look at what it started, and make sure that nothing stays."""

import ctypes
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_LIBC = ctypes.CDLL(None)
_FOREIGN = ("TAMA_", "PYTEST_", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_")


def environment(**more: str) -> dict[str, str]:
    """The environment of a person who just sits down at this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return kept | {"TAMA_NO_BOOTSTRAP": "1", "PYTHONUNBUFFERED": "1"} | more


def eventually(holds: Callable[[], object], seconds: float) -> bool:
    """Whether `holds` becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return bool(holds())


def processes_about(*needles: str) -> dict[int, str]:
    """Living processes (but this one) whose command line or environment names one of `needles`."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            about = command + (entry / "environ").read_bytes()
            state = (
                (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            )
        except OSError:
            continue
        if state != "Z" and any(needle.encode() in about for needle in needles):
            found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def listens(port: int) -> bool:
    """Whether anybody answers on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Demo:
    """A started `manage.py demo`."""

    def __init__(self, arguments: list[str], **more: str) -> None:
        self.started = time.monotonic()
        self.ready_after = 0.0
        self.port = 0
        descriptor, name = tempfile.mkstemp(prefix="demo-output-")
        self._output = Path(name)
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "demo", *arguments],
            cwd=ROOT,
            env=environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: _LIBC.prctl(1, int(signal.SIGTERM), 0, 0, 0),  # noqa: PLW1509 - dies with the test run
        )
        os.close(descriptor)

    @property
    def output(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self, seconds: float = 120) -> None:
        """Wait for the line with the address."""
        said = eventually(lambda: "Ready after" in self.output or self.process.poll() is not None, seconds)
        found = re.search(r"Ready after .*http://localhost:(\d+)/", self.output)
        assert said, f"not ready after {seconds} s:\n{self.output}"
        assert found, f"ended before it was ready:\n{self.output}"
        self.port = int(found[1])
        self.ready_after = time.monotonic() - self.started

    def wait(self, seconds: float = 60) -> int:
        """The exit status."""
        return self.process.wait(timeout=seconds)

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8")
        finally:
            connection.close()

    def children(self) -> dict[str, int]:
        """The processes it started itself, by a word of their command line."""
        words = {
            "gunicorn": "web",
            " worker ": "worker",
            " beat ": "beat",
            "valkey-server": "valkey",
            "redis": "valkey",
        }
        found = {}
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="ascii"
        )
        for pid in listing.split():
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            found |= {name: int(pid) for word, name in words.items() if word in command}
        return found

    def end(self) -> None:
        """Stop it, kindly, then not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._output.unlink(missing_ok=True)


def run(*arguments: str, seconds: float = 120, **more: str) -> tuple[int, str]:
    """Run a management command to its end: status, and all it said."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=ROOT,
        env=environment(**more),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
    )
    return done.returncode, done.stdout

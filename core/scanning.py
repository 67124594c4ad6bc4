"""Asking a virus scanner on this machine about a file, by the protocol of clamd (INSTREAM, PING).

The address is settings.SCANNER_ADDRESS: "unix:/run/clamav/clamd.ctl" or "tcp:127.0.0.1:3310"; empty: no scanner, and
nothing is said to be clean. A file is clean only where the scanner answered exactly that. Everything else (silence,
a cut connection, an answer nobody knows, a file larger than it takes) is "not examined", with the reason in words.
Source: the manual page clamd(8): each chunk is its length as four bytes in network order and its bytes; a length of
zero ends the stream; commands that begin with z end in NUL, as does the answer.
"""

import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.loopback import is_local

_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_PING_SECONDS: Final = 2.0
_FOUND: Final = re.compile(r"stream: (?P<name>[\x20-\x7e]{1,300}) FOUND")


class Outcome(Enum):
    """What a scanner said, or that it said nothing that counts."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_EXAMINED = "not_examined"


@dataclass(frozen=True)
class Scan:
    """An outcome: `words` names what was found, or why the file was not examined (Japanese)."""

    outcome: Outcome
    words: str = ""
    is_down: bool = False


class _BrokenAnswerError(Exception):
    """What came back is no answer of a scanner. The message says so in Japanese."""


def is_configured() -> bool:
    """Whether files are examined here at all."""
    return bool(settings.SCANNER_ADDRESS)


def place(address: str) -> tuple[int, Any]:
    """Socket family and address. Raises ImproperlyConfigured for anything that is not on this machine."""
    kind, _, rest = address.partition(":")
    if kind == "unix" and rest.startswith("/"):
        return socket.AF_UNIX, rest
    host, _, port = rest.rpartition(":")
    host = host.strip("[]")
    if kind == "tcp" and host and port.isdecimal() and is_local(host):
        return (socket.AF_INET6 if ":" in host else socket.AF_INET), (host, int(port))
    raise ImproperlyConfigured(
        "SCANNER_ADDRESS must be unix:/path or tcp:<loopback address>:<port>: files leave this machine for nobody."
    )


def scan(file: IO[bytes]) -> Scan:
    """Have one file examined within settings.SCANNER_SECONDS, from its present place to its end. Never raises for
    what a scanner does.
    """
    try:
        with _connected(settings.SCANNER_SECONDS) as wire:
            return _verdict(wire.stream(file))
    except _BrokenAnswerError as error:
        return Scan(Outcome.NOT_EXAMINED, str(error))
    except TimeoutError:
        return Scan(Outcome.NOT_EXAMINED, "検査が時間内に終わりませんでした。")
    except OSError:
        return Scan(Outcome.NOT_EXAMINED, "検査のプログラムにつながりません。", is_down=True)


def fault() -> str:
    """Why the scanner is not at work, in one sentence; "" when it answers, or when there is to be none."""
    if not is_configured():
        return ""
    try:
        with _connected(_PING_SECONDS) as wire:
            answer = wire.ask(b"zPING\0")
    except (OSError, _BrokenAnswerError):
        return "ファイルの検査のプログラムが答えません。"
    return "" if answer == "PONG" else "ファイルの検査のプログラムの答えが正しくありません。"


def _verdict(answer: str) -> Scan:
    if answer == "stream: OK":
        return Scan(Outcome.CLEAN)
    if found := _FOUND.fullmatch(answer):
        return Scan(Outcome.FOUND, found["name"])
    if answer.startswith("INSTREAM size limit exceeded"):
        return Scan(Outcome.NOT_EXAMINED, "検査のプログラムが受け取れる大きさを超えています。")
    return Scan(Outcome.NOT_EXAMINED, "検査のプログラムの答えが分かりません。")


class _Wire:
    """One connection, and the instant (monotonic seconds) by which everything has to be over."""

    def __init__(self, wire: socket.socket, ends: float) -> None:
        self._wire, self._ends = wire, ends

    def _hurry(self) -> None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._wire.settimeout(left)

    def _send(self, data: bytes) -> None:
        self._hurry()
        self._wire.sendall(data)

    def ask(self, command: bytes) -> str:
        """One command and its answer."""
        self._send(command)
        return self._answer()

    def stream(self, file: IO[bytes]) -> str:
        """INSTREAM: the file in chunks. A scanner that has had enough answers and hangs up while we still send."""
        self._send(b"zINSTREAM\0")
        try:
            while chunk := file.read(_CHUNK):
                self._send(struct.pack("!L", len(chunk)) + chunk)
            self._send(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            answer = self._answer()
            if answer == "stream: OK":
                raise _BrokenAnswerError("検査のプログラムが、読み終える前に答えました。") from None
            return answer
        return self._answer()

    def _answer(self) -> str:
        got = b""
        while b"\0" not in got:
            self._hurry()
            part = self._wire.recv(_LONGEST_ANSWER)
            got += part
            if not part:
                raise _BrokenAnswerError("検査のプログラムの答えが途中で切れました。")
            if len(got) > _LONGEST_ANSWER:
                raise _BrokenAnswerError("検査のプログラムの答えが長すぎます。")
        said, _, rest = got.partition(b"\0")
        if rest:
            raise _BrokenAnswerError("検査のプログラムの答えが二つあります。")
        return said.decode("ascii", "replace")


@contextmanager
def _connected(seconds: float) -> Iterator[_Wire]:
    ends = time.monotonic() + seconds
    family, address = place(settings.SCANNER_ADDRESS)
    with closing(socket.socket(family, socket.SOCK_STREAM)) as wire:
        wire.settimeout(seconds)
        wire.connect(address)
        yield _Wire(wire, ends)

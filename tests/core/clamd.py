"""A clamd for tests: the real protocol over a real socket, with answers and faults to order."""

import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Clamd:
    """What it does next. `mode`: honest, slow, cut, garbage, two, endless, early, limit, hangup; `seen`: the streams."""

    address: str
    mode: str = "honest"
    seen: list[bytes] = field(default_factory=list)

    def serve(self, wire: socket.socket) -> None:
        command = self._until_nul(wire)
        if self.mode == "hangup":
            return
        if command == b"zPING":
            wire.sendall({"garbage": b"HTTP/1.1 400\r\n\0"}.get(self.mode, b"PONG\0"))
            return
        assert command == b"zINSTREAM", command
        if self.mode == "early":
            wire.sendall(b"stream: OK\0")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        self._answer(wire, self._stream(wire))

    def _answer(self, wire: socket.socket, data: bytes) -> None:
        self.seen.append(data)
        honest = b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        if self.mode == "slow":
            for byte in honest * 9:
                wire.sendall(bytes([byte]))
                time.sleep(0.2)
        elif self.mode == "cut":
            wire.sendall(b"stream: O")
        elif self.mode == "endless":
            wire.sendall(b"x" * 10_000)
        else:
            odd = {
                "garbage": b"\xff\xfe stream: OK\0",
                "two": b"stream: OK\0stream: Eicar FOUND\0",
                "limit": b"INSTREAM size limit exceeded. ERROR\0",
            }
            wire.sendall(odd.get(self.mode, honest))

    def _stream(self, wire: socket.socket) -> bytes:
        found = b""
        while size := struct.unpack("!L", self._exactly(wire, 4))[0]:
            found += self._exactly(wire, size)
        return found

    @staticmethod
    def _exactly(wire: socket.socket, size: int) -> bytes:
        found = b""
        while len(found) < size:
            part = wire.recv(size - len(found))
            if not part:
                raise ConnectionError
            found += part
        return found

    @staticmethod
    def _until_nul(wire: socket.socket) -> bytes:
        found = b""
        while (byte := wire.recv(1)) not in {b"", b"\0"}:
            found += byte
        return found


@contextmanager
def running(*, tcp: bool = False) -> Iterator[Clamd]:
    """One at a unix socket (or a loopback port) until the block ends."""
    with tempfile.TemporaryDirectory(prefix="clamd") as directory:
        path = str(Path(directory) / "ctl")
        family, place = (socket.AF_INET, ("127.0.0.1", 0)) if tcp else (socket.AF_UNIX, path)
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind(place)
        listener.listen(8)
        address = f"tcp:127.0.0.1:{listener.getsockname()[1]}" if tcp else f"unix:{path}"
        daemon, stop = Clamd(address), threading.Event()
        thread = threading.Thread(target=_loop, args=(listener, daemon, stop), daemon=True)
        thread.start()
        try:
            yield daemon
        finally:
            stop.set()
            thread.join(5)
            listener.close()


def _loop(listener: socket.socket, daemon: Clamd, stop: threading.Event) -> None:
    listener.settimeout(0.05)
    while not stop.is_set():
        try:
            wire, _ = listener.accept()
        except TimeoutError:
            continue
        with wire:
            wire.settimeout(5)
            try:
                daemon.serve(wire)
            except OSError:
                continue  # the asker has gone

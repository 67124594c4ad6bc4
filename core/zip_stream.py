"""A ZIP file written while it is sent: no entry and no archive is ever whole in memory.

Each entry is hashed on its way, so that a list of fingerprints can be the last one. Names are UTF-8; every entry has the
date it is given, so that the same content gives the same list.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core import clock

CHUNK: Final = 64 * 1024
_EARLIEST: Final = 1980


@dataclass(frozen=True)
class Entry:
    """One file of the archive; `chunks` is asked for its bytes when its turn comes."""

    name: str
    chunks: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Written:
    """What was written of an entry: bytes and SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


class _Sink(io.RawIOBase):
    """Takes what the archive writes and hands it on; it cannot be sought in, so sizes follow the data."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._held += part
        return len(part)

    def taken(self) -> bytes:
        """What has come since the last time."""
        found, self._held = bytes(self._held), bytearray()
        return found


def once(content: bytes) -> Callable[[], Iterable[bytes]]:
    """The chunks of something small that is there already."""
    return lambda: [content]


def stream_zip(
    entries: Iterable[Entry], *, at: datetime, last: Callable[[list[Written]], Entry] | None = None
) -> Iterator[bytes]:
    """The archive's bytes. `last` makes one more entry from what was written, a list of fingerprints."""
    sink, done = _Sink(), list[Written]()
    local = clock.local(at)
    moment = (max(local.year, _EARLIEST), local.month, local.day, local.hour, local.minute, local.second)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for entry in entries:
            yield from _write(archive, sink, entry, moment, done)
        if last is not None:
            yield from _write(archive, sink, last(done), moment, done)
    yield sink.taken()


def _write(
    archive: zipfile.ZipFile, sink: _Sink, entry: Entry, moment: tuple[int, int, int, int, int, int], done: list[Written]
) -> Iterator[bytes]:  # fmt: skip
    info = zipfile.ZipInfo(entry.name, moment)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as target:
        for chunk in entry.chunks():
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
            if part := sink.taken():
                yield part
    yield sink.taken()
    done.append(Written(entry.name, size, digest.hexdigest()))

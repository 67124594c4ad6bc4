"""A zip archive is measured before any parser opens it: real sizes, not the ones it claims.

Bounds: 500 entries, 100 MB unpacked in all, unpacked to packed at most 200 to 1 (for the whole archive, and for
every entry above 1 MB). Office documents (OOXML) carry neither macros nor links to outside files, and no XML
part declares a DTD or entities.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

MAX_ENTRIES: Final = 500
MAX_UNPACKED: Final = 100 * 1024 * 1024
MAX_RATIO: Final = 200
_RATIO_FREE: Final = 1024 * 1024  # below this size a high ratio does no harm and is common in small XML
_MAX_PARSED: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_LOCAL_HEADER: Final = 30
_END_RECORD: Final = 22
_MAX_DIRECTORY: Final = MAX_ENTRIES * 1024
_ENCRYPTED: Final = 0x1
_SIGNATURE: Final = b"PK\x03\x04"
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MACRO_PARTS: Final = re.compile(r"vbaproject|vbadata|/activex/|/macrosheets/|/ctrlprops/", re.IGNORECASE)
_EXTERNAL_PARTS: Final = re.compile(r"^xl/externallinks/", re.IGNORECASE)


class UnsafeArchive(Exception):  # noqa: N818 - named by what was found
    """The archive must not be opened; the message is Japanese and names the cure."""


@dataclass(frozen=True)
class Archive:
    """What the guard learned: entry names in order, and the bytes it unpacks to."""

    names: tuple[str, ...]
    unpacked: int


def inspect_archive(stream: IO[bytes]) -> Archive:
    """Measure an archive without keeping what it unpacks. Raises UnsafeArchive.

    Every entry is inflated from its real bytes and counted, so that false sizes in the directory, entries that
    share bytes and endless streams are found within the bounds above.
    """
    entries = _entries(stream)
    size = _size_of(stream)
    total = 0
    for entry in entries:
        unpacked = 0
        for chunk in _inflate(stream, entry, MAX_UNPACKED - total):
            if not unpacked:
                _refuse_dtd(entry.filename, chunk)
            unpacked += len(chunk)
        if unpacked != entry.file_size:
            raise UnsafeArchive(
                "ファイルの内部が壊れています（大きさの記録が合いません）。元のソフトで保存し直してください。"
            )
        if unpacked > max(_RATIO_FREE, entry.compress_size * MAX_RATIO):
            raise UnsafeArchive(_TOO_DENSE)
        total += unpacked
    if total > max(_RATIO_FREE, size * MAX_RATIO):
        raise UnsafeArchive(_TOO_DENSE)
    return Archive(tuple(entry.filename for entry in entries), total)


def inspect_office_document(stream: IO[bytes]) -> Archive:
    """`inspect_archive`, and then: no macros, no links to outside files. Raises UnsafeArchive."""
    archive = inspect_archive(stream)
    lowered = ["/" + name for name in archive.names]
    if any(_MACRO_PARTS.search(name) for name in lowered):
        raise UnsafeArchive(
            "マクロや操作部品が含まれています。マクロなしの形式（.xlsx・.docx・.pptx）で保存し直してください。"
        )
    if any(_EXTERNAL_PARTS.search(name) for name in archive.names):
        raise UnsafeArchive(_EXTERNAL)
    with open_archive(stream) as package:
        content_types = _read_part(package, "[Content_Types].xml")
        if b"macroenabled" in content_types.lower():
            raise UnsafeArchive(
                "マクロ有効の形式です。マクロなしの形式（.xlsx・.docx・.pptx）で保存し直してください。"
            )
        for name in archive.names:
            if name.lower().endswith(".rels"):
                _refuse_outside_files(_read_part(package, name))
    return archive


_TOO_DENSE: Final = (
    "圧縮率が異常に高いため、受け付けられません。元のソフトで保存し直すか、PDFにしてください。"
)
_TOO_MANY: Final = f"中のファイルが{MAX_ENTRIES}個を超えるため、受け付けられません。内容を分けてください。"
_TOO_LARGE: Final = (
    f"展開すると{MAX_UNPACKED // 1024 // 1024}MBを超えるため、受け付けられません。内容を分けてください。"
)
_BROKEN: Final = "ファイルが壊れているか、途中で切れています。元のファイルが開けることを確かめて、もう一度添付してください。"
_EXTERNAL: Final = (
    "ほかのファイルへのリンクが含まれています。リンクを解除（値に変換）してから保存し直してください。"
)


def _entries(stream: IO[bytes]) -> list[ZipInfo]:
    with open_archive(stream) as package:
        entries = package.infolist()
    if len(entries) > MAX_ENTRIES:
        raise UnsafeArchive(_TOO_MANY)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnsafeArchive(_TOO_LARGE)
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names) or any(_escapes(name) for name in names):
        raise UnsafeArchive(
            "中のファイル名に、重複や許されない場所があります。元のソフトで保存し直してください。"
        )
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnsafeArchive("パスワードで保護されています。保護を解除してから添付してください。")
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise UnsafeArchive("扱えない圧縮方式が使われています。元のソフトで保存し直してください。")
    return entries


def open_archive(stream: IO[bytes]) -> ZipFile:
    """The archive's directory, read only if it is small itself. Raises UnsafeArchive.

    A directory of 100,000 entries would fill the memory before anybody could count them.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END_RECORD - 0xFFFF))
    tail = stream.read()
    end = tail[tail.rfind(b"PK\x05\x06") :] if b"PK\x05\x06" in tail else b""
    if len(end) < _END_RECORD:
        raise UnsafeArchive(_BROKEN)
    count, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count > MAX_ENTRIES or directory > _MAX_DIRECTORY:
        raise UnsafeArchive(_TOO_MANY)
    stream.seek(0)
    try:
        return ZipFile(stream)
    except (BadZipFile, LargeZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise UnsafeArchive(_BROKEN) from error


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in name


def _size_of(stream: IO[bytes]) -> int:
    return stream.seek(0, 2)


def _inflate(stream: IO[bytes], entry: ZipInfo, budget: int) -> Iterator[bytes]:
    """The unpacked bytes of an entry in chunks; raises UnsafeArchive beyond the budget."""
    if entry.header_offset < 0:  # the end record places the directory behind where it stands
        raise UnsafeArchive(_BROKEN)
    stream.seek(entry.header_offset)
    header = stream.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(_SIGNATURE):
        raise UnsafeArchive(_BROKEN)
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    packed, produced = entry.compress_size, 0
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == ZIP_DEFLATED else None
    while packed > 0:
        raw = stream.read(min(_CHUNK, packed))
        if not raw:
            raise UnsafeArchive(_BROKEN)
        packed -= len(raw)
        while raw:
            if inflater is None:
                chunk, raw = raw, b""
            else:
                chunk, raw = _step(inflater, raw)
            produced += len(chunk)
            if produced > budget:
                raise UnsafeArchive(_TOO_LARGE)
            if chunk:
                yield chunk


def _step(inflater: "zlib._Decompress", raw: bytes) -> tuple[bytes, bytes]:
    try:
        chunk = inflater.decompress(raw, _CHUNK)
    except zlib.error as error:
        raise UnsafeArchive(_BROKEN) from error
    if inflater.unused_data or (inflater.eof and inflater.unconsumed_tail):
        raise UnsafeArchive(_BROKEN)  # bytes hidden behind the end of the stream
    return chunk, inflater.unconsumed_tail


def _refuse_dtd(name: str, first_bytes: bytes) -> None:
    if name.lower().endswith((".xml", ".rels", ".vml")):
        plain = first_bytes[:4096].replace(b"\x00", b"").upper()  # UTF-16 too
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise UnsafeArchive("許されない宣言（DTD）が含まれています。元のソフトで保存し直してください。")


def _read_part(package: ZipFile, name: str) -> bytes:
    try:
        if package.getinfo(name).file_size > _MAX_PARSED:
            raise UnsafeArchive(_BROKEN)
        return package.read(name)
    except (KeyError, BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise UnsafeArchive(_BROKEN) from error


def _refuse_outside_files(rels: bytes) -> None:
    """Relationships may point outside only as hyperlinks, which nothing follows by itself."""
    try:
        tree = fromstring(rels, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnsafeArchive(_BROKEN) from error
    for relationship in tree.iter(_RELATIONSHIP):
        outside = relationship.get("TargetMode", "").lower() == "external"
        if outside and not relationship.get("Type", "").endswith("/hyperlink"):
            raise UnsafeArchive(_EXTERNAL)

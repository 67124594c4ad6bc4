"""How large a picture is, read from its headers only: a small file can unpack to gigabytes of pixels."""

from typing import IO, Final

MAX_SIDE: Final = 20_000
MAX_PIXELS: Final = 50_000_000
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE: Final = b"\xff\xd8\xff"
_MAX_CHUNKS: Final = 10_000
_FRAME_MARKERS: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_BROKEN: Final = (
    "画像が壊れているか、途中で切れています。画像を開けることを確かめて、もう一度添付してください。"
)


class BadImage(Exception):  # noqa: N818 - named by what was found
    """The picture must not be decoded; the message is Japanese and names the cure."""


def inspect_png(stream: IO[bytes]) -> tuple[int, int]:
    """Width and height of a PNG in pixels. Raises BadImage: broken, cut, too large, or something hidden behind it."""
    stream.seek(0)
    if stream.read(8) != PNG_SIGNATURE:
        raise BadImage(_BROKEN)
    size: tuple[int, int] | None = None
    for _ in range(_MAX_CHUNKS):
        head = stream.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < 8 or (size is None) != (kind == b"IHDR"):  # noqa: PLR2004 - length and name of a chunk
            raise BadImage(_BROKEN)
        body = stream.read(length) if kind == b"IHDR" else b""
        if kind == b"IHDR":
            size = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
            stream.seek(4, 1)
        else:
            stream.seek(length + 4, 1)
        if kind == b"IEND":
            break
    else:
        raise BadImage(_BROKEN)
    if size is None or stream.tell() != stream.seek(0, 2):
        raise BadImage(
            "画像の後ろに別のデータが付いているか、途中で切れています。画像を保存し直してください。"
        )
    return _bounded(*size)


def inspect_jpeg(stream: IO[bytes]) -> tuple[int, int]:
    """Width and height of a JPEG in pixels. Raises BadImage: broken, cut, or too large."""
    if b"\xff\xd9" not in _tail(stream):
        raise BadImage(_BROKEN)
    stream.seek(2)
    for _ in range(_MAX_CHUNKS):
        marker = _next_marker(stream)
        if marker in _BARE_MARKERS:
            continue
        length = int.from_bytes(stream.read(2), "big")
        if length < 2 or marker == 0xDA:  # noqa: PLR2004 - pixels begin without a frame header
            raise BadImage(_BROKEN)
        if marker in _FRAME_MARKERS:
            frame = stream.read(5)
            return _bounded(int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
        stream.seek(length - 2, 1)
    raise BadImage(_BROKEN)


def _tail(stream: IO[bytes]) -> bytes:
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 1024 * 1024))
    return stream.read()


def _next_marker(stream: IO[bytes]) -> int:
    byte = stream.read(1)
    if byte != b"\xff":
        raise BadImage(_BROKEN)
    while byte == b"\xff":
        byte = stream.read(1)
    if not byte:
        raise BadImage(_BROKEN)
    return byte[0]


def _bounded(width: int, height: int) -> tuple[int, int]:
    if width < 1 or height < 1:
        raise BadImage(_BROKEN)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise BadImage(
            f"画像が大きすぎます（{width:,}×{height:,}画素）。{MAX_PIXELS // 10_000:,}万画素以下に縮小してください。"
        )
    return width, height

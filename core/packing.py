"""A text carried along in a hidden field between a page that shows a difference and the act that writes it."""

import base64
import binascii
import zlib
from typing import Final

MOST_PACKED: Final = 2_000_000
"""Characters, below the bound of a request's fields."""


def pack(text: str) -> str:
    """A text for a hidden field: compressed, in plain ASCII, so that no line end or tab changes on the way."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpack(packed: str, most_bytes: int) -> str:
    """The text again. Raises ValueError for anything else, or more than so many bytes of it."""
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(base64.b64decode(packed, validate=True), most_bytes)
    except (zlib.error, binascii.Error) as error:
        raise ValueError("this was not packed here") from error
    if engine.unconsumed_tail:
        raise ValueError("more than was packed here")
    return data.decode()

"""Addresses that the portal shows to everybody: a page of the open Web, without a password in it."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from core.outbound import is_public

_CURE: Final = "だれでも開ける、http:// か https:// で始まるアドレスにしてください。"
_UNFIT_SIGNS: Final = re.compile(r"[\x00-\x20\x7f\\<>\"]")
_INNER_NAMES: Final = re.compile(
    r"(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa|lgwan\.jp)\.?$"
)
"""Names of machines and inner networks (RFC 6761, 6762, 8375, ICANN's `internal`), LGWAN's among them."""


def unfit(url: str) -> str:
    """Why an address cannot be shown, with the cure; "" where it can. Nothing is asked or looked up."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        _ = parts.port
    except ValueError:
        return f"アドレスとして読めません。{_CURE}"
    if parts.scheme not in {"http", "https"} or not host or _UNFIT_SIGNS.search(url):
        return f"アドレスとして読めません。{_CURE}"
    if "@" in parts.netloc:
        return f"アドレスに利用者名やパスワードが入っています。{_CURE}"
    return "" if _is_open(host) else f"庁内などの、外からは開けないアドレスです。{_CURE}"


def _is_open(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        named = "." in host.strip(".") and host.strip(".0123456789") != ""
        return named and not _INNER_NAMES.search(host)
    return is_public(host)

"""Asking an address outside, once, without being turned against what stands inside.

Whoever may write an address into the catalogue could otherwise let the portal call routers, databases or cloud
metadata for them. So: http and https on their own ports only, no credentials; every address a name resolves to must
be public, also one that is wrapped in another (IPv4-mapped, 6to4, Teredo, NAT64); the connection goes to the very
address that was looked at, so that a second answer of the DNS changes nothing; each redirect is judged anew; time, hops
and bytes are bounded. Nothing calls this but an operator's command (docs/adr/0014).
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

MOST_HOPS: Final = 5
MOST_SECONDS: Final = 15.0
MOST_BYTES: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_LONGEST: Final = 2000
_NAT64: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_INNER: Final = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("192.0.0.0/24"))
"""Not of the open Internet, though `is_global` says so: the old site-local addresses, and what protocols keep."""
_NO_HEAD: Final = {
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_IMPLEMENTED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
}
_PERMANENT: Final = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
_REDIRECTS: Final = _PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unsafe(Exception):  # noqa: N818 - named by what it says
    """An address that is not asked, with the reason in Japanese."""


@dataclass(frozen=True)
class Outcome:
    """What came of asking: the last status (None: no answer), where it ended, whether it moved for good, the fault."""

    url: str
    status: int | None
    final_url: str
    moved: bool = False
    fault: str = ""

    @property
    def is_well(self) -> bool:
        """There is a page."""
        return (
            self.status is not None
            and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
            and not self.fault
        )


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to one address, never to a name. Raises OSError."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True)
class Network:
    """How names are looked up and addresses reached."""

    resolve: Callable[[str, int], list[str]] = resolve
    connect: Callable[[str, int, float], socket.socket] = connect
    seconds: float = MOST_SECONDS


def ask(url: str, network: Network | None = None) -> Outcome:
    """Ask for an address, following redirects; never raises for what the other side does."""
    net = network or Network()
    ends, here, permanent = time.monotonic() + net.seconds, url, True
    try:
        for hops in range(MOST_HOPS + 1):
            status, target = _step(here, net, ends)
            if status not in _REDIRECTS or not target:
                return Outcome(url, status, here, moved=permanent and hops > 0)
            permanent, here = permanent and status in _PERMANENT, urljoin(here, target)
    except Unsafe as error:
        return Outcome(url, None, here, fault=str(error))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(url, None, here, fault=_words(error))
    return Outcome(url, None, here, fault="転送が続き、終わりません。")


def _words(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "名前が見つかりません。"
    if isinstance(error, ssl.SSLError):
        return "証明書を確かめられません。"
    if isinstance(error, TimeoutError):
        return "時間内に答えがありません。"
    return f"つながりません（{type(error).__name__}）。"


def _step(url: str, net: Network, ends: float) -> tuple[int, str]:
    """Status and redirect target of one address; HEAD, and GET where HEAD is not liked."""
    parts = urlsplit(url)
    host, port = _place(parts, url)
    place = _Place(parts, host, port, _safe_address(host, port, net))
    status, target = _once("HEAD", place, net, ends)
    return _once("GET", place, net, ends) if status in _NO_HEAD else (status, target)


def _place(parts: SplitResult, url: str) -> tuple[str, int]:
    """Host in its ASCII form, and port. Raises Unsafe."""
    if len(url) > _LONGEST or any(char <= " " or char in "\x7f\\" for char in url):
        raise Unsafe("アドレスに使えない文字があるか、長すぎます。")
    if (
        parts.scheme not in _PORTS
        or parts.username is not None
        or parts.password is not None
        or not parts.hostname
    ):
        raise Unsafe("http または https のアドレスではありません。")
    port = parts.port or _PORTS[parts.scheme]
    if port != _PORTS[parts.scheme]:
        raise Unsafe("通常と違うポートのアドレスは確かめません。")
    return parts.hostname.encode("idna").decode(
        "ascii"
    ) if not parts.hostname.isascii() else parts.hostname, port


def _safe_address(host: str, port: int, net: Network) -> str:
    """The address to connect to, once all addresses of the name are public ones. Raises Unsafe, OSError."""
    found = net.resolve(host, port)
    if not found or not all(is_public(address) for address in found):
        raise Unsafe("公開されていない宛先を指すため、確かめません。")
    return found[0]


def is_public(text: str) -> bool:
    """Whether an address is one of the open Internet, looked at through every wrapping."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return (
        all(
            each.is_global
            and not (each.is_multicast or each.is_reserved or each.is_unspecified or each.is_loopback)
            and not any(each in network for network in _INNER)
            for each in (address, *_wrapped(address))
        )
        and "%" not in text
    )


def _wrapped(address: Address) -> list[Address]:
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    inner: list[Address] = [each for each in (address.ipv4_mapped, address.sixtofour) if each is not None]
    inner += list(address.teredo or ())
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        inner.append(low)
    return inner


@dataclass(frozen=True)
class _Place:
    """Where one request goes: the address that was looked at, under the name it was asked by."""

    parts: SplitResult
    host: str
    port: int
    address: str


def _once(method: str, place: _Place, net: Network, ends: float) -> tuple[int, str]:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    held = [net.connect(place.address, place.port, left)]
    late = threading.Event()
    # The timeout of a socket alone is outwitted by one byte a second.
    alarm = threading.Timer(left, _cut, (held, late))
    alarm.daemon = True
    alarm.start()
    try:
        held[0].settimeout(left)
        if place.parts.scheme == "https":
            context = ssl.create_default_context()
            secure = context.wrap_socket(held[0], server_hostname=place.host, do_handshake_on_connect=False)
            held[0] = secure
            secure.do_handshake()
        answer = _exchange(method, place, held[0])
    except (OSError, http.client.HTTPException):
        if not late.is_set():
            raise
    finally:
        alarm.cancel()
        held[0].close()
    if late.is_set():  # also a head cut off in the middle, which reads like a whole one
        raise TimeoutError
    return answer


def _cut(held: list[socket.socket], late: threading.Event) -> None:
    late.set()
    try:
        held[0].shutdown(socket.SHUT_RDWR)
    except OSError:
        held[0].close()


def _exchange(method: str, place: _Place, to: socket.socket) -> tuple[int, str]:
    connection = http.client.HTTPConnection(f"[{place.host}]" if ":" in place.host else place.host)
    connection.sock = to
    path = place.parts.path or "/"
    path += f"?{place.parts.query}" if place.parts.query else ""
    headers = {"User-Agent": "tama-portal-link-check", "Accept": "*/*", "Connection": "close"}
    connection.request(method, quote(path, safe="/%:=&?~+!$,;'@()*[]-._"), headers=headers)
    with connection.getresponse() as answer:
        answer.read(MOST_BYTES)
        return answer.status, answer.headers.get("Location", "")

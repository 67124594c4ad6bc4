"""A network that ends at the machine's own interface, for proving that nothing needs the outside.

`TAMA_LOOPBACK_ONLY=1` makes every connection of a Python process to another host fail before it is made, and
every look-up of another host's name too. Drivers in C that open sockets by themselves (libpq) are not seen.
Source: the audit events of CPython's `socket` module.
"""

import sys
from ipaddress import ip_address

_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", ""})
_installed: list[bool] = []


class OutsideError(OSError):
    """A connection to another machine was asked for."""


def is_local(host: object) -> bool:
    """Whether a host, an address or its absence (a socket file, any interface) stays on this machine."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ip_address(name.split("%")[0])
    except ValueError:
        return name.lower() in _LOCAL_NAMES
    return address.is_loopback or address.is_unspecified


def confine() -> None:
    """From now on, and for good: only this machine is reached. Raises OutsideError where code tries otherwise."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_judge)


def _judge(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if not is_local(host):
        raise OutsideError(f"{host} is not this machine (TAMA_LOOPBACK_ONLY)")

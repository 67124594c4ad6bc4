"""The address the demo answers on, reserved before anything else is started."""

import errno
import http.client
import socket

from tama_portal.supervisor.errors import CannotStartError

HOST = "127.0.0.1"
_BACKLOG = 128
_REQUEST_SECONDS = 5.0


def listen(port: int) -> socket.socket:
    """Listen on `port` of the loopback address (0: any free one); raises CannotStartError when it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotStartError(_why_not(port, error)) from error
    return listener


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: name a free one with --port N (0 takes any free port)."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system: name one above 1023 with --port N."
    return f"Port {port} cannot be opened ({error.strerror}): name another one with --port N."


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body of a GET request; (0, reason) when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_REQUEST_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()

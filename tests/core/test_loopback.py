"""What counts as this machine; tests/journeys/test_closed_network.py sees it refuse in a process of its own."""

import pytest

from core.loopback import is_local


@pytest.mark.parametrize(
    "host",
    [None, "", "localhost", "LOCALHOST", b"localhost", "127.0.0.1", "127.8.0.1", "::1", "::"],
)
def test_this_machine(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host",
    [
        "192.0.2.1",
        "2001:db8::1",
        "portal.example",
        b"portal.example",
        "localhost.example",
        "10.0.0.1",
        "fe80::1%eth0",
    ],
)
def test_another_machine(host: object) -> None:
    assert not is_local(host)

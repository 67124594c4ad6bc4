"""The scanner's answers: clean is what it called clean, everything else is not."""

import io
import time
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import scanning
from core.scanning import Outcome
from tests.core.clamd import EICAR, running

BIG = b"%PDF-" + b"0123456789" * 50_000


@pytest.mark.parametrize("tcp", [False, True])
def test_the_protocol(settings: Any, tcp: bool) -> None:
    with running(tcp=tcp) as daemon:
        settings.SCANNER_ADDRESS = daemon.address
        assert scanning.is_configured() and scanning.fault() == ""
        assert scanning.scan(io.BytesIO(BIG)).outcome is Outcome.CLEAN
        assert daemon.seen == [BIG]  # every byte, once, in order
        found = scanning.scan(io.BytesIO(b"PK" + EICAR))
        assert (found.outcome, found.words) == (Outcome.FOUND, "Eicar-Signature")


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("slow", "時間内に"), ("cut", "途中で切れ"), ("garbage", "分かりません"), ("two", "二つ"),
        ("endless", "長すぎ"), ("limit", "大きさ"), ("hangup", ""), ("early", ""),
    ],
)  # fmt: skip
def test_no_answer_is_no_clean(settings: Any, mode: str, words: str) -> None:
    settings.SCANNER_SECONDS = 0.5 if mode == "slow" else 20.0
    with running() as daemon:
        settings.SCANNER_ADDRESS, daemon.mode = daemon.address, mode
        began = time.monotonic()
        result = scanning.scan(io.BytesIO(BIG * 8 if mode == "early" else BIG))
        assert time.monotonic() - began < 10
    assert result.outcome is Outcome.NOT_EXAMINED
    assert words in result.words and result.words


def test_a_dead_scanner_is_seen(settings: Any) -> None:
    with running() as daemon:
        settings.SCANNER_ADDRESS, daemon.mode = daemon.address, "garbage"
        assert "正しくありません" in scanning.fault()
    assert "答えません" in scanning.fault()
    result = scanning.scan(io.BytesIO(BIG))
    assert (result.outcome, result.is_down) == (Outcome.NOT_EXAMINED, True)
    settings.SCANNER_ADDRESS = ""
    assert scanning.fault() == "" and not scanning.is_configured()


@pytest.mark.parametrize(
    "address", ["tcp:scanner.example:3310", "tcp:192.0.2.1:3310", "unix:relative", "tcp:127.0.0.1:x", "clamd"]
)
def test_files_leave_this_machine_for_nobody(address: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        scanning.place(address)

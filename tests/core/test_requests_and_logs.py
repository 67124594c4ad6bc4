"""Every request has a name and an arrival; every event is one line of JSON."""

import io
import json
import logging

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core import logs
from core.request_id import HEADER


def logged(message: str, *args: object, error: bool = False) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logger = logging.Logger("core.test")  # noqa: LOG001 - a logger of its own, outside the tree
    logger.addHandler(handler)
    if error:
        logger.error(message, *args, exc_info=ValueError("一行目\n二行目"))
    else:
        logger.warning(message, *args)
    return stream.getvalue()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_one_event_is_one_line_whatever_it_says(words: str) -> None:
    written = logged("名前 %s", words)
    assert written.count("\n") == 1
    event = json.loads(written)
    assert event["event"] == f"名前 {words}"
    assert (event["level"], event["logger"]) == ("warning", "core.test")
    assert event["at"].endswith("+09:00")


def test_an_exception_is_one_line_too() -> None:
    written = logged("失敗", error=True)
    assert written.count("\n") == 1
    assert "ValueError" in json.loads(written)["exception"]


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("GET /invitations/c2VjcmV0LXNlY3JldC1zZWNyZXQ/ 200", "c2VjcmV0"),
        (
            "Not Found: /account/password/reset/key/3-cx2abc-0123456789abcdef0123456789abcdef/",
            "0123456789abcdef",
        ),
        ("refused: <hibari@town.example>: mailbox full", "hibari"),
        ("DETAIL:  Key (name)=(東山 ひばり) already exists.", "東山"),
    ],
)
def test_what_an_error_repeats_of_people_is_left_out(said: str, secret: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logger = logging.Logger("core.test")  # noqa: LOG001 - as above
    logger.addHandler(handler)
    logger.error("%s", said, exc_info=ValueError(said))
    assert secret not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_a_message_id_stays_readable() -> None:
    assert "notice-416370-ab@mail.example" in logged("sent <%s>", "notice-416370-ab@mail.example")


def test_each_request_is_one_line_without_its_query(web: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "core.request_id")
    web.get("/public/", {"search": "東山 ひばり"})
    [line] = [row.getMessage() for row in caplog.records if row.name == "core.request_id"]
    assert line.startswith("GET /public/ 200 ")


def test_an_answer_carries_the_name_of_its_request(web: Client) -> None:
    first, second = web.get("/public/")[HEADER], web.get("/public/")[HEADER]
    assert first != second
    assert len(first) >= 8
    assert web.get("/public/", headers={HEADER: "proxy-12345678"})[HEADER] == "proxy-12345678"


@pytest.mark.parametrize("given_id", ["a", "x" * 65, "bad id 123", "<script>alert", "あいうえおかきく"])
def test_a_strange_name_is_replaced(web: Client, given_id: str) -> None:
    assert web.get("/public/", headers={HEADER: given_id})[HEADER] != given_id

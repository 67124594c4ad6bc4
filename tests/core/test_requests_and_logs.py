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


def test_an_answer_carries_the_name_of_its_request(web: Client) -> None:
    first, second = web.get("/public/")[HEADER], web.get("/public/")[HEADER]
    assert first != second
    assert len(first) >= 8
    assert web.get("/public/", headers={HEADER: "proxy-12345678"})[HEADER] == "proxy-12345678"


@pytest.mark.parametrize("given_id", ["a", "x" * 65, "bad id 123", "<script>alert", "あいうえおかきく"])
def test_a_strange_name_is_replaced(web: Client, given_id: str) -> None:
    assert web.get("/public/", headers={HEADER: given_id})[HEADER] != given_id

"""Whatever is sent as a body: it is the sender's fault, told in Japanese with its field, and never a defect."""

from typing import Any

import pytest
from django.test import Client

from tests.api.machines import CASES, Machine
from tests.api.test_lists import is_japanese, problem_faults
from tests.factories import grants as cases

NUL = b'{"value": "a\\u0000"}'


@pytest.fixture
def world(db: None, clock: Any) -> cases.World:
    clock.set(cases.NOW)
    return cases.world()


def test_no_body_breaks_anything(world: cases.World) -> None:
    case = cases.start(world)
    machine = Machine(world.users["lead_editor"])
    told: dict[bytes, list[str]] = {
        b"[" * 100_000 + b"]" * 100_000: [],
        b'{"value": "x", "more": ' + b"[" * 900 + b"]" * 900 + b"}": [],
        b'{"value": 1e400}': [],
        b'{"value": NaN}': [],
        '{"value": "é"}'.encode("latin-1"): [],
        b"null": [""],
        b"[]": [""],
        b'{"value": {}}': ["value"],
        NUL: ["value"],
        b'{"value": "\\ud800"}': ["value"],
    }
    for body, fields in told.items():
        answer = Client().put(
            f"{CASES}{case.public_id}/answers/title/", body, content_type="application/json",
            headers={"Authorization": f"Bearer {machine.secret}", "If-Match": '"1"', "Idempotency-Key": "k" * 8},
        )  # fmt: skip
        assert problem_faults(answer, 400) == [], body[:40]
        faults = answer.json().get("errors", [])
        assert [fault["field"] for fault in faults] == fields, body[:40]
        assert all(is_japanese(fault["message"]) for fault in faults), faults
        assert "no-store" in answer["Cache-Control"]
        if body == NUL:  # the library's words say that something is missing
            assert "NUL" in faults[0]["message"]


def test_what_is_too_much_is_named_by_what_was_sent(world: cases.World) -> None:
    case = cases.start(world)
    machine = Machine(world.users["lead_editor"])
    path = f"{case.public_id}/answers/purpose/"
    answer = machine("put", path, {"value": "あ" * 20_001}, If_Match='"0"')
    assert problem_faults(answer, 422) == []
    assert [fault["field"] for fault in answer.json()["errors"]] == ["value"]
    rows = [{"item": "12", "fiscal_year": 2027, "amount": 1}] * 501
    share = f"{case.public_id}/members/{cases.lead_of(case).public_id}/budget/"
    answer = machine("put", share, {"costs": rows, "incomes": []}, If_Match='"1"')
    assert answer.json()["errors"] == [{"field": "costs", "message": "500件以内にしてください。", "cure": ""}]


def test_options_tell_media_types_only(world: cases.World) -> None:
    case = cases.start(world)
    answer = Machine(world.users["lead_editor"])("options", f"{case.public_id}/")
    assert (answer.status_code, answer.json()) == (
        200,
        {"renders": ["application/json"], "parses": ["application/json"]},
    )

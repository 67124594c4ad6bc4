"""Two equal Idempotency-Keys at once: one write, two equal answers. The control takes the key's row away."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.actions import replaying
from accounts.actions.replaying import Answer, once
from accounts.models import KeptAnswer
from core import clock
from grants.models import Revision
from tests.api.machines import Machine
from tests.factories import grants as cases
from tests.grants.test_races import pausing_after, together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]


@pytest.fixture
def world() -> Iterator[cases.World]:
    with clock.at(cases.NOW):
        yield cases.world()


@pytest.fixture
def keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the key is looked up as always, and never written down before the work is done."""
    unwritten = SimpleNamespace(save=lambda **_: None)
    monkeypatch.setattr(KeptAnswer.objects, "create", lambda **_: unwritten)


def at_once(job: Callable[[], Any]) -> list[Any]:
    """Twice, both past the look-up before either goes on."""
    with pausing_after(replaying, "_kept"):
        return together(job, job)


def both_run_once() -> None:
    done: list[int] = []

    def run() -> Answer:
        done.append(1)
        return Answer(201, {"number": len(done)})

    answers = at_once(
        lambda: once(caller="token:1", key="key-00000001", fingerprint="f", at=clock.now(), run=run)
    )
    assert [(answer.status, answer.body) for answer in answers] == [(201, {"number": 1})] * 2, answers
    assert sorted(answer.replayed for answer in answers) == [False, True]
    assert len(done) == 1


def both_save_once(world: cases.World) -> None:
    case = cases.start(world)
    town = Machine(world.users["lead_editor"])
    path = f"{case.public_id}/answers/purpose/"
    answers = at_once(
        lambda: town("put", path, {"value": "同じ内容"}, If_Match='"0"', Idempotency_Key="key-00000002")
    )
    assert [answer.status_code for answer in answers] == [200, 200], [answer.content for answer in answers]
    assert answers[0].json() == answers[1].json()
    assert sorted("Idempotency-Replayed" in answer for answer in answers) == [False, True]
    assert Revision.objects.filter(application=case, key="purpose").count() == 1
    assert KeptAnswer.objects.filter(key="key-00000002").count() == 1


def test_two_equal_keys_do_the_work_once(world: cases.World) -> None:
    both_run_once()
    both_save_once(world)


def test_control_the_work_is_done_twice_without_the_row(keyless: None) -> None:
    with pytest.raises(AssertionError):
        both_run_once()


def test_control_a_write_is_not_replayed_without_the_row(world: cases.World, keyless: None) -> None:
    with pytest.raises(AssertionError):
        both_save_once(world)

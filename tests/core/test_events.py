"""Hash-chained events: written once, verified for ever."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AccountEvent
from core import clock, events
from core.actor import SYSTEM
from core.append_only import suspended
from core.exceptions import AppendOnlyError
from tests.core.routes import person

MOMENT = datetime(2026, 5, 29, 8, 0, 0, 123456, tzinfo=UTC)


def fill(chain: str, count: int) -> list[AccountEvent]:
    return [
        AccountEvent.append(
            chain, person("editor"), f"step_{number}", from_state="draft", to_state="submitted",
            effective_on=date(2026, 5, 29), comment=f"理由{number}\n二行目", payload={"金額": 10_000_000 + number}, at=MOMENT,
        )
        for number in range(count)
    ]  # fmt: skip


def in_memory(count: int, chain: str = "case:1") -> list[AccountEvent]:
    """A chain that was never stored, to be tampered with by properties."""
    written, previous = [], events.FIRST_PREVIOUS_HASH
    for number in range(count):
        event = AccountEvent(
            chain_key=chain, sequence=number + 1, at=MOMENT, actor_name="試験 花子", action=f"step_{number}",
            comment="理由", payload={"n": number}, previous_hash=previous,
        )  # fmt: skip
        event.hash = previous = event.computed_hash()
        written.append(event)
    return written


# --- Appending ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_event_says_who_in_which_body_when_and_from_where_to_where() -> None:
    with clock.at(MOMENT):
        event = AccountEvent.append(
            "case:1",
            person("editor", "approver"),
            "submit",
            from_state="draft",
            to_state="submitted",
            comment="締切前",
        )
    stored = AccountEvent.objects.get(pk=event.pk)
    assert (stored.actor_name, stored.actor_user_id, stored.actor_membership_id) == ("試験 花子", 7, 70)
    assert (stored.organization_name, stored.department_name, stored.role) == (
        "檜原村",
        "企画財政課",
        "approver,editor",
    )
    assert (stored.from_state, stored.to_state, stored.comment) == ("draft", "submitted", "締切前")
    assert (stored.at, stored.sequence, stored.previous_hash) == (MOMENT, 1, events.FIRST_PREVIOUS_HASH)
    assert stored.hash == stored.computed_hash()
    assert str(stored) == "case:1 #1 submit"


@pytest.mark.django_db
def test_each_case_has_its_own_unbroken_chain_as_stored() -> None:
    fill("case:1", 3)
    fill("case:2", 2)
    AccountEvent.append("case:1", SYSTEM, "expire", role="system")
    assert list(AccountEvent.objects.filter(chain_key="case:1").values_list("sequence", flat=True)) == [
        1,
        2,
        3,
        4,
    ]
    assert events.verify_chain(AccountEvent.objects.all()) == []
    heads = events.chain_heads(AccountEvent.objects.all())
    assert {key: sequence for key, (sequence, _) in heads.items()} == {"case:1": 4, "case:2": 2}
    assert len(events.heads_digest(heads)) == 64
    fill("case:2", 1)
    assert events.verify_chain(AccountEvent.objects.all(), heads) == []
    assert events.heads_digest(events.chain_heads(AccountEvent.objects.all())) != events.heads_digest(heads)


@pytest.mark.django_db
def test_payloads_come_back_as_they_were_hashed() -> None:
    payload = {
        "日": date(2026, 4, 1), "時": MOMENT, "率": Fraction(2, 3), "数": Decimal("1.10"), "id": UUID(int=5), "空": None,
        "入れ子": [{"b": 1, "a": [True, "𠮷\U000e0100"]}, ("x",)], "集合": {"い", "あ"}, "大": 10**15,
    }  # fmt: skip
    event = AccountEvent.append("case:1", SYSTEM, "note", payload=payload)
    stored = AccountEvent.objects.get(pk=event.pk)
    assert stored.payload == event.payload
    assert stored.payload["率"] == "2/3"
    assert events.verify_chain(AccountEvent.objects.all()) == []


@pytest.mark.parametrize("bad", [{"a": 0.5}, {"a": [{"b": 1.0}]}, {1: "x"}, {"a": object()}, {"a": b"x"}])
def test_floats_and_objects_are_no_record(bad: dict) -> None:
    with pytest.raises(TypeError):
        events.plain(bad)


@pytest.mark.parametrize("bad", [{"a": "x\x00"}, {"\ud800": 1}])
def test_text_no_engine_can_store_is_refused(bad: dict) -> None:
    with pytest.raises(ValueError, match="文字"):
        events.plain(bad)


@pytest.mark.django_db
def test_an_event_rolls_back_with_its_action() -> None:
    def fails_after_recording() -> None:
        with transaction.atomic():
            fill("case:1", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_after_recording()
    assert not AccountEvent.objects.exists()
    fill("case:1", 1)
    assert events.verify_chain(AccountEvent.objects.all()) == []


@pytest.mark.django_db
def test_python_refuses_change_removal_and_forged_inserts() -> None:
    event = fill("case:1", 1)[0]
    event.comment = "書換え"
    forged = in_memory(1, "case:9")[0]
    forged.comment = "偽造"
    for attempt in (
        event.save, event.delete, forged.save,
        lambda: AccountEvent.objects.update(comment="x"), lambda: AccountEvent.objects.all().delete(),
    ):  # fmt: skip
        with pytest.raises(AppendOnlyError, match=r"append|追記専用"):
            attempt()


@pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race")
@pytest.mark.django_db(transaction=True)
def test_racing_appends_leave_one_whole_chain() -> None:
    """Eight threads start one chain at once: every event gets its own place."""
    barrier, errors = Barrier(8), []

    def one() -> None:
        try:
            barrier.wait(timeout=30)
            AccountEvent.append("case:race", SYSTEM, "tick")
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert sorted(AccountEvent.objects.values_list("sequence", flat=True)) == list(range(1, 9))
    assert events.verify_chain(AccountEvent.objects.all()) == []


# --- Verifying ------------------------------------------------------------------------------------------


@given(st.integers(0, 6), st.randoms())
def test_a_whole_chain_verifies_in_any_order_given(count: int, rng: random.Random) -> None:
    chain = in_memory(count)
    mixed = [*chain, *in_memory(2, "case:2")]
    rng.shuffle(mixed)
    assert events.verify_chain(mixed) == []


EDITS: dict[str, Callable[[AccountEvent], object]] = {
    "actor_name": lambda _: "別の人",
    "actor_user_id": lambda _: 99,
    "organization_name": lambda _: "別の団体",
    "action": lambda e: e.action + "x",
    "from_state": lambda _: "draft",
    "to_state": lambda _: "adopted",
    "effective_on": lambda _: date(2026, 4, 1),
    "comment": lambda e: e.comment + "。",
    "payload": lambda e: {**e.payload, "n": -1},
    "at": lambda _: datetime(2026, 5, 29, 8, 0, 0, 123457, tzinfo=UTC),
    "hash": lambda _: "f" * 64,
    "previous_hash": lambda _: "f" * 64,
    "sequence": lambda e: e.sequence + 1,
    "organization_id": lambda _: 3,
}


@given(st.integers(1, 6), st.data(), st.sampled_from(sorted(EDITS)))
def test_any_edited_column_is_found(count: int, data: st.DataObject, column: str) -> None:
    chain = in_memory(count)
    victim = data.draw(st.sampled_from(chain))
    setattr(victim, column, EDITS[column](victim))
    assert events.verify_chain(chain)


@given(st.integers(1, 6), st.data())
def test_an_edit_with_a_recomputed_hash_is_found_at_the_next_link_or_the_anchor(
    count: int, data: st.DataObject
) -> None:
    chain = in_memory(count)
    heads = {"case:1": (chain[-1].sequence, chain[-1].hash)}
    victim = data.draw(st.sampled_from(chain))
    victim.comment = "書換え"
    victim.hash = victim.computed_hash()
    assert events.verify_chain(chain, heads)
    if victim is not chain[-1]:
        assert events.verify_chain(chain)


@given(st.integers(1, 6), st.data())
def test_any_removed_event_is_found(count: int, data: st.DataObject) -> None:
    chain = in_memory(count)
    heads = {"case:1": (chain[-1].sequence, chain[-1].hash)}
    place = data.draw(st.integers(0, count - 1))
    del chain[place]
    assert events.verify_chain(chain, heads)
    if place < count - 1:
        assert events.verify_chain(chain)


@given(st.integers(2, 6), st.data())
def test_any_reordering_and_any_insertion_is_found(count: int, data: st.DataObject) -> None:
    chain = in_memory(count)
    order = data.draw(st.permutations(range(count)).filter(lambda p: p != list(range(count))))
    for event, place in zip(chain, order, strict=True):
        event.sequence = place + 1
    assert events.verify_chain(chain)
    doubled = [*in_memory(count), in_memory(count)[data.draw(st.integers(0, count - 1))]]
    assert events.verify_chain(doubled)


def test_moving_an_event_to_another_chain_is_found() -> None:
    chain = in_memory(3)
    chain[2].chain_key = "case:2"
    assert len(events.verify_chain(chain)) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tampering",
    ["UPDATE accounts_accountevent SET comment = 'x' WHERE sequence = 2", "DELETE FROM accounts_accountevent WHERE sequence = 2"],
)  # fmt: skip
def test_tampering_below_the_portal_is_found(tampering: str) -> None:
    fill("case:1", 3)
    with suspended(AccountEvent), connection.cursor() as cursor:
        cursor.execute(tampering)
    faults = events.verify_chain(AccountEvent.objects.all())
    assert faults
    assert "case:1" in faults[0]


# --- Digests of people ----------------------------------------------------------------------------------


@given(st.text(min_size=1), st.text(min_size=1))
def test_digests_tell_people_apart_only_with_the_salt(one: str, other: str) -> None:
    from core.text import fold

    salt = events.new_salt()
    assert (events.digest_person(one, salt) == events.digest_person(other, salt)) == (
        fold(one) == fold(other)
    )
    assert events.digest_person(one, salt) != events.digest_person(one, events.new_salt())


def test_a_digest_needs_a_salt_and_ignores_width() -> None:
    assert events.digest_person("ﾀﾏ", "s") == events.digest_person("タマ", "s")
    with pytest.raises(ValueError, match="salt"):
        events.digest_person("x", "")

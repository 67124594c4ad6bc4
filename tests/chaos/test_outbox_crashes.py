"""kill -9 at named points between an action's commit and the last mark, counted at a real SMTP server.

After the restart nobody is left out, and a killed process doubles at most one mail, under the same Message-ID.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos.conftest import Postbox

Run = Callable[..., Any]
MAILBOXES = {f"box{number}@out.example" for number in range(1, 21)}

# point, doubled mails, flagged rows
CRASHES = [
    ("after the action's commit", 0, 0),
    ("addressing", 0, 0),
    ("after claiming", 0, 0),
    ("before sending the first", 0, 1),
    ("first accepted, not noted", 1, 1),
    ("tenth begun, not sent", 0, 1),
    ("tenth accepted, not noted", 1, 1),
    ("tenth noted", 0, 0),
    ("last noted, not told", 0, 0),
    ("last told", 0, 0),
    ("tenth accepted, disk full", 1, 1),
]


def restart(run: Run) -> dict[str, Any]:
    """The next beat, long before the lease of the dead has run out; then what the database says."""
    run("work")
    return run("state")


@pytest.mark.parametrize(("point", "doubled", "flagged"), CRASHES)
def test_killed_and_restarted_everybody_is_told(
    run: Run, postbox: Postbox, point: str, doubled: int, flagged: int
) -> None:
    if point != "after the action's commit":
        run("tell", "20")
    assert run("work", point) is None, "the process was to be killed"
    state = restart(run)
    counted = Counter(postbox.mailboxes())
    assert set(counted) == MAILBOXES
    assert sum(counted.values()) - len(counted) == doubled
    assert max(counted.values()) <= 2
    for mailbox in counted:
        assert len({identity for address, identity in postbox.accepted if address == mailbox}) == 1
    assert {row["state"] for row in state["rows"]} == {"sent"}
    assert [row["maybe_twice"] for row in state["rows"]].count(True) == flagged
    assert {row["mailbox"] for row in state["rows"] if row["attempts"] > 1} >= {
        mailbox for mailbox, mails in counted.items() if mails > 1
    }
    assert state["faults"] == []
    assert run("work") == {"sent": 0, "deferred": 0, "refused": 0}


def test_two_processes_killed_one_after_the_other(run: Run, postbox: Postbox) -> None:
    """Each doubles at most one mail."""
    run("tell", "20")
    for point in ("tenth accepted, not noted", "first accepted, not noted"):
        assert run("work", point) is None
    restart(run)
    counted = Counter(postbox.mailboxes())
    assert set(counted) == MAILBOXES
    assert sum(counted.values()) - len(counted) == 2


@pytest.mark.parametrize("point", ["carrying on", "carried on, not forgotten"])
def test_killed_while_it_tells_what_a_dead_one_sent(run: Run, postbox: Postbox, point: str) -> None:
    """The book of the first is there for the third."""
    run("tell", "20")
    assert run("work", "tenth accepted, not noted") is None
    assert run("work", point) is None
    state = restart(run)
    counted = Counter(postbox.mailboxes())
    assert set(counted) == MAILBOXES
    assert sum(counted.values()) - len(counted) == 1
    assert [row["maybe_twice"] for row in state["rows"]].count(True) == 1


def test_another_machine_waits_for_the_lease(run: Run, postbox: Postbox) -> None:
    """It cannot know whether the holder lives; the same beat on the dead one's machine would (above)."""
    run("tell", "20")
    assert run("work", "after claiming") is None
    assert run("elsewhere")["sent"] == 0
    assert run("elsewhere", "55")["sent"] == 0
    assert run("elsewhere", "61")["sent"] == 20
    assert set(Counter(postbox.mailboxes()).values()) == {1}


def test_a_machine_lost_with_its_disk_doubles_what_it_had_not_told(run: Run, postbox: Postbox) -> None:
    """Nobody is left out; what may have gone twice says so, under the same Message-ID."""
    run("tell", "20")
    assert run("work", "tenth accepted, not noted") is None
    assert run("elsewhere", "61")["sent"] == 20
    assert len(postbox.accepted) == 30
    assert len(set(postbox.accepted)) == 20
    assert {row["maybe_twice"] for row in run("state")["rows"]} == {True}


def test_control_without_a_book_a_batch_would_be_doubled(run: Run, postbox: Postbox) -> None:
    """The same kill with nothing noted doubles ten mails: this test would notice."""
    run("tell", "20")
    assert run("work", "tenth accepted, without a book") is None
    restart(run)
    assert len(postbox.accepted) - len(set(postbox.accepted)) == 10


def test_control_noting_first_would_lose_a_mail(run: Run, postbox: Postbox) -> None:
    """With `sent` written before the mail goes, the same kill loses one: this test would notice."""
    run("tell", "20")
    assert run("work", "noted before it was sent") is None
    state = restart(run)
    assert {row["state"] for row in state["rows"]} == {"sent"}
    assert len(MAILBOXES - set(postbox.mailboxes())) == 1


def test_server_away_and_back(run: Run, postbox: Postbox, smtp: Any) -> None:
    """Nothing is lost while it is away; the rest goes as soon as it is back."""
    run("tell", "20")
    assert run("work", port=1) == {"sent": 0, "deferred": 1, "refused": 0}
    assert {row["state"] for row in run("state")["rows"]} == {"pending"}
    assert run("work")["sent"] == 19  # the one that was tried waits for its own back-off
    assert len(postbox.accepted) == 19


def test_one_bad_address_fails_alone(run: Run, postbox: Postbox) -> None:
    postbox.refused.add("box7@out.example")
    run("tell", "20")
    assert run("work") == {"sent": 19, "deferred": 0, "refused": 1}
    assert set(postbox.mailboxes()) == MAILBOXES - {"box7@out.example"}
    assert [row["mailbox"] for row in run("state")["rows"] if row["state"] == "pending"] == [
        "box7@out.example"
    ]

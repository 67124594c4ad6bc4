"""Several decisions of one kind at once: what would be refused and why, then each in a transaction of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from grants.actions import decision
from grants.enums import ApplicationStatus, ReviewOutcome
from grants.models import Application, ApplicationEvent

S = ApplicationStatus
MOST: Final = 400
"""So many at once."""


@dataclass(frozen=True)
class Item:
    """One case with the version its page showed; `amount` (yen) only where adoption is drafted."""

    application_id: int
    version: int
    amount: int | None = None


@dataclass(frozen=True)
class Result:
    """What became of one item. `reason` says why it was refused; `stale`: the case had moved on since the page."""

    item: Item
    done: bool
    reason: str = ""
    stale: bool = False
    already: bool = False


@dataclass(frozen=True)
class Verb:
    """One kind of act: its name in the lifecycle table, the state it starts from, and how it is run."""

    label: str
    action: str
    source: ApplicationStatus
    run: Callable[..., object]
    extra: Mapping[str, Any]
    takes_amount: bool = False

    @property
    def drafts(self) -> bool:
        """Whether it makes a draft (an officer's act) rather than a decision."""
        return self.action == "recommend"


VERBS: Final[Mapping[str, Verb]] = {
    "recommend_adopt": Verb(
        "採択で起案する", "recommend", S.UNDER_REVIEW, decision.recommend, {"outcome": ReviewOutcome.ADOPT.value},
        takes_amount=True,
    ),
    "recommend_reject": Verb(
        "不採択で起案する", "recommend", S.UNDER_REVIEW, decision.recommend, {"outcome": ReviewOutcome.REJECT.value}
    ),
    "adopt": Verb("採択を決定する", "adopt", S.DECIDING, decision.adopt, {}),
    "reject": Verb("不採択を決定する", "reject", S.DECIDING, decision.reject, {}),
    "reserve": Verb("補欠を決定する", "reserve", S.DECIDING, decision.reserve, {}),
}  # fmt: skip


def preflight(
    *, verb: str, items: Sequence[Item], by: Actor, facts: Mapping[str, Any], at: datetime | None = None
) -> list[Result]:
    """What `decide_many` would answer now, item by item: each act is done and undone, so both judge by the same code."""
    return [_one(VERBS[verb], item, by, facts, at or clock.now(), dry=True) for item in _bounded(items)]


def decide_many(
    *, verb: str, items: Sequence[Item], by: Actor, facts: Mapping[str, Any], at: datetime | None = None
) -> list[Result]:
    """Do it to each in turn, each whole or not at all; what is refused holds nothing up.

    A case that has moved on since the page is refused; one that this person's own earlier click has moved counts as
    done. Raises DomainError for more than MOST.
    """
    return [_one(VERBS[verb], item, by, facts, at or clock.now(), dry=False) for item in _bounded(items)]


def _bounded(items: Sequence[Item]) -> Sequence[Item]:
    if len(items) > MOST:
        raise DomainError(f"一度に行えるのは{MOST}件までです。選ぶ申請を減らしてください。")
    return items


def _one(verb: Verb, item: Item, by: Actor, facts: Mapping[str, Any], at: datetime, *, dry: bool) -> Result:
    given = {**verb.extra, **facts, **({"amount": item.amount} if verb.takes_amount else {})}
    try:
        with transaction.atomic():
            verb.run(application_id=item.application_id, by=by, expected_version=item.version, at=at, **given)
            if dry:
                transaction.set_rollback(True)
    except (Conflict, UnknownTransition) as error:
        if _done_by(by, verb, item):
            return Result(item, done=True, already=True)
        return Result(item, done=False, reason=str(error), stale=_moved(item))
    except DomainError as error:
        return Result(item, done=False, reason=str(error))
    except Refused as error:
        return Result(item, done=False, reason=error.reason or "この申請は、あなたには扱えません。")
    return Result(item, done=True)


def _done_by(by: Actor, verb: Verb, item: Item) -> bool:
    """Whether it was this very act by this person that moved the case on from the version shown."""
    newest = (
        ApplicationEvent.objects.filter(application_id=item.application_id, action=verb.action)
        .order_by("-sequence")
        .first()
    )
    return (
        newest is not None
        and newest.actor_user_id == by.user_id
        and newest.payload.get("version") == item.version + 1
        and all(newest.payload.get(name) == value for name, value in verb.extra.items())
    )


def _moved(item: Item) -> bool:
    return not Application.objects.filter(pk=item.application_id, version=item.version).exists()

"""Idempotency-Key: the same request gets the same answer again, and nothing is done twice.

The key's row and what the request does are one transaction: a request that fails leaves no row and may be sent again;
two at once wait for each other on the unique key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts.models import KeptAnswer
from core.exceptions import DomainError, Fault

KEPT_FOR: Final = timedelta(days=7)


@dataclass(frozen=True)
class Answer:
    """What a write came to: HTTP status, plain body, headers; `replayed` when it was kept from before."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False


def once(*, caller: str, key: str, fingerprint: str, at: datetime, run: Callable[[], Answer]) -> Answer:
    """Do `run` and keep its answer, or give the kept one.

    Raises DomainError (422) when the key came with another request before, and whatever `run` raises.
    """
    if found := _kept(caller, key, fingerprint):
        return found
    try:
        with transaction.atomic():
            KeptAnswer.objects.filter(caller=caller, kept_at__lt=at - KEPT_FOR).delete()
            row = KeptAnswer.objects.create(caller=caller, key=key, fingerprint=fingerprint, kept_at=at)
            answer = run()
            row.code, row.body, row.headers = answer.status, answer.body, dict(answer.headers)
            row.save(update_fields=["code", "body", "headers"])
            return answer
    except IntegrityError:
        found = _kept(caller, key, fingerprint)
        if found is None:  # another rule of the database said no
            raise
        return found


def _kept(caller: str, key: str, fingerprint: str) -> Answer | None:
    row = KeptAnswer.objects.filter(caller=caller, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        text = "この Idempotency-Key は、別の内容の送信で使われています。"
        raise DomainError(Fault("Idempotency-Key", text, "新しい値にして送ってください。"))
    return Answer(row.code, row.body, row.headers, replayed=True)

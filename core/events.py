"""The record of what happened: append-only events, one hash chain per case.

Each app makes one concrete model of `HashChainedEvent` with its own foreign keys, decorated with
`append_only`. Every event's hash covers all its columns but the primary key, and the hash before it, so an
edited, removed, inserted or reordered row is found by `verify_chain`. A removed tail is found against
`chain_heads` kept elsewhere (the daily anchor).
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn, Self
from uuid import UUID

from django.db import IntegrityError, models, transaction

from core import clock
from core.actor import Actor
from core.exceptions import AppendOnlyError
from core.text import fold, unstorable

FIRST_PREVIOUS_HASH = "0" * 64
_APPEND_ATTEMPTS = 5


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads and inserts; refuses what the triggers would refuse, with a clear error."""

    def update(self, **_changes: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError(f"{self.model.__name__} は追記専用です。変更できません。")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnlyError(f"{self.model.__name__} は追記専用です。削除できません。")


class HashChainedEvent(models.Model):
    """One thing that happened to one case. Names are stored as they were on that day.

    A subclass adds nullable columns only (a None is left out of the hash, so that chains written before
    the column existed still verify), and protects its foreign keys (`on_delete=PROTECT`).
    """

    chain_key = models.CharField("案件", max_length=100)
    sequence = models.PositiveIntegerField("順番")
    at = models.DateTimeField("記録日時")
    actor_name = models.CharField("行った人", max_length=200)
    actor_user_id = models.BigIntegerField("利用者番号", null=True)
    actor_membership_id = models.BigIntegerField("配属番号", null=True)
    organization_name = models.CharField("団体", max_length=200, blank=True)
    department_name = models.CharField("部署", max_length=200, blank=True)
    role = models.CharField("役割", max_length=200, blank=True)
    action = models.CharField("操作", max_length=60)
    from_state = models.CharField("前の状態", max_length=40, blank=True)
    to_state = models.CharField("後の状態", max_length=40, blank=True)
    effective_on = models.DateField("効力の生じる日", null=True)
    comment = models.TextField("理由・コメント", blank=True)
    payload = models.JSONField("内容", default=dict)
    previous_hash = models.CharField("前の記録のハッシュ", max_length=64)
    hash = models.CharField("ハッシュ", max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["chain_key", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chain_key", "sequence"], name="%(app_label)s_%(class)s_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_key} #{self.sequence} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only, and only with the right hash; use `append`. Raises AppendOnlyError."""
        if not self._state.adding:
            raise AppendOnlyError("記録は追記専用です。変更できません。")
        if self.hash != self.computed_hash():
            raise AppendOnlyError("記録のハッシュが合いません。append を使ってください。")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("記録は追記専用です。削除できません。")

    @classmethod
    def append(
        cls,
        chain_key: str,
        actor: Actor,
        action: str,
        *,
        role: str = "",
        from_state: str = "",
        to_state: str = "",
        effective_on: date | None = None,
        comment: str = "",
        payload: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        **columns: Any,
    ) -> Self:
        """Add an event to the end of its chain, in the caller's transaction, and return it.

        `at` is the instant of entry (default: now), `role` the role acted in (default: all the actor has),
        `columns` the subclass's own. Waits for a concurrent append to the same chain to commit.
        Raises TypeError for a payload that is not plain data (no floats), ValueError for unstorable text.
        """
        event = cls(
            chain_key=chain_key,
            at=(at or clock.now()).astimezone(UTC),
            actor_name=actor.name,
            actor_user_id=actor.user_id,
            actor_membership_id=actor.membership_id,
            organization_name=actor.organization_name,
            department_name=actor.department_name,
            role=role or ",".join(sorted(actor.roles)),
            action=action,
            from_state=from_state,
            to_state=to_state,
            effective_on=effective_on,
            comment=comment,
            payload=plain(dict(payload or {})),
            **columns,
        )
        return event._insert_at_end()

    def _insert_at_end(self) -> Self:
        for attempt in range(_APPEND_ATTEMPTS):
            with transaction.atomic():
                last = self._locked_last()
                self.sequence = last.sequence + 1 if last else 1
                self.previous_hash = last.hash if last else FIRST_PREVIOUS_HASH
                self.hash = self.computed_hash()
                try:
                    with transaction.atomic():
                        self.save(force_insert=True)
                except IntegrityError:
                    # Another transaction wrote this place first (only possible for the first event of a
                    # chain, which has no row to lock); anything else is not ours to repeat.
                    taken = self._chain().filter(sequence=self.sequence).exists()
                    if not taken or attempt == _APPEND_ATTEMPTS - 1:
                        raise
                    self.pk = None
                else:
                    return self
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _chain(self) -> "models.QuerySet[Self]":
        return type(self)._default_manager.filter(chain_key=self.chain_key)

    def _locked_last(self) -> "Self | None":
        """The chain's last row, locked. Looks again after waiting: the lock's former holder may have added one."""
        while True:
            last = self._chain().select_for_update().order_by("-sequence").first()
            newest = self._chain().order_by("-sequence").values_list("sequence", flat=True).first()
            if (last.sequence if last else None) == newest:
                return last

    def computed_hash(self) -> str:
        """SHA-256 (hex) of the canonical form: table name and every column but primary key and hash."""
        columns = {
            field.attname: _canonical(getattr(self, field.attname))
            for field in self._meta.concrete_fields
            if not field.primary_key and field.name != "hash" and getattr(self, field.attname) is not None
        }
        columns["#"] = self._meta.label_lower
        return hashlib.sha256(_json(columns).encode()).hexdigest()


def verify_chain(
    events: "models.QuerySet[Any] | Iterable[HashChainedEvent]",
    heads: Mapping[str, tuple[int, str]] | None = None,
) -> list[str]:
    """Every fault of the chains these events form, one Japanese line each; [] when all is whole.

    Give whole chains; several may be mixed, in any order. `heads` is what `chain_heads` said earlier: a
    chain that is now shorter, or has another hash at that place, has been cut or rewritten.
    """
    faults: list[str] = []
    chains: dict[str, list[HashChainedEvent]] = {key: [] for key in heads or {}}
    rows = events.iterator(chunk_size=2000) if isinstance(events, models.QuerySet) else events
    for event in rows:
        chains.setdefault(event.chain_key, []).append(event)
    for key in sorted(chains):
        chain = sorted(chains[key], key=lambda event: event.sequence)
        faults += _chain_faults(key, chain)
        if heads and key in heads:
            faults += _head_faults(key, chain, *heads[key])
    return faults


def _chain_faults(key: str, chain: list[HashChainedEvent]) -> Iterable[str]:
    expected_previous, expected_sequence = FIRST_PREVIOUS_HASH, 1
    for event in chain:
        where = f"{key} の{event.sequence}番目"
        if event.sequence != expected_sequence:
            yield f"{where}：番号が続いていません（{expected_sequence}番目のはず）。"
        if event.previous_hash != expected_previous:
            yield f"{where}：前の記録とつながっていません。"
        if event.hash != event.computed_hash():
            yield f"{where}：内容が書き換えられています。"
        expected_previous, expected_sequence = event.hash, event.sequence + 1


def _head_faults(key: str, chain: list[HashChainedEvent], sequence: int, digest: str) -> Iterable[str]:
    there = next((event for event in chain if event.sequence == sequence), None)
    if there is None:
        yield f"{key}：{sequence}番目までの記録があったのに、失われています。"
    elif there.hash != digest:
        yield f"{key} の{sequence}番目：以前に控えたハッシュと違います。"


def chain_heads(events: "models.QuerySet[Any]") -> dict[str, tuple[int, str]]:
    """The last (sequence, hash) of every chain: what a daily anchor keeps."""
    rows = events.order_by("chain_key", "sequence").values_list("chain_key", "sequence", "hash")
    return {key: (sequence, digest) for key, sequence, digest in rows.iterator(chunk_size=2000)}


def heads_digest(heads: Mapping[str, tuple[int, str]]) -> str:
    """One SHA-256 (hex) over all heads: short enough to print, mail or publish."""
    return hashlib.sha256(_json({key: list(head) for key, head in heads.items()}).encode()).hexdigest()


# --- Plain data and digests -------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as it will come back from a JSON column on either engine.

    Dates, instants, UUIDs and exact numbers become text; keys must be text. Raises TypeError for a float
    (money is never float, and engines print floats differently) and for anything else that is not data.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if fault := unstorable(value):
            raise ValueError(fault)
        return str.__str__(value)
    if isinstance(value, date | UUID | Decimal | Fraction):
        return value.isoformat() if isinstance(value, date) else str(value)
    return _plain_collection(value)


def _plain_collection(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    raise TypeError(f"events keep plain data only, not {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"keys of an event's payload are text, not {type(key).__name__}")
    return str(plain(key))


def _canonical(value: Any) -> Any:
    return (
        value.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(value, datetime)
        else plain(value)
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def new_salt() -> str:
    """A random salt (32 hex digits) to keep beside a person's row; it goes when the person is purged."""
    return secrets.token_hex(16)


def digest_person(value: str, salt: str) -> str:
    """A salted digest (hex) of a personal value, for payloads and snapshots instead of the value itself.

    Once the salt is purged with the person, the digest can neither be reversed nor guessed, and the chain
    still verifies. Folded first: the same name in another width gives the same digest.
    """
    if not salt:
        raise ValueError("a digest of a personal value needs a salt")
    return hmac.new(salt.encode(), fold(value).encode(), hashlib.sha256).hexdigest()

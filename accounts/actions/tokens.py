"""API tokens: made by a person for one of their own posts, shown once, revoked at once. Every act is on record.

Secret: "tamap_<8 signs>_<43 signs>"; the first part lets scanners find it, the second is its public key, the third
has 256 random bits. Kept is the SHA-256 of the whole, which is enough for a secret nobody chose.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from accounts.actions.membership import chain_of
from accounts.enums import Scope
from accounts.models import AccountEvent, ApiToken, Membership, User
from accounts.models.notice import heirs
from accounts.models.token import ApiTokenQuerySet
from accounts.rules import TOKEN_DAYS, TOKEN_PREFIX, TOKENS_PER_PERSON
from core import clock
from core.access import require
from core.actor import SYSTEM, Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.text import unstorable

_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_KEY_LENGTH: Final = 8
_SHAPE: Final = re.compile(rf"{TOKEN_PREFIX}[{_ALPHABET}]{{8}}_[A-Za-z0-9_-]{{43}}")
_NOTED_EVERY: Final = timedelta(minutes=10)
LONGEST_NAME: Final = 60


@transaction.atomic
def make_token(
    *,
    membership_id: int,
    name: str,
    scopes: Collection[str],
    days: int,
    by: Actor,
    at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token for one of one's own posts, and its secret, which is shown once and not kept.

    Raises Refused for a post that is not one's own or whose role no machine may act in, DomainError for a name,
    scopes or days that are not offered, and when the person has as many working tokens as allowed.
    """
    instant = at or clock.now()
    post = _own_post(membership_id, by, instant)
    name = " ".join(name.split())
    if faults := _faults(name, scopes, days):
        raise DomainError(*faults)
    held = ApiToken.objects.working(instant).filter(membership__user=post.user_id)
    if held.count() >= TOKENS_PER_PERSON:
        text = f"使えるトークンは1人{TOKENS_PER_PERSON}つまでです。"
        raise DomainError(Fault("", text, "使っていないトークンを取り消してから作ってください。"))
    key = "".join(secrets.choice(_ALPHABET) for _ in range(_KEY_LENGTH))
    secret = f"{TOKEN_PREFIX}{key}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        key=key, digest=digest_of(secret), membership=post, name=name, made_at=instant,
        scopes=[scope.value for scope in Scope if scope.value in scopes], expires_at=instant + timedelta(days=days),
    )  # fmt: skip
    _record(token, by, "make_token")
    return token, secret


def _own_post(membership_id: int, by: Actor, at: datetime) -> Membership:
    if by.user_id is None:
        raise Refused
    User.objects.select_for_update().get(pk=by.user_id)  # two tabs do not make one token too many
    rows = Membership.objects.select_related("department__organization", "user")
    post = rows.filter(pk=membership_id, user=by.user_id).first()
    if post is None:
        raise Refused
    require(by, "accounts.make_token", post, at)
    return post


def _faults(name: str, scopes: Collection[str], days: int) -> list[Fault]:
    faults = []
    if not name or len(name) > LONGEST_NAME or unstorable(name):
        faults.append(
            Fault("name", f"使い道は1字から{LONGEST_NAME}字までです。", "短い言葉で入力してください。")
        )
    if not scopes or not set(scopes) <= set(Scope.values):
        faults.append(Fault("scopes", "できることが選ばれていません。", "1つ以上えらんでください。"))
    if days not in TOKEN_DAYS:
        faults.append(Fault("days", "この期間はえらべません。", "一覧からえらんでください。"))
    return faults


@transaction.atomic
def revoke_token(*, token_id: int, by: Actor, at: datetime | None = None) -> ApiToken:
    """Make a token stop working at once: its owner, or an administrator of the body.

    Raises Refused (404) for anybody else's, Conflict when it was revoked already.
    """
    instant = at or clock.now()
    rows = ApiToken.objects.select_for_update(of=("self",))
    token = (
        rows.select_related("membership__department__organization", "membership__user")
        .filter(pk=token_id)
        .first()
    )
    if token is None:
        raise Refused
    require(by, "accounts.keep_tokens", token, instant)
    if token.revoked_at is not None:
        raise Conflict("このトークンはすでに取り消されています。")
    _revoke(token, by, instant)
    return token


def revoke_all(*, person: User, by: Actor, at: datetime | None = None) -> int:
    """Revoke every token of a person whose account is closed or whose factors were reset; how many.

    Called inside the transaction of that act, which has asked who may.
    """
    rows = ApiToken.objects.select_for_update(of=("self",)).filter(
        membership__user=person, revoked_at__isnull=True
    )
    tokens = list(rows.select_related("membership__department__organization", "membership__user"))
    for token in tokens:
        _revoke(token, by, at or clock.now())
    return len(tokens)


def _revoke(token: ApiToken, by: Actor, at: datetime) -> None:
    token.revoked_at, token.revoked_by_id = at, by.user_id
    token.save(update_fields=["revoked_at", "revoked_by"])
    _record(token, by, "revoke_token")


def _record(token: ApiToken, by: Actor, action: str) -> None:
    post = token.membership
    organization = post.department.organization
    AccountEvent.append(
        chain_of(organization), by, action, organization=organization, subject=post.user,
        payload={
            "token": f"{token.name}（{token.key}）", "department": post.department.name, "role": post.role,
            "scopes": token.scopes, "expires_at": token.expires_at,
        },
    )  # fmt: skip


def token_by_secret(secret: str, at: datetime) -> ApiToken | None:
    """The working token of a secret, with post, department, body and person at hand; one query, none for nonsense.

    One whose unit has just become another goes on from the first instant, before the schedule has come round.
    """
    if not _SHAPE.fullmatch(secret):
        return None
    held = ApiToken.objects.filter(digest=digest_of(secret))
    rows = held.select_related("membership__department__organization", "membership__user").working(at)
    token = rows.first()
    return rows.first() if token is None and carry_tokens(at=at, among=held) else token


@transaction.atomic
def carry_tokens(*, at: datetime, among: ApiTokenQuerySet | None = None) -> int:
    """Let tokens follow a unit that was renamed, split or merged: to the post their person holds in the same role there.

    How many. Not where the post ended before its unit did, nor where the person has that role in two new units: whose
    work the machine does has to be said again then.
    """
    today = clock.today(at)
    tokens = ApiToken.objects.all() if among is None else among
    standing = tokens.filter(
        Q(membership__ends_on__isnull=True) | Q(membership__ends_on__gte=F("membership__department__valid_to")),
        membership__department__valid_to__lt=today, membership__user__is_active=True,
        revoked_at__isnull=True, expires_at__gt=at,
    )  # fmt: skip
    rows = standing.select_for_update(of=("self",)).select_related("membership__user")
    carried = 0
    for token in rows:
        old = token.membership
        units = heirs([old.department_id], today)[old.department_id]
        posts = Membership.objects.in_force(today).filter(
            user=old.user_id, role=old.role, department__in=units
        )
        match list(posts.select_related("department__organization", "user")[:2]):
            case [post]:
                token.membership = post
                token.save(update_fields=["membership"])
                _record(token, SYSTEM, "carry_token")
                carried += 1
    return carried


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Remember when a token was last used, to ten minutes: a busy client does not write at each request."""
    if token.last_used_at is None or at - token.last_used_at >= _NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


def digest_of(secret: str) -> str:
    """What is kept of a secret (SHA-256, hex)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_token(token: ApiToken) -> Actor:
    """Who acts: the post's body, department and its one role, within the token's scopes."""
    post = token.membership
    body = post.department.organization
    return Actor(
        user_id=post.user_id, name=f"{post.user.name}（APIのトークン {token.key}）", membership_id=post.pk,
        organization_id=body.pk, organization_code=body.code, organization_name=body.name,
        department_id=post.department_id, department_name=post.department.name, roles=frozenset({post.role}),
        second_factor=True, scopes=frozenset(token.scopes),
    )  # fmt: skip

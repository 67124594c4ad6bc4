"""Who calls the API: a token in the Authorization header, or the session of a page (with its CSRF token).

The secret is read from the header only, never from an address, and is written nowhere.
"""

from typing import Final

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.actions.tokens import actor_of_token, note_use, token_by_secret
from accounts.models import ApiToken, User
from core.access import arrival_of
from core.exceptions import TokenRefused
from core.problem import CHALLENGE
from core.throttle import place_of, seconds_to_wait

_SCHEME: Final = "bearer"
WRONG_A_MINUTE: Final = 30
"""So many wrong tokens a minute from one place are looked up; further ones wait."""


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer tamap_…`. A wrong token is refused even where nobody need sign in."""

    def authenticate(self, request: Request) -> "tuple[User, ApiToken] | None":
        """The token and its person; None without the header. Raises TokenRefused, Throttled."""
        scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != _SCHEME:
            return None
        at = arrival_of(request)
        token = token_by_secret(secret.strip(), at)
        if token is None:
            wait = seconds_to_wait(request, "wrong-token", a_minute=WRONG_A_MINUTE)
            if wait:
                raise Throttled(wait)
            raise TokenRefused
        note_use(token, at=at)
        request._request.actor = actor_of_token(token)  # type: ignore[attr-defined]  # noqa: SLF001
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return CHALLENGE


class CallerThrottle(SimpleRateThrottle):
    """A ceiling for each token, and for each person at a browser."""

    scope = "caller"

    def get_cache_key(self, request: Request, view: object) -> str | None:
        """By token, else by person; nobody is counted by place only."""
        if isinstance(request.auth, ApiToken):
            return f"throttle:token:{request.auth.pk}"
        return None if isinstance(request.user, AnonymousUser) else f"throttle:user:{request.user.pk}"


class AddressThrottle(SimpleRateThrottle):
    """A ceiling for each place that calls without a session; a forged X-Forwarded-For makes no other place of it."""

    scope = "anon"

    def get_cache_key(self, request: Request, view: object) -> str | None:
        """By the digest of the client's address, with a token as well as without."""
        if request.auth is None and not isinstance(request.user, AnonymousUser):
            return None
        return f"throttle:address:{place_of(request)}"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """An HTTP bearer scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "アカウントの「APIのトークン」で作る、配属に結び付いたトークン",
        }

"""Who acts: puts `request.actor` on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.queries import actor_for, memberships_in_force
from core import clock
from core.actor import ANONYMOUS, Actor

ACTING_KEY = "acting_membership"


class ActorMiddleware:
    """Reads the chosen post from the session and checks at each request that it still holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = current_actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.actor.user_id is not None:  # type: ignore[attr-defined]
            response.setdefault("Cache-Control", "no-store, private")
        return response


def current_actor(request: HttpRequest) -> Actor:
    """The acting person of a request; anonymous when signed out or signed in by the first factor only."""
    user = request.user
    if not isinstance(user, User):
        return ANONYMOUS
    today = clock.today()
    posts = memberships_in_force(user, today)
    chosen = request.session.get(ACTING_KEY)
    membership = next((post for post in posts if post.pk == chosen), posts[0] if posts else None)
    second = any(
        method.get("method") in {"mfa", "code"} for method in request.session.get("account_authentication_methods", [])
    )
    return actor_for(user, membership, today, second_factor=second)

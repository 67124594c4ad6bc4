"""Who acts: puts `request.actor` on every request, and ends sessions left alone."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.queries import ACTING_KEY, actor_for, memberships_in_force, post_in
from core import clock
from core.actor import ANONYMOUS, Actor

SEEN_KEY = "seen_at"
SECOND_FACTORS = frozenset({"mfa", "code"})
_SEEN_STEP_SECONDS = 60


class ActorMiddleware:
    """Reads the chosen post from the session and checks at each request that it still holds.

    A session without a second factor is nobody, for the sign-in pages too; so is one left alone longer than
    SESSION_IDLE_SECONDS, which is ended.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the acting person; nothing shown to one is stored by browser or proxy."""
        request.actor = current_actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.actor.user_id is not None:  # type: ignore[attr-defined]
            response.setdefault("Cache-Control", "no-store, private")
        return response


def current_actor(request: HttpRequest) -> Actor:
    """The acting person of a request; anonymous when signed out, idle, or signed in by the first factor only."""
    user = request.user
    if not isinstance(user, User):
        return ANONYMOUS
    if not has_second_factor(request, user):
        request.user = AnonymousUser()
        return ANONYMOUS
    if _left_alone(request):
        logout(request)
        minutes = settings.SESSION_IDLE_SECONDS // 60
        messages.warning(
            request,
            f"{minutes}分以上操作がなかったため、サインアウトしました。もう一度サインインしてください。",
        )
        return ANONYMOUS
    today = clock.today()
    posts = memberships_in_force(user, today)
    post = post_in(posts, request.session.get(ACTING_KEY))
    return actor_for(user, post, today, second_factor=True, posts=posts)


def has_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether this session was opened with more than the password."""
    return any(record.get("method") in SECOND_FACTORS for record in get_authentication_records(request, user))


def _left_alone(request: HttpRequest) -> bool:
    """Whether nobody used this session for too long; else notes that it is used (once a minute)."""
    now = int(clock.now().timestamp())
    seen = request.session.get(SEEN_KEY)
    if isinstance(seen, int) and now - seen > settings.SESSION_IDLE_SECONDS:
        return True
    if not isinstance(seen, int) or abs(now - seen) >= _SEEN_STEP_SECONDS:
        request.session[SEEN_KEY] = now
    return False

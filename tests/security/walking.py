"""What makes walks of thousands of pages affordable, and leaves every page and every answer as they are.

At each request the portal asks who the session's person is and which posts they hold: the same two answers for the
seven hundred addresses of a walk, since nothing a walk does changes them (the rows are counted, and reading writes
nothing). They are read once a walk; the session is read each time. That the portal does ask at each request, so that
an ended post counts at once, is tried in tests/accounts. Templates are rendered without the test client's copies of
their contexts, which no walk looks at.
"""

from copy import copy
from datetime import date

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from django.template import Context, Template
from django.utils.safestring import SafeString

from accounts import middleware
from accounts.models import Membership, User


def walk_lightly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the end of the test, read people and posts once, and tell nobody which templates are rendered."""
    people: dict[str, User | None] = {}
    posts: dict[tuple[int, date], list[Membership]] = {}
    read_person, read_posts = AuthenticationBackend.get_user, middleware.memberships_in_force

    def person(backend: AuthenticationBackend, user_id: str) -> User | None:
        if user_id not in people:
            people[user_id] = read_person(backend, user_id)
        return copy(people[user_id])

    def posts_of(user: User, on: date) -> list[Membership]:
        if (user.pk, on) not in posts:
            posts[user.pk, on] = read_posts(user, on)
        return [copy(post) for post in posts[user.pk, on]]

    def rendered(template: Template, context: Context) -> SafeString:
        return template.nodelist.render(context)

    monkeypatch.setattr(AuthenticationBackend, "get_user", person)
    monkeypatch.setattr(middleware, "memberships_in_force", posts_of)
    monkeypatch.setattr(Template, "_render", rendered)

"""The people of the invented cases, as actors."""

from collections.abc import Mapping

from accounts.models import User
from accounts.queries import actor_for, memberships_in_force
from core import clock
from core.actor import Actor


class People:
    """The demo's people as actors, each looked up once. `towns` as in cases.json."""

    def __init__(self, towns: Mapping[str, Mapping[str, str]]) -> None:
        self.towns = towns
        self._found: dict[str, Actor] = {}

    def __getitem__(self, email: str) -> Actor:
        if email not in self._found:
            user, today = User.objects.get(email=email), clock.today()
            post = memberships_in_force(user, today)[0]
            self._found[email] = actor_for(user, post, today, second_factor=True)
        return self._found[email]

    def of(self, code: str, role: str) -> Actor | None:
        """The editor or approver of a town; None where the demo has nobody there."""
        email = self.towns.get(code, {}).get(role)
        return self[email] if email else None

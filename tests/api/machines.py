"""Calling the API as a machine does: a token, no cookies, JSON both ways."""

import json
from typing import Any

from django.test import Client

from accounts.actions import tokens
from accounts.enums import Scope
from accounts.models import Membership, User
from core import clock
from tests.factories import accounts as make

BASE = "/api/v1/"
CASES = f"{BASE}applications/"


def read(answer: Any) -> Any:
    """An answer whose file has been read to its end, as `file`."""
    if answer.streaming:
        answer.file = b"".join(answer.streaming_content)
    return answer


class Machine:
    """A program with a token of somebody's first post."""

    def __init__(self, who: User, *scopes: str) -> None:
        post = Membership.objects.in_force(clock.today()).filter(user=who).earliest("pk")
        self.token, self.secret = tokens.make_token(
            membership_id=post.pk, name="試験", scopes=scopes or Scope.values, days=90, by=make.actor(who)
        )

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send; `headers` with underscores: If_Match='"1"'."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        more: dict[str, Any] = (
            {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        )
        headers = {"Authorization": f"Bearer {self.secret}", **sent}
        target = path if path.startswith("/") else f"{CASES}{path}"
        return read(getattr(Client(), method)(target, headers=headers, **more))

    def get(self, path: str) -> Any:
        """The body of a 200."""
        answer = self("get", path)
        assert answer.status_code == 200, (path, answer.content.decode())
        assert "no-store" in answer["Cache-Control"], path
        return answer.json()

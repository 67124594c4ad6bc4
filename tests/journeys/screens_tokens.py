"""Screens of API tokens."""

from accounts.actions.tokens import make_token
from accounts.enums import Scope
from accounts.models import ApiToken
from accounts.queries import actor_for, memberships_in_force
from accounts.rules import TOKENS_PER_PERSON
from core import clock
from tests.journeys import circumstances as made
from tests.journeys.screens_account import AGAIN
from tests.journeys.visiting import Screen, Step

PATH = "/account/tokens/"
MAKE = Step({"name": "財務システム", "scopes": "deadlines.read"}, "トークンを作る")


def one() -> None:
    """The editor has one token."""
    if not ApiToken.objects.working(clock.now()).filter(membership__user__email=made.EDITOR).exists():
        _make(made.EDITOR)


def as_many_as_allowed() -> None:
    """The one with factors has as many as there may be."""
    held = ApiToken.objects.working(clock.now()).filter(membership__user__email=made.WITH_FACTORS)
    for _ in range(TOKENS_PER_PERSON - held.count()):
        _make(made.WITH_FACTORS)


def _make(address: str) -> None:
    who = made.person(address)
    post = memberships_in_force(who, clock.today())[0]
    by = actor_for(who, post, clock.today(), second_factor=True)
    make_token(
        membership_id=post.pk, name="【架空】財務システム", scopes=[Scope.READ_APPLICATIONS], days=90, by=by
    )


TOKENS = [
    Screen("account:tokens", "none", PATH, "トークンはまだありません", made.TWO_POSTS),
    Screen("account:tokens", "one", PATH, "まだ使われていません", made.EDITOR, prepare=one),
    Screen("account:tokens", "of the body", PATH, "この団体の職員が作ったトークン", made.ADMINISTRATOR, prepare=one),
    Screen("account:tokens", "made", PATH, "いまだけ表示します", "approver@kiyose.example", (MAKE, AGAIN), acts=True),
    Screen("account:tokens", "nothing chosen", PATH, "エラー：", made.EDITOR, (Step({"name": ""}, "トークンを作る"), AGAIN), 422),
    Screen(
        "account:tokens", "too many", PATH, "つまでです", made.WITH_FACTORS, (MAKE, AGAIN), 422, prepare=as_many_as_allowed
    ),
    Screen(
        "account:token_revoke", "revoked", PATH, "取り消しました", made.EDITOR, (Step(button="取り消す"),), acts=True, prepare=one
    ),
]  # fmt: skip

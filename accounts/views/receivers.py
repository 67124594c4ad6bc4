"""What allauth and Django report about sign-ins and factors, passed on to the actions."""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.actions import security
from accounts.enums import AttemptOutcome
from accounts.models import User
from accounts.queries import actor_for, memberships_in_force, post_in
from core import clock
from core.access import actor_of


def _address(request: HttpRequest | None) -> str:
    return get_adapter(request).get_client_ip(request) if request is not None else ""


@receiver(account.user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """All steps are done and the session is open."""
    today = clock.today()
    by = actor_for(user, post_in(memberships_in_force(user, today), None), today, second_factor=True)
    methods = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    security.record_sign_in(person=user, methods=methods, by=by)
    security.record_attempt(email=user.email, address=_address(request), outcome=AttemptOutcome.SIGNED_IN)


@receiver(user_login_failed)
def wrong_password(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Address or password was wrong, whether or not somebody has that address."""
    security.record_attempt(
        email=str(credentials.get("email", "")),
        address=_address(request),
        outcome=AttemptOutcome.WRONG_PASSWORD,
    )


@receiver(account.login_code_rejected)
@receiver(mfa.authentication_failed)
def wrong_code(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The second step was wrong."""
    security.record_attempt(email=user.email, address=_address(request), outcome=AttemptOutcome.WRONG_CODE)


@receiver(mfa.authenticator_added)
def factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """A factor was enrolled."""
    security.record_factor(person=user, kind=authenticator.type, action="add_factor", by=actor_of(request))


@receiver(mfa.authenticator_removed)
def factor_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """A factor was removed."""
    security.record_factor(person=user, kind=authenticator.type, action="remove_factor", by=actor_of(request))


@receiver(mfa.authenticator_reset)
def factor_reset(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """A code sheet was made anew."""
    security.record_factor(person=user, kind=authenticator.type, action="reset_factor", by=actor_of(request))

"""How allauth behaves here: nobody signs up alone; people are invited into a department."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, addresses folded to lower case."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Accounts are made by an administrator's invitation only."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Names the portal in authenticator apps."""

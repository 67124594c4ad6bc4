"""The sign-in page; in the demo it also lists who can sign in."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from accounts.actions.demo import demo_password
from accounts.queries import demo_accounts


class SignInView(LoginView):  # type: ignore[misc]  # allauth has no types
    """allauth's first step with the demo's accounts beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `demo_rows` and `demo_password` in the demo only."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context |= {"demo_rows": demo_accounts(), "demo_password": demo_password()}
        return context

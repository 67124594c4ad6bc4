"""Application configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers permissions and invariants, and listens to what allauth reports."""

    name = "accounts"
    verbose_name = "団体と利用者"

    def ready(self) -> None:
        """Import what registers itself on import."""
        from accounts import permissions  # noqa: F401
        from accounts.views import receivers  # noqa: F401

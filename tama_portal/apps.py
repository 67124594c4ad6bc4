"""The roof: pages and interfaces that look over every app."""

from django.apps import AppConfig


class TamaPortalConfig(AppConfig):
    name = "tama_portal"
    verbose_name = "ポータル"

    def ready(self) -> None:
        """Listen to the schedule."""
        from tama_portal.operations import signs_of_life  # noqa: F401 - connects the signals

"""Application configuration."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "計画と指標"

    def ready(self) -> None:
        """Register the rules of who may do what."""
        from indicators import permissions  # noqa: F401

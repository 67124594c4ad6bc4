"""Application configuration."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "支援制度"

    def ready(self) -> None:
        """Register the rules of who may do what, the lifecycle table and the invariants."""
        from programs import lifecycle, permissions  # noqa: F401
        from programs.queries import integrity  # noqa: F401

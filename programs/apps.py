"""Application configuration."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "支援制度"

    def ready(self) -> None:
        """Register the rules of who may do what, the lifecycle table, the invariants and the dates of calls."""
        from core.deadlines import planner
        from programs import lifecycle, permissions  # noqa: F401
        from programs.queries import integrity  # noqa: F401
        from programs.queries.deadlines import planned_deadlines

        planner("programs")(planned_deadlines)

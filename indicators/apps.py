"""Application configuration."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "計画と指標"

    def ready(self) -> None:
        """Register the rules of who may do what, and what rounds and indicators ask of whom."""
        from core.deadlines import collector, planner
        from indicators import permissions  # noqa: F401
        from indicators.queries.deadlines import desk_tasks, planned_deadlines

        collector("indicators")(desk_tasks)
        planner("indicators")(planned_deadlines)

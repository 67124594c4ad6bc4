"""Application configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "支援制度"

    def ready(self) -> None:
        """Register the rules of who may do what, the lifecycle table, the invariants, the dates of calls, the mails of
        alerts, and what index and version of the catalogue need of
        the engine."""
        from accounts.actions.own_letters import writes
        from core.deadlines import planner
        from programs import letters, lifecycle, permissions  # noqa: F401
        from programs.actions.alerts import ASKED, TOLD
        from programs.models import searching_engine, versioning
        from programs.queries import integrity  # noqa: F401
        from programs.queries.deadlines import planned_deadlines

        post_migrate.connect(searching_engine.install_after_migrate, dispatch_uid="programs.searching")
        post_migrate.connect(versioning.install_after_migrate, dispatch_uid="programs.versioning")
        planner("programs")(planned_deadlines)
        writes(TOLD)(letters.told_letter)
        writes(ASKED)(letters.asked_letter)

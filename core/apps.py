"""The Django app `core`: no tables of its own; installs append-only triggers and system checks."""

from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    """Connects what must hold for every app after migrations and at start."""

    name = "core"
    verbose_name = "基盤"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Triggers after every `migrate` (SQLite drops them when it remakes a table); checks at start."""
        from core import append_only, checks, clock, first_migration, loopback  # noqa: F401 - importing registers the checks

        if settings.LOOPBACK_ONLY:
            loopback.confine()
        if settings.DEMO:
            clock.follow(Path(settings.VAR_DIR) / "clock")
        post_migrate.connect(append_only.install_after_migrate, dispatch_uid="core.append_only")
        asked_once = apps.get_app_config("contenttypes")  # an app without tables is not asked
        pre_migrate.connect(
            first_migration.refuse_half_way, sender=asked_once, dispatch_uid="core.first_migration"
        )

"""Load the reference data of every app, bottom up; safe to repeat."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.actions.loading import load_reference as load_accounts
from grants.actions.loading import load_reference as load_grants
from indicators.actions.loading import load_reference as load_indicators
from programs.actions.loading import load_reference as load_programs

LOADERS = (
    ("accounts", load_accounts),
    ("programs", load_programs),
    ("indicators", load_indicators),
    ("grants", load_grants),
)


class Command(BaseCommand):
    """`manage.py load_reference [--directory DIR]`."""

    help = (
        "Loads bodies, programs, plans and forms from fixtures/reference; running it twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the fixtures lie."""
        parser.add_argument("--directory", type=Path, default=settings.FIXTURES_DIR / "reference")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each app and print what changed."""
        for name, load in LOADERS:
            report = load(options["directory"])
            self.stdout.write(
                f"{name}: {report.created} created, {report.updated} updated, {report.unchanged} unchanged"
            )

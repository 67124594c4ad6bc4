"""Load the invented people and calls of the demo, by calling the actions; safe to repeat."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.demo import load_demo_people
from programs.actions.demo import load_demo as load_demo_calls


class Command(BaseCommand):
    """`manage.py load_demo [--directory DIR]`; only where TAMA_DEMO says that this is a demo."""

    help = "Loads people and calls from fixtures/demo; refuses to run outside a demo."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the fixtures lie."""
        parser.add_argument("--directory", type=Path, default=settings.FIXTURES_DIR / "demo")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each part and print what changed."""
        if not settings.DEMO:
            raise CommandError("Invented people and cases belong into a demo only: set TAMA_DEMO.")
        directory: Path = options["directory"]
        for name, report in (
            ("people", load_demo_people(directory / "people.json")),
            ("calls", load_demo_calls(directory)),
        ):
            self.stdout.write(
                f"{name}: {report.created} created, {report.updated} updated, {report.unchanged} unchanged"
            )

"""Load the invented people, calls and cases of the demo, by calling the actions; safe to repeat."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.demo import load_demo_people
from core.loading import LoadReport
from grants.actions.demo import load_demo_cases
from grants.actions.demo_services import load_demo_services
from indicators.actions.demo import load_demo_round
from programs.actions.demo import load_demo as load_demo_calls


class Command(BaseCommand):
    """`manage.py load_demo [--directory DIR]`; only where TAMA_DEMO says that this is a demo."""

    help = "Loads people, calls and cases from fixtures/demo; refuses to run outside a demo."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the fixtures lie."""
        parser.add_argument("--directory", type=Path, default=settings.FIXTURES_DIR / "demo")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each part and print what changed."""
        if not settings.DEMO:
            raise CommandError("Invented people and cases belong into a demo only: set TAMA_DEMO.")
        directory: Path = options["directory"]
        parts: dict[str, Callable[[], LoadReport]] = {
            "people": lambda: load_demo_people(directory / "people.json"),
            "calls": lambda: load_demo_calls(directory),
            "cases": lambda: load_demo_cases(directory),
            "services": lambda: load_demo_services(directory),
            "rounds": lambda: load_demo_round(directory),
        }
        for name, load in parts.items():
            report = load()
            self.stdout.write(
                f"{name}: {report.created} created, {report.updated} updated, {report.unchanged} unchanged"
            )

"""Show the portal on this machine: one command, nothing to set up."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tama_portal.supervisor.console import Console
from tama_portal.supervisor.demonstration import Demonstration, Options
from tama_portal.supervisor.errors import CannotStartError, ProcessDiedError

DEFAULT_PORT = 8000
_HIGHEST_PORT = 65535


def port_number(text: str) -> int:
    """A TCP port, 0 for any free one."""
    if not text.isascii() or not text.isdigit() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: name a number from 0 to {_HIGHEST_PORT}")
    return int(text)


class Command(BaseCommand):
    """`manage.py demo`: exit status 0 after a stop signal, 1 when a process died, 2 when it cannot start."""

    help = "Prepares a database with reference and demo data and starts web, worker, schedule and queue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The options of the command line."""
        parser.add_argument(
            "--port", type=port_number, default=DEFAULT_PORT, help="port to answer on (0: any free)"
        )
        parser.add_argument("--fresh", action="store_true", help="empty the demo's data directory first")
        parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite", help="database engine")
        parser.add_argument(
            "--data", type=Path, default=settings.BASE_DIR / "var" / "demo", help="data directory"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until asked to stop; tell every obstacle in one line."""
        console = Console()
        chosen = Options(
            root=settings.BASE_DIR,
            data=options["data"],
            port=options["port"],
            engine=options["db"],
            fresh=options["fresh"],
        )
        try:
            Demonstration(chosen, console).run()
        except CannotStartError as error:
            self.stderr.write(str(error))
            raise SystemExit(2) from None
        except ProcessDiedError as error:
            for line in error.lines:
                self.stderr.write(f"    {line}")
            self.stderr.write(f"{error} Everything else was stopped. Its last lines stand above.")
            raise SystemExit(1) from None

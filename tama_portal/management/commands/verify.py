"""Prove everything that must hold: one command, with a plain summary at its end."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tama_portal.supervisor.console import Console
from tama_portal.supervisor.errors import CannotStartError, ProcessDiedError, StopRequestedError
from tama_portal.verification.run import Options, Verification

_INTERRUPTED = 130


class Command(BaseCommand):
    """`manage.py verify [path]`: exit status 0 when all holds, 1 when not, 2 when it cannot be tried."""

    help = "Checks lock, style, types, layers, migrations and runs the tests on PostgreSQL and SQLite."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The options of the command line."""
        parser.add_argument(
            "path", nargs="*", help="only the tests in these files or folders, without the checks"
        )
        parser.add_argument("--complete", action="store_true", help="anything left out counts as failed")
        parser.add_argument("--processes", type=int, default=2, help="parallel test processes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and turn the outcome into an exit status."""
        chosen = Options(
            root=settings.BASE_DIR,
            paths=options["path"],
            complete=options["complete"],
            processes=options["processes"],
        )
        try:
            holds = Verification(chosen, Console()).run()
        except StopRequestedError as stop:
            self.stderr.write(f"Stopped before the end ({stop}): nothing is proved.")
            raise SystemExit(_INTERRUPTED) from None
        except CannotStartError as error:
            self.stderr.write(str(error))
            raise SystemExit(2) from None
        except ProcessDiedError as error:
            self.stderr.write("\n".join([*error.lines, str(error)]))
            raise SystemExit(1) from None
        if not holds:
            raise SystemExit(1)

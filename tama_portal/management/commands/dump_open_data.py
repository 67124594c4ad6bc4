"""`manage.py dump_open_data`: write today's dump of the open data now, as the schedule does every night."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from tama_portal.open_data import dump


class Command(BaseCommand):
    """One line a file."""

    help = "Write today's dump of the open data."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and say where it lies."""
        written = dump.write(clock.now())
        for name, row in written.files.items():
            self.stdout.write(f"{row['bytes']:>12,}  {name}")
        self.stdout.write(f"{dump.folder() / written.day.isoformat()}")

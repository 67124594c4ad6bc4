"""Write the search index anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from programs.actions.indexing import rebuild_index, refresh_all


class Command(BaseCommand):
    """`manage.py rebuild_search`: for an index that `manage.py invariants` finds fault with. Safe at any time."""

    help = "Writes the search columns of every program and the index of their words anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refresh the columns, then the index, and say how many and how long."""
        start = time.perf_counter()
        changed = refresh_all()
        count = rebuild_index()
        seconds = time.perf_counter() - start
        self.stdout.write(f"{count} programs indexed in {seconds:.1f} s, {changed} had changed")

"""Check offline what must always hold: event chains, triggers, and whatever an app registers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.invariants import run_all


class Command(BaseCommand):
    """`manage.py invariants`: one line per invariant; exit status 1 when one is broken."""

    help = "Verifies event chains, append-only triggers and every registered invariant."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all and list each fault."""
        results = run_all()
        for name, faults in sorted(results.items()):
            self.stdout.write(f"{'ok  ' if not faults else 'FAIL'} {name}")
            for fault in faults:
                self.stdout.write(f"     {fault}")
        broken = sum(1 for faults in results.values() if faults)
        if broken:
            raise CommandError(f"{broken} of {len(results)} invariants are broken.")

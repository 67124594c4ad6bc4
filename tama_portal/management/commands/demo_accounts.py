"""Print the people of the demo, so that a newcomer knows whom to sign in as."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions.demo import demo_password
from accounts.queries import demo_accounts
from core.clock import today

_HEAD = ("E-mail", "Name", "Body and department", "Roles")


class Command(BaseCommand):
    """`manage.py demo_accounts`: a table of invented people, and the password they share."""

    help = "Lists the invented people of the demo with their posts, and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the table; nothing when nobody is invented."""
        people = demo_accounts(today())
        if not people:
            return
        rows = [(who.email, who.name, f"{who.body} {who.department}", who.role) for who in people]
        for line in table([_HEAD, *rows]):
            self.stdout.write(line)
        self.stdout.write(f"\nPassword of all: {demo_password()}")


def table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows as lines with aligned columns; the first row is the head and gets a rule below it."""
    columns = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = [cell + " " * (columns[at] - width(cell)) for at, cell in enumerate(row)]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("-" * column for column in columns)


def width(text: str) -> int:
    """Terminal columns: a wide character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

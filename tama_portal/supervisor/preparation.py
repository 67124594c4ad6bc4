"""Brings a demo's database up to date: tables, reference data, demo data.

Skipped as a whole when nothing it depends on has changed since it last succeeded.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tama_portal.supervisor.children import Children
from tama_portal.supervisor.console import Console
from tama_portal.supervisor.data_directory import DataDirectory, digest_of

# Everything a prepared database depends on.
_SOURCES = (
    "requirements/all.txt",
    "*/migrations/*.py",
    "fixtures/**/*",
    "*/actions/loading*",
    "*/actions/loading/*",
    "*/actions/demo*",
    "*/actions/demo/*",
    "core/loading.py",
    "tama_portal/management/commands/load_*.py",
    "tama_portal/demo_data/**/*.py",
)
_STEPS = (
    ("database", "migrate", ("--no-input", "--verbosity", "1")),
    ("reference", "load_reference", ()),
    ("demo data", "load_demo", ()),
)


@dataclass(frozen=True)
class Preparation:
    """What is prepared (`engine` names the database in `data`), with which environment, from which checkout."""

    root: Path
    data: DataDirectory
    engine: str
    environment: Mapping[str, str]

    def run(self, children: Children, console: Console) -> None:
        """Migrate and load unless done already; raises ProcessDiedError with the failing command's last lines."""
        digest = digest_of(self.root, _SOURCES)
        if self.data.is_prepared(self.engine, digest):
            console.done("database", "unchanged since the last start; data kept")
            return
        self.data.forget_prepared(self.engine)
        for topic, command, arguments in _STEPS:
            console.begin(topic, f"manage.py {command}")
            lines = self._manage(children, command, *arguments)
            console.done(topic, _last(lines))
        accounts = self._manage(children, "demo_accounts")
        self.data.accounts.write_text("\n".join([*accounts, ""]), encoding="utf-8")
        self.data.set_prepared(self.engine, digest)

    def _manage(self, children: Children, command: str, *arguments: str) -> list[str]:
        line = [sys.executable, str(self.root / "manage.py"), command, *arguments]
        return children.run(command, line, self.environment, cwd=self.root)


def _last(lines: list[str]) -> str:
    """The last thing a command said, short enough for a line."""
    said = next((line.strip() for line in reversed(lines) if line.strip()), "done")
    return said[:60]

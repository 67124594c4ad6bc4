"""The checks that are not tests: each a command whose silence is consent, or the lock's own check."""

import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Command:
    """A check by a command that ends with 0 when all is well; `environment` is added to the run's."""

    name: str
    detail: str
    line: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def static(root: Path) -> Iterator[Command]:
    """Style, layers, templates, settings: what needs no database."""
    yield Command("ruff", "style and defects", [_tool("ruff"), "check", *_SHORT, "."])
    yield Command("format", "layout of the code", [_tool("ruff"), "format", "--check", *_SHORT, "."])
    yield Command("layers", "imports go down only", [_tool("lint-imports")])
    yield Command("templates", "djlint", [_tool("djlint"), "templates", "--lint", "--quiet"])
    yield Command("production", "settings, as deployed", manage(root, "check", *_DEPLOY), _production())
    yield Command(
        "migrations", "models and migrations agree", manage(root, "makemigrations", "--check", "--dry-run")
    )


def types() -> Iterator[Command]:
    """The one check that takes as long as all the others together."""
    yield Command("mypy", "types, strict", [_tool("mypy")])


_SHORT = ("--output-format", "concise")
_DEPLOY = ("--deploy", "--fail-level", "WARNING")


def with_database(root: Path, engine: str) -> Iterator[Command]:
    """An empty database of `engine`: migrate, load the reference data twice, verify every invariant."""
    name = engine.lower()
    yield Command(name, "migrations apply from zero", manage(root, "migrate", "--no-input"))
    yield Command(name, "reference data load", manage(root, "load_reference"))
    yield Command(name, "reference data load again", manage(root, "load_reference"))
    yield Command(name, "invariants hold", manage(root, "invariants"))


def manage(root: Path, command: str, *arguments: str) -> list[str]:
    """A management command in a process of its own."""
    return [sys.executable, str(root / "manage.py"), command, *arguments]


def _tool(name: str) -> str:
    """A tool of this environment, wherever the caller's PATH points."""
    return str(_BIN / name)


def _production() -> dict[str, str]:
    """The variables a body sets in production, with values made for this run."""
    return {
        "TAMA_PRODUCTION": "1",
        "TAMA_SECRET_KEY": secrets.token_urlsafe(50),
        "TAMA_ALLOWED_HOSTS": "portal.example",
        "TAMA_BEHIND_PROXY": "1",
    }


def base_environment(root: Path, scratch: Path) -> dict[str, str]:
    """The caller's environment without what would lead the checks elsewhere; files go to `scratch`."""
    foreign = ("TAMA_", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "PYTEST_", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tama_portal.settings",
        "TAMA_NO_BOOTSTRAP": "1",
        "TAMA_VAR_DIR": str(scratch),
        "PYTHONPATH": str(root),
    }

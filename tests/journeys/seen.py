"""What the browser has shown of each screen in this run of `verify`, so that nothing need be opened twice.

A screen that passed in the browser leaves the names of the repository's templates that it rendered. The registry's
test, which runs after the browser, opens those screens itself that left nothing: all of them without a browser.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.template import Template
from django.template.context import Context
from django.test.signals import template_rendered

from tests.journeys.routes import ROOT
from tests.journeys.visiting import Screen

_FOLDER = ROOT / "templates"


@contextmanager
def rendered_templates() -> Iterator[set[str]]:
    """The names of the repository's templates rendered meanwhile, those extended and included too."""
    seen: set[str] = set()

    def note(sender: Template, template: Template, context: Context, **kwargs: object) -> None:
        origin = str(getattr(template.origin, "name", ""))
        if origin.startswith(f"{_FOLDER}/"):
            seen.add(origin.removeprefix(f"{_FOLDER}/"))

    template_rendered.connect(note)
    try:
        yield seen
    finally:
        template_rendered.disconnect(note)


def keep(screen: Screen, templates: set[str]) -> None:
    """Say that a screen passed in the browser, where processes share a folder."""
    if folder := _shared():
        folder.mkdir(exist_ok=True)
        (folder / f"{screen.name}.json").write_text(json.dumps(sorted(templates)), encoding="utf-8")


def kept(screen: Screen) -> set[str] | None:
    """The templates of a screen that passed in the browser of this run; None for any other."""
    folder = _shared()
    file = folder / f"{screen.name}.json" if folder else None
    return set(json.loads(file.read_text(encoding="utf-8"))) if file and file.exists() else None


def _shared() -> Path | None:
    share = os.environ.get("TAMA_VERIFY_SHARE")
    return Path(share) / "screens" if share else None

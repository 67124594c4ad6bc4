"""The nightly dump: every file of every data set in a folder of its day, with a manifest and hashes.

A dump is written beside its place and then moved there whole, so that nobody reads half of one; running twice on
a day replaces that day's. The newest seven are kept.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from core import clock
from tama_portal.open_data.datasets import ATTRIBUTION, LICENCE_URL, write_all
from tama_portal.open_data.tables import Written

KEPT: Final = 7
_LEFT_SECONDS: Final = 6 * 60 * 60
"""What nobody finished in so long, nobody is writing any more."""
MANIFEST: Final = "manifest.json"
HASHES: Final = "SHA256SUMS"


@dataclass(frozen=True)
class Dump:
    """A dump that lies there: its day, when it was made, and its files by name with size and hash."""

    day: date
    made_at: datetime
    files: Mapping[str, Mapping[str, Any]]

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes by file name."""
        return {name: int(row["bytes"]) for name, row in self.files.items()}


def folder() -> Path:
    """Where the dumps lie."""
    return Path(settings.MEDIA_ROOT) / "open-data"


def write(at: datetime) -> Dump:
    """Write the dump of the Japanese day of `at` and remove those that are too old."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    for left in (*place.glob(".new-*"), *place.glob(".old-*")):
        if left.stat().st_mtime < time.time() - _LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)  # by somebody who was killed over it
    day = clock.today(at)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
    try:
        rows = {name: _keep(written, new / name) for name, written in write_all(at)}
        manifest = {
            "day": day.isoformat(),
            "madeAt": at.isoformat(timespec="seconds"),
            "license": LICENCE_URL,
            "attribution": ATTRIBUTION,
            "files": rows,
        }
        (new / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")
        sums = "".join(f"{row['sha256']}  {name}\n" for name, row in rows.items())
        (new / HASHES).write_text(sums, encoding="utf-8")
        _put(new, place / day.isoformat())
    finally:
        shutil.rmtree(new, ignore_errors=True)
    for old in [each.day for each in dumps()][KEPT:]:
        shutil.rmtree(place / old.isoformat(), ignore_errors=True)
    return Dump(day, at, rows)


def _keep(written: Written, path: Path) -> dict[str, Any]:
    with written.stream as stream, path.open("wb") as target:
        shutil.copyfileobj(stream, target)
    return {"bytes": written.size, "sha256": written.digest, "replacedCharacters": written.replaced}


def _put(new: Path, place: Path) -> None:
    """Move a finished folder to its place; one that lies there is moved away first."""
    new.chmod(0o755)
    if place.exists():
        away = Path(tempfile.mkdtemp(prefix=".old-", dir=place.parent))
        place.rename(away / place.name)
        shutil.rmtree(away, ignore_errors=True)
    new.rename(place)


def dumps() -> list[Dump]:
    """The dumps that lie there whole, newest first."""
    found = []
    for path in folder().glob("????-??-??"):
        dump = _read(path)
        if dump is not None:
            found.append(dump)
    return sorted(found, key=lambda each: each.day, reverse=True)


def _read(path: Path) -> Dump | None:
    try:
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return Dump(date.fromisoformat(path.name), datetime.fromisoformat(told["madeAt"]), told["files"])
    except (OSError, ValueError, KeyError):
        return None  # half removed, or not ours


def file_of(day: str, name: str) -> tuple[Path, str] | None:
    """A file of a dump by the words of an address, with its SHA-256 as the manifest has it ("" for the papers).

    None for anything the dump's manifest does not name.
    """
    for dump in dumps():
        if dump.day.isoformat() == day and (name in dump.files or name in {MANIFEST, HASHES}):
            path = folder() / day / name
            return (path, str(dump.files.get(name, {}).get("sha256", ""))) if path.is_file() else None
    return None

"""The directory that keeps what a demo knows: database, files, mails, logs, keys.

Only directories that this program made itself are used or emptied; a marker file tells them.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from tama_portal.supervisor import postgres
from tama_portal.supervisor.errors import CannotStartError

MARKER = ".tama-demo"
_LOCK = "demo.lock"
_WAIT_FOR_PREVIOUS_SECONDS = 8.0


class DataDirectory:
    """An opened data directory, held by this process until it ends (`lock` is the descriptor that holds it)."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.lock = -1

    @property
    def logs(self) -> Path:
        """Where the processes' output goes."""
        return self.path / "logs"

    @property
    def mail(self) -> Path:
        """Where the demo's mails are written as files."""
        return self.path / "mail"

    @property
    def sqlite(self) -> Path:
        """The SQLite database."""
        return self.path / "portal.sqlite3"

    @property
    def accounts(self) -> Path:
        """The table of demo accounts, written when the demo data were loaded."""
        return self.path / "accounts.txt"

    @property
    def cluster(self) -> Path:
        """Where the PostgreSQL cluster lies by preference."""
        return self.path / "postgres"

    def open(self, *, fresh: bool) -> None:
        """Make or take the directory and hold it; `fresh` empties it first. Raises CannotStartError."""
        try:
            self._take()
            if fresh:
                self._empty()
            for directory in (self.logs, self.mail, self.path / "media"):
                directory.mkdir(exist_ok=True)
        except OSError as error:
            raise CannotStartError(
                f"{self.path} cannot be written ({error.strerror}): name a writable directory with --data DIR."
            ) from error

    def _take(self) -> None:
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / MARKER).exists():
            raise CannotStartError(
                f"{self.path} is not empty and was not made by this command: name an empty or new directory with "
                "--data DIR."
            )
        if not self.path.exists():
            self.path.mkdir(parents=True, mode=0o711)
        (self.path / MARKER).write_text(
            "Made by `manage.py demo`; --fresh empties this directory.\n", encoding="ascii"
        )
        self.lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + _WAIT_FOR_PREVIOUS_SECONDS
        while not self._locked():
            if time.monotonic() > deadline:
                raise CannotStartError(
                    f"Another demo runs with {self.path}: stop it first, or name another directory with --data DIR."
                )
            time.sleep(0.1)

    def _locked(self) -> bool:
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _empty(self) -> None:
        postgres.remove_cluster(self.cluster)
        for entry in self.path.iterdir():
            if entry.name in {MARKER, _LOCK}:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def secret_key(self) -> str:
        """This directory's own key, so that sign-ins survive a restart."""
        file = self.path / "secret-key"
        if not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(50))
        return file.read_text(encoding="ascii").strip()

    def is_prepared(self, engine: str, digest: str) -> bool:
        """Whether the database of `engine` was prepared from exactly the files behind `digest`."""
        try:
            state = json.loads((self.path / f"prepared-{engine}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(state, dict) and state.get("digest") == digest

    def set_prepared(self, engine: str, digest: str) -> None:
        """Remember that the database of `engine` is prepared."""
        (self.path / f"prepared-{engine}.json").write_text(json.dumps({"digest": digest}), encoding="utf-8")

    def forget_prepared(self, engine: str) -> None:
        """The database of `engine` has to be prepared (again)."""
        (self.path / f"prepared-{engine}.json").unlink(missing_ok=True)


def digest_of(root: Path, patterns: Iterable[str]) -> str:
    """One hash over names and contents of all files below `root` that match a pattern."""
    whole = hashlib.sha256()
    for file in sorted({file for pattern in patterns for file in root.glob(pattern) if file.is_file()}):
        whole.update(str(file.relative_to(root)).encode("utf-8") + b"\0")
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()

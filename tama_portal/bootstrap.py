"""Make and enter the project's own environment; standard library only, runs before anything is installed.

Rule: `.venv` beside `manage.py` is filled from `requirements/all.txt` with every hash checked, and stamped
with the lock's hash, so that a start with an unchanged lock installs nothing. One lock serves every command.
Two starts at once queue behind a file lock. Every obstacle is one line that says what to do, exit status 2.

Environment: TAMA_NO_BOOTSTRAP=1 uses the running interpreter as it is (images that are built beforehand);
TAMA_VENV names another place for the environment (for a checkout that cannot be written).
"""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

LOCK_FILE = Path("requirements") / "all.txt"
STAMP_NAME = "tama-lock-stamp"
PREPARED_COMMANDS = {"demo", "verify"}
INSTALL_OPTIONS = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
PROGRESS_EVERY = 16

# What an installer says, and what a person can do about it; first match wins.
CURES: list[tuple[str, str]] = [
    (
        r"connection broken|Max retries|NewConnectionError|Temporary failure|timed out|error sending request|dns error",
        "The package index cannot be reached: check the network, or name an index in pip's settings (pip config list).",
    ),
    (r"No space left on device", "The disk is full: free about 1 GB, then start again."),
    (
        r"Read-only file system|Permission denied",
        "The environment cannot be written: start from a writable copy, or set TAMA_VENV to a writable directory.",
    ),
    (
        r"Hashes are required|do not have a hash|missing a hash",
        "requirements/all.txt names a package without its hash: restore the file as it was committed.",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hash mismatch",
        "A downloaded package differs from requirements/all.txt: start again; if it stays, use another index.",
    ),
]
MISSING_WHEEL = re.compile(
    r"No matching distribution found for ([A-Za-z0-9._-]+(?:==[A-Za-z0-9._+!-]+)?)"
    r"|Because ([A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+) has no (?:usable )?wheels"
)


class ObstacleError(Exception):
    """Something only a person can remove; the message is the one line to show."""


def ensure_environment(root: str, argv: list[str]) -> int:
    """Return 0 when this process may go on, 2 after telling why not; otherwise replace this process.

    `root` is the checkout, `argv` the command line to repeat inside the environment.
    """
    try:
        _ensure(Path(root), argv)
    except ObstacleError as obstacle:
        sys.stderr.write(f"{obstacle}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; start again to go on where it stopped.\n")
        return 130
    return 0


def _ensure(root: Path, argv: list[str]) -> None:
    if os.environ.get("TAMA_NO_BOOTSTRAP") == "1":
        _require_django()
        return
    venv = Path(os.environ.get("TAMA_VENV") or root / ".venv")
    inside = Path(sys.prefix).resolve() == venv.resolve()
    _keep_bytecode(venv)
    if inside and len(argv) > 1 and argv[1] not in PREPARED_COMMANDS:
        return
    digest = _lock_digest(root)
    if inside and _stamp(venv) == f"{digest} {_running_version()}":
        return
    if inside or not _ready(venv, digest):
        with _only_one(venv.parent), _sigterm_as_interrupt():
            if inside or not _ready(venv, digest):
                _build(root, venv, digest)
    _enter(venv, root, argv)


def _require_django() -> None:
    import importlib.util

    if importlib.util.find_spec("django") is None:
        raise ObstacleError(
            f"TAMA_NO_BOOTSTRAP=1 is set, but {sys.executable} has no Django: unset it, or install {LOCK_FILE}."
        )


def _keep_bytecode(venv: Path) -> None:
    """Where bytecode must not lie beside the sources, keep it in the environment: without it every start is 3 s slower.

    Installers are told not to compile, so the first use of a module writes its bytecode, once.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        sys.pycache_prefix = str((venv / "bytecode").absolute())
        sys.dont_write_bytecode = False
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


def _lock_digest(root: Path) -> str:
    try:
        return hashlib.sha256((root / LOCK_FILE).read_bytes()).hexdigest()
    except OSError as error:
        raise ObstacleError(
            f"The lock {root / LOCK_FILE} cannot be read ({error.strerror}): restore it."
        ) from error


def _running_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _stamp(venv: Path) -> str:
    try:
        return (venv / STAMP_NAME).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _ready(venv: Path, digest: str) -> bool:
    """The stamp names this lock and the interpreter behind it still exists."""
    return _stamp(venv).split(" ")[0] == digest and _python(venv).exists()


def _python(venv: Path) -> Path:
    return venv / "bin" / "python"


def _enter(venv: Path, root: Path, argv: list[str]) -> NoReturn:
    """Replace this process by the same command line under the environment's interpreter."""
    sys.stdout.flush()
    sys.stderr.flush()
    python = str(_python(venv))
    os.execv(python, [python, str(root / "manage.py"), *argv[1:]])  # noqa: S606 - no shell is wanted


@contextlib.contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """Hold an advisory lock on the directory itself: it needs no file of its own and dies with the process."""
    try:
        import fcntl
    except ImportError as error:
        raise ObstacleError("The portal runs on Linux and macOS: start it there, or inside WSL.") from error
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise _cannot_write(directory, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("environment   another start is preparing it; waiting")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """While installing, SIGTERM must end the installer too."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _build(root: Path, venv: Path, digest: str) -> None:
    started = time.monotonic()
    _say(f"environment   preparing {venv} (only when {LOCK_FILE} has changed)")
    _probe_writable(venv)
    (venv / STAMP_NAME).unlink(missing_ok=True)
    if not _usable(venv):
        _create(venv)
    _install(_installer(venv), root / LOCK_FILE)
    version = _output([str(_python(venv)), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    temporary = venv / f"{STAMP_NAME}.new"
    temporary.write_text(f"{digest} {version}\n", encoding="ascii")
    temporary.replace(venv / STAMP_NAME)
    _say(f"environment   ready after {time.monotonic() - started:.0f} s")


def _probe_writable(venv: Path) -> None:
    probe = venv / ".write-probe"
    try:
        venv.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise _cannot_write(venv, error) from error


def _cannot_write(path: Path, error: OSError) -> ObstacleError:
    return ObstacleError(
        f"{path} cannot be written ({error.strerror}): start from a writable copy of the project, or set TAMA_VENV "
        "to a writable directory (and give `demo` a writable --data)."
    )


def _usable(venv: Path) -> bool:
    """An earlier environment whose interpreter still runs and still finds its own packages."""
    if not (venv / "pyvenv.cfg").exists() or not _python(venv).exists():
        return False
    version = _output([str(_python(venv)), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    return bool(version) and (venv / "lib" / f"python{version}" / "site-packages").is_dir()


def _create(venv: Path) -> None:
    """Make an empty environment: venv with pip; uv; venv without pip, filled by the system's pip."""
    base = _base_python()
    if _succeeds([base, "-c", "import ensurepip, venv; ensurepip.version()"]):
        _run_quietly([base, "-m", "venv", "--clear", str(venv)])
    elif uv := _uv():
        _run_quietly([*uv, "venv", "--quiet", "--clear", "--python", base, str(venv)])
    elif _succeeds([base, "-c", "import venv"]) and _succeeds([base, "-m", "pip", "--version"]):
        _run_quietly([base, "-m", "venv", "--without-pip", "--clear", str(venv)])
    else:
        raise ObstacleError(_cannot_create())


def _cannot_create() -> str:
    package = f"python{_running_version()}-venv"
    return (
        f"This Python cannot make an environment (ensurepip and uv are missing): install the Debian package "
        f"{package} (apt-get install {package}), then start again."
    )


def _installer(venv: Path) -> list[str]:
    """The command that installs a locked file into `venv`, without the file's name."""
    python = str(_python(venv))
    options = [*INSTALL_OPTIONS, "-r"]
    if _succeeds([python, "-m", "pip", "--version"]):
        return [python, "-m", "pip", "install", *_pip_options(), *options]
    if uv := _uv():
        return [*uv, "pip", "install", "--python", python, *options]
    base = _base_python()
    if _succeeds([base, "-m", "pip", "--version"]):
        return [base, "-m", "pip", "--python", python, "install", *_pip_options(), *options]
    raise ObstacleError(_cannot_create())


def _pip_options() -> list[str]:
    """Without compiling: bytecode is written when a module is first used (see _keep_bytecode)."""
    return ["--no-input", "--no-compile", "--disable-pip-version-check", "--progress-bar", "off"]


def _uv() -> list[str] | None:
    for command in (["uv"], [_base_python(), "-m", "uv"]):
        if shutil.which(command[0]) and _succeeds([*command, "--version"]):
            return command
    return None


def _base_python() -> str:
    """The interpreter an environment is made from, also when this process runs inside one."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def _install(installer: list[str], lock: Path) -> None:
    total = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if re.match(r"[A-Za-z0-9]", line))
    command = [*installer, str(lock)]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            if process.stdout is not None:
                _follow(process.stdout, total, lines)
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise ObstacleError(_explain("\n".join(lines)))


def _follow(output: IO[str], total: int, lines: list[str]) -> None:
    """Turn an installer's output into a few progress lines; keep all of it for the explanation of a failure."""
    seen = 0
    for line in output:
        lines.append(line.rstrip())
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            seen += 1
            if seen % PROGRESS_EVERY == 0:
                _say(f"environment   {seen} of {total} packages fetched and checked")
        elif line.startswith(("Installing collected", "Prepared ", "Resolved ")):
            _say(f"environment   unpacking {total} packages")


def _explain(output: str) -> str:
    for pattern, cure in CURES:
        if re.search(pattern, output, re.IGNORECASE):
            return cure
    if missing := MISSING_WHEEL.search(output):
        name = missing.group(1) or missing.group(2)
        machine = f"Python {_running_version()} on {sys.platform} {os.uname().machine}"
        return (
            f"There is no wheel of {name} for {machine} in the configured package index: "
            "use Python 3.11 to 3.13 on a glibc Linux or macOS, or an index that has it."
        )
    last = next(
        (line for line in reversed(output.splitlines()) if "error" in line.lower()), "no reason was given"
    )
    return f"The packages could not be installed: {last.strip()} - then start again."


def _succeeds(command: list[str]) -> bool:
    try:
        return (
            subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode
            == 0
        )
    except OSError:
        return False


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def _run_quietly(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise ObstacleError(_explain(done.stdout + done.stderr))


def _say(line: str) -> None:
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()

"""`manage.py` makes its own environment: from a lock, once, and with one line where it cannot."""

import base64
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tama_portal import bootstrap
from tests.commands.running import ROOT

pytestmark = pytest.mark.once


def manage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("manage_under_test", ROOT / "manage.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(directory: Path, name: str, version: str) -> str:
    """A wheel with one module; returns its sha256."""
    directory.mkdir(exist_ok=True)
    stem = f"{name}-{version}"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}\n"
        for path, text in files.items()
    )
    target = directory / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{stem}.dist-info/RECORD", f"{record}{stem}.dist-info/RECORD,,\n")
    return hashlib.sha256(target.read_bytes()).hexdigest()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project with the bootstrap, a lock of one package, and a command that tells where it runs."""
    root = tmp_path / "checkout"
    (root / "requirements").mkdir(parents=True)
    sha = wheel(tmp_path / "wheels", "tamatiny", "1.0")
    (root / "requirements" / "all.txt").write_text(
        f"tamatiny==1.0 \\\n    --hash=sha256:{sha}\n", encoding="ascii"
    )
    (root / "bootstrap.py").write_bytes(Path(bootstrap.__file__).read_bytes())
    (root / "manage.py").write_text(
        "import os, sys\n"
        "import bootstrap\n"
        "status = bootstrap.ensure_environment(os.path.dirname(os.path.abspath(__file__)), sys.argv)\n"
        "if status:\n    sys.exit(status)\n"
        "import tamatiny\n"
        "print('inside', sys.prefix, tamatiny.VERSION, sys.argv[1:])\n",
        encoding="ascii",
    )
    return root


def start(root: Path, *arguments: str, **more: str) -> tuple[int, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TAMA_", "PIP_", "PYTHON"))
    }
    sources = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(root.parent / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = subprocess.run(
        [sys.executable, str(root / "manage.py"), *(arguments or ("demo",))],
        env=kept | sources | more,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout


def test_the_first_start_installs_and_the_next_does_not(checkout: Path) -> None:
    status, said = start(checkout, "demo", "--port", "1")
    assert status == 0, said
    assert said.splitlines()[-1] == f"inside {checkout / '.venv'} 1.0 ['demo', '--port', '1']"
    assert "preparing" in said

    status, said = start(checkout, "verify")
    assert said == f"inside {checkout / '.venv'} 1.0 ['verify']\n"

    sha = wheel(checkout.parent / "wheels", "tamatiny", "2.0")
    (checkout / "requirements" / "all.txt").write_text(
        f"tamatiny==2.0 --hash=sha256:{sha}\n", encoding="ascii"
    )
    status, said = start(checkout)
    assert "preparing" in said
    assert said.splitlines()[-1].startswith(f"inside {checkout / '.venv'} 2.0")


def test_a_missing_wheel_is_told_in_one_line(checkout: Path) -> None:
    lock = checkout / "requirements" / "all.txt"
    lock.write_text(f"tamatiny==9.9 --hash=sha256:{'0' * 64}\n", encoding="ascii")

    status, said = start(checkout)

    assert status == 2
    assert said.splitlines()[-1].startswith("There is no wheel of tamatiny==9.9 for Python 3.")
    assert "Traceback" not in said
    assert not (checkout / ".venv" / bootstrap.STAMP_NAME).exists()


def test_a_package_with_another_content_is_refused(checkout: Path) -> None:
    lock = checkout / "requirements" / "all.txt"
    lock.write_text(f"tamatiny==1.0 --hash=sha256:{'0' * 64}\n", encoding="ascii")

    status, said = start(checkout)

    assert status == 2
    assert said.splitlines()[-1].startswith("A downloaded package differs from requirements/all.txt")


def test_a_lock_without_hashes_is_refused(checkout: Path) -> None:
    (checkout / "requirements" / "all.txt").write_text("tamatiny==1.0\n", encoding="ascii")

    status, said = start(checkout)

    assert status == 2
    assert said.splitlines()[-1].startswith("requirements/all.txt names a package without its hash")


def test_an_environment_that_cannot_be_written_is_told(checkout: Path) -> None:
    status, said = start(checkout, TAMA_VENV="/proc/tama-venv/inside")

    assert status == 2
    assert "cannot be written" in said
    assert "TAMA_VENV" in said
    assert len(said.splitlines()) == 1


def test_two_starts_queue(checkout: Path) -> None:
    handle = os.open(checkout, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    waiting = subprocess.Popen(
        [sys.executable, str(checkout / "manage.py"), "demo"],
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert waiting.stdout is not None
        assert "another start is preparing it; waiting" in waiting.stdout.readline()
        assert waiting.poll() is None
        assert not (checkout / ".venv").exists()
    finally:
        waiting.kill()
        waiting.communicate()
        os.close(handle)


def test_without_any_way_to_make_an_environment_the_debian_package_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "all.txt").write_text("", encoding="ascii")
    monkeypatch.delenv("TAMA_NO_BOOTSTRAP", raising=False)
    monkeypatch.setattr(bootstrap, "_succeeds", lambda _command: False)

    assert bootstrap.ensure_environment(str(tmp_path), ["manage.py", "demo"]) == 2

    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"apt-get install {package}" in capsys.readouterr().err


def test_where_ensurepip_is_missing_uv_makes_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "_succeeds", lambda command: "ensurepip" not in " ".join(command))
    monkeypatch.setattr(bootstrap, "_uv", lambda: ["uv"])
    monkeypatch.setattr(bootstrap, "_run_quietly", ran.append)

    bootstrap._create(tmp_path / ".venv")

    assert ran[0][:2] == ["uv", "venv"]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: x",
            "index cannot be reached",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        ("OSError: [Errno 30] Read-only file system: '/x'", "TAMA_VENV"),
        ("  x No solution found\n  Because typst==0.15 has no usable wheels", "no wheel of typst==0.15"),
        ("something\nERROR: strange thing", "ERROR: strange thing"),
    ],
)
def test_what_an_installer_says_becomes_one_line_with_a_cure(output: str, said: str) -> None:
    explained = bootstrap._explain(output)

    assert said in explained
    assert "\n" not in explained


def test_an_old_python_is_told_which_one_to_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = manage()
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    assert module.main() == 2

    assert capsys.readouterr().err == (
        "This is Python 3.9.2; the portal needs Python 3.11 or newer: start it with python3.11 manage.py\n"
    )


def test_an_image_without_the_packages_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAMA_NO_BOOTSTRAP", "1")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    assert bootstrap.ensure_environment(str(tmp_path), ["manage.py", "demo"]) == 2

    assert "has no Django" in capsys.readouterr().err

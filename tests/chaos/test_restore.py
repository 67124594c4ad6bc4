"""Last night's dump in an empty box: the portal's own checks pass there, and a file that did not come along is named."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core import clock
from tama_portal.supervisor.postgres import find_binaries
from tests.factories import grants as cases

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("SQLite is one file, which is copied whole"),
]
ROOT = Path(settings.BASE_DIR)
RESTORED = "portal_restored"


def blocks() -> list[str]:
    """The commands of docs/operations.md: those that save, and those that bring back."""
    return re.findall(r"```sh\n(.*?)```", (ROOT / "docs/operations.md").read_text("utf-8"), re.DOTALL)


def address(database: str) -> str:
    held = connection.settings_dict
    host = held["HOST"] or held["OPTIONS"]["host"]
    return f"postgres://{held['USER']}@/{database}?host={host}"


def run(commands: str, database: str, var: Path, backup: Path) -> subprocess.CompletedProcess[str]:
    """As an operator's shell runs them: the first that fails ends it."""
    environment = os.environ | {
        "PATH": f"{find_binaries().directory}:{os.environ['PATH']}", "PYTHON": sys.executable,
        "DATABASE_URL": address(database), "TAMA_VAR_DIR": str(var), "BACKUP": str(backup), "TAMA_NO_BOOTSTRAP": "1",
    }  # fmt: skip
    command = ["/bin/bash", "-eu", "-c", commands]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def empty_database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {RESTORED}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {RESTORED}")


def test_a_case_comes_back_with_its_papers(tmp_path: Path, empty_database: None) -> None:
    with clock.at(cases.NOW):
        case = cases.submitted(cases.world())
    paper = case.documents.earliest("pk")
    saved, there, backup = tmp_path / "saved", tmp_path / "there", tmp_path / "backup"
    shutil.copytree(settings.MEDIA_ROOT, saved / "media")
    there.mkdir()
    backup.mkdir()
    save, bring_back = blocks()
    done = run(save, str(connection.settings_dict["NAME"]), saved, backup)
    assert done.returncode == 0, done.stderr
    done = run(bring_back, RESTORED, there, backup)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok   grants.files" in done.stdout
    assert (there / "media" / paper.file.name).read_bytes() == Path(paper.file.path).read_bytes()
    # the control: without its bytes the same check says so
    (there / "media" / paper.file.name).write_bytes(b"")
    done = run('"$PYTHON" manage.py invariants', RESTORED, there, backup)
    assert done.returncode == 1
    assert "FAIL grants.files" in done.stdout

"""The lock's check finds each way a lock can be wrong."""

import pytest

from tama_portal.verification import locks
from tama_portal.verification.locks import Installed
from tests.commands.running import ROOT

pytestmark = pytest.mark.once
HASH = "    --hash=sha256:" + "a" * 64
LOCK = f"outer==1.2 \\\n{HASH}\n    # via tama\ninner==3.0 \\\n{HASH} \\\n{HASH}\nwindows-only==1 ; sys_platform == 'win32' \\\n{HASH}\n"
PROJECT = {
    "project": {
        "name": "tama",
        "dependencies": ["outer[more]>=1,<2", "windows-only; sys_platform == 'win32'"],
        "optional-dependencies": {"all": ["tama[test]"], "test": ["inner>=2"]},
    }
}
INSTALLED = {
    "outer": Installed("1.2", ('inner>=3; extra == "more"', 'absent; extra == "other"')),
    "inner": Installed("3.0", ()),
}


def faults(lock: str = LOCK, **changed: Installed | None) -> list[str]:
    found = INSTALLED | changed
    return locks.faults_of_text(lock) + locks.faults_of_pins(PROJECT, locks.parse(lock), found.get)


def test_a_sound_lock_has_no_fault() -> None:
    assert faults() == []


def test_the_projects_own_lock_holds() -> None:
    assert locks.check(ROOT) == []


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        (LOCK.replace("outer==1.2", "outer==2.0"), "pyproject.toml needs outer"),
        (LOCK.replace("inner==3.0", "inner==2.5"), "outer needs inner>=3"),
        (LOCK.replace(f"outer==1.2 \\\n{HASH}\n", ""), "has no pin"),
        (LOCK.replace(f"outer==1.2 \\\n{HASH}", "outer==1.2"), "outer has no hash"),
        (LOCK + f"stranger==1 \\\n{HASH}\n", "stranger is pinned, but nothing needs it"),
        ("--index-url " + "https:" + "//index.example/simple\n" + LOCK, "names an address"),
        ("-e .\n" + LOCK, "line 1 is neither a pin"),
        (LOCK.replace("outer==1.2", "outer>=1.2"), "line 1 is neither a pin"),
    ],
)
def test_each_fault_is_named(lock: str, fault: str) -> None:
    assert any(fault in found for found in faults(lock)), faults(lock)


def test_what_is_installed_must_be_what_is_pinned() -> None:
    assert faults(inner=Installed("3.1", ())) == ["inner 3.0 is pinned, but 3.1 is installed"]
    assert faults(inner=None) == ["inner 3.0 is pinned, but not installed"]


def test_a_new_requirement_of_a_requirement_is_noticed() -> None:
    assert faults(inner=Installed("3.0", ("deeper>=1",))) == [
        "inner needs deeper>=1, but requirements/all.txt has no pin for it"
    ]

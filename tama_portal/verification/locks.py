"""Does the lock satisfy pyproject.toml? Answered offline, from the lock's text and the installed metadata.

Held: every requirement of the project and of all its extras, and every requirement of those in turn, is met by a
pin; every pin carries hashes, names no address, is needed by something, and is what is installed.
"""

import importlib.metadata
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCK = Path("requirements") / "all.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*(.+?))?\s*\\?$")


@dataclass(frozen=True)
class Pin:
    """One locked version; `marker` limits it to some platforms or interpreters."""

    name: str
    version: str
    marker: str
    hashes: int

    def applies(self) -> bool:
        """Whether it is meant for this interpreter and platform."""
        return not self.marker or Marker(self.marker).evaluate()


@dataclass(frozen=True)
class Installed:
    """What is installed under a name: its version and its own requirements."""

    version: str
    requires: tuple[str, ...]


def installed(name: str) -> Installed | None:
    """Read the environment's metadata."""
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    return Installed(found.version, tuple(found.requires or ()))


def check(root: Path) -> list[str]:
    """All faults of the lock in `root`; empty when it holds."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    text = (root / LOCK).read_text(encoding="utf-8")
    return faults_of_text(text) + faults_of_pins(project, parse(text), installed)


def parse(text: str) -> list[Pin]:
    """The pins of a lock file."""
    pins: list[Pin] = []
    for line in text.splitlines():
        if match := _PIN.match(line):
            pins.append(Pin(canonicalize_name(match[1]), match[2], match[3] or "", 0))
        elif "--hash=" in line and pins:
            last = pins[-1]
            pins[-1] = Pin(last.name, last.version, last.marker, last.hashes + 1)
    return pins


def faults_of_text(text: str) -> list[str]:
    """Addresses, options and lines that are neither pin, hash nor comment."""
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if "://" in bare:
            faults.append(f"line {number} names an address: {bare}")
        elif bare and not bare.startswith(("#", "--hash=sha256:")) and not _PIN.match(line):
            faults.append(f"line {number} is neither a pin nor a sha256 hash: {bare}")
    return faults


def faults_of_pins(
    project: dict[str, dict[str, object]], pins: Iterable[Pin], find: Callable[[str], Installed | None]
) -> list[str]:
    """Requirements without a fitting pin, pins without hashes, need, or the right installation."""
    by_name = {pin.name: pin for pin in pins if pin.applies()}
    walk = _Walk(by_name, find)
    for requirement in _requirements(project):
        walk.require(requirement, "pyproject.toml")
    faults = walk.faults
    faults += [f"{pin.name} has no hash" for pin in pins if not pin.hashes]
    faults += [f"{name} is pinned, but nothing needs it" for name in sorted(set(by_name) - walk.reached)]
    return faults


def _requirements(project: dict[str, dict[str, object]]) -> list[Requirement]:
    """The project's requirements with all extras; references of an extra to the project itself are left out."""
    table = project["project"]
    own = canonicalize_name(str(table["name"]))
    extras = table.get("optional-dependencies", {})
    lines = list(_strings(table.get("dependencies", [])))
    if isinstance(extras, dict):
        lines += [line for extra in extras.values() for line in _strings(extra)]
    found = [Requirement(line) for line in lines]
    return [requirement for requirement in found if canonicalize_name(requirement.name) != own]


def _strings(value: object) -> Iterable[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


class _Walk:
    """Follows requirements through the pins; remembers what it reached."""

    def __init__(self, pins: dict[str, Pin], find: Callable[[str], Installed | None]) -> None:
        self._pins = pins
        self._find = find
        self._seen: set[tuple[str, str]] = set()
        self.reached: set[str] = set()
        self.faults: list[str] = []

    def require(self, requirement: Requirement, needed_by: str, extra: str = "") -> None:
        """Check one requirement and, with it, everything it needs in turn."""
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            return
        name = canonicalize_name(requirement.name)
        pin = self._pins.get(name)
        if pin is None:
            self.faults.append(f"{needed_by} needs {requirement}, but {LOCK} has no pin for it")
            return
        if not requirement.specifier.contains(Version(pin.version), prereleases=True):
            self.faults.append(f"{needed_by} needs {requirement}, but {LOCK} pins {pin.version}")
        self.reached.add(name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in self._seen:
                self._seen.add((name, wanted))
                self._follow(pin, wanted)

    def _follow(self, pin: Pin, extra: str) -> None:
        found = self._find(pin.name)
        if found is None:
            self.faults.append(f"{pin.name} {pin.version} is pinned, but not installed")
            return
        if Version(found.version) != Version(pin.version):
            self.faults.append(f"{pin.name} {pin.version} is pinned, but {found.version} is installed")
        for line in found.requires:
            self.require(Requirement(line), pin.name, extra)

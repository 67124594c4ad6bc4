"""What is written about the project is true: paths, commands, addresses and names exist; nothing is stale."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from core.lifecycle import declared
from tests.journeys.routes import routes

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "accounts", "programs", "indicators", "grants", "tama_portal")
MADE_AT_RUN_TIME = {"var/", ".venv"}
SUFFIXES = (".py", ".md", ".json", ".toml", ".css", ".html", ".txt", ".js", ".png", ".svg")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
# Spelled in two halves, so that this file does not name them itself.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare"),
        ("fonts", "googleapis"),
    ]
]
UNFINISHED = re.compile(
    r"\b(?:{})\b".format("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "lorem" + " ipsum"]))
)
MACHINE = re.compile(r"(?<![\w.<{*-])/(?:work|root|home/\w+|Users/\w+)/")


def tracked() -> list[str]:
    """Every tracked file that is still there."""
    listed = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def documents() -> list[str]:
    """The prose about the project."""
    return [
        name for name in tracked() if name.endswith(".md") and (name.startswith("docs/") or "/" not in name)
    ]


def texts() -> Iterator[tuple[str, str]]:
    """(name, content) of every tracked text."""
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def spoken(document: str) -> Iterator[str]:
    """What stands in backticks on one line."""
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)
    for found in re.finditer(r"`([^`\n]+)`", text):
        yield found[1]


def exists(path: str, among: set[str]) -> bool:
    """Whether a path is there: from the root, from docs/, or inside some package ("rules.py")."""
    folder = path.endswith("/")
    ends = path if folder else f"/{path}"
    return (
        path in MADE_AT_RUN_TIME
        or (ROOT / path).exists()
        or (ROOT / "docs" / path).exists()
        or any((f"/{ends}" in f"/{name}") if folder else f"/{name}".endswith(ends) for name in among)
    )


@pytest.mark.parametrize("document", documents())
def test_paths_in_prose_exist(document: str) -> None:
    among = set(tracked())
    named = [
        word for word in spoken(document) if PATH.fullmatch(word) and ("/" in word or word.endswith(SUFFIXES))
    ]
    assert [path for path in named if not exists(path, among)] == []


@pytest.mark.parametrize("document", documents())
def test_links_and_pictures_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = [
        target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not target.startswith(("http", "#"))
    ]
    missing = [
        target for target in targets if not (ROOT / document).parent.joinpath(target.split("#")[0]).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("document", documents())
def test_commands_in_prose_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"manage\.py (\w+)", text))
    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("document", documents())
def test_addresses_in_prose_exist(document: str) -> None:
    """`/programs/` in prose is an address of the portal, or the beginning of some."""
    known = ["/" + path.replace("^", "").replace("$", "") for _, path in routes()]
    named = [word.split("?")[0] for word in spoken(document) if re.fullmatch(r"/[\w./?=-]*", word)]
    assert [word for word in named if not any(path.startswith(word) for path in known)] == []


def test_the_lifecycle_page_is_fresh() -> None:
    """docs/lifecycle.md is what `manage.py lifecycles` prints now."""
    assert declared()
    call_command("lifecycles", "--check")


def test_the_glossary_speaks_the_language_of_the_code() -> None:
    """Every code name of the glossary stands somewhere in our own Python."""
    code = "\n".join(
        text for name, text in texts() if name.endswith(".py") and name.split("/")[0] in PACKAGES
    )
    rows = re.findall(
        r"^\|[^|]+\|([^|]+)\|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    names = {part for row in rows for word in re.findall(r"`([^`]+)`", row) for part in word.split(".")}
    assert len(names) > 30
    missing = [name for name in sorted(names) if not re.search(rf"\b{spelled(name)}\b", code)]
    assert missing == []


def spelled(name: str) -> str:
    """The pattern of a code name; `*` stands for the rest or the beginning of a word."""
    return re.escape(name).replace(re.escape("*"), "[a-z_]*")


def test_no_text_names_a_registry_or_a_machine() -> None:
    found = [f"{name}: {needle}" for name, text in texts() for needle in REGISTRIES if needle in text.lower()]
    found += [f"{name}: {match[0]}" for name, text in texts() for match in MACHINE.finditer(text)]
    assert found == []


def test_nothing_is_marked_unfinished() -> None:
    found = [f"{name}: {match[0]}" for name, text in texts() for match in UNFINISHED.finditer(text)]
    assert found == []


def test_every_decision_has_its_number_and_its_parts() -> None:
    """docs/adr: numbered without gaps, each with context, decision and consequences."""
    files = sorted(name for name in tracked() if name.startswith("docs/adr/"))
    assert [int(Path(name).name[:4]) for name in files] == list(range(1, len(files) + 1))
    for name in files:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert all(part in text for part in ("Context", "Decision", "Consequences")), name

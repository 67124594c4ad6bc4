"""The structure of the code is tested too: what import-linter cannot see is checked here."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.urls import URLPattern, URLResolver, get_resolver

from core.access import module_rule, rule_of

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["core", "accounts", "programs", "indicators", "grants", "tama_portal"]
PACKAGES = [name for name in FLOORS if (ROOT / name).is_dir()]
FILE_CEILING = 400
FUNCTION_CEILING = 40
CLOCK = Path("core/clock.py")
BANNED_NAMES = {"utils", "helpers", "services", "misc", "common"}


def tracked(*suffixes: str) -> list[Path]:
    """Tracked files by suffix, relative to the root."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [
        Path(line)
        for line in listed.stdout.splitlines()
        if line.endswith(suffixes) and (ROOT / line).exists()
    ]


def sources() -> list[Path]:
    """Our own Python files but migrations."""
    return [path for path in tracked(".py") if path.parts[0] in PACKAGES and "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def test_files_stay_short() -> None:
    long = {
        str(path): lines
        for path in [*tracked(".py", ".html", ".css", ".js")]
        if "migrations" not in path.parts
        and path.name not in {"tokens.css"}
        and (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > FILE_CEILING
    }
    assert long == {}


def test_functions_stay_short() -> None:
    long = {
        f"{path}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_CEILING
    }
    assert long == {}


def test_no_drawer_for_odds_and_ends() -> None:
    assert [path for path in sources() if path.stem in BANNED_NAMES or path.parent.name in BANNED_NAMES] == []


def test_the_clock_is_read_in_one_place() -> None:
    """`datetime.now()`, `date.today()` and `timezone.now()` only in core/clock.py."""
    found = [
        f"{path}:{node.lineno}"
        for path in sources()
        if path != CLOCK
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow", "localdate", "localtime"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "timezone"}
    ]
    assert found == []


def test_only_settings_reads_the_environment() -> None:
    allowed = {
        "tama_portal/settings.py",
        "tama_portal/celery.py",
        "tama_portal/wsgi.py",
        "tama_portal/bootstrap.py",
    }
    found = [
        f"{path}:{node.lineno}"
        for path in sources()
        if path.as_posix() not in allowed and not path.as_posix().startswith(COMMANDS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert found == []


COMMANDS = ("tama_portal/supervisor/", "tama_portal/verification/", "tama_portal/management/commands/")


def test_string_foreign_keys_point_down() -> None:
    """A model refers to its own app or to one below, also by string."""
    own = [config for config in apps.get_app_configs() if config.name in FLOORS]
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model._meta.label}"
        for config in own
        for model in config.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model is not None
        and field.related_model._meta.app_label in FLOORS
        and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(config.name)
    ]
    assert upward == []


def test_paired_instants_have_their_person() -> None:
    """A field `x_by` stands beside `x_at` and the other way round where either names an act of a person."""
    faults = []
    for config in apps.get_app_configs():
        if config.name not in FLOORS:
            continue
        for model in config.get_models():
            names = {field.name for field in model._meta.get_fields() if field.concrete}
            faults += [
                f"{model.__name__}.{name}"
                for name in names
                if name.endswith("_by") and f"{name[:-3]}_at" not in names and name != "succeeded_by"
            ]
    assert faults == []


def every_route(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URL conf with its full pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def test_every_route_declares_its_access() -> None:
    undeclared = [
        route
        for route, pattern in every_route()
        if rule_of(pattern.callback) is None and module_rule(pattern.callback) is None
    ]
    assert undeclared == []


@pytest.mark.parametrize("suffix", [".html"])
def test_templates_have_no_inline_style_script_or_safe(suffix: str) -> None:
    """The Content-Security-Policy forbids inline code; escaping is never switched off."""
    bad = []
    for path in tracked(suffix):
        text = (ROOT / path).read_text(encoding="utf-8")
        needles = (
            " style=",
            "|safe",
            "autoescape off",
            " onclick=",
            " onchange=",
            " onsubmit=",
            "javascript:",
            "<style",
        )
        bad += [f"{path}: {needle.strip()}" for needle in needles if needle in text]
    assert bad == []


def test_escaping_is_never_switched_off_in_code() -> None:
    found = [str(path) for path in sources() if "mark_safe" in (ROOT / path).read_text(encoding="utf-8")]
    assert found == []


def test_no_test_skips_silently() -> None:
    """A skip names its reason, which verify prints."""
    faults = []
    for path in [path for path in tracked(".py") if path.parts[0] == "tests"]:
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"skip", "skipif", "xfail"}
            ):
                named = any(
                    keyword.arg == "reason" and isinstance(keyword.value, ast.Constant | ast.JoinedStr)
                    for keyword in node.keywords
                )
                if not named and not node.args:
                    faults.append(f"{path}:{node.lineno}")
    assert faults == []


def test_no_code_sends_a_task() -> None:
    """Work begins with a row of the database that the schedule finds: a task sent before a commit would not see it."""
    sent = (".delay(", ".apply_async(", ".send_task(")
    assert [
        path for path in sources() if any(word in (ROOT / path).read_text("utf-8") for word in sent)
    ] == []


def test_no_script_asks_the_browsers_clock() -> None:
    """What is left until a closing is said by the server; a wrong clock on a desk moves no deadline."""
    scripts = sorted((ROOT / "static" / "js").rglob("*.js"))
    assert scripts
    assert [path.name for path in scripts if re.search(r"\bDate\b", path.read_text("utf-8"))] == []

"""Status moves in one module per app, in whichever of the five ways it could be written."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from core.lifecycle import declared
from tests.test_architecture import PACKAGES, ROOT, sources, tree

WRITERS = {
    "grants": Path("grants/actions/transition.py"),
    "indicators": Path("indicators/actions/transition.py"),
}


def writes_status(path: Path) -> list[int]:
    """Lines of a file that write a `status` field of a model of ours."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [
                node.lineno
                for target in targets
                if isinstance(target, ast.Attribute) and target.attr == "status"
            ]
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"update", "create", "get_or_create", "update_or_create"} and any(
                keyword.arg == "status" for keyword in node.keywords
            ):
                found.append(node.lineno)
            if name in {"bulk_update", "setattr"} and any(
                isinstance(part, ast.Constant) and part.value == "status"
                for argument in node.args
                for part in ast.walk(argument)
            ):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_status_has_one_writer(package: str) -> None:
    strays = {
        f"{path}:{line}"
        for path in sources()
        if path.parts[0] == package and path != WRITERS.get(package)
        for line in writes_status(path)
    }
    assert strays == set()


@pytest.mark.parametrize(
    "code",
    [
        "case.status = 'x'",
        "Case.objects.filter(pk=1).update(status='x')",
        "Case.objects.create(status='x')",
        "Case.objects.bulk_update(rows, ['status'])",
        "setattr(case, 'status', 'x')",
    ],
)
def test_the_guard_sees_each_way(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sample.py"
    path.write_text(code, encoding="utf-8")
    monkeypatch.setattr("tests.test_status_writers.tree", lambda _: ast.parse(code))
    assert writes_status(path) == [1]


def test_every_status_field_has_a_table() -> None:
    """A model with a `status` field belongs to an app that declares a lifecycle over its states."""
    enums = [set(table.states.values) for table in declared().values()]
    bare = [
        f"{model.__name__}.{field.name}"
        for config in apps.get_app_configs()
        if config.name in PACKAGES
        for model in config.get_models()
        for field in model._meta.get_fields()
        if field.name == "status" and set(dict(getattr(field, "choices", None) or [])) not in enums
    ]
    assert bare == []


def test_the_lifecycle_document_is_fresh() -> None:
    from tama_portal.management.commands.lifecycles import document

    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == document()

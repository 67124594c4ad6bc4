"""The schema is valid, complete, and the API keeps to it whatever it is asked."""

from collections.abc import Callable
from io import StringIO
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.api.authentication import AddressThrottle, CallerThrottle
from tama_portal.api_examples import recorded
from tests.api.conftest import SCHEMA, is_private, lists
from tests.api.machines import Machine
from tests.factories import grants as cases

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25
RESOURCES = [
    *("calls", "eligibility-rules", "funding-rules", "indicators", "measures", "organizations", "plans"),
    *("programs", "projects"),
]
COMPUTING = {
    "/api/v1/funding-rules/{id}/evaluate/",
    "/api/v1/eligibility-rules/{id}/evaluate/",
}
"""The only operations that take a body: they compute and store nothing."""


def test_the_schema_is_valid(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    validate_schema(schema)
    for shape in schema["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)  # what validate_schema leaves out: a type named twice
    assert lists(schema) == [f"/api/v1/{name}/" for name in RESOURCES]


def test_the_schema_is_saved_under_a_name_every_client_reads(client: Client) -> None:
    assert client.get("/api/v1/schema/")["Content-Disposition"] == 'inline; filename="openapi.yaml"'


def test_the_schema_is_made_without_guessing() -> None:
    """drf-spectacular warns where it has to guess a type or a parameter; none is left."""
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=StringIO(), stderr=StringIO())


def test_every_operation_says_what_it_is_for(schema: dict[str, Any]) -> None:
    """A summary and a group in Japanese, and the problems it may answer with."""
    faults = []
    operations = [(path, each) for path, item in schema["paths"].items() for each in item.values()]
    for path, operation in operations:
        faults += [
            f"{path}: no Japanese summary or group: {words}"
            for words in (operation.get("summary", ""), *operation["tags"])
            if not any(ord(char) > 0x3000 for char in words)
        ]
        problems = [
            code
            for code, answer in operation["responses"].items()
            if "application/problem+json" in answer.get("content", {})
        ]
        if "{" in path and "404" not in problems:
            faults.append(f"{path}: 404 is not documented")
    assert faults == []


def test_every_body_has_an_example_that_keeps_to_the_schema(schema: dict[str, Any]) -> None:
    """What a reader copies is what the portal answers, and takes."""
    faults = []
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if path == SCHEMA:
                continue
            bodies = [operation["responses"].get("200", {}), operation.get("requestBody", {})]
            told = [
                each["content"]["application/json"]
                for each in bodies
                if "application/json" in each.get("content", {})
            ]
            faults += [
                f"{method} {path}: {fault}" for media in told for fault in example_faults(media, schema)
            ]
    assert faults == []
    used = {each["operationId"] for item in schema["paths"].values() for each in item.values()}
    assert set(recorded()) - used == set()


def example_faults(media: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """What is wrong with the examples of one body."""
    checked = Draft202012Validator({**media["schema"], "components": schema["components"]})
    examples = [each["value"] for each in media.get("examples", {}).values()]
    return [error.message for each in examples for error in checked.iter_errors(each)] or (
        [] if examples else ["no example"]
    )


def test_the_schema_names_only_reading_computing_and_drafts(schema: dict[str, Any]) -> None:
    """In public nothing is changed; with a token drafts are saved, a notice is read, and acts are refused."""
    operations = {
        (path, method): each for path, item in schema["paths"].items() for method, each in item.items()
    }
    public = {key for key, each in operations.items() if key[1] != "get" and not is_private(each)}
    assert public == {(path, "post") for path in COMPUTING}
    private = {key for key, each in operations.items() if key[1] != "get" and is_private(each)}
    assert {(path.removeprefix("/api/v1/"), method) for path, method in private} == {
        ("notices/{id}/read/", "post"),
        ("applications/{id}/acts/{action}/", "post"),
        ("rounds/{id}/sheets/{number}/acts/{action}/", "post"),
        ("applications/{id}/answers/{question}/", "put"),
        ("applications/{id}/members/{member}/answers/{question}/", "put"),
        ("applications/{id}/indicators/", "put"),
        ("applications/{id}/members/{member}/budget/", "put"),
    }
    saving = [each for (_, method), each in operations.items() if method == "put"]
    assert all({"401", "403", "404", "409", "412", "422", "428"} <= set(each["responses"]) for each in saving)


def explored(
    change: Callable[[schemathesis.Case], None], wanted: Callable[[dict[str, Any]], bool], examples: int
) -> dict[str, str]:
    """Generated requests of every wanted operation held against the schema; what was wrong, by operation."""
    document = schemathesis.openapi.from_wsgi(
        SCHEMA, WSGIHandler(), headers={"Accept": "application/vnd.oai.openapi+json"}
    )
    faults: dict[str, str] = {}
    for found in document.get_all_operations():
        operation = found.ok()
        if not wanted(operation.definition.raw):
            continue

        @settings(
            max_examples=examples,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case: schemathesis.Case) -> None:
            change(case)
            case.call_and_validate(checks=CHECKS)

        try:
            holds()
        except BaseException as error:  # noqa: BLE001 - one list of all operations' faults
            faults[operation.label] = str(error)[:1200]
    return faults


def as_nobody(case: schemathesis.Case) -> None:
    """Sent as it was generated."""


def told(faults: dict[str, str]) -> None:
    """Fail with all of them."""
    if faults:
        pytest.fail("\n".join(f"{label}: {fault}" for label, fault in faults.items()), pytrace=False)


@pytest.mark.django_db
def test_the_api_keeps_to_its_schema(reference: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No 5xx, no undocumented status, type or shape for generated parameters of every operation, as nobody."""
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"anon": "100000/min"})
    told(explored(as_nobody, lambda operation: not is_private(operation), EXAMPLES))
    told(explored(as_nobody, is_private, 3))


@pytest.mark.django_db
def test_the_api_keeps_to_its_schema_for_a_machine(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with a token, at a case of its own: drafts are written, acts refused, nothing breaks."""
    clock.set(cases.NOW)
    world = cases.world()
    case = cases.start(world)
    cases.fill(world, case)
    machine = Machine(world.users["lead_editor"])
    for throttle in (AddressThrottle, CallerThrottle):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", {"anon": "100000/min", "caller": "100000/min"})
    real = {
        "id": case.public_id, "member": cases.lead_of(case).public_id, "question": "purpose", "action": "submit",
        "document": case.documents.get().public_id,
    }  # fmt: skip
    turn = count()

    def signed(found: schemathesis.Case) -> None:
        found.headers = {**(found.headers or {}), "Authorization": f"Bearer {machine.secret}"}
        if "If-Match" in found.headers and next(turn) % 2:
            found.headers["If-Match"] = '"1"'
        for name in found.path_parameters or {}:
            if found.path.endswith("/content/") and name == "document":
                continue  # a bare WSGI call leaves the file open; tests/api/test_private.py reads it
            if name in real and isinstance(found.path_parameters[name], str):
                found.path_parameters[name] = real[name]

    told(explored(signed, is_private, 10))


@pytest.mark.django_db
def test_known_rows_keep_to_the_schema(schema: dict[str, Any], reference: None, client: Client) -> None:
    """Generated names of rows rarely exist: so each existing first row is read and held against the schema too."""
    document = schemathesis.openapi.from_dict(schema)
    document.app = WSGIHandler()
    for path in lists(schema):
        rows = client.get(path, {"page_size": "200"}).json()["results"]
        detail = next(other for other in schema["paths"] if other.startswith(path) and "{" in other)
        names = [part.strip("{}") for part in detail.split("/") if part.startswith("{")]
        for row in rows:
            values = {name: row.get(name) or row.get("number") for name in names}
            case = document[detail]["GET"].Case(path_parameters=values)
            assert case.call_and_validate(checks=CHECKS).status_code == 200

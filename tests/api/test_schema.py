"""The schema is valid, complete, and the API keeps to it whatever it is asked."""

from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import SCHEMA, lists

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25
PRIVATE = {"/api/v1/me/"}
"""Paths that need a caller; what they answer is tried in tests/api/test_private.py."""
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
    assert lists(schema) == [f"/api/v1/{name}/" for name in RESOURCES]


def test_the_schema_is_made_without_guessing() -> None:
    """drf-spectacular warns where it has to guess a type or a parameter; none is left."""
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=StringIO(), stderr=StringIO())


def test_every_operation_says_what_it_is_for(schema: dict[str, Any]) -> None:
    """A summary or description in Japanese, and the problems it may answer with."""
    faults = []
    for path, item in schema["paths"].items():
        operation = item["post" if path in COMPUTING else "get"]
        told = operation.get("summary", "") + operation.get("description", "")
        if not any(ord(char) > 0x3000 for char in told):
            faults.append(f"{path}: no Japanese summary or description")
        problems = [
            code
            for code, answer in operation["responses"].items()
            if "application/problem+json" in answer.get("content", {})
        ]
        if "{" in path and "404" not in problems:
            faults.append(f"{path}: 404 is not documented")
    assert faults == []


def test_the_schema_names_only_reading_and_computing(schema: dict[str, Any]) -> None:
    methods = {path: set(item) for path, item in schema["paths"].items()}
    assert {path for path, found in methods.items() if found != {"get"}} == COMPUTING
    assert all(methods[path] == {"post"} for path in COMPUTING)


@pytest.mark.django_db
def test_the_api_keeps_to_its_schema(reference: None) -> None:
    """No 5xx, no undocumented status, type or shape for generated parameters of every operation."""
    document = schemathesis.openapi.from_wsgi(
        SCHEMA, WSGIHandler(), headers={"Accept": "application/vnd.oai.openapi+json"}
    )
    faults: dict[str, str] = {}
    for found in document.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        try:
            holds()
        except BaseException as error:  # noqa: BLE001 - one list of all operations' faults
            faults[operation.label] = str(error)[:1200]
    if faults:
        pytest.fail("\n".join(f"{label}: {fault}" for label, fault in faults.items()), pytrace=False)


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

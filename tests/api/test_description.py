"""The description of the interface: whole, with examples that are true to it, and answers that keep to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from tests.api.client import FORMATS, Api, Json, at, document
from tests.api.rows import Rows

EXAMPLES = 8
METHODS = ("get", "post", "patch")
OPERATIONS = [
    (path, method) for path, item in document()["paths"].items() for method in METHODS if method in item
]


def operation(path: str, method: str) -> Json:
    found: Json = document()["paths"][path][method]
    return found


def schema(part: Json) -> Draft202012Validator:
    whole = {**part["schema"], "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS)


def contents(path: str, method: str) -> Iterator[Json]:
    """Every body that an operation takes or gives, but refusals that all share."""
    said = operation(path, method)
    if "requestBody" in said and path.startswith("/api/"):
        yield from said["requestBody"]["content"].values()
    for answer in said["responses"].values():
        yield from answer.get("content", {}).values()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_is_described(path: str, method: str) -> None:
    said = operation(path, method)
    assert " · " in said["summary"]
    assert len(said["description"]) > 30
    assert said["security"]
    assert {"401", "422"} <= said["responses"].keys()
    assert said["responses"].keys() & {"200", "201"}


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_example_is_true_to_its_schema(path: str, method: str) -> None:
    for part in contents(path, method):
        assert [e.message for e in schema(part).iter_errors(part["example"])] == []


def test_refusals_have_examples_that_are_true(http: TestClient) -> None:
    shared = document()["components"]["responses"]
    assert len(shared) >= 10
    for answer in shared.values():
        part = answer["content"]["application/problem+json"]
        assert [e.message for e in schema(part).iter_errors(part["example"])] == []


def test_anybody_may_read_the_description(http: TestClient) -> None:
    response = http.get("/api/v1/openapi.json")
    assert response.json() == document()
    assert document()["openapi"].startswith("3.1")


def test_a_shape_has_no_field_but_those_described() -> None:
    schemas = document()["components"]["schemas"]
    for name in ("BudgetLine", "LedgerEntry", "WorkWhole", "Contract", "UnitWhole", "Disbursement"):
        assert schemas[name]["additionalProperties"] is False
        assert set(schemas[name]["required"]) == set(schemas[name]["properties"])


def test_whatever_is_sent_is_answered_as_described(http: TestClient) -> None:
    """schemathesis makes requests, good and bad, from the description alone."""
    api = at(http)
    Rows(api).entry()
    described = schemathesis.openapi.from_dict(document())
    described.app = http.app
    tried: list[tuple[str, int]] = []
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        tried += attempts(found.ok(), http, api)
    assert len(tried) > 5 * len(OPERATIONS)
    assert {status // 100 for _, status in tried} == {2, 4}


def attempts(found: Any, http: TestClient, api: Api) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []

    @given(case=found.as_strategy())
    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def attempt(case: Any) -> None:
        response = case.call(session=http, headers=api.headers)
        case.validate_response(
            response,
            checks=[
                not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance
            ],
        )  # fmt: skip
        told.append((found.label, response.status_code))

    attempt()
    return told


def test_what_is_described_has_names_of_its_own() -> None:
    """Two shapes of one name would be told apart by the modules that they stand in, which are nobody's business."""
    assert [name for name in document()["components"]["schemas"] if "__" in name] == []

"""A client that checks every answer against the description of the interface.

An answer with a status that the operation does not name, or that does not fit its schema, fails the test that
asked for it, whatever that test was about.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from app.domain.identity import clients
from app.main import create_app
from tests.support import world

Json = dict[str, Any]
FORMATS = FormatChecker(["uuid", "date"])


@FORMATS.checks("date-time", ValueError)
def is_moment(value: object) -> bool:
    """A moment with its zone."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@cache
def document() -> Json:
    """The description; it is the same for every application of the process."""
    return create_app().openapi()


@cache
def _validator(path: str, method: str, status: str, media: str) -> Draft202012Validator:
    answers = document()["paths"][path][method]["responses"]
    if status not in answers:
        raise AssertionError(f"{method} {path} does not say that it answers {status}")
    said = answers[status]
    if "$ref" in said:
        said = document()["components"]["responses"][said["$ref"].rsplit("/", 1)[1]]
    if media not in said["content"]:
        raise AssertionError(f"{method} {path} {status} does not say that it answers {media}")
    schema = {**said["content"][media]["schema"], "components": document()["components"]}
    return Draft202012Validator(schema, format_checker=FORMATS)


def template(app: FastAPI, path: str) -> str | None:
    """`/api/v1/works/{id}` of a path, where the interface has such a route; fixed words come before fields."""
    table = app.table  # type: ignore[attr-defined]  # our Application's
    fitting = [route for route in table.routes if route.path_regex.match(path) and route.include_in_schema]
    return min((route.path for route in fitting), key=lambda p: p.count("{"), default=None)


def check(app: FastAPI, response: httpx.Response) -> None:
    """Raises AssertionError for an answer that the description does not allow."""
    request = response.request
    path = template(app, request.url.path)
    if path is None or request.method.lower() not in document()["paths"][path]:
        assert response.status_code in {404, 405}
        return
    method, status = request.method.lower(), str(response.status_code)
    media = response.headers["content-type"].partition(";")[0]
    if not media.endswith("json"):
        assert media in document()["paths"][path][method]["responses"][status]["content"]
        return
    wrong = [e.message for e in _validator(path, method, status, media).iter_errors(response.json())]
    assert not wrong, (f"{request.method} {path} {status}", wrong, response.text[:500])
    named = document()["paths"][path][method]["responses"][status].get("headers", {})
    assert not [name for name in named if name not in response.headers], (path, status)
    assert response.headers["x-request-id"]


class Api:
    """One client of the interface, at its unit and with its scope."""

    def __init__(self, http: TestClient, token: str | None) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {token}"} if token is not None else {}

    def call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        address = path if path.startswith("/") else f"/api/v1/{path}"
        response: httpx.Response = self.http.request(
            method, address, headers=self.headers | (headers or {}), **more
        )
        check(self.http.app, response)  # type: ignore[arg-type]  # the ASGI type knows no table
        return response

    def get(self, path: str, status: int = 200, /, **params: Any) -> Json:
        """The body of a GET that answers `status`."""
        return self._expect(self.call("GET", path, params=params), status)

    def post(self, path: str, body: object = None, status: int = 201) -> Json:
        return self._expect(self.call("POST", path, json=body), status)

    def patch(self, path: str, body: object, etag: str | None, status: int = 200) -> Json:
        headers = {"If-Match": etag} if etag is not None else {}
        return self._expect(self.call("PATCH", path, json=body, headers=headers), status)

    def etag(self, path: str) -> str:
        return self.call("GET", path).headers["etag"]

    def pages(self, path: str, limit: int, **params: Any) -> Iterator[Json]:
        """Every row of a list, page by page."""
        cursor: Json = {}
        while True:
            page = self.get(path, limit=limit, **params, **cursor)
            assert len(page["items"]) <= limit
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    def _expect(self, response: httpx.Response, status: int) -> Json:
        assert response.status_code == status, (response.status_code, response.text)
        body: Json = response.json()
        return body

    # What most tests need, as a client would do it.

    def line(self, **key: Any) -> Json:
        """A new line of Sông Trà in 2023."""
        body = {
            "id": new_id(), "unit_code": "20770@legacy", "project_code": "GNBV.2", "source": "central",
            "capital_kind": "recurrent", "year": 2023,
        }  # fmt: skip
        return self.post("budget-lines", body | key)

    def record(self, line: Json | str, kind: str, amount: int | None, day: str | None, **more: Any) -> Json:
        """A posted (or proposed) entry on a line."""
        return self.post("ledger-entries", entry(line, kind, amount, day, **more))

    def refused(self, line: Json | str, kind: str, amount: int | None, day: str | None, **more: Any) -> Json:
        """The problem with which a rule refuses an entry."""
        return self.post("ledger-entries", entry(line, kind, amount, day, **more), 409)


def new_id() -> str:
    return str(uuid.uuid4())


def entry(line: Json | str, kind: str, amount: int | None, day: str | None, **more: Any) -> Json:
    body: Json = {
        "id": new_id(), "budget_line_id": line if isinstance(line, str) else line["id"], "kind": kind,
        "document": {"number": "0147/UNC", "date": "2023-03-01", "issuer": "Kho bạc Nhà nước"},
    }  # fmt: skip
    if amount is not None:
        body["amount"] = amount
    if day is not None:
        body["effective_date"] = day
    return body | more


def fields(problem: Json) -> list[str]:
    return [error["field"] for error in problem["errors"]]


@contextmanager
def running() -> Iterator[TestClient]:
    """The application over the database at hand."""
    with TestClient(create_app(), raise_server_exceptions=False) as http:
        yield http


def at(http: TestClient, unit: str = "20770@legacy", scope: str = "write") -> Api:
    """A client with a token of its own."""
    return Api(http, clients.issue_token(*world.client(unit, scope))[0])

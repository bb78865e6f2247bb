"""What every request meets before and after its handler, tried on a small application and on the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.testclient import TestClient

from app import logs, main
from app.errors import Fault
from app.settings import Settings, settings
from app.web import problems
from app.web.answers import Version, answer, page
from app.web.areas import is_api
from app.web.compress import Compress
from app.web.guard import Guard
from app.web.headers import API_CSP, PAGE_CSP, SecurityHeaders
from app.web.metrics import Metrics
from app.web.observe import Observe
from app.web.routing import RouteTable
from app.web.schema import Amount, ListQuery
from app.web.schema import Body as Sent

LIMIT = 2048


class WorksQuery(ListQuery):
    unit: str | None = None


class Payment(Sent):
    amount: Amount


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/api/v1/works")
    def works(query: Annotated[WorksQuery, Query()]) -> Response:
        return page([{"unit": query.unit, "text": "x" * 3000}] * (query.limit == 500), None)

    @router.get("/api/v1/works/{number}")
    def work(number: int) -> Response:
        return answer({"number": number})

    @router.get("/api/v1/units/{code}")
    def unit(code: str) -> Response:
        return answer({"code": code})

    @router.patch("/api/v1/works/{number}")
    def change(number: int, version: Version) -> Response:
        return answer({"number": number, "version": version})

    @router.post("/api/v1/ledger-entries")
    def post(payment: Annotated[Payment, Body()], request: Request) -> Response:
        request.state.actor = type("Actor", (), {"user_id": None, "ref": "client:7"})()
        return answer({"amount": payment.amount}, 201)

    @router.get("/api/v1/broken")
    def broken() -> Response:
        raise RuntimeError("the password is hunter2")

    @router.post("/page")
    async def form(request: Request) -> Response:
        return HTMLResponse(f"<p>{len(await request.body())}</p>")

    @router.get("/page")
    def show() -> Response:
        return HTMLResponse("<p>à</p>" * 500, headers={"Cache-Control": "max-age=5"})

    return router


def render(request: Request, error: Exception) -> Response:
    if is_api(request.url.path):
        return problems.render(request, error)
    return HTMLResponse("<h1>lỗi</h1>", problems.render(request, error).status_code)


async def handle(request: Request, error: Exception) -> Response:
    return render(request, error)


METRICS = Metrics("test")


@pytest.fixture
def client() -> TestClient:
    app = FastAPI(
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers=dict.fromkeys((Fault, HTTPException, RequestValidationError), handle),
        middleware=[
            Middleware(SecurityHeaders, hsts=True),
            Middleware(Observe, render=render, metrics=METRICS),
            Middleware(Compress),
            Middleware(Guard, render=render, max_body_bytes=LIMIT, larger={"/api/v1/documents": 4 * LIMIT}),
        ],
    )
    app.router.routes.append(RouteTable([routes()]))
    return TestClient(app)


def problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    body: dict[str, Any] = response.json()
    assert (body["type"], body["status"]) == (kind, status)
    assert body["request_id"] == response.headers["x-request-id"]
    assert response.headers["content-security-policy"] == API_CSP
    return body


def fields(body: dict[str, Any]) -> list[str]:
    return [error["field"] for error in body["errors"]]


# Headers


def test_the_page_policy_allows_nothing_inline_and_no_other_host() -> None:
    assert "unsafe" not in PAGE_CSP
    assert "http" not in PAGE_CSP
    assert "data:" not in PAGE_CSP
    assert PAGE_CSP.startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/page", "/nowhere", "/api/v1/works", "/api/v1/nowhere", "/api/v1/broken"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == (API_CSP if path.startswith("/api/") else PAGE_CSP)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["strict-transport-security"].startswith("max-age=31536000")


def test_what_is_read_is_not_kept_unless_the_handler_says_so(client: TestClient) -> None:
    assert client.get("/api/v1/works").headers["cache-control"] == "no-store"
    assert client.get("/page").headers["cache-control"] == "max-age=5"


# Request ids


def test_a_harmless_request_id_is_kept_and_another_replaced(client: TestClient) -> None:
    assert client.get("/page", headers={"X-Request-ID": "trace-0123"}).headers["x-request-id"] == "trace-0123"
    for bad in ("short", "x" * 65, "a b c d e f", "<script>alert"):
        given = client.get("/page", headers={"X-Request-ID": bad}).headers["x-request-id"]
        assert given != bad
        assert len(given) == 16


# Bodies


def test_a_body_past_the_limit_is_413_whether_announced_or_chunked(client: TestClient) -> None:
    body = b'{"amount": 5, "x": "' + b"a" * LIMIT + b'"}'

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    kind = {"Content-Type": "application/json"}
    problem(client.post("/api/v1/ledger-entries", content=body, headers=kind), 413, "/problems/too-large")
    problem(client.post("/api/v1/ledger-entries", content=chunks(), headers=kind), 413, "/problems/too-large")
    response = client.post("/page", content=chunks())
    assert (response.status_code, response.text) == (413, "<h1>lỗi</h1>")


def test_a_body_within_the_limit_passes(client: TestClient) -> None:
    assert client.post("/page", content=b"a" * LIMIT).text == f"<p>{LIMIT}</p>"


def test_uploads_may_have_a_limit_of_their_own(client: TestClient) -> None:
    assert client.post("/api/v1/documents", content=b"a" * 3 * LIMIT).status_code == 404
    assert client.post("/api/v1/documents", content=b"a" * 5 * LIMIT).status_code == 413


@pytest.mark.parametrize("body", [b'{"amount": ', b"\x00", b"nope", b'{"amount": 5} x'])
def test_json_that_does_not_parse_is_422(client: TestClient, body: bytes) -> None:
    response = client.post(
        "/api/v1/ledger-entries", content=body, headers={"Content-Type": "application/json"}
    )
    assert fields(problem(response, 422, "/problems/invalid")) == ["body"]


@pytest.mark.parametrize("body", [b'"\xff"', b"[" * 100_000, b'{"amount": ' + b"9" * 5000 + b"}"])
def test_json_that_cannot_be_read_at_all_is_a_clear_refusal(body: bytes) -> None:
    app = FastAPI(exception_handlers={HTTPException: handle, RequestValidationError: handle})
    app.include_router(routes())
    response = TestClient(app).post(
        "/api/v1/ledger-entries", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_not_called_json_is_not_guessed_at(client: TestClient) -> None:
    response = client.post(
        "/api/v1/ledger-entries", content=b'{"amount": 5}', headers={"Content-Type": "text/plain"}
    )
    assert fields(problem(response, 422, "/problems/invalid")) == ["body"]


# Addresses


@pytest.mark.parametrize("path", ["/api/v1/units/20%00", "/api/v1/units/%ff", "/%00"])
def test_an_address_with_nul_or_broken_text_leads_nowhere(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get("/api/v1/units/20770.01").json() == {"code": "20770.01"}


@pytest.mark.parametrize("query", ["unit=%00", "unit=a%FF", "unit=%C3", "unit=%ED%A0%80"])
def test_a_query_with_nul_or_broken_text_is_refused_by_name(client: TestClient, query: str) -> None:
    assert fields(problem(client.get(f"/api/v1/works?{query}"), 422, "/problems/invalid")) == ["unit"]


def test_diacritics_in_a_query_pass(client: TestClient) -> None:
    assert client.get("/api/v1/works", params={"unit": "Sông Trà"}).status_code == 200


def test_an_unknown_parameter_is_422_on_lists_and_on_single_rows(client: TestClient) -> None:
    assert fields(problem(client.get("/api/v1/works?untl=20770"), 422, "/problems/invalid")) == ["untl"]
    assert fields(problem(client.get("/api/v1/works/5?verbose=1"), 422, "/problems/invalid")) == ["verbose"]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "updated_since=2025-01-01"])
def test_a_parameter_out_of_range_is_422_by_name(client: TestClient, query: str) -> None:
    body = problem(client.get(f"/api/v1/works?{query}"), 422, "/problems/invalid")
    assert fields(body) == [query.partition("=")[0]]


# Routing


def test_nothing_there_is_404_and_the_wrong_method_405_with_those_allowed(client: TestClient) -> None:
    problem(client.get("/api/v1/nowhere"), 404, "/problems/not-found")
    problem(client.get("/api/v1/works/"), 404, "/problems/not-found")
    response = client.delete("/api/v1/works/5")
    problem(response, 405, "/problems/method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, PATCH"
    assert client.get("/nowhere").text == "<h1>lỗi</h1>"


def test_head_is_get_without_its_body(client: TestClient) -> None:
    assert client.head("/api/v1/works/5").status_code == 200
    assert client.head("/api/v1/ledger-entries").status_code == 405


def test_a_change_needs_the_version_that_was_read(client: TestClient) -> None:
    problem(client.patch("/api/v1/works/5"), 428, "/problems/precondition-required")
    assert client.patch("/api/v1/works/5", headers={"If-Match": '"3"'}).json() == {"number": 5, "version": 3}


# Errors, log, metrics


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(logs._StandardError, "msg", lambda _self, line: written.append(json.loads(line)))
    monkeypatch.setattr(logs._StandardError, "info", logs._StandardError.msg)
    monkeypatch.setattr(logs._StandardError, "error", logs._StandardError.msg)
    logs.configure(Settings(log_json=True, log_level="INFO"))
    return written


def test_what_breaks_is_500_with_a_code_and_tells_nothing(
    client: TestClient, logged: list[dict[str, Any]]
) -> None:
    response = client.get("/api/v1/broken")
    body = problem(response, 500, "/problems/unexpected")
    assert "hunter2" not in response.text
    assert body["request_id"] in body["detail"]
    failure = next(line for line in logged if line["event"] == "unexpected")
    assert "hunter2" in failure["exception"]
    assert failure["request_id"] == body["request_id"]


def test_a_broken_error_page_still_answers(logged: list[dict[str, Any]]) -> None:
    def no_page(_request: Request, _error: Exception) -> Response:
        raise LookupError("template")

    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        raise RuntimeError("hunter2")

    response = TestClient(Observe(broken, render=no_page, metrics=None)).get("/page")
    assert response.status_code == 500
    assert response.headers["x-request-id"] in response.text
    assert "hunter2" not in response.text
    assert [line["event"] for line in logged] == ["unexpected", "error page broken", "request"]


def test_each_request_leaves_one_line_without_its_query_or_body(
    client: TestClient, logged: list[dict[str, Any]]
) -> None:
    client.get("/api/v1/works/5?token=secret-7")
    client.post("/api/v1/ledger-entries", json={"amount": 424242})
    client.get("/somewhere/else")
    lines = [line for line in logged if line["event"] == "request"]
    told = [(line["method"], line["route"], line["status"], line.get("actor")) for line in lines]
    assert told == [
        ("GET", "/api/v1/works/{number}", 422, None),
        ("POST", "/api/v1/ledger-entries", 201, "client:7"),
        ("GET", "unmatched", 404, None),
    ]
    assert all(line["ms"] >= 0 and len(line["request_id"]) == 16 for line in lines)
    assert "secret-7" not in str(logged)
    assert "424242" not in str(logged)


def test_requests_are_counted_by_route_never_by_address(client: TestClient) -> None:
    client.get("/api/v1/works/5")
    client.get("/api/v1/works/6")
    client.request("BREW", "/teapot")
    text = METRICS.text().decode()
    assert 'mtqg_http_requests_total{method="GET",route="/api/v1/works/{number}",status="200"}' in text
    assert 'method="OTHER",route="unmatched"' in text
    assert "teapot" not in text
    assert "mtqg_http_in_flight 0.0" in text


# Compression


def test_long_text_is_packed_for_those_who_can_unpack_it(client: TestClient) -> None:
    packed = client.get("/api/v1/works?limit=500", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json()["items"][0]["text"] == "x" * 3000
    plain = client.get("/api/v1/works?limit=500", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    short = client.get("/api/v1/works/5", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers


# The real application


@pytest.fixture
def real() -> Iterator[TestClient]:
    with TestClient(main.create_app()) as client:
        yield client


def test_the_process_says_that_it_lives(real: TestClient) -> None:
    assert real.get("/healthz").json() == {"status": "ok"}


def test_metrics_are_off_unless_set(real: TestClient) -> None:
    assert real.get("/metrics").status_code == 404


def test_metrics_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_METRICS", "true")
    settings.cache_clear()
    text = TestClient(main.create_app()).get("/metrics").text
    assert "mtqg_build_info" in text


def test_the_description_is_openapi_31_with_our_problems(real: TestClient) -> None:
    document = real.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in str(document)
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token"


def test_errors_of_pages_are_pages(real: TestClient) -> None:
    response = real.get("/khong-co", headers={"Accept-Language": "vi"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "Không tìm thấy" in response.text


def test_a_static_file_asked_for_by_its_hash_is_kept_for_ever(real: TestClient) -> None:
    path = next(file for file in main.STATIC.rglob("*.css")).relative_to(main.STATIC).as_posix()
    assert (
        real.get(f"/static/{path}?v=0123").headers["cache-control"] == "public, max-age=31536000, immutable"
    )
    assert real.get(f"/static/{path}").headers["cache-control"] == "no-cache"
    assert real.get("/static/nothing.css?v=0123").headers["cache-control"] == "no-store"
    assert real.get("/static/..%2f..%2fsettings.py").status_code == 404

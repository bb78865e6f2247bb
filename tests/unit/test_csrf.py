"""Forms are taken from our own pages of the same session, and from nowhere else."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Forbidden
from app.settings import settings
from app.web import cookies, csrf


def request(**headers: str) -> Request:
    given = {"host": "mtqg.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
    return Request({"type": "http", "method": "POST", "path": "/ledger", "query_string": b"", "headers": raw})


def test_a_token_of_the_session_passes_in_the_form_or_in_the_header() -> None:
    csrf.check(request(), "session", csrf.token("session"))
    csrf.check(request(x_csrf_token=csrf.token("session")), "session", None)


def test_no_two_forms_carry_the_same_token() -> None:
    assert csrf.token("session") != csrf.token("session")


@pytest.mark.parametrize(
    "sent",
    [None, "", ".", "a.b", "salt.", "không", csrf.token("another"), csrf.token("")],
    ids=["none", "empty", "dot", "letters", "salt", "accent", "another session's", "no session's"],
)
def test_no_token_and_another_sessions_token_are_refused(sent: str | None) -> None:
    with pytest.raises(Forbidden):
        csrf.check(request(), "session", sent)


def test_without_a_session_no_token_is_right() -> None:
    for session in (None, ""):
        with pytest.raises(Forbidden):
            csrf.check(request(), session, csrf.token(session or ""))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://mtqg.example.evil.example"},
        {"origin": "https://mtqg.example:8443"},
    ],
)
def test_a_request_from_another_site_is_refused_even_with_the_token(headers: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        csrf.check(request(**headers), "session", csrf.token("session"))


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "same-origin", "origin": "https://mtqg.example"}, {"sec_fetch_site": "none"}, {}],
)
def test_our_own_pages_pass(headers: dict[str, str]) -> None:
    csrf.check(request(**headers), "session", csrf.token("session"))


def test_over_https_the_cookie_belongs_to_this_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_SECURE_COOKIES", "true")
    settings.cache_clear()
    response = Response()
    cookies.put(response, cookies.SESSION, "secret", seconds=60)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-mtqg=secret;")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=60"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert cookies.read(request(cookie="__Host-mtqg=secret"), cookies.SESSION) == "secret"
    assert cookies.read(request(cookie="mtqg=secret"), cookies.SESSION) is None


def test_without_https_the_cookie_is_still_out_of_reach_of_scripts_and_other_sites() -> None:
    response = Response()
    cookies.put(response, cookies.SESSION, "secret")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("mtqg=secret;")
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie

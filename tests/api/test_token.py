"""/oauth/token: a client's credentials for a token, as RFC 6749 has it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.domain.identity import clients, common
from app.settings import settings
from tests.api.client import Api, running
from tests.support import world
from tests.support.world import World

FORM = {"grant_type": "client_credentials"}


def test_a_token_by_basic_and_by_form(http: TestClient) -> None:
    identity, secret = world.client("20770@legacy", "read")
    stranger = Api(http, None)
    in_form = {**FORM, "client_id": identity, "client_secret": secret}
    for response in (
        http.post("/oauth/token", data=FORM, auth=(identity, secret)),
        stranger.call("POST", "/oauth/token", data=in_form),
    ):
        assert response.status_code == 200
        assert (response.headers["cache-control"], response.headers["pragma"]) == ("no-store", "no-cache")
        given = response.json()
        assert given.keys() == {"access_token", "token_type", "expires_in", "scope"}
        assert (given["token_type"], given["scope"]) == ("Bearer", "read")
        assert given["expires_in"] == settings().token_seconds
        assert Api(http, given["access_token"]).get("programs")["items"]


def test_what_is_refused_has_the_name_that_the_rfc_gives_it(http: TestClient) -> None:
    identity, secret = world.client()
    stranger = Api(http, None)
    good = {**FORM, "client_id": identity, "client_secret": secret}
    for form, status, error in (
        ({}, 400, "invalid_request"),
        (good | {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (FORM, 401, "invalid_client"),
        (good | {"client_secret": "x"}, 401, "invalid_client"),
        (good | {"client_id": "x"}, 401, "invalid_client"),
        (good | {"client_id": "\x00"}, 401, "invalid_client"),
        (good | {"client_id": "ö"}, 401, "invalid_client"),
    ):
        response = stranger.call("POST", "/oauth/token", data=form)
        told = response.json()
        assert (response.status_code, told["error"]) == (status, error)
        assert told["error_description"].isascii()
        assert ("www-authenticate" in response.headers) == (status == 401)
        assert response.headers["cache-control"] == "no-store"
    both = http.post("/oauth/token", data=good, auth=(identity, secret))
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")
    for header in ("Basic ???", "Basic eA==", "Bearer x", "Basic"):
        response = http.post("/oauth/token", data=FORM, headers={"Authorization": header})
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_json_is_no_form(http: TestClient) -> None:
    assert Api(http, None).call("POST", "/oauth/token", json=FORM).json()["error"] == "invalid_request"


def test_a_client_whose_access_has_ended(http: TestClient) -> None:
    made, secret = clients.create_client(common.system_actor(), "Cũ", "20770", "write")
    token = clients.issue_token(made.client_id, secret)[0]
    assert Api(http, token).get("programs")
    clients.end_client(common.system_actor(), made.id)
    assert Api(http, token).get("programs", 401)
    form = {**FORM, "client_id": made.client_id, "client_secret": secret}
    assert Api(http, None).call("POST", "/oauth/token", data=form).status_code == 401


def test_wrong_attempts_run_out_and_right_ones_do_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.support.world import client

    identity, secret = client()
    monkeypatch.setenv("MTQG_LOGIN_PER_MINUTE", "3")
    settings.cache_clear()
    with running() as http:
        stranger = Api(http, None)
        good = {**FORM, "client_id": identity, "client_secret": secret}
        told = [stranger.call("POST", "/oauth/token", data=good).status_code for _ in range(5)]
        assert told == [200] * 5
        wrong = good | {"client_secret": "x"}
        told = [stranger.call("POST", "/oauth/token", data=wrong).status_code for _ in range(4)]
        assert told == [401, 401, 401, 429]
        late = stranger.call("POST", "/oauth/token", data=good)
        assert late.status_code == 429
        assert 0 < int(late.headers["retry-after"]) <= 60

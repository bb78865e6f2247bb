"""The interface over the small world, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.domain.access import Actor
from app.domain.identity import clients
from tests.api.client import Api, at, running
from tests.support import world as small
from tests.support.world import World


@pytest.fixture
def http(world: World) -> Iterator[TestClient]:
    with running() as started:
        yield started


@pytest.fixture
def api(http: TestClient) -> Api:
    """A client of Sông Trà that may write."""
    return at(http)


@pytest.fixture
def reader(http: TestClient) -> Api:
    return at(http, scope="read")


@pytest.fixture
def elsewhere(http: TestClient) -> Api:
    """A client of a ward in Hà Nội."""
    return at(http, "00001@legacy")


@pytest.fixture
def above(http: TestClient) -> Api:
    """A client of the district."""
    return at(http, "512@legacy")


@pytest.fixture
def administrator(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A caller with a right that no client has now: what the routes for it do once one has."""
    who: Actor = small.actor("administrator", "VN")
    looked_up = clients.authenticate_token
    monkeypatch.setattr(
        clients, "authenticate_token", lambda t: who if t == "administrator" else looked_up(t)
    )
    return Api(http, "administrator")

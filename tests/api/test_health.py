"""Ready means: the database answers and stands at the newest migration, and the process is not about to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from app import db, main
from app.settings import settings
from app.web.health import STOPPING
from tests.support.databases import Database, Databases

Serve = Callable[[str], TestClient]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    clients: list[TestClient] = []

    def started(url: str) -> TestClient:
        monkeypatch.setenv("MTQG_DATABASE_URL", url)
        settings.cache_clear()
        client = TestClient(main.create_app())
        clients.append(client)
        client.__enter__()
        return client

    yield started
    for client in clients:
        client.__exit__(None, None, None)


def test_a_migrated_database_is_ready(serve: Serve, database: Database) -> None:
    response = serve(database.url).get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_a_database_before_its_migrations_is_not(
    serve: Serve, databases: Databases, engine_name: str
) -> None:
    with databases.blank(engine_name) as blank:
        client = serve(blank.url)
        response = client.get("/readyz")
        assert (response.status_code, response.json()["reason"]) == (503, "migrations")
        assert client.get("/healthz").status_code == 200
        db.dispose()


def test_a_database_that_does_not_answer_is_not(serve: Serve) -> None:
    response = serve("postgresql+psycopg://nobody@127.0.0.1:1/nothing").get("/readyz")
    assert (response.status_code, response.json()["reason"]) == (503, "database")
    assert "127.0.0.1" not in response.text


def test_a_process_that_stops_is_not(serve: Serve, database: Database) -> None:
    client = serve(database.url)
    client.app.state.stopping = True  # type: ignore[attr-defined]  # the ASGI type knows no state
    assert client.get("/readyz").json()["reason"] == STOPPING

"""Fixtures that every kind of test may use. Browser fixtures stand in tests/browser/conftest.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.domain.identity import common, login
from app.settings import settings
from tests.support.databases import ENGINES, Database, Databases
from tests.support.world import World, populate


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """One maker of databases for each test process, with its own PostgreSQL server once one is needed."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """A password is meant to cost a fifth of a second; thousands of tests log in."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        for room in (common, login):
            patch.setattr(room, "hasher", cheap)
        patch.setattr(common, "_NOBODY", cheap.hash("nobody has this password"))
        yield


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each engine."""
    return str(request.param)


@pytest.fixture
def database(databases: Databases, engine_name: str) -> Iterator[Database]:
    """A migrated, empty database on each engine in turn, which `app.db` points to."""
    with databases.fresh(engine_name) as fresh:
        yield fresh


@pytest.fixture
def world(databases: Databases, engine_name: str) -> Iterator[World]:
    """The small world of tests.support.world, on each engine in turn."""
    with databases.fresh(engine_name, populate) as fresh:
        yield World(fresh.engine, fresh.url)


@pytest.fixture(autouse=True)
def _files_under_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test touches the checkout's var/, and none sees settings that another made."""
    monkeypatch.setenv("MTQG_DATA_DIR", str(tmp_path / "files"))
    monkeypatch.setenv("MTQG_DATABASE_URL", f"sqlite:///{tmp_path / 'unused.db'}")
    settings.cache_clear()
    yield
    settings.cache_clear()

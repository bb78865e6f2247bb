"""Migrations: the same on both engines, safe to repeat, and nothing is half done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.config import Config
from sqlalchemy.engine import Connection

from app import db, migrate
from tests.support.databases import Databases


def test_a_new_database_stands_at_no_revision_then_at_the_newest(
    databases: Databases, engine_name: str
) -> None:
    with databases.blank(engine_name) as blank:
        engine = db.make_engine(blank.url)
        assert migrate.current(engine) is None
        migrate.upgrade(blank.url)
        assert migrate.current(engine) == migrate.head()
        engine.dispose()


def test_migrating_twice_changes_nothing(databases: Databases, engine_name: str) -> None:
    with databases.blank(engine_name) as blank:
        migrate.upgrade(blank.url)
        migrate.upgrade(blank.url)
        engine = db.make_engine(blank.url)
        assert migrate.current(engine) == migrate.head()
        engine.dispose()


def test_two_processes_may_migrate_at_once(databases: Databases, engine_name: str) -> None:
    with databases.blank(engine_name) as blank, ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(migrate.upgrade, blank.url) for _ in range(2)]:
            done.result(timeout=60)
        engine = db.make_engine(blank.url)
        assert migrate.current(engine) == migrate.head()
        engine.dispose()


def test_the_way_back_leaves_no_table(databases: Databases, engine_name: str) -> None:
    with databases.blank(engine_name) as blank:
        migrate.upgrade(blank.url)
        migrate.downgrade(blank.url)
        engine = db.make_engine(blank.url)
        assert sa.inspect(engine).get_table_names() == ["alembic_version"]
        migrate.upgrade(blank.url)
        engine.dispose()


def test_rows_that_point_nowhere_undo_the_migration(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite migrates with its references off, so they are looked at before the end."""

    def broken(config: Config, _revision: str) -> None:
        connection: Connection = config.attributes["connection"]
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE b (a_id INTEGER REFERENCES a)")
        connection.exec_driver_sql("INSERT INTO b VALUES (1)")

    monkeypatch.setattr("alembic.command.upgrade", broken)
    with databases.blank("sqlite") as blank:
        with pytest.raises(migrate.BrokenReference):
            migrate.upgrade(blank.url)
        engine = db.make_engine(blank.url)
        assert sa.inspect(engine).get_table_names() == []
        engine.dispose()

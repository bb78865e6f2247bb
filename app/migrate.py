"""The database's schema: brought to the newest migration, and asked where it stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from app import db
from app.settings import ROOT, settings

# Two processes that start together migrate one after the other.
MIGRATION_LOCK: Final = 0x4D545148


class BrokenReference(RuntimeError):
    """A migration left rows that point nowhere; it was rolled back."""


def upgrade(url: str | None = None, revision: str = "head") -> None:
    """Bring the database at `url` (default: the settings') to a revision, all steps in one transaction."""
    with _migrating(url) as connection:
        command.upgrade(config(connection), revision)
        _refuse_broken_references(connection)


def downgrade(url: str | None = None, revision: str = "base") -> None:
    """Take steps back; rows of tables that go are lost."""
    with _migrating(url) as connection:
        command.downgrade(config(connection), revision)
        _refuse_broken_references(connection)


def head() -> str:
    """The newest revision that this program knows."""
    newest = ScriptDirectory.from_config(config()).get_current_head()
    if newest is None:
        raise RuntimeError("alembic/versions holds no migration")
    return newest


def current(engine: Engine | None = None) -> str | None:
    """The revision that a database (default: the configured one) stands at; None before the first."""
    with (engine or db.engine()).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def config(connection: Connection | None = None) -> Config:
    made = Config(str(ROOT / "alembic.ini"))
    made.set_main_option("script_location", str(ROOT / "alembic").replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


@contextmanager
def _migrating(url: str | None) -> Iterator[Connection]:
    engine = db.make_engine(url or settings().database_url)
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:  # altering a table there means making it anew, which its references must not notice
        event.listen(engine, "connect", _references_off)
    try:
        with engine.execution_options(write=True).begin() as connection:
            if not on_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            yield connection
    finally:
        engine.dispose()


def _references_off(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _refuse_broken_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise BrokenReference(f"{len(broken)} rows point nowhere, the first: {tuple(broken[0])}")

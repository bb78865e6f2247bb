"""Engine, sessions and transactions. What differs between SQLite and PostgreSQL stands here and nowhere else.

SQLite: WAL, foreign keys on, `BEGIN IMMEDIATE` for writes, every commit on disk (`synchronous=FULL`).
PostgreSQL: READ COMMITTED for writes, which lock the rows that they change; REPEATABLE READ for snapshots.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from app.settings import settings

SQLITE_WAIT_SECONDS: Final = 30
# One advisory lock for the whole ledger: posters share it, a report that fixes `known_at` takes it alone.
LEDGER_LOCK: Final = 0x4D545147

_engine: Engine | None = None
# SQLite lets one writer in at a time; waiting here is fair and wakes at once, its own busy handler naps.
_sqlite_writer = threading.Lock()


class NotConfigured(RuntimeError):
    """`configure` was not called yet."""


def configure(url: str) -> None:
    """Point the process at a database; an earlier one is let go."""
    global _engine  # noqa: PLW0603 - one process, one database
    dispose()
    _engine = make_engine(url)


def dispose() -> None:
    global _engine  # noqa: PLW0603
    if _engine is not None:
        _engine.dispose()
        _engine = None


def engine() -> Engine:
    if _engine is None:
        raise NotConfigured("app.db.configure(url) comes first")
    return _engine


def make_engine(url: str) -> Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        made = sa.create_engine(
            parsed,
            poolclass=QueuePool,
            pool_size=settings().pool_size,
            max_overflow=20,
            connect_args={"timeout": SQLITE_WAIT_SECONDS, "check_same_thread": False},
        )
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    return sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=settings().pool_size,
        max_overflow=20,
        pool_pre_ping=True,
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin late and deferred; _begin_sqlite begins
    _keep_write_ahead_log(connection)
    # recursive_triggers: REPLACE deletes what is in its way, and append-only tables must refuse that too.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Set once for each file. The change does not wait for another's lock as statements do, so we wait."""
    until = time.monotonic() + SQLITE_WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


# What runs statements in a transaction: a session, or its bare connection where every microsecond counts.
Executor = Session | Connection


def is_sqlite(session: Executor) -> bool:
    bind = session if isinstance(session, Connection) else session.get_bind()
    return bind.dialect.name == "sqlite"


@contextmanager
def transaction(*, write: bool = False) -> Iterator[Session]:
    """A session in one transaction, committed at the end, rolled back when an error leaves it."""
    bind = engine()
    if write and bind.dialect.name == "sqlite":
        with _sqlite_writer, _session(bind.execution_options(write=True)) as session:
            yield session
    else:
        with _session(bind) as session:
            yield session


@contextmanager
def reading() -> Iterator[Connection]:
    """A bare connection for a read that happens in nearly every request: no session, half the cost."""
    with engine().connect() as connection:
        yield connection


@contextmanager
def snapshot() -> Iterator[Session]:
    """A read-only session whose every statement sees the database at one moment."""
    bind = engine()
    if bind.dialect.name == "postgresql":
        bind = bind.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with _session(bind) as session:
        yield session


@contextmanager
def _session(bind: Engine) -> Iterator[Session]:
    with Session(bind, expire_on_commit=False, autoflush=False) as session, session.begin():
        yield session


def share_ledger_lock(session: Executor) -> None:
    """What a poster holds from before it reads the clock until it has committed."""
    if not is_sqlite(session):  # on SQLite the immediate transaction is that lock
        session.execute(sa.text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": LEDGER_LOCK})


def own_ledger_lock(session: Executor) -> None:
    """Wait until every poster has committed, and keep others out until this transaction ends."""
    if not is_sqlite(session):
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LEDGER_LOCK})


@contextmanager
def settled_snapshot() -> Iterator[tuple[Session, datetime]]:
    """A snapshot and the moment that it shows: every entry recorded up to then, and none after.

    The ledger lock is taken alone while the snapshot opens: whoever has read its clock has committed by then,
    and whoever comes later reads a later one. The same moment asked for again gives the same entries.
    """
    with transaction(write=True) as gate:
        own_ledger_lock(gate)
        # A clock that was set back must not hide what is in the book already.
        last: datetime | None = gate.execute(_LAST_RECORDED).scalar_one()
        moment = max(clock(gate), last or datetime.min.replace(tzinfo=UTC))
        reading = snapshot()
        session = reading.__enter__()
        session.execute(sa.text("SELECT count(*) FROM chain_heads WHERE unit_id = -1"))  # opens it
    try:
        yield session, moment
    except BaseException as error:
        if not reading.__exit__(type(error), error, error.__traceback__):
            raise
    else:
        reading.__exit__(None, None, None)


def clock(session: Executor) -> datetime:
    """The database's clock, UTC, in microseconds. SQLite is embedded: its clock is this process's."""
    if is_sqlite(session):
        return datetime.now(UTC)
    moment: datetime = session.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def insert_ignoring(session: Executor, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, leaving those alone whose key stands already."""
    if not rows:
        return
    insert = (sqlite if is_sqlite(session) else postgresql).insert(table)
    session.execute(insert.on_conflict_do_nothing(), rows)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment, stored as UTC: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactThousandths(sa.TypeDecorator[Decimal]):
    """A figure with at most three decimal places, stored as whole thousandths: exact on both engines."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        scaled = value * 1000
        if scaled != int(scaled):
            raise ValueError("a figure with more than three decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else (Decimal(value) / 1000).normalize() + 0


def big_sum(column: Any) -> sa.ColumnElement[int]:
    """A sum of whole numbers, 0 of nothing: PostgreSQL would make it a decimal, and of nothing there is no sum."""
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)


def first_of_each(
    rows: sa.Subquery, group: tuple[Any, ...], order: tuple[Any, ...], limit: int
) -> sa.Select[*tuple[Any, ...]]:
    """The first rows of each group by an order, at most `limit` of each; behind their columns how many the group has."""
    place = sa.func.row_number().over(partition_by=group, order_by=order).label("place")
    number = sa.func.count().over(partition_by=group).label("of_group")
    ranked = sa.select(*rows.c, number, place).subquery()
    return sa.select(*list(ranked.c)[:-1]).where(ranked.c.place <= limit).order_by(ranked.c.place)


def one_row_each(session: Session, *queries: sa.Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The single row of each of these queries, all asked together: one statement."""
    parts = [query.subquery() for query in queries]
    together: Any = parts[0]
    for part in parts[1:]:
        together = together.join(part, sa.true())
    row = list(session.execute(sa.select(*(c for part in parts for c in part.c)).select_from(together)).one())
    return [tuple(row.pop(0) for _ in part.c) for part in parts]


def past(moment: Any, id_: Any, after: tuple[datetime, uuid.UUID]) -> sa.ColumnElement[bool]:
    """The condition that a row comes after the one that was `after`, in the order of `moment` and id."""
    last = sa.tuple_(sa.literal(after[0], UtcDateTime), sa.literal(after[1], sa.Uuid))
    return sa.tuple_(moment, id_) > last


_heads = sa.table("chain_heads", sa.column("last_recorded_at", UtcDateTime))
_LAST_RECORDED: Final = sa.select(sa.func.max(_heads.c.last_recorded_at))


class ByteOrdered(sa.TypeDecorator[str]):
    """Text that compares byte by byte on both engines: folded text and sort keys."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.String(collation="C" if dialect.name == "postgresql" else None))


def append_only_ddl(dialect: str, table: str) -> list[str]:
    """Statements that make the database itself refuse to change or delete a table's rows."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]

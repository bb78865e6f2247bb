"""The migrations, run on each engine, make exactly the tables that the models describe."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection

from app import db, migrate
from app.models import Base
from tests.support.databases import ENGINES, Databases


def differences(connection: Connection) -> list[str]:
    """What a new migration would still have to do, one line each."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def faults(databases: Databases, engine_name: str) -> list[str]:
    with databases.blank(engine_name) as blank:
        migrate.upgrade(blank.url)
        engine = db.make_engine(blank.url)
        try:
            with engine.connect() as connection:
                found = differences(connection)
        finally:
            engine.dispose()
    return [f"{engine_name}: {difference}" for difference in found]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        try:
            found = [fault for engine in ENGINES for fault in faults(databases, engine)]
        finally:
            databases.close()
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""How Alembic meets the models. This folder has no __init__.py: it must not hide the library `alembic`."""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

from app import db
from app.models import Base
from app.settings import settings


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        user_module_prefix="db.",
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations look at the database they change: run them on a connection.")

given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:  # Alembic's own command line
    with db.make_engine(settings().database_url).begin() as opened:
        run(opened)

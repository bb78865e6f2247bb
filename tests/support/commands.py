"""Running the command line within the test's own process and database."""

from __future__ import annotations

from click.testing import CliRunner, Result

from app import db, logs
from app.cli import cli
from app.settings import settings


def run(*arguments: str, stdin: str | None = None, lang: str = "vi") -> Result:
    """`python -m app …` as somebody types it; `app.db` points to the settings' database afterwards too."""
    settings.cache_clear()
    result = CliRunner().invoke(cli, ["--lang", lang, *arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    db.configure(settings().database_url)
    logs.configure(settings())  # its handler held the runner's standard error
    return result

"""Fresh databases for tests: migrated once into a template, then copied.

A file is copied for each test, which takes milliseconds. PostgreSQL takes most of a second, so that its databases
are brought back to their first rows and used again.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app import db, migrate
from app.settings import settings
from tests.support import restore
from tests.support.postgres import Cluster, cluster

ENGINES = ("sqlite", "postgresql")
# Where a folder's tests run on one engine: those that run on both.
both_engines = pytest.mark.parametrize("engine_name", ENGINES)
Prepare = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Database:
    """A database that `app.db` points to; `engine` is sqlite or postgresql."""

    engine: str
    url: str


@dataclass
class Databases:
    """Makes databases below `folder`; close() ends the PostgreSQL server if one was needed."""

    folder: Path
    _stack: ExitStack = field(default_factory=ExitStack)
    _cluster: Cluster | None = None
    _templates: dict[tuple[str, Prepare | None], str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _idle: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def fresh(self, engine: str, prepare: Prepare | None = None) -> Iterator[Database]:
        """A migrated database of its own, `app.db` and the settings pointing to it, gone after the block.

        `prepare` fills it through `app.db`. It runs once for each engine and is copied from then on, so
        pass the same function object (a module's function) every time.
        """
        template = self._template(engine, prepare)
        name = self._idle[template].pop() if self._idle[template] else self._made(engine, template)
        url = self._url(engine, name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MTQG_DATABASE_URL", url)
            settings.cache_clear()
            db.configure(url)
            try:
                yield Database(engine, url)
            finally:
                db.dispose()
                self._done(engine, template, name)
        settings.cache_clear()

    @contextmanager
    def blank(self, engine: str) -> Iterator[Database]:
        """A database without a table, for tests of the migrations themselves; `app.db` is left alone."""
        name = f"blank_{next(self._numbers)}"
        try:
            yield Database(
                engine, self._url(engine, name) if engine == "sqlite" else self.postgres().create(name)
            )
        finally:
            self._drop(engine, name)

    def postgres(self) -> Cluster:
        """The server, started when first asked for."""
        if self._cluster is None:
            self._cluster = self._stack.enter_context(cluster())
        return self._cluster

    def close(self) -> None:
        self._stack.close()

    def _template(self, engine: str, prepare: Prepare | None) -> str:
        key = (engine, prepare)
        if key not in self._templates:
            name = f"template_{next(self._numbers)}"
            if prepare is None:
                url = self.postgres().create(name) if engine == "postgresql" else self._url(engine, name)
                migrate.upgrade(url)
            else:
                db.configure(self._copy(engine, self._template(engine, None), name))
                try:
                    prepare()
                finally:
                    db.dispose()
            if engine == "sqlite":
                _settle(self._file(name))
            else:
                with self.postgres().connected(name) as connection:
                    restore.keep(connection)
            self._templates[key] = name
        return self._templates[key]

    def _made(self, engine: str, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._copy(engine, template, name)
        return name

    def _done(self, engine: str, template: str, name: str) -> None:
        if engine == "postgresql":
            with self.postgres().connected(name) as connection:
                again = restore.restore(connection)
            if again:
                self._idle[template].append(name)
                return
        self._drop(engine, name)

    def _copy(self, engine: str, template: str, name: str) -> str:
        if engine == "postgresql":
            return self.postgres().create(name, template)
        shutil.copyfile(self._file(template), self._file(name))
        return self._url(engine, name)

    def _drop(self, engine: str, name: str) -> None:
        if engine == "postgresql":
            self.postgres().drop(name)
        for leftover in self.folder.glob(f"{name}.db*"):
            leftover.unlink()

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def _url(self, engine: str, name: str) -> str:
        return f"sqlite:///{self._file(name)}" if engine == "sqlite" else self.postgres().url(name)


def _settle(file: Path) -> None:
    """Bring what stands in the write-ahead log into the file itself, so that the file is all."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()

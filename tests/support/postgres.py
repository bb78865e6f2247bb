"""A throw-away PostgreSQL: its own cluster in a temporary folder, a unix socket and no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

START_SECONDS = 60
# What a crash would lose is thrown away anyhow.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "150",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class PostgresMissing(RuntimeError):
    """No server to test on. Tests fail then: half of what they promise would go unseen."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; `socket` is the folder of its socket."""

    socket: Path

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, as CREATE DATABASE needs."""
        with self.connected() as connection:
            connection.execute(statement.encode())

    def create(self, database: str, template: str = "template0") -> str:
        with self.connected() as connection:
            # Without fsync, copying files takes half the time of writing every page to the log. Before version 15 it
            # was the only way.
            way = " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"{way}'.encode())
        return self.url(database)

    def connected(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that commits each statement by itself."""
        return psycopg.connect(host=str(self.socket), user="postgres", dbname=database, autocommit=True)

    def drop(self, database: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def binary(name: str) -> Path:
    """A server program, from Debian's versioned folders (the newest first) or the PATH."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: float(p.parts[-3]), reverse=True
    )
    found = next(iter(versions), None) or shutil.which(name)
    if found is None:
        raise PostgresMissing(f"{name} not found: run tools/system-packages.sh")
    return Path(found)


@contextmanager
def cluster(settings: dict[str, str] | None = None) -> Iterator[Cluster]:
    """A server for as long as the block lasts; it ends with this process too, however that ends."""
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="mtqg-pg-", dir="/tmp"))
    data = folder / "data"
    try:
        if user:
            shutil.chown(folder, user)
        subprocess.run(
            [
                binary("initdb"),
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ],
            check=True,
            user=user,
            cwd=folder,
            capture_output=True,
        )
        options = {**SETTINGS, **(settings or {}), "unix_socket_directories": str(folder)}
        flags = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                ["setpriv", "--pdeathsig", "INT", binary("postgres"), "-D", data, *flags],
                user=user,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            running = Cluster(folder)
            _await(running, server, folder / "log")
            yield running
        finally:
            server.send_signal(2)  # SIGINT: close connections, then stop
            server.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await(running: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return running.execute("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise PostgresMissing(f"PostgreSQL did not start: {log.read_text('utf-8')}") from None
            time.sleep(0.05)

"""The product and its floor as processes of their own, each on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _process(command: list[str], port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"did not start: {' '.join(command)}") from None
                time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def product(url: str) -> Iterator[tuple[int, int]]:
    """(port, process id) of the application as it is served."""
    port = _free_port()
    command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with _process(command, port, {"MTQG_DATABASE_URL": url, "MTQG_LOG_LEVEL": "WARNING"}) as process:
        yield port, process.pid


@contextmanager
def floor(url: str, statements: Path, entry: str = "-") -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-m", "bench.floor", url, str(statements), str(port), entry]
    with _process(command, port, {}):
        yield port


def resident_mb(pid: int) -> float:
    """Resident memory of a process, as the kernel counts it."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024

"""One engine's run, and how a figure is taken beside its floor: both in turn, several times, medians quoted."""

from __future__ import annotations

import json
import os
import statistics
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from app import db, migrate
from app.domain import reference
from app.domain.identity import clients, common, login, people
from app.settings import settings
from bench import client, servers
from bench.capture import Captured, capture
from tests.support.postgres import Cluster

ROUNDS: Final = 3
REQUESTS: Final = 150
PAGES: Final = 24  # pages cost more, and their bars are wider
CONNECTIONS: Final = 4
PASSWORD: Final = "Mat-khau-do-toc-do-1"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the answer; `holds` is whether the bar is kept, null where there is none."""

    name: str
    engine: str
    ours: float
    floor: float | None
    ratio: float | None
    bar: str
    holds: bool | None


@dataclass
class Bench:
    """One engine's run: its databases, and the figures as they come."""

    engine: str
    folder: Path
    postgres: Cluster | None
    figures: list[Figure] = field(default_factory=list)
    serving: str | None = None  # the database that a product is served over
    port: int = 0
    stack: ExitStack = field(default_factory=ExitStack)

    def product(self, url: str) -> int:
        """The port of the product over a database; it goes on being served until another one is asked for."""
        if self.serving != url:
            self.stop()
            self.port, _ = self.stack.enter_context(servers.product(url))
            self.serving = url
        return self.port

    def stop(self) -> None:
        self.stack.close()
        self.serving = None

    def url(self, name: str) -> str:
        if self.postgres is not None:
            return self.postgres.create(name)
        return f"sqlite:///{self.folder / name}.db"

    def note(self, name: str, ours: float, floor: float | None, bar: str, holds: bool | None) -> None:
        ratio = None if floor is None else ours / floor
        self.figures.append(
            Figure(
                name,
                self.engine,
                round(ours, 4),
                floor and round(floor, 4),
                ratio and round(ratio, 3),
                bar,
                holds,
            )
        )
        _print(self.figures[-1])

    def fresh(self, name: str) -> str:
        """A database of its own with the reference data, which this process points to."""
        url = self.url(name)
        migrate.upgrade(url)
        self.back_to(url)
        reference.load()
        return url

    def back_to(self, url: str) -> None:
        """Point this process, and what it starts, to a database."""
        os.environ["MTQG_DATABASE_URL"] = url
        settings.cache_clear()
        db.configure(url)


def _print(figure: Figure) -> None:
    floor = "" if figure.floor is None else f"{figure.floor:12.4f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:8.3f}"
    mark = {True: "holds", False: "MISSED", None: ""}[figure.holds]
    print(
        f"{figure.engine:11} {figure.name:44} {figure.ours:12.4f} {floor:>12} {ratio:>8}  {figure.bar:18} {mark}"
    )


def token(unit: str) -> str:
    made, secret = clients.create_client(common.system_actor(), "bench", unit, "write")
    return clients.issue_token(made.client_id, secret)[0]


def cookie(unit: str, name: str) -> dict[str, str]:
    """A logged-in accountant's cookie."""
    people.create_user(
        common.system_actor(), people.NewUser(name, "Kế toán đo tốc độ", "accountant", unit), PASSWORD
    )
    from app.web.cookies import SESSION

    return {"Cookie": f"{SESSION}={login.log_in(name, PASSWORD)}"}


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@contextmanager
def beside(
    bench: Bench, url: str, floor_url: str, request: Captured, entry: str = "-"
) -> Iterator[tuple[int, int]]:
    file = bench.folder / f"{uuid.uuid4().hex}.pickle"
    request.save(file)
    with servers.floor(floor_url, file, entry) as floor:
        yield bench.product(url), floor


def rounds(
    ours: int,
    floor: int,
    make: Callable[[], bytes],
    measure: Callable[[client.Load], float],
    requests: int = REQUESTS,
) -> tuple[float, float]:
    """Medians of both, measured in turn after a round that warms up."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for i, port in enumerate((ours, floor)):
            load = client.run(port, make, requests if turn else 10, CONNECTIONS)
            if turn:
                found[i].append(measure(load))
    return statistics.median(found[0]), statistics.median(found[1])


def lists(bench: Bench, url: str, asked: Sequence[tuple[str, str]]) -> None:
    headers = bearer(token("20770@legacy"))
    for name, path in asked:
        request = capture("GET", path, headers)
        if len(json.loads(request.body)["items"]) != 50:
            raise RuntimeError(f"{path} is not a list of 50 rows")
        answers(bench, url, headers, name, path, request)


def answers(bench: Bench, url: str, headers: dict[str, str], name: str, path: str, request: Captured) -> None:
    """How many answers a second, beside the floor."""
    with beside(bench, url, url, request) as (ours, floor):
        raw = client.prepared("GET", path, headers)
        fast, bare = rounds(ours, floor, partial(bytes, raw), lambda load: load.per_second)
    bench.note(f"{name}, answers/s", fast, bare, "ratio >= 0.40", fast / bare >= 0.40)


def pages(bench: Bench, url: str, headers: dict[str, str], asked: Sequence[tuple[str, str]]) -> None:
    for name, path in asked:
        request = capture("GET", path, headers)
        if request.status != 200:
            raise RuntimeError(f"{path} answers {request.status}")
        bench.note(
            f"{name} of a commune, SQL statements", request.queries, None, "at most 12", request.queries <= 12
        )
        with beside(bench, url, url, request) as (ours, floor):
            raw = client.prepared("GET", path, headers)
            slow, bare = rounds(
                ours, floor, partial(bytes, raw), lambda load: load.percentile(0.95) * 1000, PAGES
            )
        bench.note(f"{name} of a commune, p95 ms", slow, bare, "ratio < 4", slow / bare < 4)


def median_ms(url: str, path: str, headers: dict[str, str], requests: int = 25) -> float:
    with servers.product(url) as (port, _):
        raw = client.prepared("GET", path, headers)
        client.run(port, lambda: raw, 5, 1)
        return client.run(port, lambda: raw, requests, 1).percentile(0.5) * 1000

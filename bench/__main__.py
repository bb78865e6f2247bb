"""`python -m bench [--works | --nation]`: every figure beside its floor, as a table and in var/bench.json.

With --works only what concerns works, with --nation also the country at full size (3,321 communes, 100,000 lines, 5,000,000 entries) on PostgreSQL,
which takes some minutes more.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import statistics
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app import db, migrate
from app.domain import reference, territory
from app.domain.identity import clients, common, login, people
from app.models.ledger import BudgetLine
from app.settings import ROOT, settings
from bench import client, data, servers, works
from bench.capture import Captured, capture
from tests.support.postgres import Cluster, cluster

ROUNDS: Final = 3
REQUESTS: Final = 250
PAGES: Final = 40  # pages cost more, and their bars are wider
CONNECTIONS: Final = 4
PASSWORD: Final = "Mat-khau-do-toc-do-1"
# What a real server does that a test's server leaves out.
DURABLE: Final = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
}


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
    url: str, floor_url: str, request: Captured, folder: Path, entry: str = "-"
) -> Iterator[tuple[int, int]]:
    file = folder / f"{uuid.uuid4().hex}.pickle"
    request.save(file)
    with servers.product(url) as (ours, _), servers.floor(floor_url, file, entry) as floor:
        yield ours, floor


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


LINES: Final = (
    ("JSON list of 50 joined rows", f"/api/v1/budget-lines?unit=20770&year={data.YEAR}&limit=50"),
)
WORKS: Final = (
    ("JSON list of 50 works with what they miss", "/api/v1/works?unit=20770&limit=50"),
    ("JSON list of 50 obstacles", "/api/v1/obstacles?unit=20770&limit=50"),
    ("JSON list of 50 documents", "/api/v1/documents?unit=20770&limit=50"),
)


def lists(bench: Bench, url: str, asked: Sequence[tuple[str, str]]) -> None:
    headers = bearer(token("20770@legacy"))
    for name, path in asked:
        request = capture("GET", path, headers)
        if request.status != 200 or len(json.loads(request.body)["items"]) != 50:
            raise RuntimeError(f"{path} is not a list of 50 rows")
        with beside(url, url, request, bench.folder) as (ours, floor):
            raw = client.prepared("GET", path, headers)
            fast, bare = rounds(ours, floor, partial(bytes, raw), lambda load: load.per_second)
        bench.note(f"{name}, answers/s", fast, bare, "ratio >= 0.40", fast / bare >= 0.40)


def _posting(line_id: str) -> Callable[[str | None], bytes]:
    def body(entry: str | None = None) -> bytes:
        value = {
            "id": entry or str(uuid.uuid4()), "budget_line_id": line_id, "kind": "allocate", "amount": 1,
            "effective_date": f"{data.YEAR}-12-30",
            "document": {"number": "1/QĐ", "date": f"{data.YEAR}-12-30", "issuer": "UBND huyện"},
        }  # fmt: skip
        return json.dumps(value).encode()

    return body


def posts(bench: Bench) -> None:
    """On databases of their own: the floor's replay leaves a chain that no one else may continue."""
    databases = []
    for name in ("post_floor", "post_ours"):
        url = bench.fresh(name)
        data.fill(data.communes("20770"), 1, 5)
        databases.append(url)
        headers = bearer(token("20770@legacy")) | {"Content-Type": "application/json"}
        with db.transaction() as session:
            line_id = str(session.execute(sa.select(BudgetLine.id)).scalar_one())
        body = _posting(line_id)
        if name == "post_floor":
            entry = str(uuid.uuid4())
            capture("POST", "/api/v1/ledger-entries", headers, body(None))
            request = capture("POST", "/api/v1/ledger-entries", headers, body(entry))
    with beside(databases[1], databases[0], request, bench.folder, entry) as (ours, floor):
        make = lambda: client.prepared("POST", "/api/v1/ledger-entries", headers, body(None))  # noqa: E731
        fast, bare = rounds(ours, floor, make, lambda load: load.per_second)
    bench.note("posting an entry, entries/s", fast, bare, "ratio >= 0.40", fast / bare >= 0.40)


MONEY_PAGES: Final = (
    ("dashboard", f"/dashboard?year={data.YEAR}"),
    ("lines page", f"/ledger?year={data.YEAR}"),
)


def pages_of_works(work: uuid.UUID) -> list[tuple[str, str]]:
    here = f"/works/{work}"
    return [
        ("works page", "/works"), ("works not ready", "/works?question=unready"), ("map", "/works/map"),
        ("a work", here), ("its steps", f"{here}/steps"), ("its clearance", f"{here}/clearance"),
        ("its progress", f"{here}/progress"), ("its contracts", f"{here}/contracts"),
        ("its settlement", f"{here}/settlement"), ("its dossier", f"{here}/dossier"),
        ("obstacles page", "/obstacles"), ("documents page", "/documents"),
    ]  # fmt: skip


def pages(bench: Bench, url: str, headers: dict[str, str], asked: Sequence[tuple[str, str]]) -> None:
    for name, path in asked:
        request = capture("GET", path, headers)
        if request.status != 200:
            raise RuntimeError(f"{path} answers {request.status}")
        bench.note(
            f"{name} of a commune, SQL statements", request.queries, None, "at most 12", request.queries <= 12
        )
        with beside(url, url, request, bench.folder) as (ours, floor):
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


def province(bench: Bench) -> None:
    """The same lines with ten times the entries."""
    found = []
    for entries in (5, 50):
        url = bench.fresh(f"province_{entries}")
        data.fill(data.communes("49"), 12, entries)
        data.analyse()
        headers = cookie("49@legacy", "bench-tinh")
        found.append(median_ms(url, f"/dashboard?year={data.YEAR}", headers))
    bench.note(
        "dashboard of a province, 10 x entries, ms",
        found[1],
        found[0],
        "ratio <= 1.2",
        found[1] / found[0] <= 1.2,
    )


def nation(bench: Bench, lines: int, entries: int) -> None:
    """A commune's dashboard alone and in the country; the country's own."""
    one = bench.fresh("one_commune")
    data.fill(data.communes("20770"), 30, entries)
    data.analyse()
    headers = cookie("20770@legacy", "bench-xa")
    alone = median_ms(one, f"/dashboard?year={data.YEAR}", headers)
    url = bench.fresh("nation")
    units = data.communes("VN")[: lines // 30]
    data.fill(units, 30, entries)
    data.analyse()
    headers = cookie("20770@legacy", "bench-xa")
    if data.communes("20770")[0] not in units:
        data.fill(data.communes("20770"), 30, entries)
    among = median_ms(url, f"/dashboard?year={data.YEAR}", headers)
    size = f"{len(units):,} communes, {lines:,} lines, {lines * entries:,} entries"
    bench.note(f"commune's dashboard among {size}, ms", among, alone, "ratio <= 1.5", among / alone <= 1.5)
    whole = median_ms(url, f"/dashboard?year={data.YEAR}", cookie("VN@legacy", "bench-nuoc"), 5)
    bench.note("nation's dashboard, ms", whole, None, "under 1000", whole < 1000)


def weight(bench: Bench, url: str) -> None:
    """What a phone loads first, compressed; the HTML before content; memory of a served process at rest."""
    page = capture("GET", "/login", {}).body
    linked = [part.split('"')[0] for part in page.decode().replace('src="', 'href="').split('href="')[1:]]
    static = ROOT / "app" / "views"
    files = {link.split("?")[0] for link in linked if link.startswith("/static/")}
    css = [static / f.lstrip("/") for f in files]
    fonts = list((static / "static" / "vendor" / "fonts").glob("*.woff2"))
    total = len(gzip.compress(page)) + sum(len(gzip.compress(f.read_bytes())) for f in css)
    total += sum(f.stat().st_size for f in fonts)
    bench.note("first page with all that it loads, KB", total / 1024, None, "under 150", total < 150 * 1024)
    headers = cookie("20770@legacy", "bench-nang")
    dashboard = capture("GET", f"/dashboard?year={data.YEAR}", headers).body
    before = dashboard.find(b"<main") / 1024
    bench.note("HTML before the dashboard's content, KB", before, None, "under 14", 0 < before < 14)
    with servers.product(url) as (_, pid):
        resident = servers.resident_mb(pid)
    bench.note("process at rest, MB", resident, None, "under 150", resident < 150)


def of_works(bench: Bench) -> None:
    """Lists and pages of works, among a hundred of them."""
    url = bench.fresh("works")
    with db.transaction() as session:
        unit = territory.today_or_legacy(session, "20770@legacy")
    work = works.fill(common.make_actor("bench", "Đo tốc độ", "accountant", unit))
    data.analyse()
    lists(bench, url, WORKS)
    pages(bench, url, cookie("20770@legacy", "bench-ct"), pages_of_works(work))


def run(bench: Bench, full: bool) -> None:
    url = bench.fresh("commune")
    data.fill(data.communes("20770"), 60, 10)
    data.analyse()
    lists(bench, url, LINES)
    pages(bench, url, cookie("20770@legacy", "bench-xa"), MONEY_PAGES)
    of_works(bench)
    bench.back_to(url)
    weight(bench, url)
    posts(bench)
    province(bench)
    if bench.engine == "postgresql":
        nation(bench, 100_000 if full else 20_000, 50 if full else 10)
    db.dispose()


def main() -> None:
    full = "--nation" in sys.argv[1:]
    os.environ["MTQG_LOG_LEVEL"] = "WARNING"
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'engine':11} {'what':44} {'ours':>12} {'floor':>12} {'ratio':>8}  bar")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="mtqg-bench-") as folder, cluster(DURABLE) as postgres:
        for engine, server in (("sqlite", None), ("postgresql", postgres)):
            bench = Bench(engine, Path(folder), server, figures)
            if "--works" in sys.argv[1:]:
                of_works(bench)
                db.dispose()
            else:
                run(bench, full)
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([asdict(f) for f in figures], ensure_ascii=False, indent=1), "utf-8")
    missed = [f.name for f in figures if f.holds is False]
    print(
        f"\n{len(figures)} figures in {out.relative_to(ROOT)}"
        + (f"; missed: {', '.join(missed)}" if missed else "")
    )


if __name__ == "__main__":
    main()

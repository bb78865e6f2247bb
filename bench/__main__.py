"""`python -m bench [--works | --criteria | --plans | --households | --support | --steering | --all | --nation]`: every figure beside its
floor, as a table and in var/bench.json.

Without arguments the core: the book, its pages, the dashboards of a commune, a province and a country of 20,000 lines,
what a phone loads. With names only what concerns these, with --all the core and all of them, with --nation the core
with the country at full size (3,321 communes, 100,000 lines, 5,000,000 entries) on PostgreSQL.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app import db
from app.domain import territory
from app.domain.identity import common
from app.models.ledger import BudgetLine
from app.settings import ROOT
from bench import client, criteria, data, households, plans, servers, steering, support, works
from bench.capture import capture
from bench.measure import (
    Bench,
    Figure,
    answers,
    bearer,
    beside,
    cookie,
    lists,
    median_ms,
    pages,
    rounds,
    token,
)
from tests.support.postgres import cluster

MATRICES: Final = 9  # each takes tenths of a second
# What a real server does that a test's server leaves out.
DURABLE: Final = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
}


LINES: Final = (
    ("JSON list of 50 joined rows", f"/api/v1/budget-lines?unit=20770&year={data.YEAR}&limit=50"),
)
WORKS: Final = (
    ("JSON list of 50 works with what they miss", "/api/v1/works?unit=20770&limit=50"),
    ("JSON list of 50 obstacles", "/api/v1/obstacles?unit=20770&limit=50"),
    ("JSON list of 50 documents", "/api/v1/documents?unit=20770&limit=50"),
)

CRITERIA: Final = (
    ("JSON list of 50 assessments", "/api/v1/assessments?unit=20770@legacy&limit=50"),
    ("JSON list of 50 targets with their roadmaps", "/api/v1/targets?unit=20770@legacy&limit=50"),
)


PLANS: Final = (("JSON list of 50 plans with remarks", "/api/v1/plans?unit=20770@legacy&limit=50"),)

HOUSEHOLDS: Final = (
    ("JSON list of 50 households", "/api/v1/households?unit=20770@legacy&limit=50"),
    ("JSON list of 50 poor households", f"/api/v1/households?year={data.YEAR}&status=poor&limit=50"),
)

SUPPORT: Final = (("JSON list of 50 support models", "/api/v1/support-models?unit=20770@legacy&limit=50"),)


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
    with beside(bench, databases[1], databases[0], request, entry) as (ours, floor):
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


def of_criteria(bench: Bench) -> None:
    """A commune's assessments, targets and report; the country's communes counted by province."""
    url = bench.fresh("criteria")
    with db.transaction() as session:
        unit = territory.today_or_legacy(session, "20770@legacy")
    criteria.fill(common.make_actor("bench", "Đo tốc độ", "accountant", unit))
    communes = criteria.fill_nation()
    data.analyse()
    lists(bench, url, CRITERIA)
    headers = bearer(token("20770@legacy"))
    path = f"/api/v1/reports/criteria?unit=20770@legacy&as_of={criteria.DAY}"
    answers(
        bench, url, headers, "JSON report of a commune's 19 criteria", path, capture("GET", path, headers)
    )
    pages(bench, url, cookie("20770@legacy", "bench-tc"), pages_of_criteria())
    matrix(bench, url, communes)


def pages_of_criteria() -> list[tuple[str, str]]:
    on = f"as_of={criteria.DAY}"
    return [
        ("criteria page", f"/criteria?{on}"), ("a criterion", f"/criteria/6?{on}"),
        ("assessments page", "/assessments"), ("targets page", "/targets"),
    ]  # fmt: skip


def matrix(bench: Bench, url: str, communes: int) -> None:
    """Its answer alone, beside its statements through the raw driver."""
    headers = bearer(token("VN@2025"))
    path = f"/api/v1/reports/criteria-matrix?unit=VN@2025&as_of={criteria.DAY}"
    request = capture("GET", path, headers)
    found = json.loads(request.body)
    if (found["sum"]["communes"], len(found["rows"])) != (communes, 34):
        raise RuntimeError("the matrix does not show every province")
    with beside(bench, url, url, request) as (ours, floor):
        raw = client.prepared("GET", path, headers)
        slow, bare = (
            client.run(port, partial(bytes, raw), MATRICES, 1).percentile(0.5) * 1000
            for port in (ours, floor)
        )
    name = f"matrix of {communes:,} communes x 19 criteria by province, ms"
    bench.note(name, slow, bare, "under 1000", slow < 1000)


def of_plans(bench: Bench) -> None:
    """A commune's plans: the list, and one with its tasks, its money beside the book, its versions."""
    url = bench.fresh("plans")
    data.fill(data.communes("20770"), 30, 5)
    with db.transaction() as session:
        commune, district = (territory.today_or_legacy(session, f"{c}@legacy") for c in ("20770", "512"))
    plan = plans.fill(
        common.make_actor("bench", "Đo tốc độ", "client:write", commune),
        common.make_actor("bench-huyen", "Đo tốc độ", "client:write", district),
    )
    data.analyse()
    lists(bench, url, PLANS)
    here = f"/plans/{plan}"
    named = [
        ("plans page", "/plans"), ("a plan", here), ("its text to change", f"{here}/edit"),
        ("plan against actual", f"{here}/actual"), ("its versions compared", f"{here}/versions"),
    ]  # fmt: skip
    pages(bench, url, cookie("20770@legacy", "bench-kh"), named)


def of_households(bench: Bench) -> None:
    """A commune's 5,000 households: brought in by a table, changed by another, listed, reviewed, their flow."""
    url = bench.fresh("households")
    with db.transaction() as session:
        unit = territory.today_or_legacy(session, households.COMMUNE)
    officer, hamlets = common.make_actor("bench", "Đo tốc độ", "officer", unit), households.hamlets()
    for what, year, note in (("new", data.YEAR - 1, ""), ("changed", data.YEAR, "Đo tốc độ")):
        ours, cells = households.whole(officer, households.table(hamlets, year, note))
        name = f"{households.HOUSEHOLDS:,} {what} households from a table with preview, s"
        bench.note(name, ours, cells, "under 10", ours < 10)
    data.analyse()
    lists(bench, url, HOUSEHOLDS)
    here = f"/households/{households.one(officer)}"
    named = [
        ("households page", "/households"), ("a household", here), ("its own data", f"{here}/own-data"),
        ("households searched", "/households?q=h0001"), ("flow of 5,000 households", f"/households/flow?year={data.YEAR}"),
        ("review of 500 households", f"/households/review?hamlet={hamlets[0]}&year={data.YEAR + 1}"),
    ]  # fmt: skip
    pages(bench, url, cookie("20770@legacy", "bench-ho"), named)


def of_support(bench: Bench) -> None:
    """A commune's support models: the list, one of fifty households with what each received, what came of all."""
    url = bench.fresh("support")
    data.fill(data.communes("20770"), 30, 5)
    with db.transaction() as session:
        commune, district = (territory.today_or_legacy(session, f"{c}@legacy") for c in ("20770", "512"))
    model, draft = support.fill(
        common.make_actor("bench", "Đo tốc độ", "client:write", commune),
        common.make_actor("bench-huyen", "Đo tốc độ", "client:write", district),
    )
    data.analyse()
    lists(bench, url, SUPPORT)
    here = f"/support/{model}"
    named = [
        ("support models page", "/support"), ("a model of 50 households", here), ("its text to change", f"/support/{draft}/edit"),
        ("its deliveries", f"{here}/deliveries"), ("its visits", f"{here}/visits"), ("who received what", "/support/received"),
        ("what came of 60 models", "/support/outcomes"),
    ]  # fmt: skip
    pages(bench, url, cookie("20770@legacy", "bench-mh"), named)


def core(bench: Bench, full: bool) -> None:
    url = bench.fresh("commune")
    data.fill(data.communes("20770"), 60, 10)
    data.analyse()
    lists(bench, url, LINES)
    pages(bench, url, cookie("20770@legacy", "bench-xa"), MONEY_PAGES)
    weight(bench, url)
    posts(bench)
    province(bench)
    if bench.engine == "postgresql":
        nation(bench, 100_000 if full else 20_000, 50 if full else 10)


PARTS: Final = {
    "--works": of_works,
    "--criteria": of_criteria,
    "--plans": of_plans,
    "--households": of_households,
    "--support": of_support,
    "--steering": steering.measure,
}


def main() -> None:
    asked = set(sys.argv[1:])
    if unknown := asked - {*PARTS, "--all", "--nation"}:
        sys.exit(f"unknown: {' '.join(sorted(unknown))}; one of {' '.join((*PARTS, '--all', '--nation'))}")
    full = "--nation" in asked
    os.environ["MTQG_LOG_LEVEL"] = "WARNING"
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'engine':11} {'what':44} {'ours':>12} {'floor':>12} {'ratio':>8}  bar")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="mtqg-bench-") as folder, cluster(DURABLE) as postgres:
        for engine, server in (("sqlite", None), ("postgresql", postgres)):
            bench = Bench(engine, Path(folder), server, figures)
            parts = [part for name, part in PARTS.items() if name in asked or "--all" in asked]
            if not parts or "--all" in asked:
                core(bench, full)
            for part in parts:
                part(bench)
            bench.stop()
            db.dispose()
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

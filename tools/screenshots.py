"""Pictures of every page that the demonstration's links lead to, on a phone and on a desk, into var/screenshots/,
and the README's picture of the dashboard, docs/dashboard.png. `ARGS=--readme` takes that one alone.

A database of its own is made below var/screenshots/ and thrown away; the name of the page is its address.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from app.settings import ROOT
from tests.support.browser import DESKTOP, PHONE, Visits, launched
from tests.support.serving import serving

OUT = ROOT / "var" / "screenshots"
README_PICTURE = ROOT / "docs" / "dashboard.png"
# The day of the district's inspection, in the demonstration's year.
README_PAGE = "/dashboard?year=2023&as_of=2023-09-14"
COMMUNE = "20770@legacy"
USER = "chup.anh"
MOST = 80


def prepare(database: Path) -> str:
    """A database with the demonstration and a leader of its commune; gives the leader's password."""
    password = secrets.token_urlsafe(16)
    os.environ["MTQG_DATABASE_URL"] = f"sqlite:///{database}"
    os.environ["MTQG_DATA_DIR"] = str(database.parent / "files")
    person = f"user create --username {USER} --role leader --unit {COMMUNE} --password-stdin"
    for command in ("migrate", "load reference", "load demo", person):
        subprocess.run(
            [sys.executable, "-m", "app", *command.split()], cwd=ROOT, check=True, input=password, text=True
        )
    return password


def enter(page: Page, password: str) -> None:
    page.goto("/login")
    page.fill("input[name=username]", USER)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: urlsplit(url).path != "/login")


def links(page: Page) -> list[str]:
    """Paths of our own pages that this one leads to, each kind once: queries and files are left out."""
    found: list[str] = page.eval_on_selector_all(
        "a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
    )
    paths = dict.fromkeys(urlsplit(href).path for href in found)
    return [path for path in paths if "." not in path.rsplit("/", 1)[-1] and not path.startswith("/language")]


def crawl(phone: Page, desktop: Page) -> int:
    """Take every page reached from "/" at both widths, at most MOST of them; gives how many."""
    seen: list[str] = ["/"]
    for path in seen:  # grows as it goes
        name = path.strip("/").replace("/", "_") or "home"
        for page, width in ((phone, PHONE), (desktop, DESKTOP)):
            page.goto(path)
            page.screenshot(path=OUT / f"{name}-{width}.png", full_page=True)
        seen += [link for link in links(desktop) if link not in seen][: MOST - len(seen)]
    return len(seen)


def picture(page: Page) -> None:
    """The first screen of the dashboard, as the README shows it."""
    page.goto(README_PAGE)
    page.screenshot(path=README_PICTURE)


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUT) as folder:
        password = prepare(Path(folder) / "demo.db")
        with serving() as address, launched() as browser:
            visits = Visits(browser, address)
            pages = [visits(width=width) for width in (PHONE, DESKTOP)]
            for page in pages:
                enter(page, password)
            picture(pages[1])
            if "--readme" not in sys.argv[1:]:
                print(f"{crawl(*pages)} pages in {OUT}")
            visits.close()
    print("\n".join(visits.faults), file=sys.stderr, end="\n" if visits.faults else "")
    return 1 if visits.faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Pages in a real Chromium, each watched: a request to another host or an error in the console is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    Route,
    sync_playwright,
)

from tests.support.chromium import executable
from tests.support.world import PASSWORD

PHONE = 360
DESKTOP = 1280
HEIGHTS = {PHONE: 740, DESKTOP: 900}
FLAGS = [
    "--no-sandbox",  # root, as in a container, cannot have one; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ASSETS = {"stylesheet", "script", "image", "font", "manifest"}
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Scheme = Literal["light", "dark"]


@contextmanager
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visits:
    """Opens pages of the server at `base` and keeps what went wrong on them in `faults`."""

    browser: Browser
    base: str
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        path: str | None = None,
        *,
        width: int = DESKTOP,
        javascript: bool = True,
        scheme: Scheme = "light",
        locale: str = "vi-VN",
    ) -> Page:
        """A page in a browser of its own (no cookie shared), gone to `path` if one is given."""
        context = self.browser.new_context(
            base_url=self.base,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            java_script_enabled=javascript,
            color_scheme=scheme,
            locale=locale,
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            has_touch=width <= PHONE,
        )
        self._contexts.append(context)
        context.set_default_timeout(10_000)
        context.route(lambda url: not self._is_ours(url), self._refuse)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("response", self._answered)
        page = context.new_page()
        if path is not None:
            page.goto(path)
        return page

    def as_user(
        self, username: str, *, width: int = PHONE, javascript: bool = True, scheme: Scheme = "light"
    ) -> Page:
        """A page on which a person of the small world has logged in."""
        page = self("/login", width=width, javascript=javascript, scheme=scheme)
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/")
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _is_ours(self, url: str) -> bool:
        # The browser's own viewer of PDF is a page of the browser, not of a host.
        return url.startswith((f"{self.base}/", "data:", "blob:", "about:", "chrome:", "chrome-extension:"))

    def _refuse(self, route: Route) -> None:
        self.faults.append(f"asks another host: {route.request.url}")
        route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        # What failed to load is judged in _answered: a form refused with 422 is no fault.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        broken_asset = response.status >= 400 and response.request.resource_type in ASSETS
        if response.status >= 500 or broken_asset:
            self.faults.append(f"{response.status} for {response.url}")


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices, one line a node; empty when all is well.

    Looked at once the page's styles are there: a page reached by a form has its text before them.
    """
    page.wait_for_load_state("networkidle")
    results = Axe().run(page, options={"runOnly": AXE_RULES, "resultTypes": ["violations"]})
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))}: {violation['help']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window, which no page may be on a phone."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def check_page(page: Page) -> None:
    """Clean under axe, and no wider than its window."""
    faults = accessibility_faults(page)
    assert not faults, "\n".join(faults)
    assert not scrolls_sideways(page), page.url

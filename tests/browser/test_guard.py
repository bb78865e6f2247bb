"""The watch on pages sees what it is there to see: each of these pages does one thing wrong."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import PHONE, Visits, accessibility_faults, scrolls_sideways

POLICY = "default-src 'self'"
PAGES = {
    "/good": "<html lang=vi><title>Tốt</title><main><h1>Tốt</h1></main></html>",
    "/foreign": "<img src='http://other.example/x.png' alt=x>",
    "/inline": "<script>1</script>",
    "/missing": "<link rel=stylesheet href=/none.css>",
    "/broken": "<p>hỏng",
    "/wide": "<meta name=viewport content='width=device-width'><pre>" + "x" * 400 + "</pre>",
    "/throws": "<script src=/throws.js></script>",
    "/throws.js": "throw new Error('hỏng')",
    "/unnamed": "<html lang=vi><title>T</title><main><h1>T</h1><input></main></html>",
}


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path)
        self.send_response(500 if self.path == "/broken" else 200 if body else 404)
        kind = "text/javascript" if self.path.endswith(".js") else "text/html"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY if self.path != "/foreign" else "img-src *")
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def wrong_site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


@pytest.fixture
def visits(browser: Browser, wrong_site: str) -> Iterator[Visits]:
    made = Visits(browser, wrong_site)
    yield made
    made.close()


def test_a_good_page_has_no_fault(visits: Visits) -> None:
    page = visits("/good", width=PHONE)
    assert (visits.faults, accessibility_faults(page), scrolls_sideways(page)) == ([], [], False)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/foreign", "asks another host: http://other.example/x.png"),
        ("/inline", "Content Security Policy"),
        ("/missing", "404 for "),
        ("/broken", "500 for "),
        ("/throws", "hỏng"),
    ],
)
def test_each_wrong_is_seen(visits: Visits, path: str, fault: str) -> None:
    visits(path).wait_for_load_state("networkidle")
    assert any(fault in seen for seen in visits.faults), visits.faults


def test_a_field_without_a_name_is_seen(visits: Visits) -> None:
    assert any(fault.startswith("label ") for fault in accessibility_faults(visits("/unnamed")))


def test_a_page_wider_than_a_phone_is_seen(visits: Visits) -> None:
    assert scrolls_sideways(visits("/wide", width=PHONE))

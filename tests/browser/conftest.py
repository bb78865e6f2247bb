"""Fixtures of tests in a real browser. To serve other data, override `served` in a test's file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Visits, launched
from tests.support.databases import Database, Databases
from tests.support.serving import serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # For each file, not for the session: while Playwright runs, its event loop is this thread's.
    with launched() as browser:
        yield browser


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The database behind `server`: migrated and empty, on SQLite."""
    with databases.fresh("sqlite") as fresh:
        yield fresh


@pytest.fixture
def server(served: Database) -> Iterator[str]:
    """The address of a running server."""
    with serving() as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Visits]:
    """`open_page("/path", width=360, javascript=False, scheme="dark", locale="en-GB")` gives a Page.

    The test fails at its end if any page asked another host, logged an error, broke its Content-Security-
    Policy or was answered 5xx. A test that means to cause one clears `open_page.faults` itself.
    """
    visits = Visits(browser, server)
    yield visits
    visits.close()
    assert visits.faults == []

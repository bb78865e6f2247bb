"""The map of works in Chromium: on a phone and on a desk, light and dark, by finger, by keyboard, without script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from tests.support.book import execute
from tests.support.browser import (
    DESKTOP,
    PHONE,
    Scheme,
    Visits,
    check_page,
)
from tests.support.databases import Database, Databases
from tests.support.world import populate, work

STAGES = ("preparation", "construction", "completed", "handed_over", "settled", "suspended", "cancelled")
ROAD = ((108.0262, 15.5279), (108.0291, 15.5269), (108.0328, 15.5243))
SPOTS = """() => [...document.querySelectorAll(".map .spot .hit")].map((e) => e.getBoundingClientRect())
  .filter((r) => r.width).map((r) => [r.left, r.top, r.right, r.bottom])"""


def _fill() -> None:
    """A work in each state, a line among them, some of them at one place, and one without a place."""
    populate()
    for n, stage in enumerate(STAGES):
        made = work(code=f"CT-{n}", name=f"Công trình {n}", path=ROAD if n == 0 else None)
        execute("UPDATE works SET stage = :stage WHERE code = :code", stage=stage, code=made.code)
    execute("UPDATE works SET lat = 15.5369, lon = 108.0141 WHERE code > 'CT-2'")
    execute("UPDATE works SET lat = 15.5301, lon = 108.0249 WHERE code IN ('CT-1', 'CT-2')")
    work(code="CT-9", name="Trường Trà Sơn")
    execute("UPDATE works SET planned_finish = '2023-05-01' WHERE code = 'CT-0'")


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world with works on the map."""
    with databases.fresh("sqlite", _fill) as fresh:
        yield fresh


def on_map(open_page: Visits, width: int, scheme: Scheme = "light", *, javascript: bool = True) -> Page:
    page = open_page.as_user("officer", width=width, scheme=scheme, javascript=javascript)
    page.goto("/works/map")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_map_is_whole_and_clean_at_every_width(open_page: Visits, width: int, scheme: Scheme) -> None:
    page = on_map(open_page, width, scheme)
    check_page(page)
    expect(page.locator(".map.narrow")).to_be_visible(visible=width == PHONE)
    expect(page.locator(".map.wide")).to_be_visible(visible=width == DESKTOP)
    boxes = page.evaluate(SPOTS)
    assert len(boxes) >= len(STAGES)
    for left, top, right, bottom in boxes:
        assert min(right - left, bottom - top) >= 24
    for a, b in combinations(boxes, 2):
        assert min(a[2], b[2]) - max(a[0], b[0]) <= 1 or min(a[3], b[3]) - max(a[1], b[1]) <= 1
    page.locator(".map:visible .spot[aria-label]").first.click()
    expect(page.locator("h1")).to_have_text("Công trình 0")
    expect(page.get_by_role("img", name="Vị trí của công trình trên bản đồ")).to_be_visible()
    check_page(page)


def test_states_differ_in_colour_too(open_page: Visits) -> None:
    page = on_map(open_page, DESKTOP)
    colours = page.locator(".map.wide .glyph").evaluate_all("es => es.map((e) => getComputedStyle(e).color)")
    assert len(set(colours)) == 5  # all that are done share one


def test_markers_are_reached_by_the_keyboard_in_the_order_of_the_list(open_page: Visits) -> None:
    page = on_map(open_page, DESKTOP)
    page.locator(".map.wide .spot[aria-label]").first.focus()
    for n in range(1, len(STAGES)):
        page.keyboard.press("Tab")
        assert str(page.evaluate("document.activeElement.getAttribute('aria-label')")).startswith(
            f"{n + 1}. "
        )
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Công trình 6")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_filters_stay_on_the_way_to_the_list_and_back(open_page: Visits, javascript: bool) -> None:
    page = on_map(open_page, PHONE, javascript=javascript)
    page.fill("#f-q", "cong trinh 3")
    page.locator(".filters button").click()
    markers = page.locator(".map.narrow .spot[aria-label]")
    expect(markers).to_have_count(1)
    expect(markers).to_have_attribute("aria-label", "1. Công trình 3: Đã bàn giao")
    page.get_by_role("link", name="Danh sách", exact=True).click()
    expect(page.locator("#bang tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Bản đồ", exact=True).click()
    expect(markers).to_have_count(1)


def test_paper_shows_the_wide_map_and_the_list(open_page: Visits) -> None:
    page = on_map(open_page, PHONE)
    page.emulate_media(media="print")
    expect(page.locator(".map.wide")).to_be_visible()
    expect(page.locator(".map.narrow")).to_be_hidden()
    expect(page.locator(".zoom")).to_be_hidden()
    expect(page.locator("#bang table")).to_be_visible()

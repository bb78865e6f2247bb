"""Files on their way, in Chromium: progress, a broken line, a reload, without script; a document with its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from app.domain import documents
from app.domain.documents import DocumentFilter, DocumentView
from tests.support.browser import DESKTOP, PHONE, Visits, accessibility_faults, scrolls_sideways
from tests.support.databases import Database, Databases
from tests.support.papers import PDF, image
from tests.support.world import actor, populate, work

WIDTHS = [PHONE, DESKTOP]


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A PDF of three pieces."""
    path = tmp_path / "quyết định.pdf"
    path.write_bytes(PDF + b"%" + bytes(range(65, 91)) * 50_000)
    return path


def fill(page: Page, number: str) -> None:
    page.select_option("[name=kind]", "decision")
    page.fill("[name=number]", number)
    page.fill("[name=date]", "20/02/2023")
    page.fill("[name=issuer]", "UBND xã Sông Trà")


def recorded() -> list[DocumentView]:
    return documents.documents(actor(), DocumentFilter(), newest_first=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_file_goes_in_pieces_and_on_after_a_broken_line(open_page: Visits, scan: Path, width: int) -> None:
    made = work()
    page = open_page.as_user("officer", width=width)
    page.goto(f"/documents/new?subject=work:{made.id}&next=/works/{made.id}/documents")
    assert accessibility_faults(page) == []
    sent: list[str] = []

    def flaky(route: Route) -> None:
        sent.append(route.request.headers["upload-offset"])
        if len(sent) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*", lambda r: flaky(r) if r.request.method == "PATCH" else r.continue_())
    page.set_input_files("[name=files]", scan)
    row = page.locator("[data-upload-list] li")
    expect(row.locator(".hint")).to_contain_text("tự gửi tiếp sau 1 giây")
    expect(row.locator("progress")).to_have_attribute("aria-label", "Đang gửi quyết định.pdf")
    assert accessibility_faults(page) == []
    assert not scrolls_sideways(page)
    fill(page, "15/QĐ-UBND")
    page.click("main .press button")  # while the file is still on its way: the form waits for it
    expect(page.locator(".flash")).to_contain_text("Đã ghi văn bản")
    assert sent == ["0", "524288", "524288", "1048576"]
    [paper] = recorded()
    assert paper.attached_to == (("work", made.id),)
    stored = documents.open_file(actor(), paper.id, paper.files[0].sha256)
    assert stored.path.read_bytes() == scan.read_bytes()
    expect(page.locator("#bang")).to_contain_text("15/QĐ-UBND")
    assert accessibility_faults(page) == []
    assert not scrolls_sideways(page)


def test_after_a_reload_the_same_file_goes_on_and_a_refused_form_keeps_it(
    open_page: Visits, scan: Path
) -> None:
    page = open_page.as_user("officer", width=PHONE)
    page.goto("/documents/new")
    offsets: list[str] = []

    def broken(route: Route) -> None:
        offsets.append(route.request.headers["upload-offset"])
        if len(offsets) == 1:
            route.continue_()
        else:
            route.abort("connectionreset")

    page.route("**/uploads/*", lambda r: broken(r) if r.request.method == "PATCH" else r.continue_())
    page.set_input_files("[name=files]", scan)
    expect(page.locator("[data-upload-list] .hint")).to_contain_text("tự gửi tiếp sau")
    page.reload()
    page.unroute_all()
    page.on("request", lambda r: offsets.extend([r.headers["upload-offset"]] if r.method == "PATCH" else []))
    page.set_input_files("[name=files]", scan)
    row = page.locator("[data-upload-list] li")
    expect(row).to_contain_text("đã gửi xong")
    assert offsets == ["0", "524288", "524288", "1048576"]
    page.click("main .press button")
    expect(page.locator(".faults")).to_be_visible()
    expect(page.locator("[data-upload-list] li")).to_contain_text("quyết định.pdf")
    fill(page, "16/QĐ-UBND")
    page.click("main .press button")
    expect(page.locator(".flash")).to_contain_text("Đã ghi văn bản")
    assert [f.name for f in recorded()[0].files] == ["quyết định.pdf"]


def test_wrong_files_are_told_at_once_and_can_be_left_out(open_page: Visits, tmp_path: Path) -> None:
    page = open_page.as_user("officer", width=PHONE)
    page.goto("/documents/new")
    (tmp_path / "virus.pdf").write_bytes(b"MZ" + b"x" * 5000)
    large = tmp_path / "phim.pdf"
    with large.open("wb") as file:
        file.truncate(200 << 20)
    page.set_input_files("[name=files]", [tmp_path / "virus.pdf", large])
    rows = page.locator("[data-upload-list] li.late")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("không phải loại được nhận")
    expect(rows.nth(1)).to_contain_text("200 MB, quá lớn: nhiều nhất 25 MB")
    assert accessibility_faults(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Ghi văn bản").click()
    expect(page.get_by_text("Chưa ghi: có tệp chưa gửi được")).to_be_visible()
    expect(page.get_by_role("button", name="Bỏ tệp virus.pdf")).to_be_focused()
    expect(page.locator(".faults")).to_have_count(0)
    page.get_by_role("button", name="Bỏ tệp virus.pdf").press("Enter")
    expect(rows).to_have_count(1)
    expect(page.locator("[name=files]")).to_be_focused()


def test_without_script_the_files_go_with_the_form(open_page: Visits, scan: Path) -> None:
    page = open_page.as_user("officer", width=PHONE, javascript=False)
    page.goto("/documents/new")
    page.set_input_files("[name=files]", scan)
    page.fill("[name=number]", "17")
    page.click("main .press button")
    expect(page.locator(".faults")).to_contain_text("Loại văn bản")
    expect(page.locator("[data-upload-list] li")).to_contain_text("quyết định.pdf")
    fill(page, "17/QĐ-UBND")
    page.click("main .press button")
    expect(page.locator(".flash")).to_contain_text("Đã ghi văn bản")
    assert [f.name for f in recorded()[0].files] == ["quyết định.pdf"]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_document_shows_its_pictures(open_page: Visits, tmp_path: Path, width: int) -> None:
    page = open_page.as_user("officer", width=width)
    page.goto("/documents/new")
    (tmp_path / "ảnh.jpg").write_bytes(image(size=(2000, 1500)))
    (tmp_path / "bản vẽ.pdf").write_bytes(PDF)
    page.set_input_files("[name=files]", [tmp_path / "bản vẽ.pdf", tmp_path / "ảnh.jpg"])
    expect(page.locator("[data-upload-list] li.done")).to_have_count(2)
    fill(page, "18")
    page.click("main .press button")
    expect(page.locator("h1")).to_have_text("18")
    picture = page.locator(".files img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1200)
    assert accessibility_faults(page) == []
    assert not scrolls_sideways(page)
    page.goto(str(page.locator("a.seen").get_attribute("href")))
    expect(page.locator("img")).to_have_js_property("naturalWidth", 2000)
    page.goto("/documents")
    assert accessibility_faults(page) == []
    assert not scrolls_sideways(page)

"""The look in a real browser: every macro at every width, light and dark, in both languages, and what the script does."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, Request
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Page, expect
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app.errors import NotFound
from app.views import shell
from app.views.forms import Form
from app.views.templating import STATIC, environment, redirect_after_post, render
from app.web.headers import SecurityHeaders
from tests.support.browser import Scheme, Visits, accessibility_faults, scrolls_sideways
from tests.views import gallery

TEMPLATES = Path(gallery.__file__).parent / "templates"
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary, textarea")]
  .filter((e) => e.offsetParent && e.type !== "hidden")
  .filter((e) => !e.closest("p, li, td, th, dd, label, .title, .find, .crumbs"))
  .filter((e) => { const r = e.getBoundingClientRect(); return r.height < 43.5 || r.width < 43.5; })
  .map((e) => e.outerHTML.slice(0, 80))"""
KEPT = "Object.keys(localStorage).filter((k) => k.startsWith('mtqg:draft:')).length"


def _app() -> FastAPI:
    """The gallery behind the product's own security headers, and a form that is refused, fails or goes through."""
    app = FastAPI(middleware=[Middleware(SecurityHeaders, hsts=False)])
    app.include_router(shell.router)

    def known(request: Request) -> Request:
        request.state.lang = request.query_params.get("lang", "vi")
        request.state.actor = gallery.CLERK
        request.state.csrf = "token"
        request.state.request_id = "01J8"
        request.state.demo = True
        return request

    @app.get("/gallery")
    def page(request: Request) -> Response:
        return render(known(request), "gallery.html", **gallery.context())

    @app.get("/form")
    def empty(request: Request) -> Response:
        return render(known(request), "one_form.html", title="Ghi", form=Form({}))

    @app.post("/form")
    async def post(request: Request) -> Response:
        known(request)
        form = Form(dict(await request.form()))
        amount = form.amount("amount")
        if form.get("memo") == "mất":
            return render(
                request, "error.html", status=404, fault=NotFound("Không thấy dòng vốn này"), request_id=""
            )
        if form.get("memo") == "hỏng":
            return Response("", 500)
        if form.refused:
            return render(request, "one_form.html", title="Ghi", form=form, status=422)
        return redirect_after_post(request, "/done", flash=f"Đã ghi {amount}")

    @app.get("/done")
    def done(request: Request) -> Response:
        return render(known(request), "more.html", title="Xong", places=[])

    app.mount("/static", StaticFiles(directory=STATIC))
    return app


@pytest.fixture(scope="module")
def gallery_server() -> Iterator[str]:
    env = environment()
    env.loader = ChoiceLoader([FileSystemLoader(STATIC.parent / "templates"), FileSystemLoader(TEMPLATES)])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(_app(), ws="none", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def server(gallery_server: str) -> str:
    return gallery_server


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "lang"), [(390, "vi"), (1280, "en")])
def test_axe_finds_nothing(open_page: Visits, width: int, lang: str, scheme: Scheme) -> None:
    assert accessibility_faults(open_page(f"/gallery?lang={lang}", width=width, scheme=scheme)) == []


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("width", [320, 360, 390, 640, 768, 960, 1100, 1280])
def test_nothing_overflows_and_everything_can_be_hit(open_page: Visits, width: int, lang: str) -> None:
    page = open_page(f"/gallery?lang={lang}", width=width)
    assert not scrolls_sideways(page)
    assert page.evaluate(SMALL_TARGETS) == []


def test_text_is_set_in_our_own_type(open_page: Visits) -> None:
    page = open_page("/gallery")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].filter((f) => f.status === 'loaded').length") == 2


def test_a_table_becomes_cards_that_keep_their_labels(open_page: Visits) -> None:
    page = open_page("/gallery", width=390)
    cell = page.locator("#bang td.num").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Kế hoạch"'
    assert page.locator("#bang tbody tr").first.evaluate("e => getComputedStyle(e).display") == "grid"


def test_paper_has_no_chrome(open_page: Visits) -> None:
    page = open_page("/gallery")
    page.emulate_media(media="print")
    for hidden in (".top", ".bar", ".acts", ".after"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#bang table")).to_be_visible()


def test_the_slash_key_goes_to_the_search_but_not_while_typing(open_page: Visits) -> None:
    page = open_page("/gallery")
    page.locator("body").press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    memo = page.locator("#f-memo")
    memo.press("/")
    expect(memo).to_have_value("/")


def test_escape_closes_a_menu_and_gives_the_focus_back(open_page: Visits) -> None:
    page = open_page("/gallery")
    face = page.locator("summary:has(.face)")
    face.click()
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    expect(face).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("420000000", "420.000.000"),
        ("420,000,000", "420.000.000"),
        ("420 triệu", "420 triệu"),
        ("1.5", "1.5"),
    ],
)
def test_an_amount_gets_its_separators_when_one_leaves_it(open_page: Visits, typed: str, shown: str) -> None:
    page = open_page("/form")
    page.locator("#f-amount").fill(typed)
    page.locator("#f-memo").focus()
    expect(page.locator("#f-amount")).to_have_value(shown)


def test_an_amount_is_said_in_words_while_it_is_typed(open_page: Visits) -> None:
    page = open_page("/form")
    page.locator("#f-amount").press_sequentially("420000000")
    expect(page.locator("#w-amount")).to_have_text("Bốn trăm hai mươi triệu đồng")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_refused_form_comes_back_with_what_was_typed(open_page: Visits, javascript: bool) -> None:
    page = open_page("/form", javascript=javascript)
    page.locator("#f-amount").fill("1.5")
    page.locator("#f-memo").fill("Bò sinh sản")
    page.get_by_role("button", name="Ghi").click()
    expect(page.locator(".faults")).to_contain_text("Số tiền (đồng): Có thể hiểu hai cách")
    expect(page.locator("#f-memo")).to_have_value("Bò sinh sản")
    expect(page.locator("#f-amount")).to_have_value("1.5")
    expect(page.locator("header.top")).to_have_count(1)
    if javascript:
        expect(page.locator(".faults")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_good_form_goes_on_and_says_so_once(open_page: Visits, javascript: bool) -> None:
    page = open_page("/form", javascript=javascript)
    page.locator("#f-amount").fill("5.000")
    page.get_by_role("button", name="Ghi").click()
    expect(page.locator(".flash")).to_have_text("Đã ghi 5000")
    assert page.url.endswith("/done")
    page.reload()
    expect(page.locator(".flash")).to_have_count(0)


def _typed_and_kept(page: Page) -> None:
    page.locator("#f-amount").fill("5.000")
    page.locator("#f-memo").fill("Bò sinh sản")
    expect(page.locator("[data-draft-note]")).to_contain_text(
        re.compile(r"Nháp đã giữ trên máy này lúc \d{1,2}:\d\d")
    )


def test_what_is_typed_is_kept_on_the_device_and_put_back(open_page: Visits) -> None:
    page = open_page("/form")
    _typed_and_kept(page)
    page.reload()
    expect(page.locator("#f-memo")).to_have_value("Bò sinh sản")
    expect(page.locator("[data-draft-note]")).to_contain_text("Đã điền lại nháp")


def test_a_draft_can_be_dropped(open_page: Visits) -> None:
    page = open_page("/form")
    _typed_and_kept(page)
    page.reload()
    page.get_by_role("button", name="Bỏ nháp").click()
    expect(page.locator("#f-memo")).to_have_value("")
    assert page.evaluate(KEPT) == 0


def test_a_draft_goes_once_it_has_been_recorded(open_page: Visits) -> None:
    page = open_page("/form")
    _typed_and_kept(page)
    page.get_by_role("button", name="Ghi").click()
    expect(page.locator(".flash")).to_be_visible()
    for _ in range(50):  # asked from outside: the page's own policy allows no polling by evaluated text
        if page.evaluate(KEPT) == 0:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT) == 0


def test_a_draft_stays_while_the_form_is_refused(open_page: Visits) -> None:
    page = open_page("/form")
    _typed_and_kept(page)
    page.locator("#f-amount").fill("1.5")
    page.get_by_role("button", name="Ghi").click()
    expect(page.locator(".faults")).to_be_visible()
    assert page.evaluate(KEPT) == 1


@pytest.mark.parametrize(
    ("memo", "words"), [("mất", "Không thấy dòng vốn này"), ("hỏng", "Máy chủ chưa nhận được")]
)
def test_a_fault_without_the_form_leaves_the_form_as_it_is(open_page: Visits, memo: str, words: str) -> None:
    page = open_page("/form")
    page.locator("#f-amount").fill("5.000")
    page.locator("#f-memo").fill(memo)
    page.get_by_role("button", name="Ghi").click()
    expect(page.locator("#notices")).to_contain_text(words)
    expect(page.locator("#f-memo")).to_have_value(memo)
    open_page.faults[:] = [fault for fault in open_page.faults if not fault.startswith("500 for")]


def test_without_a_connection_the_form_stays_and_says_so(open_page: Visits) -> None:
    page = open_page("/form")
    page.locator("#f-amount").fill("5.000")
    page.context.set_offline(True)
    page.get_by_role("button", name="Ghi").click()
    expect(page.locator("#notices")).to_contain_text("mất mạng")
    expect(page.locator("#f-amount")).to_have_value("5.000")
    expect(page.get_by_role("button", name="Ghi")).to_be_enabled()
    page.close()  # what it logs of lost requests may come after what it shows of them
    open_page.faults.clear()


def test_pressing_twice_sends_once(open_page: Visits) -> None:
    page = open_page("/form")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("#f-amount").fill("5.000")
    page.get_by_role("button", name="Ghi").dblclick()
    expect(page.locator(".flash")).to_be_visible()
    assert sent.count("POST") == 1


def test_the_language_is_remembered_and_the_page_comes_back(open_page: Visits) -> None:
    page = open_page("/gallery?money=dong")
    page.locator("footer").get_by_role("link", name="English").click()
    page.wait_for_url("**/gallery?money=dong")
    assert page.context.cookies()[0]["value"] == "en"

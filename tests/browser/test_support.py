"""Support models in Chromium: handed over and visited on a phone without script, and every page sound."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.domain import support
from app.domain.support import ModelView
from tests.support.browser import DESKTOP, PHONE, Scheme, Visits, check_page
from tests.support.databases import Database, Databases
from tests.support.folk import household, of_years
from tests.support.supporting import given, model, running, visited, whole_model
from tests.support.world import actor, populate


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


def herd() -> ModelView:
    """A cattle model that runs, for two households."""
    folk = [household(code=f"TS-{n}", statuses=of_years(y2023="poor", y2024="escaped")) for n in (1, 2)]
    return running(whole_model(folk))


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, False), (DESKTOP, True)])
def test_a_model_is_written_and_what_it_gave_is_recorded(
    open_page: Visits, width: int, javascript: bool
) -> None:
    herd()
    draft = model(name="Nuôi dê thôn Trà Sơn", template=None, hamlet_code=None)
    household(code="TL-9", hamlet_code="20770.02")
    page = open_page.as_user("officer", width=width, javascript=javascript)
    page.goto(f"/support/{draft.id}/edit")
    page.get_by_label("Tên mô hình").fill("Nuôi dê")
    page.get_by_label("Tìm hộ khác").fill("tl-9")
    page.get_by_role("button", name="Tìm hộ").click()
    expect(page.get_by_label("TS-1 · Hồ Văn Minh")).to_have_count(0)
    expect(page.get_by_label("Tên mô hình")).to_have_value("Nuôi dê")
    page.get_by_label("TL-9 · Hồ Văn Minh").check()
    page.get_by_role("button", name="Ghi mô hình").click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi mô hình")
    expect(page.locator("main")).to_contain_text("TL-9")

    page.goto("/support")
    page.get_by_role("link", name="Nuôi bò sinh sản thôn Trà Sơn").click()
    page.get_by_role("navigation", name="Các trang của mô hình").get_by_role("link", name="Cấp phát").click()
    page.get_by_role("link", name="Ghi cấp phát").click()
    page.get_by_text("Bò cái giống sinh sản: còn 10 con").click()
    for code, number in (("TS-1", "2"), ("TS-2", "9")):
        page.get_by_label(f"{code} · Hồ Văn Minh").check()
        page.get_by_label(f"Số lượng của {code}").fill(number)
    page.get_by_label("đã ký nhận").check()
    page.get_by_label("Ngày cấp phát").fill("20/04/2023")
    page.get_by_role("button", name="Ghi cấp phát").click()
    expect(page.locator(".faults")).to_contain_text("phần được duyệt chỉ còn")
    page.get_by_label("Số lượng của TS-2").fill("1")
    page.get_by_role("button", name="Ghi cấp phát").click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi cấp phát")

    page.get_by_role("navigation", name="Các trang của mô hình").get_by_role("link", name="Thăm hộ").click()
    page.get_by_role("link", name="Ghi lần thăm TS-1").click()
    page.get_by_label("Sống").first.fill("1")
    page.get_by_label("Chết").fill("1")
    page.get_by_label("Ngày thăm").fill("05/07/2023")
    page.get_by_role("button", name="Ghi lần thăm").click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi lần thăm hộ")
    expect(page.locator("main")).to_contain_text("thăm 05/07/2023")


@pytest.mark.parametrize(
    ("width", "scheme", "lang"), [(PHONE, "light", "en"), (PHONE, "dark", "vi"), (DESKTOP, "dark", "en"), (DESKTOP, "light", "vi")]
)  # fmt: skip
def test_every_page_is_sound(open_page: Visits, width: int, scheme: Scheme, lang: str) -> None:
    made, draft = herd(), model(name="Nuôi dê")
    support.deliver(actor("officer"), made.id, given(made, 2))
    support.visit(actor("officer"), made.id, visited(made, alive=1, dead=1))
    page = open_page.as_user("officer", width=width, scheme=scheme)
    page.goto(f"/language/{lang}")
    at = f"/support/{made.id}"
    for path in (
        "/support", "/support/new", f"/support/{draft.id}/edit", at, f"{at}/deliveries", f"{at}/deliveries/new",
        f"{at}/visits", f"{at}/visits/new", f"{at}/documents", "/support/received", "/support/outcomes",
    ):  # fmt: skip
        page.goto(path)
        check_page(page)

"""Pages of who gets what and of what came of models: everybody reads them, no name stands on them, few statements."""

from __future__ import annotations

from app.domain import support
from app.domain.support import NewBudget
from app.models.identity import ROLES
from tests.support.folk import NAME, household, of_years
from tests.support.pages import Visitor, links, words
from tests.support.statements import counted
from tests.support.supporting import funded, given, running, whole_model
from tests.support.world import MILLION, World, actor

PAGES = (
    "/support/received?year=2023",
    "/support/outcomes?year=2024",
    "/support/outcomes?year=2024&by=hamlet",
)


def cattle() -> None:
    folk = [
        household(code="TS-1", statuses=of_years(y2023="poor", y2024="escaped")),
        household(code="TS-2", statuses=of_years(y2023="poor", y2024="poor")),
    ]
    made = running(whole_model(folk))
    for to in (0, 1):
        support.deliver(actor("officer"), made.id, given(made, 2, to))
    household(code="TS-9", statuses=of_years(y2023="near_poor"))


def test_every_role_reads_them_and_nobody_without_a_session(world: World) -> None:
    cattle()
    for role in ROLES:
        visitor = Visitor.logged_in(role)
        assert [visitor.get(path).status_code for path in PAGES] == [200, 200, 200]
    assert Visitor.stranger().get(PAGES[0]).headers["location"].startswith("/login?next=")
    elsewhere = words(Visitor.logged_in("khac").page(PAGES[0]))
    assert "TS-1" not in elsewhere


def test_they_say_who_got_what_and_who_waits(world: World) -> None:
    cattle()
    page = Visitor.logged_in("officer").page(PAGES[0])
    said = words(page)
    assert "Cộng 2 hộ – 80" in said
    assert "Hộ thuộc diện mà chưa từng được hỗ trợ: 1" in said
    assert "TS-9 Thôn Trà Sơn Hộ cận nghèo" in said
    assert NAME not in said
    assert any(link.startswith("/households/") for link in links(page))
    text = Visitor.logged_in("officer").get(f"{PAGES[0]}&format=csv").text
    assert ("TS-1" in text, NAME in text, "TS-9" in text) == (True, False, False)
    waiting = Visitor.logged_in("officer").get(f"{PAGES[0]}&which=waiting&format=csv").text
    assert ("TS-9" in waiting, "TS-1" in waiting) == (True, False)


def test_they_say_what_came_of_it(world: World) -> None:
    cattle()
    said = words(Visitor.logged_in("leader").page(PAGES[1]))
    assert "1 / 2 hộ nghèo, cận nghèo đã thoát nghèo" in said
    assert "Mỗi hộ thoát nghèo ứng với 80 triệu đồng hỗ trợ, tính trên 2 hộ đã rõ diện." in said
    english = words(Visitor.logged_in("leader", "en").page(PAGES[1]))
    assert "1 / 2 poor and near-poor households left poverty" in english
    before = words(Visitor.logged_in("leader").page("/support/outcomes?year=2023"))
    assert "Chưa hộ nào của các mô hình thoát nghèo" in before
    assert "2 hộ chưa tính: mô hình của chính năm này" in before


def test_they_say_no_more_the_more_there_is(world: World) -> None:
    cattle()
    visitor = Visitor.logged_in("officer")

    def said() -> dict[str, int]:
        found = {}
        for path in PAGES:
            visitor.page(path)
            with counted() as statements:
                visitor.page(path)
            found[path] = len(statements)
        return found

    few = said()
    running(
        whole_model(
            [household(code="TS-5"), household(code="TS-6")],
            name="Nuôi bò đợt hai",
            budget=(NewBudget(funded(source="district").id, 180 * MILLION),),
        )
    )
    more = said()
    assert {path: n for path, n in more.items() if n > 12} == {}
    assert more == few

"""What the one search box promises."""

from __future__ import annotations

import pytest

from tests.support.folk import household
from tests.support.land import views
from tests.support.pages import Visitor, links, words
from tests.support.world import MILLION, World, contract, line, post, work


@pytest.mark.parametrize(
    ("q", "group"),
    [
        ("duong be tong", "Công trình"),
        ("Trà Huỳnh", "Công trình"),
        ("giam ngheo", "Dòng vốn"),
        ("0147", "Chứng từ"),
        ("12/2023", "Hợp đồng"),
        ("song tra", "Đơn vị"),
        ("leader", "Người"),
    ],
)
def test_each_kind_is_found_without_diacritics(world: World, q: str, group: str) -> None:
    its = work()
    contract(its.id, code="12/2023/HĐXD")
    made = line()
    post(made.id, "allocate", MILLION, "2023-01-05")
    page = Visitor.logged_in("supervisor").get("/search", params={"q": q})
    assert f'aria-label="{group}"' in page.text


def test_everything_found_is_one_tap_away(world: World) -> None:
    its = work(name="Cầu treo Sông Trà")
    page = Visitor.logged_in("officer").page("/search?q=cau+treo")
    assert f"/works/{its.id}" in links(page)


def test_households_are_found_by_name_only_for_who_sees_names(world: World) -> None:
    made = household()
    for role, q, seen in (
        ("officer", "van minh", True),
        ("supervisor", "van minh", False),
        ("supervisor", "01.001", True),
    ):
        page = Visitor.logged_in(role).page(f"/search?q={q}")
        assert (f"/households/{made.id}" in links(page)) == seen, (role, q)
    for masked in (False, True):
        assert [view[1:] for view in views(masked=masked)] == [("households", "20770@legacy", 1, "page")]
    assert f"/households/{made.id}" not in Visitor.logged_in("khac").page("/search?q=01.001")


def test_what_lies_elsewhere_is_not_found(world: World) -> None:
    work(name="Cầu treo Sông Trà")
    made = line()
    post(made.id, "allocate", MILLION, "2023-01-05")
    stranger = Visitor.logged_in("khac")
    for q in ("cau treo", "0147", "giam ngheo", "song tra", "leader"):
        assert "Không thấy gì cho" in words(stranger.page(f"/search?q={q}")), q


def test_nothing_typed_and_nothing_found_say_what_to_do(world: World) -> None:
    officer = Visitor.logged_in("officer")
    assert "Gõ vài chữ để tìm" in words(officer.page("/search"))
    assert "Thử ít chữ hơn" in words(officer.page("/search?q=zzz%25"))

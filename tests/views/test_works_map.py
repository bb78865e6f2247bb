"""What the map of works promises: the list's filters and numbers, what is missing first, places that stay as typed."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.domain import works
from tests.support.book import execute
from tests.support.pages import Visitor, hidden, links, words
from tests.support.statements import counted
from tests.support.world import World, actor, work

ROAD = ((108.0262, 15.5279), (108.0291, 15.5269), (108.0328, 15.5243))
TYPED = "15,5279 108,0262\r\n15,5269 108,0291\r\n\r\n15.5243, 108.0328\r\n"
STATEMENTS = 4  # works that are drawn, that have no place, how many of both, and the hamlets


def markers(page: str, kind: str = "wide") -> list[str]:
    """The accessible names of a picture's markers, in the order of the keyboard."""
    found = re.search(rf'<svg class="map {kind}".*?</svg>', page, re.S)
    assert found is not None
    return re.findall(r'<a class="spot" href="/works/[0-9a-f-]+" aria-label="([^"]+)"', found[0])


def test_markers_bear_the_numbers_of_the_list_and_say_the_state(world: World) -> None:
    road = work(code="A", name="Đường", path=ROAD, planned_finish=date(2023, 5, 1))
    house = work(code="B", name="Nhà văn hóa", lat=15.5378, lon=108.0139)
    page = Visitor.logged_in("supervisor").page("/works/map")
    told = ["1. Đường: Quá hạn hoàn thành", "2. Nhà văn hóa: Chuẩn bị"]
    assert markers(page) == markers(page, "narrow") == told
    said = words(page)
    assert "2 trong 2 công trình có vị trí, 1 quá hạn hoàn thành" in said
    assert "Quá hạn hoàn thành 1 Chuẩn bị 1 Thôn" in said
    assert re.search(r"1\. Đường A.*Quá hạn hoàn thành.*2\. Nhà văn hóa B", said)
    assert {f"/works/{road.id}", f"/works/{house.id}"} <= set(links(page))
    for shape in ("late", "preparation"):
        assert f'class="glyph {shape}" href="#m-{shape}"' in page
    assert 'class="way late"' in page


def test_each_state_has_a_shape_of_its_own(world: World) -> None:
    stages = ("preparation", "construction", "completed", "handed_over", "settled", "suspended", "cancelled")
    for n, stage in enumerate(stages):
        made = work(code=f"{n}", lat=15.53, lon=108.02)
        execute("UPDATE works SET stage = :stage WHERE code = :code", stage=stage, code=made.code)
    page = Visitor.logged_in("supervisor").page("/works/map")
    drawn = re.findall(r'<use class="glyph (\w+)" href="#m-(\w+)"', page)
    assert all(state == shape for state, shape in drawn)
    assert {shape for _, shape in drawn} == set(re.findall(r'<symbol id="m-(\w+)"', page)) - {"late"}


def test_what_has_no_place_comes_first_with_the_way_to_its_form(world: World) -> None:
    work(code="A", path=ROAD)
    bare = work(code="B", name="Trường Trà Sơn", location="Thôn Trà Sơn")
    for role, href in (("officer", f"/works/{bare.id}/edit#f-lat"), ("inspector", f"/works/{bare.id}")):
        page = Visitor.logged_in(role).page("/works/map")
        assert "Chưa có vị trí: 1 công trình Trường Trà Sơn : Thôn Trà Sơn" in words(page)
        assert page.index("Chưa có vị trí: 1") < page.index('<svg class="map')
        assert href in links(page)


def test_the_switch_keeps_the_filters_both_ways(world: World) -> None:
    work(code="A", name="Đường", path=ROAD)
    work(code="B", name="Nhà văn hóa", path=ROAD)
    visitor = Visitor.logged_in("officer")
    page = visitor.page("/works?q=nha&stage=preparation&page=1")
    assert "/works/map?q=nha&stage=preparation" in links(page)
    shown = visitor.page("/works/map?q=nha&stage=preparation")
    assert markers(shown) == ["1. Nhà văn hóa: Chuẩn bị"]
    assert "/works?q=nha&stage=preparation" in links(shown)
    assert 'hx-target="#ket-qua"' in shown
    assert "Không có công trình nào khớp" in words(visitor.page("/works/map?q=khong"))


def test_a_hamlet_is_shown_alone_by_a_link(world: World) -> None:
    work(code="A", name="Đường", path=ROAD, hamlets=("20770.02",))
    work(code="B", name="Nhà văn hóa", lat=15.5378, lon=108.0139, hamlets=("20770.01",))
    visitor = Visitor.logged_in("officer")
    href = "/works/map?hamlet=20770.01%40legacy"
    assert href in links(visitor.page("/works/map"))
    page = visitor.page(href)
    assert markers(page) == ["1. Nhà văn hóa: Chuẩn bị"]
    assert '?hamlet=20770.01%40legacy" aria-current="true"' in page
    assert "Đường" not in visitor.get(f"{href}&format=csv").text
    assert visitor.get("/works/map?hamlet=9").status_code == 404


def test_a_wide_unit_shows_its_communes(world: World) -> None:
    execute("UPDATE units SET lat = 15.53, lon = 108.018 WHERE level = 'commune'")
    work(code="A", path=ROAD)
    page = Visitor.logged_in("huyen").page("/works/map")
    assert "Trung tâm xã" in words(page)
    assert "/works/map?unit=20770%40legacy" in links(page)
    assert "Chủ đầu tư" in words(page)


def test_without_any_place_the_page_says_what_to_do(world: World) -> None:
    visitor = Visitor.logged_in("officer")
    assert "Chưa có gì để vẽ" in words(visitor.page("/works/map"))
    work()
    said = words(visitor.page("/works/map"))
    assert "Chưa có vị trí: 1 công trình" in said
    assert "Chưa có gì để vẽ" in said


def test_the_same_works_come_as_a_file_in_both_languages(world: World) -> None:
    work(code="A", name="Đường", path=ROAD, location="Thôn Trà Huỳnh")
    answer = Visitor.logged_in("officer").get("/works/map?format=csv")
    assert 'filename="ban-do-cong-trinh-20770.csv"' in answer.headers["content-disposition"]
    assert "1. Đường" in answer.text
    assert "Thôn Trà Huỳnh" in answer.text
    english = words(Visitor.logged_in("officer", "en").page("/works/map"))
    assert "1 of 1 works have a place. Numbers on the map are those of the list." in english
    assert "108.030° E" in english
    assert "In preparation 1 Hamlet" in english


@pytest.mark.parametrize("number", [1, 40])
def test_the_map_costs_few_statements_however_many_works(world: World, number: int) -> None:
    for n in range(number):
        work(code=f"{n:03}", path=ROAD)
        work(code=f"N{n:03}")
    visitor = Visitor.logged_in("officer")
    with counted() as empty:
        visitor.page("/works/map?q=khong")
    with counted() as said:
        page = visitor.page("/works/map")
    assert len(markers(page)) == number
    assert len(said) <= len(empty) + STATEMENTS
    of_map = [s for s in said if "works.path" in s or ("level" in s and "units.lat" in s)]
    assert len(of_map) <= STATEMENTS


# --- the form, and a work's own page -----------------------------------------------------------------------


def test_a_place_is_typed_kept_and_taken_away(world: World) -> None:
    officer = Visitor.logged_in("officer")
    made = work(code="A")
    path = f"/works/{made.id}/edit"
    form = {
        "code": "A", "name": "Đường", "project_code": "DTTS.4.1", "physical_percent": "0",
        "total_investment": "1.000.000.000",
    }  # fmt: skip
    version = hidden(officer.page(path), "version")
    sent = officer.send_form(path, **form, version=version, lat="15,5269", lon="108.0291", path=TYPED)
    assert sent.status_code == 303
    now = works.get(actor(), made.id)
    assert (now.lat, now.lon) == (15.5269, 108.0291)
    assert [tuple(corner) for corner in now.path or ()] == list(ROAD)
    page = officer.page(path)
    assert 'value="15.5269"' in page
    assert ">15.5279, 108.0262\n15.5269, 108.0291\n15.5243, 108.0328</textarea>" in page
    sent = officer.send_form(path, **form, version=hidden(page, "version"))
    assert sent.status_code == 303
    now = works.get(actor(), made.id)
    assert (now.lat, now.lon, now.path) == (None, None, None)


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"lat": "mười lăm", "lon": "108"}, "lat", "Không phải số độ"),
        ({"lat": "15,5"}, "lon", "Một điểm cần cả vĩ độ và kinh độ."),
        ({"lat": "108,0291", "lon": "15,5269"}, "lat", "Có lẽ đã đổi chỗ với kinh độ."),
        ({"path": "15,5 108,0\nđầu thôn"}, "path", "Dòng 2 không phải một điểm."),
        ({"path": "15,5 108,0"}, "path", "Một tuyến có từ 2 đến 500 điểm."),
        ({"path": "15,5 108,0\n108,1 15,6"}, "path", "Điểm thứ 2: vĩ độ từ -90 đến 90 đứng trước"),
    ],
)
def test_a_place_that_cannot_be_is_told_beside_its_field(
    world: World, typed: dict[str, str], field: str, told: str
) -> None:
    made = work(code="A")
    officer = Visitor.logged_in("officer")
    path = f"/works/{made.id}/edit"
    form = {
        "code": "A",
        "name": "Đường",
        "project_code": "DTTS.4.1",
        "physical_percent": "0",
        "version": "1",
    }
    refused = officer.send_form(path, **form, **typed)
    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text
    assert told in words(refused.text)
    for value in typed.values():
        assert value in refused.text
    assert works.get(actor(), made.id).version == 1


def test_a_works_page_has_a_small_map_once_it_has_a_place(world: World) -> None:
    bare, placed = work(), work(path=ROAD, location="Thôn Trà Huỳnh")
    visitor = Visitor.logged_in("inspector")
    assert '<svg class="map"' not in visitor.page(f"/works/{bare.id}")
    page = visitor.page(f"/works/{placed.id}")
    assert 'role="img" aria-label="Vị trí của công trình trên bản đồ: Thôn Trà Huỳnh"' in page
    assert "/works/map?unit=20770@legacy" in links(page)
    assert "Thôn Trà Huỳnh</text>" in page


def test_a_question_narrows_the_map_as_it_does_the_list(world: World) -> None:
    work(code="A", name="Đường", path=ROAD, planned_finish=date(2023, 5, 1))
    work(code="B", name="Nhà văn hóa", lat=15.5378, lon=108.0139)
    visitor = Visitor.logged_in("officer")
    assert "/works/map?question=behind" in links(visitor.page("/works/map"))
    page = visitor.page("/works/map?question=behind")
    assert markers(page) == ["1. Đường: Quá hạn hoàn thành"]
    assert "/works?question=behind" in links(page)

"""Where works stand: points and lines as people write them, what cannot be, and what a map shows."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app import db
from app.domain import works
from app.domain.ledger.entries import hash_body
from app.domain.territory import UnitView, find
from app.domain.works import NewWork, WorkFilter
from app.domain.works.mapped import NAMED, WorksMap, places, works_map
from app.domain.works.places import MOST_CORNERS, BadPlace, parse_degree, parse_path, say_degree, say_path
from app.errors import IdTaken, Invalid, NotFound
from app.models.identity import AuditRow
from tests.support.book import execute, fails, freeze
from tests.support.world import World, actor, work

ROAD = ((108.0262, 15.5279), (108.0291, 15.5269), (108.0328, 15.5243))
ASK = NewWork(uuid.uuid4(), "CT-01", "Đường Trà Huỳnh", "DTTS.4.1", "20770@legacy", path=ROAD)
DEGREES = st.floats(-90, 90).map(lambda f: round(f, 12))


@pytest.mark.parametrize(
    "text",
    ["15,5269 108,0291", "15.5269, 108.0291", "15.5269,108.0291", "15,5269; 108,0291", " 15,5269,\t108,0291 ", "15.5269° 108.0291°"],
)  # fmt: skip
def test_a_corner_is_read_as_people_write_it(text: str) -> None:
    assert parse_path(f"\n{text}\n\n") == ((108.0291, 15.5269),)


@pytest.mark.parametrize(
    ("text", "line"),
    [("15,5269", 1), ("15,5269,108,0291", 1), ("15.5 108.0\n15.5 108.0 3", 2), ("15.5 108.0\n\nmột hai", 3), ("1e1 2", 1), ("1234 5", 1)],
)  # fmt: skip
def test_a_line_that_is_no_corner_is_named(text: str, line: int) -> None:
    with pytest.raises(BadPlace) as caught:
        parse_path(text)
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["", "15,52,69", "15 5", "nan", "1e5", "inf", "15.5N"])
def test_what_is_no_degree_is_refused(text: str) -> None:
    with pytest.raises(BadPlace):
        parse_degree(text)


@given(st.lists(st.tuples(DEGREES, DEGREES), max_size=5))
def test_what_a_form_shows_is_read_back_to_the_digit(path: list[tuple[float, float]]) -> None:
    assert parse_path(say_path(path)) == tuple(path)
    for lon, _ in path:
        assert parse_degree(say_degree(lon)) == lon


def test_a_line_is_registered_changed_and_taken_away(world: World) -> None:
    made, _ = works.create(actor(), ASK)
    assert [tuple(corner) for corner in made.path or ()] == list(ROAD)
    assert works.create(actor(), ASK) == (made, False)
    with fails(IdTaken):
        works.create(actor(), replace(ASK, path=ROAD[:2]))
    shorter = works.update(actor(), made.id, 1, {"path": ROAD[:2], "lat": 15.5, "lon": 108.0})
    assert [tuple(corner) for corner in shorter.path or ()] == list(ROAD[:2])
    gone = works.update(actor(), made.id, 2, {"path": None, "lat": None, "lon": None})
    assert (gone.path, gone.lat, gone.lon) == (None, None, None)
    with db.transaction() as session:
        facts = session.execute(sa.select(AuditRow.facts).where(AuditRow.action == "work.update"))
        assert [row[0]["path"] for row in facts.all()] == [2, None]


def test_a_work_without_a_line_hashes_as_it_did_before_lines(world: World) -> None:
    late = ("path", "override_reason")
    bare = replace(ASK, path=None)
    assert bare.body_hash() == hash_body(*(getattr(bare, f) for f in NewWork.__slots__ if f not in late))
    assert bare.body_hash() != ASK.body_hash()


def test_a_place_that_cannot_be_is_named_by_field(world: World) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"lat": 15.5}, "lon"), ({"lon": 108.0}, "lat"), ({"lat": 90.1, "lon": 108.0}, "lat"),
        ({"lat": 15.5, "lon": -180.1}, "lon"), ({"lat": float("nan"), "lon": 108.0}, "lat"),
        ({"path": ROAD[:1]}, "path"), ({"path": ()}, "path"), ({"path": ROAD[:1] * 2}, "path"),
        ({"path": ((15.5, 108.0), (15.6, 108.1))}, "path"), ({"path": (ROAD[0], (float("inf"), 15.5))}, "path"),
        ({"path": ROAD * MOST_CORNERS}, "path"),
    )  # fmt: skip
    made = work()
    for values, field in wrong:
        with fails(Invalid, field):
            works.create(actor(), replace(ASK, **({"id": uuid.uuid4(), "path": None} | values)))
        with fails(Invalid, field):
            works.update(actor(), made.id, 1, values)


# --- what a map shows --------------------------------------------------------------------------------------


def shown(unit: str = "20770@legacy", of: str = "20770@legacy", **wanted: Any) -> WorksMap:
    who = actor("supervisor", unit)
    at: UnitView = find(who, of)
    return works_map(who, at, WorkFilter(unit=at.exact_code, **wanted))


def test_works_with_a_place_come_in_order_and_those_without_are_named(world: World) -> None:
    point = work(code="B", lat=15.53, lon=108.02)
    line = work(code="A", path=ROAD)
    bare = work(code="C")
    found = shown()
    assert [w.id for w in found.placed] == [line.id, point.id]
    assert ([w.id for w in found.unplaced], found.count, found.unplaced_count) == ([bare.id], 2, 1)
    assert [u.name for u in found.units] == ["Thôn Trà Huỳnh", "Thôn Trà Sơn"]
    assert [w.id for w in shown(code="B").placed] == [point.id]
    assert shown(stage="settled").count == 0


def test_a_map_is_read_page_by_page_and_names_only_so_many(world: World) -> None:
    for n in range(NAMED + 2):
        work(code=f"P{n:02}", lat=15.5, lon=108.0)
        work(code=f"N{n:02}")
    who = actor()
    page = works_map(who, find(who, "20770@legacy"), WorkFilter(), offset=NAMED, limit=10)
    assert [w.code for w in page.placed] == [f"P{NAMED}", f"P{NAMED + 1}"]
    assert (page.count, len(page.unplaced), page.unplaced_count) == (NAMED + 2, NAMED, NAMED + 2)


def test_works_of_a_hamlet_are_shown_alone(world: World) -> None:
    served = work(hamlets=("20770.01",), path=ROAD)
    work(hamlets=("20770.02",), lat=15.53, lon=108.02)
    assert [w.id for w in shown(hamlet="20770.01").placed] == [served.id]
    assert [w.id for w in works.works(actor(), WorkFilter(hamlet="20770.01@legacy"))] == [served.id]
    with fails(NotFound, "hamlet"):
        shown(hamlet="20770.09")


def test_a_wide_map_names_the_communes_that_own_works(world: World) -> None:
    execute("UPDATE units SET lat = 15.5, lon = 108.0 WHERE level = 'commune'")
    work(path=ROAD)
    wide = shown("512@legacy", "512@legacy")
    assert [u.exact_code for u in wide.units] == ["20770@legacy"]
    assert shown("512@legacy", "20773@legacy").count == 0


def test_the_new_commune_shows_what_it_took_over(world: World) -> None:
    made = work(path=ROAD)
    found = shown("20770@2025", "20770@2025")
    assert [w.id for w in found.placed] == [made.id]
    assert len(found.units) == 2


def test_a_map_shows_no_other_unit(world: World) -> None:
    work(path=ROAD, hamlets=("20770.01",))
    stranger = actor(unit="00001@legacy")
    own = find(stranger, "00001@legacy")
    found = works_map(stranger, own, WorkFilter())
    assert (found.placed, found.unplaced, found.units) == ([], [], [])
    with pytest.raises(NotFound):
        places(stranger, "20770@legacy")
    with pytest.raises(NotFound):
        works_map(stranger, own, WorkFilter(hamlet="20770.01@legacy"))


def test_a_work_on_the_map_is_late_as_in_the_register(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    work(path=ROAD, planned_finish=date(2023, 6, 1))
    freeze(monkeypatch, date(2023, 6, 1))
    assert not shown().placed[0].late
    freeze(monkeypatch, date(2023, 6, 2))
    assert shown().placed[0].late


def test_for_systems_all_works_and_hamlets_come_and_what_does_not_fit_is_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, bare = work(code="A", path=ROAD), work(code="B")
    found = places(actor(), "20770@legacy")
    assert [w.id for w in found.works] == [placed.id, bare.id]
    assert ([h.code for h in found.hamlets], found.left_out) == (["20770.02", "20770.01"], 0)
    monkeypatch.setattr("app.domain.works.mapped.MOST", 1)
    less = places(actor(), "20770@legacy")
    assert (len(less.works), len(less.hamlets), less.left_out) == (1, 1, 1)

"""The catalogue: read by everybody, changed by the nation's administrator, never under standing lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app import db
from app.domain import programs
from app.domain.programs import parameter_on
from app.domain.reference import load_catalogue
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.book import state
from tests.support.world import World, actor, line

CATALOGUE = ("programs", "projects", "funding_sources", "parameters")


def nation() -> Any:
    return actor("administrator", "VN@2025")


def new_period() -> programs.ProgramView:
    return programs.create_program(
        nation(), code="MTQG26", name="Chương trình mục tiêu quốc gia 2026-2030", short_name="MTQG 2026-2030",
        period_from=2026, period_to=2030, decision="chờ ban hành",
    )  # fmt: skip


def test_three_programs_to_2025_are_read_parents_before_parts(world: World) -> None:
    who = actor("supervisor")
    assert {p.code for p in programs.programs(who, on=date(2023, 1, 1))} == {"GNBV", "DTTS", "NTM"}
    codes = [p.code for p in programs.projects(who)]
    for project in programs.projects(who):
        if project.parent_code is not None:
            assert codes.index(project.parent_code) < codes.index(project.code)
    leaves = {p.code for p in programs.projects(who, program_code="GNBV", leaves_only=True)}
    assert {"GNBV.2", "GNBV.3.1"} <= leaves
    assert "GNBV.3" not in leaves
    assert [s.code for s in programs.sources(who)] == [
        "central", "provincial", "district", "commune", "credit", "enterprise", "people", "other",
    ]  # fmt: skip


def test_loading_the_catalogue_again_keeps_what_was_changed_since(world: World) -> None:
    source = next(s for s in programs.sources(nation()) if s.code == "people")
    programs.update(nation(), "source", "people", source.version, {"name": "Nhân dân đóng góp (sửa)"})
    before = state(*CATALOGUE)
    with db.transaction(write=True) as session:
        load_catalogue(session)
    assert state(*CATALOGUE) == before


def test_a_program_of_a_new_period_has_its_own_tree(world: World) -> None:
    made = new_period()
    assert (made.valid_from, made.valid_to) == (date(2026, 1, 1), date(2030, 12, 31))
    with pytest.raises(Conflict):
        new_period()
    one = programs.create_project(
        nation(), code="MTQG26.1", program_code="MTQG26", parent_code=None, name="Một"
    )
    part = programs.create_project(
        nation(), code="MTQG26.1.1", program_code="MTQG26", parent_code="MTQG26.1", name="A"
    )
    assert (one.is_leaf, part.is_leaf, part.parent_code) == (True, True, "MTQG26.1")
    assert not programs.project(nation(), "MTQG26.1").is_leaf
    assert [p.code for p in programs.programs(nation(), on=date(2026, 1, 1))] == ["MTQG26"]
    with pytest.raises(Invalid):
        programs.create_program(
            nation(), code="X", name="x", short_name="x", period_from=2026, period_to=2025, decision="x"
        )
    for code, program, parent, kind in (
        ("MTQG26", "MTQG26", None, Invalid), ("NTM.12", "MTQG26", None, Invalid), ("MTQG26.1", "MTQG26", None, Conflict),
        ("MTQG26.2.1", "MTQG26", "MTQG26.2", NotFound), ("NONE.1", "NONE", None, NotFound),
        ("GNBV.2.1", "MTQG26", "GNBV.2", NotFound), ("MTQG26.1.1.1.1", "MTQG26", "MTQG26.1.1", Invalid),
    ):  # fmt: skip
        with pytest.raises(kind):
            programs.create_project(nation(), code=code, program_code=program, parent_code=parent, name="x")


def test_what_has_lines_stays_a_leaf(world: World) -> None:
    line(project_code="GNBV.2")
    with pytest.raises(Conflict):
        programs.create_project(
            nation(), code="GNBV.2.1", program_code="GNBV", parent_code="GNBV.2", name="x"
        )


def test_a_change_needs_the_version_that_was_read_and_the_nation(world: World) -> None:
    project = programs.project(nation(), "GNBV.2")
    changed = programs.update(nation(), "project", "GNBV.2", project.version, {"name": "Tên mới"})
    assert changed.version == project.version + 1
    with pytest.raises(Stale) as stale:
        programs.update(nation(), "project", "GNBV.2", project.version, {"name": "Tên cũ"})
    assert stale.value.current == changed
    for who in (actor("administrator"), actor("leader", "VN@2025")):
        with pytest.raises(Forbidden):
            programs.update(who, "project", "GNBV.2", 2, {"name": "x"})
    with pytest.raises(NotFound):
        programs.update(nation(), "project", "GNBV.99", 1, {"name": "x"})


def parameter(key: str, valid_from: date) -> programs.ParameterView:
    return next(p for p in programs.parameters(nation()) if (p.key, p.valid_from) == (key, valid_from))


def test_a_parameter_holds_within_its_validity_and_reads_as_what_it_is(world: World) -> None:
    with db.transaction() as session:
        limits = {
            d: parameter_on(session, "advance.limit", d) for d in (date(2020, 12, 31), date(2023, 1, 1))
        }
    assert limits[date(2020, 12, 31)] is None
    found = limits[date(2023, 1, 1)]
    assert found is not None
    assert (found.value, found.source) == ("3000", "Nghị định 99/2021/NĐ-CP, Điều 10")
    for key, wrong in (("deadline.recurrent", ("", "31-12", "02-29", "12-31+x", "cuối năm")),
                       ("advance.limit", ("", "0.3", "-1", "10001", "30%", "٣"))):  # fmt: skip
        stands = parameter(key, date(2021, 1, 1))
        for value in wrong:
            with pytest.raises(Invalid):
                programs.update(nation(), "parameter", stands.id, stands.version, {"value": value})
        assert parameter(key, date(2021, 1, 1)) == stands
    stands = parameter("deadline.recurrent", date(2021, 1, 1))
    changed = programs.update(nation(), "parameter", stands.id, stands.version, {"value": "01-31+1"})
    assert isinstance(changed, programs.ParameterView)
    assert changed.value == "01-31+1"

"""Works: registered once, changed by whoever read them last, within what is approved."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app import db
from app.domain import territory, works
from app.domain.works import NewWork, WorkFilter
from app.errors import Conflict, IdTaken, Invalid, NotFound, Stale
from tests.support.book import fails, freeze, refused
from tests.support.world import MILLION, World, actor, contract, work

ASK = NewWork(uuid.uuid4(), "CT-01", "Đường bê tông thôn Trà Sơn", "DTTS.4.1", "20770@legacy", 100 * MILLION)


def test_sent_twice_a_work_is_registered_once(world: World) -> None:
    made, created = works.create(actor(), ASK)
    assert (created, made.version, made.stage, made.disbursed) == (True, 1, "preparation", 0)
    assert works.create(actor(), ASK) == (made, False)
    with fails(IdTaken):
        works.create(actor(), replace(ASK, name="Tên khác"))
    with fails(Conflict):
        works.create(actor(), replace(ASK, id=uuid.uuid4()))
    other = replace(ASK, id=uuid.uuid4(), owner_unit_code="20773@legacy")
    assert works.create(actor(unit="512@legacy"), other)[1]


def test_what_is_wrong_is_named_by_field(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, date(2023, 6, 1))
    wrong: tuple[tuple[dict[str, Any], type[Invalid] | type[NotFound], str], ...] = (
        ({"stage": "dreaming"}, Invalid, "stage"), ({"procedure": "quick"}, Invalid, "procedure"),
        ({"physical_percent": 101}, Invalid, "physical_percent"), ({"physical_percent": -1}, Invalid, "physical_percent"),
        ({"total_investment": 0}, Invalid, "total_investment"), ({"started_on": date(2023, 6, 2)}, Invalid, "started_on"),
        ({"planned_start": date(2023, 6, 2), "planned_finish": date(2023, 6, 1)}, Invalid, "planned_finish"),
        ({"started_on": date(2023, 5, 2), "finished_on": date(2023, 5, 1)}, Invalid, "finished_on"),
        ({"project_code": "DTTS.99"}, NotFound, "project_code"),
        ({"owner_unit_code": "20773@legacy"}, NotFound, "owner_unit_code"),
        ({"hamlets": ("20770.09",)}, NotFound, "hamlets"),
    )  # fmt: skip
    for values, kind, field in wrong:
        with fails(kind, field):
            works.create(actor(), replace(ASK, id=uuid.uuid4(), **values))


def test_a_change_needs_the_version_that_was_read(world: World) -> None:
    made = work()
    changed = works.update(actor(), made.id, 1, {"name": "Tên mới", "stage": "suspended"})
    assert (changed.name, changed.stage, changed.version) == ("Tên mới", "suspended", 2)
    with pytest.raises(Stale) as stale:
        works.update(actor(), made.id, 1, {"name": "Tên cũ"})
    assert stale.value.current == changed
    with fails(Invalid, "physical_percent"):
        works.update(actor(), made.id, 2, {"physical_percent": 200})
    with fails(NotFound):
        works.update(actor(unit="00001@legacy"), made.id, 2, {"name": "x"})
    twin = work(code="CT-02")
    with fails(Conflict):
        works.update(actor(), twin.id, 1, {"code": made.code})


def test_the_approved_total_never_falls_below_what_is_signed(world: World) -> None:
    made = work(total_investment=100 * MILLION)
    contract(made.id, 60 * MILLION)
    with refused("work_total", asked=60 * MILLION - 1, held=60 * MILLION):
        works.update(actor(), made.id, 1, {"total_investment": 60 * MILLION - 1})
    assert (
        works.update(actor(), made.id, 1, {"total_investment": 60 * MILLION}).total_investment == 60 * MILLION
    )
    assert works.update(actor(), made.id, 2, {"total_investment": None}).total_investment is None


def test_a_work_serves_hamlets_of_its_owner(world: World) -> None:
    made = work(hamlets=("20770.02", "20770.01", "20770.02"))
    assert [code for code, _ in works.hamlets(actor(), made.id)] == [
        "20770.02",
        "20770.01",
    ]  # Trà Huỳnh, Trà Sơn
    works.update(actor(), made.id, 1, {"hamlets": ("20770.01@legacy",)})
    assert [code for code, _ in works.hamlets(actor(), made.id)] == ["20770.01"]


def test_a_hamlets_code_that_both_structures_have_means_the_owners(world: World) -> None:
    with db.transaction(write=True) as session:
        after = territory.today_or_legacy(session, "20770@2025")
        territory.add_hamlet(session, after, "20770.01", "Thôn Mới", illustrative=True)
    above = actor(unit="VN@2025")
    new = work(above, owner_unit_code="20770@2025", hamlets=("20770.01",))
    old = work(above, hamlets=("20770.01",))
    took = work(above, owner_unit_code="20770@2025", hamlets=("20770.01@legacy",))
    names = [works.hamlets(above, w.id)[0][1] for w in (new, old, took)]
    assert names == ["Thôn Mới", "Thôn Trà Sơn", "Thôn Trà Sơn"]


def test_works_are_found_without_diacritics_and_under_their_successors(world: World) -> None:
    made, other = work(), work(actor(unit="00001@legacy"), owner_unit_code="00001@legacy", name="Trạm y tế")

    def ids(unit: str = "VN@2025", **wanted: Any) -> list[uuid.UUID]:
        return [w.id for w in works.works(actor(unit=unit), WorkFilter(**wanted))]

    assert ids(q="tra huynh duong") == ids(q="TRÀ Huỳnh") == [made.id]
    assert ids(q="trà sơn") == []
    assert ids(unit="20770@2025") == ids(unit="20770@legacy") == [made.id]
    assert ids(project_code="DTTS.4") == ids(stage="preparation") == [made.id, other.id]
    assert ids(stage="settled") == ids(year=2023) == []
    assert works.total(actor(unit="VN@2025"), WorkFilter()).count == 2


def test_a_work_is_late_past_its_planned_finish_until_it_is_completed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = work(planned_finish=date(2023, 6, 1))
    freeze(monkeypatch, date(2023, 6, 1))
    assert not works.get(actor(), made.id).late
    freeze(monkeypatch, date(2023, 6, 2))
    assert works.get(actor(), made.id).late
    done = {
        "stage": "completed",
        "override_reason": "Hoàn thành trước khi có sổ",
        "finished_on": date(2023, 6, 2),
    }
    assert not works.update(actor(), made.id, 1, done).late

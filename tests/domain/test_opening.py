"""Opening a year: lines copied, the rest proposed to be carried over or lapsed, once and together."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from app.domain.ledger import lines, opening, proposals
from app.domain.ledger.entries import EntryView
from app.domain.ledger.lines import LineFilter
from app.domain.ledger.pockets import Pockets
from app.errors import IdTaken, Invalid, NotFound
from tests.support.book import fails, pockets, state, whole
from tests.support.world import DECISION, World, actor, line, post

DAY = date(2024, 1, 20)
UNIT = "20770@legacy"


def opened(id_: uuid.UUID, choices: dict[uuid.UUID, str], **more: Any) -> list[EntryView]:
    values: dict[str, Any] = {
        "unit_code": UNIT,
        "year": 2024,
        "document": DECISION,
        "effective_date": DAY,
    } | more
    return opening.open_year(actor("officer"), id_, choices=choices, **values)


def with_rest() -> list[lines.LineView]:
    made = [line(), line(source="provincial"), line(project_code="NTM.2"), line(project_code="NTM.3")]
    for stands in made[:3]:
        post(stands.id, "allocate", 100, "2023-01-05")
        post(stands.id, "pay", 40, "2023-03-05")
    return made


def of_2024() -> dict[tuple[str, str, int], lines.LineView]:
    found = lines.lines(actor(), LineFilter(year=2024), limit=100)
    return {(x.project_code, x.source, x.origin_year): x for x in found}


def test_lines_are_copied_and_what_is_chosen_waits_for_a_checker_together(world: World) -> None:
    carried, lapsed, left, empty = with_rest()
    show = opening.preview(actor("officer"), UNIT, 2024)
    assert {x.id for x in show.to_copy} == {x.id for x in (carried, lapsed, left, empty)}
    assert {x.id for x in show.with_rest} == {x.id for x in (carried, lapsed, left)}
    choices = {carried.id: "carry_over", lapsed.id: "lapse", left.id: "leave", empty.id: "lapse"}
    asked = opened(uuid.uuid4(), choices)
    assert [(e.kind, e.amount, e.status) for e in asked] == [
        ("carry_over", 60, "proposed"),
        ("lapse", 60, "proposed"),
    ]
    assert set(of_2024()) == {
        ("GNBV.2", "central", 2024), ("GNBV.2", "provincial", 2024), ("NTM.2", "central", 2024),
        ("NTM.3", "central", 2024), ("GNBV.2", "central", 2023),
    }  # fmt: skip
    assert pockets(carried.id).available == 60
    proposals.post(actor("leader"), asked[1].id)
    assert pockets(carried.id) == Pockets(paid=40, allocated=100, carried_out=60)
    assert pockets(lapsed.id) == Pockets(paid=40, allocated=100, lapsed=60)
    assert pockets(of_2024()["GNBV.2", "central", 2023].id) == Pockets(60, carried_in=60)
    assert opening.preview(actor("officer"), UNIT, 2024).to_copy == []
    assert whole()


def test_sent_twice_a_year_is_opened_once_though_money_moved_meanwhile(world: World) -> None:
    carried, *_ = with_rest()
    id_, choices = uuid.uuid4(), {carried.id: "carry_over"}
    asked = opened(id_, choices)
    post(carried.id, "pay", 5, "2023-04-05")
    before = state()
    assert opened(id_, choices) == asked
    assert state() == before
    with fails(IdTaken):
        opened(id_, {carried.id: "lapse"})
    with fails(IdTaken):
        opened(id_, choices, effective_date=date(2024, 1, 21))
    proposals.reject(actor("leader"), asked[0].id, "Đã chi thêm")
    again = opened(uuid.uuid4(), choices)
    assert again[0].amount == 55
    proposals.post(actor("leader"), again[0].id)
    assert [e.status for e in opened(id_, choices)] == ["rejected"]


def test_only_ones_own_lines_and_known_choices_are_taken(world: World) -> None:
    carried, *_ = with_rest()
    neighbour = line(actor(unit="20773@legacy"), unit_code="20773@legacy")
    hamlet = line(unit_code="20770.01@legacy")
    with fails(Invalid, "choices"):
        opened(uuid.uuid4(), {carried.id: "spend"})
    for wanted in (neighbour.id, hamlet.id, uuid.uuid4()):
        with fails(NotFound, "choices"):
            opened(uuid.uuid4(), {wanted: "lapse"})
    with fails(NotFound):
        opened(uuid.uuid4(), {}, unit_code="20773@legacy")


def test_with_nothing_to_decide_only_lines_are_copied(world: World) -> None:
    line()
    assert opened(uuid.uuid4(), {}) == []
    assert opened(uuid.uuid4(), {}) == []
    assert set(of_2024()) == {("GNBV.2", "central", 2024)}

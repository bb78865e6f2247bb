"""Agencies of a unit, and those in charge of a unit below by decision: kept above, seen from both."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain import agencies
from app.domain.agencies import (
    AgencyFilter,
    AgencyView,
    ChargeFilter,
    ChargeView,
    NewAgency,
    NewCharge,
    charges,
)
from app.domain.ledger.entries import Document
from app.errors import Forbidden, IdTaken, Invalid, NotFound, Stale
from tests.support.book import fails, refused
from tests.support.world import World, actor

DISTRICT, ELSEWHERE = "512@legacy", "00001@legacy"
DECIDED = date(2022, 8, 9)
DECISION = Document("534/QĐ-UBND", DECIDED, "UBND huyện Hiệp Đức")
ALL = ("agencies", "agency_charges", "audit_rows")


def new(**values: Any) -> NewAgency:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "unit_code": DISTRICT, "name": "Phòng Nông nghiệp và PTNT", "short_name": "NN&PTNT",
    }  # fmt: skip
    return NewAgency(**(defaults | values))


def agency(**values: Any) -> AgencyView:
    return agencies.create(actor("officer", DISTRICT), new(**values))[0]


def new_charge(of: AgencyView, **values: Any) -> NewCharge:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "agency_id": of.id, "unit_code": "20770@legacy", "decision": DECISION,
    }  # fmt: skip
    return NewCharge(**(defaults | values))


def charge(of: AgencyView, **values: Any) -> ChargeView:
    return charges.create(actor("officer", DISTRICT), new_charge(of, **values))[0]


def test_an_agency_is_kept_by_its_own_unit(world: World) -> None:
    ask, officer = new(), actor("officer", DISTRICT)
    made, fresh = agencies.create(officer, ask)
    assert (fresh, made.unit_code, made.short, made.ended_on) == (True, "512", "NN&PTNT", None)
    assert agencies.create(officer, ask) == (made, False)
    with fails(IdTaken, of=ALL):
        agencies.create(officer, replace(ask, name="Khác"))
    front = agencies.create(
        actor("officer"), new(unit_code="20770@legacy", name="Mặt trận xã", short_name="")
    )[0]
    assert front.short == "Mặt trận xã"

    def listed(unit: str, **wanted: Any) -> list[str]:
        found = agencies.agencies(actor("reviewer", unit), AgencyFilter(**wanted), by_name=True)
        return [one.name for one in found]

    assert listed("20770@legacy") == listed(DISTRICT, q="mat tran") == ["Mặt trận xã"]
    assert listed(DISTRICT) == ["Phòng Nông nghiệp và PTNT", "Mặt trận xã"]
    with refused("own_agency"):
        agencies.update(officer, front.id, front.version, {"name": "x"})
    with refused("own_agency"):
        agencies.create(officer, new(unit_code="20770@legacy"))
    with fails(NotFound, "unit_code", of=ALL):
        agencies.create(actor("officer"), new())
    with fails(Invalid, "name", of=ALL):
        agency(name=" ")
    with fails(Forbidden):
        agencies.create(actor("supervisor", DISTRICT), new())
    ended = agencies.update(officer, made.id, made.version, {"ended_on": date(2024, 1, 1)})
    with fails(Stale):
        agencies.update(officer, made.id, made.version, {"name": "x"})
    assert ended.ended_on == date(2024, 1, 1)
    assert listed(DISTRICT, on=date(2024, 1, 2)) == ["Mặt trận xã"]


def test_a_charge_is_seen_from_the_unit_that_it_is_about(world: World) -> None:
    its, other, officer = agency(), agency(name="Phòng TC-KH"), actor("officer", DISTRICT)
    ask = new_charge(its, content="Hướng dẫn hồ sơ nông thôn mới")
    made, fresh = charges.create(officer, ask)
    assert (fresh, made.unit_code, made.from_on, made.own) == (True, "20770", DECIDED, True)
    assert charges.create(officer, ask) == (made, False)
    with fails(IdTaken, of=ALL):
        charges.create(officer, replace(ask, content="Khác"))
    charge(other, unit_code="20773@legacy")
    (seen,) = charges.charges(actor("officer"), ChargeFilter())
    assert (seen.id, seen.own, seen.agency_name, seen.agency_unit_code) == (made.id, False, its.name, "512")
    assert [c.agency_name for c in charges.charges(officer, ChargeFilter(unit="20773@legacy"))] == [
        "Phòng TC-KH"
    ]
    assert len(charges.charges(officer, ChargeFilter(), by_unit=True)) == 2
    assert not charges.charges(actor("officer", ELSEWHERE), ChargeFilter())
    with fails(NotFound):
        charges.get(actor("officer", ELSEWHERE), made.id)
    with refused("own_agency"):
        charges.update(actor("officer"), made.id, made.version, {"content": "x"})
    with refused("already_in_charge", since=DECIDED):
        charge(its)
    for values, kind, field in (
        ({"unit_code": ELSEWHERE}, NotFound, "unit_code"),
        ({"agency_id": uuid.uuid4()}, NotFound, "agency_id"),
        ({"decision": replace(DECISION, issuer="")}, Invalid, "decision.issuer"),
        ({"from_on": date(2022, 8, 8)}, Invalid, "from"),
    ):
        with fails(kind, field, of=ALL):
            charge(its, **values)
    with fails(NotFound, "agency_id", of=ALL):
        charges.create(actor("officer"), new_charge(its))
    last = date(2023, 12, 31)
    ended = charges.update(officer, made.id, made.version, {"to_on": last})
    assert ended.stands(last)
    again = charge(its, from_on=date(2024, 1, 1))
    assert [c.id for c in charges.charges(officer, ChargeFilter(agency_id=its.id, on=date(2024, 1, 1)))] == [
        again.id
    ]
    with refused("already_in_charge"):
        charges.update(officer, made.id, ended.version, {"to_on": None})
    before, close = date(2023, 12, 30), date(2024, 6, 30)
    with fails(Invalid, "ended_on", of=ALL):
        agencies.update(officer, its.id, its.version, {"ended_on": before})
    agencies.update(officer, its.id, its.version, {"ended_on": close})
    assert [charges.get(officer, c.id).to_on for c in (ended, again)] == [last, close]
    beyond: tuple[Callable[[], object], ...] = (
        lambda: charge(its, unit_code="20773@legacy", from_on=date(2024, 7, 1)),
        lambda: charges.update(officer, again.id, again.version + 1, {"to_on": None}),
    )
    for act in beyond:
        with refused("agency_ended", held=close):
            act()
    assert charge(its, unit_code="20773@legacy", from_on=date(2024, 6, 1)).to_on == close
    with fails(Stale):
        charges.update(officer, made.id, made.version, {"content": "x"})

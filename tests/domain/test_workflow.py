"""The workflow by itself: every move from every state by every role on either side; remarks, documents, days, history."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app import db
from app.clock import today
from app.domain import workflow
from app.domain.access import PERMISSIONS, Actor
from app.domain.ledger.entries import Document
from app.domain.plans.flow import MODEL_HAMLET, MOVES, PLAN_FLOW, STATES
from app.domain.workflow import Flow, Move, MoveView, Order, Thing
from app.errors import Forbidden, Invalid, NotFound, RuleBroken
from app.models.identity import ROLES
from tests.support.book import execute
from tests.support.papers import document
from tests.support.world import World, actor

ID: Final = uuid.UUID(int=45)
DISTRICT, PROVINCE = "512@legacy", "49@legacy"
SENT, CHECKED = date(2023, 3, 10), date(2023, 3, 20)
PAPER: Final = Document("45/KH-UBND", date(2023, 3, 8), "UBND xã Sông Trà")
# What a move leads to by state, and who makes it; everything else is refused.
LEADS: Final = {
    "submit": ("own", {"draft": "submitted", "returned": "submitted"}, {"officer", "leader", "client:write"}),
    "appraise": ("above", {"submitted": "appraised"}, {"reviewer", "client:write"}),
    "approve": ("above", {"appraised": "approved"}, {"leader", "client:write"}),
    "return": (
        "above", {"submitted": "returned", "appraised": "returned"}, {"leader", "reviewer", "client:write"},
    ),
    "recognise": ("above", {"approved": "recognised"}, {"leader", "client:write"}),
    "revise": ("own", {"approved": "draft"}, {"officer", "accountant", "leader", "client:write"}),
}  # fmt: skip
EVERYBODY: Final = (*ROLES, "client:read", "client:write")
# Another flow of another kind of thing: the piece knows neither.
LOANS: Final = Flow(
    "loan", "loan_state", "own_loan",
    (
        Move("ask", ("idea",), "asked", "plan.edit", "own"),
        Move("grant", ("asked",), "granted", "plan.approve", "above", remark=True, awaited=True),
    ),
)  # fmt: skip


def thing(state: str = "draft", kind: str = MODEL_HAMLET, level: str = "commune") -> Thing:
    return Thing(ID, kind, state, level)


def moved(
    who: Actor,
    name: str,
    order: Order | None = None,
    at: Thing | None = None,
    flow: Flow = PLAN_FLOW,
    version: int = 1,
) -> str | None:
    with db.transaction(write=True) as session:
        return workflow.move(session, who, flow, at or thing(), name, order or Order(), version)


def history(flow: Flow = PLAN_FLOW) -> list[MoveView]:
    with db.snapshot() as session:
        return workflow.history(session, flow, [ID])[ID]


def somebody(role: str, level: str, unit: str = "x", structure: str = "legacy") -> Actor:
    return Actor(role, role, role, 1, unit, unit, structure, level)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", EVERYBODY)
def test_what_is_open_to_whom_from_where(role: str, state: str) -> None:
    for level, side in (
        ("commune", "own"),
        ("district", "above"),
        ("province", "above"),
        ("nation", "above"),
    ):
        found = [m.name for m in workflow.open_moves(somebody(role, level), PLAN_FLOW, thing(state))]
        expected = [
            name
            for name, (who, ways, roles) in LEADS.items()
            if who == side and state in ways and role in roles
        ]
        assert found == expected, (role, level, state)


def test_only_a_model_hamlet_is_recognised() -> None:
    leader = somebody("leader", "district")
    assert workflow.open_moves(leader, PLAN_FLOW, thing("approved", "year")) == []
    assert [m.name for m in workflow.open_moves(leader, PLAN_FLOW, thing("approved"))] == ["recognise"]
    own = workflow.open_moves(somebody("leader", "district"), PLAN_FLOW, thing("draft", level="district"))
    assert [m.name for m in own] == ["submit"]  # the district's own plan is for the province to appraise


def test_every_move_from_every_state_by_every_role_and_side(world: World) -> None:
    actors = {
        (r, side): actor(r, unit)
        for r in EVERYBODY
        for side, unit in (("own", "20770@legacy"), ("above", DISTRICT))
    }
    for name in MOVES:
        side, ways, roles = LEADS[name]
        for (role, at), who in actors.items():
            for state in STATES:
                with db.transaction(write=True) as session:
                    point = session.begin_nested()
                    order = Order(remark="Bổ sung nguồn vốn")

                    def act(order: Order = order, who: Actor = who, state: str = state) -> str | None:
                        return workflow.move(session, who, PLAN_FLOW, thing(state), name, order, 1)  # noqa: B023

                    assert outcome(act) == expected(name, role, at, state, side, ways, roles), (
                        name,
                        role,
                        at,
                        state,
                    )
                    point.rollback()
    with pytest.raises(RuleBroken) as caught:
        moved(actor("leader", DISTRICT), "recognise", at=thing("approved", "year"))
    assert (caught.value.rule, caught.value.facts["held"]) == ("plan_state", "approved")
    assert history() == []
    assert {LEADS[m][0] for m in MOVES} == {"own", "above"}
    assert all(move.action in PERMISSIONS for move in PLAN_FLOW.moves)


def outcome(act: Callable[[], str | None]) -> tuple[object, ...]:
    try:
        return ("moved", act())
    except Forbidden:
        return ("forbidden",)
    except RuleBroken as broken:
        return (broken.rule, broken.facts["asked"], broken.facts["held"])


def expected(
    name: str, role: str, at: str, state: str, side: str, ways: dict[str, str], roles: set[str]
) -> tuple[object, ...]:
    if role not in roles:
        return ("forbidden",)
    if at != side:
        return ("own_plan", name, side)
    return ("moved", ways[state]) if state in ways else ("plan_state", name, state)


def test_a_move_is_on_record_with_its_words_and_its_document(world: World) -> None:
    due = CHECKED + timedelta(days=10)
    assert moved(actor("officer"), "submit", Order("Kính gửi", PAPER, SENT, due), version=3) == "submitted"
    paper = document(actor("leader", DISTRICT), unit_code=DISTRICT, number="12/BC-NN", date=CHECKED)
    assert (
        moved(actor("reviewer", DISTRICT), "appraise", Order("", paper.id, CHECKED), thing("submitted"))
        == "appraised"
    )
    first, second = history()
    assert (first.move, first.from_state, first.to_state, first.version) == (
        "submit",
        "draft",
        "submitted",
        3,
    )
    assert (first.remark, first.document, first.document_id, first.on, first.due_on) == (
        "Kính gửi",
        PAPER,
        None,
        SENT,
        due,
    )
    assert (first.by, first.unit_code, first.unit_structure) == ("officer", "20770", "legacy")
    assert second.document == Document("12/BC-NN", CHECKED, paper.issuer)
    assert (second.document_id, second.unit_code, second.due_on) == (paper.id, "512", None)
    assert history(LOANS) == []
    with db.snapshot() as session:
        assert workflow.history(session, PLAN_FLOW, []) == {}


def test_the_same_move_again_by_the_same_hand_changes_nothing(world: World) -> None:
    officer, order = actor("officer"), Order("Kính gửi", PAPER, SENT)
    assert moved(officer, "submit", order) == "submitted"
    sent = thing("submitted")
    assert moved(officer, "submit", order, sent) is None
    assert moved(officer, "submit", Order("Kính gửi", PAPER), sent) is None  # the day was left to the program
    for who, other in (
        (actor("leader"), order),
        (officer, Order("Kính trình", PAPER, SENT)),
        (officer, Order("Kính gửi", None, SENT)),
        (officer, Order("Kính gửi", PAPER, SENT + timedelta(days=1))),
        (officer, Order("Kính gửi", PAPER, SENT, CHECKED)),
        (officer, Order("Kính gửi", uuid.uuid4(), SENT)),
    ):
        with pytest.raises(RuleBroken) as caught:
            moved(who, "submit", other, sent)
        assert (caught.value.rule, caught.value.facts["held"]) == ("plan_state", "submitted")
    assert len(history()) == 1


@pytest.mark.parametrize(
    ("name", "state", "order", "field"),
    [
        ("return", "submitted", Order(" "), "remark"),
        ("revise", "approved", Order(), "remark"),
        ("approve", "appraised", Order("x" * 4001), "remark"),
        ("approve", "appraised", Order(on=today() + timedelta(days=2)), "on"),
        ("approve", "appraised", Order(on=SENT - timedelta(days=1)), "on"),
        ("approve", "appraised", Order(on=CHECKED, due_on=SENT), "due_on"),
        ("approve", "appraised", Order(document=Document(" ", SENT, "x")), "document.number"),
        ("approve", "appraised", Order(document=Document("1", SENT, "x" * 201)), "document.issuer"),
    ],
)
def test_what_is_wrong_with_a_move_is_named(
    world: World, name: str, state: str, order: Order, field: str
) -> None:
    moved(actor("officer"), "submit", Order(on=SENT))
    who = actor("client:write", "20770@legacy" if name == "revise" else DISTRICT)
    with pytest.raises(Invalid) as caught:
        moved(who, name, order, thing(state))
    assert [e.field for e in caught.value.errors] == [field]
    assert len(history()) == 1


def test_a_document_out_of_scope_is_not_found(world: World) -> None:
    theirs = document(actor("leader", DISTRICT), unit_code=DISTRICT, number="1/QĐ")
    for id_ in (theirs.id, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            moved(actor("officer"), "submit", Order(document=id_))
        assert [e.field for e in caught.value.errors] == ["document"]
    assert history() == []


def test_another_flow_uses_the_same_piece(world: World) -> None:
    idea = Thing(ID, "any", "idea", "commune")
    assert moved(actor("officer"), "ask", None, idea, LOANS) == "asked"
    asked = Thing(ID, "any", "asked", "commune")
    for who, remark, rule in ((actor("leader"), "x", "own_loan"), (actor("leader", DISTRICT), "", None)):
        with pytest.raises((RuleBroken, Invalid)) as caught:
            moved(who, "grant", Order(remark), asked, LOANS)
        assert getattr(caught.value, "rule", None) == rule
    assert moved(actor("leader", PROVINCE), "grant", Order("Đồng ý"), asked, LOANS) == "granted"
    assert [(e.move, e.unit_code) for e in history(LOANS)] == [("ask", "20770"), ("grant", "49")]
    assert history() == []


def test_what_happened_cannot_be_rewritten(world: World) -> None:
    moved(actor("officer"), "submit")
    for statement in ("UPDATE workflow_events SET remark = 'x'", "DELETE FROM workflow_events"):
        with pytest.raises(DBAPIError, match="append-only"):
            execute(statement)
    assert [e.remark for e in history()] == [""]


@pytest.mark.parametrize(
    ("role", "level", "structure", "expected"),
    [
        ("reviewer", "district", "legacy", {("submitted", "commune")}),
        ("leader", "district", "legacy", {("appraised", "commune")}),
        ("client:write", "province", "legacy", {("submitted", "district"), ("appraised", "district")}),
        ("leader", "province", "2025", {("appraised", "commune"), ("appraised", "district")}),
        ("leader", "nation", "legacy", {("appraised", "province")}),
        ("leader", "commune", "legacy", set()),
        ("officer", "district", "legacy", set()),
    ],
)
def test_it_waits_for_the_nearest_unit_above(
    world: World, role: str, level: str, structure: str, expected: set[tuple[str, str]]
) -> None:
    who, found = somebody(role, level, structure=structure), set()
    with db.snapshot() as session:
        for state in STATES:
            for at in ("commune", "district", "province"):
                owed = workflow.owed_by(who, PLAN_FLOW, sa.literal(state), sa.literal(at))
                if session.execute(sa.select(sa.literal(1)).where(owed)).all():
                    found.add((state, at))
    assert found == expected

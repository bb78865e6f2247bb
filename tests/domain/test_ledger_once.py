"""Sent twice, recorded once; several entries together, all or none; distributing on one document."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.ledger import posting, proposals, views
from app.domain.ledger.distribution import Share, distribute
from app.domain.ledger.entries import Document
from app.domain.ledger.pockets import Pockets
from app.errors import IdTaken, Invalid, NotFound
from tests.support.book import fails, pockets, refused, state, whole
from tests.support.world import DECISION, World, actor, entry, line, post

DAY = date(2023, 3, 1)


def test_the_same_body_again_is_the_same_entry_as_it_stands_now(world: World) -> None:
    made = line()
    ask = entry(made.id, "allocate", 100, "2023-01-05")
    view, created = posting.record(actor(), ask)
    before = state()
    assert created
    assert posting.record(actor(), ask) == (view, False)
    assert state() == before
    back = post(made.id, "reversal", None, None, reverses_id=ask.id)
    assert posting.record(actor(), ask) == (replace(view, reversed_by_id=back.id), False)
    assert pockets(made.id) == Pockets()


def test_any_other_body_under_the_same_id_is_refused(world: World) -> None:
    made, other = line(), line(project_code="GNBV.3.1")
    ask = entry(made.id, "allocate", 100, "2023-01-05")
    posting.record(actor(), ask)
    changes: tuple[dict[str, Any], ...] = (
        {"amount": 101}, {"effective_date": date(2023, 1, 6)}, {"kind": "withdraw"}, {"memo": "khác"},
        {"document": Document("0148/UNC", date(2023, 3, 1), "Kho bạc Nhà nước")}, {"budget_line_id": other.id},
        {"no_contract_reason": "quản lý"},
    )  # fmt: skip
    for change in changes:
        with fails(IdTaken):
            posting.record(actor(), replace(ask, **change))
    with fails(IdTaken):
        posting.record_all(actor(), [entry(made.id, "allocate", 1, "2023-01-05"), replace(ask, amount=5)])


def test_a_default_given_or_left_out_is_the_same_body(world: World) -> None:
    made, new = line(), line(year=2024, origin_year=2023)
    given = post(made.id, "allocate", 300, "2023-01-05")
    post(made.id, "pay", 50, "2023-02-05")
    for kind, pocket in (("refund", "paid"), ("carry_over", "available"), ("advance", "available")):
        to = new.id if kind == "carry_over" else None
        ask = entry(made.id, kind, 10, "2023-03-01", to_budget_line_id=to)
        posting.record(actor(), ask)
        assert posting.record(actor(), replace(ask, from_pocket=pocket))[1] is False
    withdrawn = post(made.id, "withdraw", 10, "2023-03-02")
    ask = entry(made.id, "reversal", None, None, reverses_id=withdrawn.id)
    posting.record(actor(), ask)
    assert posting.record(actor(), replace(ask, amount=10, effective_date=date(2023, 3, 2)))[1] is False
    with fails(IdTaken):
        posting.record(actor(), replace(ask, effective_date=date(2023, 3, 3)))
    with fails(IdTaken):
        posting.record(actor(), replace(ask, reverses_id=given.id))


def test_a_refused_attempt_uses_up_no_id(world: World) -> None:
    made = line()
    ask = entry(made.id, "pay", 100, "2023-03-01")
    with refused("insufficient"):
        posting.record(actor(), ask)
    post(made.id, "allocate", 70, "2023-01-05")
    assert posting.record(actor(), replace(ask, amount=70))[1] is True


def test_a_retry_is_answered_even_when_the_rules_would_now_refuse_it(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-01-05")
    ask = entry(made.id, "pay", 100, "2023-03-01")
    first, _ = posting.record(actor(), ask)
    assert posting.record(actor(), ask) == (first, False)


def test_a_batch_is_recorded_whole_or_not_at_all(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-01-05")
    good = entry(made.id, "advance", 60, "2023-03-01")
    with refused("insufficient", asked=41, held=40):
        posting.record_all(actor(), [good, entry(made.id, "pay", 41, "2023-03-01")])
    with fails(NotFound, "entries.1.budget_line_id"):
        posting.record_all(actor(), [good, entry(uuid.uuid4(), "pay", 41, "2023-03-01")])
    with fails(Invalid, "entries.1.amount"):
        posting.record_all(actor(), [good, entry(made.id, "pay", 0, "2023-03-01")])
    with fails(Invalid, "entries"):
        posting.record_all(actor(), [good, good])
    with fails(Invalid, "entries"):
        posting.record_all(actor(), [])
    with fails(Invalid, "entries"):
        posting.record_all(actor(), [good] * 501)
    voucher = [good, entry(made.id, "recover", 60, "2023-03-01"), entry(made.id, "pay", 40, "2023-03-01")]
    views_, created = posting.record_all(actor(), voucher)
    assert created
    assert {v.group_id for v in views_} == {good.id}
    assert pockets(made.id) == Pockets(paid=100, allocated=100)
    assert posting.record_all(actor(), voucher) == (views_, False)
    assert whole()


def test_what_is_recorded_together_is_decided_together(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-01-05")
    voucher = [entry(made.id, "advance", 60, "2023-03-01"), entry(made.id, "recover", 60, "2023-03-01")]
    asked, _ = posting.record_all(actor("officer"), voucher)
    assert [v.status for v in asked] == ["proposed", "proposed"]
    proposals.post(actor("leader"), voucher[1].id)
    assert [views.get(actor(), e.id).status for e in voucher] == ["posted", "posted"]
    assert pockets(made.id) == Pockets(available=40, paid=60, allocated=100)


def test_distributing_takes_above_and_gives_below_on_one_document(world: World) -> None:
    above = actor(unit="512@legacy")
    source = line(above, unit_code="512@legacy")
    mine, theirs = line(), line(above, unit_code="20773@legacy")
    post(source.id, "allocate", 1_000, "2023-01-05", above)
    id_, shares = uuid.uuid4(), [Share(mine.id, 300), Share(theirs.id, 200)]
    made, created = distribute(above, source.id, id_, DECISION, DAY, shares)
    assert created
    assert [(v.kind, v.amount, v.budget_line_id) for v in made] == [
        ("withdraw", 500, source.id), ("allocate", 300, mine.id), ("allocate", 200, theirs.id),
    ]  # fmt: skip
    assert made[0].id == id_
    assert {v.document for v in made} == {DECISION}
    assert [pockets(x.id).plan for x in (source, mine, theirs)] == [500, 300, 200]
    assert distribute(above, source.id, id_, DECISION, DAY, shares) == (made, False)
    with fails(IdTaken):
        distribute(above, source.id, id_, DECISION, DAY, [Share(mine.id, 300), Share(theirs.id, 199)])
    with fails(IdTaken):
        distribute(above, source.id, id_, DECISION, date(2023, 3, 2), shares)
    with refused("insufficient", asked=501, held=500):
        distribute(above, source.id, uuid.uuid4(), DECISION, DAY, [Share(mine.id, 501)])
    assert whole()


def test_money_is_distributed_within_its_purpose_and_downwards_only(world: World) -> None:
    above = actor(unit="49@legacy")
    source, general = line(above, unit_code="512@legacy"), line(above, unit_code="49@legacy")
    mine = line()
    post(source.id, "allocate", 1_000, "2023-01-05", above)
    keys: tuple[dict[str, Any], ...] = (
        {"project_code": "GNBV.3.1"}, {"source": "provincial"}, {"capital_kind": "investment"}, {"year": 2024},
        {"year": 2024, "origin_year": 2023}, {"origin_year": 2022},
    )  # fmt: skip
    for target in (general, *(line(**key) for key in keys)):
        with refused("distribute_key", field="to.1.budget_line_id"):
            shares = [Share(mine.id, 1), Share(target.id, 1)]
            distribute(above, source.id, uuid.uuid4(), DECISION, DAY, shares)
    outside = line(actor(unit="00001@legacy"), unit_code="00001@legacy")
    with fails(NotFound, "to.0.budget_line_id"):
        distribute(above, source.id, uuid.uuid4(), DECISION, DAY, [Share(outside.id, 1)])
    with fails(NotFound):
        distribute(actor(), source.id, uuid.uuid4(), DECISION, DAY, [Share(mine.id, 1)])
    for wrong, field in (
        ([], "to"), ([Share(mine.id, 1)] * 2, "to"), ([Share(mine.id, 0)], "to.0.amount"),
        ([Share(source.id, 1)], "to.0.budget_line_id"),
    ):  # fmt: skip
        with fails(Invalid, field):
            distribute(above, source.id, uuid.uuid4(), DECISION, DAY, wrong)

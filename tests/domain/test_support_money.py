"""The money of a support model: each đồng on one line; lines that serve it alone, lines that it shares, years on end."""

from __future__ import annotations

import threading
import uuid
from datetime import date

import pytest

from app.domain import support
from app.domain.ledger import figures, line_keys, lines, opening, proposals, targets
from app.domain.ledger.line_keys import NewLine
from app.domain.ledger.lines import LineFilter
from app.domain.ledger.pockets import Pockets
from app.domain.support import NewBudget
from app.errors import Invalid, NotFound, RuleBroken
from tests.support.book import fails, pockets, refused, whole
from tests.support.supporting import funded, model, running, whole_model
from tests.support.world import DECISION, MILLION, World, actor, line, post, work

UNIT = "20770@legacy"


def pooled() -> tuple[support.ModelView, lines.LineView, lines.LineView]:
    """(a model that runs on two programs, its own line of GNBV.2, a general line of DTTS.3.1)."""
    made = whole_model(budget=())
    own = funded(120 * MILLION, support_model_id=made.id)
    shared = funded(300 * MILLION, project_code="DTTS.3.1")
    budget = (NewBudget(own.id, 120 * MILLION), NewBudget(shared.id, 60 * MILLION))
    return running(support.update(actor("officer"), made.id, 1, {"budget": budget})), own, shared


def test_two_programs_pay_and_the_report_says_the_same(world: World) -> None:
    made, own, shared = pooled()
    post(own.id, "pay", 80 * MILLION, "2023-05-10")
    post(shared.id, "advance", 50 * MILLION, "2023-05-10")
    post(shared.id, "recover", 30 * MILLION, "2023-06-10")
    mix = support.mix(actor("inspector"), made.id)
    found = {row.project_code: row for row in mix.lines}
    assert (found["GNBV.2"].amount, found["GNBV.2"].shared, found["GNBV.2"].pockets) == (
        120 * MILLION, False, pockets(own.id),
    )  # fmt: skip
    assert (found["DTTS.3.1"].amount, found["DTTS.3.1"].shared, found["DTTS.3.1"].pockets) == (
        60 * MILLION, True, pockets(shared.id),
    )  # fmt: skip
    assert (mix.drawn, mix.household_share, mix.total) == (180 * MILLION, 20 * MILLION, 200 * MILLION)
    assert mix.own == pockets(own.id), "of the shared line nothing is the model's alone"
    assert [(s.program_code, s.source, s.amount) for s in sorted(mix.by_source, key=lambda s: s.amount)] == [
        ("DTTS", "central", 60 * MILLION), ("GNBV", "central", 120 * MILLION),
    ]  # fmt: skip
    report = figures.disbursement(actor("inspector"), UNIT, 2023)
    paid = {row.project_code: row.pockets.disbursed for row in report.rows}
    assert paid == {row.project_code: row.pockets.disbursed for row in mix.lines if row.pockets is not None}
    ((_, money),) = support.with_money(actor("officer"), support.ModelFilter())
    assert money == pockets(own.id)
    assert whole()


def test_a_line_keeps_the_model_that_it_serves(world: World) -> None:
    made = model()
    key = {
        "id": uuid.uuid4(), "unit_code": UNIT, "project_code": "GNBV.2", "source": "central",
        "capital_kind": "recurrent", "year": 2023,
    }  # fmt: skip
    officer = actor("officer")
    for wrong, kind, field in (
        ({"support_model_id": uuid.uuid4()}, NotFound, "support_model_id"),
        ({"support_model_id": made.id, "work_id": work().id}, Invalid, "support_model_id"),
        ({"support_model_id": made.id, "project_code": "GNBV.3"}, Invalid, "project_code"),
    ):
        with fails(kind, field):
            line_keys.create(officer, NewLine(**(key | wrong)))  # type: ignore[arg-type]  # a mapping
    with fails(Invalid, "support_model_id"):  # a commune beside it
        away = NewLine(**(key | {"support_model_id": made.id, "unit_code": "20773@legacy"}))  # type: ignore[arg-type]
        line_keys.create(actor("officer", "512@legacy"), away)
    with fails(NotFound, "support_model_id"):  # out of scope
        elsewhere = NewLine(**(key | {"support_model_id": made.id, "unit_code": "20773@legacy"}))  # type: ignore[arg-type]
        line_keys.create(actor("officer", "20773@legacy"), elsewhere)
    general = line()
    own = line(support_model_id=made.id)
    assert own.support_model_id == made.id
    with refused("line_exists", line_id=str(own.id)):
        line(support_model_id=made.id)
    # Before its first entry the line may come to serve a model, or none.
    with refused("line_exists"):
        line_keys.update(officer, own.id, own.version, {"support_model_id": None})
    other = model(name="Nuôi dê", template="goats")
    served = line_keys.update(officer, general.id, general.version, {"support_model_id": other.id})
    assert served.support_model_id == other.id
    assert [x.id for x in lines.lines(officer, LineFilter(support_model_id=other.id))] == [general.id]


def test_opening_and_carrying_keep_the_model(world: World) -> None:
    made, own, _ = pooled()
    post(own.id, "pay", 80 * MILLION, "2023-05-10")
    officer = actor("officer")
    entries = opening.open_year(
        officer, uuid.uuid4(), UNIT, 2024, DECISION, date(2024, 1, 20), {own.id: "carry_over"}
    )
    proposals.post(actor("leader"), entries[0].id)
    of_2024 = lines.lines(officer, LineFilter(support_model_id=made.id, year=2024))
    assert {(x.origin_year, x.available) for x in of_2024} == {(2023, 40 * MILLION), (2024, 0)}
    assert {x.support_model_id for x in targets.carry_targets(officer, own.id)} == {made.id}
    mix = support.mix(officer, made.id)
    assert {(x.year, x.origin_year, x.amount) for x in mix.lines if x.project_code == "GNBV.2"} == {
        (2023, 2023, 120 * MILLION), (2024, 2023, 0), (2024, 2024, 0),
    }  # fmt: skip
    # Money that went on to the next year counts once.
    assert mix.own == Pockets(40 * MILLION, paid=80 * MILLION, allocated=120 * MILLION)
    ((_, money),) = support.with_money(officer, support.ModelFilter())
    assert money == mix.own
    assert whole()


def test_a_line_above_is_named_and_its_money_kept_to_those_who_may_see_it(world: World) -> None:
    made = whole_model(budget=())
    above = actor("client:write", "512@legacy")
    key = {"unit_code": "512@legacy", "source": "district"}
    general, of_district = line(above, **key), line(above, **key, support_model_id=made.id)
    post(of_district.id, "allocate", 500 * MILLION, "2023-01-10", above, document=DECISION)
    with pytest.raises(NotFound):
        support.update(actor("officer"), made.id, 1, {"budget": (NewBudget(general.id, 1),)})
    budget = (NewBudget(of_district.id, 180 * MILLION),)
    drawn = support.update(actor("officer"), made.id, 1, {"budget": budget})
    (seen,) = support.mix(actor("officer"), made.id).lines
    assert (seen.amount, seen.pockets) == (180 * MILLION, None)
    assert [money for _, money in support.with_money(actor("officer"), support.ModelFilter())] == [None]
    (known,) = support.mix(above, made.id).lines
    assert known.pockets is not None
    assert [money for _, money in support.with_money(above, support.ModelFilter())] == [known.pockets]
    # What it draws on already stays where somebody of its own unit saves it again.
    again = support.update(actor("officer"), made.id, drawn.version, {"budget": budget})
    assert again.version == drawn.version + 1


def test_two_writers_at_once_draw_no_more_than_a_line_has(world: World) -> None:
    shared = funded(100 * MILLION)
    for _ in range(10):  # who comes first, and how close behind, differs each time
        made = [model(), model()]
        faults = _draw_at_once(made, shared.id)
        assert [f.rule for f in faults if isinstance(f, RuleBroken)] == ["line_drawn"]
        drawn = [b.amount for m in made for b in support.whole(actor("officer"), m.id).budget]
        assert drawn == [60 * MILLION]
        for each in made:
            support.update(
                actor("officer"), each.id, support.get(actor("officer"), each.id).version, {"budget": ()}
            )


def _draw_at_once(made: list[support.ModelView], line_id: uuid.UUID) -> list[Exception]:
    """What each model is told that draws 60 million on a line in the same moment as the others."""
    faults: list[Exception] = []
    ready = threading.Barrier(len(made))

    def draw(each: support.ModelView) -> None:
        ready.wait()
        try:
            support.update(actor("officer"), each.id, 1, {"budget": (NewBudget(line_id, 60 * MILLION),)})
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=draw, args=(each,)) for each in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults

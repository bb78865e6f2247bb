"""Support models to measure on: sixty of a commune that share a hundred households, by the domain itself."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from app import db
from app.domain import households, support
from app.domain.access import Actor
from app.domain.households import NewHousehold, NewStatus
from app.domain.support import NewBudget, NewDelivery, NewInput, NewMember, NewModel, NewVisit
from app.domain.workflow import Order
from app.models.ledger import BudgetLine
from bench.data import MILLION, YEAR

MODELS: Final = 60
HOUSEHOLDS: Final = 100
OF_ONE: Final = 50  # households of the model whose pages are measured; the others have ten
UNIT: Final = "20770@legacy"


def fill(writer: Actor, above: Actor) -> tuple[uuid.UUID, uuid.UUID]:
    """(the model that runs with most households, each with a delivery and a visit; a draft as large). Of the others
    each fourth runs."""
    folk = [_household(writer, i) for i in range(HOUSEHOLDS)]
    with db.transaction() as session:
        line = session.execute(sa.select(BudgetLine.id).order_by(BudgetLine.id).limit(1)).scalar_one()
    for i in range(MODELS - 2):
        made = _model(writer, i, line, folk[i:][:10])
        if i % 4 == 0:
            _run(writer, above, made)
    draft, running = (_model(writer, MODELS - n, line, folk[:OF_ONE]) for n in (2, 1))
    _run(writer, above, running)
    return running, draft


def _household(writer: Actor, i: int) -> uuid.UUID:
    statuses = (NewStatus(YEAR, "poor"), NewStatus(YEAR + 1, "escaped" if i % 3 else "near_poor"))
    new = NewHousehold(uuid.uuid4(), UNIT, f"Hồ Thị Tốc {i}", statuses=statuses)
    return households.create(writer, new)[0].id


def _model(writer: Actor, i: int, line: uuid.UUID, folk: list[uuid.UUID]) -> uuid.UUID:
    id_, cost = uuid.uuid4(), 2 * len(folk) * MILLION
    new = NewModel(
        id_, f"Mô hình đo tốc độ {i}", "GNBV.2", UNIT, YEAR, livestock=True, group_name="Tổ đo tốc độ", household_share=cost - 1000, head_id=folk[0],
        members=tuple(NewMember(household, 10 * MILLION) for household in folk),
        inputs=(NewInput("Bò cái", "con", Decimal(2 * len(folk)), MILLION),), budget=(NewBudget(line, 1000),),
    )  # fmt: skip
    support.create(writer, new, illustrative=True)
    return id_


def _run(writer: Actor, above: Actor, model: uuid.UUID) -> None:
    for who, name in ((writer, "submit"), (above, "appraise"), (above, "approve"), (writer, "start")):
        support.move(who, model, name, Order("Đo tốc độ", on=date(YEAR, 3, 1)))
    whole = support.whole(writer, model)
    folk, cow = [member.household_id for member in whole.members], whole.inputs[0].id
    support.deliver_all(
        writer, model,
        [NewDelivery(uuid.uuid4(), household, cow, Decimal(2), date(YEAR, 4, 20), True) for household in folk],
    )  # fmt: skip
    for household in folk:
        new = NewVisit(uuid.uuid4(), household, date(YEAR, 7, 5), alive=2, note="Đo tốc độ")
        support.visit(writer, model, new)

"""Animals of a household: what it received of them by a day bounds what a visit may count."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.support.views import exact, inputs_of
from app.errors import RuleBroken
from app.i18n import N_
from app.models.support import Delivery, Visit

Counted = tuple[date, int]  # (day, alive, dead and sold together, offspring left out)


def received(session: Session, model_id: uuid.UUID, household_id: uuid.UUID) -> list[tuple[date, Decimal]]:
    """(day, animals) that a household received, what was withdrawn left out."""
    heads = [given.id for given in inputs_of(session, [model_id])[model_id] if given.heads]
    query = sa.select(Delivery.delivered_on, Delivery.quantity).where(
        Delivery.model_id == model_id, Delivery.household_id == household_id, Delivery.input_id.in_(heads),
        Delivery.withdrawn_at.is_(None),
    )  # fmt: skip
    return [(day, quantity) for day, quantity in session.execute(query)]


def refuse_uncovered(
    session: Session, model_id: uuid.UUID, household_id: uuid.UUID, counted: Sequence[Counted] | None = None
) -> None:
    """RuleBroken `visit_counts` where more animals, offspring left out, were counted on a day than had come by it.

    `counted`: what is to be recorded; by default what visits recorded already, of one day the latest.
    """
    if counted is None:
        query = (
            sa.select(Visit.visited_on, Visit.alive + Visit.dead + Visit.sold - Visit.born)
            .where(Visit.model_id == model_id, Visit.household_id == household_id)
            .order_by(Visit.visited_on, Visit.created_at, Visit.id)
        )
        counted = list(dict(session.execute(query).all()).items())
    came = received(session, model_id, household_id)
    for day, asked in counted:
        held = sum((quantity for on, quantity in came if on <= day), Decimal(0))
        if asked > held:
            raise RuleBroken(
                "visit_counts",
                N_("Sống, chết, đã bán trừ con sinh thêm là {asked:number} con, hộ mới nhận {held:number} con đến ngày {on:date}."),
                asked=asked, held=exact(held), on=day,
            )  # fmt: skip

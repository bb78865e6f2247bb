"""Small sets of criteria to test with, beside the one that ships."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app import db
from app.domain.access import Actor
from app.domain.criteria import defining, thresholds
from app.domain.criteria.proposed import NewCriterion, NewIndicator, NewSet, NewThreshold
from app.domain.criteria.views import SetView
from app.models.identity import AuditRow
from tests.support.world import actor

SHIPPED = "NTM-XA-2021-2025"
DECISION = "Quyết định 99/QĐ-UBND"
BEGINS = date(2026, 1, 1)


def indicator(code: str, kind: str = "percent", **values: Any) -> NewIndicator:
    unit = "" if kind == "judgment" else "%"
    return NewIndicator(code, **({"name": f"Chỉ tiêu {code}", "kind": kind, "unit": unit} | values))


def new_set(code: str = "NTM-XA-2026-2030", *criteria: NewCriterion, **values: Any) -> NewSet:
    """A set of the nation of 2026 on with criterion 3 of two indicators, unless told otherwise."""
    one = NewCriterion(3, "Thủy lợi", (indicator("3.1", threshold=Decimal(90)), indicator("3.2", "judgment")))
    defaults: dict[str, Any] = {
        "name": "Bộ tiêu chí thử", "level": "commune", "valid_from": BEGINS, "valid_to": None, "source": DECISION,
    }  # fmt: skip
    return NewSet(code, criteria=criteria or (one,), **(defaults | values))


def nation() -> Actor:
    return actor("administrator", "VN@2025")


def added(code: str = "NTM-XA-2026-2030", *criteria: NewCriterion, **values: Any) -> SetView:
    """A set that stands, added by the nation's administrator."""
    return defining.create(nation(), new_set(code, *criteria, **values))[0]


def threshold(
    indicator_code: str, value: int | str | None, who: Actor | None = None, code: str = SHIPPED, **values: Any
) -> SetView:
    """A threshold from 2021 on, added by the nation's administrator unless told otherwise."""
    defaults: dict[str, Any] = {"valid_from": date(2021, 1, 1), "source": DECISION, "certainty": "sure"}
    figure = None if value is None else Decimal(value)
    new = NewThreshold(indicator_code, figure, **(defaults | values))
    return thresholds.add_threshold(who or nation(), code, new)


def told(action: str) -> list[Any]:
    """What was put on record of an action, in its order."""
    with db.transaction() as session:
        query = sa.select(AuditRow.facts).where(AuditRow.action == action).order_by(AuditRow.id)
        return list(session.execute(query).scalars())

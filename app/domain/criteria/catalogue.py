"""The sets of criteria that ship with the product, and the regions by which thresholds differ. Safe to repeat."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.criteria.defining import store
from app.domain.criteria.proposed import NewCriterion, NewIndicator, NewSet
from app.models.criteria import CriteriaSet, Region
from app.models.territory import Unit, UnitSuccession

Rows = Callable[[str], Iterable[dict[str, str]]]


def load(session: Session, rows: Rows) -> None:
    """Load regions and sets that are missing; `rows` reads a file of the reference data."""
    _load_regions(session, list(rows("criteria/regions.csv")))
    known = set(session.execute(sa.select(CriteriaSet.code)).scalars())
    for head in rows("criteria/sets.csv"):
        if head["code"] not in known:
            store(session, shipped(head, rows), by="system", unit_id=None)


def shipped(head: dict[str, str], rows: Rows) -> NewSet:
    """A set as its files have it: `criteria.csv` and `indicators.csv` beside the one that it heads.

    Who sets an indicator's threshold stands in `set-by.csv`: what follows the decision in its source, and whether
    that is certain.
    """
    set_by = {row["code"]: row for row in rows("criteria/set-by.csv")}
    decision = head["source"].partition(",")[0].partition(";")[0]
    of_set = [row for row in rows("criteria/indicators.csv") if row["set"] == head["code"]]
    indicators = {
        number: tuple(_indicator(row, decision, set_by[row["set_by"]]) for row in group)
        for number, group in itertools.groupby(of_set, key=lambda row: row["criterion"])
    }
    criteria = tuple(
        NewCriterion(int(row["number"]), row["name"], indicators[row["number"]], row["name_en"], row["group"])
        for row in rows("criteria/criteria.csv")
        if row["set"] == head["code"]
    )
    return NewSet(
        code=head["code"], name=head["name"], name_en=head["name_en"], level=head["level"],
        valid_from=date.fromisoformat(head["valid_from"]),
        valid_to=date.fromisoformat(head["valid_to"]) if head["valid_to"] else None,
        source=head["source"], certainty=head["certainty"], criteria=criteria,
    )  # fmt: skip


def _indicator(row: dict[str, str], decision: str, by: dict[str, str]) -> NewIndicator:
    threshold = Decimal(row["threshold"]) if row["threshold"] else None
    return NewIndicator(
        row["code"], row["name"], row["kind"], row["unit"], threshold, source=f"{decision}{by['said']}",
        certainty=by["certainty"],
    )  # fmt: skip


def _load_regions(session: Session, regions: list[dict[str, str]]) -> None:
    """Regions, and the one in which each province lies: of two tiers only where all that it came from lay in one."""
    known = set(session.execute(sa.select(Region.code)).scalars())
    for position, row in enumerate(regions, start=1):
        if row["code"] not in known:
            values = {name: row[name] for name in ("code", "name", "name_en")}
            session.execute(sa.insert(Region).values(**values, position=position))
    region_of = {code: row["code"] for row in regions for code in row["provinces"].split()}
    provinces = session.execute(
        sa.select(Unit.id, Unit.code).where(Unit.level == "province", Unit.structure == "legacy")
    ).all()
    found = {id_: region_of[code] for id_, code in provinces if code in region_of}
    successions = sa.select(UnitSuccession.new_id, UnitSuccession.old_id)
    came_from: dict[int, set[str]] = {}
    for new, old in session.execute(successions.where(UnitSuccession.old_id.in_(list(found)))):
        came_from.setdefault(new, set()).add(found[old])
    found |= {new: next(iter(of)) for new, of in came_from.items() if len(of) == 1}
    for id_, region in found.items():
        session.execute(sa.update(Unit).where(Unit.id == id_, Unit.region.is_(None)).values(region=region))

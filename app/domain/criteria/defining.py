"""Adding a set of criteria. A set is never changed: assessments were made by it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.criteria.proposed import NewSet, check_set
from app.domain.criteria.sets import Place, one_head, place_of, whole
from app.domain.criteria.views import JUDGMENT, SetView
from app.domain.territory import resolve
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.i18n import N_
from app.models.criteria import CriteriaSet, Criterion, Indicator, Region, Threshold

_NOT_YOURS: Final = N_("Quy định chung cả nước hoặc của vùng: chỉ quản trị viên cấp toàn quốc được sửa.")


def may_define(actor: Actor) -> bool:
    """Whether there is a place for which an actor may add sets and thresholds: the whole, or a province."""
    return actor.may("threshold.edit") and actor.level in ("nation", "province")


def require_defining(actor: Actor) -> None:
    """Raise Forbidden where `may_define` does not hold."""
    require(actor, "threshold.edit")
    if not may_define(actor):
        raise Forbidden(_NOT_YOURS)


def create(actor: Actor, new: NewSet, *, illustrative: bool = False) -> tuple[SetView, bool]:
    """Add a set; (the set, whether it is new). The same again changes nothing; its code for another is Conflict.

    The nation's and a region's by the administrator of the whole, a province's by its own.
    """
    require(actor, "threshold.edit")
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just added it: look again


def _create(actor: Actor, new: NewSet, illustrative: bool) -> tuple[SetView, bool]:
    with db.transaction(write=True) as session:
        place, unit_id = ruled(session, actor, new.region, new.unit_code)
        check_set(new)
        stored = session.execute(
            sa.select(CriteriaSet.body_hash).where(CriteriaSet.code == new.code)
        ).scalar_one_or_none()
        if stored is not None and stored != new.body_hash():
            raise Conflict(N_("Bộ tiêu chí {code} đã có, với nội dung khác."), code=new.code)
        if stored is None:
            store(session, new, by=actor.ref, unit_id=unit_id, illustrative=illustrative)
            audit.record(
                session, actor, "criteria_set.create", "criteria_set", new.code, unit_id or actor.unit_id,
                criteria=len(new.criteria), valid_from=new.valid_from,
            )  # fmt: skip
        return whole(session, [one_head(session, new.code)], place, new.valid_from)[0], stored is None


def ruled(
    session: Session, actor: Actor, region: str | None, unit_code: str | None
) -> tuple[Place, int | None]:
    """(the place for which a rule is made, its province or None for a region or the nation).

    Raises Forbidden for who has no say there.
    """
    if unit_code is None:
        if actor.level != "nation":
            raise Forbidden(_NOT_YOURS)
        known = sa.select(Region.code).where(Region.code == region)
        if region is not None and session.execute(known).scalar_one_or_none() is None:
            raise NotFound(N_("Không có vùng {code}."), field="region", code=region)
        return Place(frozenset(), region), None
    if region is not None:
        raise Invalid.field("region", N_("Chọn vùng hoặc tỉnh, không chọn cả hai."))
    unit = resolve(session, actor, unit_code, field="unit_code")
    if unit.level != "province":
        raise Invalid.field("unit_code", N_("Ngưỡng riêng và bộ tiêu chí riêng là của cấp tỉnh."))
    return place_of(unit.id), unit.id


def store(session: Session, new: NewSet, *, by: str, unit_id: int | None, illustrative: bool = False) -> None:
    """Insert a set that was checked, with the thresholds that it brings."""
    made = {"created_at": utcnow(), "created_by": by}
    fields = ("code", "name", "name_en", "level", "region", "valid_from", "valid_to", "source", "certainty")
    head = {name: getattr(new, name) for name in fields} | made
    set_id: int = session.execute(
        sa.insert(CriteriaSet)
        .values(**head, unit_id=unit_id, illustrative=illustrative, body_hash=new.body_hash())
        .returning(CriteriaSet.id)
    ).scalar_one()
    for criterion in new.criteria:
        values = {name: getattr(criterion, name) for name in ("number", "name", "name_en", "group")}
        criterion_id: int = session.execute(
            sa.insert(Criterion).values(**values, set_id=set_id).returning(Criterion.id)
        ).scalar_one()
        for position, one in enumerate(criterion.indicators, start=1):
            judged = one.kind == JUDGMENT  # of a figure, source and certainty are those of its threshold
            indicator_id: int = session.execute(
                sa.insert(Indicator)
                .values(
                    criterion_id=criterion_id, code=one.code, position=position, name=one.name, kind=one.kind,
                    unit=one.unit, evidence_required=one.evidence_required,
                    source=(judged and one.source) or new.source, certainty=one.certainty if judged else "sure",
                )
                .returning(Indicator.id)
            ).scalar_one()  # fmt: skip
            if not judged:
                session.execute(
                    sa.insert(Threshold).values(
                        **made, indicator_id=indicator_id, region=new.region, unit_id=unit_id, value=one.threshold,
                        source=one.source or new.source, certainty=one.certainty, valid_from=new.valid_from,
                        valid_to=None,
                    )
                )  # fmt: skip

"""What an indicator must reach in the nation, a region or a province: added from a day on, never changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.criteria.defining import ruled
from app.domain.criteria.proposed import NewThreshold, check_threshold
from app.domain.criteria.sets import THRESHOLD, Place, holds_in, one_head, whole
from app.domain.criteria.views import SetView, ThresholdView
from app.errors import NotFound
from app.i18n import N_
from app.models.criteria import CriteriaSet, Criterion, Indicator, Threshold
from app.models.territory import Unit


def add_threshold(actor: Actor, set_code: str, new: NewThreshold) -> SetView:
    """Say what an indicator must reach in a place from a day on; assessments made before keep what they were held
    against. The same again changes nothing.
    """
    require(actor, "threshold.edit")
    with db.transaction(write=True) as session:
        place, unit_id = ruled(session, actor, new.region, new.unit_code)
        kind, indicator_id = _locked(session, set_code, new.indicator_code, place)
        check_threshold(new, kind)
        of_place = (
            Threshold.indicator_id == indicator_id, Threshold.region == new.region, Threshold.unit_id == unit_id,
        )  # fmt: skip
        fields = ("value", "source", "certainty", "valid_from", "valid_to")
        values: dict[str, Any] = {name: getattr(new, name) for name in fields}
        columns = [getattr(Threshold, name) for name in fields]
        latest = session.execute(
            sa.select(*columns).where(*of_place).order_by(Threshold.id.desc()).limit(1)
        ).one_or_none()
        if latest is None or dict(zip(fields, latest, strict=True)) != values:
            session.execute(
                sa.insert(Threshold).values(
                    **values, indicator_id=indicator_id, region=new.region, unit_id=unit_id, created_at=utcnow(),
                    created_by=actor.ref,
                )
            )  # fmt: skip
            audit.record(
                session, actor, "threshold.add", "criteria_set", set_code, unit_id or actor.unit_id,
                indicator=new.indicator_code, value=None if new.value is None else str(new.value),
                valid_from=new.valid_from, region=new.region,
            )  # fmt: skip
        return whole(session, [one_head(session, set_code)], place, new.valid_from)[0]


def _locked(session: Session, set_code: str, code: str, place: Place) -> tuple[str, int]:
    """(kind, id) of an indicator of a set that holds in a place, its row locked."""
    row = session.execute(
        sa.select(Indicator.kind, Indicator.id)
        .join(Criterion, Criterion.id == Indicator.criterion_id)
        .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
        .where(CriteriaSet.code == set_code, Indicator.code == code, *holds_in(CriteriaSet, place))
        .with_for_update(of=Indicator)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("Bộ tiêu chí này không có chỉ tiêu {code}."), field="indicator_code", code=code)
    return row[0], row[1]


def thresholds(actor: Actor, set_code: str, indicator_code: str) -> list[ThresholdView]:
    """Every threshold that an indicator has or had, of all places: the nation's first, of each the newest first."""
    require(actor, "read")
    query = (
        sa.select(*THRESHOLD)
        .select_from(Threshold)
        .join(Indicator, Indicator.id == Threshold.indicator_id)
        .join(Criterion, Criterion.id == Indicator.criterion_id)
        .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
        .outerjoin(Unit, Unit.id == Threshold.unit_id)
        .where(CriteriaSet.code == set_code, Indicator.code == indicator_code)
        .order_by(
            Threshold.unit_id.is_not(None), Threshold.region.is_not(None), Unit.sort_key, Threshold.region,
            Threshold.valid_from.desc(), Threshold.id.desc(),
        )
    )  # fmt: skip
    with db.transaction() as session:
        return [ThresholdView(*row) for row in session.execute(query)]

"""Merging a household that stands twice into the one that is kept, with what hangs on it; the other stays on record."""

from __future__ import annotations

import uuid
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.households.recording import (
    add_event,
    answer,
    keys,
    put_members,
    refuse_merged,
    store,
    stored_numbers,
)
from app.domain.households.views import (
    MERGED,
    MERGED_REASON,
    SUBJECT,
    TOOK_OVER,
    HouseholdView,
    one,
)
from app.errors import Invalid, RuleBroken
from app.i18n import N_
from app.models.households import Household, HouseholdStatus
from app.models.support import Delivery, SupportMember, SupportModel, Visit

_HANGING: Final[tuple[Any, ...]] = (SupportMember, Delivery, Visit)


def merge(actor: Actor, household_id: uuid.UUID, into_id: uuid.UUID) -> HouseholdView:
    """Let a household live on in another of its commune; the household that is kept. Sent again it changes nothing.

    The kept one takes over statuses of years in which it has none, support, and numbers and members where it has
    none. RuleBroken `merge_conflict` where both are members of one model, `household_merged` where either was merged
    before.
    """
    require(actor, "household.edit")
    with db.transaction(write=True) as session:
        # Locked in the order of their ids, so that two who merge the same pair both ways never deadlock.
        found = {
            id_: one(session, actor, id_, lock=True, field="into" if id_ == into_id else None)
            for id_ in sorted({household_id, into_id})
        }
        other, kept = found[household_id], found[into_id]
        if other.merged_into_id == into_id:
            return answer(session, actor, kept)
        _refuse(session, other, kept)
        _take_over(session, other, kept)
        store(
            session, other, merged_into_id=into_id, left_on=other.left_on or today(),
            left_reason=other.left_reason or MERGED_REASON, identity_number=None, phone=None,
        )  # fmt: skip
        add_event(session, actor, other.id, MERGED, other_id=kept.id, reason="")
        add_event(session, actor, kept.id, TOOK_OVER, other_id=other.id, reason="")
        audit.record(session, actor, "household.merge", SUBJECT, other.id, other.unit_id, into=kept.id)
        return answer(session, actor, one(session, actor, into_id))


def _refuse(session: Session, other: HouseholdView, kept: HouseholdView) -> None:
    if other.id == kept.id:
        raise Invalid.field("into", N_("Chọn một hộ khác để gộp vào."))
    if other.unit_id != kept.unit_id:
        raise Invalid.field("into", N_("Chỉ gộp hai hộ của cùng một xã."))
    refuse_merged(other)
    refuse_merged(kept)
    theirs, ours = aliased(SupportMember), aliased(SupportMember)
    both = (
        sa.select(SupportModel.id, SupportModel.name)
        .join(theirs, sa.and_(theirs.model_id == SupportModel.id, theirs.household_id == other.id))
        .join(ours, sa.and_(ours.model_id == SupportModel.id, ours.household_id == kept.id))
        .order_by(SupportModel.name)
        .limit(1)
    )
    row = session.execute(both).one_or_none()
    if row is not None:
        raise RuleBroken(
            "merge_conflict",
            N_("Cả hai hộ cùng tham gia mô hình “{model}”: sửa danh sách hộ của mô hình trước."),
            model=row.name,
            held=str(row.id),
        )


def _take_over(session: Session, other: HouseholdView, kept: HouseholdView) -> None:
    """Move what hangs on a household to the one that is kept."""
    S = HouseholdStatus
    missing = {s.year for s in other.statuses} - {s.year for s in kept.statuses}
    session.execute(
        sa.update(S).where(S.household_id == other.id, S.year.in_(missing)).values(household_id=kept.id)
    )
    of_models = sa.select(SupportMember.model_id).where(SupportMember.household_id == other.id)
    touched = sa.or_(SupportModel.id.in_(of_models), SupportModel.head_id == other.id)
    session.execute(
        sa.update(SupportModel)
        .where(touched)
        .values(
            head_id=sa.case((SupportModel.head_id == other.id, kept.id), else_=SupportModel.head_id),
            updated_at=utcnow(),
        )
    )
    for table in _HANGING:
        session.execute(sa.update(table).where(table.household_id == other.id).values(household_id=kept.id))
    # A household may have been merged into the one that now goes itself: the way leads on to who is kept.
    session.execute(
        sa.update(Household).where(Household.merged_into_id == other.id).values(merged_into_id=kept.id)
    )
    _fill(session, other, kept)


def _fill(session: Session, other: HouseholdView, kept: HouseholdView) -> None:
    """Members and sealed numbers, where the kept household has none; sealed texts move as they are."""
    theirs, ours = stored_numbers(session, other.id), stored_numbers(session, kept.id)
    values: dict[str, Any] = {name: theirs[name] for name in theirs if ours[name] is None}
    members = kept.members or other.members
    if not kept.members and other.members:
        put_members(session, kept.id, other.members)
    whole = {"code": kept.code, "head_name": kept.head_name, "members": members}
    store(session, kept, **values, **keys(whole))

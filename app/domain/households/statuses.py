"""What households count as in a year: one by one, or a whole hamlet reviewed at once, all or none."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit, personal
from app.domain.access import Actor, in_scope, require
from app.domain.households.views import (
    BY_CODE,
    STATUS,
    SUBJECT,
    SUBJECTS,
    HouseholdView,
    StatusView,
    as_seen,
    one,
    selection,
    with_parts,
)
from app.domain.ledger.entries import Document
from app.domain.territory import UnitView, resolve
from app.errors import FieldError, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.households import STATUSES, Household, HouseholdEvent, HouseholdStatus
from app.models.territory import Unit

FIRST_YEAR: Final = 1993  # of the program of hunger eradication; nobody was classed before
_statuses: Final = HouseholdStatus.__table__
MOST_REVIEWED: Final = 900  # a form holds so many choices


@dataclass(frozen=True, slots=True)
class NewStatus:
    """What a household is to count as in a year; `decision` of the commune's chair, where there is one yet."""

    year: int
    status: str
    decision: Document | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A word of a review; `seen` is the version of this year's status that its writer saw, 0 for none."""

    status: str
    seen: int


@dataclass(frozen=True, slots=True)
class Review:
    """A hamlet in a year: its households by code with all their statuses, names as the reader may see them."""

    unit: UnitView
    year: int
    households: tuple[HouseholdView, ...]

    @property
    def waiting(self) -> int:
        """How many have no status of the year yet."""
        return sum(h.status_in(self.year) is None for h in self.households)


def check_statuses(statuses: Sequence[NewStatus]) -> None:
    """Raises Invalid for statuses that cannot be, or two of one year."""
    faults = []
    for i, new in enumerate(statuses):
        faults += [FieldError(f"statuses.{i}.{f.field}", f.message, f.facts) for f in faults_of_status(new)]
    years = [new.year for new in statuses]
    if len(set(years)) < len(years):
        faults.append(FieldError("statuses", N_("Mỗi năm một diện.")))
    if faults:
        raise Invalid(*faults)


def faults_of_status(new: NewStatus) -> list[FieldError]:
    """What is wrong with a status by itself."""
    faults = []
    if not FIRST_YEAR <= new.year <= today().year + 1:
        facts = {"first": FIRST_YEAR, "last": today().year + 1}
        faults.append(FieldError("year", N_("Năm từ {first} đến {last}."), facts))
    if new.status not in STATUSES:
        faults.append(FieldError("status", N_("Không có diện này.")))
    if new.decision is not None and new.decision.date > today():
        message = N_("Ngày không được sau hôm nay {today:date}.")
        faults.append(FieldError("decision.date", message, {"today": today()}))
    return faults


def set_status(actor: Actor, household_id: uuid.UUID, new: NewStatus) -> HouseholdView:
    """Let a household count as something in a year; the same again changes nothing.

    What it counted as before stays in its history. RuleBroken `household_merged`, and `household_left` for a year
    after it left.
    """
    require(actor, "household.edit")
    faults = faults_of_status(new)
    if faults:
        raise Invalid(*faults)
    with db.transaction(write=True) as session:
        standing = one(session, actor, household_id, lock=True)
        refuse(standing, new.year)
        if put_status(session, actor, household_id, standing.status_in(new.year), new):
            touch(session, [household_id])
            audit.record(
                session, actor, "household.status", SUBJECT, household_id, standing.unit_id, year=new.year,
                status=new.status,
            )  # fmt: skip
        found = one(session, actor, household_id)
        if actor.is_client:
            personal.record_views(session, actor, found.unit_id, SUBJECT, found.id, found.people, "api")
        return as_seen(actor, found)


def refuse(standing: HouseholdView, year: int) -> None:
    """RuleBroken for a household that has no status in a year: merged, or left before it."""
    if standing.merged_into_id is not None:
        raise RuleBroken(
            "household_merged",
            N_("Hộ này đã gộp vào hộ khác, không sửa nữa."),
            held=str(standing.merged_into_id),
        )
    if standing.left_on is not None and standing.left_on.year < year:
        raise RuleBroken(
            "household_left",
            N_("Hộ {code} đã rời xã ngày {held:date}: không xếp diện năm {asked}."),
            code=standing.code,
            asked=year,
            held=standing.left_on,
        )


@dataclass(frozen=True, slots=True)
class StatusMove:
    """What writing a status comes to: a new row, or the values of the one that stands and what it was."""

    made: dict[str, object] | None = None
    changed: dict[str, object] | None = None
    event: dict[str, object] | None = None

    @property
    def any(self) -> bool:
        return self.made is not None or self.changed is not None


def status_move(
    actor: Actor, household_id: uuid.UUID, there: StatusView | None, new: NewStatus
) -> StatusMove:
    """What a status with its decision changes; the decision of the same status stands on where none is given."""
    if there is None:
        return StatusMove(made=status_row(actor, household_id, new))
    same = there.status == new.status
    if same and new.decision in (None, there.decision):
        return StatusMove()
    now = utcnow()
    changed = status_values(new) | {"version": there.version + 1, "updated_at": now}
    event: dict[str, object] = {
        "household_id": household_id, "what": STATUS, "year": new.year, "from_status": there.status,
        "to_status": new.status, "reason": "", "at": now, "by": actor.ref,
    }  # fmt: skip
    return StatusMove(changed=changed, event=None if same else event)


def put_status(
    session: Session, actor: Actor, household_id: uuid.UUID, there: StatusView | None, new: NewStatus
) -> bool:
    """Write a status to a locked household; whether anything changed."""
    move = status_move(actor, household_id, there, new)
    put_statuses(session, [(household_id, move)])
    return move.any


def put_statuses(session: Session, moves: Sequence[tuple[uuid.UUID, StatusMove]]) -> None:
    """Write statuses to locked households, a statement a kind of row."""
    made = [move.made for _, move in moves if move.made is not None]
    changed = [
        {"of": id_, "in_year": move.changed["year"], **move.changed}
        for id_, move in moves
        if move.changed is not None
    ]
    events = [move.event for _, move in moves if move.event is not None]
    if made:
        session.execute(sa.insert(HouseholdStatus), made)
    if changed:
        its = _statuses.c
        columns: dict[str, Any] = {
            name: sa.bindparam(name) for name in changed[0] if name not in ("of", "in_year")
        }
        session.connection().execute(
            sa.update(_statuses)  # type: ignore[arg-type]  # a mapped class's table is a Table
            .where(its.household_id == sa.bindparam("of"), its.year == sa.bindparam("in_year"))
            .values(columns),
            changed,
        )
    if events:
        session.execute(sa.insert(HouseholdEvent), events)


def status_values(new: NewStatus) -> dict[str, object]:
    decision = new.decision
    return {
        "year": new.year, "status": new.status, "decision_number": decision.number if decision else "",
        "decision_date": decision.date if decision else None, "decision_issuer": decision.issuer if decision else "",
    }  # fmt: skip


def _made(actor: Actor) -> dict[str, object]:
    now = utcnow()
    return {"created_at": now, "created_by": actor.ref, "updated_at": now, "version": 1}


def status_row(actor: Actor, household_id: uuid.UUID, new: NewStatus) -> dict[str, object]:
    """The row of a household's first status in a year."""
    return {"household_id": household_id, **status_values(new), **_made(actor)}


def touch(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Let lists of what changed show these: a status is no part of the row that a version guards."""
    session.execute(sa.update(Household).where(Household.id.in_(ids)).values(updated_at=utcnow()))


def review(actor: Actor, hamlet: str, year: int, *, purpose: str) -> Review:
    """A hamlet's households that are to be reviewed for a year. Whoever is shown names is put on record."""
    require(actor, "read")
    with db.transaction() as session:
        found = _review(session, actor, hamlet, year)
    people = len(found.households)
    personal.note_views(actor, found.unit.id, SUBJECTS, found.unit.exact_code, people, purpose)
    return _seen(actor, found)


def _seen(actor: Actor, found: Review) -> Review:
    return Review(found.unit, found.year, tuple(as_seen(actor, h) for h in found.households))


def hamlet_named(session: Session, actor: Actor, code: str) -> UnitView:
    """The hamlet of a code in whichever structure has it, the actor's own before the other: hamlets stay as they are
    when communes are merged."""
    if "@" not in code:
        structures = sa.select(Unit.structure).where(Unit.code == code, in_scope(actor, Unit.id))
        found = set(session.execute(structures).scalars())
        if found and actor.structure not in found:
            code = f"{code}@{min(found)}"
    return resolve(session, actor, code, field="hamlet")


def _review(session: Session, actor: Actor, hamlet: str, year: int, *, lock: bool = False) -> Review:
    unit = hamlet_named(session, actor, hamlet)
    if unit.level != "hamlet":
        raise NotFound(N_("Rà soát theo thôn: chọn một thôn."), field="hamlet")
    of_hamlet = (
        in_scope(actor, Household.unit_id),
        Household.hamlet_id == unit.id,
        Household.merged_into_id.is_(None),
        sa.or_(Household.left_on.is_(None), sa.extract("year", Household.left_on) >= year),
    )
    if lock:
        session.execute(sa.select(Household.id).where(*of_hamlet).order_by(Household.id).with_for_update())
    rows = session.execute(selection().where(*of_hamlet).order_by(*BY_CODE).limit(MOST_REVIEWED)).all()
    return Review(unit, year, tuple(with_parts(session, rows)))


def save_review(
    actor: Actor,
    hamlet: str,
    year: int,
    words: Mapping[uuid.UUID, Reviewed],
    decision: Document | None = None,
) -> int:
    """Store a year's statuses of a hamlet, all of them or none; how many changed.

    Raises Stale with the Review as it stands when somebody has given one of these households another status since,
    NotFound for a household that is not of the hamlet.
    """
    require(actor, "household.edit")
    for id_, word in words.items():
        faults = faults_of_status(NewStatus(year, word.status, decision))
        if faults:
            raise Invalid(*(FieldError(_place(f, id_), f.message, f.facts) for f in faults))
    with db.transaction(write=True) as session:
        found = _review(session, actor, hamlet, year, lock=True)
        standing = {h.id: h.status_in(year) for h in found.households}
        if not words.keys() <= standing.keys():
            raise NotFound(N_("Có hộ không thuộc thôn này hoặc đã rời xã."), field="hamlet")
        for id_, word in words.items():
            there = standing[id_]
            if word.seen != (there.version if there else 0) and (
                there is None or there.status != word.status
            ):
                raise Stale(_seen(actor, found))
        moves = [
            (id_, status_move(actor, id_, standing[id_], NewStatus(year, word.status, decision)))
            for id_, word in words.items()
        ]
        put_statuses(session, moves)
        changed = [id_ for id_, move in moves if move.any]
        if changed:
            touch(session, changed)
            audit.record(
                session, actor, "household.review", "unit", found.unit.exact_code, found.unit.id, year=year,
                households=len(words), changed=len(changed),
            )  # fmt: skip
        return len(changed)


def _place(fault: FieldError, id_: uuid.UUID) -> str:
    return f"status.{id_}" if fault.field == "status" else fault.field

"""Households from a table: shown first, then done all at once, or the good rows alone, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import utcnow
from app.domain import audit, held, personal
from app.domain.access import Actor, require
from app.domain.households.planning import Preview, RowPlan, Rows, plan
from app.domain.households.recording import (
    NewHousehold,
    Numbers,
    changed_row,
    changed_values,
    commune,
    member_rows,
    row_of,
    told,
)
from app.domain.households.rows import OF_STATUS
from app.domain.households.statuses import StatusMove, put_statuses, status_move
from app.domain.households.views import SUBJECT, SUBJECTS, HouseholdView, MemberView, as_seen
from app.domain.tabled import BAD, CHANGED, NEW
from app.domain.territory import UnitView, hamlets_of
from app.models.households import Household, HouseholdMember

_households: Final = Household.__table__
_HELD: Final = "households"


def keep(actor: Actor, content: bytes) -> uuid.UUID:
    """Keep a file that was sent until it is confirmed; the id by which its sender finds it again."""
    require(actor, "household.edit")
    return held.hold(actor, _HELD, content)


def kept(actor: Actor, file_id: uuid.UUID) -> bytes:
    """The file that was kept. NotFound for anybody else, and after a day."""
    require(actor, "household.edit")
    return held.held(actor, _HELD, file_id)


def let_go(actor: Actor, file_id: uuid.UUID) -> None:
    """Drop the file."""
    require(actor, "household.edit")
    held.let_go(actor, _HELD, file_id)


def preview(actor: Actor, unit_code: str, rows: Rows) -> Preview:
    """What a table would do to a commune's households as things stand; nothing is stored.

    Names of households that stand are among it: who is shown them is put on record.
    """
    require(actor, "household.edit")
    with db.transaction() as session:
        found = plan(session, commune(session, actor, unit_code), rows)
    people = sum(h.people for h in (*(r.there for r in found.rows if r.there), *found.missing))
    personal.note_views(actor, found.unit.id, SUBJECTS, found.unit.exact_code, people, "page")
    return replace(found, missing=tuple(as_seen(actor, h) for h in found.missing))


def apply(actor: Actor, unit_code: str, rows: Rows, *, only_good: bool = False) -> Preview:
    """Do what a table says: every row, or with `only_good` those without a fault.

    Nothing is stored (`applied` is false) where a row is bad and not `only_good`.
    """
    require(actor, "household.edit")
    with db.transaction(write=True) as session:
        unit_id = commune(session, actor, unit_code)
        numbers = Numbers(session, unit_id)  # nobody adds a household until this ends
        session.execute(
            sa.select(Household.id)
            .where(Household.unit_id == unit_id)
            .order_by(Household.id)
            .with_for_update()
        )
        planned = plan(session, unit_id, rows)
        if not planned.writes or (planned.bad and not only_good):
            return planned
        _write(session, actor, unit_id, planned, numbers)
        return replace(planned, applied=True)


def _write(session: Session, actor: Actor, unit_id: int, planned: Preview, numbers: Numbers) -> None:
    """Write the good rows, each with its row of the record of changes; a statement a kind of row."""
    numbers.codes |= {row.code for row in planned.rows if row.state == NEW and row.code}
    batch = _Batch(actor, planned.unit, {code: id_ for id_, code, _ in hamlets_of(session, unit_id)}, numbers)
    for row in planned.rows:
        if row.state == NEW:
            batch.add(row)
        elif row.state == CHANGED and row.there is not None:
            batch.change(row, row.there)
    batch.write(session)
    audit.record(
        session, actor, "household.import", "unit", planned.unit.exact_code, unit_id, new=planned.count(NEW),
        changed=planned.count(CHANGED), left_out=planned.count(BAD),
    )  # fmt: skip


@dataclass(slots=True)
class _Batch:
    """What a table writes, gathered by the table and the columns that it goes to."""

    actor: Actor
    unit: UnitView
    hamlets: Mapping[str, int]
    numbers: Numbers
    made: list[dict[str, Any]] = field(default_factory=list)
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = field(default_factory=dict)
    members: dict[uuid.UUID, Sequence[MemberView]] = field(default_factory=dict)
    moves: list[tuple[uuid.UUID, StatusMove]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: RowPlan) -> None:
        """A new household."""
        code = row.code or self.numbers.following(row.values["hamlet_code"])
        statuses = (row.status,) if row.status else ()
        new = NewHousehold(
            id=uuid7(), unit_code=self.unit.exact_code, **{**row.values, "code": code}, statuses=statuses
        )
        hamlet = self.hamlets[row.values["hamlet_code"]]
        self.made.append(row_of(self.actor, new, new.body_hash(), self.unit.id, hamlet))
        self.members[new.id] = new.members
        self.moves += [(new.id, status_move(self.actor, new.id, None, status)) for status in statuses]
        years = [status.year for status in statuses]
        self._tell("household.create", new.id, **told(new.values()), years=years)

    def change(self, row: RowPlan, there: HouseholdView) -> None:
        """A household that stands."""
        changes = {c.key: row.values[c.key] for c in row.changed if c.key not in OF_STATUS}
        values: dict[str, Any] = {}
        if changes:
            values = changed_values(changes, row.values) | {"version": there.version + 1}
            self.told.append(changed_row(self.actor, there, changes))
        if "hamlet_code" in changes:
            values["hamlet_id"] = self.hamlets[changes["hamlet_code"]]
        if "members" in changes:
            self.members[there.id] = changes["members"]
        if row.status is not None:
            move = status_move(self.actor, there.id, there.status_in(row.status.year), row.status)
            if move.any:
                self.moves.append((there.id, move))
                self._tell("household.status", there.id, year=row.status.year, status=row.status.status)
        values["updated_at"] = utcnow()
        self.updates.setdefault(tuple(sorted(values)), []).append({"of": there.id, **values})

    def _tell(self, action: str, household_id: uuid.UUID, **facts: Any) -> None:
        self.told.append(audit.row(self.actor, action, SUBJECT, household_id, self.unit.id, **facts))

    def write(self, session: Session) -> None:
        if self.made:
            session.execute(sa.insert(Household), self.made)
        for columns, rows in self.updates.items():
            session.connection().execute(
                sa.update(_households)  # type: ignore[arg-type]  # a mapped class's table is a Table
                .where(_households.c.id == sa.bindparam("of"))
                .values({name: sa.bindparam(name) for name in columns}),
                rows,
            )
        gone = HouseholdMember.household_id.in_(self.members)
        session.execute(sa.delete(HouseholdMember).where(gone))
        people = [row for id_, members in self.members.items() for row in member_rows(id_, members)]
        if people:
            session.execute(sa.insert(HouseholdMember), people)
        put_statuses(session, self.moves)
        audit.record_all(session, self.told)

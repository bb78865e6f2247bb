"""Households from a table: shown first, then done all at once, or the good rows alone, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.domain import audit, held, personal
from app.domain.access import Actor, require
from app.domain.households.planning import BAD, CHANGED, NEW, Preview, RowPlan, Rows, plan
from app.domain.households.recording import (
    NewHousehold,
    Numbers,
    commune,
    member_rows,
    row_of,
    told,
    write,
)
from app.domain.households.rows import OF_STATUS
from app.domain.households.statuses import (
    put_status,
    status_row,
    touch,
)
from app.domain.households.views import (
    SUBJECT,
    SUBJECTS,
    HouseholdView,
    as_seen,
)
from app.domain.territory import UnitView, hamlets_of
from app.models.households import Household, HouseholdMember, HouseholdStatus

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
    """Write the good rows, each with its row of the record of changes."""
    hamlets: dict[str | None, int] = {code: id_ for id_, code, _ in hamlets_of(session, unit_id)}
    numbers.codes |= {row.code for row in planned.rows if row.state == NEW and row.code}
    made: dict[type[Any], list[dict[str, Any]]] = {Household: [], HouseholdMember: [], HouseholdStatus: []}
    for row in planned.rows:
        if row.state == NEW:
            _new(session, actor, unit_id, planned.unit, row, hamlets, numbers, made)
        elif row.state == CHANGED and row.there is not None:
            _change(session, actor, row, row.there)
    for table, rows in made.items():
        if rows:
            session.execute(sa.insert(table), rows)
    audit.record(
        session, actor, "household.import", "unit", planned.unit.exact_code, unit_id, new=planned.count(NEW),
        changed=planned.count(CHANGED), left_out=planned.count(BAD),
    )  # fmt: skip


def _new(
    session: Session,
    actor: Actor,
    unit_id: int,
    unit: UnitView,
    row: RowPlan,
    hamlets: Mapping[str | None, int],
    numbers: Numbers,
    made: Mapping[type[Any], list[dict[str, Any]]],
) -> None:
    statuses = (row.status,) if row.status else ()
    code = row.code or numbers.following(row.values["hamlet_code"])
    new = NewHousehold(
        id=uuid7(), unit_code=unit.exact_code, **{**row.values, "code": code}, statuses=statuses
    )
    hamlet = hamlets[row.values["hamlet_code"]]
    made[Household].append(row_of(actor, new, new.body_hash(), unit_id, hamlet))
    made[HouseholdMember] += member_rows(new.id, new.members)
    made[HouseholdStatus] += [status_row(actor, new.id, status) for status in statuses]
    audit.record(
        session, actor, "household.create", SUBJECT, new.id, unit_id, **told(new.values()),
        years=[s.year for s in statuses],
    )  # fmt: skip


def _change(session: Session, actor: Actor, row: RowPlan, there: HouseholdView) -> None:
    changes = {c.key: row.values[c.key] for c in row.changed if c.key not in OF_STATUS}
    if changes:
        write(session, actor, there, changes, row.values)
    if row.status is None or not put_status(
        session, actor, there.id, there.status_in(row.status.year), row.status
    ):
        return
    touch(session, [there.id])
    audit.record(
        session, actor, "household.status", SUBJECT, there.id, there.unit_id, year=row.status.year,
        status=row.status.status,
    )  # fmt: skip

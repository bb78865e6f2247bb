"""The checklist of an inspection: filled in from what the system knows of the unit, edited, ticked off at the visit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import today
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.inspections import suggested
from app.domain.inspections.about import Key, checked
from app.domain.inspections.planning import store
from app.domain.inspections.register import get
from app.domain.inspections.views import (
    CANCELLED,
    CONCLUDED,
    HELD,
    PLANNED,
    RESULTS,
    SUBJECT,
    CheckView,
    InspectionView,
    one,
    refuse_side,
    refuse_state,
    whole,
)
from app.errors import FieldError, Invalid, Stale
from app.i18n import N_
from app.models.oversight import CheckItem

LONGEST: Final = 1000
MOST: Final = 200
_TOLD: Final = ("id", "text", "subject_kind", "subject_id", "result", "note")


@dataclass(frozen=True, slots=True)
class NewCheck:
    """A line as it is to stand; with the `id` of one that stands it is that one, reworded or ticked off."""

    text: str
    id: uuid.UUID | None = None
    subject_kind: str = ""
    subject_id: str = ""
    result: str | None = None
    note: str = ""


def prepare(actor: Actor, inspection_id: uuid.UUID) -> tuple[InspectionView, int]:
    """Add what the unit's figures of today give reason to look at, each with what they say; (the inspection, how many
    lines were added). What stands on the list, or was reworded or ticked off, is left as it is. RuleBroken
    `inspection_state` once it is concluded: figures of later days do not belong into its minutes."""
    require(actor, "inspection.edit")
    of = get(actor, inspection_id)
    refuse_side(of, "prepare")
    refuse_state(of, "prepare", of.state in (PLANNED, HELD))
    reasons = suggested.suggestions(actor, of, today())
    with db.transaction(write=True) as session:
        one(session, actor, inspection_id, lock=True)
        standing = whole(session, actor, inspection_id)
        refuse_state(standing, "prepare", standing.state in (PLANNED, HELD))
        known: set[Key] = {(item.subject_kind, item.subject_id) for item in standing.checklist}
        found = [s for s in reasons if (s.kind, s.id) not in known]
        room = MOST - len(standing.checklist)
        rows = [
            {
                "id": uuid7(), "inspection_id": inspection_id, "position": len(standing.checklist) + i,
                "text": s.text[:LONGEST], "subject_kind": s.kind, "subject_id": s.id, "result": None, "note": "",
            }
            for i, s in enumerate(found[:room])
        ]  # fmt: skip
        if not rows:
            return standing, 0
        session.execute(sa.insert(CheckItem), rows)
        store(session, standing)
        audit.record(
            session, actor, "inspection.prepare", SUBJECT, inspection_id, standing.unit_id, added=len(rows)
        )
        return whole(session, actor, inspection_id), len(rows)


def set_checklist(
    actor: Actor, inspection_id: uuid.UUID, version: int, items: Sequence[NewCheck]
) -> InspectionView:
    """The whole list as it is to stand, in its order. Raises Stale when somebody changed the inspection since;
    RuleBroken `inspection_state` for results of one that was not held yet. Once it is concluded, the lines that are
    mended or taken out stay on record as they were."""
    require(actor, "inspection.edit")
    with db.transaction(write=True) as session:
        one(session, actor, inspection_id, lock=True)
        standing = whole(session, actor, inspection_id)
        refuse_side(standing, "check")
        if standing.version != version:
            raise Stale(standing)
        refuse_state(standing, "check", standing.state != CANCELLED)
        _check(items)
        if any(item.result is not None for item in items):
            refuse_state(standing, "check", standing.state != PLANNED)
        rows = _rows(session, actor, standing, items)
        session.execute(sa.delete(CheckItem).where(CheckItem.inspection_id == inspection_id))
        if rows:
            session.execute(sa.insert(CheckItem), rows)
        store(session, standing)
        audit.record(
            session, actor, "inspection.check", SUBJECT, inspection_id, standing.unit_id, items=len(rows),
            state=standing.state, **{result: sum(row["result"] == result for row in rows) for result in RESULTS},
            **_before(standing, rows),
        )  # fmt: skip
        return whole(session, actor, inspection_id)


def _rows(
    session: Session, actor: Actor, standing: InspectionView, items: Sequence[NewCheck]
) -> list[dict[str, object]]:
    """The rows to write; a line keeps its id, and what it is about where nothing else was said."""
    before = {item.id: item for item in standing.checklist}
    rows: list[dict[str, object]] = []
    for i, item in enumerate(items):
        old: CheckView | None = before.pop(item.id, None) if item.id is not None else None
        kept = old is not None and (item.subject_kind, item.subject_id) == (old.subject_kind, old.subject_id)
        kind, id_ = (
            (item.subject_kind, item.subject_id)
            if kept
            else checked(
                session, actor, standing.unit_id, item.subject_kind, item.subject_id, f"items.{i}.subject"
            )
        )
        rows.append(
            {
                "id": old.id if old is not None else uuid7(), "inspection_id": standing.id, "position": i,
                "text": item.text.strip(), "subject_kind": kind, "subject_id": id_, "result": item.result,
                "note": item.note.strip(),
            }
        )  # fmt: skip
    return rows


def _before(standing: InspectionView, rows: Sequence[dict[str, object]]) -> dict[str, object]:
    """Of a concluded inspection its version, and what the lines said that no longer stand so."""
    if standing.state != CONCLUDED:
        return {}
    after = {row["id"]: row for row in rows}
    lines = [{name: getattr(item, name) for name in _TOLD} for item in standing.checklist]
    changed = [line for line in lines if line.items() - after.get(line["id"], {}).items()]
    return {"version": standing.version, "before": {"checklist": changed}}


def _check(items: Sequence[NewCheck]) -> None:
    faults = []
    if len(items) > MOST:
        faults.append(FieldError("items", N_("Nhiều nhất {most:number} dòng."), {"most": MOST}))
    for i, item in enumerate(items):
        if not item.text.strip():
            faults.append(FieldError(f"items.{i}.text", N_("Chưa điền")))
        for name in ("text", "note"):
            if len(getattr(item, name)) > LONGEST:
                message = N_("Dài quá {longest:number} ký tự")
                faults.append(FieldError(f"items.{i}.{name}", message, {"longest": LONGEST}))
        if item.result is not None and item.result not in RESULTS:
            faults.append(FieldError(f"items.{i}.result", N_("Không có trong danh sách")))
    if faults:
        raise Invalid(*faults)

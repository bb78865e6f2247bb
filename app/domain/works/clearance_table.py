"""Households from a table: shown first what each row would do, then done all at once or not at all.

A row is a household by its code: one that stands is changed, any other is new. Blank cells leave what stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import utcnow
from app.domain import audit, held, personal
from app.domain.access import Actor, require
from app.domain.cells import Heads, Numbered, Value, find_heads, one_line
from app.domain.tabled import BAD, CHANGED, NEW, UNCHANGED, Planned
from app.domain.territory import hamlet_words, hamlets_of
from app.domain.works.clearance import Plan, add_due, begun, unit_of
from app.domain.works.clearance_editing import (
    EDITABLE,
    NewHousehold,
    faults_of,
    keys,
    refuse_below_paid,
    row_of,
    stored_values,
    told,
)
from app.domain.works.clearance_households import SUBJECT, HouseholdView, of_work
from app.domain.works.clearance_rows import COLUMNS, NEEDED, TEXTS, read_cells, table_rows
from app.errors import FieldError, Invalid, RuleBroken
from app.i18n import N_
from app.models.clearance import ClearanceHousehold, SiteClearance

Rows = Sequence[Numbered]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What one row would do: `changed` names its columns by key, `faults` what is wrong by column (or "")."""

    number: int
    code: str
    head_name: str
    state: str
    values: Mapping[str, Any]
    changed: tuple[str, ...] = ()
    faults: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview(Planned[RowPlan]):
    """What a table would do. `refusal` bars it whole; `due` is what households would be due together, in đồng."""

    rows: tuple[RowPlan, ...]
    unused: tuple[str, ...]
    due: int
    plan_amount: int | None
    refusal: RuleBroken | None = None
    applied: bool = False


def keep(actor: Actor, work_id: uuid.UUID, content: bytes) -> uuid.UUID:
    """Keep a file that was sent until it is confirmed; the id by which its sender finds it again."""
    require(actor, "clearance.edit")
    return held.hold(actor, f"clearance {work_id}", content)


def kept(actor: Actor, work_id: uuid.UUID, file_id: uuid.UUID) -> bytes:
    """The file that was kept. NotFound for anybody else, of another work, and after a day."""
    require(actor, "clearance.edit")
    return held.held(actor, f"clearance {work_id}", file_id)


def let_go(actor: Actor, work_id: uuid.UUID, file_id: uuid.UUID) -> None:
    """Drop the file."""
    require(actor, "clearance.edit")
    held.let_go(actor, f"clearance {work_id}", file_id)


def preview(actor: Actor, work_id: uuid.UUID, rows: Rows) -> Preview:
    """What a table would do, as things stand; nothing is stored. Raises Invalid when it names no columns."""
    require(actor, "clearance.edit")
    with db.transaction() as session:
        unit_id = unit_of(session, actor, work_id)
        return _plan(session, unit_id, work_id, rows)


def apply(actor: Actor, work_id: uuid.UUID, rows: Rows, *, only_good: bool = False) -> Preview:
    """Do what a table says: every row, or with `only_good` those without a fault.

    Nothing is stored (`applied` is false) where a row is bad and not `only_good`, or a rule bars the table.
    """
    require(actor, "clearance.edit")
    try:
        with db.transaction(write=True) as session:
            unit_id = unit_of(session, actor, work_id)
            plan = begun(session, actor, work_id, unit_id)  # locked before anything is looked at
            planned = _plan(session, unit_id, work_id, rows)
            if planned.refusal is not None or not planned.writes or (planned.bad and not only_good):
                raise _NotApplied(planned)
            _write(session, actor, unit_id, work_id, plan, planned)
            return replace(planned, applied=True)
    except _NotApplied as refused:
        return refused.planned


class _NotApplied(Exception):
    """Rolls back what began only for this table."""

    def __init__(self, planned: Preview) -> None:
        super().__init__()
        self.planned = planned


def _plan(session: Session, unit_id: int, work_id: uuid.UUID, rows: Rows) -> Preview:
    heads = find_heads([cells for _, cells in rows], COLUMNS, NEEDED)
    if heads is None:
        message = N_("Không thấy hàng tên cột có “{code}” và “{head}”. Dùng tệp mẫu.")
        raise Invalid.field("file", message, code=COLUMNS["code"], head=COLUMNS["head_name"])
    standing = of_work(session, work_id)
    hamlets = hamlet_words(session, unit_id)
    planned: list[RowPlan] = []
    seen: dict[str, int] = {}
    for number, cells in table_rows(rows[heads.row + 1 :], heads):
        row = _row(number, cells, heads, hamlets, standing)
        if row.code in seen and row.code:
            message = N_("Mã hộ này đã có ở dòng {row:number}.")
            fault = FieldError("code", message, {"row": seen[row.code]})
            row = replace(row, state=BAD, faults=(*row.faults, fault))
        seen.setdefault(row.code, number)
        planned.append(row)
    if not planned:
        raise Invalid.field("file", N_("Bảng không có dòng nào."))
    return _within_plan(session, work_id, Preview(tuple(planned), heads.unused, 0, None), standing)


def _row(
    number: int,
    cells: Sequence[Value],
    heads: Heads,
    hamlets: Mapping[str, str],
    standing: Mapping[str, HouseholdView],
) -> RowPlan:
    values, faults = read_cells(cells, heads, hamlets)
    code, name = values.get("code", ""), values.get("head_name", "")
    there = standing.get(code)
    if there is not None and name == personal.mask_name(there.head_name):
        del values["head_name"]  # a table that was taken out masked
    if there is not None:  # several lines of text are one in a cell
        values = {k: v for k, v in values.items() if k not in TEXTS or v != one_line(getattr(there, k))}
    whole = (
        {key: getattr(there, key) for key in EDITABLE}
        if there is not None
        else NewHousehold(uuid.UUID(int=0), uuid.UUID(int=0), "", "").values()
    ) | values
    told_already = {fault.field for fault in faults}
    for fault in faults_of(whole):
        key = "area_dm2" if fault.field == "area_m2" else fault.field
        if key not in told_already:
            faults.append(replace(fault, field=key))
    if there is not None:
        try:
            refuse_below_paid(whole["compensation_due"], there.paid)
        except RuleBroken as rule:
            faults.append(FieldError("compensation_due", rule.message, rule.facts))
    if faults:
        return RowPlan(number, code, name, BAD, whole, faults=tuple(faults))
    if there is None:
        return RowPlan(number, code, name, NEW, whole)
    changed = tuple(key for key in COLUMNS if whole[key] != getattr(there, key))
    return RowPlan(number, code, name, CHANGED if changed else UNCHANGED, whole, changed)


def _within_plan(
    session: Session, work_id: uuid.UUID, preview: Preview, standing: Mapping[str, HouseholdView]
) -> Preview:
    """The preview with what would be due together, and the refusal where that passes the plan."""
    held_now = sum(household.compensation_due for household in standing.values())
    due = held_now + sum(_more(row, standing) for row in preview.rows)
    amount = _plan_amount(session, work_id)
    refusal = None
    if amount is not None and due > amount and due > held_now:
        message = N_("Tổng bồi thường {asked:money} vượt phương án {held:money}.")
        refusal = RuleBroken("compensation_plan", message, asked=due, held=amount)
    return replace(preview, due=due, plan_amount=amount, refusal=refusal)


def _plan_amount(session: Session, work_id: uuid.UUID) -> int | None:
    return session.execute(
        sa.select(SiteClearance.plan_amount).where(SiteClearance.work_id == work_id)
    ).scalar_one_or_none()


def _more(row: RowPlan, standing: Mapping[str, HouseholdView]) -> int:
    """How much more (or less) households would be due by a row."""
    if row.state not in (NEW, CHANGED):
        return 0
    there = standing.get(row.code)
    due: int = row.values["compensation_due"]
    return due - (there.compensation_due if there is not None else 0)


def _write(
    session: Session, actor: Actor, unit_id: int, work_id: uuid.UUID, plan: Plan, planned: Preview
) -> None:
    """Write the good rows under the row's lock, each with its row of the record of changes."""
    standing = of_work(session, work_id)
    hamlets: dict[str | None, int] = {code: id_ for id_, code, _ in hamlets_of(session, unit_id)}
    add_due(session, work_id, plan, sum(_more(row, standing) for row in planned.rows))
    made: list[dict[str, Any]] = []
    for row in planned.rows:
        hamlet = hamlets.get(row.values["hamlet_code"])
        if row.state == NEW:
            new = NewHousehold(id=uuid7(), work_id=work_id, **row.values)
            made.append(row_of(actor, new, new.body_hash(), hamlet))
            _told(session, actor, "clearance.add_household", new.id, unit_id, work_id, told(dict(row.values)))
        elif row.state == CHANGED:
            there = standing[row.code]
            _change(session, there, row.values, hamlet)
            facts = {"fields": sorted(row.changed)} | told({k: row.values[k] for k in row.changed})
            _told(session, actor, "clearance.change_household", there.id, unit_id, work_id, facts)
    if made:
        session.execute(sa.insert(ClearanceHousehold), made)
    audit.record(
        session, actor, "clearance.import", "site_clearance", work_id, unit_id, new=planned.count(NEW),
        changed=planned.count(CHANGED), left_out=planned.count(BAD),
    )  # fmt: skip


def _change(session: Session, there: HouseholdView, values: Mapping[str, Any], hamlet: int | None) -> None:
    session.execute(
        sa.update(ClearanceHousehold)
        .where(ClearanceHousehold.id == there.id)
        .values(
            **stored_values(dict(values)), hamlet_id=hamlet, version=there.version + 1, updated_at=utcnow(),
            **keys(values["code"], values["parcels"], values["head_name"]),
        )
    )  # fmt: skip


def _told(
    session: Session, actor: Actor, action: str, id_: uuid.UUID, unit_id: int, work_id: uuid.UUID,
    facts: dict[str, Any],
) -> None:  # fmt: skip
    audit.record(session, actor, action, SUBJECT, id_, unit_id, work_id=work_id, **facts)

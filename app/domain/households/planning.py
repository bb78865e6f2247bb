"""What each row of a table of households would do, as things stand: new, changed column by column, or faulty.

A row is a household by its code; without one by its head's name, birth year and hamlet. One that stands is changed,
any other is new. Blank cells leave what stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import personal, sealed
from app.domain.cells import Heads, Numbered, Value, find_heads, one_line
from app.domain.households.faults import faults_of
from app.domain.households.recording import (
    EDITABLE,
    NewHousehold,
)
from app.domain.households.rows import COLUMNS, NEEDED, OF_STATUS, read_cells, said_members, table_rows
from app.domain.households.statuses import (
    NewStatus,
    faults_of_status,
    refuse,
)
from app.domain.households.views import (
    HouseholdView,
    MemberView,
    selection,
    with_parts,
)
from app.domain.ledger.entries import Document
from app.domain.tabled import BAD, CHANGED, NEW, UNCHANGED, Planned
from app.domain.territory import UnitView, by_id, hamlet_words
from app.errors import FieldError, Invalid, RuleBroken
from app.i18n import N_
from app.models.households import Household
from app.text import fold

Rows = Sequence[Numbered]
Key = tuple[str, int | None, str | None]  # (head's name without marks, birth year, hamlet)


@dataclass(frozen=True, slots=True)
class Changed:
    """A column that a row changes; of what is sealed neither value is told."""

    key: str
    was: Any = None
    becomes: Any = None


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What one row would do to `there`, or anew; `faults` by column (or "")."""

    number: int
    code: str
    head_name: str
    state: str
    values: Mapping[str, Any]
    status: NewStatus | None = None
    there: HouseholdView | None = None
    changed: tuple[Changed, ...] = ()
    faults: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview(Planned[RowPlan]):
    """What a table would do to a commune's households.

    `missing` are those that stand in the hamlets that the table names, and not in the table: they are left alone.
    """

    unit: UnitView
    rows: tuple[RowPlan, ...]
    unused: tuple[str, ...]
    missing: tuple[HouseholdView, ...]
    applied: bool = False


def heads_of(rows: Rows) -> Heads:
    """Where the columns stand. Raises Invalid when the table names none, or has no households."""
    heads = find_heads([cells for _, cells in rows], COLUMNS, NEEDED)
    if heads is None:
        message = N_("Không thấy hàng tên cột có “{head}” và “{hamlet}”. Dùng tệp mẫu.")
        head, hamlet = (COLUMNS[key] for key in NEEDED)
        raise Invalid.field("file", message, head=head, hamlet=hamlet)
    if next(table_rows(rows[heads.row + 1 :], heads), None) is None:
        raise Invalid.field("file", N_("Bảng không có dòng nào."))
    return heads


class _Standing:
    """A commune's households: by code, and by what tells them where a row has none; numbers where they are asked."""

    def __init__(self, session: Session, unit_id: int, heads: Heads) -> None:
        of_unit = Household.unit_id == unit_id
        found = with_parts(session, session.execute(selection().where(of_unit)).all())
        self.by_code = {h.code: h for h in found}
        self.by_key: dict[Key, list[HouseholdView]] = {}
        for h in found:
            if h.merged_into_id is None and h.left_on is None:
                self.by_key.setdefault((fold(h.head_name), h.birth_year, h.hamlet_code), []).append(h)
        self.numbers: dict[uuid.UUID, dict[str, str | None]] = {}
        if heads.places.keys() & set(sealed.SEALED):
            query = sa.select(Household.id, Household.identity_number, Household.phone).where(of_unit)
            for id_, *texts in session.execute(query):
                self.numbers[id_] = {
                    name: sealed.unseal(text) for name, text in zip(sealed.SEALED, texts, strict=True)
                }


def plan(session: Session, unit_id: int, rows: Rows) -> Preview:
    heads = heads_of(rows)
    standing = _Standing(session, unit_id, heads)
    hamlets = hamlet_words(session, unit_id)
    planned: list[RowPlan] = []
    seen: dict[object, int] = {}
    for number, cells in table_rows(rows[heads.row + 1 :], heads):
        row = _row(number, cells, heads, hamlets, standing)
        key = row.there.id if row.there else row.code or _key(row.values)
        if key in seen:
            message = N_("Hộ này đã có ở dòng {row:number}.")
            fault = FieldError("code" if row.code else "head_name", message, {"row": seen[key]})
            row = replace(row, state=BAD, faults=(*row.faults, fault))
        seen.setdefault(key, number)
        planned.append(row)
    return Preview(by_id(session, unit_id), tuple(planned), heads.unused, _missing(standing, planned))


def _key(values: Mapping[str, Any]) -> Key:
    return fold(values["head_name"]), values["birth_year"], values["hamlet_code"]


def _missing(standing: _Standing, planned: Sequence[RowPlan]) -> tuple[HouseholdView, ...]:
    there = {row.there.id for row in planned if row.there}
    hamlets = {row.values["hamlet_code"] for row in planned}
    return tuple(
        h
        for of_key in standing.by_key.values()
        for h in of_key
        if h.id not in there and h.hamlet_code in hamlets
    )


_BLANK: Final = NewHousehold(uuid.UUID(int=0), "", "").values()


def _row(
    number: int, cells: Sequence[Value], heads: Heads, hamlets: Mapping[str, str], standing: _Standing
) -> RowPlan:
    values, faults = read_cells(cells, heads, hamlets)
    of_status = {key: values.pop(key) for key in OF_STATUS if key in values}
    status, wrong = _status(of_status, {fault.field for fault in faults})
    faults += wrong
    code, name = values.get("code", ""), values.get("head_name", "")
    there, wrong = _there(values, standing)
    faults += wrong
    before = _before(there, standing)
    if there is not None:
        values = _said(values, there)
    whole = before | values
    told_already = {fault.field for fault in faults}
    faults += [fault for fault in _faults(whole, there, status) if fault.field not in told_already]
    planned = RowPlan(number, code or (there.code if there else ""), name, NEW, whole, status, there)
    if faults:
        return replace(planned, state=BAD, faults=tuple(faults))
    if there is None:
        return planned
    changed = tuple(_changes(before, whole, there, status))
    return replace(planned, state=CHANGED if changed else UNCHANGED, changed=changed)


def _there(values: Mapping[str, Any], standing: _Standing) -> tuple[HouseholdView | None, list[FieldError]]:
    """The household that a row means, if it stands."""
    if "code" in values:
        return standing.by_code.get(values["code"]), []
    key = (fold(values.get("head_name", "")), values.get("birth_year"), values.get("hamlet_code"))
    found = standing.by_key.get(key, [])
    if len(found) > 1:
        message = N_("Có {n:number} hộ cùng tên, năm sinh và thôn: ghi mã hộ.")
        return None, [FieldError("code", message, {"n": len(found)})]
    return (found[0] if found else None), []


def _before(there: HouseholdView | None, standing: _Standing) -> dict[str, Any]:
    """What stands by the names of NewHousehold."""
    if there is None:
        return dict(_BLANK)
    plain = {key: getattr(there, key) for key in EDITABLE if key not in sealed.SEALED}
    return plain | standing.numbers.get(there.id, dict.fromkeys(sealed.SEALED))


def _said(values: Mapping[str, Any], there: HouseholdView) -> dict[str, Any]:
    """A row's values without those of a table that was taken out masked, and without lines that a cell made one."""
    found = dict(values)
    if found.get("head_name") == personal.mask_name(there.head_name):
        del found["head_name"]
    if "members" in found and found["members"] == _masked(there.members):
        del found["members"]
    if found.get("note") == one_line(there.note):
        del found["note"]
    return found


def _masked(members: Sequence[MemberView]) -> tuple[MemberView, ...]:
    return tuple(replace(m, name=personal.mask_name(m.name)) for m in members)


def _status(cells: Mapping[Any, Any], wrong: set[str]) -> tuple[NewStatus | None, list[FieldError]]:
    """The status that a row gives, with the decision behind it: each whole or not at all."""
    blank = N_("Chưa điền")
    if not cells or wrong & set(OF_STATUS):
        return None, []
    faults = [FieldError(key, blank) for key in ("year", "status") if key not in cells]
    decision_keys = OF_STATUS[2:]
    given = [key for key in decision_keys if key in cells]
    if given:
        faults += [FieldError(key, blank) for key in decision_keys if key not in cells]
    if faults:
        return None, faults
    decision = Document(*(cells[key] for key in decision_keys)) if given else None
    new = NewStatus(cells["year"], cells["status"], decision)
    places = {"decision.date": "decision_date"}
    return new, [replace(f, field=places.get(f.field, f.field)) for f in faults_of_status(new)]


def _faults(
    whole: Mapping[str, Any], there: HouseholdView | None, status: NewStatus | None
) -> list[FieldError]:
    faults = [
        replace(fault, field="members" if fault.field.startswith("members.") else fault.field)
        for fault in faults_of(whole)
    ]
    if not sealed.has_key():
        faults += [FieldError(name, sealed.NO_KEY) for name in sealed.SEALED if whole[name] is not None]
    if whole["hamlet_code"] is None:
        faults.append(FieldError("hamlet_code", N_("Chưa điền")))
    if there is not None:
        try:
            refuse(there, status.year if status else 0)
        except RuleBroken as rule:
            faults.append(FieldError("code", rule.message, rule.facts))
    return faults


def _changes(
    before: Mapping[str, Any], whole: Mapping[str, Any], there: HouseholdView, status: NewStatus | None
) -> list[Changed]:
    found = []
    for key in COLUMNS:
        if key in OF_STATUS or before[key] == whole[key]:
            continue
        if key in sealed.SEALED:
            found.append(Changed(key))
        elif key == "members":
            found.append(Changed(key, said_members(before[key]), said_members(whole[key])))
        else:
            found.append(Changed(key, before[key], whole[key]))
    if status is not None:
        now = there.status_in(status.year)
        if now is None or now.status != status.status:
            found.append(Changed("status", now.status if now else None, status.status))
        elif status.decision not in (None, now.decision) and status.decision is not None:
            was = now.decision.number if now.decision else None
            found.append(Changed("decision_number", was, status.decision.number))
    return found

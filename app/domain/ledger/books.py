"""Rows of the ledger that a writer holds: lines with their pockets, contracts, works, chain heads.

Everything is locked in one order (lines, works, contracts, heads; each by id), so that writers never deadlock;
what is held in memory is what the database holds until the transaction ends. Whoever changes a work, its contracts
or its settlement locks the work's row first, too.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.clock import utcnow
from app.db import Executor, UtcDateTime
from app.domain.access import Actor, under
from app.domain.ledger import chain
from app.domain.ledger.pockets import FIELDS, Pockets
from app.errors import NotFound, RuleBroken
from app.i18n import N_
from app.models.base import MAX_DONG
from app.models.ledger import Balance, BudgetLine, DailyBalance
from app.models.territory import Unit
from app.models.works import Contract, ContractBalance, Work, WorkBalance


@dataclass(slots=True)
class HeldLine:
    id: uuid.UUID
    unit_id: int
    requires_checker: bool
    project_id: int
    source: str
    capital_kind: str
    year: int
    origin_year: int
    work_id: uuid.UUID | None
    support_model_id: uuid.UUID | None
    illustrative: bool
    last_day: date | None
    pockets: Pockets

    @property
    def purpose(self) -> tuple[object, ...]:
        """What stays the same when money goes on to another line: all of the key but unit and year."""
        return (
            self.project_id, self.source, self.capital_kind, self.origin_year, self.work_id,
            self.support_model_id,
        )  # fmt: skip


@dataclass(slots=True)
class HeldContract:
    id: uuid.UUID
    work_id: uuid.UUID
    value: int
    advance_ceiling: int
    net_advances: int
    advanced: int
    paid: int


@dataclass(slots=True)
class HeldWork:
    id: uuid.UUID
    total_investment: int | None
    disbursed: int
    settled_value: int | None


@dataclass(slots=True)
class Books:
    """What one writer holds for one transaction."""

    session: Executor
    lines: dict[uuid.UUID, HeldLine]
    contracts: dict[uuid.UUID, HeldContract]
    works: dict[uuid.UUID, HeldWork]
    heads: dict[int, chain.Head]


def hold(
    session: Executor, actor: Actor, line_ids: dict[uuid.UUID, str], contract_ids: dict[uuid.UUID, str]
) -> Books:
    """Lock what the entries need; the values name the field to blame where an id leads nowhere."""
    lines = _lines(session, actor, line_ids)
    works = _works(session, {line.work_id for line in lines.values() if line.work_id is not None})
    contracts = _contracts(session, contract_ids, lines)
    heads = chain.lock(session, {line.unit_id for line in lines.values()})
    return Books(session, lines, contracts, works, heads)


_line, _balance, _day, _unit = (t.__table__ for t in (BudgetLine, Balance, DailyBalance, Unit))
# The statements of every posting, built once.
_HOLD: Final = (
    sa.select(
        _line.c.id, _line.c.unit_id, _unit.c.requires_checker, _line.c.project_id, _line.c.source,
        _line.c.capital_kind, _line.c.year, _line.c.origin_year, _line.c.work_id, _line.c.support_model_id,
        _line.c.illustrative, _balance.c.last_day, *(_balance.c[field] for field in FIELDS),
    )
    .join(_balance, _balance.c.budget_line_id == _line.c.id)
    .join(_unit, _unit.c.id == _line.c.unit_id)
    .where(
        _line.c.id.in_(sa.bindparam("lines", expanding=True)),
        under(sa.bindparam("scope"), _line.c.unit_id),
    )
    .order_by(_line.c.id)
    .with_for_update(of=_balance)
)  # fmt: skip
_NEW_POCKETS: Final = {field: sa.bindparam(f"new_{field}", type_=_balance.c[field].type) for field in FIELDS}
_SET_BALANCE: Final = (
    sa.update(_balance)  # type: ignore[arg-type]  # a mapped class's table is a Table
    .where(_balance.c.budget_line_id == sa.bindparam("line"))
    .values(last_day=sa.bindparam("new_day", type_=_balance.c.last_day.type), **_NEW_POCKETS)
)
_SET_DAY: Final = (
    sa.update(_day)  # type: ignore[arg-type]
    .where(_day.c.budget_line_id == sa.bindparam("line"), _day.c.day == sa.bindparam("on_day"))
    .values(_NEW_POCKETS)
)
# A client that pulls what changed must see lines and works whose money moved; their ETags do not.
_work = Work.__table__
_NOW: Final = sa.bindparam("now", type_=UtcDateTime)
_TOUCH_LINE: Final = sa.update(_line).where(_line.c.id == sa.bindparam("line")).values(updated_at=_NOW)  # type: ignore[arg-type]
_TOUCH_WORK: Final = sa.update(_work).where(_work.c.id == sa.bindparam("work")).values(updated_at=_NOW)  # type: ignore[arg-type]
_ADD_DAY: Final = sa.insert(_day)  # type: ignore[arg-type]


def _lines(session: Executor, actor: Actor, ids: dict[uuid.UUID, str]) -> dict[uuid.UUID, HeldLine]:
    rows = session.execute(_HOLD, {"lines": list(ids), "scope": actor.unit_id})
    held = {}
    for row in rows:
        values: list[Any] = list(row)
        held[row[0]] = HeldLine(*[*values[:12], Pockets(*values[12:])])
    for line_id, field in ids.items():
        if line_id not in held:
            raise NotFound(N_("Không có dòng vốn này trong phạm vi của bạn."), field=field)
    return held


def _contracts(
    session: Executor, ids: dict[uuid.UUID, str], lines: dict[uuid.UUID, HeldLine]
) -> dict[uuid.UUID, HeldContract]:
    if not ids:
        return {}
    rows = session.execute(
        sa.select(
            Contract.id, Contract.work_id, ContractBalance.value, ContractBalance.advance_ceiling,
            ContractBalance.net_advances, ContractBalance.advanced, ContractBalance.paid,
        )
        .join(ContractBalance, ContractBalance.contract_id == Contract.id)
        .where(Contract.id.in_(list(ids)))
        .order_by(Contract.id)
        .with_for_update(of=ContractBalance)
    )  # fmt: skip
    held = {row.id: HeldContract(*row) for row in rows}
    works = {line.work_id for line in lines.values()}
    for contract_id, field in ids.items():
        if contract_id not in held or held[contract_id].work_id not in works:
            raise NotFound(N_("Công trình của dòng vốn không có hợp đồng này."), field=field)
    return held


def _works(session: Executor, ids: set[uuid.UUID]) -> dict[uuid.UUID, HeldWork]:
    if not ids:
        return {}
    rows = session.execute(
        sa.select(
            WorkBalance.work_id, WorkBalance.total_investment, WorkBalance.disbursed, WorkBalance.settled_value
        )
        .select_from(Work)
        .join(WorkBalance, WorkBalance.work_id == Work.id)
        .where(Work.id.in_(list(ids)))
        .order_by(Work.id)
        .with_for_update(key_share=True, of=(Work, WorkBalance))  # rows that only refer to the work need not wait
    )  # fmt: skip
    return {row.work_id: HeldWork(*row) for row in rows}


_POCKET_NAMES = {
    "available": N_("còn lại"),
    "advanced": N_("tạm ứng chưa thu hồi"),
    "paid": N_("đã thanh toán"),
    "settled": N_("đã quyết toán"),
    "carried_in": N_("chuyển từ năm trước"),
    "carried_out": N_("chuyển năm sau"),
    "lapsed": N_("đã hủy"),
}
_INSUFFICIENT = {
    "available": N_("Ghi {asked:money} nhưng ngày {on:date} chỉ còn {held:money} (thiếu {short:money})."),
    "advanced": N_(
        "Ghi {asked:money} nhưng tạm ứng chưa thu hồi ngày {on:date} chỉ có {held:money} (thiếu {short:money})."
    ),
    "paid": N_("Ghi {asked:money} nhưng đã thanh toán ngày {on:date} chỉ có {held:money} (thiếu {short:money})."),
    "settled": N_("Ghi {asked:money} nhưng đã quyết toán ngày {on:date} chỉ có {held:money} (thiếu {short:money})."),
}  # fmt: skip


def change(session: Executor, line: HeldLine, delta: Pockets, day: date) -> None:
    """Move money on a held line, dated `day`; refuse what leaves a pocket below zero on any day from then.

    Raises RuleBroken `insufficient` (or `too_much`, where a line would hold more than JSON clients can count)
    with `asked`, `held` and the day, `on`.
    """
    after = line.pockets + delta
    in_past = line.last_day is not None and day < line.last_day
    if in_past:
        _refuse_past(session, line, delta, day)
    _refuse_broken(line.pockets, delta, max(day, line.last_day or day))
    new = {f"new_{f}": getattr(after, f) for f in FIELDS}
    session.execute(_SET_BALANCE, {"line": line.id, "new_day": max(day, line.last_day or day), **new})
    session.execute(_TOUCH_LINE, {"line": line.id, "now": utcnow()})
    if line.work_id is not None:
        session.execute(_TOUCH_WORK, {"work": line.work_id, "now": utcnow()})
    if in_past:
        _change_past_days(session, line, delta, day)
    else:
        _write_day(session, line, after, day)
    line.pockets = after
    line.last_day = max(day, line.last_day or day)


def _refuse_broken(pockets: Pockets, delta: Pockets, day: date) -> None:
    after = pockets + delta
    if after.plan > MAX_DONG:
        raise RuleBroken(
            "too_much",
            N_("Ghi {asked:money} thì ngày {on:date} dòng vốn vượt số lớn nhất sổ giữ được {most:money}."),
            asked=delta.plan, held=pockets.plan, most=MAX_DONG, on=day,
        )  # fmt: skip
    pocket = after.first_negative()
    if pocket is None:
        return
    held, asked = getattr(pockets, pocket), -getattr(delta, pocket)
    raise RuleBroken(
        "insufficient",
        _INSUFFICIENT.get(pocket, _INSUFFICIENT["available"]),
        asked=asked, held=held, short=asked - held, on=day, pocket=pocket,
    )  # fmt: skip


def _days(line: HeldLine) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(DailyBalance.day, *(getattr(DailyBalance, f) for f in FIELDS)).where(
        DailyBalance.budget_line_id == line.id
    )


def _refuse_past(session: Executor, line: HeldLine, delta: Pockets, day: date) -> None:
    """The same rule for the day itself and every later one that has entries."""
    before = session.execute(
        _days(line).where(DailyBalance.day <= day).order_by(DailyBalance.day.desc()).limit(1)
    ).one_or_none()
    later = session.execute(_days(line).where(DailyBalance.day > day).order_by(DailyBalance.day))
    start = Pockets(*before[1:]) if before is not None else Pockets()
    for on, pockets in [(day, start), *((row[0], Pockets(*row[1:])) for row in later)]:
        _refuse_broken(pockets, delta, on)


def _write_day(session: Executor, line: HeldLine, after: Pockets, day: date) -> None:
    if line.last_day == day:
        new = {f"new_{f}": getattr(after, f) for f in FIELDS}
        session.execute(_SET_DAY, {"line": line.id, "on_day": day, **new})
    else:
        values = {f: getattr(after, f) for f in FIELDS}
        session.execute(_ADD_DAY, {"budget_line_id": line.id, "day": day, **values})


def _change_past_days(session: Executor, line: HeldLine, delta: Pockets, day: date) -> None:
    start = session.execute(
        _days(line).where(DailyBalance.day <= day).order_by(DailyBalance.day.desc()).limit(1)
    ).one_or_none()
    if start is None or start[0] != day:
        pockets = Pockets(*start[1:]) if start is not None else Pockets()
        session.execute(
            sa.insert(DailyBalance),
            {"budget_line_id": line.id, "day": day, **{f: getattr(pockets, f) for f in FIELDS}},
        )
    moved = {f: getattr(DailyBalance, f) + getattr(delta, f) for f in FIELDS if getattr(delta, f)}
    session.execute(
        sa.update(DailyBalance)
        .where(DailyBalance.budget_line_id == line.id, DailyBalance.day >= day)
        .values(moved)
        .execution_options(synchronize_session=False)
    )

"""Proof that the book is whole: chains, balances, every day's balances, contracts and works."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.domain.ledger.chain import SEALED, SEALED_LINE, line_key, seal
from app.domain.ledger.pockets import EMPTY, FIELDS, ON_CONTRACT, Pockets, carried_effect, effect
from app.i18n import N_, Message
from app.models.ledger import Balance, BudgetLine, ChainHead, ChainLink, DailyBalance, LedgerEntry
from app.models.territory import Unit
from app.models.works import (
    Acceptance,
    Contract,
    ContractAmendment,
    ContractBalance,
    PaymentDossier,
    Settlement,
    WorkBalance,
)

_CHUNK: Final = 2_000
Progress = Callable[[str], None]


def verify(progress: Progress = lambda _step: None) -> Message | None:
    """The first fault, named; None when the book is whole. `progress` is told each step."""
    steps: tuple[tuple[str, Callable[[Session], Iterator[Message]]], ...] = (
        (N_("Chuỗi băm từng đơn vị"), _chains),
        (N_("Số dư từng dòng vốn, từng ngày"), _balances),
        (N_("Hợp đồng, công trình"), _limits),
    )
    with db.snapshot() as session:
        for name, step in steps:
            progress(name)
            fault = next(step(session), None)
            if fault is not None:
                return fault
    return None


def _chains(session: Session) -> Iterator[Message]:
    for side in (LedgerEntry.budget_line_id, LedgerEntry.to_budget_line_id):
        unsealed = session.execute(
            sa.select(LedgerEntry.id, Unit.name)
            .join(BudgetLine, BudgetLine.id == side)
            .join(Unit, Unit.id == BudgetLine.unit_id)
            .outerjoin(
                ChainLink,
                sa.and_(ChainLink.entry_id == LedgerEntry.id, ChainLink.unit_id == BudgetLine.unit_id),
            )
            .where(ChainLink.entry_id.is_(None))
            .limit(1)
        ).one_or_none()
        if unsealed is not None:
            yield Message(
                N_("Bút toán {id} không nằm trong chuỗi băm của {unit}."),
                {"id": str(unsealed.id), "unit": unsealed.name},
            )
    heads = {h.unit_id: h for h in session.execute(sa.select(ChainHead)).scalars()}
    linked = set(session.execute(sa.select(ChainLink.unit_id).distinct()).scalars())
    units = linked | heads.keys()
    names = dict(session.execute(sa.select(Unit.id, Unit.name).where(Unit.id.in_(units))).all())
    for unit_id in sorted(units):
        head = heads.get(unit_id)
        name = names.get(unit_id, str(unit_id))
        number, last = 0, ""
        for link, keys in _links(session, unit_id):
            number += 1
            where = {"unit": name, "number": number, "id": str(link["entry_id"])}
            if link["number"] != number:
                yield Message(N_("Chuỗi của {unit} đứt ở mắt {number}: bút toán bị bỏ."), where)
                return
            if link["id"] is None:
                yield Message(N_("Chuỗi của {unit}, mắt {number}: bút toán {id} không còn."), where)
                return
            last = seal(last, unit_id, number, link, keys)
            if last != link["hash"]:
                yield Message(N_("Chuỗi của {unit} sai ở mắt {number}: bút toán {id} đã bị sửa."), where)
                return
        if head is None or (head.count, head.last_hash) != (number, last):
            facts = {"unit": name, "held": number, "asked": head.count if head else 0}
            yield Message(
                N_("Chuỗi của {unit} có {held:number} mắt, đầu chuỗi ghi {asked:number}: bị cắt đuôi."), facts
            )


_Line, _Carried = BudgetLine, aliased(BudgetLine)


def _links(session: Session, unit_id: int) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """(link with its entry, the keys of the entry's lines) in the chain's order."""
    query = (
        sa.select(
            ChainLink.number, ChainLink.hash, ChainLink.entry_id,
            *(getattr(LedgerEntry, column) for column in SEALED),
            *(getattr(table, name).label(f"{side}_{name}") for side, table in _SIDES for name in SEALED_LINE),
        )
        .outerjoin(LedgerEntry, LedgerEntry.id == ChainLink.entry_id)
        .outerjoin(_Line, _Line.id == LedgerEntry.budget_line_id)
        .outerjoin(_Carried, _Carried.id == LedgerEntry.to_budget_line_id)
        .where(ChainLink.unit_id == unit_id)
        .order_by(ChainLink.number)
        .execution_options(yield_per=_CHUNK)
    )  # fmt: skip
    with session.execute(query) as rows:  # closed when a fault ends the reading halfway
        for row in rows:
            link = dict(row._mapping)
            keys = [
                line_key(SimpleNamespace(**{name: link[f"{side}_{name}"] for name in SEALED_LINE}))
                if link[f"{side}_unit_id"] is not None
                else None
                for side, _ in _SIDES
            ]
            yield link, keys


_SIDES: Final = (("own", _Line), ("carried", _Carried))


def _balances(session: Session) -> Iterator[Message]:
    """Every line's entries added up day by day must give its daily balances and its balance."""
    balances = session.execute(sa.select(Balance.budget_line_id, Balance.last_day, *_fields(Balance))).all()
    days = _grouped(_days(session))
    moves = _grouped(_moves(session))
    lines = session.execute(sa.select(BudgetLine.id).order_by(BudgetLine.id)).scalars().all()
    standing = {row[0]: (row[1], Pockets(*list(row)[2:])) for row in balances}
    for line_id in lines:
        held = EMPTY
        expected: dict[date, Pockets] = {}
        for day, change in moves.get(line_id, []):
            held = held + change
            expected[day] = held
        found = dict(days.get(line_id, []))
        wrong = sorted(day for day in expected.keys() | found.keys() if expected.get(day) != found.get(day))
        facts = {"line": str(line_id)}
        if wrong:
            yield Message(
                N_("Dòng vốn {line}: số dư ngày {on:date} không bằng tổng các bút toán."),
                facts | {"on": wrong[0]},
            )
        if standing.get(line_id) != (max(expected, default=None), held):
            yield Message(N_("Dòng vốn {line}: số dư không bằng tổng các bút toán."), facts)


def _fields(table: type[Balance] | type[DailyBalance]) -> list[Any]:
    return [getattr(table, field) for field in FIELDS]


def _grouped(rows: Iterator[tuple[uuid.UUID, date, Pockets]]) -> dict[uuid.UUID, list[tuple[date, Pockets]]]:
    return {
        line_id: [(day, pockets) for _, day, pockets in group]
        for line_id, group in itertools.groupby(rows, key=lambda row: row[0])
    }


def _days(session: Session) -> Iterator[tuple[uuid.UUID, date, Pockets]]:
    query = (
        sa.select(DailyBalance.budget_line_id, DailyBalance.day, *_fields(DailyBalance))
        .order_by(DailyBalance.budget_line_id, DailyBalance.day)
        .execution_options(yield_per=_CHUNK)
    )
    for row in session.execute(query):
        line_id, day, *pockets = row
        yield line_id, day, Pockets(*pockets)


def _moves(session: Session) -> Iterator[tuple[uuid.UUID, date, Pockets]]:
    """What entries do to lines, summed by line, day, kind and pocket, in the order of lines and days."""
    amount = sa.cast(sa.func.sum(LedgerEntry.sign * LedgerEntry.amount), sa.BigInteger)
    sides = [
        sa.select(
            line.label("line"), LedgerEntry.effective_date.label("day"), LedgerEntry.base_kind.label("kind"),
            LedgerEntry.from_pocket.label("pocket"), amount.label("amount"), sa.literal(carried).label("carried"),
        )
        .where(line.is_not(None))
        .group_by(line, LedgerEntry.effective_date, LedgerEntry.base_kind, LedgerEntry.from_pocket)
        for line, carried in ((LedgerEntry.budget_line_id, 0), (LedgerEntry.to_budget_line_id, 1))
    ]  # fmt: skip
    both = sa.union_all(*sides).subquery()
    query = sa.select(both).order_by(both.c.line, both.c.day).execution_options(yield_per=_CHUNK)
    for line_id, day, kind, pocket, total, carried in session.execute(query):
        yield line_id, day, carried_effect(pocket, total) if carried else effect(kind, pocket, total)


def _limits(session: Session) -> Iterator[Message]:
    amount = sa.cast(sa.func.sum(LedgerEntry.sign * LedgerEntry.amount), sa.BigInteger)
    on_contracts: dict[uuid.UUID | None, list[int]] = {}
    for contract_id, kind, pocket, total in session.execute(
        sa.select(LedgerEntry.contract_id, LedgerEntry.base_kind, LedgerEntry.from_pocket, amount)
        .where(LedgerEntry.contract_id.is_not(None), LedgerEntry.base_kind.in_(ON_CONTRACT))
        .group_by(LedgerEntry.contract_id, LedgerEntry.base_kind, LedgerEntry.from_pocket)
    ):
        change = effect(kind, pocket, total)
        net = change.advanced if kind == "advance" or (kind == "refund" and pocket == "advanced") else 0
        sums = on_contracts.setdefault(contract_id, [0, 0, 0])
        for i, part in enumerate((net, change.advanced, change.paid)):
            sums[i] += part
    amended = dict(
        session.execute(
            sa.select(
                ContractAmendment.contract_id, sa.cast(sa.func.sum(ContractAmendment.value), sa.BigInteger)
            ).group_by(ContractAmendment.contract_id)
        ).all()
    )
    accepted = _sums(session, Acceptance.contract_id, Acceptance.value)
    of_payments = PaymentDossier.kind == "payment"
    asked = _sums(
        session, PaymentDossier.contract_id, PaymentDossier.amount + PaymentDossier.recovered, of_payments
    )
    contracted: dict[uuid.UUID, int] = {}
    for contract, held in session.execute(
        sa.select(Contract, ContractBalance).join(ContractBalance, ContractBalance.contract_id == Contract.id)
    ):
        value = contract.value + amended.get(contract.id, 0)
        contracted[contract.work_id] = contracted.get(contract.work_id, 0) + value
        ceiling = value * contract.advance_limit // 10_000
        found = [held.value, held.advance_ceiling, held.net_advances, held.advanced, held.paid]
        if found != [value, ceiling, *on_contracts.get(contract.id, [0, 0, 0])]:
            yield Message(N_("Hợp đồng {code}: số dư không bằng tổng các bút toán."), {"code": contract.code})
        if (held.accepted, held.asked) != (accepted.get(contract.id, 0), asked.get(contract.id, 0)):
            words = N_("Hợp đồng {code}: khối lượng nghiệm thu, hồ sơ thanh toán không bằng tổng chi tiết.")
            yield Message(words, {"code": contract.code})
    yield from _works(session, contracted)


def _sums(session: Session, key: Any, amount: Any, *where: sa.ColumnElement[bool]) -> dict[uuid.UUID, int]:
    query = sa.select(key, sa.cast(sa.func.sum(amount), sa.BigInteger)).where(*where).group_by(key)
    return dict(session.execute(query).all())


def _works(session: Session, contracted: dict[uuid.UUID, int]) -> Iterator[Message]:
    pockets = Balance.advanced + Balance.paid + Balance.settled
    disbursed = dict(
        session.execute(
            sa.select(BudgetLine.work_id, sa.cast(sa.func.sum(pockets), sa.BigInteger))
            .join(Balance, Balance.budget_line_id == BudgetLine.id)
            .where(BudgetLine.work_id.is_not(None))
            .group_by(BudgetLine.work_id)
        ).all()
    )
    settled = dict(session.execute(sa.select(Settlement.work_id, Settlement.settled_value)).all())
    for work in session.execute(sa.select(WorkBalance)).scalars():
        expected = (contracted.get(work.work_id, 0), disbursed.get(work.work_id, 0))
        facts = {"id": str(work.work_id)}
        if (work.contracted, work.disbursed) != expected:
            yield Message(N_("Công trình {id}: số đã ký, đã giải ngân không bằng tổng chi tiết."), facts)
        if work.settled_value != settled.get(work.work_id):
            yield Message(N_("Công trình {id}: giá trị quyết toán không bằng quyết định đã ghi."), facts)

"""Contracts of a work: their values with amendments, within the approved total; the ceiling of advances."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.ledger.entries import hash_body
from app.domain.programs import parameter_on
from app.errors import Conflict, FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.works import Contract, ContractAmendment, ContractBalance, Work, WorkBalance
from app.text import fold

WHOLE: Final = 10_000  # advance limits are kept in ten-thousandths of the value


@dataclass(frozen=True, slots=True)
class Amendment:
    """`value` is the signed difference in đồng."""

    value: int
    signed_on: date


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract as it is signed. `advance_limit` in ten-thousandths; by default the law's parameter.

    A higher limit needs `advance_permit`: the document by which the one who decided on the investment allows it.
    """

    id: uuid.UUID
    work_id: uuid.UUID
    code: str
    contractor: str
    value: int
    signed_on: date
    advance_limit: int | None = None
    advance_permit: str = ""
    amendments: tuple[Amendment, ...] = ()

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract and what was disbursed on it over all years, in đồng."""

    id: uuid.UUID
    work_id: uuid.UUID
    work_code: str
    work_name: str
    code: str
    contractor: str
    value: int
    advance_limit: int
    advance_permit: str
    signed_on: date
    version: int
    value_with_amendments: int
    advance_ceiling: int
    net_advances: int
    advanced: int
    paid: int
    updated_at: datetime
    amendments: tuple[Amendment, ...] = ()

    @property
    def disbursed(self) -> int:
        return self.advanced + self.paid


def _contracts(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Contract.id, Contract.work_id, Work.code, Work.name, Contract.code, Contract.contractor,
            Contract.value, Contract.advance_limit, Contract.advance_permit, Contract.signed_on,
            Contract.version, ContractBalance.value, ContractBalance.advance_ceiling,
            ContractBalance.net_advances, ContractBalance.advanced, ContractBalance.paid, Contract.updated_at,
        )
        .join(ContractBalance, ContractBalance.contract_id == Contract.id)
        .join(Work, Work.id == Contract.work_id)
        .where(in_scope(actor, Work.owner_unit_id))
    )  # fmt: skip


def contracts(
    actor: Actor,
    *,
    work_id: uuid.UUID | None = None,
    q: str = "",
    updated_since: datetime | None = None,
    after: tuple[date, uuid.UUID] | None = None,
    limit: int = 500,
) -> list[ContractView]:
    """Contracts by the day of signing; NotFound for a work out of scope."""
    require(actor, "read")
    query = _contracts(actor)
    with db.transaction() as session:
        if work_id is not None:
            _work_unit(session, actor, work_id)
            query = query.where(Contract.work_id == work_id)
        for word in fold(q).split():
            query = query.where(Contract.search.contains(word, autoescape=True))
        if updated_since is not None:
            query = query.where(Contract.updated_at >= updated_since)
        if after is not None:
            last = sa.tuple_(sa.literal(after[0]), sa.literal(after[1], sa.Uuid))
            query = query.where(sa.tuple_(Contract.signed_on, Contract.id) > last)
        rows = session.execute(query.order_by(Contract.signed_on, Contract.id).limit(limit)).all()
        return _with_amendments(session, rows)


def _with_amendments(session: Session, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[ContractView]:
    found: dict[uuid.UUID, list[Amendment]] = {row[0]: [] for row in rows}
    query = (
        sa.select(ContractAmendment.contract_id, ContractAmendment.value, ContractAmendment.signed_on)
        .where(ContractAmendment.contract_id.in_(list(found)))
        .order_by(ContractAmendment.id)
    )
    for contract_id, value, signed_on in session.execute(query):
        found[contract_id].append(Amendment(value, signed_on))
    return [ContractView(*[*row, tuple(found[row[0]])]) for row in rows]


def get(actor: Actor, contract_id: uuid.UUID, *, work_id: uuid.UUID | None = None) -> ContractView:
    """One contract; NotFound out of scope, or where it is none of the work that is named."""
    require(actor, "read")
    with db.transaction() as session:
        found = _one(session, actor, contract_id)
    if work_id not in (None, found.work_id):
        raise NotFound()
    return found


def _one(session: Session, actor: Actor, contract_id: uuid.UUID) -> ContractView:
    row = session.execute(_contracts(actor).where(Contract.id == contract_id)).one_or_none()
    if row is None:
        raise NotFound()
    return _with_amendments(session, [row])[0]


def _work_unit(session: Session, actor: Actor, work_id: uuid.UUID) -> int:
    unit_id = session.execute(
        sa.select(Work.owner_unit_id).where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
    ).scalar_one_or_none()
    if unit_id is None:
        raise NotFound(N_("Không có công trình này trong phạm vi của bạn."), field="work_id")
    return unit_id


def create(actor: Actor, new: NewContract) -> tuple[ContractView, bool]:
    """Sign a contract; (the contract, whether it is new).

    Raises RuleBroken `work_total` when contracts would exceed the approved total investment.
    """
    require(actor, "contract.edit")
    _check(new)
    try:
        return _create(actor, new)
    except IntegrityError:
        return _create(actor, new)  # somebody has just made it: look again


def _create(actor: Actor, new: NewContract) -> tuple[ContractView, bool]:
    with db.transaction(write=True) as session:
        unit_id = _work_unit(session, actor, new.work_id)
        body = new.body_hash()
        stored = session.execute(
            sa.select(Contract.body_hash).where(Contract.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return _one(session, actor, new.id), False
        twin = session.execute(
            sa.select(Contract.id).where(Contract.work_id == new.work_id, Contract.code == new.code)
        ).first()
        if twin is not None:
            raise Conflict(N_("Công trình này đã có hợp đồng số {code}."), code=new.code)
        limit = _limit(session, new.advance_limit, new.advance_permit, new.signed_on)
        value = new.value + sum(a.value for a in new.amendments)
        _contract_for(session, new.work_id, value)
        now = utcnow()
        session.execute(
            sa.insert(Contract).values(
                id=new.id, work_id=new.work_id, code=new.code, contractor=new.contractor, value=new.value,
                advance_limit=limit, advance_permit=new.advance_permit, signed_on=new.signed_on,
                search=f"{fold(new.code)} {fold(new.contractor)}", body_hash=body, created_at=now,
                created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        session.execute(
            sa.insert(ContractBalance).values(
                contract_id=new.id, value=value, advance_ceiling=value * limit // WHOLE, net_advances=0,
                advanced=0, paid=0,
            )
        )  # fmt: skip
        _add_amendments(session, new.id, new.amendments)
        audit.record(
            session, actor, "contract.create", "contract", new.id, unit_id, code=new.code, value=new.value,
            work_id=new.work_id,
        )  # fmt: skip
        return _one(session, actor, new.id), True


def _add_amendments(session: Session, contract_id: uuid.UUID, amendments: Sequence[Amendment]) -> None:
    for amendment in amendments:
        session.execute(
            sa.insert(ContractAmendment).values(
                contract_id=contract_id, value=amendment.value, signed_on=amendment.signed_on,
                created_at=utcnow(),
            )
        )  # fmt: skip


def _check(new: NewContract) -> None:
    faults = []
    message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
    if not 0 < new.value <= MAX_AMOUNT or new.value + sum(a.value for a in new.amendments) <= 0:
        faults.append(FieldError("value", message, {"most": MAX_AMOUNT}))
    if new.advance_limit is not None and not 0 <= new.advance_limit <= WHOLE:
        faults.append(FieldError("advance_limit", N_("Mức tạm ứng là tỷ lệ từ 0 đến 1.")))
    late = N_("Ngày ký không được sau hôm nay {today:date}.")
    if new.signed_on > today():
        faults.append(FieldError("signed_on", late, {"today": today()}))
    faults += _amendment_faults(new.amendments, new.signed_on)
    if faults:
        raise Invalid(*faults)


def _amendment_faults(amendments: Sequence[Amendment], signed_on: date) -> list[FieldError]:
    faults = []
    for i, amendment in enumerate(amendments):
        if amendment.value == 0 or abs(amendment.value) > MAX_AMOUNT:
            message = N_("Phụ lục ghi phần tăng (số dương) hoặc giảm (số âm), khác 0.")
            faults.append(FieldError(f"amendments.{i}.value", message))
        if not signed_on <= amendment.signed_on <= today():
            message = N_("Ngày phụ lục phải từ ngày ký hợp đồng đến hôm nay.")
            faults.append(FieldError(f"amendments.{i}.signed_on", message))
    return faults


def _limit(session: Session, asked: int | None, permit: str, signed_on: date) -> int:
    """The share that may be advanced, in ten-thousandths.

    By default the parameter `advance.limit` in force at signing (Nghị định 99/2021/NĐ-CP, Điều 10, to 2025); more
    only with the document that permits it, which the same article asks for.
    """
    parameter = parameter_on(session, "advance.limit", signed_on)
    usual = int(parameter.value) if parameter is not None and parameter.value is not None else None
    if asked is None:
        if usual is None:
            raise Invalid.field(
                "advance_limit", N_("Chưa có mức tạm ứng theo quy định cho ngày này: hãy ghi rõ.")
            )
        return usual
    if usual is not None and asked > usual and not permit:
        raise Invalid.field(
            "advance_permit",
            N_("Mức tạm ứng cao hơn quy định cần văn bản cho phép của người quyết định đầu tư."),
        )
    return asked


def _contract_for(session: Session, work_id: uuid.UUID, value: int) -> None:
    """Count a contract's value (or a change of it) against the work's approved total."""
    held = session.execute(
        sa.select(WorkBalance.total_investment, WorkBalance.contracted)
        .where(WorkBalance.work_id == work_id)
        .with_for_update()
    ).one()
    if value > 0 and held.total_investment is not None and held.contracted + value > held.total_investment:
        raise RuleBroken(
            "work_total",
            N_("Hợp đồng {asked:money} vượt phần còn lại {held:money} của tổng mức đầu tư được duyệt."),
            asked=value, held=held.total_investment - held.contracted,
        )  # fmt: skip
    session.execute(
        sa.update(WorkBalance)
        .where(WorkBalance.work_id == work_id)
        .values(contracted=held.contracted + value)
    )


def update(actor: Actor, contract_id: uuid.UUID, version: int, changes: dict[str, Any]) -> ContractView:
    """Change code, contractor, signed_on, advance_limit, advance_permit, or add amendments.

    `amendments` is the whole list; those that stand already must come first, as they are: what was signed
    stays. Raises RuleBroken `contract_value` or `advance_limit` when the new value would not cover what was
    disbursed or advanced, Stale when somebody changed the contract since.
    """
    require(actor, "contract.edit")
    with db.transaction(write=True) as session:
        contract = _one(session, actor, contract_id)
        if contract.version != version:
            raise Stale(contract)
        if not changes:
            return contract
        values = {
            k: v for k, v in changes.items() if k in ("code", "contractor", "signed_on", "advance_permit")
        }
        new = _new_amendments(contract, changes.get("amendments"))
        limit = _changed_limit(session, contract, changes)
        _refuse_code(session, contract, values.get("code", contract.code))
        difference = sum(a.value for a in new)
        _revalue(session, contract_id, difference, limit)  # the contract before its work: the ledger's order
        _contract_for(session, contract.work_id, difference)
        _add_amendments(session, contract_id, new)
        code, contractor = (changes.get(k, getattr(contract, k)) for k in ("code", "contractor"))
        changed = session.execute(
            sa.update(Contract)
            .where(Contract.id == contract_id, Contract.version == version)
            .values(
                **values, advance_limit=limit, search=f"{fold(code)} {fold(contractor)}", version=version + 1,
                updated_at=utcnow(),
            )
            .returning(Contract.id)
        ).scalar_one_or_none()  # fmt: skip
        if changed is None:
            raise Stale(_one(session, actor, contract_id))
        unit_id = _work_unit(session, actor, contract.work_id)
        facts = {k: v for k, v in changes.items() if k != "amendments"}
        audit.record(
            session, actor, "contract.update", "contract", contract_id, unit_id, **facts,
            amendments=[{"value": a.value, "signed_on": a.signed_on} for a in new],
        )  # fmt: skip
        return _one(session, actor, contract_id)


def _changed_limit(session: Session, contract: ContractView, changes: dict[str, Any]) -> int:
    """The limit after a change, which the permit and the day of signing decide with it."""
    signed_on: date = changes.get("signed_on", contract.signed_on)
    limit = changes.get("advance_limit")
    faults = []
    if limit is not None and not 0 <= limit <= WHOLE:
        faults.append(FieldError("advance_limit", N_("Mức tạm ứng là tỷ lệ từ 0 đến 1.")))
    if signed_on > today():
        faults.append(
            FieldError("signed_on", N_("Ngày ký không được sau hôm nay {today:date}."), {"today": today()})
        )
    faults += _amendment_faults(changes.get("amendments") or contract.amendments, signed_on)
    if faults:
        raise Invalid(*faults)
    if not {"advance_limit", "advance_permit", "signed_on"} & changes.keys():
        return contract.advance_limit
    permit = changes.get("advance_permit", contract.advance_permit)
    return _limit(session, contract.advance_limit if limit is None else limit, permit, signed_on)


def _refuse_code(session: Session, contract: ContractView, code: str) -> None:
    twin = session.execute(
        sa.select(Contract.id).where(
            Contract.work_id == contract.work_id, Contract.code == code, Contract.id != contract.id
        )
    ).first()
    if twin is not None:
        raise Conflict(N_("Công trình này đã có hợp đồng số {code}."), code=code)


def _new_amendments(contract: ContractView, wanted: Sequence[Amendment] | None) -> Sequence[Amendment]:
    if wanted is None:
        return ()
    standing = len(contract.amendments)
    if tuple(wanted[:standing]) != contract.amendments:
        raise Invalid.field("amendments", N_("Phụ lục đã ký không sửa được: chỉ thêm phụ lục mới vào cuối."))
    return wanted[standing:]


def _revalue(session: Session, contract_id: uuid.UUID, difference: int, limit: int) -> None:
    held = session.execute(
        sa.select(ContractBalance).where(ContractBalance.contract_id == contract_id).with_for_update()
    ).scalar_one()
    value = held.value + difference
    disbursed = held.advanced + held.paid
    if value < max(disbursed, 1):
        raise RuleBroken(
            "contract_value",
            N_("Giá trị hợp đồng còn {asked:money} sẽ thấp hơn phần đã giải ngân {held:money}."),
            asked=value, held=disbursed,
        )  # fmt: skip
    ceiling = value * limit // WHOLE
    if ceiling < held.net_advances:
        raise RuleBroken(
            "advance_limit",
            N_("Mức trần tạm ứng mới {asked:money} thấp hơn phần đã tạm ứng {held:money}."),
            asked=ceiling, held=held.net_advances,
        )  # fmt: skip
    held.value, held.advance_ceiling = value, ceiling
    session.flush()

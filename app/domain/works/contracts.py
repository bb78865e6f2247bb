"""Signing and changing the contracts of a work: within the approved total; the ceiling of advances; amendments stay."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.ledger.entries import hash_body
from app.domain.programs import parameter_on
from app.domain.works.contract_views import (
    WHOLE,
    Amendment,
    ContractView,
    contracts,
    get,
    locked,
    one,
    work_unit,
)
from app.domain.works.stages import refuse_closed
from app.errors import Conflict, FieldError, IdTaken, Invalid, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.works import (
    Acceptance,
    Contract,
    ContractAmendment,
    ContractBalance,
    PaymentDossier,
    WorkBalance,
)
from app.text import fold

__all__ = [
    "EDITABLE", "WHOLE", "Amendment", "ContractView", "NewContract", "contracts", "create", "get", "update",
]  # fmt: skip

# Fields that contracts did not have at first, each with what it is when nothing is said.
_LATE: Final[Mapping[str, Any]] = {
    "package": "", "selection": "", "starts_on": None, "ends_on": None, "guarantee": "", "guarantee_amount": None,
    "guarantee_until": None,
}  # fmt: skip
EDITABLE: Final = ("code", "contractor", "signed_on", "advance_permit", *_LATE)


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract as it is signed. `advance_limit` in ten-thousandths; by default the law's parameter.

    A higher limit needs `advance_permit`: the document by which the one who decided on the investment allows it.
    `package` is the gói thầu, `selection` the form in which the contractor was chosen, `guarantee` its paper's number.
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
    package: str = ""
    selection: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    guarantee: str = ""
    guarantee_amount: int | None = None
    guarantee_until: date | None = None

    def body_hash(self) -> str:
        """Fields that came later count only where they are used: what was sent before hashes as it did."""
        values = [getattr(self, name) for name in self.__slots__ if name not in _LATE]
        used = (name for name, usual in _LATE.items() if getattr(self, name) != usual)
        return hash_body(*values, *(f"{name}={getattr(self, name)}" for name in used))


def create(actor: Actor, new: NewContract, *, illustrative: bool = False) -> tuple[ContractView, bool]:
    """Sign a contract; (the contract, whether it is new).

    Raises RuleBroken `work_total` when contracts would exceed the approved total investment.
    """
    require(actor, "contract.edit")
    _check(new)
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewContract, illustrative: bool) -> tuple[ContractView, bool]:
    with db.transaction(write=True) as session:
        unit_id = work_unit(session, actor, new.work_id, lock=True)
        body = new.body_hash()
        stored = session.execute(
            sa.select(Contract.body_hash).where(Contract.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        refuse_closed(session, new.work_id)
        _refuse_code(session, new.work_id, new.code, None)
        limit = _limit(session, new.advance_limit, new.advance_permit, new.signed_on)
        value = new.value + sum(a.value for a in new.amendments)
        _contract_for(session, new.work_id, value)
        now = utcnow()
        session.execute(
            sa.insert(Contract).values(
                {name: getattr(new, name) for name in EDITABLE}
                | {
                    "id": new.id, "work_id": new.work_id, "value": new.value, "advance_limit": limit,
                    "search": _search(new.code, new.contractor, new.package), "body_hash": body,
                    "created_at": now, "created_by": actor.ref, "updated_at": now, "version": 1,
                    "illustrative": illustrative,
                }
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
        return one(session, actor, new.id), True


def _search(code: str, contractor: str, package: str) -> str:
    return fold(" ".join(part for part in (code, contractor, package) if part))


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
    values = {name: getattr(new, name) for name in (*EDITABLE, "advance_limit")}
    faults += [*_faults(values), *_amendment_faults(new.amendments, new.signed_on)]
    if faults:
        raise Invalid(*faults)


def _faults(values: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with a contract's values by themselves; all of them are given."""
    faults = []
    if values["advance_limit"] is not None and not 0 <= values["advance_limit"] <= WHOLE:
        faults.append(FieldError("advance_limit", N_("Mức tạm ứng là tỷ lệ từ 0 đến 1.")))
    if values["signed_on"] > today():
        late = N_("Ngày ký không được sau hôm nay {today:date}.")
        faults.append(FieldError("signed_on", late, {"today": today()}))
    starts, ends = values["starts_on"], values["ends_on"]
    if starts is not None and ends is not None and ends < starts:
        faults.append(FieldError("ends_on", N_("Ngày kết thúc không trước ngày bắt đầu.")))
    if starts is not None and starts < values["signed_on"]:
        message = N_("Ngày bắt đầu không trước ngày ký hợp đồng {signed:date}.")
        faults.append(FieldError("starts_on", message, {"signed": values["signed_on"]}))
    if values["guarantee_until"] is not None and values["guarantee_until"] < values["signed_on"]:
        message = N_("Bảo lãnh không hết hạn trước ngày ký hợp đồng {signed:date}.")
        faults.append(FieldError("guarantee_until", message, {"signed": values["signed_on"]}))
    amount = values["guarantee_amount"]
    if amount is not None and not 0 < amount <= MAX_AMOUNT:
        message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
        faults.append(FieldError("guarantee_amount", message, {"most": MAX_AMOUNT}))
    return faults


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


def update(
    actor: Actor,
    contract_id: uuid.UUID,
    version: int,
    changes: dict[str, Any],
    *,
    work_id: uuid.UUID | None = None,
) -> ContractView:
    """Change a contract by the names of NewContract, but its value, which amendments change.

    `amendments` is the whole list; those that stand already must come first, as they are: what was signed
    stays. Raises RuleBroken `contract_value`, `accepted_value` or `advance_limit` when the new value would not cover
    what was disbursed, accepted or advanced, Stale when somebody changed the contract since.
    """
    require(actor, "contract.edit")
    with db.transaction(write=True) as session:
        contract, unit_id = locked(session, actor, contract_id, work_id)
        if contract.version != version:
            raise Stale(contract)
        if not changes:
            return contract
        refuse_closed(session, contract.work_id)
        whole = {name: getattr(contract, name) for name in (*EDITABLE, "advance_limit")} | changes
        new = _new_amendments(contract, changes.get("amendments"))
        limit = _changed_limit(session, contract, whole, changes)
        _refuse_code(session, contract.work_id, whole["code"], contract_id)
        difference = sum(a.value for a in new)
        _revalue(session, contract_id, difference, limit)
        _contract_for(session, contract.work_id, difference)
        _add_amendments(session, contract_id, new)
        session.execute(
            sa.update(Contract)
            .where(Contract.id == contract_id)
            .values(
                **{name: changes[name] for name in EDITABLE if name in changes}, advance_limit=limit,
                search=_search(whole["code"], whole["contractor"], whole["package"]), version=version + 1,
                updated_at=utcnow(),
            )
        )  # fmt: skip
        facts = {k: v for k, v in changes.items() if k != "amendments"}
        audit.record(
            session, actor, "contract.update", "contract", contract_id, unit_id, **facts,
            amendments=[{"value": a.value, "signed_on": a.signed_on} for a in new],
        )  # fmt: skip
        return one(session, actor, contract_id)


def _changed_limit(
    session: Session, contract: ContractView, whole: Mapping[str, Any], changes: Mapping[str, Any]
) -> int:
    """The limit after a change, which the permit and the day of signing decide with it."""
    faults = _faults(whole)
    first = _first_use(session, contract.id) if "signed_on" in changes else None
    if first is not None and whole["signed_on"] > first:
        message = N_("Ngày ký không sau ngày {first:date} đã nghiệm thu hoặc gửi hồ sơ thanh toán.")
        faults.append(FieldError("signed_on", message, {"first": first}))
    faults += _amendment_faults(changes.get("amendments") or contract.amendments, whole["signed_on"])
    if faults:
        raise Invalid(*faults)
    if not {"advance_limit", "advance_permit", "signed_on"} & changes.keys():
        return contract.advance_limit
    asked = contract.advance_limit if whole["advance_limit"] is None else whole["advance_limit"]
    return _limit(session, asked, whole["advance_permit"], whole["signed_on"])


def _first_use(session: Session, contract_id: uuid.UUID) -> date | None:
    """The first day on which volume was accepted or a dossier sent under a contract."""
    days: sa.CompoundSelect[Any] = sa.union_all(
        sa.select(sa.func.min(Acceptance.accepted_on)).where(Acceptance.contract_id == contract_id),
        sa.select(sa.func.min(PaymentDossier.submitted_on)).where(PaymentDossier.contract_id == contract_id),
    )
    return min((day for day in session.execute(days).scalars() if day is not None), default=None)


def _refuse_code(session: Session, work_id: uuid.UUID, code: str, but: uuid.UUID | None) -> None:
    twin = session.execute(
        sa.select(Contract.id).where(Contract.work_id == work_id, Contract.code == code, Contract.id != but)
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
    if value < held.accepted:
        raise RuleBroken(
            "accepted_value",
            N_("Giá trị hợp đồng còn {asked:money} sẽ thấp hơn khối lượng đã nghiệm thu {held:money}."),
            asked=value, held=held.accepted,
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

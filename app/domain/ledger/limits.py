"""What binds contracts and works over all years: their values, the ceiling of advances, the approved total."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import Executor
from app.domain.ledger.books import Books, HeldContract, HeldLine, HeldWork
from app.domain.ledger.pockets import ON_CONTRACT, effect
from app.errors import Invalid, RuleBroken
from app.i18n import N_
from app.models.works import ContractBalance, WorkBalance


def require_contract(
    line: HeldLine, kind: str, contract: HeldContract | None, reason: str, field: str
) -> None:
    """On a work's line an entry that pays names its contract, or says why there is none."""
    if contract is not None and contract.work_id != line.work_id:
        raise Invalid.field(field, N_("Hợp đồng này không thuộc công trình của dòng vốn."))
    if contract is None and line.work_id is not None and kind in ON_CONTRACT and not reason.strip():
        raise Invalid.field(
            field,
            N_(
                "Dòng vốn của công trình: chọn hợp đồng, hoặc ghi lý do không có hợp đồng (bồi thường, quản lý)."
            ),
        )


def move(
    books: Books, line: HeldLine, contract: HeldContract | None, kind: str, pocket: str | None, amount: int
) -> None:
    """Count an entry against its contract and its work; `amount` is negative for a reversal.

    Raises RuleBroken `contract_value`, `advance_limit`, `contract_advanced`, `contract_paid`, `work_total` or
    `work_settled`, each with `asked` and `held`.
    """
    if contract is not None and kind in ON_CONTRACT:
        _move_contract(books.session, contract, kind, pocket, amount)
    if line.work_id is not None and kind != "carry_over":  # carrying moves between two lines of one work
        disbursed = effect(kind, pocket, amount).disbursed
        if disbursed:
            _move_work(books.session, books.works[line.work_id], disbursed)


def _move_contract(session: Executor, held: HeldContract, kind: str, pocket: str | None, amount: int) -> None:
    change = effect(kind, pocket, amount)
    advanced, paid = held.advanced + change.advanced, held.paid + change.paid
    net = held.net_advances
    if kind == "advance" or (kind == "refund" and pocket == "advanced"):
        net += change.advanced
    more = advanced + paid - held.advanced - held.paid
    if advanced < 0:
        raise RuleBroken(
            "contract_advanced",
            N_("Hợp đồng này chỉ còn tạm ứng chưa thu hồi {held:money}, không đủ {asked:money}."),
            asked=held.advanced - advanced, held=held.advanced,
        )  # fmt: skip
    if paid < 0:
        raise RuleBroken(
            "contract_paid",
            N_("Hợp đồng này mới thanh toán {held:money}, không đủ {asked:money}."),
            asked=held.paid - paid, held=held.paid,
        )  # fmt: skip
    if advanced + paid > held.value:
        raise RuleBroken(
            "contract_value",
            N_("Ghi {asked:money} nhưng hợp đồng chỉ còn {held:money} chưa giải ngân."),
            asked=more, held=held.value - held.advanced - held.paid,
        )  # fmt: skip
    if net > held.advance_ceiling and net > held.net_advances:
        raise RuleBroken(
            "advance_limit",
            N_("Tạm ứng {asked:money} nhưng theo mức trần của hợp đồng chỉ còn được {held:money}."),
            asked=net - held.net_advances, held=max(0, held.advance_ceiling - held.net_advances),
        )  # fmt: skip
    session.execute(
        sa.update(ContractBalance)
        .where(ContractBalance.contract_id == held.id)
        .values(advanced=advanced, paid=paid, net_advances=net)
    )
    held.advanced, held.paid, held.net_advances = advanced, paid, net


def _move_work(session: Executor, held: HeldWork, disbursed: int) -> None:
    if held.total_investment is not None and disbursed > 0:
        room = held.total_investment - held.disbursed
        if disbursed > room:
            raise RuleBroken(
                "work_total",
                N_("Ghi {asked:money} nhưng công trình chỉ còn {held:money} trong tổng mức đầu tư được duyệt."),
                asked=disbursed, held=room,
            )  # fmt: skip
    if held.settled_value is not None and disbursed > 0:
        # No constraint of the database says so: more may be disbursed already, which is to be recovered.
        room = max(0, held.settled_value - held.disbursed)
        if disbursed > room:
            raise RuleBroken(
                "work_settled",
                N_("Ghi {asked:money} nhưng công trình đã duyệt quyết toán, chỉ còn được trả {held:money}."),
                asked=disbursed, held=room,
            )  # fmt: skip
    held.disbursed += disbursed
    session.execute(
        sa.update(WorkBalance).where(WorkBalance.work_id == held.id).values(disbursed=held.disbursed)
    )

"""Contracts of a work, their acceptances and payment dossiers, and a work's settlement: tables, and what is amiss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.domain.works import WorkView
from app.domain.works.acceptances import AcceptanceView
from app.domain.works.contracts import ContractView
from app.domain.works.payment_dossiers import PAID, DossierView
from app.domain.works.settlement import Account
from app.i18n import N_, Message
from app.money import rate
from app.reports.clearance import file_name
from app.reports.table import Cell, Column, Row, Table, Tag

DOSSIER_KINDS: Final = {"payment": N_("Thanh toán khối lượng"), "advance": N_("Tạm ứng")}
DOSSIER_STATES: Final = {
    "prepared": N_("Đang lập"),
    "submitted": N_("Đã gửi"),
    "returned": N_("Bị trả lại"),
    "paid": N_("Đã thanh toán"),
}
_STATE_TAGS: Final[dict[str, Literal["", "late", "risk", "done", "plain"]]] = {
    "prepared": "plain", "submitted": "", "returned": "late", "paid": "done",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Warned:
    """Something amiss with a contract: `late` or `risk`, in words, and the page that mends it."""

    kind: Literal["late", "risk"]
    text: Message
    href: str


def warnings(
    contract: ContractView, dossiers: Sequence[DossierView], on: date, lang: str
) -> Iterator[Warned]:
    """What has to be done about a contract, the late things first."""
    found = [*_of_contract(contract, on), *(w for d in dossiers for w in _of_dossier(d, lang))]
    yield from sorted(found, key=lambda w: w.kind != "late")


def _of_contract(c: ContractView, on: date) -> Iterator[Warned]:
    page = f"/contracts/{c.id}"
    paper = {"paper": c.guarantee, "day": c.guarantee_until}
    match c.guarantee_state(on):
        case "expired":
            words = N_("Bảo lãnh {paper} đã hết hạn ngày {day:date} khi hợp đồng chưa xong")
            yield Warned("late", Message(words, paper), f"{page}/edit")
        case "soon":
            words = N_("Bảo lãnh {paper} hết hạn ngày {day:date}, hợp đồng chưa xong")
            yield Warned("risk", Message(words, paper), f"{page}/edit")
    if c.recovery_due:
        words = N_("Đã nghiệm thu {accepted:money}, phải thu hồi hết tạm ứng: còn {held:money}")
        facts = {"accepted": c.accepted, "held": c.recovery_due}
        yield Warned("late", Message(words, facts), f"{page}/payment-dossiers/new")
    if c.paid > c.accepted:
        words = N_("Đã thanh toán {paid:money} nhưng mới nghiệm thu {accepted:money}")
        facts = {"paid": c.paid, "accepted": c.accepted}
        yield Warned("risk", Message(words, facts), f"{page}/acceptances/new")


def _of_dossier(d: DossierView, lang: str) -> Iterator[Warned]:
    page = f"/payment-dossiers/{d.id}"
    if d.state == PAID and d.reversed:
        words = N_("Bút toán chi trả hồ sơ số {number} đã bị đảo")
        yield Warned("late", Message(words, {"number": d.round}), page)
    elif d.state == "returned":
        words = N_("Hồ sơ số {number} bị trả lại: {reason}")
        yield Warned("late", Message(words, {"number": d.round, "reason": d.returned_reason}), page)
    if d.missing and not d.settled:
        words = N_("Hồ sơ số {number} còn thiếu: {names}")
        names = "; ".join(m.said(lang) for m in d.missing)
        yield Warned("risk", Message(words, {"number": d.round, "names": names}), page)


def guarantee_tag(contract: ContractView, on: date) -> Tag | None:
    """Whether a guarantee has run out, or does soon."""
    match contract.guarantee_state(on):
        case "expired":
            return Tag("late", Message(N_("hết hạn {day:date}"), {"day": contract.guarantee_until}))
        case "soon":
            return Tag("risk", Message(N_("đến {day:date}"), {"day": contract.guarantee_until}))
    if contract.guarantee_until is None:
        return None
    return Tag("plain", Message(N_("đến {day:date}"), {"day": contract.guarantee_until}))


def packages_table(work: WorkView, contracts: Sequence[ContractView], on: date) -> Table:
    """A work's contracts with their packages, dates and guarantees, and what was accepted and disbursed on each."""
    money = ("value_with_amendments", "accepted", "disbursed", "advanced")
    return Table(
        title=N_("Hợp đồng"),
        columns=[
            Column("name", N_("Hợp đồng"), width=36),
            Column("contractor", N_("Nhà thầu, tổ thi công"), width=30),
            Column("selection", N_("Hình thức lựa chọn")),
            Column("ends", N_("Hạn hoàn thành"), "date"),
            Column("guarantee", N_("Bảo lãnh"), "tag"),
            Column("value_with_amendments", N_("Giá trị, kể cả phụ lục"), "money"),
            Column("accepted", N_("Đã nghiệm thu"), "money"),
            Column("disbursed", N_("Đã giải ngân"), "money"),
            Column("advanced", N_("Tạm ứng chưa thu hồi"), "money"),
        ],
        rows=[
            Row(
                {
                    "name": Cell(c.code, f"/contracts/{c.id}", c.package or None),
                    "contractor": c.contractor,
                    "selection": c.selection,
                    "ends": c.ends_on,
                    "guarantee": guarantee_tag(c, on),
                    **{name: getattr(c, name) for name in money},
                }
            )
            for c in contracts
        ],
        totals=Row(
            {
                "name": Message(N_("Cộng")),
                **{name: sum(getattr(c, name) for c in contracts) for name in money},
            },
            "sum",
        )
        if contracts
        else None,
        filters=[(N_("Công trình"), work.name)],
        name=f"hop-dong-{file_name(work)}",
    )


def acceptances_table(contract: ContractView, rounds: Sequence[AcceptanceView]) -> Table:
    """The rounds of a contract, with the sum up to each."""
    rows, total = [], 0
    for a in rounds:
        total += a.value
        rows.append(
            Row(
                {
                    "name": Cell(Message(N_("Đợt {n:number}"), {"n": a.round}), f"/acceptances/{a.id}"),
                    "on": a.accepted_on,
                    "value": a.value,
                    "total": total,
                    "rate": rate(total, contract.value_with_amendments),
                    "dossiers": ", ".join(str(number) for number in a.dossiers),
                }
            )
        )
    return Table(
        title=N_("Nghiệm thu khối lượng"),
        columns=[
            Column("name", N_("Đợt")),
            Column("on", N_("Ngày nghiệm thu"), "date"),
            Column("value", N_("Giá trị đợt này"), "money"),
            Column("total", N_("Lũy kế"), "money"),
            Column("rate", N_("Tỷ lệ"), "percent"),
            Column("dossiers", N_("Hồ sơ thanh toán số")),
        ],
        rows=rows,
        name="nghiem-thu",
    )


def state_tag(dossier: DossierView) -> Tag:
    """Where a dossier stands."""
    if dossier.state == PAID and dossier.reversed:
        return Tag("late", N_("Bút toán đã bị đảo"))
    if dossier.wanting and dossier.missing:
        return Tag("risk", Message(N_("Thiếu {n:number} loại văn bản"), {"n": len(dossier.missing)}))
    return Tag(_STATE_TAGS[dossier.state], DOSSIER_STATES[dossier.state])


def dossiers_table(dossiers: Sequence[DossierView]) -> Table:
    """The payment dossiers of a contract."""
    return Table(
        title=N_("Hồ sơ thanh toán"),
        columns=[
            Column("name", N_("Hồ sơ")),
            Column("kind", N_("Loại")),
            Column("amount", N_("Đề nghị chi"), "money"),
            Column("recovered", N_("Thu hồi tạm ứng"), "money"),
            Column("sent", N_("Ngày gửi"), "date"),
            Column("state", N_("Tình trạng"), "tag"),
        ],
        rows=[
            Row(
                {
                    "name": Cell(Message(N_("Số {n:number}"), {"n": d.round}), f"/payment-dossiers/{d.id}"),
                    "kind": Message(DOSSIER_KINDS[d.kind]),
                    "amount": d.amount,
                    "recovered": d.recovered,
                    "sent": d.submitted_on,
                    "state": state_tag(d),
                }
            )
            for d in dossiers
        ],
        name="ho-so-thanh-toan",
    )


def settlement_table(found: Account) -> Table:
    """What each contract was worth, what was accepted and disbursed on it, and the difference; then the work."""
    money = ("value_with_amendments", "accepted", "paid", "advanced", "difference")
    on_contracts = sum(c.disbursed for c in found.contracts)
    without = found.work.disbursed - on_contracts
    return Table(
        title=N_("Quyết toán theo hợp đồng"),
        columns=[
            Column("name", N_("Hợp đồng")),
            Column("value_with_amendments", N_("Giá trị, kể cả phụ lục"), "money"),
            Column("accepted", N_("Đã nghiệm thu"), "money"),
            Column("paid", N_("Đã thanh toán"), "money"),
            Column("advanced", N_("Tạm ứng chưa thu hồi"), "money"),
            Column("difference", N_("Còn phải trả (+), phải thu hồi (−)"), "money"),
        ],
        rows=[
            *(
                Row(
                    {
                        "name": Cell(c.code, f"/contracts/{c.id}", c.contractor),
                        **{name: getattr(c, name) for name in money},
                    }
                )
                for c in found.contracts
            ),
            *([Row({"name": Message(N_("Chi không theo hợp đồng")), "paid": without})] if without else []),
        ],
        totals=Row(
            {
                "name": Message(N_("Cộng")),
                **{name: sum(getattr(c, name) for c in found.contracts) for name in money},
                "paid": sum(c.paid for c in found.contracts) + without,
            },
            "sum",
        ),
        filters=[(N_("Công trình"), found.work.name)],
        name=f"quyet-toan-{file_name(found.work)}",
    )

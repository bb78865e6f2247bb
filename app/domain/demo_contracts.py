"""The demonstration's contracts in full, what was accepted on them, the dossiers that asked for money, a settlement."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from app.domain import demo_scans, documents, works
from app.domain.access import Actor
from app.domain.demo_base import day, id_of, rows
from app.domain.documents import NewDocument, files
from app.domain.works import (
    acceptances,
    contracts,
    payment_dossier_editing,
    payment_dossier_moves,
    payment_dossiers,
    settlement,
)
from app.domain.works.acceptances import NewAcceptance
from app.domain.works.payment_dossier_editing import NewDossier
from app.domain.works.payment_dossiers import PREPARED, SUBMITTED, DossierView
from app.domain.works.settlement import Decision, NewSettlement
from app.errors import NotFound

_SIGNS: Final = {
    "payment_request": "ĐNTT-MH", "invoice": "HĐơn-MH", "volume_acceptance": "BBNT-MH",
    "performance_guarantee": "BL-MH",
}  # fmt: skip
_DETAILS: Final = ("package", "selection", "guarantee")
_DATES: Final = ("starts_on", "ends_on", "guarantee_until")


def load_contracts(officer: Actor) -> None:
    """Sign each contract, then say the rest of it where nobody has changed it since: it came to the file later."""
    for row in rows("contracts"):
        made, _ = contracts.create(officer, _contract(row), illustrative=True)
        if made.version == 1 and not made.package:
            changes: dict[str, Any] = {name: row[name] for name in _DETAILS}
            changes |= {name: day(row[name]) for name in _DATES}
            changes["guarantee_amount"] = int(row["guarantee_amount"]) if row["guarantee_amount"] else None
            contracts.update(officer, made.id, made.version, changes)


def _contract(row: dict[str, str]) -> contracts.NewContract:
    signed = (
        (contracts.Amendment(int(row["amendment"]), date.fromisoformat(row["amendment_signed_on"])),)
        if row["amendment"]
        else ()
    )
    return contracts.NewContract(
        id=id_of("contract", row["work"]), work_id=id_of("work", row["work"]), code=row["code"],
        contractor=row["contractor"], value=int(row["value"]), signed_on=date.fromisoformat(row["signed_on"]),
        amendments=signed,
    )  # fmt: skip


def load_acceptances(officer: Actor) -> None:
    """Record each round that is missing; contracts come before."""
    for row in rows("acceptances"):
        new = NewAcceptance(
            _acceptance(row["work"], row["round"]), id_of("contract", row["work"]),
            date.fromisoformat(row["accepted_on"]), int(row["value"]),
        )  # fmt: skip
        acceptances.create(officer, new, illustrative=True)


def _acceptance(work: str, number: str) -> uuid.UUID:
    return id_of("acceptance", f"{work}:{number}")


def load_dossiers(officer: Actor, accountant: Actor) -> None:
    """Prepare each dossier with its papers and send it on its way; acceptances and vouchers come before.

    The officer prepares and sends; the accountant ties what paid it. One that somebody moved since is left alone.
    """
    names = {w["code"]: w["name"] for w in rows("works")}
    for row in rows("payment-dossiers"):
        new = NewDossier(
            id_of("payment_dossier", f"{row['work']}:{row['number']}"), id_of("contract", row["work"]), row["kind"],
            int(row["amount"]), int(row["recovered"]),
            _acceptance(row["work"], row["acceptance"]) if row["acceptance"] else None,
        )  # fmt: skip
        made, _ = payment_dossier_editing.create(officer, new, illustrative=True)
        if made.state == PREPARED and made.version == 1:
            _add_papers(officer, row, made, names[row["work"]])
            if row["submitted_on"]:
                made = payment_dossier_moves.submit(officer, made.id, day(row["submitted_on"]))
        if made.state == SUBMITTED and row["returned"]:
            payment_dossier_moves.send_back(officer, made.id, row["returned"])
        elif made.state == SUBMITTED and row["voucher"]:
            _pay(accountant, made, row["voucher"])


def _add_papers(officer: Actor, row: dict[str, str], dossier: DossierView, name: str) -> None:
    on = date.fromisoformat(row["prepared_on"])
    for kind in row["papers"].split():
        about = ("payment_dossier", dossier.id)
        if kind == "volume_acceptance" and dossier.acceptance_id is not None:
            about = ("acceptance", dossier.acceptance_id)
        _paper(officer, f"{row['work']}:{row['number']}", kind, on, name, about)
    if row["kind"] == payment_dossiers.ADVANCE:
        about = ("contract", dossier.contract_id)
        try:  # the paper of the contract's step is the same one
            documents.attach(
                officer, id_of("document", f"{row['work']}:main:contract:performance_guarantee"), *about
            )
        except NotFound:
            _paper(officer, row["work"], "performance_guarantee", on, name, about)


def _paper(officer: Actor, key: str, kind: str, on: date, name: str, about: tuple[str, uuid.UUID]) -> None:
    """A paper attached to a dossier, an acceptance or a contract, with a page that says it is invented."""
    known = {k.code: k.name for k in documents.kinds(officer)}
    number = f"{key.removeprefix('CT-2023-').replace(':', '.')}/{_SIGNS[kind]}"
    issuer = "Nhà thầu, tổ thi công (minh họa)"
    lines = [known[kind], f"Số {number}", f"ngày {on:%d/%m/%Y}", issuer, name]
    documents.create(
        officer,
        NewDocument(
            id=id_of("document", f"payment:{key}:{kind}"), number=number, date=on, issuer=issuer, kind=kind,
            summary=f"{known[kind]}: {name}",
        ),
        [files.take(demo_scans.scan(lines), f"{number.replace('/', '-')}.pdf")],
        about,
        illustrative=True,
    )  # fmt: skip


def _pay(accountant: Actor, dossier: DossierView, voucher: str) -> None:
    """Tie a dossier to the voucher of that number, once it is posted."""
    for found in payment_dossiers.fitting(accountant, dossier.id):
        if found.document_number == voucher:
            payment_dossier_moves.pay(accountant, dossier.id, found.entry_id)
            return


def load_settlements(officer: Actor, leader: Actor) -> None:
    """Propose each settlement and decide it. Before the stages: a work is closed when its settlement stands."""
    for row in rows("settlements"):
        work = works.get(officer, id_of("work", row["work"]))
        new = NewSettlement(
            id_of("settlement", row["work"]), work.id, date.fromisoformat(row["submitted_on"]),
            int(row["proposed_value"]),
        )  # fmt: skip
        made, _ = settlement.propose(officer, new, illustrative=True)
        if made.decided or not row["settled_value"]:
            continue
        decision = Decision(
            int(row["settled_value"]), date.fromisoformat(row["decided_on"]), row["decision_number"],
            row["decision_issuer"],
        )  # fmt: skip
        settlement.decide(leader, work.id, decision)

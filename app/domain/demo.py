"""The demonstration: xã Sông Trà in 2023, as its officer and its accountant would have kept it.

The commune, its two hamlets and the day of the inspection are real. Every amount, work, contract, voucher and
person is invented: each row says so (`illustrative`), each document's number bears MH (minh họa). Everything goes
through the domain's own functions under ids that never change, so that loading again changes nothing.
"""

from __future__ import annotations

import itertools
import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app import db
from app.domain import (
    demo_boards,
    demo_clearance,
    demo_contracts,
    demo_criteria,
    demo_directives,
    demo_households,
    demo_inspections,
    demo_meetings,
    demo_obstacles,
    demo_outreach,
    demo_plans,
    demo_progress,
    demo_steps,
    demo_support,
    reference,
    works,
)
from app.domain.access import Actor
from app.domain.demo_base import COMMUNE, YEAR, actor, day, id_of, rows
from app.domain.identity import common, people
from app.domain.ledger import line_keys, posting, proposals
from app.domain.ledger.distribution import Share, distribute
from app.domain.ledger.entries import REVERSAL, Document, NewEntry
from app.domain.ledger.pockets import ON_CONTRACT
from app.domain.territory import add_hamlet, today_or_legacy
from app.domain.works.places import parse_path
from app.errors import NotFound
from app.i18n import N_
from app.models.identity import User
from app.models.ledger import BudgetLine, LedgerEntry

_CONSONANTS: Final = "bdghklmnrstvx"
_VOWELS: Final = "aeiou"


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the demonstration; the password is told once, when the person is made."""

    username: str
    password: str
    role: str
    full_name: str
    unit_name: str


def load(progress: Callable[[str], None] = lambda _step: None) -> list[Login]:
    """Load what is missing of the demonstration, the catalogue first; the people made now."""
    if not _has_commune():
        reference.load(progress)
    progress(N_("Xã Sông Trà: thôn, công trình, hợp đồng, dòng vốn"))
    _load_hamlets()
    officer, accountant, leader = actor("congchuc"), actor("ketoan"), actor("lanhdao")
    _load_works(officer)
    demo_contracts.load_contracts(officer)
    _load_lines(officer)
    progress(N_("Xã Sông Trà: chứng từ năm 2023"))
    _load_vouchers(officer, accountant)
    progress(N_("Xã Sông Trà: thủ tục, văn bản của công trình"))
    demo_steps.load_steps(officer, leader)
    progress(N_("Xã Sông Trà: nghiệm thu, thanh toán, giải phóng mặt bằng, tiến độ, vướng mắc"))
    demo_contracts.load_acceptances(officer)
    demo_contracts.load_dossiers(officer, accountant)
    demo_contracts.load_settlements(officer, leader)
    demo_clearance.load_clearances(officer)
    demo_progress.load_progress(officer)
    demo_obstacles.load_obstacles(officer, actor("huyen"))
    demo_steps.load_stages(officer, leader)
    progress(N_("Xã Sông Trà: tiêu chí nông thôn mới, chỉ tiêu phấn đấu"))
    demo_criteria.load_criteria(actor("quantri"), officer, actor("huyen"))
    demo_plans.load_plans(officer, actor("huyen"), actor("lanhdaohuyen"))
    progress(N_("Xã Sông Trà: hộ dân"))
    demo_households.load_households(officer)
    progress(N_("Xã Sông Trà: mô hình hỗ trợ, cấp phát, thăm hộ"))
    demo_support.load_support(officer, actor("huyen"), actor("lanhdaohuyen"))
    progress(N_("Xã Sông Trà: Ban chỉ đạo, Ban quản lý, cơ quan phụ trách"))
    demo_boards.load_boards(officer)
    demo_boards.load_agencies(officer)
    progress(N_("Xã Sông Trà: các cuộc họp của Ban chỉ đạo"))
    demo_meetings.load_meetings(officer)
    progress(N_("Xã Sông Trà: nhiệm vụ được giao"))
    demo_directives.load_directives()
    progress(N_("Xã Sông Trà: cuộc kiểm tra ngày 14/9/2023"))
    demo_inspections.load_inspections(officer)
    progress(N_("Xã Sông Trà: tuyên truyền, giám sát cộng đồng"))
    demo_outreach.load_outreach(officer)
    demo_outreach.load_observations(actor("giamsat"))
    progress(N_("Người dùng minh họa"))
    made = list(_load_people())
    demo_boards.tie_accounts(officer, {login.username for login in made})
    return made


def _has_commune() -> bool:
    try:
        with db.transaction() as session:
            today_or_legacy(session, COMMUNE)
    except NotFound:
        return False
    return True


def _load_hamlets() -> None:
    with db.transaction(write=True) as session:
        commune = today_or_legacy(session, COMMUNE)
        for row in rows("hamlets"):
            at = {"lat": float(row["lat"]), "lon": float(row["lon"])}
            add_hamlet(session, commune, row["code"], row["name"], illustrative=True, **at)


# --- works, contracts, lines ---------------------------------------------------------------------------


def _load_works(officer: Actor) -> None:
    known = {w.id for w in works.works(officer, works.WorkFilter(), limit=500)}
    for row in rows("works"):
        if id_of("work", row["code"]) not in known:
            works.create(officer, _work(row), illustrative=True)


def _work(row: dict[str, str]) -> works.NewWork:
    """A work as it was registered: how far it has come since, its steps and reports tell."""
    days: dict[str, Any] = {
        name: day(row[name]) for name in ("decision_date", "planned_start", "planned_finish")
    }
    texts: dict[str, Any] = {
        name: row[name]
        for name in ("code", "name", "project_code", "procedure", "location", "scale", "responsible", "decision_number")
    }  # fmt: skip
    figures: dict[str, Any] = {
        "total_investment": int(row["total_investment"]), "lat": float(row["lat"]), "lon": float(row["lon"]),
        "hamlets": tuple(row["hamlets"].split()), "path": parse_path(row["path"].replace("|", "\n")) or None,
    }  # fmt: skip
    return works.NewWork(id=id_of("work", row["code"]), owner_unit_code=COMMUNE, **texts, **days, **figures)


def _load_lines(officer: Actor) -> None:
    for row in rows("lines"):
        key = "/".join(part for part in (row["project_code"], row["source"], row["work"]) if part)
        new = line_keys.NewLine(
            id=id_of("line", key), unit_code=COMMUNE, project_code=row["project_code"], source=row["source"],
            capital_kind=row["capital_kind"], year=YEAR, note=row["note"],
            work_id=id_of("work", row["work"]) if row["work"] else None,
        )  # fmt: skip
        line_keys.create(officer, new, illustrative=True)


# --- vouchers ------------------------------------------------------------------------------------------


def _vouchers() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Each voucher's rows under its key: its number, and how often that has come before."""
    seen: Counter[str] = Counter()
    for (_, number), of_voucher in itertools.groupby(
        rows("vouchers"), key=lambda r: (r["date"], r["number"])
    ):
        yield f"{number}#{seen[number]}", list(of_voucher)
        seen[number] += 1


def _load_vouchers(officer: Actor, accountant: Actor) -> None:
    """The officer makes each voucher; the accountant posts it, but for those that are to wait."""
    posted = _posted()
    for key, parts in _vouchers():
        first = id_of("voucher", key) if parts[0]["kind"] == "distribute" else _entry_id(key, 0)
        if first in posted:
            continue
        document = Document(parts[0]["number"], date.fromisoformat(parts[0]["date"]), parts[0]["issuer"])
        if parts[0]["kind"] == "distribute":
            shares = [Share(id_of("line", row["to"]), int(row["amount"])) for row in parts]
            distribute(officer, id_of("line", parts[0]["line"]), first, document, document.date, shares)
        else:
            entries = [_entry(key, i, row, document) for i, row in enumerate(parts)]
            posting.record_all(
                officer, entries, propose=True, group_id=id_of("voucher", key) if len(entries) > 1 else None
            )
        if parts[0]["state"] == "posted":
            proposals.post(accountant, first)


def _posted() -> set[uuid.UUID]:
    with db.transaction() as session:
        unit = today_or_legacy(session, COMMUNE)
        query = sa.select(LedgerEntry.id).join(BudgetLine, BudgetLine.id == LedgerEntry.budget_line_id)
        return set(session.execute(query.where(BudgetLine.unit_id == unit.id)).scalars())


def _entry_id(voucher: str, position: int) -> uuid.UUID:
    return id_of("entry", f"{voucher}:{position}")


def _entry(voucher: str, position: int, row: dict[str, str], document: Document) -> NewEntry:
    work = row["line"].partition("CT-")
    on_contract = work[1] and row["kind"] in ON_CONTRACT and not row["no_contract_reason"]
    reversal = row["kind"] == REVERSAL
    return NewEntry(
        id=_entry_id(voucher, position), budget_line_id=id_of("line", row["line"]), kind=row["kind"],
        amount=None if reversal else int(row["amount"]), effective_date=None if reversal else document.date,
        document=document, memo=row["memo"], no_contract_reason=row["no_contract_reason"],
        contract_id=id_of("contract", work[1] + work[2]) if on_contract else None,
        reverses_id=_entry_id(f"{row['reverses']}#0", 0) if reversal else None,
    )  # fmt: skip


# --- people --------------------------------------------------------------------------------------------


def _load_people() -> Iterator[Login]:
    system = common.system_actor()
    with db.transaction() as session:
        known = set(session.execute(sa.select(User.id)).scalars())
    for row in rows("users"):
        id_ = id_of("user", row["username"])
        if id_ in known:
            continue
        password = _readable_password()
        fields: dict[str, Any] = {**row, "id": id_}
        made, _ = people.create_user(system, people.NewUser(**fields), password)
        yield Login(made.username, password, made.role, made.full_name, made.unit_name)


def _readable_password() -> str:
    """Three groups of two syllables and two digits, as in `bako-timu-reva-57`: some 43 bits."""
    groups = ["".join(secrets.choice(letters) for letters in (_CONSONANTS, _VOWELS) * 2) for _ in range(3)]
    return "-".join([*groups, f"{secrets.randbelow(90) + 10}"])

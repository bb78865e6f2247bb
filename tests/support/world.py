"""A small world to test in: a few real units of both structures, the whole catalogue, a person for each role.

Việt Nam > Quảng Nam (49) > Hiệp Đức (512) > Sông Trà (20770), Phước Trà (20773), Phước Gia (20776)
Việt Nam > Hà Nội (01) > Ba Đình (001) > Phúc Xá (00001)               until 2025-06-30
Việt Nam > Đà Nẵng (48) > Phước Trà (20770), which took the three over since 2025-07-01
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app import db
from app.domain import territory, works
from app.domain.access import Actor
from app.domain.identity import clients, common, people
from app.domain.ledger import line_keys, lines, posting
from app.domain.ledger.entries import Document, EntryView, NewEntry
from app.domain.reference import load_catalogue, rebuild_scope
from app.domain.territory import LEGACY, TWO_TIERS, add_hamlet, new_unit, today_or_legacy
from app.domain.works import contracts
from app.models.identity import ROLES
from app.models.territory import Unit, UnitSuccession

UNITS: Final = (
    (LEGACY, "nation", "VN", "Việt Nam", None),
    (LEGACY, "province", "49", "Tỉnh Quảng Nam", "VN"),
    (LEGACY, "district", "512", "Huyện Hiệp Đức", "49"),
    (LEGACY, "commune", "20770", "Xã Sông Trà", "512"),
    (LEGACY, "commune", "20773", "Xã Phước Trà", "512"),
    (LEGACY, "commune", "20776", "Xã Phước Gia", "512"),
    (LEGACY, "province", "01", "Thành phố Hà Nội", "VN"),
    (LEGACY, "district", "001", "Quận Ba Đình", "01"),
    (LEGACY, "commune", "00001", "Phường Phúc Xá", "001"),
    (TWO_TIERS, "nation", "VN", "Việt Nam", None),
    (TWO_TIERS, "province", "48", "Thành phố Đà Nẵng", "VN"),
    (TWO_TIERS, "commune", "20770", "Xã Phước Trà", "48"),
    (TWO_TIERS, "province", "01", "Thành phố Hà Nội", "VN"),
    (TWO_TIERS, "commune", "00097", "Phường Hồng Hà", "01"),
)
SUCCESSION: Final = (
    ("20770", "20770"), ("20773", "20770"), ("20776", "20770"), ("00001", "00097"), ("49", "48"), ("01", "01"),
)  # fmt: skip
PASSWORD: Final = "Mat-khau-thu-nghiem-1"
DECISION: Final = Document("01/QĐ-UBND", date(2023, 1, 5), "UBND huyện Hiệp Đức")
VOUCHER: Final = Document("0147/UNC", date(2023, 3, 1), "Kho bạc Nhà nước")
MILLION: Final = 1_000_000


def populate() -> None:
    """Fill an empty database; give this function to `Databases.fresh` as `prepare`."""
    with db.transaction(write=True) as session:
        ids: dict[tuple[str, str], int] = {}
        for structure, level, code, name, parent in UNITS:
            legacy = structure == LEGACY
            row = new_unit(
                structure=structure, level=level, code=code, name=name,
                parent_id=ids[structure, parent] if parent else None,
                valid_from=None if legacy else date(2025, 7, 1), valid_to=date(2025, 6, 30) if legacy else None,
            )  # fmt: skip
            made = session.execute(sa.insert(Unit).values(row).returning(Unit.id)).scalar_one()
            ids[structure, code] = made
        for old, new in SUCCESSION:
            values = {"old_id": ids[LEGACY, old], "new_id": ids[TWO_TIERS, new], "extent": "whole"}
            session.execute(sa.insert(UnitSuccession).values(values))
        rebuild_scope(session)
        commune = today_or_legacy(session, "20770@legacy")
        add_hamlet(session, commune, "20770.01", "Thôn Trà Sơn", illustrative=True, lat=15.5378, lon=108.0139)
        add_hamlet(
            session, commune, "20770.02", "Thôn Trà Huỳnh", illustrative=True, lat=15.5282, lon=108.0252
        )
        load_catalogue(session)
    system = common.system_actor()
    for role in ROLES:
        person = people.NewUser(role, f"Nguyễn Thị {role.title()}", role, "20770@legacy")
        people.create_user(system, person, PASSWORD)
    people.create_user(system, people.NewUser("quantri", "Trần Quản Trị", "administrator", "VN"), PASSWORD)
    people.create_user(system, people.NewUser("huyen", "Lê Thẩm Định", "reviewer", "512@legacy"), PASSWORD)
    people.create_user(
        system, people.NewUser("khac", "Phạm Người Khác", "accountant", "00001@legacy"), PASSWORD
    )


def actor(role: str = "client:write", unit: str = "20770@legacy") -> Actor:
    """Somebody of a role at a unit, who need not be on record.

    The default is an API client that writes: it posts at once, where a person's entry waits for another person.
    """
    with db.transaction() as session:
        at = today_or_legacy(session, unit)
    person = None if role.startswith("client:") else uuid.uuid4()
    return Actor(role.replace(":", "-"), role, role, at.id, at.code, at.name, at.structure, at.level, person)


def client(unit: str = "20770", scope: str = "write") -> tuple[str, str]:
    """(client id, secret) of a new API client."""
    made, secret = clients.create_client(common.system_actor(), "Kiểm thử", unit, scope)
    return made.client_id, secret


def line(who: Actor | None = None, **key: Any) -> lines.LineView:
    """A budget line of Sông Trà in 2023: GNBV.2, central, recurrent, unless `key` says otherwise."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(), "unit_code": "20770@legacy", "project_code": "GNBV.2", "source": "central",
        "capital_kind": "recurrent", "year": 2023,
    }  # fmt: skip
    return line_keys.create(who or actor(), line_keys.NewLine(**(values | key)))[0]


def entry(line_id: uuid.UUID, kind: str, amount: int | None, day: date | str | None, **more: Any) -> NewEntry:
    """An entry as a client would ask for it; `day` may be ISO text."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    values: dict[str, Any] = {"id": uuid.uuid4(), "document": VOUCHER}
    return NewEntry(budget_line_id=line_id, kind=kind, amount=amount, effective_date=on, **(values | more))


def post(
    line_id: uuid.UUID,
    kind: str,
    amount: int | None,
    day: date | str | None,
    who: Actor | None = None,
    **more: Any,
) -> EntryView:
    """Post an entry by somebody who may do it alone."""
    view, _ = posting.record(who or actor(), entry(line_id, kind, amount, day, **more))
    assert view.status == "posted"
    return view


def work(who: Actor | None = None, **values: Any) -> works.WorkView:
    """A work of Sông Trà with an approved total of 1.000 million đồng."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "code": f"CT-{uuid.uuid4().hex[:8]}", "name": "Đường bê tông thôn Trà Huỳnh",
        "project_code": "DTTS.4.1", "owner_unit_code": "20770@legacy", "total_investment": 1_000 * MILLION,
    }  # fmt: skip
    return works.create(who or actor(), works.NewWork(**(defaults | values)))[0]


def contract(work_id: uuid.UUID, value: int = 500 * MILLION, **values: Any) -> contracts.ContractView:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "work_id": work_id, "code": f"HĐ-{uuid.uuid4().hex[:6]}", "value": value,
        "contractor": "Tổ thợ thôn Trà Sơn", "signed_on": date(2023, 2, 1),
    }  # fmt: skip
    return contracts.create(actor(), contracts.NewContract(**(defaults | values)))[0]


@dataclass(frozen=True, slots=True)
class World:
    """The small world in a database of its own; see the functions of this module for what to do in it."""

    engine: str
    url: str

    def unit(self, code: str) -> territory.UnitView:
        with db.transaction() as session:
            return today_or_legacy(session, code)

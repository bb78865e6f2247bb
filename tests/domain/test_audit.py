"""Every change leaves a row: who, what, of what, where; nothing else leaves one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.domain import audit, programs, territory, works
from app.domain.identity import clients, login, passwords, people
from app.domain.ledger import deadlines, distribution, line_keys, periods, posting, proposals
from app.domain.works import contracts
from app.domain.works.contracts import Amendment
from app.errors import Forbidden
from app.logs import request_id
from app.models.identity import AuditRow
from tests.support.world import DECISION, MILLION, PASSWORD, World, actor, contract, entry, line, post, work

SECRETS = {PASSWORD, "Mật khẩu dài và khó đoán"}


def rows() -> list[Any]:
    with db.snapshot() as session:
        return list(session.execute(sa.select(AuditRow.action, AuditRow.actor, AuditRow.subject_id, AuditRow.unit_id,
                                              AuditRow.facts).order_by(AuditRow.id)))  # fmt: skip


def added(call: Callable[[], Any]) -> list[str]:
    before = len(rows())
    call()
    return [row.action for row in rows()[before:]]


def test_every_change_leaves_its_row(world: World) -> None:
    made, new = line(), line(year=2024, origin_year=2023)
    post(made.id, "allocate", 100, "2023-01-05")
    officer, leader, chief, nation = (
        actor("officer"),
        actor("leader"),
        actor("administrator"),
        actor("administrator", "VN@2025"),
    )
    ask = [entry(made.id, "pay", 1, "2023-03-05") for _ in range(3)]
    of = work()
    signed = contract(of.id, MILLION)
    period, person = uuid.uuid4(), next(u for u in people.users(chief) if u.username == "officer")
    extension = deadlines.NewExtension(
        uuid.uuid4(), "20770@legacy", "recurrent", 2023, date(2024, 6, 30), DECISION
    )
    session = login.authenticate_session(login.log_in("leader", PASSWORD))
    assert session is not None
    source = programs.sources(nation)[0]
    fresh: list[Any] = []
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("line.create", lambda: line(project_code="NTM.2")),
        ("line.update", lambda: line_keys.update(officer, made.id, 1, {"note": "x"})),
        ("ledger.post", lambda: post(made.id, "advance", 1, "2023-02-05")),
        ("ledger.post", lambda: post(made.id, "carry_over", 1, "2023-12-31", to_budget_line_id=new.id)),
        ("ledger.propose", lambda: posting.record(officer, ask[0])),
        ("ledger.post", lambda: proposals.post(leader, ask[0].id)),
        ("ledger.propose", lambda: posting.record(officer, ask[1])),
        ("ledger.rejected", lambda: proposals.reject(leader, ask[1].id, "sai")),
        ("ledger.propose", lambda: posting.record(officer, ask[2])),
        ("ledger.cancelled", lambda: proposals.cancel(officer, ask[2].id)),
        ("period.close", lambda: periods.close_period(leader, period, "20770@legacy", 2022, 1)),
        ("period.open", lambda: periods.open_period(leader, period, "sót")),
        ("deadline.extend", lambda: deadlines.extend(leader, extension)),
        ("work.create", work),
        ("work.update", lambda: works.update(officer, of.id, 1, {"name": "x", "started_on": date(2023, 1, 1)})),
        ("contract.create", lambda: contract(of.id, MILLION)),
        ("contract.update", lambda: contracts.update(
            officer, signed.id, 1, {"amendments": (Amendment(1, date(2023, 5, 1)),)})),
        ("unit.edit", lambda: territory.set_requires_checker(leader, "20770", False, 1)),
        ("catalogue.update", lambda: programs.update(nation, "source", source.code, source.version, {"name": "x"})),
        ("catalogue.create", lambda: programs.create_project(
            nation, code="NTM.99", program_code="NTM", parent_code=None, name="x")),
        ("user.update", lambda: people.update_user(chief, person.id, person.version, {"title": "x"})),
        ("password.link", lambda: fresh.append(passwords.make_password_link(chief, person.id))),
        ("password.set", lambda: passwords.set_password_by_link(fresh[0], "Mật khẩu dài và khó đoán")),
        ("password.change", lambda: passwords.change_password(session, PASSWORD, "Mật khẩu dài và khó đoán")),
        ("login", lambda: login.log_in("accountant", PASSWORD)),
        ("session.end", lambda: login.end_session(chief, session.session_id)),
        ("client.create", lambda: fresh.append(clients.create_client(chief, "x", "20770", "read")[0])),
        ("client.end", lambda: clients.end_client(chief, fresh[1].id)),
    ]  # fmt: skip
    for action, step in steps:
        assert added(step) == [action]
    created = added(lambda: people.create_user(chief, people.NewUser("moi", "Người Mới", "officer", "20770")))
    assert created == ["user.create", "password.link"]
    everything = str(rows())
    assert not any(secret in everything for secret in (*SECRETS, fresh[0]))


def test_a_group_leaves_a_row_for_each_of_its_entries(world: World) -> None:
    above = actor(unit="512@legacy")
    source, mine = line(above, unit_code="512@legacy"), line()
    post(source.id, "allocate", 10, "2023-01-05", above)
    shares = [distribution.Share(mine.id, 5)]
    where = (above, source.id, uuid.UUID(int=9), DECISION, date(2023, 2, 1), shares)
    share = partial(distribution.distribute, *where)
    assert added(share) == ["ledger.post", "ledger.post"]
    assert added(share) == []


def test_a_row_says_who_what_where_and_in_which_request(world: World) -> None:
    token = request_id.set("yeu-cau-7")
    made = line()
    given = post(made.id, "allocate", 100, "2023-01-05")
    request_id.reset(token)
    (row,) = audit.history(actor("inspector"), subject_id=str(given.id))
    assert (row.action, row.actor, row.subject_kind, row.request_id) == (
        "ledger.post", "client-write", "ledger_entry", "yeu-cau-7",
    )  # fmt: skip
    assert row.facts == {"kind": "allocate", "amount": 100, "budget_line_id": str(made.id)}


def test_history_is_of_ones_subtree_newest_first_in_pages(world: World) -> None:
    made = line()
    for _ in range(5):
        post(made.id, "allocate", 1, "2023-01-05")
    line(actor(unit="00001@legacy"), unit_code="00001@legacy")
    inspector = actor("inspector")
    found = audit.history(inspector, who="client-write")
    assert [r.action for r in found] == ["ledger.post"] * 5 + ["line.create"]
    paged = audit.history(inspector, who="client-write", limit=4)
    paged += audit.history(inspector, who="client-write", before_id=paged[-1].id)
    assert paged == found
    assert len(audit.history(actor("inspector", "VN@2025"), subject_kind="budget_line")) == 2
    assert len(audit.history(inspector, subject_kind="budget_line")) == 1
    for role in ("officer", "leader", "client:write"):
        with pytest.raises(Forbidden):
            audit.history(actor(role))

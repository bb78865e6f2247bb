"""Who may do what: the whole table, role by action; and no way to write around it."""

from __future__ import annotations

import ast
import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import app.domain
from app.domain import (
    agencies,
    audit,
    boards,
    directives,
    documents,
    households,
    inspections,
    meetings,
    notices,
    observations,
    obstacles,
    outreach,
    personal,
    personal_history,
    plans,
    programs,
    support,
    targets,
    tasks,
    territory,
    unit_dossier,
    works,
)
from app.domain.access import PERMISSIONS, Actor
from app.domain.criteria import assessing, defining, table, thresholds
from app.domain.criteria.proposed import NewThreshold
from app.domain.documents import uploads
from app.domain.households import importing
from app.domain.identity import clients, login, passwords, people
from app.domain.ledger import deadlines, distribution, line_keys, opening, periods, posting, proposals
from app.domain.personal_history import ViewFilter
from app.domain.workflow import Order
from app.domain.works import (
    acceptances,
    clearance,
    clearance_editing,
    clearance_payments,
    clearance_table,
    contracts,
    dossier,
    payment_dossier_editing,
    payment_dossier_moves,
    procedures,
    progress_editing,
    settlement,
    step_editing,
)
from app.errors import Fault, Forbidden
from app.models.identity import ROLES
from tests.support.criteria import new_set
from tests.support.world import DECISION, World, actor, entry

COLUMNS = (
    "administrator", "officer", "accountant", "leader", "reviewer", "inspector", "supervisor", "client:read",
    "client:write",
)  # fmt: skip
#                   adm off acc lea rev ins sup c:r c:w
TABLE = """
read                 x   x   x   x   x   x   x   x   x
line.edit            .   x   x   .   .   .   .   .   x
ledger.propose       .   x   x   x   .   .   .   .   x
ledger.post          .   .   x   x   .   .   .   .   x
period.close         .   .   x   x   .   .   .   .   .
period.open          .   .   .   x   .   .   .   .   .
deadline.extend      .   .   .   x   x   .   .   .   .
work.edit            .   x   x   x   .   .   .   .   x
contract.edit        .   x   x   x   .   .   .   .   x
document.edit        .   x   x   x   .   .   .   .   x
file.send            .   x   x   x   x   x   x   .   x
step.edit            .   x   x   x   .   .   .   .   x
step.waive           .   .   .   x   .   .   .   .   x
stage.override       .   .   .   x   .   .   .   .   x
clearance.edit       .   x   x   x   .   .   .   .   x
progress.report      .   x   x   x   .   .   .   .   x
settlement.propose   .   x   x   x   .   .   .   .   x
settlement.decide    .   .   x   x   .   .   .   .   x
obstacle.raise       .   x   x   x   .   .   x   .   x
obstacle.answer      .   .   .   x   x   .   .   .   x
obstacle.resolve     .   x   x   x   x   .   .   .   x
assessment.edit      .   x   x   x   .   .   .   .   x
assessment.verify    .   .   .   x   x   .   .   .   x
target.edit          .   x   x   x   .   .   .   .   x
task.report          .   x   x   x   .   .   .   .   x
plan.edit            .   x   x   x   .   .   .   .   x
plan.submit          .   x   .   x   .   .   .   .   x
plan.appraise        .   .   .   .   x   .   .   .   x
plan.approve         .   .   .   x   .   .   .   .   x
plan.return          .   .   .   x   x   .   .   .   x
threshold.edit       x   .   .   .   .   .   .   .   x
household.edit       .   x   x   x   .   .   .   .   x
support.edit         .   x   x   x   .   .   .   .   x
support.submit       .   x   .   x   .   .   .   .   x
support.appraise     .   .   .   .   x   .   .   .   x
support.approve      .   .   .   x   .   .   .   .   x
support.return       .   .   .   x   x   .   .   .   x
support.run          .   x   x   x   .   .   .   .   x
committee.edit       .   x   x   x   .   .   .   .   x
meeting.edit         .   x   x   x   .   .   .   .   x
directive.give       .   x   .   x   x   x   .   .   x
directive.report     .   x   x   x   x   .   x   .   x
directive.accept     .   .   .   x   x   x   .   .   x
inspection.edit      .   .   .   x   x   x   .   .   x
inspection.answer    .   x   x   x   .   .   .   .   x
outreach.edit        .   x   x   x   .   .   x   .   x
observation.edit     .   x   x   x   .   .   x   .   x
observation.answer   .   x   x   x   .   .   .   .   x
person.read          .   x   x   x   .   x   .   .   .
catalogue.edit       x   .   .   .   .   .   .   .   x
unit.edit            x   .   .   x   .   .   .   .   x
user.manage          x   .   .   .   .   .   .   .   .
client.manage        x   .   .   .   .   .   .   .   .
audit.read           x   .   .   .   .   x   .   .   .
"""


def test_the_table_of_permissions_is_this() -> None:
    found = {action: {role: role in roles for role in COLUMNS} for action, roles in PERMISSIONS.items()}
    rows = [row.split() for row in TABLE.strip().splitlines()]
    expected = {
        action: {role: mark == "x" for role, mark in zip(COLUMNS, marks, strict=True)}
        for action, *marks in rows
    }
    assert found == expected
    assert {role for roles in PERMISSIONS.values() for role in roles} == set(COLUMNS)
    assert set(COLUMNS) == {*ROLES, "client:read", "client:write"}


ID = uuid.UUID(int=7)
DAY = date(2023, 3, 1)
EXTENSION = deadlines.NewExtension(ID, "20770@legacy", "recurrent", 2023, date(2024, 3, 1), DECISION)
VERSION = procedures.NewProcedure("none", 1, "x", "", DAY, None, "x", "sure", ())
BOARD = boards.NewCommittee(ID, "none", "steering", "x", ("x",), DECISION)
INSPECTION = inspections.NewInspection(ID, "none")
DIRECTIVE = directives.NewDirective(
    ID, "x", "document", DAY, "unit", unit_code="none", document_number="x", source_on=DAY
)
ASK = entry(ID, "allocate", 1, DAY)
Call = Callable[[Actor], Any]
# Every function of the domain that writes for an actor, called; what each needs of the table.
WRITES: dict[str, tuple[str, Call]] = {
    "line_keys.create": ("line.edit", lambda a: line_keys.create(a, line_keys.NewLine(ID, "20770@legacy", "x", "x", "x", 2023))),
    "line_keys.update": ("line.edit", lambda a: line_keys.update(a, ID, 1, {"note": "x"})),
    "opening.open_year": ("line.edit", lambda a: opening.open_year(a, ID, "20770", 2024, DECISION, DAY, {})),
    "posting.record": ("ledger.propose", lambda a: posting.record(a, ASK)),
    "posting.record_all": ("ledger.propose", lambda a: posting.record_all(a, [ASK])),
    "distribution.distribute": (
        "ledger.propose",
        lambda a: distribution.distribute(a, ID, ID, DECISION, DAY, [distribution.Share(uuid.uuid4(), 1)]),
    ),
    "proposals.post": ("ledger.post", lambda a: proposals.post(a, ID)),
    "proposals.reject": ("ledger.post", lambda a: proposals.reject(a, ID, "x")),
    "proposals.cancel": ("ledger.propose", lambda a: proposals.cancel(a, ID)),
    "periods.close_period": ("period.close", lambda a: periods.close_period(a, ID, "none", 2023, 1)),
    "periods.open_period": ("period.open", lambda a: periods.open_period(a, ID, "x")),
    "deadlines.extend": ("deadline.extend", lambda a: deadlines.extend(a, replace(EXTENSION, unit_code="none"))),
    "editing.create": ("work.edit", lambda a: works.create(a, works.NewWork(ID, "x", "x", "none", "none"))),
    "editing.update": ("work.edit", lambda a: works.update(a, ID, 1, {})),
    "step_editing.update": ("step.edit", lambda a: step_editing.update(a, ID, ID, 1, {})),
    "procedures.create": ("catalogue.edit", lambda a: procedures.create(a, VERSION)),
    "contents.to_download": ("read", unit_dossier.to_download),  # and this
    "dossier.to_download": ("read", lambda a: dossier.to_download(a, ID)),  # records that it was taken out
    "contracts.create": (
        "contract.edit", lambda a: contracts.create(a, contracts.NewContract(ID, ID, "x", "x", 1, DAY)),
    ),
    "contracts.update": ("contract.edit", lambda a: contracts.update(a, ID, 1, {})),
    "acceptances.create": (
        "contract.edit", lambda a: acceptances.create(a, acceptances.NewAcceptance(ID, ID, DAY, 1)),
    ),
    "acceptances.update": ("contract.edit", lambda a: acceptances.update(a, ID, 1, {})),
    "acceptances.delete": ("contract.edit", lambda a: acceptances.delete(a, ID)),
    "payment_dossier_editing.create": (
        "contract.edit",
        lambda a: payment_dossier_editing.create(a, payment_dossier_editing.NewDossier(ID, ID, "advance", 1)),
    ),
    "payment_dossier_editing.update": ("contract.edit", lambda a: payment_dossier_editing.update(a, ID, 1, {})),
    "payment_dossier_editing.delete": ("contract.edit", lambda a: payment_dossier_editing.delete(a, ID)),
    "payment_dossier_moves.submit": ("contract.edit", lambda a: payment_dossier_moves.submit(a, ID)),
    "payment_dossier_moves.send_back": ("contract.edit", lambda a: payment_dossier_moves.send_back(a, ID, "x")),
    "payment_dossier_moves.pay": ("contract.edit", lambda a: payment_dossier_moves.pay(a, ID, ID)),
    "settlement.propose": (
        "settlement.propose", lambda a: settlement.propose(a, settlement.NewSettlement(ID, ID, DAY, 1)),
    ),
    "settlement.update": ("settlement.propose", lambda a: settlement.update(a, ID, 1, {})),
    "settlement.decide": (
        "settlement.decide", lambda a: settlement.decide(a, ID, settlement.Decision(1, DAY, "x", "x")),
    ),
    "clearance.begin": ("clearance.edit", lambda a: clearance.begin(a, ID)),
    "clearance.update": ("clearance.edit", lambda a: clearance.update(a, ID, 1, {})),
    "clearance_editing.create": (
        "clearance.edit",
        lambda a: clearance_editing.create(a, clearance_editing.NewHousehold(ID, ID, "x", "x")),
    ),
    "clearance_editing.update": ("clearance.edit", lambda a: clearance_editing.update(a, ID, ID, 1, {})),
    "clearance_editing.hand_over": ("clearance.edit", lambda a: clearance_editing.hand_over(a, ID, ID)),
    "clearance_payments.pay": ("clearance.edit", lambda a: clearance_payments.pay(a, ID, ID, ID, 1)),
    "clearance_payments.unpay": ("clearance.edit", lambda a: clearance_payments.unpay(a, ID, ID, ID)),
    "clearance_table.preview": ("clearance.edit", lambda a: clearance_table.preview(a, ID, [])),
    "clearance_table.apply": ("clearance.edit", lambda a: clearance_table.apply(a, ID, [])),
    "clearance_table.keep": ("clearance.edit", lambda a: clearance_table.keep(a, ID, b"")),
    "clearance_table.kept": ("clearance.edit", lambda a: clearance_table.kept(a, ID, ID)),
    "clearance_table.let_go": ("clearance.edit", lambda a: clearance_table.let_go(a, ID, ID)),
    "personal.note_views": ("read", lambda a: personal.note_views(a, a.unit_id, "work", ID, 0, "page")),
    "personal_history.history": ("audit.read", lambda a: personal_history.history(a, ViewFilter())),
    "register.create": ("document.edit", lambda a: documents.create(a, documents.NewDocument(ID, "x", DAY, "x", "none"))),
    "register.update": ("document.edit", lambda a: documents.update(a, ID, 1, {})),
    "contents.add_files": ("document.edit", lambda a: documents.add_files(a, ID)),
    "contents.open_file": ("read", lambda a: documents.open_file(a, ID, "x")),  # records views of personal files
    "contents.remove_file": ("document.edit", lambda a: documents.remove_file(a, ID, "x")),
    "attaching.attach": ("document.edit", lambda a: documents.attach(a, ID, "work", ID)),
    "attaching.detach": ("document.edit", lambda a: documents.detach(a, ID, "work", ID)),
    "uploads.begin": ("file.send", lambda a: uploads.begin(a, ID, "x", 0)),
    "uploads.append": ("file.send", lambda a: uploads.append(a, ID, 0, b"")),
    "uploads.whole": ("file.send", lambda a: uploads.whole(a, "x", io.BytesIO(b"MZ"), ID)),
    "uploads.drop": ("file.send", lambda a: uploads.drop(a, ID)),
    "uploads.forget": ("file.send", lambda a: uploads.forget(a, [])),
    "progress_editing.create": (
        "progress.report",
        lambda a: progress_editing.create(a, progress_editing.NewReport(ID, ID, DAY, 5)),
    ),
    "progress_editing.update": ("progress.report", lambda a: progress_editing.update(a, ID, ID, 1, {})),
    "progress_editing.set_milestones": ("work.edit", lambda a: progress_editing.set_milestones(a, ID, [])),
    "founding.create": ("committee.edit", lambda a: boards.create(a, BOARD)),
    "founding.update": ("committee.edit", lambda a: boards.update(a, ID, 1, {})),
    "founding.renew": ("committee.edit", lambda a: boards.renew(a, ID, boards.Renewal(ID, DECISION))),
    "members.add": ("committee.edit", lambda a: boards.add(a, ID, boards.NewMember(ID, "x"))),
    "members.change": ("committee.edit", lambda a: boards.change(a, ID, ID, 1, {})),
    "members.leave": ("committee.edit", lambda a: boards.leave(a, ID, ID, DAY, {})),
    "assigning.assign": (
        "committee.edit", lambda a: boards.assign(a, ID, ID, boards.NewAssignment(ID, ("program", "x"))),
    ),
    "assigning.end": ("committee.edit", lambda a: boards.end(a, ID, ID)),
    "assigning.tick": ("committee.edit", lambda a: boards.tick(a, ID, ID, [])),
    "assigning.assign_all": ("committee.edit", lambda a: boards.assign_all(a, ID, [])),
    "departments.create": ("committee.edit", lambda a: agencies.create(a, agencies.NewAgency(ID, "none", "x"))),
    "departments.update": ("committee.edit", lambda a: agencies.update(a, ID, 1, {})),
    "charges.create": (
        "committee.edit", lambda a: agencies.charges.create(a, agencies.NewCharge(ID, ID, "none", DECISION)),
    ),
    "charges.update": ("committee.edit", lambda a: agencies.charges.update(a, ID, 1, {})),
    "giving.create": ("directive.give", lambda a: directives.create(a, DIRECTIVE)),
    "giving.update": ("directive.give", lambda a: directives.update(a, ID, 1, {})),
    "moves.progress": ("directive.report", lambda a: directives.progress(a, ID, "x")),
    "moves.report": ("directive.report", lambda a: directives.report(a, ID, "x")),
    "moves.accept": ("directive.accept", lambda a: directives.accept(a, ID)),
    "moves.send_back": ("directive.accept", lambda a: directives.send_back(a, ID, "x")),
    "moves.extend": ("directive.accept", lambda a: directives.extend(a, ID, DAY, "x")),
    "moves.take_back": ("directive.give", lambda a: directives.take_back(a, ID, "x")),
    "inbox.mark_read": ("read", notices.mark_read),
    "ahead.plan_ahead": ("meeting.edit", lambda a: meetings.plan_ahead(a, ID)),
    "calling.create": ("meeting.edit", lambda a: meetings.create(a, meetings.NewMeeting(ID, ID, DAY))),
    "calling.update": ("meeting.edit", lambda a: meetings.update(a, ID, 1, {})),
    "calling.fill": ("meeting.edit", lambda a: meetings.fill(a, ID)),
    "calling.cancel": ("meeting.edit", lambda a: meetings.cancel(a, ID, "x")),
    "holding.record_minutes": ("meeting.edit", lambda a: meetings.record_minutes(a, ID, meetings.Minutes("x"))),
    "giving.create_all": ("directive.give", lambda a: directives.create_all(a, [DIRECTIVE])),
    "events.create": ("outreach.edit", lambda a: outreach.create(a, outreach.NewOutreach(ID, DAY, "x", 1))),
    "events.update": ("outreach.edit", lambda a: outreach.update(a, ID, 1, {})),
    "events.withdraw": ("outreach.edit", lambda a: outreach.withdraw(a, ID, "x")),
    "observing.create": (
        "observation.edit", lambda a: observations.create(a, observations.NewObservation(ID, "", "", DAY)),
    ),
    "observing.update": ("observation.edit", lambda a: observations.update(a, ID, 1, {})),
    "answering.answer": ("observation.answer", lambda a: observations.answer(a, ID, "x")),
    "answering.close": ("observation.edit", lambda a: observations.close(a, ID, "x")),
    "answering.reopen": ("observation.edit", lambda a: observations.reopen(a, ID, "x")),
    "hindering.raise_obstacle": (
        "obstacle.raise", lambda a: observations.raise_obstacle(a, ID, observations.NewHindrance(ID)),
    ),
    "raising.create": ("obstacle.raise", lambda a: obstacles.create(a, obstacles.NewObstacle(ID, "work", ID, "x"))),
    "raising.update": ("obstacle.raise", lambda a: obstacles.update(a, ID, 1, {})),
    "moves.escalate": ("obstacle.resolve", lambda a: obstacles.escalate(a, ID, "x")),
    "moves.answer": ("obstacle.answer", lambda a: obstacles.answer(a, ID, "x")),
    "moves.resolve": ("obstacle.resolve", lambda a: obstacles.resolve(a, ID, "x")),
    "moves.reopen": ("obstacle.resolve", lambda a: obstacles.reopen(a, ID, "x")),
    "planning.create": ("inspection.edit", lambda a: inspections.create(a, INSPECTION)),
    "planning.plan": ("inspection.edit", lambda a: inspections.plan(a, [INSPECTION])),
    "planning.update": ("inspection.edit", lambda a: inspections.update(a, ID, 1, {})),
    "moves.hold": ("inspection.edit", lambda a: inspections.hold(a, ID, DAY)),
    "moves.conclude": ("inspection.edit", lambda a: inspections.conclude(a, ID, inspections.Conclusion("x"))),
    "moves.find": ("inspection.edit", lambda a: inspections.find(a, ID, inspections.NewFinding(ID, "x", True))),
    "moves.cancel": ("inspection.edit", lambda a: inspections.cancel(a, ID, "x")),
    "moves.withdraw": ("inspection.edit", lambda a: inspections.withdraw(a, ID, ID)),
    "checklist.prepare": ("inspection.edit", lambda a: inspections.prepare(a, ID)),
    "checklist.set_checklist": ("inspection.edit", lambda a: inspections.set_checklist(a, ID, 1, [])),
    "reporting.send": ("inspection.answer", lambda a: inspections.send(a, ID, inspections.NewReport(ID, DAY))),
    "defining.create": ("threshold.edit", lambda a: defining.create(a, new_set("x", region="none"))),
    "table.keep": ("threshold.edit", lambda a: table.keep(a, b"")),
    "table.kept": ("threshold.edit", lambda a: table.kept(a, ID)),
    "table.let_go": ("threshold.edit", lambda a: table.let_go(a, ID)),
    "thresholds.add_threshold": (
        "threshold.edit",
        lambda a: thresholds.add_threshold(a, "none", NewThreshold("x", None, DAY, "x", region="none")),
    ),
    "assessing.create": (
        "assessment.edit", lambda a: assessing.create(a, assessing.NewAssessment(ID, "none", "7.1", DAY, met=True)),
    ),
    "assessing.update": ("assessment.edit", lambda a: assessing.update(a, ID, 1, {})),
    "assessing.withdraw": ("assessment.edit", lambda a: assessing.withdraw(a, ID, "x")),
    "assessing.verify": ("assessment.verify", lambda a: assessing.verify(a, ID, True)),
    "targets.create": ("target.edit", lambda a: targets.create(a, targets.NewTarget(ID, "none", DAY, 6))),
    "targets.update": ("target.edit", lambda a: targets.update(a, ID, 1, {})),
    "editing.drop": ("target.edit", lambda a: targets.drop(a, ID, "x")),
    "editing.report": (
        "task.report", lambda a: tasks.report(a, ("plan", ID), ID, tasks.NewProgress(ID, Decimal(5))),
    ),
    "drafting.create": ("plan.edit", lambda a: plans.create(a, plans.NewPlan(ID, "year", "none", "none", 2023))),
    "drafting.update": ("plan.edit", lambda a: plans.update(a, ID, 1, {})),
    "moves.move": ("plan.submit", lambda a: plans.move(a, ID, "submit", Order())),
    "recording.create": (
        "household.edit", lambda a: households.create(a, households.NewHousehold(ID, "none", "x")),
    ),
    "recording.update": ("household.edit", lambda a: households.update(a, ID, 1, {})),
    "statuses.set_status": (
        "household.edit", lambda a: households.set_status(a, ID, households.NewStatus(2023, "poor")),
    ),
    "statuses.save_review": ("household.edit", lambda a: households.save_review(a, "none", 2023, {})),
    "merging.merge": ("household.edit", lambda a: households.merge(a, ID, ID)),
    "retention.retention": ("household.edit", lambda a: households.retention(a, "none", purpose="page")),
    "retention.erase": ("household.edit", lambda a: households.erase(a, "none", [])),
    "importing.preview": ("household.edit", lambda a: importing.preview(a, "none", [])),
    "importing.apply": ("household.edit", lambda a: importing.apply(a, "none", [])),
    "importing.keep": ("household.edit", lambda a: importing.keep(a, b"")),
    "importing.kept": ("household.edit", lambda a: importing.kept(a, ID)),
    "importing.let_go": ("household.edit", lambda a: importing.let_go(a, ID)),
    "own_data.own_data": ("person.read", lambda a: households.own_data(a, ID)),
    "proposing.create": (
        "support.edit", lambda a: support.create(a, support.NewModel(ID, "x", "GNBV.2", "none", 2023)),
    ),
    "proposing.update": ("support.edit", lambda a: support.update(a, ID, 1, {})),
    "moving.move": ("support.submit", lambda a: support.move(a, ID, "submit", Order())),
    "moving.evaluate": ("support.run", lambda a: support.evaluate(a, ID, "x", {}, Order())),
    "deliveries.deliver": (
        "support.run", lambda a: support.deliver(a, ID, support.NewDelivery(ID, ID, ID, Decimal(1))),
    ),
    "deliveries.deliver_all": ("support.run", lambda a: support.deliver_all(a, ID, [])),
    "deliveries.withdraw": ("support.run", lambda a: support.withdraw(a, ID, ID, "x")),
    "visits.visit": ("support.run", lambda a: support.visit(a, ID, support.NewVisit(ID, ID))),
    "programs.create_program": (
        "catalogue.edit",
        lambda a: programs.create_program(
            a, code="GNBV", name="x", short_name="x", period_from=2026, period_to=2030, decision="x"
        ),
    ),
    "programs.create_project": (
        "catalogue.edit",
        lambda a: programs.create_project(a, code="GNBV.1", program_code="GNBV", parent_code=None, name="x"),
    ),
    "programs.update": ("catalogue.edit", lambda a: programs.update(a, "program", "none", 1, {"name": "x"})),
    "territory.set_requires_checker": (
        "unit.edit", lambda a: territory.set_requires_checker(a, "none", True, 1),
    ),
    "people.create_user": (
        "user.manage", lambda a: people.create_user(a, people.NewUser("moi", "x", "officer", "none")),
    ),
    "people.update_user": ("user.manage", lambda a: people.update_user(a, ID, 1, {})),
    "passwords.make_password_link": ("user.manage", lambda a: passwords.make_password_link(a, ID)),
    "clients.create_client": ("client.manage", lambda a: clients.create_client(a, "x", "none", "read")),
    "clients.end_client": ("client.manage", lambda a: clients.end_client(a, ID)),
    "audit.history": ("audit.read", audit.history),
}  # fmt: skip


def test_each_function_that_writes_refuses_every_role_that_may_not(world: World) -> None:
    for name, (action, call) in WRITES.items():
        for role in COLUMNS:
            who = actor(role, "VN@2025")
            if role in PERMISSIONS[action]:
                assert not refuses(call, who), f"{role} may not {name}"
            else:
                assert refuses(call, who), f"{role} may {name}"


def refuses(call: Call, who: Actor) -> bool:
    """Whether it is the role that is wrong with the call; every call here is wrong in some way or empty."""
    try:
        call(who)
    except Forbidden:
        return True
    except (Fault, ValueError):
        return False
    return False


def test_the_catalogue_is_edited_only_at_the_nation(world: World) -> None:
    for unit in ("20770@legacy", "512@legacy", "49@legacy", "48@2025"):
        with pytest.raises(Forbidden):
            programs.require_catalogue(actor("administrator", unit))
    programs.require_catalogue(actor("administrator", "VN@2025"))


# What needs no role: it proves who one is, acts on oneself alone, or is run on the machine itself.
OWN = {
    "login.log_in", "login.log_out", "login.authenticate_session", "login.end_session", "clients.issue_token",
    "passwords.change_password", "passwords.set_password_by_link", "feeds.make", "feeds.revoke", "feeds.read", "people.set_email",
}  # fmt: skip
OF_THE_MACHINE = {"reference", "demo", "sealed", "nightly", "mailing", "reminding"}


def _writes(node: ast.AST) -> bool:
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("transaction", "settled_snapshot")
        and any(k.arg == "write" and getattr(k.value, "value", False) for k in call.keywords)
        for call in ast.walk(node)
    )


def _calls(node: ast.AST) -> set[str]:
    """Names of what a function calls, of its own file or imported by name."""
    calls = (call.func for call in ast.walk(node) if isinstance(call, ast.Call))
    return {func.id for func in calls if isinstance(func, ast.Name)}


def _asks(functions: dict[str, ast.FunctionDef], name: str) -> bool:
    """It asks the table, or is private and everybody who calls it in its file does."""
    if _calls(functions[name]) & {"require", "require_attach", "require_catalogue"}:
        return True
    callers = [n for n, node in functions.items() if name in _calls(node) and n != name]
    return name.startswith("_") and bool(callers) and all(_asks(functions, c) for c in callers)


def _reaches(functions: dict[str, ast.FunctionDef], name: str) -> bool:
    below = (n for n in _calls(functions[name]) if n in functions and n != name)
    return _writes(functions[name]) or any(_reaches(functions, n) for n in below)


def test_every_function_that_opens_a_writing_transaction_asks_the_table_first() -> None:
    root = Path(next(iter(app.domain.__path__)))
    unasked, public = set(), set()
    for path in root.rglob("*.py"):
        if path.stem in OF_THE_MACHINE:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        for name, node in functions.items():
            full = f"{path.stem}.{name}"
            if _writes(node) and not _asks(functions, name) and full not in OWN:
                unasked.add(full)
            if _reaches(functions, name) and not name.startswith("_"):
                public.add(full)
    assert unasked == set()
    untried = public - WRITES.keys() - OWN - UNTRIED
    assert untried == set(), "call these in WRITES"
    assert {"posting.record_all", "line_keys.update", "proposals.post", "people.create_user"} <= public


UNTRIED = {"trial.trial"}  # writes nothing that stays


def test_ones_own_session_is_all_that_one_ends_without_a_right(world: World) -> None:
    mine = login.authenticate_session(login.log_in("officer", "Mat-khau-thu-nghiem-1"))
    assert mine is not None
    login.end_session(mine.actor, mine.session_id)
    assert login.sessions(mine.actor) == []

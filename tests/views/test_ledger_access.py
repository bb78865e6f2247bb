"""Who may open and send which page of the book, of works and of search."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import pytest
from fastapi.routing import APIRoute

from app.domain import held
from app.domain.works import acceptances, clearance_table, payment_dossier_editing, progress_editing
from app.domain.works.steps import steps
from app.models.identity import ROLES
from tests.support.land import household
from tests.support.pages import Visitor
from tests.support.world import MILLION, World, contract, entry, line, post, work

KEEPERS = {"officer", "accountant"}
RECORDERS = KEEPERS | {"leader"}
EVERYBODY = set(ROLES)

# Every page that is read: path, and the roles that may; {…} is filled in from `Rows`.
PAGES: tuple[tuple[str, set[str]], ...] = (
    ("/ledger", EVERYBODY),
    ("/ledger/lines/{line}", EVERYBODY),
    ("/ledger/lines/new", KEEPERS),
    ("/ledger/lines/{line}/edit", KEEPERS),
    ("/ledger/lines/{line}/distribute", RECORDERS),
    ("/ledger/record", RECORDERS),
    ("/ledger/record?line={line}", RECORDERS),
    ("/ledger/check?line={line}&kind=pay&amount=1", RECORDERS),
    ("/ledger/batch", RECORDERS),
    ("/ledger/entries", EVERYBODY),
    ("/ledger/entries/{entry}", EVERYBODY),
    ("/ledger/entries/{entry}/reverse", RECORDERS),
    ("/ledger/proposals", EVERYBODY),
    ("/ledger/open-year", KEEPERS),
    ("/ledger/periods", EVERYBODY),
    ("/ledger/deadlines", EVERYBODY),
    ("/ledger/deadlines/new", {"leader", "reviewer"}),
    ("/works", EVERYBODY),
    ("/works/map", EVERYBODY),
    ("/works/new", RECORDERS),
    ("/works/{work}", EVERYBODY),
    ("/works/{work}/edit", RECORDERS),
    ("/works/{work}/steps", EVERYBODY),
    ("/works/{work}/steps/{step}", EVERYBODY),
    ("/works/{work}/stage", RECORDERS),
    ("/works/{work}/dossier", EVERYBODY),
    ("/works/{work}/dossier.zip", EVERYBODY),
    ("/works/{work}/progress", EVERYBODY),
    ("/works/{work}/progress/new", RECORDERS),
    ("/works/{work}/progress/milestones", RECORDERS),
    ("/works/{work}/progress/{report}/edit", RECORDERS),
    ("/works/{work}/clearance", EVERYBODY),
    ("/works/{work}/clearance/households/new", RECORDERS),
    ("/works/{work}/clearance/households/{household}", EVERYBODY),
    ("/works/{work}/clearance/households/{household}/edit", RECORDERS),
    ("/works/{work}/clearance/import", RECORDERS),
    ("/works/{work}/clearance/import/{kept}", RECORDERS),
    ("/works/{work}/contracts", EVERYBODY),
    ("/works/{work}/contracts/new", RECORDERS),
    ("/contracts/{contract}", EVERYBODY),
    ("/contracts/{contract}/edit", RECORDERS),
    ("/contracts/{contract}/acceptances/new", RECORDERS),
    ("/acceptances/{acceptance}", EVERYBODY),
    ("/acceptances/{acceptance}/edit", RECORDERS),
    ("/contracts/{contract}/payment-dossiers/new", RECORDERS),
    ("/payment-dossiers/{dossier}", EVERYBODY),
    ("/payment-dossiers/{dossier}/edit", RECORDERS),
    ("/works/{work}/settlement", EVERYBODY),
    ("/search?q=tra", EVERYBODY),
)
POSTS: tuple[tuple[str, set[str]], ...] = (
    ("/ledger/lines/new", KEEPERS),
    ("/ledger/lines/{line}/edit", KEEPERS),
    ("/ledger/lines/{line}/distribute", RECORDERS),
    ("/ledger/record?line={line}", RECORDERS),
    ("/ledger/batch", RECORDERS),
    ("/ledger/entries/{proposal}/post", {"accountant", "leader"}),
    ("/ledger/entries/{proposal}/reject", {"accountant", "leader"}),
    ("/ledger/entries/{proposal}/cancel", RECORDERS),
    ("/ledger/entries/{entry}/reverse", RECORDERS),
    ("/ledger/open-year", KEEPERS),
    ("/ledger/periods", {"accountant", "leader"}),
    ("/ledger/periods/{line}/open", {"leader"}),
    ("/ledger/deadlines/new", {"leader", "reviewer"}),
    ("/works/new", RECORDERS),
    ("/works/{work}/edit", RECORDERS),
    ("/works/{work}/steps/{step}", RECORDERS),
    ("/works/{work}/stage", RECORDERS),
    ("/works/{work}/progress/new", RECORDERS),
    ("/works/{work}/progress/milestones", RECORDERS),
    ("/works/{work}/progress/{report}/edit", RECORDERS),
    ("/works/{work}/clearance/begin", RECORDERS),
    ("/works/{work}/clearance", RECORDERS),
    ("/works/{work}/clearance/households/new", RECORDERS),
    ("/works/{work}/clearance/households/{household}/edit", RECORDERS),
    ("/works/{work}/clearance/households/{household}/hand-over", RECORDERS),
    ("/works/{work}/clearance/households/{household}/payments", RECORDERS),
    ("/works/{work}/clearance/households/{household}/payments/{entry}/remove", RECORDERS),
    ("/works/{work}/clearance/import", RECORDERS),
    ("/works/{work}/clearance/import/{kept}", RECORDERS),
    ("/works/{work}/contracts/new", RECORDERS),
    ("/contracts/{contract}/edit", RECORDERS),
    ("/contracts/{contract}/amend", RECORDERS),
    ("/contracts/{contract}/acceptances/new", RECORDERS),
    ("/acceptances/{acceptance}/edit", RECORDERS),
    ("/acceptances/{acceptance}/delete", RECORDERS),
    ("/contracts/{contract}/payment-dossiers/new", RECORDERS),
    ("/payment-dossiers/{dossier}/edit", RECORDERS),
    ("/payment-dossiers/{dossier}/submit", RECORDERS),
    ("/payment-dossiers/{dossier}/return", RECORDERS),
    ("/payment-dossiers/{dossier}/paid", RECORDERS),
    ("/payment-dossiers/{dossier}/delete", RECORDERS),
    ("/works/{work}/settlement", RECORDERS),
    ("/works/{work}/settlement/decide", {"accountant", "leader"}),
)


@dataclass(frozen=True)
class Rows:
    line: str
    entry: str
    proposal: str
    work: str
    contract: str
    step: str
    report: str
    acceptance: str
    dossier: str
    household: str
    kept: str


@pytest.fixture
def rows(world: World, monkeypatch: pytest.MonkeyPatch) -> Rows:
    from app.domain.ledger.posting import record
    from tests.support.world import actor

    made, its = line(), work(procedure="special")
    posted = post(made.id, "allocate", 10 * MILLION, "2023-01-05")
    waiting, _ = record(actor("officer"), entry(made.id, "pay", MILLION, "2023-02-05"))
    first = steps(actor(), its.id)[0]
    told, _ = progress_editing.create(
        actor(), progress_editing.NewReport(uuid.uuid4(), its.id, date(2023, 3, 31), 10)
    )
    signed = contract(its.id)
    accepted, _ = acceptances.create(
        actor(), acceptances.NewAcceptance(uuid.uuid4(), signed.id, date(2023, 3, 1), MILLION)
    )
    asked, _ = payment_dossier_editing.create(
        actor(), payment_dossier_editing.NewDossier(uuid.uuid4(), signed.id, "advance", MILLION)
    )
    affected = household(its.id)
    kept = uuid.uuid4()  # a file under one id for each who may send one: others' are not found
    monkeypatch.setattr(held, "uuid7", lambda: kept)
    for role in RECORDERS:
        clearance_table.keep(actor(role), its.id, "Mã hộ,Chủ hộ\nH01,Hồ Văn Minh".encode())
    found = (
        made.id, posted.id, waiting.id, its.id, signed.id, first.id, told.id, accepted.id, asked.id, affected.id,
        kept,
    )  # fmt: skip
    return Rows(*(str(x) for x in found))


def filled(path: str, rows: Rows) -> str:
    return path.format(**rows.__dict__)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_others(rows: Rows, role: str) -> None:
    visitor = Visitor.logged_in(role)
    answered = {path: visitor.get(filled(path, rows)).status_code for path, _ in PAGES}
    assert answered == {path: 200 if role in allowed else 403 for path, allowed in PAGES}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sends_its_forms_and_no_others(rows: Rows, role: str) -> None:
    visitor = Visitor.logged_in(role)
    for path, allowed in POSTS:
        if role not in allowed:
            answer = visitor.send_form(
                filled(path, rows), line=rows.line, id=rows.line, year="2023", month="1", reason="x"
            )
            # A form that is not whole is told so before anybody is asked: it changes nothing either way.
            assert answer.status_code in ({403, 422} if path == "/ledger/periods" else {403}), path


def test_a_form_without_the_sessions_token_is_refused(rows: Rows) -> None:
    visitor = Visitor.logged_in("leader")
    for path, _ in POSTS:
        answer = visitor.post(filled(path, rows), data={"line": rows.line})
        assert answer.status_code == 403, path


def test_rows_of_another_unit_are_not_found(rows: Rows) -> None:
    stranger = Visitor.logged_in("khac")
    for path, _ in (*PAGES, *POSTS):
        if "{" in path and path not in ("/ledger/periods/{line}/open",):
            read = stranger.get(filled(path, rows)).status_code if (path, _) in PAGES else 404
            assert read in (404, 403), path
            sent = (
                stranger.send_form(filled(path, rows), line=rows.line).status_code
                if (path, _) in POSTS
                else 404
            )
            assert sent in (404, 403), path
    readable = [path for path, allowed in PAGES if "accountant" in allowed and "{" in path]
    assert {path: stranger.get(filled(path, rows)).status_code for path in readable} == dict.fromkeys(
        readable, 404
    )


def test_whoever_has_no_session_is_sent_to_log_in(rows: Rows) -> None:
    stranger = Visitor.stranger()
    for path, _ in PAGES:
        answer = stranger.get(filled(path, rows))
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next="), path


def test_no_page_of_the_book_is_forgotten_here(rows: Rows) -> None:
    import re

    from app.views import ledger, search, works

    known = {
        (m, re.sub(r"\{\w+\}", "{}", p.split("?")[0]))
        for m, rows_ in (("GET", PAGES), ("POST", POSTS))
        for p, _ in rows_
    }
    routes = {
        (method, re.sub(r"\{[^}]+\}", "{}", route.path))
        for router in (*ledger.routers, *works.routers, search.router)
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert routes == known

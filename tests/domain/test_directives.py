"""Directives: given from a source to who has to do it, reported, accepted by others, extended; as of any day."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today, utcnow
from app.domain import directives
from app.domain.access import Actor
from app.domain.directives import DirectiveFilter, DirectiveView, NewDirective
from app.errors import IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.models.identity import User
from app.models.oversight import Inspection
from app.models.steering import Agency, Committee, CommitteeMember, Meeting
from tests.support.book import execute, fails
from tests.support.papers import document
from tests.support.world import World, actor

SAID, DUE = date(2023, 9, 14), date(2023, 12, 31)
TABLES = ("directives", "directive_events", "notices", "audit_rows")
NEW_YEAR = date(2024, 1, 1)


def district(role: str = "reviewer") -> Actor:
    return actor(role, "512@legacy")


def new(**values: Any) -> NewDirective:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "text": "Đẩy nhanh giải ngân", "source_kind": "document",
        "document_number": "26/BC-ĐKT", "source_on": SAID, "due_on": DUE, "assignee_kind": "unit",
        "unit_code": "20770",
    }  # fmt: skip
    return NewDirective(**(defaults | values))


def directive(who: Actor | None = None, **values: Any) -> DirectiveView:
    return directives.create(who or district(), new(**values))[0]


def row(model: Any, **values: Any) -> uuid.UUID:
    """A row that other parts of the domain make."""
    now, id_ = utcnow(), uuid.uuid4()
    made = {"id": id_, "body_hash": "", "created_at": now, "created_by": "x", "updated_at": now, "search": ""}
    known = {name: value for name, value in made.items() if hasattr(model, name)}
    with db.transaction(write=True) as session:
        session.execute(sa.insert(model).values(**(known | values)))
    return id_


def board(unit: str = "20770@legacy", **values: Any) -> uuid.UUID:
    decision = {"document_number": "5/QĐ", "document_date": SAID, "document_issuer": "UBND"}
    named = {"kind": "steering", "name": "Ban chỉ đạo xã", "from_on": date(2023, 1, 1)}
    return row(Committee, unit_id=actor("officer", unit).unit_id, **(named | decision | values))


def seat(board: uuid.UUID, **values: Any) -> uuid.UUID:
    """Somebody on a board; with `user_id` they log in."""
    facts = {"position": 1, "person": "Nguyễn A", "role": "member", "from_on": SAID}
    return row(CommitteeMember, committee_id=board, **(facts | values))


def met(board: uuid.UUID, **values: Any) -> uuid.UUID:
    """A meeting of Sông Trà's board."""
    facts = {"date": SAID, "title": "Họp tháng 9", "state": "held", "minutes": "Đã thống nhất."}
    return row(Meeting, committee_id=board, unit_id=actor().unit_id, **(facts | values))


def inspected(by: str = "512@legacy", **values: Any) -> uuid.UUID:
    facts = {"year": 2023, "title": "Kiểm tra xã Sông Trà", "held_on": SAID, "state": "held"}
    ours, theirs = actor("officer").unit_id, actor("officer", by).unit_id
    return row(Inspection, unit_id=ours, by_unit_id=theirs, **(facts | values))


def account(username: str) -> uuid.UUID:
    with db.transaction() as session:
        return session.execute(sa.select(User.id).where(User.username == username)).scalar_one()


def listed(who: Actor | None = None, **wanted: Any) -> set[uuid.UUID]:
    return {d.id for d in directives.directives(who or district(), DirectiveFilter(**wanted))}


def happened(made: DirectiveView) -> list[tuple[str, date, str]]:
    return [(e.what, e.on, e.unit_code) for e in directives.history(actor("inspector"), made.id)]


def test_sent_twice_a_directive_is_given_once(world: World) -> None:
    ask = new(quote="Tăng cường công tác giải ngân", priority="urgent")
    made, fresh = directives.create(district(), ask)
    assert (fresh, made.state, made.unit_code, made.giver_code) == (True, "open", "20770", "512")
    assert (made.assignee_id, made.assignee_name) == ("20770@legacy", "Xã Sông Trà")
    assert (made.source_on, made.given_on, made.first_due_on, made.due_on) == (SAID, SAID, DUE, DUE)
    assert (made.source_id, made.document_number, made.quote) == (None, "26/BC-ĐKT", ask.quote)
    assert directives.create(district(), ask) == (made, False)
    with fails(IdTaken, of=TABLES):
        directives.create(district(), replace(ask, text="Khác"))
    assert happened(made) == [("given", SAID, "512")]
    assert listed(q="DAY NHANH") == listed(q="26/bc sông trà") == {made.id}
    assert not listed(q="không có")


def test_what_is_given_comes_from_a_source_and_goes_to_somebody_in_scope(world: World) -> None:
    ours, theirs = board(), board("00001@legacy")
    member, later = seat(ours, role="head"), board(from_on=SAID + timedelta(1))
    agency = row(Agency, unit_id=district().unit_id, name="Phòng TC-KH", sort_key="")
    gone = row(Agency, unit_id=district().unit_id, name="Phòng cũ", sort_key="", ended_on=date(2023, 1, 1))
    officer = account("officer")
    meeting = met(ours)
    paper = document(date=SAID)
    wrong: dict[str, Any]
    found = {
        "board": directive(assignee_kind="board", assignee_id=ours),
        "agency": directive(assignee_kind="agency", assignee_id=agency, source_kind="inspection", source_id=inspected()),
        "member": directive(
            actor("leader"), assignee_kind="person", assignee_id=member, source_kind="meeting", source_id=meeting
        ),
        "account": directive(assignee_kind="person", assignee_id=officer, source_id=paper.id, source_on=None),
    }  # fmt: skip
    assert {k: (d.unit_code, d.assignee_name, d.assignee_uuid) for k, d in found.items()} == {
        "board": ("20770", "Ban chỉ đạo xã", ours), "agency": ("512", "Phòng TC-KH", agency),
        "member": ("20770", "Nguyễn A", member), "account": ("20770", "Nguyễn Thị Officer", officer),
    }  # fmt: skip
    assert [(d.source_title or d.document_number) for d in found.values()] == [
        "26/BC-ĐKT", "Kiểm tra xã Sông Trà", "Họp tháng 9", "15/QĐ-UBND",
    ]  # fmt: skip
    assert {d.source_on for d in found.values()} == {SAID}
    assert (
        listed(source=("meeting", meeting))
        == listed(assignee=("person", str(member)))
        == {found["member"].id}
    )
    assert listed(assignee=("person", str(officer))) == {found["account"].id}
    assert listed(assignee=("unit", "20770")) == set()
    with db.transaction() as session:
        asked = found["agency"].source_id
        assert asked is not None
        of = directives.of_source(session, actor("officer", "512@legacy"), "inspection", asked)
    assert [d.id for d in of] == [found["agency"].id]

    for field, wrong in (
        ("source.id", {"source_kind": "meeting", "source_id": uuid.uuid4()}),
        ("source.id", {"source_kind": "inspection", "source_id": meeting}),
        ("source.id", {"source_id": document(actor("officer", "00001@legacy")).id}),
        ("assignee.id", {"assignee_kind": "board", "assignee_id": theirs}),
        ("assignee.id", {"assignee_kind": "agency", "assignee_id": gone}),
        ("assignee.id", {"assignee_kind": "person", "assignee_id": ours}),
        ("assignee.id", {"assignee_kind": "board", "assignee_id": later}),
        ("assignee.id", {"assignee_kind": "person", "assignee_id": seat(ours, from_on=SAID + timedelta(1))}),
        ("assignee.id", {"assignee_kind": "person", "assignee_id": seat(later)}),
        ("assignee.unit_code", {"unit_code": "00001"}),
    ):
        with fails(NotFound, field, of=TABLES):
            directive(**wrong)
    with fails(NotFound, "assignee.unit_code", of=TABLES):  # never upward
        directive(actor("leader"), unit_code="512")
    with fails(NotFound, "assignee.id", of=TABLES):
        directive(actor("leader"), assignee_kind="agency", assignee_id=agency)
    for state, minutes in (("planned", None), ("cancelled", None)):
        with fails(RuleBroken, rule="meeting_state", asked="conclude", held=state, of=TABLES):
            never = met(ours, state=state, minutes=minutes)
            directive(actor("leader"), source_kind="meeting", source_id=never)
    with fails(RuleBroken, rule="own_meeting", held="own", of=TABLES):
        directive(source_kind="meeting", source_id=meeting)
    for field, wrong in (
        ("due_on", {"due_on": SAID - timedelta(1)}),
        ("source.on", {"source_on": today() + timedelta(1), "due_on": today() + timedelta(9)}),
        ("source.on", {"source_on": None}),
        ("source.document_number", {"document_number": " "}),
        ("source.kind", {"source_kind": "rumour"}),
        ("source.id", {"source_kind": "meeting"}),
        ("source.on", {"source_kind": "inspection", "source_id": inspected(state="planned", held_on=None)}),
        ("assignee.kind", {"assignee_kind": "nobody"}),
        ("assignee.id", {"assignee_kind": "board"}),
        ("assignee.unit_code", {"unit_code": None}),
        ("text", {"text": " "}),
        ("quote", {"quote": "x" * 2001}),
        ("priority", {"priority": "great"}),
    ):
        with fails(Invalid, field, of=TABLES):
            directive(**wrong)
    with fails(RuleBroken, rule="inspection_giver", of=TABLES):
        directive(actor("leader"), source_kind="inspection", source_id=inspected())


def test_who_can_be_given_one_is_found_by_words_without_marks(world: World) -> None:
    ours = board()
    row(CommitteeMember, committee_id=ours, position=1, person="Hồ Văn Tèo", role="head", from_on=SAID)

    def names(who: Actor, q: str = "") -> list[str]:
        return [c.name for c in directives.candidates(who, q)]

    assert names(actor("leader"), "ho teo") == ["Hồ Văn Tèo"]
    assert names(actor("leader"), "phuoc tra") == names(actor("leader"), "khong co") == []
    assert names(district(), "phuoc tra") == ["Xã Phước Trà"]
    below = names(district())
    assert below[:1] == ["Huyện Hiệp Đức"]
    assert {"Xã Phước Gia", "Xã Phước Trà", "Xã Sông Trà", "Lê Thẩm Định"} == set(below[1:])
    assert "Ban chỉ đạo xã" in names(actor("leader"))
    found = directives.candidate(district(), "board", str(ours))
    assert (found.name, found.unit_name) == ("Ban chỉ đạo xã", "Xã Sông Trà")
    for kind, id_ in (("board", str(uuid.uuid4())), ("agency", "x"), ("unit", "00001"), ("team", str(ours))):
        with pytest.raises(NotFound):
            directives.candidate(district(), kind, id_)


def test_who_has_to_do_it_reports_and_who_gave_it_accepts(world: World) -> None:
    made, commune, giver = directive(), actor("officer"), district()
    directives.progress(commune, made.id, "Xin gia hạn", 40, on=date(2023, 10, 2))
    said = directives.report(commune, made.id, "Đã giải ngân đủ", on=date(2023, 12, 20))
    assert (said.state, said.percent, said.version) == ("reported", 40, 3)
    before = (said, happened(said))
    assert directives.report(commune, made.id, "Đã giải ngân đủ", on=date(2023, 12, 20)) == before[0]
    assert happened(said) == before[1]
    with fails(RuleBroken, rule="directive_state", asked="reported", held="reported", of=TABLES):
        directives.report(actor("leader"), made.id, "Lần nữa", on=date(2023, 12, 21))
    for who, asked in ((actor("leader"), "giver"), (giver, "assignee")):
        move = directives.accept if asked == "giver" else directives.report
        with fails(RuleBroken, rule="directive_side", held=asked, of=TABLES):
            move(who, made.id, "Xong", on=date(2023, 12, 25))
    with fails(Invalid, "text", of=TABLES):
        directives.send_back(giver, made.id, " ", on=date(2023, 12, 25))
    back = directives.send_back(giver, made.id, "Thiếu hồ sơ quyết toán", on=date(2023, 12, 25))
    assert back.state == "returned"
    for day, text in ((date(2023, 12, 24), "Đủ hồ sơ"), (today() + timedelta(1), "Đủ hồ sơ")):
        with fails(Invalid, "on", of=TABLES):
            directives.report(commune, made.id, text, on=day)
    directives.report(commune, made.id, "Đủ hồ sơ", on=date(2024, 1, 5))
    done = directives.accept(actor("leader", "49@legacy"), made.id, on=date(2024, 1, 8))
    assert (done.state, done.overdue) == ("accepted", False)
    calls: list[Callable[[], object]] = [
        lambda: directives.extend(giver, made.id, date(2024, 6, 1), "Muộn"),
        lambda: directives.progress(commune, made.id, "Thêm"),
        lambda: directives.update(giver, made.id, done.version, {"text": "Khác"}),
    ]
    for late in calls:
        with fails(RuleBroken, rule="directive_state", held="accepted", of=TABLES):
            late()
    assert [what for what, *_ in happened(done)] == [
        "given", "progress", "reported", "returned", "reported", "accepted",
    ]  # fmt: skip


def test_nobody_accepts_their_own_report(world: World) -> None:
    made = directive(actor("leader"), due_on=today())
    directives.report(actor("leader"), made.id, "Đã xong")
    with fails(RuleBroken, rule="own_report", of=TABLES):
        directives.accept(actor("leader"), made.id)
    assert directives.accept(replace(actor("leader"), ref="lanhdao2"), made.id).state == "accepted"
    mine = directive(actor("leader"), assignee_kind="person", assignee_id=account("leader"), due_on=today())
    directives.report(actor("officer"), mine.id, "Lãnh đạo đã làm xong")
    doer = replace(actor("leader"), user_id=account("leader"))
    with fails(RuleBroken, rule="own_report", of=TABLES):  # what somebody else reported for them
        directives.accept(doer, mine.id)
    with db.transaction() as session:
        assert directives.waiting(session, doer, 9) == ([], 0)
        assert [d.id for d in directives.waiting(session, actor("leader"), 9)[0]] == [mine.id]
    assert directives.accept(actor("leader"), mine.id).state == "accepted"
    machine = directive(actor("client:write"))
    directives.report(actor("client:write"), machine.id, "Đã xong")
    with fails(RuleBroken, rule="own_report", of=TABLES):
        directives.accept(actor("client:write"), machine.id)


def test_as_of_a_day_state_and_due_date_are_those_in_force(world: World) -> None:
    made, giver = directive(), district()
    directives.extend(giver, made.id, date(2024, 2, 29), "Chờ vốn", on=date(2024, 1, 10))
    directives.report(actor("officer"), made.id, "Xong", on=date(2024, 3, 5))
    directives.accept(giver, made.id, on=date(2024, 3, 20))
    other = directive(actor("leader"), due_on=date(2024, 6, 1), source_on=date(2024, 2, 1))
    seen = {
        day: (d.state, d.due_on, d.overdue, d.late_days)
        for day in (date(2023, 12, 31), NEW_YEAR, date(2024, 1, 10), date(2024, 3, 5), date(2024, 3, 20))
        for d in [directives.get(giver, made.id, as_of=day)]
    }
    assert seen == {
        date(2023, 12, 31): ("open", DUE, False, 0),
        NEW_YEAR: ("open", DUE, True, 1),
        date(2024, 1, 10): ("open", date(2024, 2, 29), False, 0),
        date(2024, 3, 5): ("reported", date(2024, 2, 29), True, 5),
        date(2024, 3, 20): ("accepted", date(2024, 2, 29), False, 0),
    }
    assert directives.get(giver, made.id).first_due_on == DUE
    assert (
        listed(as_of=NEW_YEAR, unit="20770", overdue=True)
        == listed(as_of=date(2024, 3, 19), unit="20770", overdue=True)
        == {made.id}
    )
    assert listed(as_of=date(2024, 1, 31), unit="20770", overdue=True) == set()
    assert listed(unit="20770@legacy", overdue=True) == {other.id}
    assert listed(as_of=date(2024, 3, 5), state="reported") == {made.id}
    assert listed(standing=True) == listed(due_from=date(2024, 3, 1)) == listed(state="open") == {other.id}
    assert listed(as_of=NEW_YEAR, due_to=DUE) == {made.id}
    assert listed(as_of=NEW_YEAR, overdue=False) == listed(as_of=SAID - timedelta(1)) == set()
    with pytest.raises(NotFound):
        directives.get(giver, made.id, as_of=SAID - timedelta(1))
    with db.transaction() as session:
        unit = giver.unit_id
        days = (SAID, NEW_YEAR, date(2024, 3, 5), None)
        assert [directives.counts(session, giver, unit, day) for day in days] == [
            (1, 0, 0, 0), (1, 1, 0, 0), (2, 1, 1, 0), (1, 1, 0, 0),
        ]  # fmt: skip
    together = directives.total(giver, DirectiveFilter(as_of=date(2024, 3, 5)))
    assert (together.count, together.standing, together.reported) == (2, 2, 1)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_more_time_is_given_by_the_giver_with_a_reason(world: World) -> None:
    made, giver, on = directive(), district(), date(2023, 12, 1)
    for field, due, reason, day in (
        ("due_on", DUE, "Chờ vốn", on),
        ("due_on", date(2024, 1, 5), "Chờ vốn", date(2024, 1, 5)),
        ("reason", date(2024, 1, 5), " ", on),
        ("on", date(2024, 1, 5), "Chờ vốn", SAID - timedelta(1)),
    ):
        with fails(Invalid, field, of=TABLES):
            directives.extend(giver, made.id, due, reason, on=day)
    with fails(RuleBroken, rule="directive_side", held="giver", of=TABLES):
        directives.extend(actor("leader"), made.id, date(2024, 1, 5), "Chờ vốn", on=on)
    longer = directives.extend(giver, made.id, date(2024, 1, 5), "Chờ vốn", on=on)
    assert (longer.due_on, longer.first_due_on, longer.state) == (date(2024, 1, 5), DUE, "open")
    assert directives.extend(giver, made.id, date(2024, 1, 5), "Chờ vốn", on=on) == longer


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_its_words_are_mended_by_the_giver_under_the_version_that_was_read(world: World) -> None:
    made, giver = directive(), district()
    mended = directives.update(giver, made.id, 1, {"text": "Giải ngân hết", "priority": "urgent"})
    assert (mended.text, mended.priority, mended.version) == ("Giải ngân hết", "urgent", 2)
    assert listed(q="giai ngan het") == {made.id}
    with fails(Stale, of=TABLES):
        directives.update(giver, made.id, 1, {"text": "Muộn"})
    with fails(Invalid, "text", of=TABLES):
        directives.update(giver, made.id, 2, {"text": " "})
    with fails(RuleBroken, rule="directive_side", of=TABLES):
        directives.update(actor("leader"), made.id, 2, {"text": "Khác"})
    assert directives.update(giver, made.id, 2, {"text": "Giải ngân hết"}) == mended  # as it is
    again = directives.update(giver, made.id, 2, {"quote": "Giải ngân 100 %"})
    last = directives.update(giver, made.id, again.version, {"text": "Giải ngân 95 %", "quote": ""})
    told = [(e.what, e.text) for e in directives.history(giver, made.id)]
    assert told[1:] == [
        ("reworded", "Đẩy nhanh giải ngân"), ("reworded", ""), ("reworded", "Giải ngân hết\n“Giải ngân 100 %”"),
    ]  # fmt: skip
    directives.report(
        actor("officer"), made.id, "Xong", on=DUE
    )  # words of a later day are no step of the work
    with fails(RuleBroken, rule="directive_state", asked="update", held="reported", of=TABLES):
        directives.update(giver, made.id, last.version + 1, {"text": "Khác hẳn"})


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_another_units_directive_is_not_there(world: World) -> None:
    made, abroad = directive(), actor("leader", "00001@legacy")
    calls: list[Callable[[], object]] = [
        lambda: directives.get(abroad, made.id),
        lambda: directives.history(abroad, made.id),
        lambda: directives.update(abroad, made.id, 1, {"text": "x"}),
        lambda: directives.progress(abroad, made.id, "x"),
        lambda: directives.report(abroad, made.id, "x"),
        lambda: directives.accept(abroad, made.id),
        lambda: directives.send_back(abroad, made.id, "x"),
        lambda: directives.extend(abroad, made.id, today() + timedelta(9), "x"),
    ]
    for call in calls:
        with fails(NotFound, of=TABLES):
            call()
    assert listed(abroad) == set()


def test_what_happened_stays_as_it_was(world: World) -> None:
    directive()
    for statement in ("UPDATE directive_events SET text = 'khác'", "DELETE FROM directive_events"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            execute(statement)

"""Boards: set up by decision, members with the unit's right, who answers for what, gaps, handing over, set up anew."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today
from app.domain import boards, directives, targets, territory
from app.domain.access import Actor
from app.domain.boards import CommitteeFilter, CommitteeView, NewAssignment, Renewal, Sheet
from app.domain.directives import NewDirective
from app.domain.identity import common, people
from app.domain.ledger.entries import Document
from app.domain.tasks import NewTask
from app.errors import Forbidden, IdTaken, Invalid, NotFound, Stale
from app.models.plans import Task
from app.models.steering import Committee
from tests.support.book import execute, fails, refused
from tests.support.planning import approved, plan
from tests.support.steering import (
    ALL,
    DECISION,
    SET_UP,
    assigned,
    board,
    member,
    new_board,
    new_member,
)
from tests.support.world import World, actor, work

ELSEWHERE, DISTRICT = "00001@legacy", "512@legacy"
LATER = date(2023, 9, 1)
SIX = ("criterion", "NTM-XA-2021-2025/6")


def get(of: CommitteeView) -> CommitteeView:
    return boards.get(actor("officer"), of.id)


def listed(who: Actor | None = None, **wanted: Any) -> set[uuid.UUID]:
    return {b.id for b in boards.committees(who or actor("leader"), CommitteeFilter(**wanted))}


def sheet(of: CommitteeView, on: date = LATER) -> Sheet:
    return boards.sheet(actor("reviewer", DISTRICT), of.id, on)


def gaps(of: CommitteeView, on: date = LATER) -> set[tuple[str, str]]:
    found = sheet(of, on).gaps
    return {t.subject for t in found.nobody} | {t.subject for _, t in found.programs}


def test_sent_twice_a_board_is_set_up_once(world: World) -> None:
    ask = new_board(
        members=(new_member("Lê Văn A", role="head"), new_member("Trần Thị B", username="officer"))
    )
    made, fresh = boards.create(actor("officer"), ask)
    assert (fresh, made.unit_code, made.kind, made.programs) == (
        True,
        "20770",
        "steering",
        ("GNBV", "DTTS", "NTM"),
    )
    assert (made.from_on, made.to_on, made.meeting_day, made.decision) == (SET_UP, None, 15, DECISION)
    assert [(m.person, m.role, m.username, m.from_on) for m in made.members] == [
        ("Lê Văn A", "head", None, SET_UP), ("Trần Thị B", "member", "officer", SET_UP),
    ]  # fmt: skip
    assert boards.create(actor("officer"), ask) == (made, False)
    with fails(IdTaken, of=ALL):
        boards.create(actor("officer"), replace(ask, name="Khác"))
    for values, field in (
        ({"kind": "village"}, "kind"),
        ({"name": " "}, "name"),
        ({"programs": ()}, "programs"),
        ({"decision": replace(DECISION, number="")}, "decision.number"),
        ({"from_on": SET_UP - timedelta(days=1)}, "from"),
        ({"meeting_day": 29}, "meeting_day"),
        ({"unit_code": "20770.01@legacy"}, "unit_code"),
        ({"members": (new_member(), new_member(role="king"))}, "members.1.role"),
        ({"members": (new_member(username="khac"),)}, "members.0.username"),
    ):
        with fails(Invalid, field, of=ALL):
            board(**({"kind": "management"} | values))
    with fails(NotFound, "programs", of=ALL):
        board(programs=("GNBV", "XYZ"))
    with fails(NotFound, "unit_code", of=ALL):
        board(unit_code=ELSEWHERE)


def test_the_board_of_a_unit_that_ended_is_no_board_of_its_successor(world: World) -> None:
    made, road = board(), work()
    assigned(member(made), "work", str(road.id))
    old, new = actor("officer"), actor("officer", "20770@2025")
    last = date(2025, 6, 30)
    seen = {}
    for who, unit in ((old, "20770@legacy"), (new, "20770@2025")):
        with db.transaction() as session:
            its = territory.resolve(session, who, unit)
            charged = [
                bool(boards.in_charge(session, who, "work", [road.id], on=on)) for on in (last, today())
            ]
        sheets = [boards.of_unit(who, its, on) is not None for on in (last, today())]
        lists = [bool(listed(who, unit=unit, on=on)) for on in (last, today())]
        seen[unit] = (charged, sheets, lists)
    assert seen == {"20770@legacy": ([True, True],) * 3, "20770@2025": ([True, False],) * 3}


def test_a_decision_sets_a_board_up_once(world: World) -> None:
    made = board(programs=("DTTS", "NTM"))
    with refused("board_exists", held=made.name, since=SET_UP):
        board(programs=("NTM",), name="Ban Chỉ đạo, lập lần hai")
    board(programs=("GNBV",), name="Ban Chỉ đạo giảm nghèo")
    board(kind="management")
    other = board(decision=replace(DECISION, number="99/QĐ-UBND"))
    with refused("board_exists"):
        boards.update(actor("officer"), other.id, other.version, {"decision": DECISION})
    boards.update(actor("officer"), made.id, made.version, {"to_on": LATER})
    again = board(programs=("NTM",), from_on=LATER + timedelta(days=1))
    with refused("board_exists", held=again.name):
        boards.update(actor("officer"), made.id, get(made).version, {"to_on": None})
    with db.transaction(write=True) as session:  # as one was that stood before the rule
        earlier = (
            sa.update(Committee)
            .where(Committee.id == again.id)
            .values(from_on=again.from_on - timedelta(days=9))
        )
        session.execute(earlier)
    renamed = boards.update(actor("officer"), again.id, get(again).version, {"name": "Ban chỉ đạo, tên mới"})
    assert boards.update(actor("officer"), again.id, renamed.version, {"to_on": LATER}).to_on == LATER


def test_a_unit_keeps_its_own_boards_and_those_above_read_them(world: World) -> None:
    ours = board()
    with refused("own_board", asked="create"):
        board(actor("officer", DISTRICT))
    above = actor("leader", DISTRICT)
    assert boards.get(above, ours.id).name == ours.name
    for write in (
        lambda: boards.update(above, ours.id, 1, {"name": "Khác"}),
        lambda: boards.add(above, ours.id, new_member()),
    ):
        with refused("own_board"):
            write()
    district = board(
        actor("officer", DISTRICT), unit_code=DISTRICT, name="Ban Chỉ đạo huyện", kind="management"
    )
    assert listed() == {ours.id}
    assert listed(above) == {ours.id, district.id}
    assert (
        listed(above, unit="20770")
        == listed(above, kind="steering")
        == listed(above, q="song tra")
        == {ours.id}
    )
    assert listed(above, on=SET_UP - timedelta(days=1)) == set()
    with fails(NotFound):
        boards.get(actor("officer", ELSEWHERE), ours.id)
    with fails(Forbidden):
        boards.add(actor("supervisor"), ours.id, new_member())
    successor = actor("officer", "20770@2025")
    assert boards.add(successor, ours.id, new_member("Người mới"))[1], (
        "who took the unit over closes its books"
    )


def test_a_member_s_account_has_right_at_the_unit_and_one_is_head_at_a_time(world: World) -> None:
    made = board()
    ask = new_member("Nguyễn Thị Đứng Đầu", role="head", username="leader", to_on=date(2023, 6, 30))
    head, fresh = boards.add(actor("officer"), made.id, ask)
    assert (fresh, head.username, head.position) == (True, "leader", 1)
    assert boards.add(actor("officer"), made.id, ask) == (head, False)
    with fails(IdTaken, of=ALL):
        boards.add(actor("officer"), made.id, replace(ask, person="Khác"))
    assert member(made, "Trên huyện", username="HUYEN").username == "huyen", "a unit above has right here"
    disabled, _ = people.create_user(
        common.system_actor(), people.NewUser("nghi", "Đã nghỉ", "officer", "20770@legacy")
    )
    people.update_user(common.system_actor(), disabled.id, disabled.version, {"disabled": True})
    below, _ = people.create_user(
        common.system_actor(), people.NewUser("thon", "Thôn", "officer", "20770.01@legacy")
    )
    for username in ("khac", "nghi", below.username, "khong.co"):
        with fails(Invalid, "username", of=ALL):
            member(made, username=username)
    with refused("one_head", held="Nguyễn Thị Đứng Đầu"):
        member(made, "Người thứ hai", role="head", from_on=date(2023, 6, 30))
    second = member(made, "Người thứ hai", role="head", from_on=date(2023, 7, 1))
    standing = get(made)
    assert (standing.head(date(2023, 6, 30)), standing.head(LATER)) == (
        standing.member(head.id), standing.member(second.id),
    )  # fmt: skip
    with refused("one_head"):
        boards.change(actor("officer"), made.id, head.id, standing.version, {"to_on": None})
    with fails(Stale):
        boards.change(actor("officer"), made.id, head.id, 1, {"title": "Chủ tịch"})
    changed = boards.change(
        actor("officer"), made.id, head.id, standing.version, {"title": "Chủ tịch", "username": None}
    )
    assert (changed.member(head.id).title, changed.member(head.id).username) == ("Chủ tịch", None)
    assert changed.version > standing.version
    for values, field in (
        ({"person": ""}, "person"),
        ({"from_on": SET_UP - timedelta(days=1)}, "from"),
        ({"to_on": SET_UP - timedelta(days=1)}, "to"),
    ):
        with fails(Invalid, field, of=ALL):
            member(made, **values)


def test_a_member_answers_for_what_lies_in_the_unit(world: World) -> None:
    made, road = board(programs=("DTTS", "NTM")), work()
    who = member(made)
    approved(plan(program_code="NTM", items=(NewTask("Rà soát tiêu chí 6"),)))
    with db.transaction() as session:
        task = session.execute(sa.select(Task.id)).scalar_one()
    for kind, key, name in (
        ("program", "NTM", "Nông thôn mới"), ("project", "DTTS.4.1", "Tiểu dự án 1"), (*SIX, "6. "),
        ("work", str(road.id), road.name), ("hamlet", "20770.02", "Thôn Trà Huỳnh"),
        ("task", str(task), "Rà soát tiêu chí 6"),
    ):  # fmt: skip
        given = assigned(who, kind, key)
        assert (given.kind, given.name.startswith(name)) == (kind, True)
        with refused("already_assigned", held=who.person):
            assigned(who, kind, key)
    assert [a.key for a in get(made).member(who.id).assignments if a.kind == "hamlet"] == ["20770.02@legacy"]
    ask = NewAssignment(uuid.uuid4(), ("project", "NTM.2"), from_on=SET_UP)
    again, fresh = boards.assign(actor("officer"), made.id, who.id, ask)
    assert fresh
    assert boards.assign(actor("officer"), made.id, who.id, ask) == (again, False)
    with fails(IdTaken, of=ALL):
        boards.assign(actor("officer"), made.id, who.id, replace(ask, note="Khác"))
    theirs = work(actor(unit=ELSEWHERE), owner_unit_code=ELSEWHERE)
    for kind, key in (("work", str(theirs.id)), ("work", "x"), ("hamlet", "00001"), ("criterion", "NTM-XA-2021-2025/99"), ("criterion", "6"), ("task", str(road.id))):  # fmt: skip
        with fails(NotFound, "subject", of=ALL):
            assigned(who, kind, key)
    for kind, key in (("program", "GNBV"), ("project", "GNBV.2"), ("river", "1")):
        with fails(Invalid, "subject", of=ALL):
            assigned(who, kind, key)
    with fails(Invalid, "from", of=ALL):
        assigned(who, "project", "NTM.1", from_on=SET_UP - timedelta(days=1))
    with fails(Invalid, "programs", of=ALL):
        boards.update(actor("officer"), made.id, get(made).version, {"programs": ("DTTS",)})


def test_what_nobody_is_in_charge_of_is_named(world: World) -> None:
    made, road = board(programs=("DTTS", "NTM")), work()
    management = board(kind="management", name="Ban Quản lý", programs=("DTTS",))
    work(project_code="GNBV.1.1")  # of a program that these boards do not steer
    cancelled = work()
    execute("UPDATE works SET stage = 'cancelled' WHERE id = :id", id=_stored(cancelled.id))
    targets.create(
        actor("officer"),
        targets.NewTarget(
            id=uuid.uuid4(), unit_code="20770@legacy", due_on=date(2023, 12, 31), criterion_number=6
        ),
    )
    hamlets = {("hamlet", "20770.01@legacy"), ("hamlet", "20770.02@legacy")}
    all_of_them = {("program", "DTTS"), ("program", "NTM"), ("work", str(road.id)), SIX} | hamlets
    assert gaps(made) == all_of_them
    assert [b.id for b in sheet(made).gaps.headless] == [made.id]
    head = member(made, role="head", to_on=date(2023, 12, 31))
    whole = boards.assign_all(
        actor("officer"), made.id, [(head.id, ("program", "NTM")), (head.id, SIX), (head.id, ("hamlet", "20770.01@legacy"))], SET_UP
    )  # fmt: skip
    assert len(whole.member(head.id).open) == 3
    site = member(management, "Cán bộ địa chính")
    assigned(site, "work", str(road.id))
    assert gaps(made) == {("program", "DTTS"), ("hamlet", "20770.02@legacy")}
    assert ("program", "DTTS") in gaps(management)
    assert not sheet(made).gaps.headless
    assert gaps(made, date(2024, 1, 1)) >= {SIX, ("program", "NTM")}, "who is out of term answers for nothing"
    assert [m.id for _, m in sheet(made, date(2024, 1, 1)).gaps.left] == [head.id]
    with db.transaction() as session:
        found = boards.in_charge(session, actor("officer"), "work", [road.id], on=LATER)
    assert [(c.person, c.committee_name) for c in found[road.id]] == [("Cán bộ địa chính", "Ban Quản lý")]


def _stored(id_: uuid.UUID) -> str:
    with db.transaction() as session:
        return id_.hex if db.is_sqlite(session) else str(id_)


def test_who_leaves_hands_over_in_one_step(world: World) -> None:
    made = board()
    leaver, taker, gone = (
        member(made, "Người đi"),
        member(made, "Người nhận"),
        member(made, "Đã nghỉ", to_on=LATER),
    )
    program, hamlet = (
        assigned(leaver, "program", "GNBV", note="Chính"),
        assigned(leaver, "hamlet", "20770.01"),
    )
    shared = assigned(leaver, "program", "NTM")
    assigned(taker, "program", "NTM")
    stranger = member(board(kind="management"), "Ban khác")
    officer = actor("officer")
    for to in (stranger.id, leaver.id, uuid.uuid4()):
        with fails(NotFound, "hand_over", of=ALL):
            boards.leave(officer, made.id, leaver.id, LATER, {program.id: to})
    with fails(NotFound, "hand_over", of=ALL):
        boards.leave(officer, made.id, leaver.id, LATER, {uuid.uuid4(): taker.id})
    with fails(Invalid, "hand_over", of=ALL):
        boards.leave(officer, made.id, leaver.id, LATER, {program.id: gone.id})
    handing = {program.id: taker.id, shared.id: taker.id, hamlet.id: None}
    after = boards.leave(officer, made.id, leaver.id, LATER, handing)
    assert boards.leave(officer, made.id, leaver.id, LATER, handing) == after
    with refused("member_left", held=LATER):
        boards.leave(officer, made.id, leaver.id, LATER + timedelta(days=1), {})
    left = {a.subject: (a.to_on, a.handed_to_id) for a in after.member(leaver.id).assignments}
    assert left == {
        ("program", "GNBV"): (LATER, taker.id), ("program", "NTM"): (LATER, taker.id),
        ("hamlet", "20770.01@legacy"): (None, None),
    }  # fmt: skip
    taken = {a.subject: (a.from_on, a.note) for a in after.member(taker.id).assignments}
    assert taken == {
        ("program", "GNBV"): (LATER + timedelta(days=1), "Chính"), ("program", "NTM"): (SET_UP, ""),
    }  # fmt: skip
    day = LATER + timedelta(days=1)
    assert [m.id for _, m in sheet(made, day).gaps.left] == [leaver.id]
    assert ("hamlet", "20770.01@legacy") in gaps(made, day)
    later = LATER + timedelta(days=9)
    boards.end(officer, made.id, hamlet.id, later, to=taker.id)
    done = boards.end(officer, made.id, hamlet.id, later, to=taker.id)
    assert ("hamlet", "20770.01@legacy") in {a.subject for a in done.member(taker.id).open}
    assert not sheet(made, later + timedelta(days=1)).gaps.left
    with refused("assignment_ended", held=later):
        boards.end(officer, made.id, hamlet.id, later)


def test_who_leaves_with_directives_is_named_until_these_are_done(world: World) -> None:
    made = board()
    leaver = member(made, "Người đi")
    order = NewDirective(
        uuid.uuid4(), "Nộp hồ sơ quyết toán", "document", LATER, "person", leaver.id, document_number="15/CV",
        source_on=SET_UP,
    )  # fmt: skip
    given, _ = directives.create(actor("leader"), order)
    day = LATER + timedelta(days=1)
    assert not sheet(made, day).gaps.left
    boards.leave(actor("officer"), made.id, leaver.id, LATER, {})
    found = sheet(made, day).gaps
    assert ([m.id for _, m in found.left], found.directives) == ([leaver.id], {leaver.id: 1})
    directives.report(actor("officer"), given.id, "Đã nộp", on=LATER)
    directives.accept(actor("leader"), given.id)
    assert not sheet(made, day).gaps.left


def test_ticks_of_a_member_are_kept_as_they_are_given(world: World) -> None:
    made = board()
    who, officer = member(made), actor("officer")
    first = boards.tick(officer, made.id, who.id, [("program", "NTM"), ("hamlet", "20770.01@legacy")], LATER)
    assert boards.tick(officer, made.id, who.id, [s for _, s in _open(first)], LATER) == first
    second = boards.tick(officer, made.id, who.id, [("program", "GNBV")], LATER)
    assert [s for _, s in _open(second)] == [("program", "GNBV")]
    assert len(second.member(who.id).assignments) == 1, "what had not held for a day is taken back"
    third = boards.tick(officer, made.id, who.id, [], LATER + timedelta(days=5))
    assert [a.to_on for a in third.member(who.id).assignments] == [LATER + timedelta(days=4)]
    with fails(Invalid, "on", of=ALL):
        boards.tick(officer, made.id, who.id, [("program", "NTM")], SET_UP - timedelta(days=1))


def _open(of: CommitteeView) -> list[tuple[str, tuple[str, str]]]:
    return [(m.person, a.subject) for m in of.members for a in m.open]


def test_a_board_set_up_anew_goes_on_with_its_members(world: World) -> None:
    old = board()
    stays, left = (
        member(old, "Ở lại", role="head", username="leader"),
        member(old, "Đã thôi", to_on=date(2023, 3, 1)),
    )
    assigned(stays, "program", "NTM")
    assigned(stays, "program", "GNBV")
    assigned(left, "program", "DTTS")
    ended = assigned(stays, "hamlet", "20770.01")
    officer = actor("officer")
    boards.end(officer, old.id, ended.id, date(2023, 5, 1))
    decision = Document("88/QĐ-UBND", LATER, "UBND xã Sông Trà")
    with fails(Invalid, "from", of=ALL):
        boards.renew(officer, old.id, Renewal(uuid.uuid4(), replace(decision, date=SET_UP)))
    ask = Renewal(uuid.uuid4(), decision, programs=("NTM", "DTTS"))
    new, fresh = boards.renew(officer, old.id, ask)
    assert (fresh, new.replaces_id, new.name, new.from_on, new.meeting_day) == (
        True,
        old.id,
        old.name,
        LATER,
        15,
    )
    assert [(m.person, m.role, m.username, m.from_on) for m in new.members] == [
        ("Ở lại", "head", "leader", LATER)
    ]
    assert [(a.subject, a.from_on) for a in new.members[0].assignments] == [(("program", "NTM"), LATER)]
    assert boards.renew(officer, old.id, ask) == (new, False)
    with fails(IdTaken, of=ALL):
        boards.renew(officer, old.id, replace(ask, name="Khác"))
    before = get(old)
    assert (before.to_on, before.replaced_by_id) == (LATER - timedelta(days=1), new.id)
    assert listed(on=LATER) == {new.id}
    assert listed(on=LATER - timedelta(days=1)) == {old.id}
    with refused("board_ended", held=LATER - timedelta(days=1)):
        boards.renew(officer, old.id, replace(ask, id=uuid.uuid4()))
    with fails(Invalid, "from", of=ALL):
        member(old, "Muộn", from_on=LATER)


def test_a_board_is_changed_and_dissolved(world: World) -> None:
    made = board()
    member(made, from_on=date(2023, 2, 1))
    officer = actor("officer")
    for changes, field in (
        ({"from_on": date(2023, 2, 2)}, "from"),
        ({"to_on": date(2023, 1, 31)}, "to"),
        ({"programs": ()}, "programs"),
    ):
        with fails(Invalid, field, of=ALL):
            boards.update(officer, made.id, get(made).version, changes)
    with fails(Stale):
        boards.update(officer, made.id, made.version - 1, {"name": "Khác"})
    changing: dict[str, Any] = {
        "name": "Ban mới",
        "programs": ("NTM",),
        "to_on": LATER,
        "decision": replace(DECISION, number="13"),
    }
    changed = boards.update(officer, made.id, get(made).version, changing)
    assert (changed.name, changed.programs, changed.to_on, changed.decision.number) == (
        "Ban mới", ("NTM",), LATER, "13",
    )  # fmt: skip
    assert listed(q="ban moi", on=LATER) == {made.id}
    assert listed(on=LATER + timedelta(days=1)) == set()
    with db.transaction() as session:
        unit = territory.by_id(session, actor().unit_id)
    assert boards.of_unit(officer, unit, today()) is None
    found = boards.of_unit(officer, unit, LATER)
    assert found is not None
    assert [b.id for b in found.boards] == [made.id]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_boards_as_of_a_day_show_who_was_there(world: World) -> None:
    made = board()
    member(made, "Trước", to_on=date(2023, 5, 31))
    after = member(made, "Sau", from_on=date(2023, 6, 1))
    assigned(after, "program", "NTM", from_on=LATER)
    (then,) = boards.committees(actor(), CommitteeFilter(on=date(2023, 5, 1)))
    assert [m.person for m in then.members] == ["Trước"]
    (now,) = boards.committees(actor(), CommitteeFilter(on=date(2023, 7, 1)))
    assert [(m.person, m.assignments) for m in now.members] == [("Sau", ())]

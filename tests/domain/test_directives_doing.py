"""Who does a directive: whose it is to report, what proves it, what waits for whom; until it is withdrawn."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app import db
from app.clock import today
from app.domain import directives, documents
from app.domain.access import Actor
from app.domain.directives import Proof
from app.domain.documents import uploads
from app.domain.documents.attaching import documents_of
from app.errors import Forbidden, Invalid, NotFound, RuleBroken
from tests.domain.test_directives import (
    NEW_YEAR,
    SAID,
    TABLES,
    account,
    board,
    directive,
    district,
    happened,
    inspected,
    listed,
    seat,
)
from tests.support.book import fails
from tests.support.papers import PDF, document, photo_sent
from tests.support.world import World, actor


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_proof_stands_with_the_directive(world: World) -> None:
    made, officer, paper = directive(), actor("officer"), document()
    sent = uploads.whole(officer, "biên bản.pdf", io.BytesIO(PDF), uuid.uuid4())
    proof = Proof((paper.id,), (sent.id,))
    directives.report(officer, made.id, "Đã xong", on=date(2023, 12, 1), proof=proof)
    directives.report(officer, made.id, "Đã xong", on=date(2023, 12, 1), proof=proof)
    found = documents_of(officer, "directive", made.id)
    assert {(d.kind, len(d.files)) for d in found} == {("approval_decision", 1), ("report", 1)}
    judged, reviewer = directive(unit_code="512"), district()  # who reports proves it, keeping no register
    photo = uploads.whole(reviewer, "ảnh.pdf", io.BytesIO(PDF), uuid.uuid4())
    directives.report(reviewer, judged.id, "Đã xong", proof=Proof((), (photo.id,)))
    assert [d.unit_code for d in documents_of(reviewer, "directive", judged.id)] == ["512"]
    inspector, visited = district("inspector"), inspected()
    note = documents.NewDocument(uuid.uuid4(), "1/BB", SAID, "Đoàn kiểm tra", "minutes")
    noted, _ = documents.create(inspector, note, subject=("inspection", visited))
    assert documents.detach(inspector, noted.id, "inspection", visited).attached_to == ()
    for subject in (None, ("meeting", visited)):
        with fails(Forbidden, of=("documents", "attachments")):
            documents.create(inspector, replace(note, id=uuid.uuid4()), subject=subject)
    with fails(Forbidden, of=("documents", "attachments")):
        documents.attach(reviewer, paper.id, "meeting", visited)
    abroad, open_ = document(actor("officer", "00001@legacy")), directive()
    with fails(NotFound, "documents", of=TABLES):
        directives.progress(officer, open_.id, "Kèm", proof=Proof((abroad.id,)))
    assert len(documents.documents(officer, documents.DocumentFilter(subject=("directive", made.id)))) == 2


def test_proof_is_the_doers_and_stays_once_it_was_reported(world: World) -> None:
    made, officer, giver, paper = directive(), actor("officer"), district("leader"), document()
    of = (*TABLES, "attachments", "documents")
    for move in (documents.attach, documents.detach):
        attached = move is documents.detach
        with fails(RuleBroken, rule="directive_side", held="assignee", of=of):
            move(giver, paper.id, "directive", made.id)
        before = directives.get(officer, made.id).updated_at
        move(officer, paper.id, "directive", made.id)
        assert directives.get(officer, made.id).updated_at > before
        assert bool(documents_of(officer, "directive", made.id)) != attached
    documents.attach(officer, paper.id, "directive", made.id)
    directives.report(officer, made.id, "Đã xong")
    calls: list[Callable[[], object]] = [
        lambda: documents.detach(officer, paper.id, "directive", made.id),
        lambda: documents.remove_file(officer, paper.id, paper.files[0].sha256),
    ]
    for take_off in calls:
        with fails(RuleBroken, rule="directive_state", asked="detach", held="reported", of=of):
            take_off()
    changes: list[Callable[[Actor], object]] = [
        lambda who: documents.update(who, paper.id, 1, {"number": "16/QĐ"}),
        lambda who: documents.add_files(who, paper.id, [("thêm.pdf", io.BytesIO(PDF + b"1"))]),
    ]
    for change in changes:
        with fails(RuleBroken, rule="directive_side", asked="attach", held="assignee", of=of):
            change(actor("officer", "512@legacy"))
        change(officer)
    documents.attach(officer, document(number="2/BB").id, "directive", made.id)  # asked for after the report
    directives.send_back(giver, made.id, "Thiếu biên bản")
    documents.detach(officer, paper.id, "directive", made.id)
    directives.report(officer, made.id, "Đã đủ")
    directives.accept(giver, made.id)
    (kept,) = documents_of(officer, "directive", made.id)
    with fails(RuleBroken, rule="directive_state", asked="detach", held="accepted", of=of):
        documents.detach(officer, kept.id, "directive", made.id)


def waits(who: Actor) -> list[uuid.UUID]:
    with db.transaction() as session:
        found, number = directives.waiting(session, who, 50)
    assert number == len(found)
    return [d.id for d in found]


def test_who_supervises_does_what_was_given_to_them_alone(world: World) -> None:
    supervisor = replace(actor("supervisor"), user_id=account("supervisor"))
    ours = board()
    to_unit, to_board = directive(), directive(assignee_kind="board", assignee_id=ours)
    mine = directive(assignee_kind="person", assignee_id=supervisor.user_id)
    assert waits(supervisor) == [mine.id]
    for made in (to_unit, to_board):
        with fails(RuleBroken, rule="directive_side", held="assignee", of=TABLES):
            directives.report(supervisor, made.id, "Xong")
    directives.report(supervisor, mine.id, "Xong")
    gone = seat(ours, user_id=supervisor.user_id, to_on=today() - timedelta(1))
    as_member = directive(assignee_kind="person", assignee_id=gone)
    assert waits(supervisor) == [as_member.id]
    seat(ours, user_id=supervisor.user_id)
    assert set(waits(supervisor)) == {as_member.id, to_board.id}
    assert directives.report(supervisor, to_board.id, "Xong").state == "reported"


def test_a_member_of_a_board_below_does_what_was_given_to_them(world: World) -> None:
    ours, huyen = board(), replace(district(), user_id=account("huyen"))
    member = seat(ours, user_id=huyen.user_id)
    made, other = directive(assignee_kind="person", assignee_id=member), directive()
    assert (directives.get(huyen, made.id).does, directives.get(huyen, other.id).does) == (True, False)
    assert waits(huyen) == [made.id]
    with fails(RuleBroken, rule="directive_side", of=TABLES):
        directives.report(district(), made.id, "Xong")
    directives.report(huyen, made.id, "Xong")
    with fails(RuleBroken, rule="own_report", of=TABLES):
        directives.accept(huyen, made.id)


def test_what_a_dissolved_district_had_to_do_its_province_does(world: World) -> None:
    made = directive(actor("leader", "49@legacy"), unit_code="512@legacy", due_on=today())
    province = actor("officer", "48@2025")
    assert made.id in waits(province)
    assert not directives.get(actor("leader", "49@legacy"), made.id).does
    assert directives.report(province, made.id, "Xong").state == "reported"


def test_what_waits_for_somebody_is_theirs_to_do_or_to_accept(world: World) -> None:
    officer = replace(actor("officer"), user_id=account("officer"))
    to_unit, to_me = (
        directive(),
        directive(assignee_kind="person", assignee_id=officer.user_id, due_on=NEW_YEAR),
    )
    to_other = directive(assignee_kind="person", assignee_id=account("accountant"))
    hamlet = directive(actor("leader"), unit_code="20770.01", due_on=today())

    assert waits(officer) == [to_unit.id, to_me.id, hamlet.id]
    assert set(waits(actor("leader"))) == {to_unit.id, to_me.id, to_other.id, hamlet.id}
    assert set(waits(actor("leader", "20770@2025"))) == {to_unit.id, to_me.id, to_other.id, hamlet.id}
    assert waits(district()) == waits(actor("inspector")) == waits(actor("officer", "20773@legacy")) == []
    directives.report(officer, to_unit.id, "Xong")
    directives.report(actor("leader"), hamlet.id, "Xong")
    assert waits(district()) == [to_unit.id]
    assert waits(officer) == [to_me.id]
    assert waits(actor("leader", "49@legacy")) == []  # the district's to accept, while there is one
    assert waits(actor("leader", "48@2025")) == [to_unit.id]
    assert hamlet.id not in waits(actor("leader"))  # who reported does not accept
    assert hamlet.id in waits(replace(actor("leader"), ref="lanhdao2"))
    directives.send_back(district(), to_unit.id, "Thiếu minh chứng")
    assert waits(officer) == [to_unit.id, to_me.id]


def test_what_was_given_in_error_is_withdrawn_and_owed_until_then(world: World) -> None:
    made, giver, on = directive(), district(), date(2024, 1, 20)
    directives.report(actor("officer"), made.id, "Xong", on=NEW_YEAR)
    with fails(Invalid, "reason", of=TABLES):
        directives.take_back(giver, made.id, " ", on=on)
    with fails(Invalid, "on", of=TABLES):
        directives.take_back(giver, made.id, "Giao nhầm", on=SAID)
    with fails(RuleBroken, rule="directive_side", held="giver", of=TABLES):
        directives.take_back(actor("leader"), made.id, "Giao nhầm", on=on)
    gone = directives.take_back(giver, made.id, "Giao nhầm xã", on=on)
    assert (gone.state, gone.overdue, gone.stands) == ("withdrawn", False, False)
    assert directives.take_back(giver, made.id, "Giao nhầm xã", on=on) == gone
    assert happened(gone)[-1] == ("withdrawn", on, "512")
    calls: list[Callable[[], object]] = [
        lambda: directives.report(actor("officer"), made.id, "Xong rồi"),
        lambda: directives.progress(actor("officer"), made.id, "Thêm"),
        lambda: directives.accept(giver, made.id),
        lambda: directives.send_back(giver, made.id, "Thiếu"),
        lambda: directives.extend(giver, made.id, today() + timedelta(9), "Muộn"),
        lambda: directives.update(giver, made.id, gone.version, {"text": "Khác"}),
        lambda: directives.take_back(giver, made.id, "Lần nữa"),
    ]
    for late in calls:
        with fails(RuleBroken, rule="directive_state", held="withdrawn", of=TABLES):
            late()
    assert listed(state="withdrawn") == listed(standing=False) == {made.id}
    assert listed(overdue=True) == listed(standing=True) == listed(as_of=on, overdue=True) == set()
    assert listed(as_of=on - timedelta(1), overdue=True) == listed(as_of=NEW_YEAR, standing=True) == {made.id}
    with db.transaction() as session:
        assert [directives.counts(session, giver, giver.unit_id, day) for day in (NEW_YEAR, on, None)] == [
            (1, 1, 1, 0), (0, 0, 0, 0), (0, 0, 0, 0),
        ]  # fmt: skip
    done = directive()
    directives.report(actor("officer"), done.id, "Xong")
    directives.accept(giver, done.id)
    with fails(RuleBroken, rule="directive_state", held="accepted", of=TABLES):
        directives.take_back(giver, done.id, "Giao nhầm")


def test_who_gave_it_or_answers_for_that_side_takes_it_back_not_whom_it_was_given_to(world: World) -> None:
    leader, officer = actor("leader"), replace(actor("officer"), user_id=account("officer"))
    due, mine = today() - timedelta(3), {"assignee_kind": "person", "assignee_id": account("officer")}
    for made in (directive(leader, due_on=due, **mine), directive(leader, due_on=due)):
        with fails(Forbidden, of=TABLES):  # overdue, and not the officer's to be rid of
            directives.take_back(officer, made.id, "Không làm nữa")
        with fails(Forbidden, of=TABLES):
            directives.update(officer, made.id, made.version, {"text": "Việc nhẹ hơn"})
        assert directives.take_back(leader, made.id, "Giao nhầm").state == "withdrawn"
    own, hers = directive(officer, due_on=due, **mine), directive(officer, due_on=due)
    with fails(Forbidden, of=TABLES):  # also who gave it to themselves
        directives.take_back(officer, own.id, "Không làm nữa")
    led = directive(officer, due_on=due, assignee_kind="person", assignee_id=account("leader"))
    with fails(Forbidden, of=TABLES):
        directives.take_back(replace(leader, user_id=account("leader")), led.id, "Không làm nữa")
    for made in (hers, led):
        assert directives.take_back(officer, made.id, "Giao nhầm").state == "withdrawn"


def test_a_move_sent_again_late_is_not_made_twice(world: World) -> None:
    made, officer, giver, on = directive(), actor("officer"), district(), date(2023, 12, 20)
    directives.report(officer, made.id, "Đã xong", on=on)
    back = directives.send_back(giver, made.id, "Thiếu hồ sơ", on=on)
    late = directives.report(officer, made.id, "Đã xong", on=on)
    assert (late.state, late.version) == ("returned", back.version)
    assert directives.report(officer, made.id, "Đã đủ hồ sơ", on=on).state == "reported"
    assert directives.send_back(giver, made.id, "Thiếu hồ sơ", on=on).state == "reported"
    assert [what for what, *_ in happened(made)] == ["given", "reported", "returned", "reported"]


def test_other_proof_makes_another_move_of_the_same_words(world: World) -> None:
    made, officer, on = directive(), actor("officer"), date(2023, 12, 1)

    def photo(number: int) -> Proof:
        return Proof(uploads=(photo_sent(officer, number),))

    first, second, third = (photo(number) for number in range(3))
    for proof in (first, second, second):
        directives.progress(officer, made.id, "Đã làm 100 m đường", 50, on=on, proof=proof)
    assert [what for what, *_ in happened(made)] == ["given", "progress", "progress"]
    directives.report(officer, made.id, "Đã xong", on=on)
    directives.send_back(district(), made.id, "Thiếu ảnh", on=on)
    assert directives.report(officer, made.id, "Đã xong", on=on).state == "returned"
    assert directives.report(officer, made.id, "Đã xong", on=on, proof=third).state == "reported"
    assert len(documents_of(officer, "directive", made.id)) == 3
    directives.send_back(district(), made.id, "Thiếu quyết định", on=on)
    for paper in (document(), document(number="2/BB")):
        proof = Proof(documents=(paper.id,))
        assert directives.report(officer, made.id, "Đã xong", on=on, proof=proof).state == "reported"
        directives.send_back(district(), made.id, f"Không phải {paper.number}", on=on)
        late = directives.report(officer, made.id, "Đã xong", on=on, proof=proof)
        assert late.state == "returned"
    assert len(documents_of(officer, "directive", made.id)) == 5

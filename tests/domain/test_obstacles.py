"""Obstacles: raised, escalated to the unit above and answered there, resolved, opened again; what they hold back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from app import db
from app.clock import today
from app.domain import audit, documents, obstacles, works
from app.domain.access import Actor
from app.domain.obstacles import NewObstacle, ObstacleFilter, ObstacleView
from app.domain.works import steps
from app.errors import Forbidden, IdTaken, Invalid, NotFound, Stale
from app.models.progress import Obstacle
from tests.support.book import execute, fails, freeze, refused, state
from tests.support.papers import document
from tests.support.world import MILLION, World, actor, line, post, work

RAISED = date(2023, 8, 12)
ASKED = date(2023, 8, 25)
DISTRICT, PROCESS = "512@legacy", ("obstacles", "obstacle_events", "audit_rows")


def new(about: tuple[str, uuid.UUID], **values: Any) -> NewObstacle:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "subject_kind": about[0], "subject_id": about[1], "kind": "land",
        "text": "Ba hộ chưa thống nhất giá cây cối", "resolver": "Phòng TN&MT huyện", "raised_on": RAISED,
    }  # fmt: skip
    return NewObstacle(**(defaults | values))


def obstacle(
    about: tuple[str, uuid.UUID] | None = None, who: Actor | None = None, **values: Any
) -> ObstacleView:
    return obstacles.create(who or actor("officer"), new(about or ("work", work().id), **values))[0]


def escalated(made: ObstacleView | None = None) -> ObstacleView:
    return obstacles.escalate(actor("officer"), (made or obstacle()).id, "Đề nghị huyện hướng dẫn", on=ASKED)


def funded(amount: int, **key: Any) -> uuid.UUID:
    """A line with money; on a work where `work_id` is given."""
    if "work_id" in key:
        key = {"project_code": "DTTS.4.1", "capital_kind": "investment"} | key
    made = line(**key)
    post(made.id, "allocate", amount, "2023-01-05")
    return made.id


def happened(made: ObstacleView) -> list[tuple[str, date, str, str | None]]:
    return [
        (e.what, e.on, e.unit_code, e.to_unit_code) for e in obstacles.history(actor("inspector"), made.id)
    ]


def test_sent_twice_an_obstacle_is_raised_once(world: World) -> None:
    its = work()
    ask = new(("work", its.id))
    made, fresh = obstacles.create(actor("officer"), ask)
    assert (fresh, made.state, made.kind, made.raised_on) == (True, "open", "land", RAISED)
    assert (made.unit_code, made.work_id, made.about("vi")) == ("20770", its.id, its.name)
    assert made.age_days == (today() - RAISED).days
    assert obstacles.create(actor("officer"), ask) == (made, False)
    with fails(IdTaken):
        obstacles.create(actor("officer"), replace(ask, text="Khác"))
    assert happened(made) == [("raised", RAISED, "20770", None)]
    without_a_day, _ = obstacles.create(actor("officer"), new(("work", its.id), raised_on=None))
    assert (without_a_day.raised_on, without_a_day.age_days) == (today(), 0)


def test_a_line_and_a_step_have_obstacles_of_their_own(world: World) -> None:
    its = work(procedure="special")
    its_line, general = funded(MILLION, work_id=its.id), funded(MILLION)
    step = steps.steps(actor(), its.id)[0]
    of_step, of_line = obstacle(("step", step.id)), obstacle(("line", its_line))
    alone = obstacle(("line", general))
    assert (of_step.work_id, of_step.about("vi"), of_step.about("en")) == (its.id, step.name, step.name_en)
    assert (of_line.work_id, of_line.about("vi")) == (its.id, "DTTS.4.1 · 2023")
    assert (alone.work_id, alone.unit_code) == (None, "20770")
    whole = obstacles.obstacles(actor("leader"), ObstacleFilter(work_id=its.id))
    assert {o.id for o in whole} == {of_step.id, of_line.id}
    exactly = obstacles.obstacles(actor("leader"), ObstacleFilter(subject=("step", step.id)))
    assert [o.id for o in exactly] == [of_step.id]


def test_an_obstacle_about_a_step_that_goes_is_about_the_work(world: World) -> None:
    its = work(procedure="special")
    made = obstacle(("step", steps.steps(actor(), its.id)[0].id))
    works.update(actor(), its.id, its.version, {"procedure": "ordinary"})
    moved = obstacles.get(actor(), made.id)
    assert (moved.subject_kind, moved.subject_id, moved.work_id) == ("work", its.id, its.id)
    assert moved.version == made.version + 1
    wanted = ObstacleFilter(subject=("work", its.id))
    assert [o.id for o in obstacles.obstacles(actor(), wanted)] == [made.id]


def test_what_is_wrong_with_an_obstacle_is_named(world: World) -> None:
    its = work()
    for values, field in (
        ({"text": "  "}, "text"),
        ({"kind": "river"}, "kind"),
        ({"raised_on": today() + timedelta(days=1)}, "raised_on"),
    ):
        with fails(Invalid, field):
            obstacle(("work", its.id), **values)
    theirs = work(actor(unit="00001@legacy"), owner_unit_code="00001@legacy")
    for about in (("work", theirs.id), ("work", uuid.uuid4()), ("contract", its.id), ("line", its.id)):
        with fails(NotFound, "subject"):
            obstacle(about)


def test_money_held_equals_the_lines(world: World) -> None:
    its, other = work(procedure="special"), work()
    first, second = funded(300 * MILLION, work_id=its.id), funded(200 * MILLION, work_id=its.id, year=2024)
    funded(40 * MILLION, work_id=other.id)
    post(first, "pay", 50 * MILLION, "2023-03-01", no_contract_reason="bồi thường")
    step = steps.steps(actor(), its.id)[0]
    of_work, of_step, of_line = (
        obstacle(about) for about in (("work", its.id), ("step", step.id), ("line", second))
    )
    held = {o.id: o.money_held for o in obstacles.obstacles(actor(), ObstacleFilter())}
    available = works.get(actor(), its.id).available
    assert available == 450 * MILLION
    assert held == {of_work.id: available, of_step.id: available, of_line.id: 200 * MILLION}
    assert obstacle(("work", work().id)).money_held == 0
    together = obstacles.total(actor(), ObstacleFilter())
    assert (together.count, together.standing, together.money_held) == (4, 4, available)
    obstacles.resolve(actor(), of_step.id, "Xong")
    assert obstacles.get(actor(), of_step.id).money_held == 0
    escalated(of_line)
    with db.snapshot() as session:
        assert obstacles.counts(session, actor(), actor().unit_id) == (3, 1, available)
        assert obstacles.counts(session, actor("leader", DISTRICT), world.unit("20773@legacy").id) == (
            0,
            0,
            0,
        )


def test_for_people_most_money_comes_first_then_the_older_then_the_resolved(world: World) -> None:
    poor, rich = work(), work()
    funded(10 * MILLION, work_id=poor.id)
    funded(90 * MILLION, work_id=rich.id)
    late = obstacle(("work", rich.id), raised_on=date(2023, 9, 1))
    small, early = obstacle(("work", poor.id)), obstacle(("work", rich.id))
    done = obstacle(("work", rich.id), raised_on=date(2023, 1, 9))
    obstacles.resolve(actor(), done.id, "Xong")
    found = obstacles.obstacles(actor("reviewer", DISTRICT), ObstacleFilter(), by_money=True)
    assert [o.id for o in found] == [early.id, late.id, small.id, done.id]


def test_lists_take_few_statements_however_long_they_are(world: World) -> None:
    its = work(procedure="special")
    funded(MILLION, work_id=its.id)

    def statements() -> int:
        told: list[str] = []
        heard = lambda *args: told.append(str(args[2]))  # noqa: E731 - removed again by this name
        event.listen(db.engine(), "before_cursor_execute", heard)
        obstacles.obstacles(actor(), ObstacleFilter(), by_money=True)
        with db.snapshot() as session:
            obstacles.counts(session, actor(), actor().unit_id)
            obstacles.most_pressing(session, actor(), 5, mine_first=True)
        event.remove(db.engine(), "before_cursor_execute", heard)
        return len([s for s in told if "obstacles" in s])

    obstacle(("work", its.id))
    one = statements()
    for step in steps.steps(actor(), its.id)[:4]:
        escalated(obstacle(("step", step.id)))
    assert (one, statements()) == (3, 3)


def test_an_obstacle_is_changed_until_it_is_resolved(world: World) -> None:
    made = obstacle()
    changes = {"kind": "money", "text": "Thiếu vốn", "resolver": "UBND huyện", "raised_on": date(2023, 8, 10)}
    changed = obstacles.update(actor("leader"), made.id, 1, changes)
    assert {name: getattr(changed, name) for name in changes} == changes
    assert happened(changed) == [("raised", date(2023, 8, 10), "20770", None)]  # the day as it stands now
    with fails(Stale):
        obstacles.update(actor("officer"), made.id, 1, {"text": "x"})
    with fails(Invalid, "raised_on"):
        obstacles.update(actor("officer"), made.id, 2, {"raised_on": today() + timedelta(days=1)})
    asked = escalated(changed)
    with fails(Invalid, "raised_on"):
        obstacles.update(actor("officer"), made.id, asked.version, {"raised_on": ASKED + timedelta(days=1)})
    done = obstacles.resolve(actor("officer"), made.id, "Xong")
    with refused("obstacle_state", asked="update", held="resolved"):
        obstacles.update(actor("officer"), made.id, done.version, {"text": "x"})
    assert obstacles.update(actor("officer"), made.id, done.version, {}) == done


def test_a_supervisor_raises_and_changes_only_their_own(world: World) -> None:
    who = actor("supervisor")
    theirs, mine = obstacle(), obstacle(who=who)
    assert obstacles.update(who, mine.id, 1, {"text": "Mưa lớn"}).text == "Mưa lớn"
    with fails(Forbidden):
        obstacles.update(who, theirs.id, 1, {"text": "Mưa lớn"})
    for move in (obstacles.escalate, obstacles.answer, obstacles.resolve, obstacles.reopen):
        with fails(Forbidden):
            move(who, mine.id, "x")


def test_the_unit_above_answers_and_nobody_below_it_for_it(world: World) -> None:
    made = escalated()
    assert (made.state, made.escalated_to, made.escalated_on, made.waits) == ("escalated", "512", ASKED, True)
    for role, unit in (
        ("leader", "20770@legacy"),
        ("client:write", "20770@legacy"),
        ("leader", "20770@2025"),
    ):
        before = state(*PROCESS)
        with refused("own_escalation", asked="20770", held="512"):
            obstacles.answer(actor(role, unit), made.id, "Tự trả lời")
        assert state(*PROCESS) == before
    answered = obstacles.answer(
        actor("reviewer", DISTRICT), made.id, "Áp giá theo QĐ 28", on=date(2023, 9, 2)
    )
    assert (answered.state, answered.answered_on, answered.waits) == ("escalated", date(2023, 9, 2), False)
    assert happened(made) == [
        ("raised", RAISED, "20770", None),
        ("escalated", ASKED, "20770", "512"),
        ("answered", date(2023, 9, 2), "512", None),
    ]
    above = escalated()  # a unit further up may answer in its stead
    assert obstacles.answer(actor("leader", "49@legacy"), above.id, "Đồng ý").answered_on == today()


def test_each_structure_has_its_own_unit_above(world: World) -> None:
    """A commune of three tiers asks its district; the one that took it over asks the province."""
    officer, successor = actor("officer"), actor("officer", "20770@2025")
    made = obstacle()
    assert [u.exact_code for u in obstacles.units_above(officer, made)] == [
        "512@legacy", "49@legacy", "VN@legacy"
    ]  # fmt: skip
    assert [u.exact_code for u in obstacles.units_above(successor, made)] == ["48@2025", "VN@2025"]
    reviewer = actor("reviewer", DISTRICT)
    assert [u.code for u in obstacles.units_above(reviewer, made)] == ["49", "VN"]
    for to in ("20770", "20773", "00001@legacy", "48@2025", "none"):
        with fails(NotFound, "to"):
            obstacles.escalate(officer, made.id, "x", to=to)
    asked = obstacles.escalate(successor, made.id, "Đề nghị thành phố")
    assert (asked.escalated_to, asked.escalated_to_structure) == ("48", "2025")
    with refused("own_escalation"):
        obstacles.answer(actor("leader", DISTRICT), made.id, "x")
    assert obstacles.answer(actor("reviewer", "48@2025"), made.id, "Đồng ý").answered_on == today()


def test_who_took_over_the_unit_that_was_asked_owes_its_answer(world: World) -> None:
    made = escalated()

    def owed(unit: str) -> list[uuid.UUID]:
        found = obstacles.obstacles(actor("reviewer", unit), ObstacleFilter(mine=True))
        assert all(o.mine for o in found)
        return [o.id for o in found]

    assert (owed(DISTRICT), owed("48@2025")) == ([made.id], [made.id])
    assert (owed("49@legacy"), owed("20770@legacy"), owed("00001@legacy")) == ([], [], [])
    seen = obstacles.get(actor("reviewer", "49@legacy"), made.id)
    assert (seen.mine, seen.answerable) == (False, True)


def test_what_was_answered_may_be_asked_again_higher_up(world: World) -> None:
    made = escalated()
    with refused("obstacle_state", asked="escalate", held="escalated"):
        obstacles.escalate(actor("officer"), made.id, "Nhắc lại")
    obstacles.answer(actor("reviewer", DISTRICT), made.id, "Vượt thẩm quyền huyện")
    with refused("obstacle_state", asked="answer", held="escalated"):
        obstacles.answer(actor("reviewer", DISTRICT), made.id, "Lần nữa")
    again = obstacles.escalate(actor("reviewer", DISTRICT), made.id, "Đề nghị tỉnh", to="49")
    assert (again.escalated_to, again.waits) == ("49", True)
    with refused("own_escalation"):
        obstacles.answer(actor("reviewer", DISTRICT), made.id, "x")


def test_resolved_and_opened_again_with_a_reason(world: World) -> None:
    made = escalated()
    with refused("obstacle_state", asked="reopen", held="escalated"):
        obstacles.reopen(actor("leader"), made.id, "x")
    done = obstacles.resolve(actor("officer"), made.id, "Các hộ đã ký", on=date(2023, 9, 30))
    assert (done.state, done.resolved_on, done.age_days) == ("resolved", date(2023, 9, 30), 49)
    for asked, move in (
        ("escalate", obstacles.escalate),
        ("answer", obstacles.answer),
        ("resolve", obstacles.resolve),
    ):
        with refused("obstacle_state", asked=asked, held="resolved"):
            move(actor("client:write", DISTRICT), made.id, "x")
    with fails(Invalid, "reason"):
        obstacles.reopen(actor("leader"), made.id, " ")
    back = obstacles.reopen(actor("leader"), made.id, "Một hộ rút lại")
    assert (back.state, back.resolved_on, back.escalated_to, back.answered_on) == ("open", None, None, None)
    with refused("obstacle_state", asked="answer", held="open"):
        obstacles.answer(actor("reviewer", DISTRICT), made.id, "x")
    assert [what for what, *_ in happened(made)] == ["raised", "escalated", "resolved", "reopened"]


def test_days_out_of_order_are_refused(world: World) -> None:
    made, tomorrow = obstacle(), today() + timedelta(days=1)
    for day in (RAISED - timedelta(days=1), tomorrow):
        with fails(Invalid, "escalated_on"):
            obstacles.escalate(actor(), made.id, "x", on=day)
        with fails(Invalid, "resolved_on"):
            obstacles.resolve(actor(), made.id, "x", on=day)
    escalated(made)
    for day in (ASKED - timedelta(days=1), tomorrow):
        with fails(Invalid, "answered_on"):
            obstacles.answer(actor("reviewer", DISTRICT), made.id, "x", on=day)
    with fails(Invalid, "resolved_on"):
        obstacles.resolve(actor(), made.id, "x", on=ASKED - timedelta(days=1))
    with fails(Invalid, "text"):
        obstacles.resolve(actor(), made.id, " ")
    assert obstacles.resolve(actor(), made.id, "x", on=ASKED).resolved_on == ASKED


def test_a_move_sent_twice_happens_once(world: World) -> None:
    made = obstacle()
    moves: list[tuple[str, Callable[[Actor], ObstacleView]]] = [
        ("20770@legacy", lambda a: obstacles.escalate(a, made.id, "Đề nghị", on=ASKED)),
        (DISTRICT, lambda a: obstacles.answer(a, made.id, "Đồng ý", on=ASKED)),
        ("20770@legacy", lambda a: obstacles.resolve(a, made.id, "Xong", on=ASKED)),
        ("20770@legacy", lambda a: obstacles.reopen(a, made.id, "Chưa xong")),
    ]
    for unit, move in moves:
        who = actor("client:write", unit)
        first = move(who)
        before = state(*PROCESS)
        assert replace(move(who), answerable=first.answerable) == first
        assert state(*PROCESS) == before


def test_another_units_obstacle_is_not_there(world: World) -> None:
    made, stranger = escalated(), actor("client:write", "00001@legacy")
    assert obstacles.obstacles(stranger, ObstacleFilter()) == []
    for move in (
        lambda: obstacles.get(stranger, made.id),
        lambda: obstacles.history(stranger, made.id),
        lambda: obstacles.update(stranger, made.id, 2, {"text": "x"}),
        lambda: obstacles.escalate(stranger, made.id, "x"),
        lambda: obstacles.answer(stranger, made.id, "x"),
        lambda: obstacles.resolve(stranger, made.id, "x"),
        lambda: obstacles.reopen(stranger, made.id, "x"),
    ):
        with fails(NotFound):
            move()


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (ObstacleFilter(state="open"), 1), (ObstacleFilter(kind="weather"), 1), (ObstacleFilter(escalated=True), 1),
        (ObstacleFilter(escalated=False), 2), (ObstacleFilter(standing=True), 2), (ObstacleFilter(standing=False), 1),
        (ObstacleFilter(q="cay coi"), 2), (ObstacleFilter(q="MƯA"), 1), (ObstacleFilter(q="cau treo"), 1),
        (ObstacleFilter(q="%"), 0), (ObstacleFilter(unit="512@legacy"), 3), (ObstacleFilter(unit="20773@legacy"), 0),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(world: World, wanted: ObstacleFilter, number: int) -> None:
    obstacle()
    escalated(obstacle(("work", work(name="Cầu treo Trà Sơn").id)))
    done = obstacle(kind="weather", text="Mưa lớn làm hỏng ván khuôn")
    obstacles.resolve(actor(), done.id, "Đã làm lại")
    above = actor("reviewer", DISTRICT)
    assert len(obstacles.obstacles(above, wanted)) == number == obstacles.total(above, wanted).count


def test_what_presses_a_reader_comes_first(world: World) -> None:
    rich = work()
    funded(90 * MILLION, work_id=rich.id)
    biggest, asked = obstacle(("work", rich.id)), escalated()
    with db.snapshot() as session:
        for first, mine_first in ((asked, True), (biggest, False)):
            found, number, mine = obstacles.most_pressing(
                session, actor("reviewer", DISTRICT), 5, mine_first=mine_first
            )
            assert (found[0].id, number, mine) == (first.id, 2, 1)
        assert obstacles.most_pressing(session, actor(unit="00001@legacy"), 5, mine_first=True) == ([], 0, 0)


def test_a_change_is_followed_by_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    older, newer = obstacle(), obstacle()
    moved = obstacles.resolve(actor(), older.id, "Xong")
    since = ObstacleFilter(updated_since=moved.updated_at)
    assert [o.id for o in obstacles.obstacles(actor(), since)] == [older.id]
    page = obstacles.obstacles(actor(), ObstacleFilter(), limit=1)
    assert [o.id for o in page] == [newer.id]
    rest = obstacles.obstacles(actor(), ObstacleFilter(), after=(page[0].updated_at, page[0].id))
    assert [o.id for o in rest] == [older.id]
    freeze(monkeypatch, date(2023, 8, 31))
    assert obstacles.get(actor(), newer.id).age_days == 19


def test_each_move_is_on_record_without_what_was_written(world: World) -> None:
    made = obstacles.answer(actor("reviewer", DISTRICT), escalated().id, "Hộ ông Nguyễn Văn An đồng ý")
    obstacles.update(actor("officer"), made.id, made.version, {"text": "Hộ bà Hồ Thị Sương"})
    obstacles.resolve(actor("officer"), made.id, "Hộ ông Nguyễn Văn An đã ký")
    obstacles.reopen(actor("leader"), made.id, "Hộ ông Nguyễn Văn An rút lại")
    rows = audit.history(actor("administrator", "VN@2025"), subject_kind="obstacle", subject_id=str(made.id))
    assert [r.action.removeprefix("obstacle.") for r in reversed(rows)] == [
        "raise", "escalate", "answer", "update", "resolve", "reopen"
    ]  # fmt: skip
    assert "Hộ" not in str([r.facts for r in rows])
    with pytest.raises(DBAPIError, match="append-only"):
        execute("DELETE FROM obstacle_events")


def test_the_database_holds_the_states(world: World) -> None:
    made = obstacle()
    for values in ({"state": "closed"}, {"state": "resolved"}, {"resolved_on": RAISED}):
        with pytest.raises(DBAPIError), db.transaction(write=True) as session:
            session.execute(sa.update(Obstacle).where(Obstacle.id == made.id).values(**values))


def test_documents_are_attached_to_an_obstacle(world: World) -> None:
    made = obstacle()
    paper = document(subject=("obstacle", made.id))
    found = documents.documents(actor(), documents.DocumentFilter(subject=("obstacle", made.id)))
    assert [d.id for d in found] == [paper.id]

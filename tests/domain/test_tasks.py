"""Tasks of a plan or of a target: the whole list at once, how far each has come as of a day, what is off track and why."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from app import db
from app.clock import today, utcnow
from app.domain import audit, obstacles, tasks, works
from app.domain.access import Actor
from app.domain.obstacles import NewObstacle
from app.domain.tasks import NewProgress, NewTask, OffTrack, Owner, TaskView
from app.errors import Fault, Forbidden, IdTaken, Invalid, NotFound
from app.models.plans import Plan
from tests.support.book import execute, fails, state
from tests.support.world import MILLION, World, actor, line, post, work

DAY: Final = date(2023, 9, 14)
DISTRICT, HA_NOI = "512@legacy", "00001@legacy"


def owner(unit: str = "20770@legacy") -> Owner:
    """A plan that has nothing but its unit."""
    now, id_ = utcnow(), uuid.uuid4()
    with db.transaction(write=True) as session:
        session.execute(
            sa.insert(Plan).values(
                id=id_, unit_id=actor(unit=unit).unit_id, kind="year", year=2023, title="Kế hoạch", search="",
                body_hash="x", created_at=now, created_by="x", updated_at=now,
            )
        )  # fmt: skip
    return ("plan", id_)


def write(of: Owner, *wanted: NewTask, who: Actor | None = None) -> list[TaskView]:
    with db.transaction(write=True) as session:
        tasks.replace_all(session, who or actor("officer"), of, wanted)
    return read(of)


def read(of: Owner, on: date = DAY) -> list[TaskView]:
    with db.snapshot() as session:
        return tasks.tasks_of(session, of[0], [of[1]], on)[of[1]]


def tell(of: Owner, task: TaskView, value: Decimal | int, on: date | None = DAY, **more: Any) -> NewProgress:
    new = NewProgress(uuid.uuid4(), Decimal(value), on, **more)
    tasks.report(actor("officer"), of, task.id, new)
    return new


@contextmanager
def untouched(kind: type[Fault], field: str | None = None) -> Iterator[None]:
    """A fault of exactly this kind, which leaves nothing behind of tasks."""
    before = state("tasks", "task_progress", "audit_rows", "plans")
    with fails(kind, field):
        yield
    assert state("tasks", "task_progress", "audit_rows", "plans") == before


def test_the_list_is_written_whole_and_what_is_taken_out_keeps_its_progress(world: World) -> None:
    of, id_ = owner(), uuid.uuid4()
    road = NewTask(
        "Bê tông hóa đường thôn", id_, "target", "km", Decimal("2.5"), date(2023, 12, 31), "Ông Ba"
    )
    made = write(of, road, NewTask("Vận động hiến đất"))
    assert [(t.text, t.kind, t.quantity) for t in made] == [
        ("Bê tông hóa đường thôn", "target", Decimal("2.5")), ("Vận động hiến đất", "task", None),
    ]  # fmt: skip
    assert (made[0].id, made[0].measure, made[0].due_on, made[0].responsible) == (
        id_,
        "km",
        road.due_on,
        "Ông Ba",
    )
    tell(of, made[0], 1)
    second = NewTask("Vận động hiến đất", made[1].id, "solution")
    assert [(t.id, t.kind) for t in write(of, second)] == [(made[1].id, "solution")]
    back = write(of, second, replace(road, measure="m", quantity=Decimal(2500)))
    assert [(t.id, t.value, t.measure) for t in back] == [(made[1].id, None, ""), (id_, 1, "m")]
    assert write(of) == []


def test_what_is_wrong_with_a_list_is_named_by_its_place(world: World) -> None:
    of, id_ = owner(), uuid.uuid4()
    for wrong, field in (
        (NewTask(" "), "items.1.text"),
        (NewTask("x" * 1001), "items.1.text"),
        (NewTask("x", kind="wish"), "items.1.kind"),
        (NewTask("x", measure="km", quantity=Decimal(0)), "items.1.quantity"),
        (NewTask("x", measure="km", quantity=Decimal("0.0001")), "items.1.quantity"),
        (NewTask("x", measure="km", quantity=Decimal("1e12")), "items.1.quantity"),
        (NewTask("x", quantity=Decimal(3)), "items.1.measure"),
        (NewTask("x", responsible="x" * 201), "items.1.responsible"),
        (NewTask("x", id_), "items.1.id"),
    ):
        with untouched(Invalid, field):
            write(of, NewTask("y", id_), wrong)
    with untouched(Invalid, "items"):
        write(of, *[NewTask("x")] * 201)


def test_a_task_leads_to_works_and_lines_in_scope_alone(world: World) -> None:
    of, road, money = owner(), work(), line()
    made = write(of, NewTask("Làm đường", work_id=road.id, budget_line_id=money.id))
    assert (made[0].work_name, made[0].line_name) == (road.name, "GNBV.2 · 2023")
    theirs = work(actor(unit=HA_NOI), owner_unit_code=HA_NOI)
    their_line = line(actor(unit=HA_NOI), unit_code=HA_NOI)
    for wrong, field in (
        (NewTask("x", work_id=theirs.id), "items.1.work_id"),
        (NewTask("x", budget_line_id=their_line.id), "items.1.budget_line_id"),
        (NewTask("x", work_id=uuid.uuid4()), "items.1.work_id"),
    ):
        with untouched(NotFound, field):
            write(of, NewTask("y"), wrong)
    # Nobody ties a task to what is another unit's, whoever may see both; a line of the unit above is near.
    nation, district = actor(unit="VN@legacy"), line(actor(unit=DISTRICT), unit_code=DISTRICT)
    with untouched(NotFound, "items.0.work_id"):
        write(of, NewTask("Học tập", work_id=theirs.id), who=nation)
    wide = write(of, NewTask("Dùng vốn huyện", budget_line_id=district.id), who=nation)[0]
    # What somebody with a wider view put in stays when somebody else writes the list.
    kept = write(of, NewTask("Dùng vốn huyện, đợt hai", wide.id, budget_line_id=district.id))
    assert kept[0].text == "Dùng vốn huyện, đợt hai"


def test_the_id_of_another_owners_task_is_refused(world: World) -> None:
    of = owner()
    taken = write(owner(), NewTask("Của kế hoạch khác"))[0]
    with untouched(IdTaken):
        write(of, NewTask("x", taken.id))
    assert write(of, NewTask("x")) != []


def test_progress_is_as_of_a_day_and_the_latest_report_stands(world: World) -> None:
    of = owner()
    road, talk = write(of, NewTask("Đường", measure="km", quantity=Decimal("2.5")), NewTask("Vận động"))
    for value, on in ((1, date(2023, 5, 1)), (2, date(2023, 7, 1)), (Decimal("1.8"), date(2023, 7, 1))):
        tell(of, road, value, on, note=f"Đã làm {value}")
    tell(of, road, Decimal("2.5"), date(2023, 9, 1))
    tell(of, talk, 60, date(2023, 6, 1))
    by_day = {
        on: [(t.value, t.percent, t.done) for t in read(of, on)]
        for on in (date(2023, 4, 30), date(2023, 5, 1), date(2023, 7, 31), DAY)
    }
    assert by_day == {
        date(2023, 4, 30): [(None, 0, False), (None, 0, False)],
        date(2023, 5, 1): [(1, 40, False), (None, 0, False)],
        date(2023, 7, 31): [(Decimal("1.8"), 72, False), (60, 60, False)],
        DAY: [(Decimal("2.5"), 100, True), (60, 60, False)],
    }
    assert read(of, date(2023, 7, 31))[0].note == "Đã làm 1.8"
    tell(of, talk, 100)
    assert read(of)[1].done
    with db.snapshot() as session:
        told = tasks.reports_of(session, of, DAY)
    assert (told[road.id][0].value, told[road.id][0].reported_on) == (Decimal("2.5"), date(2023, 9, 1))
    assert (len(told[road.id]), len(told[talk.id]), told[talk.id][0].by) == (4, 2, "officer")


def test_a_report_sent_twice_is_one_report(world: World) -> None:
    of = owner()
    task = write(of, NewTask("Vận động"))[0]
    new = NewProgress(uuid.uuid4(), Decimal(40), None, "Bốn nhóm hộ")
    first, fresh = tasks.report(actor("officer"), of, task.id, new)
    assert (fresh, first.reported_on, first.value) == (True, today(), Decimal(40))
    assert tasks.report(actor("officer"), of, task.id, replace(new, value=Decimal("40.000"))) == (
        first,
        False,
    )
    with untouched(IdTaken):
        tasks.report(actor("officer"), of, task.id, replace(new, value=Decimal(41)))
    write(of)  # taken out: what was sent before is still answered, nothing new is taken
    assert tasks.report(actor("officer"), of, task.id, new) == (first, False)
    with untouched(NotFound):
        tell(of, task, 50)
    row = audit.history(actor("inspector"))[0]
    assert (row.action, row.subject_kind, row.facts["task"]) == ("task.report", "plan", str(task.id))


def test_who_may_report_what(world: World) -> None:
    of = owner()
    road, talk = write(of, NewTask("Đường", measure="km", quantity=Decimal(2)), NewTask("Vận động"))
    tell(of, road, 500)  # more than was planned is no fault; of percent it is
    with untouched(Invalid, "value"):
        tell(of, talk, Decimal("100.001"))
    for new, field in (
        (NewProgress(uuid.uuid4(), Decimal(-1)), "value"),
        (NewProgress(uuid.uuid4(), Decimal("0.0005")), "value"),
        (NewProgress(uuid.uuid4(), Decimal(1), today() + timedelta(days=1)), "reported_on"),
        (NewProgress(uuid.uuid4(), Decimal(1), DAY, "x" * 2001), "note"),
    ):
        with untouched(Invalid, field):
            tasks.report(actor("officer"), of, road.id, new)
    with untouched(Forbidden):
        tasks.report(actor("inspector"), of, road.id, NewProgress(uuid.uuid4(), Decimal(1)))
    for who, whose in ((actor("officer", HA_NOI), of), (actor("officer"), owner())):
        with untouched(NotFound):
            tasks.report(who, whose, road.id, NewProgress(uuid.uuid4(), Decimal(1)))
    for statement in ("UPDATE task_progress SET value = 1", "DELETE FROM task_progress"):
        with pytest.raises(DBAPIError, match="append-only"):
            execute(statement)


def test_what_is_off_track_and_why(world: World) -> None:
    of = owner()
    road = work(planned_start=date(2023, 1, 1), planned_finish=date(2023, 8, 31))
    money = line()
    post(money.id, "allocate", 100 * MILLION, "2023-01-05")
    obstacle, _ = obstacles.create(
        actor("officer"), NewObstacle(uuid.uuid4(), "work", road.id, "Vướng đất", raised_on=date(2023, 9, 1))
    )
    due, held, poor, fine = write(
        of,
        NewTask("Trễ", due_on=date(2023, 9, 4)),
        NewTask("Vướng", work_id=road.id),
        NewTask("Tiền", budget_line_id=money.id),
        NewTask("Ổn", due_on=DAY),
    )
    assert due.off_track == (OffTrack("overdue", 10),)
    assert held.off_track == (OffTrack("work_late", 14), OffTrack("work_held", 1))
    assert poor.off_track == (OffTrack("money_at_risk", 100 * MILLION),)
    assert fine.off_track == ()
    assert [t.off_track for t in read(of, date(2023, 8, 31))][:2] == [(), ()]
    assert [t.off_track for t in read(of, date(2023, 1, 1))] == [()] * 4  # no money yet
    obstacles.resolve(actor("officer"), obstacle.id, "Xong", on=date(2023, 9, 10))
    assert read(of)[1].off_track == (OffTrack("work_late", 14),)
    assert OffTrack("work_held", 1) in read(of, date(2023, 9, 9))[1].off_track
    for task in (due, held, poor):
        tell(of, task, 100)
    assert [t.off_track for t in read(of)] == [()] * 4  # what is done is not off track


def test_a_work_that_was_finished_in_time_is_not_late(world: World) -> None:
    of, road = owner(), work(planned_finish=date(2023, 8, 31))
    write(of, NewTask("Đường", work_id=road.id))
    assert read(of)[0].off_track == (OffTrack("work_late", 14),)
    works.update(actor(), road.id, works.get(actor(), road.id).version, {"stage": "cancelled"})
    assert read(of)[0].off_track == ()


def test_many_tasks_of_many_owners_cost_three_statements(world: World) -> None:
    owners = [owner() for _ in range(3)]
    for year, of in enumerate(owners, 2021):
        money = line(year=year)
        post(money.id, "allocate", MILLION, "2023-01-05")
        write(of, *(NewTask(f"Việc {n}", work_id=work().id, budget_line_id=money.id) for n in range(4)))
    with db.snapshot() as session:
        said: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *a: said.append(a[2]))
        found = tasks.tasks_of(session, "plan", [id_ for _, id_ in owners], DAY)
        number = len([s for s in said if s.lstrip().startswith("SELECT")])
    assert (number, [len(of) for of in found.values()]) == (3, [4, 4, 4])
    assert {t.off_track for of in found.values() for t in of} == {(OffTrack("money_at_risk", MILLION),)}
    with db.snapshot() as session:
        assert tasks.tasks_of(session, "plan", [], DAY) == {}

"""Progress from the site: one report a day, falls that are explained, what the work has reached, who is behind."""

from __future__ import annotations

import io
import threading
import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today
from app.domain import documents, works
from app.domain.access import in_scope
from app.domain.documents import uploads
from app.domain.works import overview, pace, progress, progress_editing, step_editing
from app.domain.works.progress import MilestoneView, ReportView
from app.domain.works.progress_editing import NewReport
from app.errors import Conflict, Forbidden, IdTaken, Invalid, NotFound, Stale
from app.models.works import Work
from tests.support.book import fails
from tests.support.papers import document, image, photo
from tests.support.procedure import done, step, up_to
from tests.support.world import MILLION, World, actor, contract, line, post, work

ON = date(2023, 9, 14)
INVESTMENT: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment"}


def asked(work_id: uuid.UUID, on: date | str, percent: int, **values: Any) -> NewReport:
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return NewReport(uuid.uuid4(), work_id, day, percent, **values)


def report(work_id: uuid.UUID, on: date | str, percent: int, **values: Any) -> ReportView:
    made, new = progress_editing.create(actor(), asked(work_id, on, percent, **values))
    assert new
    return made


def upload(name: str = "hiện trường.jpg", who: Any = None) -> uuid.UUID:
    return uploads.whole(who or actor(), name, io.BytesIO(photo()), uuid.uuid4()).id


def reached(work_id: uuid.UUID) -> tuple[int, int]:
    """(percent, version) of a work."""
    now = works.get(actor(), work_id)
    return now.physical_percent, now.version


def test_a_report_is_recorded_once_and_says_what_the_work_has_reached(world: World) -> None:
    its = work()
    new = asked(its.id, "2023-03-31", 10, accepted_value=MILLION, note="Đào nền", lat=15.5, lon=108.0)
    made, first = progress_editing.create(actor(), new)
    again, second = progress_editing.create(actor(), new)
    assert (first, second) == (True, False)
    assert made == again
    assert (made.physical_percent, made.accepted_value, made.lat, made.lon) == (10, MILLION, 15.5, 108.0)
    with fails(IdTaken):
        progress_editing.create(actor(), replace(new, physical_percent=11))
    assert reached(its.id) == (10, its.version + 1)
    report(its.id, "2023-03-30", 9)  # before the newest: the work stays where it is
    assert reached(its.id) == (10, its.version + 1)
    report(its.id, "2023-04-30", 10)  # the same percent is no change of the work
    assert reached(its.id) == (10, its.version + 1)


def test_a_second_report_of_a_day_names_the_first(world: World) -> None:
    its = work()
    first = report(its.id, "2023-03-31", 10)
    with pytest.raises(Conflict) as caught:
        progress_editing.create(actor(), asked(its.id, "2023-03-31", 12))
    assert caught.value.facts == {"on": date(2023, 3, 31), "held": 10, "report_id": str(first.id)}
    later = report(its.id, "2023-04-01", 12)
    with pytest.raises(Conflict):
        progress_editing.update(actor(), its.id, later.id, 1, {"reported_on": date(2023, 3, 31)})


def test_a_fall_is_taken_with_a_note_that_says_why(world: World) -> None:
    its = work()
    report(its.id, "2023-03-31", 40)
    with fails(Invalid, "note"):
        progress_editing.create(actor(), asked(its.id, "2023-04-30", 39))
    with fails(Invalid, "note"):
        progress_editing.create(actor(), asked(its.id, "2023-04-30", 39, note="  "))
    fallen = report(its.id, "2023-04-30", 39, note="Đo lại tại hiện trường")
    assert reached(its.id)[0] == 39
    with fails(Invalid, "note"):
        progress_editing.update(actor(), its.id, fallen.id, 1, {"note": ""})


def test_a_report_of_an_earlier_day_fits_between_its_neighbours(world: World) -> None:
    its = work()
    report(its.id, "2023-03-31", 20)
    last = report(its.id, "2023-05-31", 40)
    for percent in (19, 41):
        with fails(Invalid, "note"):
            progress_editing.create(actor(), asked(its.id, "2023-04-30", percent))
    between = report(its.id, "2023-04-30", 30)
    with fails(Invalid, "note"):
        progress_editing.update(actor(), its.id, between.id, 1, {"physical_percent": 50})
    noted = {"physical_percent": 50, "note": "Đã trừ phần làm lại"}
    assert progress_editing.update(actor(), its.id, between.id, 1, noted).physical_percent == 50
    # What is explained there is not asked for again here.
    assert progress_editing.update(actor(), its.id, last.id, 1, {"accepted_value": 5}).version == 2


def test_what_stands_of_the_work_follows_the_newest_report_and_can_be_set_by_hand(world: World) -> None:
    its = work()
    one, two = report(its.id, "2023-03-31", 20), report(its.id, "2023-04-30", 40)
    progress_editing.update(actor(), its.id, two.id, 1, {"physical_percent": 45})
    assert reached(its.id)[0] == 45
    now = works.get(actor(), its.id)
    works.update(actor(), its.id, now.version, {"physical_percent": 60})
    progress_editing.update(
        actor(), its.id, two.id, 2, {"note": "Thêm ảnh"}
    )  # it says nothing else of the percent
    assert reached(its.id)[0] == 60
    progress_editing.update(
        actor(), its.id, one.id, 1, {"reported_on": date(2023, 5, 1), "physical_percent": 50}
    )
    assert reached(its.id)[0] == 50


def test_who_wrote_into_the_same_version_is_shown_the_other(world: World) -> None:
    its = work()
    made = report(its.id, "2023-03-31", 20)
    assert progress_editing.update(actor(), its.id, made.id, 1, {}).version == 1
    progress_editing.update(actor(), its.id, made.id, 1, {"note": "x"})
    with pytest.raises(Stale) as caught:
        progress_editing.update(actor(), its.id, made.id, 1, {"note": "y"})
    assert isinstance(caught.value.current, ReportView)
    assert caught.value.current.note == "x"
    stale = works.get(actor(), its.id).version - 1
    with fails(Stale):  # the percent is a part of what the work's version covers
        works.update(actor(), its.id, stale, {"physical_percent": 30})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reported_on": today() + timedelta(2)}, "reported_on"),
        ({"reported_on": date(1944, 12, 31)}, "reported_on"),
        ({"physical_percent": 101}, "physical_percent"),
        ({"physical_percent": -1}, "physical_percent"),
        ({"accepted_value": -1}, "accepted_value"),
        ({"accepted_value": 10**15}, "accepted_value"),
        ({"lat": 15.5}, "lon"),
        ({"lon": 108.0}, "lat"),
        ({"lat": 91.0, "lon": 108.0}, "lat"),
        ({"lat": 15.0, "lon": 181.0}, "lon"),
    ],
)
def test_what_is_wrong_with_a_report_is_named(world: World, wrong: dict[str, Any], field: str) -> None:
    its = work()
    with fails(Invalid, field):
        progress_editing.create(actor(), replace(asked(its.id, "2023-03-31", 10), **wrong))
    made = report(its.id, "2023-03-31", 10)
    with fails(Invalid, field):
        progress_editing.update(actor(), its.id, made.id, 1, wrong)


def test_photos_come_with_the_report_or_not_at_all(world: World) -> None:
    its = work()
    with fails(NotFound, "uploads"):
        progress_editing.create(actor(), asked(its.id, "2023-03-31", 10, uploads=(uuid.uuid4(),)))
    paper = document(kind="minutes", number="", summary="Biên bản")
    sent = upload()
    new = asked(its.id, "2023-03-31", 10, documents=(paper.id,), uploads=(sent,))
    made, _ = progress_editing.create(actor(), new)
    assert progress_editing.create(actor(), new) == (made, False)
    assert [d.id for d in made.documents] == [paper.id, uuid.uuid5(made.id, "photos")]
    (in_register, picture) = made.photos[-1]
    assert (in_register.kind, in_register.date, in_register.unit_code) == (
        "photo",
        date(2023, 3, 31),
        "20770",
    )
    assert (picture.name, picture.lat) == ("hiện trường.jpg", 15.5)
    assert documents.open_file(actor(), in_register.id, picture.sha256).path.read_bytes()
    with fails(NotFound):
        uploads.get(actor(), sent)
    more = progress_editing.update(
        actor(), its.id, made.id, 1, {"uploads": (upload("thêm.jpg"),), "documents": (in_register.id,)}
    )
    assert [f.name for _, f in more.photos] == ["hiện trường.jpg", "thêm.jpg"]
    report(its.id, "2023-04-30", 12)
    document(content=image(), kind="photo", subject=("progress", made.id), personal=True)
    pictures = overview.overview(actor(), its.id, date(2023, 5, 1)).photos
    assert {p.name for p in pictures} == {"hiện trường.jpg", "thêm.jpg"}
    assert {p.document_id for p in pictures} == {d.id for d, _ in more.photos}
    assert {(p.on, p.percent) for p in pictures} == {(date(2023, 3, 31), 10)}


def test_a_report_is_of_its_work_and_unit_alone(world: World) -> None:
    its, other = work(), work()
    stranger = actor(unit="00001@legacy")
    made = report(its.id, "2023-03-31", 10)
    with fails(NotFound):
        progress.get(actor(), other.id, made.id)
    for call in (
        lambda: progress.reports(stranger, its.id),
        lambda: progress.count(stranger, its.id),
        lambda: progress.get(stranger, its.id, made.id),
        lambda: progress.milestones(stranger, its.id),
        lambda: overview.overview(stranger, its.id, date(2023, 5, 1)),
        lambda: progress_editing.create(stranger, asked(its.id, "2023-04-30", 20)),
        lambda: progress_editing.update(stranger, its.id, made.id, 1, {"note": "x"}),
        lambda: progress_editing.set_milestones(stranger, its.id, []),
    ):
        with fails(NotFound):
            call()
    with fails(Forbidden):
        progress_editing.create(actor("inspector"), asked(its.id, "2023-04-30", 20))
    theirs = document(actor(unit="00001@legacy"))
    with fails(NotFound, "documents"):
        progress_editing.create(actor(), asked(its.id, "2023-04-30", 20, documents=(theirs.id,)))


def test_two_writers_of_one_day_come_in_turn(world: World) -> None:
    its = work()
    told: list[type[Exception] | None] = []

    def write(percent: int) -> None:
        try:
            progress_editing.create(actor(), asked(its.id, "2023-03-31", percent))
            told.append(None)
        except Conflict as fault:
            told.append(type(fault))

    threads = [threading.Thread(target=write, args=(n,)) for n in (10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told, key=str) == [Conflict, Conflict, None]
    (only,) = progress.reports(actor(), its.id)
    assert reached(its.id) == (only.physical_percent, its.version + 1)


def test_milestones_are_set_as_a_whole_and_rise(world: World) -> None:
    its = work()
    rising = [MilestoneView(date(2023, 4, 30), 20), MilestoneView(date(2023, 8, 31), 100)]
    assert progress_editing.set_milestones(actor(), its.id, rising) == rising
    assert progress_editing.set_milestones(actor(), its.id, rising) == rising
    with db.snapshot() as session:
        query = sa.text("SELECT count(*) FROM audit_rows WHERE action = 'work.milestones'")
        assert session.execute(query).scalar_one() == 1
    for wrong, field in (
        ([rising[0], MilestoneView(date(2023, 4, 30), 30)], "milestones.1.planned_on"),
        ([rising[0], MilestoneView(date(2023, 5, 30), 20)], "milestones.1.percent"),
        ([MilestoneView(date(2023, 5, 30), 101)], "milestones.0.percent"),
        ([MilestoneView(date.min, 5)], "milestones.0.planned_on"),
        ([MilestoneView(date(2023, 1, 1) + timedelta(i), i) for i in range(61)], "milestones"),
    ):
        with fails(Invalid, field):
            progress_editing.set_milestones(actor(), its.id, wrong)
    assert progress.milestones(actor(), its.id) == rising
    assert progress_editing.set_milestones(actor(), its.id, []) == []


def built(**values: Any) -> works.WorkView:
    """A work under construction since the first of March, which takes a hundred days."""
    made = work(
        procedure="special", planned_start=date(2023, 3, 1), planned_finish=date(2023, 6, 9), **values
    )
    up_to(made.id, "construction")
    return works.update(actor(), made.id, made.version, {"stage": "construction"})


def test_pace_sets_volume_and_money_against_the_plan_and_names_what_holds(world: World) -> None:
    its = built()
    made = line(**INVESTMENT, work_id=its.id)
    post(made.id, "allocate", 500 * MILLION, "2023-01-05")
    signed = contract(its.id)
    post(made.id, "advance", 100 * MILLION, "2023-03-10", contract_id=signed.id)
    post(made.id, "pay", 50 * MILLION, "2023-04-10", contract_id=signed.id)
    report(its.id, "2023-03-21", 15)
    report(its.id, "2023-04-10", 30)
    found = pace.course(actor(), works.get(actor(), its.id), date(2023, 4, 20))
    assert found.money == ((date(2023, 3, 10), 100 * MILLION), (date(2023, 4, 10), 150 * MILLION))
    p = found.pace
    assert (p.planned_percent, p.physical_percent, str(p.money_percent)) == (50, 30, "0.1500")
    assert (p.slippage_points, p.slippage_days, p.late) == (20, 20, True)
    # 15 % in 20 days, 70 % left
    assert p.forecast_on == date(2023, 4, 10) + timedelta(94)
    assert p.held_by is not None
    assert p.held_by == step(its.id, "building")
    earlier = pace.course(actor(), works.get(actor(), its.id), date(2023, 3, 21)).pace
    assert (earlier.planned_percent, earlier.physical_percent, earlier.disbursed) == (20, 15, 100 * MILLION)
    assert (earlier.slippage_points, earlier.slippage_days, earlier.forecast_on) == (5, 5, None)


def test_money_moved_between_lines_counts_once(world: World) -> None:
    its = work()
    old, new = (line(**INVESTMENT, work_id=its.id, year=y, origin_year=2023) for y in (2023, 2024))
    signed = contract(its.id)
    post(old.id, "allocate", 100 * MILLION, "2023-01-05")
    post(old.id, "advance", 40 * MILLION, "2023-03-05", contract_id=signed.id)
    post(old.id, "carry_over", 40 * MILLION, "2023-12-31", to_budget_line_id=new.id, from_pocket="advanced")
    found = pace.course(actor(), its, date(2024, 5, 1))
    assert found.money == ((date(2023, 3, 5), 40 * MILLION),)
    assert found.pace.disbursed == 40 * MILLION


def test_a_work_ahead_of_its_plan_is_held_by_nothing(world: World) -> None:
    its = built()
    report(its.id, "2023-03-21", 40)
    p = pace.course(actor(), works.get(actor(), its.id), date(2023, 3, 21)).pace
    assert (p.slippage_points, p.slippage_days, p.held_by) == (-20, -20, None)
    overdue = step(its.id, "building")
    step_editing.update(actor(), its.id, overdue.id, overdue.version, {"due_on": date(2023, 3, 20)})
    p = pace.course(actor(), works.get(actor(), its.id), date(2023, 3, 21)).pace
    assert p.held_by is not None
    assert p.held_by.code == "building"


def test_whole_volume_is_measured_when_it_became_whole(world: World) -> None:
    its = built()
    report(its.id, "2023-03-21", 40)
    report(its.id, "2023-06-19", 100)
    report(its.id, "2023-07-01", 100)
    p = pace.course(actor(), works.get(actor(), its.id), ON).pace
    assert (p.reached_on, p.slippage_points, p.slippage_days) == (date(2023, 6, 19), 0, 10)
    assert p.forecast_on is None
    assert p.held_by is not None  # the planned finish is past, the stage is not
    assert p.held_by.code == "building"


def test_without_a_plan_nothing_is_said_of_slippage(world: World) -> None:
    p = pace.course(actor(), work(total_investment=None), ON).pace
    assert (p.planned_percent, p.slippage_points, p.slippage_days) == (None, None, None)
    assert (p.money_percent, p.held_by, p.late) == (None, None, False)


def behind(on: date) -> set[uuid.UUID]:
    with db.snapshot() as session:
        query = sa.select(Work.id).where(progress.behind(on), in_scope(actor(), Work.owner_unit_id))
        return set(session.execute(query).scalars())


def test_who_is_behind_is_told_in_sql(world: World) -> None:
    late = work(planned_finish=ON - timedelta(1))
    work(planned_finish=ON)
    work(planned_finish=ON - timedelta(1), stage="cancelled")
    missed, met = work(), work(physical_percent=60)
    for of in (missed, met):
        marks = [
            MilestoneView(ON - timedelta(9), 30),
            MilestoneView(ON, 60),
            MilestoneView(ON + timedelta(1), 90),
        ]
        progress_editing.set_milestones(actor(), of.id, marks)
    assert behind(ON) == {late.id, missed.id}
    report(missed.id, ON, 59)
    assert behind(ON) == {late.id, missed.id}
    report(missed.id, ON + timedelta(1), 60)
    assert behind(ON) == {late.id}
    stepped = work(procedure="special")
    first = step(stepped.id, "list")
    step_editing.update(actor(), stepped.id, first.id, first.version, {"due_on": ON - timedelta(1)})
    assert behind(ON) == {late.id, stepped.id}
    assert behind(ON - timedelta(1)) == set()
    done(stepped.id, "list")
    assert behind(ON) == {late.id}

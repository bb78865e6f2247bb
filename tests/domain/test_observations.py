"""Community supervision: observed, answered by another of the unit, closed or asked again; raised as an obstacle."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from app import db
from app.clock import today
from app.domain import observations, obstacles
from app.domain.access import Actor
from app.domain.observations import NewHindrance, NewObservation, ObservationFilter, ObservationView
from app.errors import Fault, Forbidden, IdTaken, Invalid, NotFound, RuleBroken, Stale
from tests.support.book import fails, freeze, state
from tests.support.papers import photo_sent
from tests.support.supporting import model
from tests.support.world import MILLION, World, actor, line, post, work

TABLES: Final = (
    "observations", "obstacles", "obstacle_events", "workflow_events", "documents", "attachments", "audit_rows",
)  # fmt: skip
DAY: Final = date(2023, 8, 1)
DUE: Final = date(2023, 8, 15)


def new(**values: Any) -> NewObservation:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "board": "Ban giám sát đầu tư của cộng đồng xã", "observer": "Hồ Văn Giám",
        "text": "Lớp đá dăm mỏng hơn thiết kế", "observed_on": DAY, "answer_due_on": DUE,
    }  # fmt: skip
    return NewObservation(**(defaults | values))


def observed(who: Actor | None = None, **values: Any) -> ObservationView:
    return observations.create(who or actor("supervisor"), new(**values))[0]


def wrong(kind: type[Fault], field: str | None = None, **facts: Any) -> Any:
    return fails(kind, field, of=TABLES, **facts)


def test_from_what_was_observed_to_its_close(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, date(2023, 8, 20))
    its, who, officer = work(), actor("supervisor"), actor("officer")
    asked = new(subject_kind="work", subject_id=its.id, lat=15.5, lon=108.0, uploads=(photo_sent(who),))
    made, fresh = observations.create(who, asked)
    assert (fresh, made.about, made.unit_code, made.state) == (True, its.name, "20770", "open")
    assert [d.kind for d in made.documents] == ["photo"]
    assert (made.late, made.days_late()) == (True, 5)
    before = state(*TABLES)
    assert observations.create(who, asked) == (made, False)
    assert state(*TABLES) == before
    with wrong(IdTaken):
        observations.create(who, replace(asked, text="Khác"))
    with wrong(Forbidden):
        observations.answer(who, made.id, "Đã xem")
    with wrong(RuleBroken, rule="own_observation", asked="answer", held="own"):
        observations.answer(actor("leader", "512@legacy"), made.id, "Đã xem")
    with wrong(Invalid, "on"):
        observations.answer(officer, made.id, "Đã xem", on=date(2023, 7, 31))
    with wrong(Invalid, "remark"):
        observations.answer(officer, made.id, " ")
    answered = observations.answer(officer, made.id, "Nhà thầu bù 3 cm", on=date(2023, 8, 18))
    assert (answered.state, answered.answer, answered.answered_by) == (
        "answered", "Nhà thầu bù 3 cm", "officer"
    )  # fmt: skip
    assert (answered.late, answered.days_late()) == (False, 3)  # answered three days too late
    assert observations.answer(officer, made.id, "Nhà thầu bù 3 cm", on=date(2023, 8, 18)) == answered
    with wrong(RuleBroken, rule="observation_state", asked="answer", held="answered"):
        observations.answer(actor("leader"), made.id, "Khác")
    with wrong(Forbidden):
        observations.close(officer, made.id, "Xong")
    again = observations.reopen(who, made.id, "Đoạn cuối chưa bù", due_on=date(2023, 8, 30))
    assert (again.state, again.answer, again.answer_due_on) == ("open", "", date(2023, 8, 30))
    observations.answer(actor("leader"), made.id, "Đã bù đoạn cuối")
    colleague = replace(who, ref="supervisor-2", user_id=uuid.uuid4())
    closed = observations.close(colleague, made.id, "Đã kiểm tra, đạt")
    assert (closed.state, closed.answer) == ("closed", "Đã bù đoạn cuối")
    moves = observations.history(actor("inspector"), made.id)
    assert [(m.move, m.by) for m in moves] == [
        ("answer", "officer"), ("reopen", "supervisor"), ("answer", "leader"), ("close", "supervisor-2"),
    ]  # fmt: skip
    with wrong(RuleBroken, rule="observation_state", asked="update", held="closed"):
        observations.update(who, made.id, closed.version, {"text": "x"})


def test_who_observed_does_not_answer_it(world: World) -> None:
    officer = actor("officer")
    own = observed(officer)  # of the unit in general
    assert (own.subject, own.about) == (None, "Xã Sông Trà")
    with wrong(RuleBroken, rule="self_answer", asked="answer"):
        observations.answer(officer, own.id, "Đã xem")
    assert observations.may(officer, own)["answer"] is False
    assert observations.may(actor("leader"), own)["answer"] is True
    assert observations.answer(actor("leader"), own.id, "Đã xem").state == "answered"


def test_what_cannot_be_is_named_and_others_keep_their_hands_off(world: World) -> None:
    who = actor("supervisor")
    for field, values in (
        ("observed_on", {"observed_on": today() + timedelta(days=1), "answer_due_on": None}),
        ("answer_due_on", {"answer_due_on": DAY - timedelta(days=1)}),
        ("board", {"board": " "}),
        ("text", {"text": ""}),
        ("lon", {"lat": 15.5}),
    ):
        with wrong(Invalid, field):
            observations.create(who, new(**values))
    elsewhere = work(actor("officer", "20773@legacy"), owner_unit_code="20773@legacy")
    for about in (("work", elsewhere.id), ("support_model", elsewhere.id), ("line", elsewhere.id)):
        with wrong(NotFound, "subject"):
            observations.create(who, new(subject_kind=about[0], subject_id=about[1]))
    with wrong(RuleBroken, rule="own_observation", asked="create"):
        observations.create(actor("supervisor", "512@legacy"), new(unit_code="20770@legacy"))
    made = observed()
    with wrong(Forbidden):
        observations.update(actor("officer"), made.id, 1, {"text": "x"})
    changed = observations.update(who, made.id, 1, {"text": "Đá dăm mỏng 2 cm"}, (photo_sent(who),))
    assert (changed.text, changed.version, len(changed.documents)) == ("Đá dăm mỏng 2 cm", 2, 1)
    with wrong(Stale):
        observations.update(who, made.id, 1, {"text": "x"})
    with wrong(NotFound):
        observations.get(actor("officer", "20773@legacy"), made.id)


def test_it_becomes_an_obstacle_in_one_step(world: World) -> None:
    who = actor("supervisor")
    grown = model(actor("officer"))
    own = line(support_model_id=grown.id)
    post(own.id, "allocate", 50 * MILLION, "2023-01-10")
    made = observed(subject_kind="support_model", subject_id=grown.id, text="Bò giống chưa tiêm phòng")
    wanted = NewHindrance(uuid.uuid4(), "other", "Trạm thú y")
    raised = observations.raise_obstacle(who, made.id, wanted)
    assert raised.obstacle_id == wanted.id
    obstacle = obstacles.get(who, wanted.id)
    assert (obstacle.subject_kind, obstacle.about("vi"), obstacle.raised_on) == (
        "support_model", grown.name, DAY
    )  # fmt: skip
    assert (obstacle.text, obstacle.observation_id, obstacle.money_held) == (
        "Bò giống chưa tiêm phòng", made.id, 50 * MILLION
    )  # fmt: skip
    found = obstacles.ObstacleFilter(q="nuoi bo")
    assert [o.id for o in obstacles.obstacles(who, found)] == [wanted.id]
    assert obstacles.total(who, found).money_held == 50 * MILLION
    before = state(*TABLES)
    assert observations.raise_obstacle(who, made.id, wanted) == raised
    assert state(*TABLES) == before
    with wrong(RuleBroken, rule="observation_raised"):
        observations.raise_obstacle(who, made.id, replace(wanted, id=uuid.uuid4()))
    general = observed()
    with wrong(RuleBroken, rule="observation_subject"):
        observations.raise_obstacle(who, general.id, replace(wanted, id=uuid.uuid4()))
    with wrong(Forbidden):
        observations.raise_obstacle(actor("inspector"), general.id, wanted)


def test_what_waits_and_how_many_there_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, date(2023, 9, 14))
    its = work()
    late = observed(subject_kind="work", subject_id=its.id)
    soon = observed(answer_due_on=date(2023, 9, 30), text="Công khai vốn ở nhà thôn")
    whenever = observed(answer_due_on=None)
    done = observed()
    observations.answer(actor("officer"), done.id, "Đã làm")
    mine = observed(actor("officer"))
    with db.snapshot() as session:
        rows, number = observations.waiting(session, actor("officer"), 2)
        assert ([r.id for r in rows], number) == ([late.id, soon.id], 3)
        assert observations.waiting(session, actor("leader"), 9)[1] == 4
        assert [o.id for o in observations.waiting(session, actor("supervisor"), 9)[0]] == [done.id], (
            "to be closed"
        )
        for other in (actor("leader", "512@legacy"), actor("leader", "20773@legacy")):
            assert observations.waiting(session, other, 9) == ([], 0)
        day = date(2023, 9, 14)
        of_unit = observations.counts(session, actor("leader"), on=day, unit_id=actor().unit_id)
        assert (of_unit.count, of_unit.open, of_unit.late) == (5, 4, 2)
        assert observations.counts(session, actor("leader"), on=day, work_id=its.id).late == 1

    def ids(**wanted: Any) -> list[uuid.UUID]:
        found = ObservationFilter(unit="20770@legacy", **wanted)
        rows = observations.observations(actor("inspector", "512@legacy"), found, pressing_first=True)
        together = observations.total(actor("inspector", "512@legacy"), found)
        assert together.count == len(rows)
        assert together.late == sum(r.late for r in rows)
        return [r.id for r in rows]

    assert set(ids(late=True)) == {late.id, mine.id}
    assert ids(late=True, as_of=DUE) == []
    assert ids(state="answered") == [done.id]
    assert ids(work_id=its.id) == [late.id]
    assert ids(q="cong khai") == [soon.id]
    assert ids()[-2:] == [whenever.id, done.id]

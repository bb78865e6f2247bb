"""Inspections: planned from above, held, concluded; the checklist from the figures; the unit's report, frozen."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from app import db
from app.clock import today
from app.domain import audit, directives, documents, inspections
from app.domain.dashboard import dashboard
from app.domain.inspections import (
    Conclusion,
    InspectionFilter,
    NewCheck,
    NewFinding,
    NewPerson,
    NewReport,
)
from app.domain.ledger.entries import Document
from app.errors import Forbidden, IdTaken, Invalid, NotFound, Stale
from tests.support.book import execute, fails, refused
from tests.support.inspecting import DAY, DECISION, DISTRICT, OF, demand, held, new, planned
from tests.support.papers import document
from tests.support.world import MILLION, World, actor, line, post, work


def test_only_a_unit_above_inspects_and_a_year_is_planned_at_once(world: World) -> None:
    district, commune = actor("reviewer", DISTRICT), actor("leader")
    ask = new()
    made, fresh = inspections.create(district, ask)
    assert (fresh, made.state, made.day, made.year, made.by_code) == (True, "planned", DAY, 2023, "512")
    assert made.title.endswith("Xã Sông Trà, năm 2023")
    assert made.lead is not None
    assert (made.lead.person, len(made.team), made.decision) == ("Hoàng Văn Hùng", 1, DECISION)
    assert inspections.create(district, ask) == (made, False)
    with fails(IdTaken, of=OF):
        inspections.create(district, replace(ask, team_name="Khác"))
    with refused("inspection_side", asked="plan"):
        inspections.create(commune, new())
    with fails(NotFound, "unit_code", of=OF):
        inspections.create(district, new(unit_code="00001@legacy"))
    with fails(Invalid, "unit_code", of=OF):
        inspections.create(district, new(unit_code="20770.01@legacy"))
    year = [
        new(unit_code=f"{code}@legacy", date=date(2023, month, 5))
        for code, month in (("20773", 3), ("20776", 4))
    ]
    with fails(Invalid, "inspections.1.lead.person", of=OF):
        inspections.plan(district, [year[0], replace(year[1], lead=NewPerson(" "))])
    assert [fresh for _, fresh in inspections.plan(district, year)] == [True, True]
    found = inspections.inspections(district, InspectionFilter(year=2023, state="planned"), by_day=True)
    assert [i.unit_code for i in found] == ["20770", "20776", "20773"]
    counted = inspections.counts(district, InspectionFilter(unit=DISTRICT))
    assert (counted.all, counted.planned, counted.overdue) == (3, 3, 3)
    assert [i.id for i in inspections.inspections(commune, InspectionFilter(q="hoang van"))] == [made.id]
    assert inspections.years(district) == [2023]
    with fails(NotFound):
        inspections.get(actor("inspector", "00001@legacy"), made.id)


def test_what_the_inspected_unit_sees_and_writes(world: World) -> None:
    made, commune = planned(checked="Hồ sơ công trình"), actor("leader")
    inspections.prepare(actor("leader", DISTRICT), made.id)
    ask = inspections.set_checklist(
        actor("leader", DISTRICT), made.id, made.version, [NewCheck("Sổ theo dõi họp Ban chỉ đạo")]
    )
    seen = inspections.whole(commune, made.id)
    assert (seen.inspecting, seen.checked, seen.checklist) == (False, "", ())
    assert (seen.day, seen.decision, seen.lead) == (DAY, DECISION, made.lead)
    inspections.hold(actor("leader", DISTRICT), made.id, DAY)
    seen = inspections.whole(commune, made.id)
    assert (seen.checked, [c.text for c in seen.checklist]) == (
        "Hồ sơ công trình",
        ["Sổ theo dõi họp Ban chỉ đạo"],
    )
    finding = NewFinding(uuid.uuid4(), "Thiếu sổ họp", wanting=True)
    refusals: dict[str, Callable[[], object]] = {
        "update": lambda: inspections.update(commune, made.id, ask.version, {"summary": "x"}),
        "hold": lambda: inspections.hold(commune, made.id, DAY),
        "find": lambda: inspections.find(commune, made.id, finding),
        "check": lambda: inspections.set_checklist(commune, made.id, 1, []),
        "conclude": lambda: inspections.conclude(commune, made.id, Conclusion("x")),
        "withdraw": lambda: inspections.withdraw(commune, made.id, finding.id),
        "prepare": lambda: inspections.prepare(commune, made.id),
    }
    for asked, write in refusals.items():
        with refused("inspection_side", asked=asked):
            write()
    # A unit between the two, which does not inspect, writes nothing either.
    of_province = inspections.create(actor("leader", "49@legacy"), new())[0]
    with refused("inspection_side", held="49"):
        inspections.hold(actor("leader", DISTRICT), of_province.id, DAY)
    # Evidence is attached by those who inspect.
    inspections.find(actor("leader", DISTRICT), made.id, finding)
    paper = document(subject=("finding", finding.id), who=actor("leader", DISTRICT))
    assert [d.id for d in inspections.whole(commune, made.id).findings[0].documents] == [paper.id]
    with refused("inspection_side"):
        documents.detach(commune, paper.id, "finding", finding.id)
    # So do those of the team who keep no register of documents, to what they write and to nothing else.
    for role in ("inspector", "reviewer"):
        who = actor(role, DISTRICT)
        document(subject=("finding", finding.id), who=who)
        document(subject=("inspection", made.id), who=who)
        with fails(Forbidden):
            document(who=who)
        with fails(Forbidden):
            documents.attach(who, paper.id, "work", finding.id)
    with fails(Forbidden):
        document(subject=("finding", finding.id), who=actor("supervisor", DISTRICT))
    with refused("inspection_side"):
        document(subject=("inspection", made.id), who=commune)


def test_held_found_concluded_and_mended_under_audit(world: World) -> None:
    district, its = actor("leader", DISTRICT), work()
    made = planned()
    finding = NewFinding(uuid.uuid4(), "Hồ sơ chậm", True, "work", str(its.id))
    with refused("inspection_state", asked="find", held="planned"):
        inspections.find(district, made.id, finding)
    with refused("inspection_state", asked="conclude", held="planned"):
        inspections.conclude(district, made.id, Conclusion("x"))
    for wrong in (DECISION.date - timedelta(1), today() + timedelta(1)):
        with fails(Invalid, "on", of=OF):
            inspections.hold(district, made.id, wrong)
    assert inspections.hold(district, made.id, DAY) == inspections.hold(district, made.id, DAY)
    with refused("inspection_state", asked="hold", held="held"):
        inspections.hold(district, made.id, DAY + timedelta(1))
    found, fresh = inspections.find(district, made.id, finding)
    assert (fresh, found.about and found.about.name) == (True, its.name)
    assert inspections.find(district, made.id, finding) == (found, False)
    criterion = NewFinding(uuid.uuid4(), "Giữ vững 11 tiêu chí", False, "criterion", "17")
    assert inspections.find(district, made.id, criterion)[0].about is not None
    elsewhere = work(actor(unit="20773@legacy"), owner_unit_code="20773@legacy")
    for wrong_about in (
        ("work", str(elsewhere.id)),
        ("criterion", "99"),
        ("household", str(its.id)),
        ("line", "x"),
    ):
        with fails(NotFound, "subject", of=OF):
            inspections.find(district, made.id, NewFinding(uuid.uuid4(), "x", True, *wrong_about))
    said = Conclusion("Yêu cầu xã củng cố Ban chỉ đạo", "120/TB-UBND", date(2023, 9, 20))
    with fails(Invalid, "on", of=OF):
        inspections.conclude(district, made.id, replace(said, on=DAY - timedelta(1)))
    done = inspections.conclude(district, made.id, said)
    assert inspections.conclude(district, made.id, said) == done
    assert (done.state, done.concluded_on, len(done.shortcomings), len(done.achievements)) == (
        "concluded",
        date(2023, 9, 20),
        1,
        1,
    )
    with refused("inspection_state", asked="conclude", held="concluded"):
        inspections.conclude(district, made.id, replace(said, text="Khác"))
    mended = inspections.update(district, made.id, done.version, {"conclusion": "Yêu cầu xã họp hằng tháng"})
    assert mended.conclusion == "Yêu cầu xã họp hằng tháng"
    kept = audit.history(actor("inspector", DISTRICT), subject_id=str(made.id))[0]
    assert (kept.facts["before"], kept.facts["version"]) == ({"conclusion": said.text}, done.version)
    with fails(Stale, of=OF):
        inspections.update(district, made.id, done.version, {"summary": "x"})
    for changes, field in (
        ({"concluded_on": DAY - timedelta(1)}, "concluded_on"), ({"date": None}, "date"), ({"conclusion": " "}, "conclusion"),
        ({"decision": Document("", DAY, "x")}, "decision.number"),
    ):  # fmt: skip
        with fails(Invalid, field, of=OF):
            inspections.update(district, made.id, mended.version, changes)
    after = inspections.withdraw(district, made.id, finding.id)
    (gone,) = audit.history(actor("inspector", DISTRICT), subject_id=str(finding.id))[:1]
    assert gone.facts["before"] == {
        "text": finding.text, "wanting": True, "subject_kind": "work", "subject_id": str(its.id),
    }  # fmt: skip
    assert inspections.withdraw(district, made.id, finding.id) == after
    assert [f.text for f in after.findings] == [criterion.text]
    whole_team = inspections.update(
        district, made.id, after.version, {"team": (NewPerson("Phan A"), NewPerson("Phan B"))}
    )
    assert [p.person for p in (whole_team.lead, *whole_team.team) if p] == [
        "Hoàng Văn Hùng",
        "Phan A",
        "Phan B",
    ]


def test_the_checklist_begins_with_what_the_figures_say_and_keeps_what_was_typed(world: World) -> None:
    district = actor("leader", DISTRICT)
    its = work(procedure="special", name="Đường thôn Trà Huỳnh")
    idle = line()
    post(idle.id, "allocate", 100 * MILLION, "2023-01-05")
    before = held(date=date(2023, 3, 1), decision=None)
    demanded = demand(before, due_on=date(2023, 4, 1))
    made = planned()
    found, added = inspections.prepare(district, made.id)
    about = {(c.subject_kind, c.subject_id): c.text for c in found.checklist}
    assert (added, next(iter(about))) == (len(about), ("directive", str(demanded)))
    assert "chưa đủ điều kiện khởi công, còn thiếu" in about["work", str(its.id)]
    assert "giải ngân 0 đồng trong 100 triệu đồng" in about["line", str(idle.id)].replace("\u00a0", " ")
    assert "quá hạn" in about["directive", str(demanded)]
    assert inspections.prepare(district, made.id) == (found, 0)
    keep = found.checklist[0]
    mine = [
        NewCheck("Họp hằng tháng chưa?", keep.id, keep.subject_kind, keep.subject_id, note="Xem sổ"),
        NewCheck("Hồ sơ lựa chọn nhà thầu", subject_kind="work", subject_id=str(its.id)),
    ]
    with refused("inspection_state", asked="check"):
        inspections.set_checklist(district, made.id, found.version, [replace(mine[0], result="met")])
    kept = inspections.set_checklist(district, made.id, found.version, mine)
    assert (kept.checklist[0].id, [c.text for c in kept.checklist]) == (keep.id, [m.text for m in mine])
    with fails(Stale, of=OF):
        inspections.set_checklist(district, made.id, found.version, mine)
    with fails(Invalid, "items.1.text", of=OF):
        inspections.set_checklist(district, made.id, kept.version, [mine[0], NewCheck(" ")])
    refilled, _ = inspections.prepare(district, made.id)
    assert [c.text for c in refilled.checklist[:2]] == [m.text for m in mine]
    inspections.hold(district, made.id, DAY)
    ticked = inspections.set_checklist(
        district,
        made.id,
        refilled.version + 1,
        [replace(mine[0], result="not_met"), replace(mine[1], result="met")],
    )
    assert (ticked.checks("met"), ticked.checks("not_met")) == (1, 1)


def test_the_next_inspection_opens_with_the_state_of_the_earlier_demands_as_of_its_day(world: World) -> None:
    first = held(date=date(2023, 3, 1), decision=None)
    ids = [demand(first, text, due_on=date(2023, 4, 1)) for text in ("Một", "Hai")]
    other = held(unit_code="20773@legacy", date=date(2023, 3, 2), decision=None)
    demand(other, "Ba", unit_code="20773@legacy", due_on=date(2023, 4, 1))
    commune, district = actor("leader"), actor("inspector", DISTRICT)
    directives.report(commune, ids[0], "Đã họp", on=date(2023, 3, 20))
    directives.accept(district, ids[0], "", on=date(2023, 10, 1))
    second = planned()
    _, day, found = inspections.earlier_of(district, second.id)
    assert (day, [(d.id, d.state, d.overdue) for d in found]) == (
        DAY, [(ids[0], "reported", True), (ids[1], "open", True)],
    )  # fmt: skip
    later = planned(date=date(2023, 12, 1))
    assert [d.state for d in inspections.earlier_of(commune, later.id)[2]] == ["accepted", "open"]
    assert inspections.earlier_of(district, first.id)[2] == []
    assert inspections.demands(district, [first.id, second.id]) == {first.id: ids, second.id: []}


def test_a_report_is_frozen_as_the_books_stood(world: World) -> None:
    made, commune = planned(), actor("leader")
    its, money = work(planned_finish=date(2023, 6, 1), decision_date=date(2023, 1, 5)), line()
    post(money.id, "allocate", 100 * MILLION, "2023-01-05")
    post(money.id, "pay", 40 * MILLION, "2023-03-01")
    seen = inspections.preview(commune, made.id, DAY)
    assert seen["money"]["total"] | {"at_risk": 0} == {
        "plan": 100 * MILLION, "disbursed": 40 * MILLION, "available": 60 * MILLION, "at_risk": 0, "rate": 0.4
    }  # fmt: skip
    assert [(w["id"], w["days"]) for w in seen["works"]["late"]] == [(str(its.id), 105)]
    assert (seen["criteria"]["met"], seen["criteria"]["total"]) == (0, 19)
    ask = NewReport(uuid.uuid4(), DAY, results="Đã kiện toàn Ban chỉ đạo")
    with fails(Invalid, "results", of=OF):
        inspections.send(commune, made.id, replace(ask, results=" "))
    with fails(Invalid, "as_of", of=OF):
        inspections.send(commune, made.id, replace(ask, as_of=today() + timedelta(1)))
    with refused("inspection_side", asked="report"):
        inspections.send(actor("leader", DISTRICT), made.id, ask)
    sent, fresh = inspections.send(commune, made.id, ask)
    assert (fresh, sent.content) == (
        True,
        seen
        | {
            "words": ask.words(),
            "inspection": {
                "title": made.title,
                "by_name": "Huyện Hiệp Đức",
                "team_name": "Đoàn kiểm tra số 2",
            },
        },
    )
    post(money.id, "pay", 10 * MILLION, "2023-04-01")
    assert inspections.preview(commune, made.id, DAY)["money"]["total"]["disbursed"] == 50 * MILLION
    assert inspections.send(commune, made.id, ask) == (sent, False)
    assert inspections.report(actor("inspector", DISTRICT), made.id, sent.id) == sent
    with fails(IdTaken, of=OF):
        inspections.send(commune, made.id, replace(ask, results="Khác"))
    again, _ = inspections.send(commune, made.id, replace(ask, id=uuid.uuid4()))
    assert [(r.number, r.id) for r in inspections.reports(commune, made.id)] == [(1, sent.id), (2, again.id)]
    for change in ("UPDATE unit_reports SET as_of = as_of", "DELETE FROM unit_reports"):
        with pytest.raises(DBAPIError):
            execute(change)


def test_what_waits_for_whom(world: World) -> None:
    made, district, commune = planned(), actor("leader", DISTRICT), actor("officer")

    def owed(who: Any) -> list[uuid.UUID]:
        with db.transaction() as session:
            found, number = inspections.waiting(session, who, 5)
        assert number == len(found)
        return [i.id for i in found]

    assert (owed(district), owed(commune), owed(actor("supervisor"))) == ([made.id], [made.id], [])
    inspections.send(commune, made.id, NewReport(uuid.uuid4(), DAY, results="Báo cáo"))
    inspections.hold(district, made.id, DAY)
    assert (owed(district), owed(commune)) == ([made.id], [])
    inspections.conclude(district, made.id, Conclusion("Kết luận"))
    assert (owed(district), owed(commune)) == ([], [])
    found = dashboard(commune, year=2023).inspections
    assert (found.concluded, found.all) == (1, 1)
    coming = [planned(date=today() + timedelta(days), decision=None) for days in (8, 7, 1)]
    assert owed(district) == [coming[2].id, coming[1].id]

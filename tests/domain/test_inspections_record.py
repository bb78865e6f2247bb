"""What stays on record of an inspection, who reads what it demanded, and what is left of one that is called off."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from app import db
from app.clock import today
from app.domain import audit, directives, documents, inspections
from app.domain.access import Actor
from app.domain.inspections import (
    Conclusion,
    InspectionFilter,
    NewCheck,
    NewFinding,
    NewPerson,
    NewReport,
)
from app.errors import Invalid, NotFound
from app.reports.papers import gathered
from tests.support.book import fails, refused
from tests.support.inspecting import DAY, DISTRICT, OF, demand, held, planned
from tests.support.papers import PDF, document
from tests.support.world import World, actor, work


def test_nothing_of_a_concluded_inspection_changes_without_what_it_said_before(world: World) -> None:
    district = actor("leader", DISTRICT)
    work(procedure="special", name="Đường thôn Trà Huỳnh")
    made = held(unit_people=(NewPerson("Nguyễn Văn An", "Chủ tịch"),))
    listed = inspections.set_checklist(
        district, made.id, made.version, [NewCheck("Sổ họp", result="met"), NewCheck("Hồ sơ")]
    )
    done = inspections.conclude(district, made.id, Conclusion("Yêu cầu xã họp hằng tháng", on=DAY))

    def kept() -> dict[str, Any]:
        return audit.history(actor("inspector", DISTRICT), subject_id=str(made.id))[0].facts

    with refused("inspection_state", asked="prepare", held="concluded"):
        inspections.prepare(district, made.id)
    before = [{"id": str(c.id), "text": c.text, "subject_kind": "", "subject_id": "", "result": c.result, "note": ""} for c in done.checklist]  # fmt: skip
    first = NewCheck("Sổ họp", listed.checklist[0].id, result="not_met")
    inspections.set_checklist(
        district, made.id, done.version, [first, NewCheck("Hồ sơ", done.checklist[1].id)]
    )
    assert (kept()["before"], kept()["version"]) == ({"checklist": before[:1]}, done.version)
    inspections.set_checklist(district, made.id, done.version + 1, [])
    assert kept()["before"] == {"checklist": [before[0] | {"result": "not_met"}, before[1]]}
    lead, team = NewPerson("Phan A", "Phó Chủ tịch"), (NewPerson("Lê Thẩm Định", "Phòng TC-KH", "secretary"),)
    changes = {
        "title": done.title, "year": 2024, "team_name": "Đoàn số 3", "decision": None, "lead": lead, "team": team,
        "unit_people": (),
    }  # fmt: skip
    inspections.update(district, made.id, done.version + 2, changes)
    assert kept()["before"] == {
        "year": 2023, "team_name": "Đoàn kiểm tra số 2",
        "decision": {"number": "596/QĐ-UBND", "date": "2023-08-17", "issuer": "UBND huyện Hiệp Đức"},
        "lead": {"person": "Hoàng Văn Hùng", "title": "Phó Chủ tịch UBND huyện"},
        "unit_people": [{"person": "Nguyễn Văn An", "title": "Chủ tịch"}],
    }  # fmt: skip


def test_who_reads_an_inspection_reads_all_that_it_demanded(world: World) -> None:
    made = held()
    own, of_district = demand(made), demand(made, "Hướng dẫn xã làm hồ sơ", unit_code=DISTRICT)
    inspections.conclude(actor("leader", DISTRICT), made.id, Conclusion("Yêu cầu", on=DAY))
    for who, readable in ((actor("leader", DISTRICT), True), (actor("leader"), False)):
        found = inspections.given(who, made.id)
        assert [(d.id, d.text, d.first_due_on, d.readable) for d in found] == [
            (own, "Họp Ban chỉ đạo hằng tháng", date(2023, 10, 31), True),
            (of_district, "Hướng dẫn xã làm hồ sơ", date(2023, 10, 31), readable),
        ]
        assert inspections.demands(who, [made.id]) == {made.id: [own, of_district]}
        assert [d.id for d in inspections.earlier_of(who, planned(date=today()).id)[2]] == [own, of_district]
        assert gathered.inspection_conclusion(who, made.id).recipients == (
            "UBND xã Sông Trà", "UBND huyện Hiệp Đức", "Lưu: VT, hồ sơ Đoàn kiểm tra",
        )  # fmt: skip
    assert [d.does for d in inspections.given(actor("leader"), made.id)] == [True, False]
    with fails(NotFound):
        directives.get(actor("leader"), of_district)
    assert inspections.given(actor("inspector", "00001@legacy"), made.id) == []
    assert inspections.demands(actor("inspector", "00001@legacy"), [made.id]) == {made.id: []}


def test_one_that_is_called_off_stays_on_record_and_out_of_the_counts(world: World) -> None:
    district, commune = actor("leader", DISTRICT), actor("leader")
    made = planned(checked="Hồ sơ")
    with refused("inspection_side", asked="cancel"):
        inspections.cancel(commune, made.id, "Trùng đợt thanh tra")
    for wrong in (" ", "x" * 1001):
        with fails(Invalid, "reason", of=OF):
            inspections.cancel(district, made.id, wrong)
    off = inspections.cancel(district, made.id, "Trùng đợt thanh tra")
    assert (off.state, off.cancelled_reason) == ("cancelled", "Trùng đợt thanh tra")
    assert inspections.cancel(district, made.id, "Trùng đợt thanh tra") == off
    kept = audit.history(actor("inspector", DISTRICT), subject_id=str(made.id))[0]
    assert (kept.action, kept.facts) == (
        "inspection.cancel",
        {"reason": "Trùng đợt thanh tra", "state": "planned"},
    )
    assert inspections.whole(commune, made.id).checked == ""
    report = NewReport(uuid.uuid4(), DAY, results="Báo cáo")
    refusals: dict[str, Callable[[], object]] = {
        "cancel": lambda: inspections.cancel(district, made.id, "Khác"),
        "update": lambda: inspections.update(district, made.id, off.version, {"title": "x"}),
        "hold": lambda: inspections.hold(district, made.id, DAY),
        "find": lambda: inspections.find(district, made.id, NewFinding(uuid.uuid4(), "x", True)),
        "check": lambda: inspections.set_checklist(district, made.id, off.version, []),
        "prepare": lambda: inspections.prepare(district, made.id),
        "conclude": lambda: inspections.conclude(district, made.id, Conclusion("x")),
        "report": lambda: inspections.send(commune, made.id, report),
    }
    for asked, write in refusals.items():
        with refused("inspection_state", asked=asked, held="cancelled"):
            write()
    counted = inspections.counts(district, InspectionFilter(year=2023))
    assert (counted.all, counted.planned, counted.overdue, counted.cancelled) == (0, 0, 0, 1)
    for who in (district, actor("officer")):
        with db.transaction() as session:
            assert inspections.waiting(session, who, 5) == ([], 0)
    visited = held()
    inspections.cancel(district, visited.id, "Ghi nhầm đơn vị")
    with refused("inspection_state", asked="demand", held="cancelled"):
        demand(visited)
    with fails(NotFound):
        gathered.inspection_minutes(district, visited.id)
    bound = held()
    demand(bound)
    with refused("inspection_demanded", number=1):
        inspections.cancel(district, bound.id, "x")
    done = held()
    inspections.conclude(district, done.id, Conclusion("x", on=DAY))
    with refused("inspection_state", asked="cancel", held="concluded"):
        inspections.cancel(district, done.id, "x")


def test_evidence_is_the_inspectors_and_stays_once_the_inspection_was_concluded(world: World) -> None:
    leader, district, commune = actor("leader", DISTRICT), actor("officer", DISTRICT), actor("officer")
    finding = NewFinding(uuid.uuid4(), "Thiếu sổ họp", wanting=True)
    for end in ("concluded", "cancelled"):
        made, new = held(), replace(finding, id=uuid.uuid4())
        inspections.find(leader, made.id, new)
        papers = [document(subject=s, who=district) for s in (("finding", new.id), ("inspection", made.id))]
        assert {p.unit_code for p in papers} == {
            "20770"
        }  # they stand where the inspected unit keeps its register
        for paper in papers:
            (file,) = paper.files
            writes: list[Callable[[Actor], object]] = [
                partial(documents.remove_file, document_id=paper.id, sha256=file.sha256),
                partial(
                    documents.add_files, document_id=paper.id, sent=[("thêm.pdf", io.BytesIO(PDF + b"1"))]
                ),
                partial(documents.update, document_id=paper.id, version=1, changes={"number": "16"}),
            ]
            for write in writes:
                with refused("inspection_side", asked="attach", held="above"):
                    write(commune)
            for write in writes[1:]:
                write(district)
        spare = document(subject=("inspection", made.id), who=district)
        documents.detach(district, spare.id, "inspection", made.id)
        if end == "concluded":
            inspections.conclude(leader, made.id, Conclusion("x", on=DAY))
        else:
            inspections.cancel(leader, made.id, "Ghi nhầm")
        for paper in papers:
            with refused("inspection_state", asked="detach", held=end):
                documents.remove_file(district, paper.id, paper.files[0].sha256)
            with refused("inspection_state", asked="detach", held=end):
                documents.detach(district, paper.id, *paper.attached_to[0])
        more = documents.attach(district, spare.id, "inspection", made.id)
        assert ("inspection", made.id) in more.attached_to

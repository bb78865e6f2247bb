"""The dossier of a unit: what is missing is said, nothing of others or of persons slips in, and it is on record."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today
from app.domain import (
    audit,
    directives,
    documents,
    inspections,
    meetings,
    observations,
    outreach,
    unit_dossier,
)
from app.domain.directives import NewDirective
from app.domain.documents import files
from app.domain.inspections import Conclusion, NewInspection, NewReport
from app.domain.meetings import Minutes, NewMeeting
from app.domain.unit_dossier import contents
from app.errors import Invalid, NotFound
from app.models.clearance import PersonalView
from app.models.plans import Plan
from app.models.support import SupportModel
from app.models.works import Work
from app.reports import unit_dossier as packed
from tests.support.assessing import assess
from tests.support.meeting import board, member
from tests.support.papers import PDF, document, image
from tests.support.planning import SIGNED, approved, plan
from tests.support.supporting import model
from tests.support.world import MILLION, World, actor, line, post, work

COMMUNE, DISTRICT = "20770@legacy", "512@legacy"
DAY = date(2023, 9, 14)


def held_meeting(of: uuid.UUID, on: date) -> uuid.UUID:
    made, _ = meetings.create(actor("officer"), NewMeeting(uuid.uuid4(), of, on))
    meetings.record_minutes(actor("officer"), made.id, Minutes("Ban nghe báo cáo.", "01/BB-BCĐ"))
    return made.id


def inspected(code: str = COMMUNE) -> uuid.UUID:
    who = actor("leader", DISTRICT)
    made, _ = inspections.create(who, NewInspection(uuid.uuid4(), code, DAY))
    inspections.hold(who, made.id, DAY)
    return made.id


def taken_out(role: str = "leader", **asked: Any) -> tuple[unit_dossier.Contents, dict[str, bytes]]:
    who = actor(role)
    whole, paths = unit_dossier.to_download(who, COMMUNE, asked.get("as_of", DAY))
    target = io.BytesIO()
    packed.write(who, whole, paths, target, "vi")
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return whole, {name: archive.read(name) for name in archive.namelist()}


def test_what_is_missing_is_named_and_goes_once_it_is_there(world: World) -> None:
    seen = unit_dossier.overview(actor(), COMMUNE, DAY)
    assert [lack.what for lack in seen.lacks] == ["lines", "assessments", "steering", "management"]
    its = board(meeting_day=25, from_on=date(2023, 6, 1))
    held_meeting(its, date(2023, 7, 25))
    board(kind="management", meeting_day=None)
    post(line().id, "allocate", 100 * MILLION, "2023-01-05")
    work(procedure="special", decision_date=date(2023, 1, 5))
    meetings.create(actor("officer"), NewMeeting(uuid.uuid4(), its, DAY - timedelta(3)))
    of_inspection = inspected()
    directives.create(
        actor("leader", DISTRICT),
        NewDirective(uuid.uuid4(), "Họp hằng tháng", "document", DAY, "unit", unit_code=COMMUNE, document_number="1", source_on=date(2023, 2, 1)),
    )  # fmt: skip
    document(
        content=None,
        subject=("meeting", seen_meeting := held_meeting(its, date(2023, 6, 25))),
        number="15/GM",
    )
    seen = unit_dossier.overview(actor(), COMMUNE, DAY + timedelta(1))
    assert {lack.what: lack.number for lack in seen.lacks} == {
        "assessments": 1, "plans": 1, "unready": 1, "members": 2, "meetings": 1, "minutes": 1, "overdue": 1,
        "conclusion": 1, "files": 1,
    }  # fmt: skip
    assert [one.id for one in seen.of("inspection")] == [of_inspection]
    assert seen_meeting in [one.id for one in seen.of("meeting")]
    assert (seen.money.plan, seen.number("work"), seen.directives[1]) == (100 * MILLION, 1, 1)
    said = [item["name"] for item in packed.lack_items(seen, "vi")]
    assert "1 tháng không họp theo định kỳ" in said
    assert all("{" not in text for text in said)
    # Of a day before all that, nothing of it is known.
    before = unit_dossier.overview(actor(), COMMUNE, date(2022, 1, 1))
    assert (before.of("meeting"), before.of("inspection"), before.documents, before.directives[0]) == (
        [],
        [],
        {},
        0,
    )
    with pytest.raises(Invalid):
        unit_dossier.overview(actor(), COMMUNE, today() + timedelta(1))
    with pytest.raises(NotFound):
        unit_dossier.overview(actor(), "20773@legacy", DAY)


def test_the_file_has_tables_papers_and_documents_each_once(world: World) -> None:
    its = board(from_on=date(2023, 6, 1))
    member(its, "Nguyễn Văn Ước", role="head")
    meeting, inspection = held_meeting(its, date(2023, 7, 25)), inspected()
    who = actor("leader", DISTRICT)
    inspections.send(actor("leader"), inspection, NewReport(uuid.uuid4(), DAY, "Đã họp."))
    inspections.conclude(who, inspection, Conclusion("Họp hằng tháng", "120/TB", DAY))
    both = document(content=image(size=(30, 30)), subject=("meeting", meeting), number="15/GM ../x")
    documents.attach(actor("leader"), both.id, "committee", its)
    bad = document(content=image(size=(31, 31)), subject=("committee", its), number="2")
    elsewhere = board("20773@legacy")
    document(
        content=image(size=(32, 32)),
        subject=("committee", elsewhere),
        who=actor("leader", "20773@legacy"),
        number="9",
    )
    files.path_of(bad.files[0].sha256).write_bytes(b"x")
    whole, archive = taken_out()
    names = [name for name in archive if "/" in name]
    assert len(names) == len(set(names))
    assert all(name.isascii() and ".." not in name and name.count("/") == 1 for name in names)
    assert [name.rsplit(".")[-1] for name in names].count("xlsx") == 9
    papers = [name.split("/")[1] for name in names if name.endswith(".pdf")]
    assert papers == [
        "bien-ban-hop-song-tra-2023-07-25.pdf", "bien-ban-kiem-tra-song-tra-2023-09-14.pdf",
        "ket-luan-kiem-tra-song-tra-2023-09-14.pdf", "bao-cao-song-tra-2023-09-14.pdf",
    ]  # fmt: skip
    assert {d.id for _, d in whole.documents} == {bad.id, both.id}
    assert len(whole.documents) == 2
    assert sum(name.startswith("10-van-ban") for name in names) == 1
    assert whole.damaged == {bad.files[0].sha256}
    sums = [row.split("  ", 1) for row in archive["SHA256SUMS.txt"].decode().splitlines()]
    assert all(hashlib.sha256(archive[name]).hexdigest() == digest for digest, name in sums)
    assert {name for _, name in sums} == set(names)
    index = archive["MUC-LUC.html"].decode()
    assert "1 tệp hỏng hoặc mất trên đĩa" in index
    assert all(name in index for name in names)
    assert packed.file_name(whole) == "ho-so-don-vi-xa-song-tra-2023-09-14.zip"
    rows = audit.history(actor("inspector"), subject_kind="unit", subject_id=COMMUNE)
    assert [(r.actor, r.action) for r in rows] == [("leader", "unit.dossier")]


def test_files_of_persons_and_those_that_do_not_fit_stay_out_and_are_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = board(from_on=date(2023, 6, 1))
    secret = document(subject=("committee", its), personal=True)
    whole, archive = taken_out("reviewer")
    assert (whole.withheld, PDF in archive.values()) == (frozenset({secret.id}), False)
    assert "1 văn bản có dữ liệu cá nhân không kèm theo" in archive["MUC-LUC.html"].decode()
    whole, archive = taken_out("leader")
    assert (whole.withheld, PDF in archive.values()) == (frozenset(), True)
    with db.transaction() as session:
        columns = (
            PersonalView.actor,
            PersonalView.subject_kind,
            PersonalView.subject_id,
            PersonalView.purpose,
        )
        seen = session.execute(sa.select(*columns)).all()
    assert seen == [("leader", "document", str(secret.id), "export")]
    monkeypatch.setattr("app.domain.unit_dossier.contents.MOST_BYTES", 3)
    whole, archive = taken_out("leader")
    assert (whole.beyond, PDF in archive.values()) == (frozenset({secret.id}), False)
    assert "không kèm: hồ sơ quá lớn" in archive["MUC-LUC.html"].decode()
    monkeypatch.setitem(contents.MOST, "documents", 0)
    whole, _ = taken_out("leader")
    assert (whole.documents, whole.cut) == ([], ("documents",))


def test_a_wide_unit_is_judged_by_itself_and_its_communes_are_counted(world: World) -> None:
    """What a commune has is not its district's; what communes lack is counted."""

    def lacks(day: date = DAY) -> dict[str, int]:
        seen = unit_dossier.overview(actor("inspector", DISTRICT), DISTRICT, day)
        return {lack.what: lack.number for lack in seen.lacks}

    communes = lacks()["steering_below"]
    assert communes > 1
    board(from_on=date(2023, 6, 1))
    board(kind="management", meeting_day=None)
    post(line().id, "allocate", 100 * MILLION, "2023-01-05")
    approved()
    found = lacks()
    assert {what: found[what] for what in ("steering", "management", "plans")} == dict.fromkeys(
        ("steering", "management", "plans"), 1
    )
    assert [found[f"{what}_below"] for what in ("steering", "management", "plans")] == [communes - 1] * 3
    of_commune = unit_dossier.overview(actor(), COMMUNE, DAY)
    assert {"steering", "management", "plans", "steering_below"} & {
        lack.what for lack in of_commune.lacks
    } == set()
    # Before it was approved the plan was wanting, and is on the page as what it was then.
    before = unit_dossier.overview(actor(), COMMUNE, SIGNED - timedelta(1))
    assert "plans" in {lack.what for lack in before.lacks}
    assert [one.state for one in before.of("plan")] == ["appraised"]
    said = [
        item["name"]
        for item in packed.lack_items(
            unit_dossier.overview(actor("inspector", DISTRICT), DISTRICT, DAY), "vi"
        )
    ]
    assert f"{communes - 1} xã chưa có kế hoạch năm 2023 được phê duyệt" in said


def test_what_is_missing_is_of_the_day_and_lists_say_how_much_there_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = work(procedure="special", decision_date=date(2023, 1, 5))
    with db.transaction(write=True) as session:
        days = {"started_on": date(2023, 9, 20), "stage": "construction"}
        session.execute(sa.update(Work).where(Work.id == its.id).values(**days))
    of_inspection = inspected()
    inspections.conclude(
        actor("leader", DISTRICT), of_inspection, Conclusion("Họp", "120/TB", date(2023, 9, 25))
    )

    def lacks(day: date) -> set[str]:
        return {lack.what for lack in unit_dossier.overview(actor(), COMMUNE, day).lacks} & {
            "unready",
            "conclusion",
        }

    assert lacks(DAY) == {"unready", "conclusion"}
    assert lacks(date(2023, 9, 25)) == set()
    for _ in range(3):
        inspected()
    monkeypatch.setattr("app.domain.unit_dossier.held.SHOWN", 2)
    seen = unit_dossier.overview(actor(), COMMUNE, DAY)
    assert (len(seen.of("inspection")), seen.number("inspection")) == (2, 4)
    assert {lack.what: lack.number for lack in seen.lacks}["conclusion"] == 4


def test_what_was_concluded_or_reported_after_the_day_stays_out_and_what_does_not_fit_is_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, of_inspection, second = actor("leader", DISTRICT), inspected(), inspected()
    for day in (DAY, date(2023, 9, 20)):
        inspections.send(actor("leader"), of_inspection, NewReport(uuid.uuid4(), day, "Đã họp."))
    inspections.send(actor("leader"), second, NewReport(uuid.uuid4(), DAY, "Đã họp."))
    inspections.conclude(who, of_inspection, Conclusion("Họp hằng tháng", "120/TB", date(2023, 9, 25)))
    inspections.create(
        who, NewInspection(uuid.uuid4(), COMMUNE, date(2023, 12, 1))
    )  # not held: none of its business
    its, a_plan = work(name="Đường Trà Huỳnh"), plan()
    whole, archive = taken_out()
    assert [(i.state, i.conclusion) for i in whole.inspections] == [("held", "")] * 2
    assert [(r.inspection_id, r.number) for r in whole.reports] == [(of_inspection, 1), (second, 1)]
    assert not [name for name in archive if "ket-luan" in name]
    index = archive["MUC-LUC.html"].decode()
    assert f"/works/{its.id}/dossier" in index
    assert f"/plans/{a_plan.id}" in index
    assert "giấy tờ không kèm" not in index
    later, _ = taken_out(as_of=date(2023, 9, 25))
    assert (sum(i.state == "concluded" for i in later.inspections), len(later.reports)) == (1, 3)
    monkeypatch.setattr(packed, "MOST_PAPERS", 3)
    _, archive = taken_out()
    assert "Còn 1 giấy tờ không kèm: mỗi phần nhiều nhất 3" in archive["MUC-LUC.html"].decode()


def test_documents_of_plans_assessments_models_outreach_and_observations_come_along(world: World) -> None:
    made = {
        "plan": plan().id, "assessment": assess("2.1", DAY, met=True).id, "support_model": model().id,
        "observation": observations.create(
            actor("supervisor"),
            observations.NewObservation(uuid.uuid4(), board="Ban giám sát", observed_on=DAY, text="Đá dăm mỏng"),
        )[0].id,
        "outreach": outreach.create(
            actor("officer"), outreach.NewOutreach(uuid.uuid4(), held_on=DAY, topic="Vận động hiến đất", people=20)
        )[0].id,
    }  # fmt: skip
    with db.transaction(write=True) as session:
        for table in (Plan, SupportModel):
            session.execute(sa.update(table).values(created_at=datetime(2023, 1, 2, tzinfo=UTC)))
    for number, (kind, id_) in enumerate(made.items()):
        document(
            content=image(size=(40 + number, 30)),
            subject=(kind, id_),
            number=str(number),
            who=actor("leader"),
        )
    whole, _ = taken_out()
    assert [kind for kind, _ in whole.documents] == [kind for kind in unit_dossier.OWNERS if kind in made]
    seen = unit_dossier.overview(actor(), COMMUNE, DAY)
    assert {kind for kind, _ in seen.documents} == set(made)
    before = unit_dossier.overview(actor(), COMMUNE, DAY - timedelta(1))
    assert {kind for kind, _ in before.documents} == {"plan", "support_model"}

"""Steering and follow-up to measure on: a commune's boards, meetings, directives, inspections, outreach, observations."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Final

from app import db
from app.domain import boards, directives, inspections, meetings, observations, outreach, territory
from app.domain.access import Actor
from app.domain.boards import NewAssignment, NewCommittee, NewMember
from app.domain.directives import NewDirective
from app.domain.identity import common
from app.domain.inspections import NewInspection
from app.domain.ledger.entries import Document
from app.domain.meetings import NewMeeting
from app.domain.observations import NewObservation
from app.domain.outreach import NewOutreach
from bench import data, works
from bench.data import YEAR
from bench.measure import Bench, cookie, lists, pages

COMMUNE: Final = "20770@legacy"
BOARDS: Final = 10
MEMBERS: Final = 12
OF_EACH: Final = 120  # meetings, directives, inspections, outreach events, observations
_START: Final = date(YEAR, 1, 5)

LISTS: Final = tuple(
    (f"JSON list of 50 {words}", f"/api/v1/{path}")
    for words, path in (
        ("boards' meetings", f"meetings?unit={COMMUNE}&limit=50"),
        ("directives", f"directives?unit={COMMUNE}&limit=50"),
        ("directives overdue", f"directives?unit={COMMUNE}&overdue=true&limit=50"),
        ("inspections", f"inspections?unit={COMMUNE}&limit=50"),
        ("outreach events", f"outreach-events?unit={COMMUNE}&limit=50"),
        ("observations", f"observations?unit={COMMUNE}&limit=50"),
    )
)


def measure(bench: Bench) -> None:
    """Lists and pages of steering and follow-up, among a hundred works and a year of money."""
    url = bench.fresh("steering")
    data.fill(data.communes("20770"), 30, 5)
    with db.transaction() as session:
        commune, district = (territory.today_or_legacy(session, f"{c}@legacy") for c in ("20770", "512"))
    writer = common.make_actor("bench", "Đo tốc độ", "client:write", commune)
    work = works.fill(common.make_actor("bench", "Đo tốc độ", "accountant", commune))
    board, meeting, inspection, directive = _fill(
        writer, common.make_actor("bench-huyen", "Đo tốc độ", "client:write", district), work
    )
    data.analyse()
    lists(bench, url, LISTS)
    named = [
        ("today's work", "/"), ("boards page", "/committees"), ("a board of 12 members", f"/committees/{board}"),
        ("meetings page", "/meetings"), ("a meeting", f"/meetings/{meeting}"), ("directives page", "/directives"),
        ("a directive", f"/directives/{directive}"), ("inspections page", "/inspections"),
        ("an inspection of 120 demands", f"/inspections/{inspection}"), ("outreach page", "/outreach"),
        ("observations page", "/observations"), ("dossier of a unit", f"/units/{COMMUNE}/dossier"),
    ]  # fmt: skip
    pages(bench, url, cookie(COMMUNE, "bench-cd"), named)


def _fill(writer: Actor, above: Actor, work: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, uuid.UUID]:
    """(a board, a meeting that was held, the inspection with all the demands, one of these)."""
    made = [_board(writer, number) for number in range(BOARDS)]
    for i in range(OF_EACH):
        day = _START + timedelta(days=2 * i)
        meeting = meetings.create(writer, NewMeeting(uuid.uuid4(), made[i % BOARDS], day, title=f"Họp {i}"))[
            0
        ]
        inspection = inspections.create(
            above, NewInspection(uuid.uuid4(), COMMUNE, day, YEAR, f"Kiểm tra đo tốc độ {i}")
        )[0]
        outreach.create(
            writer, NewOutreach(uuid.uuid4(), day, f"Tuyên truyền đo tốc độ {i}", 40, COMMUNE, work_id=work)
        )
        observations.create(
            writer,
            NewObservation(
                uuid.uuid4(), "Ban Giám sát đầu tư của cộng đồng", f"Ý kiến đo tốc độ {i}", day, "work", work,
                answer_due_on=day + timedelta(days=15),
            ),
        )  # fmt: skip
    inspections.hold(above, inspection.id, day)
    given = [
        directives.create(
            above,
            NewDirective(
                uuid.uuid4(), f"Nhiệm vụ đo tốc độ {i}", "inspection", _START + timedelta(days=300 + i), "unit",
                unit_code=COMMUNE, source_id=inspection.id, source_on=day,
            ),
        )[0]
        for i in range(OF_EACH)
    ]  # fmt: skip
    return made[0], meeting.id, inspection.id, given[0].id


def _board(writer: Actor, number: int) -> uuid.UUID:
    members = [
        NewMember(uuid.uuid4(), f"Hồ Văn Tốc {number}.{i}", "member" if i else "head") for i in range(MEMBERS)
    ]
    decision = Document(f"{number + 1}/QĐ-UBND", _START, "UBND xã")
    new = NewCommittee(
        uuid.uuid4(), COMMUNE, "steering", f"Ban đo tốc độ {number}", ("GNBV",), decision, meeting_day=5,
        members=tuple(members),
    )  # fmt: skip
    board = boards.create(writer, new)[0]
    for member in members:
        boards.assign(
            writer, board.id, member.id, NewAssignment(uuid.uuid4(), ("program", "GNBV"), from_on=_START)
        )
    return board.id

"""Outreach events: recorded once with photos, told otherwise, withdrawn; totals are those of the rows."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from app import db
from app.clock import today
from app.domain import outreach
from app.domain.outreach import NewOutreach, OutreachFilter
from app.errors import Fault, Forbidden, IdTaken, Invalid, NotFound, RuleBroken, Stale
from tests.support.book import fails, state
from tests.support.papers import photo_sent
from tests.support.world import World, actor, work

TABLES: Final = ("outreach_events", "documents", "attachments", "audit_rows")
SUPERVISOR: Final = "supervisor"
DAY: Final = date(2023, 5, 12)


def new(**values: Any) -> NewOutreach:
    """An event at Trà Sơn."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "held_on": DAY, "topic": "Vận động hiến đất làm đường", "people": 42,
        "hamlet_code": "20770.01", "place": "Nhà sinh hoạt thôn", "organiser": "Mặt trận xã",
    }  # fmt: skip
    return NewOutreach(**(defaults | values))


def wrong(kind: type[Fault], field: str | None = None, **facts: Any) -> Any:
    return fails(kind, field, of=TABLES, **facts)


def test_an_event_is_recorded_once_with_its_photos(world: World) -> None:
    its, who = work(), actor(SUPERVISOR)
    asked = new(work_id=its.id, program_code="NTM", criterion_number=2, uploads=(photo_sent(who),))
    made, fresh = outreach.create(who, asked)
    assert (fresh, made.hamlet_name, made.work_name, made.people) == (True, "Thôn Trà Sơn", its.name, 42)
    assert (made.program_code, made.criterion_number, made.set_code) == ("NTM", 2, "NTM-XA-2021-2025")
    assert [(d.kind, len(d.files)) for d in made.documents] == [("photo", 1)]
    before = state(*TABLES)
    assert outreach.create(who, asked) == (made, False)
    assert state(*TABLES) == before
    with wrong(IdTaken):
        outreach.create(who, replace(asked, people=43))
    changed = outreach.update(
        who, made.id, 1, {"people": 45, "criterion_number": None, "hamlet_code": None}, (photo_sent(who, 2),)
    )
    assert (changed.people, changed.criterion_number, changed.hamlet_code, changed.work_id) == (
        45, None, None, its.id
    )  # fmt: skip
    assert (changed.version, len(changed.documents)) == (2, 2)
    with wrong(Stale):
        outreach.update(who, made.id, 1, {"people": 46})
    with wrong(Invalid, "reason"):
        outreach.withdraw(who, made.id, " ")
    gone = outreach.withdraw(actor("officer"), made.id, "Ghi nhầm ngày")
    assert gone.withdrawn_at is not None
    assert outreach.withdraw(who, made.id, "Ghi nhầm ngày") == gone
    with wrong(RuleBroken, rule="outreach_withdrawn", asked="withdraw"):
        outreach.withdraw(who, made.id, "Khác")
    with wrong(RuleBroken, rule="outreach_withdrawn", asked="update"):
        outreach.update(who, made.id, 3, {"people": 1})


def test_what_cannot_be_is_named(world: World) -> None:
    who = actor("officer")
    late: dict[str, Any] = {"held_on": today() + timedelta(days=1)}
    for field, values in (
        ("held_on", late),
        ("people", {"people": -1}),
        ("topic", {"topic": " "}),
        ("content", {"content": "x" * 4001}),
    ):
        with wrong(Invalid, field):
            outreach.create(who, new(**values))
    elsewhere = work(actor("officer", "20773@legacy"), owner_unit_code="20773@legacy")
    not_there: tuple[tuple[str, dict[str, Any]], ...] = (
        ("hamlet_code", {"hamlet_code": "20773.01"}),
        ("program_code", {"program_code": "XYZ"}),
        ("work_id", {"work_id": elsewhere.id}),
        ("criterion_number", {"criterion_number": 99}),
        ("unit_code", {"unit_code": "20773@legacy"}),
    )
    for field, values in not_there:
        with wrong(NotFound, field):
            outreach.create(who, new(**values))
    with wrong(RuleBroken, rule="own_outreach", asked="create", held="own"):
        outreach.create(actor("officer", "512@legacy"), new(unit_code="20770@legacy"))
    with wrong(Forbidden):
        outreach.create(actor("inspector"), new())
    made, _ = outreach.create(who, new())
    with wrong(RuleBroken, rule="own_outreach", asked="withdraw"):
        outreach.withdraw(actor("leader", "512@legacy"), made.id, "x")
    with wrong(NotFound):
        outreach.get(actor("officer", "20773@legacy"), made.id)


def test_totals_are_those_of_the_rows(world: World) -> None:
    who, its = actor("officer"), work(name="Đường Trà Huỳnh")
    for people, values in (
        (30, {"held_on": date(2023, 3, 1), "program_code": "DTTS"}),
        (12, {"held_on": date(2023, 4, 1), "work_id": its.id, "hamlet_code": "20770.02"}),
        (0, {"held_on": date(2023, 4, 2), "topic": "Phát thanh", "hamlet_code": None, "criterion_number": 8}),
    ):
        outreach.create(who, new(people=people, **values))
    gone, _ = outreach.create(who, new(people=500))
    outreach.withdraw(who, gone.id, "Ghi hai lần")
    for number, people, asked in (
        (3, 42, {}),
        (3, 42, {"unit": "20770@legacy"}),
        (1, 12, {"unit": "20770.02@legacy"}),
        (2, 12, {"first": date(2023, 4, 1), "last": date(2023, 4, 2)}),
        (1, 30, {"program_code": "DTTS"}),
        (1, 12, {"work_id": its.id}),
        (1, 12, {"q": "tra huynh"}),
        (1, 0, {"q": "phat thanh"}),
        (1, 0, {"criterion_number": 8}),
        (0, 0, {"year": 2022}),
    ):
        wanted = OutreachFilter(withdrawn=False, **asked)
        rows = outreach.events(actor("inspector"), wanted, by_day=True)
        together = outreach.total(actor("inspector"), wanted)
        assert (together.events, together.people) == (len(rows), sum(r.people for r in rows))
        assert (together.events, together.people) == (number, people), asked
    every = outreach.total(who, OutreachFilter())
    assert (every.count, every.events, every.people) == (4, 3, 42)
    # Whoever took the commune over sees its events; a neighbour none.
    assert outreach.total(actor("officer", "20770@2025"), OutreachFilter()).people == 42
    assert outreach.total(actor("officer", "20773@legacy"), OutreachFilter()).count == 0
    with db.snapshot() as session:
        assert outreach.counts(session, who, work_id=its.id) == (1, 12)
        assert outreach.counts(session, who, unit_id=who.unit_id, last=date(2023, 3, 31)) == (1, 30)

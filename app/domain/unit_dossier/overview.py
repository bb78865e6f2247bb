"""What the page of a unit's dossier shows: figures as of a day, what is on record, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import boards, directives, meetings, obstacles
from app.domain.access import Actor, require
from app.domain.criteria.brief import Brief, BriefCounts, brief
from app.domain.ledger import figures
from app.domain.ledger.deadlines import usual_last_days
from app.domain.ledger.pockets import Pockets, total
from app.domain.meetings import Without
from app.domain.territory import UnitView, by_id, resolve
from app.domain.unit_dossier.held import Held, Record, record_of
from app.domain.works import questions
from app.domain.works.questions import Answer
from app.errors import Invalid
from app.i18n import N_

STEERING, MANAGEMENT = boards.COMMITTEE_KINDS


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that an inspection would ask for and that is not there; `what` is one of LACKS, `number` how many."""

    what: str
    number: int = 1
    names: tuple[str, ...] = ()


LACKS: Final = (
    "lines", "criteria", "assessments", "plans", "unready", "steering", "management", "members", "meetings", "minutes",
    "overdue", "conclusion", "files", "plans_below", "steering_below", "management_below",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of a dossier shows."""

    unit: UnitView
    as_of: date
    money: Pockets
    at_risk: int
    programs: tuple[str, ...]  # that have lines in the year
    answers: list[Answer]
    criteria: Brief | BriefCounts | None
    directives: tuple[int, int, int, int]  # standing, overdue, reported, returned
    record: Record
    without: list[Without]
    obstacles: tuple[int, int, int]  # standing, waiting, đồng held back
    illustrative: bool

    @property
    def year(self) -> int:
        return self.as_of.year

    def of(self, what: str) -> list[Held]:
        """The first ones of a kind on record; `number` says how many there are."""
        return [one for one in self.record.held if one.what == what]

    def number(self, what: str) -> int:
        return self.record.numbers[what]

    @property
    def documents(self) -> Mapping[tuple[str, bool], tuple[int, int, int]]:
        return self.record.documents

    @property
    def lacks(self) -> list[Lack]:
        """What is missing, in the order of the dossier."""
        return list(_lacks(self))


def overview(actor: Actor, unit: str | None = None, as_of: date | None = None) -> Overview:
    """What is on record of a unit (default: the actor's own) as of a day (default: today): nine statements.

    NotFound out of scope; Invalid for a day ahead.
    """
    require(actor, "read")
    day = _day(as_of)
    with db.snapshot() as session:
        its = _unit(session, actor, unit, as_of)
        last_days = {kind: last for (kind, _), last in usual_last_days(session, {day.year}).items()}
        rows = figures.overview(session, actor, its, day.year, None if day == today() else day, last_days)
        record = record_of(session, actor, its, day)
        criteria = brief(session, actor, its, day)
        return Overview(
            its, day, total(row.pockets for row in rows), sum(row.at_risk for row in rows),
            tuple(dict.fromkeys(row.program_code for row in rows)),
            questions.counts(session, actor, its.id, day), criteria, directives.counts(session, actor, its.id, day), record,
            meetings.months_without(session, actor, its.id, day), obstacles.counts(session, actor, its.id),
            any(row.illustrative for row in rows) or any(one.illustrative for one in record.held)
            or (criteria is not None and criteria.illustrative),
        )  # fmt: skip


def _day(as_of: date | None) -> date:
    if as_of is not None and as_of > today():
        raise Invalid.field("as_of", N_("Ngày tính đến không được sau hôm nay."))
    return as_of or today()


def _unit(session: Session, actor: Actor, unit: str | None, as_of: date | None) -> UnitView:
    return resolve(session, actor, unit, as_of=as_of) if unit else by_id(session, actor.unit_id)


def _lacks(found: Overview) -> Iterator[Lack]:
    if not found.programs:
        yield Lack("lines")
    if found.criteria is None:
        yield Lack("criteria")
    elif isinstance(found.criteria, Brief) and not any(
        one.state in ("met", "lost") for one in found.criteria.criteria
    ):
        yield Lack("assessments")
    if unplanned := tuple(code for code in found.programs if code not in found.record.planned):
        yield Lack("plans", len(unplanned), unplanned)
    yield from _counted(found, "plans_below", "unready")
    for kind in (STEERING, MANAGEMENT):
        if not found.number(kind):
            yield Lack(kind)
        yield from _counted(found, f"{kind}_below")
    if found.number("empty"):
        yield Lack("members", found.number("empty"), found.record.empty_boards)
    if missed := sum(len(board.months) for board in found.without):
        yield Lack("meetings", missed)
    yield from _counted(found, "minutes")
    if found.directives[1]:
        yield Lack("overdue", found.directives[1])
    yield from _counted(found, "conclusion")
    if without_file := sum(empty for _, empty, _ in found.documents.values()):
        yield Lack("files", without_file)


def _counted(found: Overview, *names: str) -> Iterator[Lack]:
    for name in names:
        if number := found.number(name):
            yield Lack(name, number)

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
from app.domain.unit_dossier.held import Held, held_by
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
    "overdue", "conclusion", "files",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of a dossier shows. `documents`: (kind of thing, whether it names persons) > (documents, without a
    file, bytes)."""

    unit: UnitView
    as_of: date
    money: Pockets
    at_risk: int
    programs: tuple[str, ...]  # that have lines in the year
    works: int
    answers: list[Answer]
    criteria: Brief | BriefCounts | None
    directives: tuple[int, int, int, int]  # standing, overdue, reported, returned
    held: list[Held]
    without: list[Without]
    obstacles: tuple[int, int, int]  # standing, waiting, đồng held back
    documents: Mapping[tuple[str, bool], tuple[int, int, int]]
    illustrative: bool

    @property
    def year(self) -> int:
        return self.as_of.year

    def of(self, what: str) -> list[Held]:
        return [one for one in self.held if one.what == what]

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
        held, number, documents = held_by(session, actor, its, day)
        criteria = brief(session, actor, its, day)
        return Overview(
            its, day, total(row.pockets for row in rows), sum(row.at_risk for row in rows),
            tuple(dict.fromkeys(row.program_code for row in rows)), number,
            questions.counts(session, actor, its.id, day), criteria, directives.counts(session, actor, its.id, day), held,
            meetings.months_without(session, actor, its.id, day), obstacles.counts(session, actor, its.id), documents,
            any(row.illustrative for row in rows) or any(one.illustrative for one in held)
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
    approved = {one.program for one in found.of("plan") if one.state in ("approved", "recognised")}
    if unplanned := tuple(code for code in found.programs if code not in approved):
        yield Lack("plans", len(unplanned), unplanned)
    unready = next((a.works for a in found.answers if a.question == questions.UNREADY), 0)
    if unready:
        yield Lack("unready", unready)
    kinds = {one.state for one in found.of("committee")}
    for kind in (STEERING, MANAGEMENT):
        if kind not in kinds:
            yield Lack(kind)
    if empty := tuple(one.name for one in found.of("committee") if not one.number):
        yield Lack("members", len(empty), empty)
    if missed := sum(len(board.months) for board in found.without):
        yield Lack("meetings", missed)
    unwritten = [
        one for one in found.of("meeting") if one.state == "planned" and one.day and one.day < found.as_of
    ]
    if unwritten:
        yield Lack("minutes", len(unwritten))
    if found.directives[1]:
        yield Lack("overdue", found.directives[1])
    if unconcluded := sum(one.state == "held" for one in found.of("inspection")):
        yield Lack("conclusion", unconcluded)
    if without_file := sum(empty for _, empty, _ in found.documents.values()):
        yield Lack("files", without_file)

"""What waits for one person today, in order of consequence: money, what is late, returned, to approve, due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app import db
from app.clock import local, today
from app.domain import directives, observations, obstacles, plans, support, workflow
from app.domain.access import Actor, require
from app.domain.inspections import waiting as waiting_inspections
from app.domain.inspections.views import HELD
from app.domain.ledger.risky import Lost, soonest_lost
from app.domain.ledger.slips import CHECK, RETURNED, WAITING, WENT, Slip, Together, slips
from app.domain.meetings.months import without
from app.domain.meetings.register import ahead
from app.domain.obstacles import ObstacleView
from app.domain.owed import ASSESSMENTS, GAVE, LATE_WORK, SETTLEMENT, owed

SHOWN: Final = 15  # duties on the page
BESIDE: Final = 5  # rows of each list beside them
SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rank:
    """A kind of consequence. `at_most`: how many of it are on the page, so that one kind does not hide the others."""

    key: str
    at_most: int


# In order of consequence; within a rank what is due, or has waited, the longest comes first.
RANKS: Final = (
    Rank("money", 3),  # lines that lose most for each day that is left to pay out
    Rank("overdue", 5),  # directives, answers to supervision, reports to an inspection: past their day
    Rank("returned", 5),  # their slips, plans, models, directives that were sent back to be mended
    Rank("approve", 5),  # what others wait for: slips, plans, models, reports, answers, settlements …
    Rank("soon", 5),  # directives, tasks, steps due, meetings and inspections in the next days
    Rank("late", 4),  # money, tasks, steps past their day, no minutes, months without a meeting …
    Rank("works", 3),  # works that should be finished
)
MONEY, OVERDUE, BACK, APPROVE, COMING, LATE, WORKS = (rank.key for rank in RANKS)
# Tasks and steps go by their day.
_OWED: Final = {SETTLEMENT: APPROVE, ASSESSMENTS: APPROVE, GAVE: LATE, LATE_WORK: WORKS}
_PLACES: Final = {rank.key: place for place, rank in enumerate(RANKS)}


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: `on` is when it is due, or since when it has waited; `thing` what it is about."""

    rank: str
    on: date
    thing: Any


@dataclass(frozen=True, slots=True)
class Today:
    """`duties` in order of consequence; `numbers` how many there are of each kind on its own page.

    Of one's own slips `waiting` for a checker and those that `went` through. `obstacles` stand in the way, and wait for
    nobody's answer here.
    """

    duties: list[Duty]
    numbers: Counter[str]
    lost: Lost
    to_check: Together
    waiting: list[Slip]
    went: list[Slip]
    obstacles: list[ObstacleView]
    obstacles_number: int

    @property
    def illustrative(self) -> bool:
        things = (*(d.thing for d in self.duties), *self.waiting, *self.went, *self.obstacles)
        return any(thing.illustrative for thing in things)


def work_of(actor: Actor) -> Today:
    """Everything for the first page after logging in: one statement of each kind of thing at most, two of money."""
    require(actor, "read")
    with db.snapshot() as session:
        return _Gathering(session, actor).today()


class _Gathering:
    """The duties of one person while they are looked for."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor, self.day = session, actor, today()
        self.numbers: Counter[str] = Counter()

    def today(self) -> Today:
        lost = soonest_lost(self.session, self.actor, RANKS[0].at_most)
        own, groups = slips(self.session, self.actor, BESIDE)
        mine_first = self.actor.may("obstacle.answer")
        hindrances, standing, owed = obstacles.most_pressing(
            self.session, self.actor, 2 * BESIDE, mine_first=mine_first
        )
        asked = [o for o in hindrances if mine_first and o.mine]
        self.numbers.update(
            lines=lost.number, slips=sum(groups[g].number for g in (CHECK, RETURNED) if g in groups),
            obstacles=owed if mine_first else 0,
        )  # fmt: skip
        found = [
            *self._lines(lost),
            *self._slips(own),
            *(Duty(APPROVE, o.escalated_on or o.raised_on, o) for o in asked),
            *self._directives(),
            *self._appraised(),
            *self._meetings(),
            *self._inspections(),
            *self._observations(),
            *self._owed(),
        ]
        return Today(
            _first(found), self.numbers, lost, groups.get(CHECK, Together(0, 0)),
            [s for s in own if s.group == WAITING], [s for s in own if s.group == WENT],
            [o for o in hindrances if o not in asked][:BESIDE], standing - self.numbers["obstacles"],
        )  # fmt: skip

    def _lines(self, lost: Lost) -> Iterator[Duty]:
        for line in lost.lines:
            if line.last_day is not None and line.last_day < self.day:
                yield Duty(LATE, line.last_day, line)
            else:
                yield Duty(MONEY, date.min, line)  # they come in their own order

    def _slips(self, own: Iterable[Slip]) -> Iterator[Duty]:
        ranks = {CHECK: APPROVE, RETURNED: BACK}
        for slip in own:
            if slip.group in ranks:
                yield Duty(ranks[slip.group], local(slip.at).date(), slip)

    def _directives(self) -> Iterator[Duty]:
        found, groups = directives.first_waiting(self.session, self.actor, BESIDE, soon=self.day + SOON)
        self.numbers["directives"] = sum(groups.values())
        for d in found:
            if d.state == "reported":
                yield Duty(APPROVE, local(d.updated_at).date(), d)
            elif d.overdue:
                yield Duty(OVERDUE, d.due_on, d)
            elif d.state == "returned":
                yield Duty(BACK, d.due_on, d)
            elif d.due_on <= self.day + SOON:
                yield Duty(COMING, d.due_on, d)

    def _appraised(self) -> Iterator[Duty]:
        rows = (plans.waiting_rows(self.actor), support.waiting_rows(self.actor))
        found, numbers = workflow.first_waiting(self.session, BESIDE, *rows)
        for (subject, _), number in numbers.items():
            self.numbers[subject] += number
        for thing in found:
            rank = APPROVE if thing.mine or thing.state != "returned" else BACK
            yield Duty(rank, local(thing.since).date(), thing)

    def _meetings(self) -> Iterator[Duty]:
        found = ahead(self.session, self.actor, 2 * BESIDE, on=self.day, until=self.day + SOON)
        self.numbers["meetings"] += len(found)
        for meeting in found:
            yield Duty(LATE if meeting.date < self.day else COMING, meeting.date, meeting)
        if self.actor.may("meeting.edit"):
            boards, number = without(self.session, self.actor, self.actor.unit_id, self.day)
            self.numbers["meetings"] += number
            for board in boards[:BESIDE]:
                yield Duty(LATE, board.months[0], board)

    def _inspections(self) -> Iterator[Duty]:
        found, number = waiting_inspections(self.session, self.actor, BESIDE)
        self.numbers["inspections"] = number
        for inspection in found:
            day = inspection.day or date.max
            if inspection.inspecting and inspection.state == HELD:
                yield Duty(LATE, day, inspection)
            else:
                yield Duty(OVERDUE if day < self.day else COMING, day, inspection)

    def _observations(self) -> Iterator[Duty]:
        found, number = observations.waiting(self.session, self.actor, 2 * BESIDE)
        self.numbers["observations"] = number
        for o in found:
            if o.state == "answered":
                yield Duty(APPROVE, o.answered_on or o.observed_on, o)
            else:
                late = o.answer_due_on is not None and o.answer_due_on < self.day
                yield Duty(OVERDUE if late else APPROVE, o.answer_due_on or o.observed_on, o)

    def _owed(self) -> Iterator[Duty]:
        for one in owed(self.session, self.actor, BESIDE, soon=self.day + SOON):
            self.numbers[one.kind] = one.number
            rank = _OWED.get(one.kind, LATE if one.on < self.day else COMING)
            yield Duty(rank, one.on, one)


def _first(found: Iterable[Duty]) -> list[Duty]:
    """The duties that the page shows, by rank and then the oldest first."""
    room = {rank.key: rank.at_most for rank in RANKS}
    shown: list[Duty] = []
    for duty in sorted(found, key=lambda d: (_PLACES[d.rank], d.on)):
        if room[duty.rank] and len(shown) < SHOWN:
            room[duty.rank] -= 1
            shown.append(duty)
    return shown

"""What nobody is in charge of, who left with something still lying there, and which board has no head."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.boards.subjects import Thing, things
from app.domain.boards.views import CommitteeView, Key, MemberView
from app.domain.directives.views import OPEN, REPORTED, RETURNED
from app.models.steering import Directive


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of a unit's boards on a day.

    `programs`: of each board, those without anybody on it. `nobody`: running works, criteria to be reached, hamlets and
    tasks of approved plans that no member of any of its boards answers for. `left`: members who left with assignments
    still open, or with directives that are not accepted yet, of which `directives` has the number by member.
    """

    headless: list[CommitteeView]
    programs: list[tuple[CommitteeView, Thing]]
    nobody: list[Thing]
    left: list[tuple[CommitteeView, MemberView]]
    directives: Mapping[uuid.UUID, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return len(self.headless) + len(self.programs) + len(self.nobody) + len(self.left)

    def of(self, board: CommitteeView) -> Gaps:
        """Those that this board can close."""
        return replace(
            self,
            headless=[other for other in self.headless if other.id == board.id],
            programs=[(other, thing) for other, thing in self.programs if other.id == board.id],
            left=[(other, member) for other, member in self.left if other.id == board.id],
        )


def in_charge_of(
    boards: Sequence[CommitteeView], day: date
) -> dict[Key, list[tuple[CommitteeView, MemberView]]]:
    """Who on these boards answers for what on a day."""
    found: dict[Key, list[tuple[CommitteeView, MemberView]]] = {}
    for board in boards:
        for member in board.in_term(day) if board.stands(day) else ():
            for assignment in member.assignments:
                if assignment.stands(day):
                    found.setdefault(assignment.subject, []).append((board, member))
    return found


def gaps_of(session: Session, boards: Sequence[CommitteeView], day: date) -> tuple[Gaps, list[Thing]]:
    """(the gaps of one unit's boards on a day, all that there is to answer for): three statements."""
    standing = [board for board in boards if board.stands(day)]
    if not standing:
        return Gaps([], [], [], []), []
    programs = sorted({code for board in standing for code in board.programs})
    all_things = things(session, standing[0], programs, day)
    charged = in_charge_of(standing, day)
    by_code = {thing.key: thing for thing in all_things if thing.kind == "program"}
    gone = [(b, m) for b in standing for m in b.members if m.to_on is not None and m.to_on < day]
    owing = _owing(session, [m.id for _, m in gone])
    gaps = Gaps(
        [board for board in standing if board.head(day) is None],
        [
            (board, by_code[code])
            for board in standing
            for code in board.programs
            if code in by_code and not any(b.id == board.id for b, _ in charged.get(("program", code), ()))
        ],
        [
            thing
            for thing in all_things
            if thing.needed and thing.kind != "program" and thing.subject not in charged
        ],
        [(b, m) for b, m in gone if m.open or m.id in owing],
        owing,
    )
    return gaps, all_things


def _owing(session: Session, members: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many directives each of these members still has to do."""
    if not members:
        return {}
    query = (
        sa.select(Directive.member_id, sa.func.count())
        .where(Directive.member_id.in_(members), Directive.state.in_((OPEN, REPORTED, RETURNED)))
        .group_by(Directive.member_id)
    )
    rows = session.execute(query)
    return {member_id: number for member_id, number in rows if member_id is not None}

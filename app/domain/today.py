"""What waits for one person today: to check, to mend, to pay out in time, to push on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app import db
from app.clock import today, utcnow
from app.domain.access import Actor, require
from app.domain.ledger.lines import years_under
from app.domain.ledger.risky import RiskyLine
from app.domain.ledger.risky import risky as risky_lines
from app.domain.ledger.views import EntryFilter, ListedEntry, entries
from app.domain.obstacles import ObstacleView
from app.domain.obstacles import most_pressing as pressing_obstacles
from app.domain.plans import PlanView
from app.domain.plans import waiting as waiting_plans
from app.domain.territory import by_id
from app.domain.works import WorkView, most_pressing

SHOWN: Final = 5
REJECTED_FOR: Final = timedelta(days=30)  # how long a returned proposal stays on its maker's page
POSTED_FOR: Final = timedelta(days=7)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Today:
    """`to_check` by others, oldest first; of one's own: what was returned, what waits, what went through."""

    to_check: list[ListedEntry]
    returned: list[ListedEntry]
    waiting: list[ListedEntry]
    went_through: list[ListedEntry]
    year: int | None
    risky: list[RiskyLine]
    risky_number: int
    risky_sum: int
    late_works: list[WorkView]
    late_number: int
    obstacles: list[ObstacleView]  # first those that wait for this person's answer
    obstacles_number: int
    to_answer: int
    plans: list[
        PlanView
    ]  # first those that wait for a move of this person's, then those returned to their unit
    plans_number: int


def work_of(actor: Actor) -> Today:
    """Everything for the first page after logging in."""
    require(actor, "read")
    to_check = []
    if actor.may("ledger.post"):
        proposed = entries(actor, EntryFilter(status="proposed"), limit=MOST)
        to_check = [p for p in proposed if p.entry.recorded_by != actor.ref]
    with db.snapshot() as session:
        years = years_under(session, actor, actor.unit_id)
        risky, number, amount = (
            risky_lines(session, actor, actor.unit_id, years[0], SHOWN) if years else ([], 0, 0)
        )
        late, late_number = most_pressing(
            session, actor, by_id(session, actor.unit_id), SHOWN, on=today(), late_only=True
        )
        obstacles, obstacles_number, owed = pressing_obstacles(
            session, actor, SHOWN, mine_first=actor.may("obstacle.answer")
        )
        plans, plans_number = waiting_plans(session, actor, SHOWN)
    return Today(
        to_check, _own(actor, "rejected", REJECTED_FOR), _own(actor, "proposed"),
        [e for e in _own(actor, "posted", POSTED_FOR) if e.entry.posted_by != actor.ref],
        years[0] if years else None, risky, number, amount, late, late_number,
        obstacles, obstacles_number, owed if actor.may("obstacle.answer") else 0,
        plans, plans_number,
    )  # fmt: skip


def _own(actor: Actor, status: str, within: timedelta | None = None) -> list[ListedEntry]:
    """One's own entries of a status, the latest decided first."""
    if not actor.may("ledger.propose"):
        return []
    since: datetime | None = utcnow() - within if within else None
    wanted = EntryFilter(status=status, recorded_by=actor.ref, updated_since=since)
    return sorted(entries(actor, wanted, limit=MOST), key=lambda e: e.changed_at, reverse=True)

"""Who keeps a thing and who stands above: what a unit keeps, those above it read and do not write."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.access import Actor
from app.domain.territory import LEGACY, LEVELS
from app.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Own:
    """The rule, and its words, by which things of one kind are kept by their own unit and read by those above."""

    rule: str
    message: str


def is_above(actor: Actor, level: str) -> bool:
    """Whether an actor stands above a unit of that level, which lies in their scope.

    A hamlet has no office of its own: what is its is kept by its commune.
    """
    kept_at = "commune" if level == "hamlet" else level
    return LEVELS.index(actor.level) > LEVELS.index(kept_at)


def refuse_above(actor: Actor, own: Own, level: str, asked: str) -> None:
    """RuleBroken the rule of `own` for who stands above the unit that keeps a thing, whose `level` is given."""
    if is_above(actor, level):
        raise RuleBroken(own.rule, own.message, asked=asked, held="own")


def directly_below(actor: Actor) -> tuple[str, ...]:
    """Levels from which it goes straight to that of the actor; there are no districts under two tiers, yet theirs
    that were left behind go on."""
    rank = LEVELS.index(actor.level)
    skips = actor.structure != LEGACY and actor.level == "province"
    return LEVELS[max(rank - (2 if skips else 1), 0) : rank]

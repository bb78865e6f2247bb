"""The pocket table: what each kind of entry moves. Pure; the whole arithmetic of the ledger is here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

OUTSIDE: Final = None
POCKETS: Final = ("available", "advanced", "paid", "settled")

# kind: (pockets it may leave, the pocket it enters, the sum beside the pockets that it changes, with its sign)
# The first pocket to leave is the default; None is the outside world.
KINDS: Final[dict[str, tuple[tuple[str | None, ...], str | None, tuple[str, int] | None]]] = {
    "allocate": ((OUTSIDE,), "available", ("allocated", +1)),
    "withdraw": (("available",), OUTSIDE, ("allocated", -1)),
    "carry_over": (("available", "advanced"), OUTSIDE, ("carried_out", +1)),  # the other line: carried_in
    "lapse": (("available",), OUTSIDE, ("lapsed", +1)),
    "advance": (("available",), "advanced", None),
    "recover": (("advanced",), "paid", None),
    "pay": (("available",), "paid", None),
    "refund": (("paid", "advanced"), "available", None),
    "settle": (("paid",), "settled", None),
}
# Kinds that pay out, which a line's last day ends.
PAYING_OUT: Final = frozenset({"advance", "pay"})
# Kinds that change what is disbursed or how it stands towards a contractor.
ON_CONTRACT: Final = frozenset({"advance", "recover", "pay", "refund"})


@dataclass(frozen=True, slots=True)
class Pockets:
    """A line's money in đồng: four pockets, and the four sums that explain them."""

    available: int = 0
    advanced: int = 0
    paid: int = 0
    settled: int = 0
    allocated: int = 0
    carried_in: int = 0
    carried_out: int = 0
    lapsed: int = 0

    @property
    def plan(self) -> int:
        """Kế hoạch: what was given and not withdrawn, carried money included; losing money keeps it."""
        return self.allocated + self.carried_in

    @property
    def disbursed(self) -> int:
        """Giải ngân."""
        return self.advanced + self.paid + self.settled

    def __add__(self, other: Pockets) -> Pockets:
        return Pockets(*(getattr(self, f) + getattr(other, f) for f in FIELDS))

    def first_negative(self) -> str | None:
        """The pocket below zero, if any. `allocated` is net and may be: money carried in can be withdrawn."""
        return next((f for f in FIELDS if f != "allocated" and getattr(self, f) < 0), None)


FIELDS: Final = tuple(f.name for f in fields(Pockets))
EMPTY: Final = Pockets()


def leaves(kind: str, from_pocket: str | None) -> str | None:
    """The pocket that an entry of this kind leaves; raises KeyError for one that it may not."""
    allowed = KINDS[kind][0]
    if from_pocket is None:
        return allowed[0]
    if from_pocket not in allowed:
        raise KeyError(from_pocket)
    return from_pocket


def effect(kind: str, from_pocket: str | None, amount: int) -> Pockets:
    """What an entry does to its own line; a reversal is the same with a negative amount."""
    _, entering, beside = KINDS[kind]
    change: dict[str, int] = {}
    if from_pocket is not OUTSIDE:
        change[from_pocket] = -amount
    if entering is not OUTSIDE:
        change[entering] = amount
    if beside is not None:
        change[beside[0]] = beside[1] * amount
    return Pockets(**change)


def carried_effect(from_pocket: str, amount: int) -> Pockets:
    """What a carry_over does to the line that it goes to: the same pocket, one year on."""
    return Pockets(**{from_pocket: amount, "carried_in": amount})


def total(parts: Iterable[Pockets]) -> Pockets:
    result = EMPTY
    for part in parts:
        result = result + part
    return result

"""What the rows of a table would do, before it is done: rows are new, changed, as they stand, or faulty."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

NEW, CHANGED, UNCHANGED, BAD = "new", "changed", "unchanged", "bad"


class PlannedRow(Protocol):
    @property
    def state(self) -> str: ...


Row = TypeVar("Row", bound=PlannedRow)


class Planned(Generic[Row]):
    """What a preview of a table has in common with others: its `rows`, counted by what they would do."""

    __slots__ = ()
    rows: tuple[Row, ...]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.state == BAD]

    @property
    def writes(self) -> int:
        """How many rows would be written."""
        return self.count(NEW) + self.count(CHANGED)

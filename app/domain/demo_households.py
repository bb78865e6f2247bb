"""The demonstration's households: invented people of two hamlets, what they counted as in two years, one put down twice."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.domain import households
from app.domain.access import Actor
from app.domain.demo_base import COMMUNE, day, id_of, rows
from app.domain.households import NewHousehold, NewStatus
from app.domain.households.rows import members_in
from app.domain.ledger.entries import Document

# The chair's decision behind the statuses of a year, after the review of the autumn before.
_DECISIONS: Final = {
    2022: Document("118/QĐ-UBND-MH", date(2021, 12, 15), "UBND xã Sông Trà"),
    2023: Document("126/QĐ-UBND-MH", date(2022, 12, 16), "UBND xã Sông Trà"),
}


def load_households(officer: Actor) -> None:
    """Record each household that is missing, without numbers of papers or phones: nobody has such a number."""
    for row in rows("households"):
        households.create(officer, _household(row), illustrative=True)


def _household(row: dict[str, str]) -> NewHousehold:
    return NewHousehold(
        id=id_of("folk", row["code"]), unit_code=COMMUNE, code=row["code"], head_name=row["head_name"],
        hamlet_code=row["hamlet"], birth_year=int(row["birth_year"]), ethnicity=row["ethnicity"],
        members=members_in(row["members"]), joined_on=day(row["joined_on"]), left_on=day(row["left_on"]),
        left_reason=row["left_reason"], note=row["note"],
        statuses=tuple(
            NewStatus(year, row[f"y{year}"], decision)
            for year, decision in _DECISIONS.items()
            if row[f"y{year}"]
        ),
    )  # fmt: skip

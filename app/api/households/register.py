"""/api/v1/households: the register, yearly statuses, merging; /reports/household-flow: how statuses moved."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import Response

from app.api import examples_households as examples
from app.api.households.shapes import (
    FlowQuery,
    Household,
    HouseholdChange,
    HouseholdFlow,
    HouseholdsQuery,
    HouseholdWhole,
    Merge,
    NewHousehold,
    StatusBody,
    event,
    household,
    moves,
)
from app.api.operations import (
    acts,
    after,
    by_moment,
    changes,
    creates,
    current_as,
    lists,
    paged,
    shows,
)
from app.api.security import api_router
from app.domain import households
from app.domain.access import Actor
from app.domain.households import (
    HouseholdFilter,
)
from app.web.answers import Version, answer, created, etag
from app.web.schema import FIRST_YEAR, LAST_YEAR, ClientId

router = api_router("households")
_ORDER = by_moment("households")
_API = "api"


def _stored(given: dict[str, Any]) -> dict[str, Any]:
    """A body by the domain's names and types."""
    lists_ = ("members", "statuses")
    return {
        name: tuple(item.entered() for item in value) if name in lists_ else value
        for name, value in given.items()
    }


@router.get(
    "/households", **lists(Household, examples.HOUSEHOLD), summary="Các hộ dân · households of the register"
)
def list_households(actor: Actor, query: Annotated[HouseholdsQuery, Query()]) -> Response:
    """Households in the order in which they changed last, merged ones among them. `status` needs `year`. Each answer
    with unmasked names is put on record.
    """
    wanted = HouseholdFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = households.households(
        actor, wanted, purpose=_API, after=after(_ORDER, query), limit=query.limit + 1, shown=query.limit
    )
    return paged(found, query, household, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/households/{id}",
    **shows(HouseholdWhole, examples.HOUSEHOLD_WHOLE, etag=True),
    summary="Một hộ dân · one household",
)
def get_household(actor: Actor, id: ClientId) -> Response:
    """A household with its history. A client that was admitted to personal data is given the identity number and the
    phone here alone, on record under a purpose of its own.
    """
    found = households.get(actor, id, purpose=_API)
    numbers = households.numbers(actor, id) if actor.sees_people else None
    whole: HouseholdWhole = {
        **household(found),
        "identity_number": numbers.identity_number if numbers else None,
        "phone": numbers.phone if numbers else None,
        "events": [event(e) for e in households.history(actor, id)],
    }
    return answer(whole, etag=etag(found.version))


@router.post(
    "/households",
    **creates(Household, examples.NEW_HOUSEHOLD, examples.HOUSEHOLD, etag=True),
    summary="Ghi hộ dân · record a household",
)
def create_household(actor: Actor, body: NewHousehold) -> Response:
    """With the statuses of years that are known. A number without a key to seal it is refused (`no_personal_key`);
    numbers are never part of this answer.
    """
    made, fresh = households.create(actor, households.NewHousehold(**_stored(dict(body))))
    location = f"/api/v1/households/{made.id}"
    return created(household(made), new=fresh, etag=etag(made.version), location=location)


@router.patch(
    "/households/{id}",
    **changes(Household, examples.HOUSEHOLD_CHANGE, examples.HOUSEHOLD | examples.HOUSEHOLD_CHANGE),
    summary="Sửa hộ dân · change a household",
)
def change_household(actor: Actor, id: ClientId, body: HouseholdChange, version: Version) -> Response:
    """`members` takes the place of all that stand. A household that was merged is changed no more
    (`household_merged`).
    """
    with current_as(household):
        changed = households.update(actor, id, version, _stored(body.sent()))
    return answer(household(changed), etag=etag(changed.version))


@router.put(
    "/households/{id}/statuses/{year}",
    **acts(Household, examples.HOUSEHOLD, examples.STATUS),
    summary="Xếp diện hộ trong năm · set a year's status",
)
def set_household_status(
    actor: Actor, id: ClientId, year: Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)], body: StatusBody
) -> Response:
    """Takes the place of the year's status; what it was stays in the history. The same again changes nothing. 409
    `household_left` for a year after it left.
    """
    return answer(household(households.set_status(actor, id, body.of(year))))


@router.post(
    "/households/{id}/merge",
    **acts(Household, examples.KEPT, examples.MERGE),
    summary="Gộp vào hộ khác · merge into another household",
)
def merge_household(actor: Actor, id: ClientId, body: Merge) -> Response:
    """Of one that stands twice, `into` is kept and answered: statuses of years in which it has none and all support go
    to it. 409 `merge_conflict` where both are members of one support model. Sent again it changes nothing.
    """
    return answer(household(households.merge(actor, id, body.into)))


@router.get(
    "/reports/household-flow",
    **shows(HouseholdFlow, examples.FLOW),
    summary="Biến động diện hộ giữa hai năm · how statuses moved",
)
def report_household_flow(actor: Actor, query: Annotated[FlowQuery, Query()]) -> Response:
    """From the year before to `year`, by hamlet, or by commune for units above one. Merged households count once."""
    found = households.flow(actor, query.unit, query.year)
    report: HouseholdFlow = {
        "unit": found.unit.code, "unit_structure": found.unit.structure, "unit_name": found.unit.name,
        "year": found.year,
        "places": [
            {"code": p.code, "structure": p.structure, "name": p.name, **moves(p.moves)} for p in found.places
        ],
        "total": moves(found.total),
    }  # fmt: skip
    return answer(report)

"""Households that stand twice: found, merged with what hangs on them, and never lost from the record."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today, utcnow
from app.domain import audit, households
from app.domain.households import MemberView, NewStatus
from app.errors import Invalid, NotFound
from app.models.programs import Project
from app.models.support import Delivery, SupportInput, SupportMember, SupportModel, Visit
from tests.support.book import fails, refused
from tests.support.folk import household, of_years
from tests.support.world import World, actor


def pairs() -> list[set[str]]:
    found = households.duplicates(actor("officer"), "20770@legacy", purpose="page")
    return [{a.code, b.code} for a, b in found]


def test_households_that_look_like_one_are_found(world: World) -> None:
    first = household(head_name="Hồ Văn Minh", code="A")
    household(head_name="HO VAN  MINH", code="B")
    household(head_name="Hồ Văn Minh", code="C", birth_year=1981)
    household(head_name="Hồ Văn Minh", code="D", hamlet_code="20770.02")
    household(head_name="Hồ Văn Minh", code="E", left_on=date(2023, 5, 1), left_reason="x")
    household(actor("officer", "20773@legacy"), unit_code="20773@legacy", hamlet_code=None, code="F")
    for code in "GH":
        household(head_name="Hồ Thị Lan", code=code, birth_year=None)
    assert pairs() == [{"A", "B"}, {"G", "H"}]
    assert [h.code for h in households.whole(actor("officer"), first.id, purpose="page").alike] == ["B"]


def test_merging_keeps_one_and_moves_what_hangs_on_the_other(world: World) -> None:
    kept = household(statuses=of_years(y2023="poor"))
    other = household(
        statuses=of_years(y2022="poor", y2023="near_poor"), members=(MemberView("Hồ Thị Lan", 1985, "vợ"),)
    )
    into = households.merge(actor("officer"), other.id, kept.id)
    assert into.id == kept.id
    assert [(s.year, s.status) for s in into.statuses] == [(2022, "poor"), (2023, "poor")]
    assert [m.name for m in into.members] == ["Hồ Thị Lan"], "the kept one had none"
    gone = households.get(actor("officer"), other.id, purpose="page")
    assert (gone.merged_into_id, gone.left_on) == (kept.id, today())
    assert [(s.year, s.status) for s in gone.statuses] == [(2023, "near_poor")], "what it was stays on record"
    for of, what, about in ((other, "merged", kept), (kept, "took_over", other)):
        [event] = households.history(actor("officer"), of.id)
        assert (event.what, event.other_id, event.other_code) == (what, about.id, about.code)
    assert households.merge(actor("officer"), other.id, kept.id) == into, "sent again"
    assert audit.history(actor("inspector"))[0].facts == {"into": str(kept.id)}
    with refused("household_merged", held=str(kept.id)):
        households.update(actor("officer"), other.id, gone.version, {"note": "x"})
    with refused("household_merged"):
        households.set_status(actor("officer"), other.id, NewStatus(2024, "poor"))
    third = household()
    for a, b in ((other, third), (third, other)):
        with refused("household_merged"):
            households.merge(actor("officer"), a.id, b.id)
    households.merge(actor("officer"), kept.id, third.id)
    assert households.get(actor("officer"), other.id, purpose="page").merged_into_id == third.id


def test_only_two_households_of_one_commune_are_merged(world: World) -> None:
    made = household()
    with fails(Invalid, "into"):
        households.merge(actor("officer"), made.id, made.id)
    with fails(NotFound, "into"):
        households.merge(actor("officer"), made.id, uuid.uuid4())
    elsewhere = household(actor("officer", "20773@legacy"), unit_code="20773@legacy", hamlet_code=None)
    with fails(NotFound, "into"):
        households.merge(actor("officer"), made.id, elsewhere.id)
    with fails(Invalid, "into"):
        households.merge(actor("officer", "20770@2025"), made.id, elsewhere.id)


def model(*members: uuid.UUID, head: uuid.UUID | None = None) -> uuid.UUID:
    """A support model with these members, each of whom received something and was visited."""
    ids = {"id": uuid.uuid4(), "body_hash": "", "created_at": utcnow(), "created_by": "x"}
    given = uuid.uuid4()
    with db.transaction(write=True) as session:
        project = session.execute(sa.select(Project.id).where(Project.code == "GNBV.2")).scalar_one()
        values: dict[str, Any] = {
            **ids, "unit_id": actor().unit_id, "project_id": project, "name": "Nuôi bò", "year": 2023,
            "head_id": head, "search": "", "updated_at": utcnow(),
        }  # fmt: skip
        session.execute(sa.insert(SupportModel).values(values))
        what = {
            "id": given,
            "model_id": ids["id"],
            "position": 0,
            "kind": "Bò",
            "measure": "con",
            "unit_price": 1,
        }
        session.execute(
            sa.insert(SupportInput).values(**what, quantity=Decimal(9), delivered=Decimal(0))
        )  # fmt: skip
        for at, member in enumerate(members):
            of = {"model_id": ids["id"], "household_id": member}
            session.execute(sa.insert(SupportMember).values(**of, position=at))
            each = {**of, **ids}
            day = date(2023, 5, 1)
            session.execute(
                sa.insert(Delivery).values(
                    **each | {"id": uuid.uuid4()}, input_id=given, delivered_on=day, quantity=Decimal(1)
                )
            )
            session.execute(sa.insert(Visit).values(**each | {"id": uuid.uuid4()}, visited_on=day, alive=1))
    return uuid.UUID(str(ids["id"]))


def test_support_goes_with_the_household(world: World) -> None:
    kept, other = household(), household()
    model(other.id, head=other.id)
    households.merge(actor("officer"), other.id, kept.id)
    with db.transaction() as session:
        for column in (
            SupportMember.household_id,
            Delivery.household_id,
            Visit.household_id,
            SupportModel.head_id,
        ):
            assert session.execute(sa.select(column)).scalars().all() == [kept.id]
    data = households.own_data(actor("officer"), kept.id)
    assert [(m.model, m.year) for m in data.memberships] == [("Nuôi bò", 2023)]
    assert [(r.kind, r.quantity, r.measure, r.withdrawn) for r in data.received] == [
        ("Bò", Decimal(1), "con", False)
    ]
    assert [(v.alive, v.dead) for v in data.visits] == [(1, 0)]


@pytest.mark.parametrize("way", [1, -1])
def test_two_members_of_one_model_are_not_merged(world: World, way: int) -> None:
    both = [household(), household()]
    made = model(*(h.id for h in both))
    other, kept = both[::way]
    with refused("merge_conflict", held=str(made), model="Nuôi bò"):
        households.merge(actor("officer"), other.id, kept.id)

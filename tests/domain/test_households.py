"""Households: recorded, changed, classed by year, reviewed by hamlet, merged; names and numbers for whom they are meant."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.clock import today
from app.domain import audit, households, personal_history
from app.domain.access import Actor
from app.domain.households import MemberView, NewHousehold, NewStatus, Reviewed
from app.domain.ledger.entries import Document
from app.domain.personal_history import ViewFilter
from app.errors import Conflict, Forbidden, IdTaken, Invalid, NotFound, Stale
from app.models.identity import ROLES
from tests.support.book import fails, refused, state
from tests.support.folk import DECISION, MASKED, NAME, found, household, of_years
from tests.support.land import views
from tests.support.world import World, actor

FOLK = ("households", "household_members", "household_statuses", "household_events", "audit_rows")
WIFE = MemberView("Hồ Thị Lan", 1985, "vợ")
SEES = {"officer", "accountant", "leader", "inspector"}


def system(personal_data: bool) -> Actor:
    return replace(actor("client:write"), personal_data=personal_data)


def test_a_household_is_recorded_once_with_its_members_and_statuses(world: World) -> None:
    new = NewHousehold(
        uuid.uuid4(), "20770@legacy", NAME, "20770.01", None, 1980, "Ca Dong", (WIFE,), note="ở nương",
        joined_on=date(2020, 1, 5), statuses=(NewStatus(2023, "poor", DECISION), NewStatus(2022, "near_poor")),
    )  # fmt: skip
    made, fresh = households.create(actor("officer"), new)
    assert (fresh, made.code, made.unit_code, made.hamlet_name) == (True, "01.001", "20770", "Thôn Trà Sơn")
    assert (made.head_name, made.members, made.ethnicity) == (NAME, (WIFE,), "Ca Dong")
    assert [(s.year, s.status, s.decision) for s in made.statuses] == [
        (2022, "near_poor", None), (2023, "poor", DECISION),
    ]  # fmt: skip
    assert households.create(actor("officer"), new) == (made, False)
    with pytest.raises(IdTaken):
        households.create(actor("officer"), replace(new, note="khác"))
    told = audit.history(actor("inspector"), subject_kind="household")
    assert [(row.action, row.facts) for row in told] == [
        (
            "household.create",
            {"code": "01.001", "hamlet_code": "20770.01", "joined_on": "2020-01-05", "left_on": None, "years": [2023, 2022]},
        )
    ]  # fmt: skip
    assert NAME not in str(told)


def test_codes_are_the_hamlets_next_numbers_and_stand_once(world: World) -> None:
    codes = [household().code, household(code="01.007").code, household().code]
    codes += [household(hamlet_code="20770.02").code, household(hamlet_code=None).code]
    assert codes == ["01.001", "01.007", "01.008", "02.001", "00.001"]
    with fails(Conflict):
        household(code="01.007")
    [first, *_] = found()
    with fails(Conflict):
        households.update(actor("officer"), first.id, 1, {"code": "01.007"})


BAD: list[tuple[dict[str, Any], str]] = [
    ({"head_name": " "}, "head_name"),
    ({"head_name": MASKED}, "head_name"),
    ({"birth_year": 1899}, "birth_year"),
    ({"birth_year": today().year + 1}, "birth_year"),
    ({"members": (MemberView(""),)}, "members.0.name"),
    ({"members": (WIFE, MemberView("x", 3))}, "members.1.birth_year"),
    ({"members": (WIFE,) * 31}, "members"),
    ({"identity_number": "12345678"}, "identity_number"),
    ({"identity_number": "0123456789a"}, "identity_number"),
    ({"phone": "090512345"}, "phone"),
    ({"phone": "٠٩٠٥١٢٣٤٥٦"}, "phone"),
    ({"left_on": date(2023, 5, 1)}, "left_reason"),
    ({"left_reason": "chuyển đi"}, "left_on"),
    ({"joined_on": date(2999, 1, 1)}, "joined_on"),
    ({"joined_on": date(2023, 6, 1), "left_on": date(2023, 5, 1), "left_reason": "x"}, "left_on"),
    ({"code": " "}, "code"),
    ({"statuses": of_years(y2023="rich")}, "statuses.0.status"),
    ({"statuses": of_years(y1990="poor")}, "statuses.0.year"),
    ({"statuses": (NewStatus(2023, "poor"), NewStatus(2023, "other"))}, "statuses"),
    ({"statuses": (NewStatus(2023, "poor", Document("1", date(2999, 1, 1), "x")),)}, "statuses.0.decision.date"),
    ({"unit_code": "512@legacy"}, "unit_code"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "field"), BAD)
def test_what_no_household_has_is_refused_by_field(world: World, values: dict[str, Any], field: str) -> None:
    with fails(Invalid, field):
        household(actor("officer", "512@legacy"), **values)


def test_places_that_are_not_there_are_named(world: World) -> None:
    with fails(NotFound, "hamlet_code"):
        household(hamlet_code="20770.99")
    with fails(NotFound, "unit_code"):
        household(unit_code="00001@legacy")
    made = household()
    for who in (actor("officer", "20773@legacy"), actor("officer", "00097@2025")):
        for call in (
            lambda w: households.get(w, made.id, purpose="page"),
            lambda w: households.update(w, made.id, 1, {"note": "x"}),
            lambda w: households.set_status(w, made.id, NewStatus(2023, "other")),
            lambda w: households.numbers(w, made.id),
            lambda w: households.own_data(w, made.id),
        ):
            with fails(NotFound):
                call(who)
        assert found(who) == []
    assert [h.id for h in found(actor("officer", "20770@2025"))] == [made.id], "what took the commune over"


def test_a_change_is_made_once_under_its_version(world: World) -> None:
    made = household(members=(WIFE,))
    changed = households.update(
        actor("officer"), made.id, 1, {"hamlet_code": "20770.02", "members": (), "head_name": "Hồ Văn Tư"}
    )
    assert (changed.hamlet_code, changed.members, changed.head_name, changed.version) == (
        "20770.02", (), "Hồ Văn Tư", 2,
    )  # fmt: skip
    assert households.update(actor("officer"), made.id, 2, {"note": ""}).version == 2, "nothing to change"
    with pytest.raises(Stale) as stale:
        households.update(actor("officer"), made.id, 1, {"note": "x"})
    assert stale.value.current.version == 2  # type: ignore[attr-defined]  # a HouseholdView
    assert [h.head_name for h in found(q="tu")] == ["Hồ Văn Tư"]
    assert found(q="minh") == []


def test_leaving_and_coming_back_stay_in_its_history(world: World) -> None:
    made = household()
    gone = {"left_on": date(2024, 3, 1), "left_reason": "chuyển đi Phước Trà"}
    households.update(actor("officer"), made.id, 1, gone)
    with refused("household_left", asked=2025, held=date(2024, 3, 1)):
        households.set_status(actor("officer"), made.id, NewStatus(2025, "poor"))
    households.set_status(actor("officer"), made.id, NewStatus(2024, "poor"))
    assert found(standing=True) == []
    households.update(actor("officer"), made.id, 2, {"left_on": None, "left_reason": ""})
    assert [(e.what, e.reason) for e in households.history(actor("officer"), made.id)] == [
        ("left", "chuyển đi Phước Trà"), ("returned", ""),
    ]  # fmt: skip


# --- what a household counts as ------------------------------------------------------------------------


def test_a_status_that_is_changed_stays_in_the_history_as_it_was(world: World) -> None:
    made = household()
    before = state(*FOLK)
    households.set_status(actor("officer"), made.id, NewStatus(2023, "poor"))
    households.set_status(actor("officer"), made.id, NewStatus(2023, "poor", DECISION))
    assert state(*FOLK) == before, "the same again changes nothing"
    other = Document("9/QĐ-UBND", date(2023, 1, 9), "UBND xã Sông Trà")
    now = households.set_status(actor("leader"), made.id, NewStatus(2023, "near_poor", other))
    assert [(s.status, s.decision, s.version) for s in now.statuses] == [("near_poor", other, 2)]
    assert (now.version, now.updated_at > made.updated_at) == (1, True)
    [event] = households.history(actor("officer"), made.id)
    assert (event.what, event.year, event.from_status, event.to_status) == (
        "status", 2023, "poor", "near_poor",
    )  # fmt: skip


def test_lists_are_narrowed_by_status_in_a_year(world: World) -> None:
    poor, near, none = household(), household(statuses=of_years(y2023="near_poor")), household(statuses=())
    assert [h.id for h in found(year=2023, status="poor")] == [poor.id]
    assert [h.id for h in found(year=2023, status="none")] == [none.id]
    assert [h.id for h in found(hamlet="20770.02")] == []
    with fails(Invalid, "year"):
        found(status="poor")
    page = households.page(
        actor("officer"), households.HouseholdFilter(status="near_poor"), purpose="page", offset=0, limit=10
    )
    assert ([h.id for h in page.households], page.count, page.year, page.years) == (
        [near.id],
        1,
        2023,
        [2023],
    )
    assert page.counts == {"poor": 1, "near_poor": 1, "none": 1}


def test_a_hamlet_is_reviewed_at_once_or_not_at_all(world: World) -> None:
    one, two = household(code="A"), household(code="B", statuses=of_years(y2023="near_poor"))
    gone = household(code="C", left_on=date(2023, 2, 1), left_reason="x")
    elsewhere = household(code="D", hamlet_code="20770.02")
    review = households.review(actor("officer"), "20770.01", 2024, purpose="page")
    assert [h.id for h in review.households] == [one.id, two.id]
    assert review.waiting == 2
    words = {one.id: Reviewed("escaped", 0), two.id: Reviewed("near_poor", 0)}
    for wrong in (elsewhere.id, gone.id, uuid.uuid4()):
        with fails(NotFound):
            households.save_review(actor("officer"), "20770.01", 2024, words | {wrong: Reviewed("poor", 0)})
    with fails(Invalid, f"status.{two.id}"):
        households.save_review(actor("officer"), "20770.01", 2024, words | {two.id: Reviewed("x", 0)})
    with fails(NotFound, "hamlet"):
        households.save_review(actor("officer"), "20770", 2024, {})
    before = state("household_statuses")
    assert len(before["household_statuses"]) == 4
    assert households.save_review(actor("officer"), "20770.01", 2024, words, DECISION) == 2
    assert households.save_review(actor("officer"), "20770.01", 2024, words, DECISION) == 0, "sent again"
    now = households.review(actor("officer"), "20770.01", 2024, purpose="page")
    assert [h.status_in(2024).status for h in now.households] == ["escaped", "near_poor"]  # type: ignore[union-attr]
    assert now.waiting == 0
    facts = audit.history(actor("inspector"), subject_kind="unit")[0].facts
    assert facts == {"year": 2024, "households": 2, "changed": 2}


def test_two_who_review_a_hamlet_do_not_overwrite_each_other_unseen(world: World) -> None:
    made = household()
    households.set_status(actor("leader"), made.id, NewStatus(2024, "poor"))
    with pytest.raises(Stale) as stale:
        households.save_review(actor("officer"), "20770.01", 2024, {made.id: Reviewed("other", 0)})
    [there] = stale.value.current.households  # type: ignore[attr-defined]  # a Review
    assert there.status_in(2024).status == "poor"
    households.save_review(actor("officer"), "20770.01", 2024, {made.id: Reviewed("other", 1)})
    [event] = households.history(actor("officer"), made.id)
    assert (event.from_status, event.to_status) == ("poor", "other")


# --- names ---------------------------------------------------------------------------------------------


def test_each_role_is_shown_names_or_masks_and_each_showing_is_recorded(world: World) -> None:
    made = household(members=(WIFE,), note="bệnh tim")
    household(hamlet_code="20770.02")
    for role in ROLES:
        who = actor(role)
        seen = role in SEES
        before = len(views(masked=not seen))
        one = households.get(who, made.id, purpose="page")
        listed = found(who)
        assert (one.head_name, one.members[0].name, one.note) == (
            (NAME, "Hồ Thị Lan", "bệnh tim") if seen else (MASKED, "H*** T*** L***", "")
        ), role
        assert {h.head_name for h in listed} == {NAME if seen else MASKED}
        assert views(masked=not seen)[before:] == [
            (who.ref, "household", str(made.id), 2, "page"), (who.ref, "households", "20770@legacy", 3, "page"),
        ], role  # fmt: skip
        assert bool(found(who, q="minh")) == seen, "names are searched only for who sees them"
        assert len(found(who, q="01.001")) == 1


def test_a_mask_that_is_sent_back_stands_for_the_person_it_was_shown_for(world: World) -> None:
    binh, bao = MemberView("Hồ Văn Bình", 2010, "con"), MemberView("Hồ Văn Bảo", 2012, "con")
    client, made = system(False), household(members=(binh, bao, replace(bao, name="Hồ Văn Bắc")))
    first, *twins = households.get(client, made.id, purpose="api").members
    kept = (*twins, replace(first, birth_year=2011))
    households.update(client, made.id, 1, {"members": kept})
    [now] = found()
    assert now.members == (bao, replace(bao, name="Hồ Văn Bắc"), replace(binh, birth_year=2011))
    with fails(Invalid, "members.0.name"):
        households.update(client, made.id, 2, {"members": twins[:1]})


@pytest.mark.parametrize("admitted", [True, False])
def test_a_system_sees_names_only_when_admitted_and_sends_masks_back_unharmed(
    world: World, admitted: bool
) -> None:
    client = system(admitted)
    made = household(client, members=(WIFE,))
    assert made.head_name == (NAME if admitted else MASKED)
    assert len(views()) == admitted
    sent = {"head_name": made.head_name, "members": (*made.members, MemberView("Hồ Văn Tí", 2015, "con"))}
    households.update(client, made.id, 1, sent)
    [now] = found()
    assert (now.head_name, [m.name for m in now.members]) == (NAME, ["Hồ Thị Lan", "Hồ Văn Tí"])
    if not admitted:
        with fails(Invalid, "members.0.name"):
            households.update(client, made.id, 2, {"members": (MemberView("L*** A***"),)})


def test_the_record_of_views_names_what_was_seen(world: World) -> None:
    made = household()
    households.get(actor("officer"), made.id, purpose="page")
    found()
    told = personal_history.history(actor("inspector"), ViewFilter())
    assert [(v.subject_kind, v.about) for v in told] == [
        ("households", "20770@legacy"), ("household", "01.001"),
    ]  # fmt: skip


def test_a_households_own_data_is_for_who_sees_persons(world: World) -> None:
    made = household(members=(WIFE,))
    data = households.own_data(actor("officer"), made.id)
    assert (data.household.head_name, data.household.members, data.received) == (NAME, (WIFE,), [])
    assert views()[-1][1:] == ("household", str(made.id), 2, "subject_request")
    assert [s.purpose for s in households.own_data(actor("leader"), made.id).shown] == ["subject_request"]
    with pytest.raises(Forbidden):
        households.own_data(actor("reviewer"), made.id)

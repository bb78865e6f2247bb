"""Names of persons: masked for who need not see them, every view on record before it is shown."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from app.domain import audit, documents, personal, personal_history
from app.domain.access import Actor
from app.domain.personal_history import ViewFilter
from app.domain.works import clearance_editing, clearance_households, clearance_payments
from app.errors import Forbidden, Stale
from app.models.identity import ROLES
from tests.support.book import execute
from tests.support.land import MASKED, NAME, compensation, found, household, views
from tests.support.papers import document
from tests.support.world import MILLION, World, actor, work

SEES = {"officer", "accountant", "leader", "inspector"}


def system(personal_data: bool, scope: str = "client:write") -> Actor:
    return replace(actor(scope), personal_data=personal_data)


@pytest.mark.parametrize(
    ("name", "masked"),
    [(NAME, MASKED), ("  Hồ   Văn ", "H*** V***"), ("Ý", "Ý***"), ("O\u0302ng", "Ô***"), ("", "")],
)
def test_a_masked_name_keeps_the_first_letter_of_each_word(name: str, masked: str) -> None:
    assert personal.mask_name(name) == masked


def test_each_role_is_shown_names_or_masks_and_each_showing_is_recorded(world: World) -> None:
    its = work()
    made = household(its.id)
    household(its.id)
    for role in ROLES:
        who = actor(role)
        masked = role not in SEES
        before = len(views(masked=masked))
        [first, _] = found(its.id, who)
        one = clearance_households.get(who, its.id, made.id, purpose="page")
        assert {first.head_name, one.head_name} == {MASKED if masked else NAME}, role
        expected = [
            (who.ref, "site_clearance", str(its.id), 2, "page"),
            (who.ref, "clearance_household", str(made.id), 1, "page"),
        ]
        assert views(masked=masked)[before:] == expected, role


@pytest.mark.parametrize(("admitted", "seen"), [(True, NAME), (False, MASKED)])
def test_a_system_sees_names_only_when_admitted(world: World, admitted: bool, seen: str) -> None:
    its = work()
    client = system(admitted)
    made = household(its.id, client)
    names = [
        made.head_name,
        found(its.id, client)[0].head_name,
        clearance_editing.update(client, its.id, made.id, 1, {"note": "x"}).head_name,
        clearance_payments.pay(client, its.id, made.id, compensation(its.id).id, MILLION)[0].head_name,
    ]
    with pytest.raises(Stale) as stale:
        clearance_editing.update(client, its.id, made.id, 1, {"note": "y"})
    names.append(stale.value.current.head_name)  # type: ignore[attr-defined]  # a HouseholdView
    assert set(names) == {seen}
    assert len(views()) == (5 if admitted else 0), "answers to a system show names too"


def test_a_name_sent_back_masked_by_who_sees_it_so_stays(world: World) -> None:
    its = work()
    made = household(its.id)
    clearance_editing.update(system(False), its.id, made.id, 1, {"head_name": MASKED, "note": "đã xem"})
    [now] = found(its.id)
    assert (now.head_name, now.note) == (NAME, "đã xem")


def test_names_are_found_only_by_who_sees_them(world: World) -> None:
    its = work()
    household(its.id, code="H01", parcels="Tờ 9, thửa 12")
    assert [len(found(its.id, actor(role), q="van minh")) for role in ("officer", "supervisor")] == [1, 0]
    assert [len(found(its.id, actor(role), q="THUA 12")) for role in ("officer", "supervisor")] == [1, 1]
    assert found(its.id, q="%") == []


def test_the_record_of_changes_names_nobody(world: World) -> None:
    its = work()
    made = household(its.id, note="nhà ông Minh", assets="của Minh")
    clearance_editing.update(
        actor("officer"), its.id, made.id, 1, {"head_name": "Hồ Thị Lan", "note": "bà Lan", "parcels": "Lan"}
    )
    told = audit.history(actor("inspector"), subject_kind="clearance_household")
    assert [row.action for row in told] == ["clearance.change_household", "clearance.add_household"]
    assert told[0].facts["fields"] == ["head_name", "note", "parcels"]
    for row in told:
        assert "Minh" not in str(row.facts)
        assert "Lan" not in str(row.facts)


def test_no_view_is_changed_or_deleted(world: World) -> None:
    household_of = work()
    household(household_of.id)
    found(household_of.id)
    for statement in ("UPDATE personal_views SET people = 0", "DELETE FROM personal_views"):
        with pytest.raises(Exception, match=r"append-only|personal_views"):
            execute(statement)
    assert len(views()) == 1


def test_the_record_is_read_under_filters_by_those_who_watch(world: World) -> None:
    its = work(code="CT-9")
    made = household(its.id, code="H07")
    officer, leader = actor("officer"), actor("leader")
    clearance_households.get(officer, its.id, made.id, purpose="page")
    found(its.id, leader)
    paper = document(officer, number="7/BB", personal=True)
    documents.open_file(officer, paper.id, paper.files[0].sha256)
    inspector = actor("inspector")

    def read(**wanted: object) -> list[tuple[str, str, str]]:
        rows = personal_history.history(inspector, ViewFilter(**wanted))  # type: ignore[arg-type]
        return [(row.actor, row.subject_kind, row.about) for row in rows]

    file = (officer.ref, "document", "7/BB")
    listed = (leader.ref, "site_clearance", "CT-9")
    one = (officer.ref, "clearance_household", "CT-9 · H07")
    assert read() == [file, listed, one]
    assert read(who=leader.ref) == [listed]
    assert read(subject_kind="document") == [file]
    assert read(purpose="page") == [listed, one]
    day = personal_history.history(inspector, ViewFilter())[0].at.date()
    assert len(read(date_from=day.replace(year=day.year - 1), date_to=day.replace(year=day.year + 1))) == 3
    assert read(date_from=day.replace(year=day.year + 1)) == []
    assert read(date_to=day.replace(year=day.year - 1)) == []
    last = personal_history.history(inspector, ViewFilter(), limit=1)
    more = personal_history.history(inspector, ViewFilter(), before_id=last[0].id)
    assert [row.about for row in more] == ["CT-9", "CT-9 · H07"]
    assert personal_history.history(actor("inspector", "00001@legacy"), ViewFilter()) == []
    with pytest.raises(Forbidden):
        personal_history.history(officer, ViewFilter())


def test_what_was_seen_and_is_gone_has_no_code(world: World) -> None:
    personal.note_views(actor("officer"), actor().unit_id, "clearance_household", uuid.uuid4(), 1, "page")
    [row] = personal_history.history(actor("inspector"), ViewFilter())
    assert (row.about, row.work_id) == ("", None)

"""Budget lines: their keys, what freezes them, and lists of them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from app.domain.ledger import line_keys, lines, posting, views
from app.domain.ledger.line_keys import NewLine
from app.domain.ledger.lines import LineFilter
from app.domain.ledger.views import EntryFilter
from app.errors import IdTaken, Invalid, NotFound, Stale
from tests.support.book import fails, refused
from tests.support.world import World, actor, entry, line, post, work

NATION = "VN@2025"


def asked(**values: Any) -> NewLine:
    key: dict[str, Any] = {"unit_code": "20770@legacy", "project_code": "GNBV.2", "source": "central",
           "capital_kind": "recurrent", "year": 2023}  # fmt: skip
    return NewLine(uuid.uuid4(), **(key | values))


def test_a_key_is_one_line(world: World) -> None:
    first = line()
    with refused("line_exists", line_id=str(first.id)):
        line()
    with refused("line_exists", line_id=str(first.id)):
        line(origin_year=2023)
    of = work(project_code="GNBV.2")
    keys: tuple[dict[str, Any], ...] = (
        {"origin_year": 2022}, {"year": 2024}, {"source": "people"}, {"capital_kind": "investment"},
        {"project_code": "GNBV.3.1"}, {"unit_code": "20770.01@legacy"}, {"work_id": of.id},
    )  # fmt: skip
    for key in keys:
        made = line(**key)
        with refused("line_exists", line_id=str(made.id)):
            line(**key)


def test_sent_twice_a_line_is_made_once_defaults_applied(world: World) -> None:
    ask = asked()
    made, created = line_keys.create(actor(), ask)
    assert created
    assert line_keys.create(actor(), ask) == (made, False)
    assert line_keys.create(actor(), NewLine(**{f: getattr(ask, f) for f in ask.__slots__} | {"origin_year": 2023})) == (
        made, False,
    )  # fmt: skip
    with fails(IdTaken):
        line_keys.create(actor(), NewLine(**{f: getattr(ask, f) for f in ask.__slots__} | {"note": "khác"}))


def test_what_a_line_refers_to_must_be_there_a_leaf_and_in_scope(world: World) -> None:
    theirs = work(actor(unit="00001@legacy"), owner_unit_code="00001@legacy")
    wrong: tuple[tuple[dict[str, Any], type[Invalid] | type[NotFound], str], ...] = (
        ({"project_code": "GNBV.3"}, Invalid, "project_code"), ({"project_code": "GNBV.99"}, NotFound, "project_code"),
        ({"project_code": "GNBV"}, NotFound, "project_code"), ({"source": "bank"}, NotFound, "source"),
        ({"capital_kind": "other"}, Invalid, "capital_kind"), ({"year": 1999}, Invalid, "year"),
        ({"year": 99_999}, Invalid, "year"), ({"origin_year": 2024}, Invalid, "origin_year"),
        ({"unit_code": "512@legacy"}, NotFound, "unit_code"), ({"unit_code": "none"}, NotFound, "unit_code"),
        ({"work_id": uuid.uuid4()}, NotFound, "work_id"), ({"work_id": theirs.id}, NotFound, "work_id"),
        ({"support_model_id": uuid.uuid4()}, NotFound, "support_model_id"),
    )  # fmt: skip
    for values, kind, field in wrong:
        with fails(kind, field):
            line_keys.create(actor(), asked(**values))
    with fails(Invalid, "work_id"):
        line_keys.create(actor(unit=NATION), asked(work_id=theirs.id))
    of = work()
    line(
        actor(unit="512@legacy"), unit_code="512@legacy", work_id=of.id
    )  # the district's money for the commune's work


def test_the_first_entry_freezes_the_key_and_never_the_note(world: World) -> None:
    made = line()
    moved = line_keys.update(actor(), made.id, 1, {"source": "provincial", "year": 2024})
    assert (moved.source, moved.year, moved.origin_year, moved.version) == ("provincial", 2024, 2024, 2)
    extended = line_keys.update(actor(), made.id, 2, {"origin_year": 2022})
    assert (extended.year, extended.origin_year) == (2024, 2022)
    assert line_keys.update(actor(), made.id, 3, {"year": 2023}).origin_year == 2022
    post(made.id, "allocate", 10, "2023-01-05")
    for change in (
        {"source": "central"},
        {"project_code": "NTM.2"},
        {"year": 2024},
        {"unit_code": "20770.01"},
    ):
        with refused("line_frozen"):
            line_keys.update(actor(), made.id, 4, change)
    assert line_keys.update(actor(), made.id, 4, {"note": "Đợt 1"}).note == "Đợt 1"
    with fails(Stale):
        line_keys.update(actor(), made.id, 4, {"note": "cũ"})


def test_a_waiting_proposal_freezes_a_key_too_and_so_does_money_carried_in(world: World) -> None:
    waiting, old, new = (
        line(),
        line(project_code="NTM.2"),
        line(project_code="NTM.2", year=2024, origin_year=2023),
    )
    posting.record(actor("officer"), entry(waiting.id, "allocate", 1, "2023-01-05"))
    post(old.id, "allocate", 1, "2023-01-05")
    post(old.id, "carry_over", 1, "2023-12-31", to_budget_line_id=new.id)
    for made in (waiting, new):
        with refused("line_frozen"):
            line_keys.update(actor(), made.id, 1, {"source": "people"})


def test_a_key_is_not_changed_into_one_that_stands(world: World) -> None:
    one, two = line(), line(source="provincial")
    with refused("line_exists", line_id=str(one.id)):
        line_keys.update(actor(), two.id, 1, {"source": "central"})
    with fails(NotFound):
        line_keys.update(actor(unit="00001@legacy"), one.id, 1, {"note": "x"})


def test_lists_are_narrowed_by_every_part_of_the_key_and_paged_in_a_stable_order(world: World) -> None:
    above = actor(unit=NATION)
    made = [line(above, unit_code=u, project_code=p, year=y) for u in ("20770@legacy", "20773@legacy")
            for p in ("GNBV.2", "GNBV.3.1") for y in (2022, 2023)]  # fmt: skip
    post(made[0].id, "allocate", 10, "2022-01-05", above)

    def ids(who: Any = above, **wanted: Any) -> set[uuid.UUID]:
        return {x.id for x in lines.lines(who, LineFilter(**wanted), limit=500)}

    everything = {x.id for x in made}
    assert ids() == everything == ids(unit="512@legacy") == ids(unit="20770@2025")
    assert (
        ids(actor())
        == {x.id for x in made[:4]}
        == ids(unit="20770", year=2022) | ids(unit="20770", year=2023)
    )
    assert ids(project_code="GNBV.3") == {x.id for x in made if x.project_code == "GNBV.3.1"}
    assert ids(project_code="GNBV") == everything
    assert ids(year=2022, program_code="GNBV") == {x.id for x in made if x.year == 2022}
    assert ids(source="people") == ids(capital_kind="investment") == ids(origin_year=2020) == set()
    assert ids(with_money=True) == {made[0].id}
    seen, after = [], None
    while page := lines.lines(above, LineFilter(), after=after, limit=3):
        seen += [x.id for x in page]
        after = (page[-1].updated_at, page[-1].id)
    assert seen == [x.id for x in lines.lines(above, LineFilter(), limit=500)]
    assert len(seen) == len(everything)
    count, money = lines.total(above, LineFilter())
    assert (count, money.available) == (8, 10)
    with pytest.raises(NotFound):
        ids(actor(), unit="512@legacy")
    assert lines.years(above, world.unit("20770@legacy").id) == [2022, 2023]  # the one in use first


def test_lists_of_entries_show_both_tables_and_page_without_gaps(world: World) -> None:
    old, new = line(), line(year=2024, origin_year=2023)
    post(old.id, "allocate", 100, "2023-01-05")
    paid = [post(old.id, "pay", 1, "2023-02-05") for _ in range(4)]
    carried = post(old.id, "carry_over", 5, "2023-12-31", to_budget_line_id=new.id)
    waiting, _ = posting.record(actor("officer"), entry(old.id, "pay", 1, "2023-03-05"))

    def ids(**wanted: Any) -> list[uuid.UUID]:
        return [x.entry.id for x in views.entries(actor(), EntryFilter(**wanted), limit=100)]

    assert ids(kind="pay") == [*(p.id for p in paid), waiting.id]
    assert ids(budget_line_id=new.id) == [carried.id]
    assert ids(status="proposed") == [waiting.id]
    assert ids(effective_from=date(2023, 3, 1)) == [carried.id, waiting.id]
    assert ids(document="0147/unc")[0] == ids()[0]
    assert ids(document="0148") == []
    seen, after = [], None
    while page := views.entries(actor(), EntryFilter(), after=after, limit=2):
        seen += [x.entry.id for x in page]
        after = (page[-1].changed_at, page[-1].entry.id)
    assert seen == ids()
    assert len(seen) == 7
    assert views.count(actor(), EntryFilter(kind="pay")) == (5, 5)
    newest = [x.entry.effective_date for x in views.entries(actor(), EntryFilter(), newest_first=True)]
    assert newest == sorted(newest, reverse=True)
    with pytest.raises(NotFound):
        views.get(actor(unit="00001@legacy"), carried.id)


def test_the_year_that_opens_first_is_the_latest_with_entries(world: World) -> None:
    used = line()
    post(used.id, "allocate", 100, "2023-01-05")
    line(year=2024)
    line(year=2025, unit_code="20770@legacy")
    commune = world.unit("20770@legacy").id
    assert lines.years(actor("officer"), commune) == [2023, 2025, 2024]
    post(line(year=2022).id, "allocate", 100, "2022-01-05")
    assert lines.years(actor("officer"), commune) == [2023, 2022, 2025, 2024]


def test_a_line_whose_money_moved_counts_as_changed_but_keeps_its_version(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-01-05")
    now = lines.get(actor(), made.id)
    assert now.updated_at > made.updated_at
    assert now.version == made.version

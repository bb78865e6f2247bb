"""A closed month or year takes no more entries, unless a leader opens it again with a reason."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from app.domain.ledger import periods, posting, proposals
from app.errors import Conflict, Forbidden, IdTaken, Invalid, NotFound
from tests.support.book import fails, freeze, pockets, refused
from tests.support.world import World, actor, entry, line, post

COMMUNE = "20770@legacy"


def close(month: int, year: int = 2023, unit: str = COMMUNE, role: str = "accountant") -> periods.PeriodView:
    return periods.close_period(actor(role, unit), uuid.uuid4(), unit, year, month)


def test_a_closed_month_takes_no_entry_dated_in_it_whatever_its_kind(world: World) -> None:
    made = line()
    given = post(made.id, "allocate", 100, "2023-02-28")
    waiting, _ = posting.record(actor("officer"), entry(made.id, "pay", 5, "2023-03-15"))
    closed = close(3)
    for day in ("2023-03-01", "2023-03-31"):
        with refused("period_closed", on=date.fromisoformat(day)):
            post(made.id, "pay", 1, day)
    with refused("period_closed"):
        post(made.id, "reversal", None, "2023-03-10", reverses_id=given.id)
    with refused("period_closed"):
        proposals.post(actor("leader"), waiting.id)
    with refused("period_closed"):
        posting.record(actor("officer"), entry(made.id, "pay", 1, "2023-03-15"))
    for day in ("2023-02-28", "2023-04-01"):
        post(made.id, "pay", 1, day)
    with fails(Forbidden):
        periods.open_period(actor("accountant"), closed.id, "nhập sót")
    with fails(Invalid, "reason"):
        periods.open_period(actor("leader"), closed.id, "  ")
    opened = periods.open_period(actor("leader"), closed.id, "Nhập sót chứng từ")
    assert (opened.opened_by, opened.reason) == ("leader", "Nhập sót chứng từ")
    post(made.id, "pay", 1, "2023-03-15")
    with fails(Conflict):
        periods.open_period(actor("leader"), closed.id, "lần nữa")
    assert pockets(made.id).paid == 3


def test_a_closed_year_closes_every_day_of_it_and_of_that_unit_only(world: World) -> None:
    made, neighbour = line(), line(actor(unit="20773@legacy"), unit_code="20773@legacy")
    close(0)
    for day in ("2023-01-01", "2023-12-31"):
        with refused("period_closed"):
            post(made.id, "allocate", 1, day)
        post(neighbour.id, "allocate", 1, day, actor(unit="20773@legacy"))
    post(made.id, "allocate", 1, "2022-12-31")
    post(made.id, "allocate", 1, "2024-01-01")


def test_a_carry_over_needs_the_books_of_both_units_open(world: World) -> None:
    above = actor(unit="VN@2025")
    old = line(above, year=2025)
    new = line(above, unit_code="20770@2025", year=2026, origin_year=2025)
    post(old.id, "allocate", 100, "2025-01-05", above)
    closed = close(12, 2025, "20770@2025")
    ask = entry(old.id, "carry_over", 100, "2025-12-31", to_budget_line_id=new.id)
    with refused("period_closed", on=date(2025, 12, 31)):
        posting.record(above, ask)
    periods.open_period(actor("leader", "20770@2025"), closed.id, "Chuyển nguồn")
    assert posting.record(above, ask)[1]


def test_a_reversal_of_what_lies_in_a_closed_period_needs_another_day(world: World) -> None:
    made = line()
    given = post(made.id, "allocate", 100, "2023-03-10")
    close(3)
    with refused("period_closed"):
        post(made.id, "reversal", None, None, reverses_id=given.id)
    post(made.id, "reversal", None, "2023-04-01", reverses_id=given.id)


def test_only_what_is_past_is_closed_and_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, date(2023, 5, 15))
    for month, year in ((5, 2023), (6, 2023), (0, 2023), (1, 2024), (13, 2022), (-1, 2022)):
        with fails(Invalid, "month"):
            close(month, year)
    id_ = uuid.uuid4()
    view = periods.close_period(actor("accountant"), id_, COMMUNE, 2023, 4)
    assert periods.close_period(actor("accountant"), id_, COMMUNE, 2023, 4) == view
    with fails(IdTaken):
        periods.close_period(actor("accountant"), id_, COMMUNE, 2023, 3)
    with fails(Conflict):
        close(4)
    periods.open_period(actor("leader"), id_, "sửa")
    close(4)
    assert [(p.month, p.opened_at is None) for p in periods.periods(actor())].count((4, True)) == 1


def test_each_closes_ones_own_book(world: World) -> None:
    with fails(NotFound, "unit_code"):
        periods.close_period(actor("leader"), uuid.uuid4(), "20773@legacy", 2023, 1)
    theirs = close(1, unit="00001@legacy")
    with fails(NotFound):
        periods.open_period(actor("leader"), theirs.id, "xem thử")
    for role in ("officer", "reviewer", "client:write", "administrator"):
        with fails(Forbidden):
            close(1, role=role)

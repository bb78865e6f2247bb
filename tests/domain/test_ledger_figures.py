"""Figures of many lines together: of a day, as known at a moment, of either structure, each đồng once."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from app import db
from app.clock import utcnow
from app.domain import territory
from app.domain.ledger import figures, monthly
from app.domain.ledger.figures import Figures
from app.domain.ledger.lines import LineView
from app.domain.ledger.pockets import Pockets, total
from app.errors import Invalid, NotFound
from tests.support.book import fails, freeze
from tests.support.world import World, actor, line, post

NATION = "VN@2025"
COMMUNES = ("20770@legacy", "20773@legacy", "20776@legacy", "00001@legacy")


def report(unit: str = "20770@legacy", year: int = 2023, **at: object) -> Figures:
    return figures.disbursement(actor(unit=NATION), unit, year, **at)  # type: ignore[arg-type]


def filled(unit: str, seed: int) -> list[LineView]:
    """Two lines of a unit in 2023 with some money in every pocket."""
    chance, above = random.Random(seed), actor(unit=NATION)  # noqa: S311 - no secret
    made = [line(above, unit_code=unit, project_code=code) for code in ("GNBV.2", "NTM.2")]
    for stands in made:
        given = chance.randrange(500, 1_000)
        post(stands.id, "allocate", given, "2023-01-10", above)
        post(stands.id, "advance", chance.randrange(1, 100), "2023-03-10", above)
        post(stands.id, "pay", chance.randrange(1, 300), "2023-05-10", above)
    return made


def test_a_report_is_of_a_day(world: World) -> None:
    made = line()
    post(made.id, "allocate", 1_000, "2023-01-10")
    post(made.id, "pay", 400, "2023-05-10")
    post(made.id, "refund", 100, "2023-06-10")
    expected = {
        "2023-01-09": Pockets(), "2023-01-10": Pockets(1_000, allocated=1_000),
        "2023-05-09": Pockets(1_000, allocated=1_000), "2023-05-10": Pockets(600, paid=400, allocated=1_000),
        "2023-06-10": Pockets(700, paid=300, allocated=1_000),
        "2024-01-01": Pockets(700, paid=300, allocated=1_000),
    }  # fmt: skip
    for day, money in expected.items():
        found = report(as_of=date.fromisoformat(day))
        assert found.total == money, day
        assert found == report(as_of=date.fromisoformat(day), known_at=found.known_at)
    assert report(year=2022).rows == []


def test_what_was_known_at_a_moment_stays_though_the_past_is_put_right(world: World) -> None:
    made, new = line(), line(year=2024, origin_year=2023)
    post(made.id, "allocate", 1_000, "2023-01-10")
    wrong = post(made.id, "advance", 400, "2023-03-10")
    before = [report(as_of=date(2023, month, 28)) for month in (1, 3, 12)]
    post(made.id, "reversal", None, None, reverses_id=wrong.id)
    post(made.id, "advance", 300, "2023-03-10")
    post(made.id, "carry_over", 300, "2023-12-01", from_pocket="advanced", to_budget_line_id=new.id)
    post(made.id, "lapse", 700, "2023-12-20")
    for then in before:
        assert report(as_of=then.as_of, known_at=then.known_at) == then
    assert [r.total.disbursed for r in before] == [0, 400, 400]
    now = [report(as_of=date(2023, month, 28)) for month in (1, 3, 12)]
    assert [r.total.disbursed for r in now] == [0, 300, 0]
    assert now[2].total.plan == 1_000
    assert (now[2].total.carried_out, now[2].total.lapsed) == (300, 700)
    assert report(year=2024).total == Pockets(advanced=300, carried_in=300)
    nothing = report(known_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert (nothing.rows, nothing.total) == ([], Pockets())


def test_what_is_known_may_not_lie_ahead(world: World) -> None:
    with fails(Invalid, "known_at"):
        report(known_at=utcnow() + timedelta(hours=1))


def test_a_clock_that_is_set_back_hides_nothing_and_changes_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = line()
    post(made.id, "allocate", 1_000, "2023-01-10")
    monkeypatch.setattr(db, "clock", lambda _session: datetime(2020, 1, 1, tzinfo=UTC))
    post(made.id, "pay", 10, "2023-02-10")
    found = report()
    assert found.total.paid == 10
    assert report(known_at=found.known_at) == found


def test_a_total_is_the_sum_of_the_communes_whatever_it_is_asked_of(world: World) -> None:
    for seed, commune in enumerate(COMMUNES):
        filled(commune, seed)
    own = {commune: report(commune).total for commune in COMMUNES}
    hiep_duc = total(own[c] for c in COMMUNES[:3])
    assert report("512@legacy").total == report("49@legacy").total == hiep_duc
    assert report("01@legacy").total == own["00001@legacy"]
    assert report("VN@legacy").total == total(own.values())
    # since 2025-07-01 the successors count what they took over
    assert report("20770@2025").total == report("48@2025").total == hiep_duc
    assert report("00097@2025").total == report("01@2025").total == own["00001@legacy"]
    assert report("VN@2025").total == total(own.values())
    known = report("VN@2025").known_at
    assert report("VN@2025", known_at=known).total == total(own.values())


def test_every_line_counts_under_one_commune_of_each_structure(world: World) -> None:
    above = actor(unit=NATION)
    old = [line(above, unit_code=unit) for unit in (*COMMUNES, "20770.01@legacy", "512@legacy")]
    new = line(above, unit_code="20770@2025", year=2023)
    for stands in (*old, new):
        post(stands.id, "allocate", 1, "2023-01-10", above)
    structures = {"legacy": 6, "2025": 7}
    for structure, count in structures.items():
        whole = report(f"VN@{structure}").total.allocated
        provinces = territory.units(above, level="province", structure=structure)
        assert whole == count == sum(report(p.exact_code).total.allocated for p in provinces)
    communes = territory.units(above, level="commune", structure="2025")
    assert (
        sum(report(c.exact_code).total.allocated for c in communes) == 6
    )  # the district's own went to the province


def test_a_bare_code_means_the_structure_in_force_on_the_day(world: World) -> None:
    old, new = line(), line(actor(unit=NATION), unit_code="20770@2025", year=2023)
    post(old.id, "allocate", 5, "2023-01-10")
    post(new.id, "allocate", 7, "2023-01-10", actor(unit=NATION))
    assert report("20770").unit.structure == "legacy"  # at the end of 2023
    assert report("20770").total.plan == 5
    later = report("20770", as_of=date(2025, 7, 1))
    assert (later.unit.structure, later.total.plan) == ("2025", 12)
    with pytest.raises(NotFound):
        figures.disbursement(actor(), "20773", 2023)


def test_rows_are_by_project_source_and_capital_kind_in_the_catalogues_order(world: World) -> None:
    keys = [("NTM.2", "central", "recurrent"), ("GNBV.2", "provincial", "recurrent"),
            ("GNBV.2", "central", "investment"), ("GNBV.2", "central", "recurrent")]  # fmt: skip
    for project, source, kind in keys:
        made = line(project_code=project, source=source, capital_kind=kind)
        post(made.id, "allocate", 10, "2023-01-10")
    again = line(actor(unit=NATION), unit_code="20770.01@legacy")
    post(again.id, "allocate", 10, "2023-01-10")
    found = report()
    for rows in (found.rows, report(known_at=found.known_at).rows):
        assert [(r.project_code, r.source, r.capital_kind, r.pockets.plan) for r in rows] == [
            ("GNBV.2", "central", "investment", 10), ("GNBV.2", "central", "recurrent", 20),
            ("GNBV.2", "provincial", "recurrent", 10), ("NTM.2", "central", "recurrent", 10),
        ]  # fmt: skip


def at_risk(day: date, unit: str = "20770@legacy", year: int = 2023) -> int:
    who = actor(unit=NATION)
    with db.snapshot() as session:
        at = territory.resolve(session, who, unit)
        return sum(row.at_risk for row in figures.overview(session, who, at, year, day))


def expected_risk(moves: list[tuple[str, int]], given: int, day: date, last: date) -> int:
    """available - (net disbursed in the last 90 days / 90) * days left, never below zero; moves are (day, net)."""
    until = sum(n for on, n in moves if date.fromisoformat(on) <= day)
    before = sum(n for on, n in moves if date.fromisoformat(on) <= day - timedelta(days=90))
    left = max(0, (last - day).days)
    exact = (given - until) - (until - before) * left / 90
    return max(0, round(exact))


def test_money_at_risk_is_what_the_pace_of_ninety_days_leaves_over(world: World) -> None:
    cases: dict[str, tuple[str, date, list[tuple[str, int]]]] = {
        "GNBV.2": ("recurrent", date(2023, 12, 31), [("2023-03-01", 90_000), ("2023-08-01", 45_000)]),
        "DTTS.4.1": ("investment", date(2024, 1, 31), [("2023-07-15", 180_000), ("2023-09-01", -90_000)]),
        "NTM.2": ("recurrent", date(2023, 12, 31), [("2023-09-20", 900_000)]),
        "NTM.3": ("recurrent", date(2023, 12, 31), []),
    }
    for project, (kind, _, moves) in cases.items():
        made = line(project_code=project, capital_kind=kind)
        post(made.id, "allocate", 1_000_000, "2023-01-10")
        for voucher, net in moves:
            post(made.id, "pay" if net > 0 else "refund", abs(net), voucher)
    for day in (date(2023, 2, 1), date(2023, 9, 30), date(2023, 11, 29), date(2023, 11, 30), date(2024, 1, 15),
                date(2024, 3, 1)):  # fmt: skip
        expected = sum(
            expected_risk(moves, 1_000_000 if day >= date(2023, 1, 10) else 0, day, last)
            for _, last, moves in cases.values()
        )
        assert abs(at_risk(day) - expected) <= len(cases), day


def test_what_is_at_risk_today_is_counted_from_the_balances_themselves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = line()
    post(made.id, "allocate", 900, "2023-01-10")
    post(made.id, "pay", 90, "2023-11-01")
    freeze(monkeypatch, date(2023, 12, 1))
    who = actor()
    with db.snapshot() as session:
        unit = territory.resolve(session, who, "20770@legacy")
        (row,) = figures.overview(session, who, unit, 2023, None)
    assert row.at_risk == 810 - 30
    assert at_risk(date(2023, 12, 1)) == row.at_risk


def test_a_year_without_a_parameter_is_shown_all_the_same(world: World) -> None:
    made = line(year=2019)
    post(made.id, "allocate", 900, "2019-01-10")
    assert at_risk(date(2019, 6, 1), year=2019) == 900


def test_the_months_of_a_year_are_its_ends_of_days(world: World) -> None:
    made = line()
    post(made.id, "allocate", 900, "2023-01-10")
    post(made.id, "pay", 90, "2023-02-10")
    ends = [date(2023, 1, 9), date(2023, 1, 31), date(2023, 2, 28)]
    who = actor()
    with db.snapshot() as session:
        unit = territory.resolve(session, who, "20770@legacy")
        found = monthly.monthly(session, who, unit, 2023, ends)
        assert monthly.monthly(session, who, unit, 2023, []) == []
    assert [(day, p.plan, p.disbursed) for day, p in found] == [
        (ends[0], 0, 0), (ends[1], 900, 0), (ends[2], 900, 90),
    ]  # fmt: skip

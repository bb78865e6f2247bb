"""Until when a line may pay out, and extensions by document."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from app.domain.ledger import deadlines, lines
from app.domain.ledger.deadlines import NewExtension, day_of
from app.errors import Forbidden, IdTaken, Invalid, NotFound
from tests.support.book import fails, refused
from tests.support.world import DECISION, World, actor, line, post

RECURRENT, INVESTMENT = date(2023, 12, 31), date(2024, 1, 31)


def extension(**values: object) -> NewExtension:
    base = NewExtension(uuid.uuid4(), "20770@legacy", "recurrent", 2023, date(2024, 6, 30), DECISION)
    return replace(base, **values)  # type: ignore[arg-type]


def test_a_day_of_a_budget_year_is_read_from_its_parameter() -> None:
    assert (day_of("12-31", 2023), day_of("01-31+1", 2023)) == (RECURRENT, INVESTMENT)


def test_advancing_and_paying_end_with_the_last_day_of_the_capital_kind(world: World) -> None:
    for capital_kind, last in (("recurrent", RECURRENT), ("investment", INVESTMENT)):
        made = line(capital_kind=capital_kind)
        assert deadlines.last_day_of_line(actor(), made.id) == last
        post(made.id, "allocate", 100, "2023-01-05")
        late = date.fromordinal(last.toordinal() + 1)
        for kind in ("advance", "pay"):
            post(made.id, kind, 10, last)
            with refused("deadline", on=late, last_day=last, year=2023):
                post(made.id, kind, 10, late)


def test_everything_else_goes_on_after_the_last_day(world: World) -> None:
    made, new = line(), line(year=2024, origin_year=2023)
    post(made.id, "allocate", 100, "2023-01-05")
    post(made.id, "advance", 50, "2023-03-01")
    late = "2024-05-01"
    post(made.id, "recover", 15, late)
    for kind in ("refund", "settle", "withdraw", "lapse", "allocate"):
        post(made.id, kind, 5, late)
    given = post(made.id, "carry_over", 5, late, to_budget_line_id=new.id)
    post(made.id, "reversal", None, None, reverses_id=given.id)


def test_extended_money_has_the_deadline_of_its_own_year(world: World) -> None:
    made = line(year=2024, origin_year=2023)
    assert deadlines.last_day_of_line(actor(), made.id) == date(2024, 12, 31)


def test_an_extension_moves_the_last_day_of_what_it_names_and_of_nothing_else(world: World) -> None:
    above = actor("leader", "49@legacy")
    named = line(unit_code="20770@legacy", project_code="GNBV.3.1", source="central")
    others = [
        line(project_code="GNBV.2"), line(project_code="GNBV.3.1", source="provincial"),
        line(project_code="GNBV.3.1", capital_kind="investment"), line(project_code="GNBV.3.1", year=2022),
    ]  # fmt: skip
    outside = actor(unit="00001@legacy")
    others.append(line(outside, unit_code="00001@legacy", project_code="GNBV.3.1"))
    before = [deadlines.last_day_of_line(actor(unit="VN@2025"), x.id) for x in others]
    # granted by the unit above, for the project above, for one source
    deadlines.extend(above, extension(unit_code="512@legacy", project_code="GNBV.3", source="central"))
    assert deadlines.last_day_of_line(actor(), named.id) == date(2024, 6, 30)
    assert [deadlines.last_day_of_line(actor(unit="VN@2025"), x.id) for x in others] == before
    post(named.id, "allocate", 10, "2023-01-05")
    post(named.id, "pay", 5, "2024-06-30")
    with refused("deadline", last_day=date(2024, 6, 30)):
        post(named.id, "pay", 5, "2024-07-01")
    # one without project and source holds for all of the unit's lines of the kind and year
    deadlines.extend(above, extension(last_day=date(2024, 3, 31)))
    assert deadlines.last_day_of_line(actor(), others[0].id) == date(2024, 3, 31)
    assert deadlines.last_day_of_line(actor(), others[1].id) == date(2024, 3, 31)
    assert deadlines.last_day_of_line(actor(), named.id) == date(2024, 6, 30)  # the latest counts
    assert len(deadlines.extensions(actor())) == 2
    assert deadlines.extensions(outside) == []


def test_an_extension_is_granted_once_by_who_may_and_says_what_it_needs(world: World) -> None:
    leader = actor("leader")
    new = extension()
    view, created = deadlines.extend(leader, new)
    assert created
    assert deadlines.extend(leader, new) == (view, False)
    with fails(IdTaken):
        deadlines.extend(leader, replace(new, last_day=date(2024, 7, 31)))
    wrong: tuple[tuple[NewExtension, type[Invalid] | type[NotFound], str], ...] = (
        (extension(last_day=RECURRENT), Invalid, "last_day"),
        (extension(capital_kind="other"), Invalid, "capital_kind"),
        (extension(year=99_999), Invalid, "year"),
        (extension(document=replace(DECISION, number=" ")), Invalid, "document.number"),
        (extension(document=replace(DECISION, issuer="")), Invalid, "document.issuer"),
        (extension(source="bank"), NotFound, "source"),
        (extension(project_code="GNBV.99"), NotFound, "project_code"),
        (extension(unit_code="512@legacy"), NotFound, "unit_code"),
    )
    for ask, kind, field in wrong:
        with fails(kind, field):
            deadlines.extend(leader, ask)
    for role in ("officer", "accountant", "client:write", "administrator"):
        with fails(Forbidden):
            deadlines.extend(actor(role), extension())


def test_a_year_without_a_parameter_has_no_last_day(world: World) -> None:
    made = line(year=2019)
    assert deadlines.last_day_of_line(actor(), made.id) is None
    post(made.id, "allocate", 10, "2019-01-05")
    post(made.id, "pay", 10, "2022-01-05")
    assert lines.get(actor(), made.id).paid == 10

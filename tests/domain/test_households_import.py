"""Households from a table: a preview of every difference, faults by row and column, then all, the good rows, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain import audit, households
from app.domain.households import MemberView, importing
from app.domain.households.planning import Preview
from app.domain.households.rows import COLUMNS, said_members
from app.errors import Invalid, NotFound
from app.settings import settings
from tests.support.book import fails, state
from tests.support.folk import DECISION, KEY, MASKED, NAME, found, household
from tests.support.land import views
from tests.support.world import World, actor

FOLK = ("households", "household_members", "household_statuses", "household_events", "audit_rows")
COMMUNE = "20770@legacy"


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_PERSONAL_KEYS", KEY)
    settings.cache_clear()


def rows(*cells: dict[str, Any]) -> list[tuple[int, Sequence[Any]]]:
    """A table of these rows under the template's columns."""
    heads: tuple[Sequence[Any], ...] = (tuple(COLUMNS.values()),)
    return list(enumerate((*heads, *(tuple(row.get(key, "") for key in COLUMNS) for row in cells)), start=1))


def row(**values: Any) -> dict[str, Any]:
    return {"head_name": NAME, "birth_year": Decimal(1980), "hamlet_code": "Trà Sơn"} | values


def preview(*cells: dict[str, Any]) -> Preview:
    return importing.preview(actor("officer"), COMMUNE, rows(*cells))


def apply(*cells: dict[str, Any], only_good: bool = False) -> Preview:
    return importing.apply(actor("officer"), COMMUNE, rows(*cells), only_good=only_good)


def test_a_table_is_shown_with_every_difference_and_written_only_then(world: World) -> None:
    there = household(code="A1", note="dòng một\ndòng hai", members=(MemberView("Hồ Thị Lan", 1985, "vợ"),))
    left_out = household(code="A2", birth_year=1970)
    household(code="A3", hamlet_code="20770.02")
    cells = (
        row(
            code="A1", head_name="Hồ Văn Minh", ethnicity="Ca Dong", note="dòng một dòng hai", year="2023",
            status="cận nghèo", members="Hồ Thị Lan (1985, vợ); Hồ Văn Tí (con)",
        ),
        row(head_name="Lê Thị Hoa", birth_year="1990", year=Decimal(2023), status="Hộ nghèo",
            decision_number="120/QĐ-UBND", decision_date="20/12/2022", decision_issuer="UBND xã Sông Trà"),
        row(code="A9", head_name="Trần Văn Ba", hamlet_code="20770.01", joined_on=date(2023, 2, 1)),
    )  # fmt: skip
    before = state(*FOLK)
    shown = preview(*cells)
    assert state(*FOLK) == before
    assert [(r.number, r.state) for r in shown.rows] == [(2, "changed"), (3, "new"), (4, "new")]
    assert [(c.key, c.was, c.becomes) for c in shown.rows[0].changed] == [
        ("ethnicity", "", "Ca Dong"),
        ("members", "Hồ Thị Lan (1985, vợ)", "Hồ Thị Lan (1985, vợ); Hồ Văn Tí (con)"),
        ("status", "poor", "near_poor"),
    ]
    assert [h.code for h in shown.missing] == [left_out.code], "of the hamlet that the table names"
    assert views()[-1] == ("officer", "households", COMMUNE, 3, "page")
    done = apply(*cells)
    assert (done.applied, done.count("new"), done.count("changed")) == (True, 2, 1)
    by_name = {h.head_name: h for h in found()}
    now, hoa = households.get(actor("officer"), there.id, purpose="page"), by_name["Lê Thị Hoa"]
    assert (now.ethnicity, now.note, [m.name for m in now.members]) == (
        "Ca Dong", "dòng một\ndòng hai", ["Hồ Thị Lan", "Hồ Văn Tí"],
    )  # fmt: skip
    assert [(s.status, s.decision) for s in now.statuses] == [("near_poor", None)], "decided otherwise"
    assert [e.what for e in households.history(actor("officer"), there.id)] == ["status"]
    assert (hoa.code, hoa.birth_year, hoa.statuses[0].decision) == ("01.001", 1990, DECISION)
    assert by_name["Trần Văn Ba"].joined_on == date(2023, 2, 1)
    again = preview(*cells)
    assert [r.state for r in again.rows] == ["unchanged"] * 3, "a row without a code finds its household"
    told = audit.history(actor("inspector"), subject_kind="unit")[0]
    assert (told.action, told.facts) == ("household.import", {"new": 2, "changed": 1, "left_out": 0})
    assert "Hoa" not in str(audit.history(actor("inspector")))


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"head_name": ""}, ["head_name"]),
    ({"head_name": MASKED}, ["head_name"]),
    ({"head_name": "Hồ\u200bVăn"}, ["head_name"]),
    ({"hamlet_code": ""}, ["hamlet_code"]),
    ({"hamlet_code": "Thôn Không Có"}, ["hamlet_code"]),
    ({"birth_year": "80"}, ["birth_year"]),
    ({"birth_year": Decimal(2999)}, ["birth_year"]),
    ({"members": "(1985)"}, ["members"]),
    ({"members": "Hồ* T* (1985)"}, ["members"]),
    ({"status": "giàu", "year": "2023"}, ["status"]),
    ({"status": "hộ nghèo"}, ["year"]),
    ({"year": "2023"}, ["status"]),
    ({"year": "1900", "status": "hộ nghèo"}, ["year"]),
    ({"year": "2023", "status": "hộ nghèo", "decision_number": "1"}, ["decision_date", "decision_issuer"]),
    ({"decision_date": "31/02/2023"}, ["decision_date"]),
    ({"joined_on": "hôm qua"}, ["joined_on"]),
    ({"code": Decimal("1.1")}, ["code"]),
    ({"code": date(2023, 1, 1)}, ["code"]),
    ({"code": "LEFT", "year": "2024", "status": "hộ nghèo"}, ["code"]),
    ({"identity_number": Decimal(49080001234)}, ["identity_number"]),
    ({"phone": "0905 12"}, ["phone"]),
    ({"code": "", "head_name": "Hồ Văn Hai"}, ["code"]),
    ({"ethnicity": "x" * 61, "note": "y" * 1001}, ["ethnicity", "note"]),
]


@pytest.mark.parametrize(("values", "fields"), BAD)
def test_faults_are_told_by_row_and_column(
    world: World, keyed: None, values: dict[str, Any], fields: list[str]
) -> None:
    household(code="LEFT", left_on=date(2023, 3, 1), left_reason="x")
    for code in "XY":
        household(head_name="Hồ Văn Hai", code=code)
    shown = preview(row(code="OK"), row(**({"code": "BAD"} | values)))
    assert [(bad.number, fault.field) for bad in shown.bad for fault in bad.faults] == [
        (3, field) for field in fields
    ]


def test_numbers_in_a_table_are_sealed_and_never_shown(world: World, keyed: None) -> None:
    household(code="A1", identity_number="049080001234")
    cells = (
        row(code="A1", identity_number="049 080 001 234", phone="0905.123.456"),
        row(code="A2", identity_number="049080005678"),
    )
    shown = preview(*cells)
    assert [(c.key, c.was, c.becomes) for c in shown.rows[0].changed] == [("phone", None, None)]
    assert apply(*cells).applied
    assert [households.numbers(actor("officer"), h.id).phone for h in found()] == ["0905123456", None]
    everything = str(state(*FOLK))
    assert not any(text in everything for text in ("049080005678", "0905123456"))
    assert [r.state for r in preview(*cells).rows] == ["unchanged"] * 2


def test_without_a_key_rows_with_numbers_are_faulty_and_the_others_are_not(world: World) -> None:
    shown = preview(row(code="A", phone="0905123456"), row(code="B"))
    assert [(bad.code, bad.faults[0].field) for bad in shown.bad] == [("A", "phone")]
    assert apply(row(code="A", phone="0905123456"), row(code="B"), only_good=True).applied
    assert [h.code for h in found()] == ["B"]


def test_with_a_bad_row_nothing_is_written_unless_the_good_ones_are_asked_for(world: World) -> None:
    cells = (row(code="A"), row(code="B", hamlet_code="x"), row(code="A"), row(head_name="Lê Văn Tư"))
    before = state(*FOLK)
    refused = apply(*cells)
    assert (refused.applied, [bad.number for bad in refused.bad]) == (False, [3, 4])
    assert state(*FOLK) == before
    done = apply(*cells, only_good=True)
    assert (done.applied, done.writes) == (True, 2)
    assert [h.code for h in found()] == ["01.001", "A"]


def test_one_row_a_household_however_it_is_named(world: World) -> None:
    household(code="A")
    assert [r.state for r in preview(row(code="A"), row()).rows] == ["unchanged", "bad"]
    assert [r.state for r in preview(row(head_name="Lê A"), row(head_name="LÊ A")).rows] == ["new", "bad"]


def test_a_table_that_was_taken_out_masked_changes_no_name(world: World) -> None:
    members = (MemberView("Hồ Thị Lan", 1985, "vợ"),)
    household(code="A", members=members)
    masked = said_members((MemberView("H*** T*** L***", 1985, "vợ"),))
    assert [r.state for r in preview(row(code="A", head_name=MASKED, members=masked)).rows] == ["unchanged"]


def test_what_is_no_table_of_households_is_refused(world: World) -> None:
    for table in ([(1, ("Mã", "Tên"))], rows(), []):
        with fails(Invalid, "file"):
            importing.preview(actor("officer"), COMMUNE, table)
    with fails(NotFound):
        importing.preview(actor("officer", "20773@legacy"), COMMUNE, rows(row()))
    with fails(Invalid, "unit_code"):
        importing.preview(actor("officer", "512@legacy"), "512", rows(row()))


def test_a_file_waits_for_its_sender_alone(world: World) -> None:
    kept = importing.keep(actor("officer"), b"x")
    assert importing.kept(actor("officer"), kept) == b"x"
    with fails(NotFound):
        importing.kept(actor("accountant"), kept)
    importing.let_go(actor("officer"), kept)
    with fails(NotFound):
        importing.kept(actor("officer"), kept)

"""Households from a table: a preview with faults by row and column, then all of it, or the good rows, or nothing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.clock import today
from app.domain import audit, works
from app.domain.works import clearance, clearance_households, clearance_payments, clearance_table
from app.domain.works.clearance_households import HouseholdFilter
from app.domain.works.clearance_rows import COLUMNS
from app.domain.works.clearance_table import Preview
from app.errors import Invalid, NotFound
from app.i18n import translate
from app.reports import csv, sheet, xlsx
from app.reports.clearance import file_table
from app.settings import settings
from tests.support.book import fails, state
from tests.support.land import MASKED, NAME, compensation, found, household, planned, views
from tests.support.world import MILLION, World, actor, work

LAND = ("site_clearances", "clearance_households", "clearance_payments", "audit_rows")
HEADS = (
    "Mã hộ",
    "Chủ hộ",
    "Thôn",
    "Diện tích (m²)",
    "Hình thức",
    "Bồi thường phải trả (đồng)",
    "Ngày bàn giao",
    "Ghi chú",
)
Cells = Sequence[Any]


def rows(*cells: Cells, heads: Cells = HEADS) -> list[tuple[int, Cells]]:
    return list(enumerate((heads, *cells), start=1))


def row(code: str, **values: Any) -> Cells:
    keys = (
        "code",
        "head_name",
        "hamlet_code",
        "area_dm2",
        "form",
        "compensation_due",
        "handed_over_on",
        "note",
    )
    cells = {"code": code, "head_name": NAME} | values
    return tuple(cells.get(key, "") for key in keys)


def apply(work_id: uuid.UUID, *cells: Cells, only_good: bool = False) -> Preview:
    return clearance_table.apply(actor("officer"), work_id, rows(*cells), only_good=only_good)


def faults(work_id: uuid.UUID, *cells: Cells) -> list[tuple[int, str]]:
    preview = clearance_table.preview(actor("officer"), work_id, rows(*cells))
    return [(bad.number, fault.field) for bad in preview.bad for fault in bad.faults]


def test_a_table_is_shown_first_and_written_only_then(world: World) -> None:
    its = work()
    household(its.id, code="H01", area_dm2=18_050, note="cũ")
    cells = (
        row("H01", compensation_due="12.000.000", note="mới"),
        row(
            "H02",
            hamlet_code="trà huỳnh",
            area_dm2="164,5",
            form="Bồi thường",
            compensation_due=Decimal(18_500_000),
        ),
        row("H03", hamlet_code="20770.01", form="hiến đất", handed_over_on="20/07/2023"),
        row("H04", area_dm2=Decimal("98.25"), handed_over_on=date(2023, 6, 1)),
    )
    before = state(*LAND)
    preview = clearance_table.preview(actor("officer"), its.id, rows(*cells))
    assert state(*LAND) == before
    assert [(r.number, r.state) for r in preview.rows] == [(2, "changed"), (3, "new"), (4, "new"), (5, "new")]
    assert preview.rows[0].changed == ("compensation_due", "note")
    assert (preview.due, preview.writes, preview.refusal) == (30_500_000, 4, None)
    done = apply(its.id, *cells)
    assert done.applied
    one, two, three, four = found(its.id)
    assert (one.compensation_due, one.note, one.area_dm2, one.version) == (12 * MILLION, "mới", 18_050, 2)
    assert (two.hamlet_code, two.area_dm2, two.form, two.compensation_due) == (
        "20770.02",
        16_450,
        "money",
        18_500_000,
    )
    assert (three.form, three.hamlet_code, three.handed_over_on) == ("gift", "20770.01", date(2023, 7, 20))
    assert (four.area_dm2, four.handed_over_on, four.compensation_due) == (9_825, date(2023, 6, 1), 0)
    assert clearance.get(actor(), its.id).figures.due == 30_500_000
    assert clearance_table.preview(actor("officer"), its.id, rows(*cells)).count("unchanged") == 4
    told = audit.history(actor("inspector"), subject_kind="site_clearance")[0]
    assert (told.action, told.facts) == ("clearance.import", {"new": 3, "changed": 1, "left_out": 0})
    assert len(audit.history(actor("inspector"), subject_kind="clearance_household")) == 5


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"head_name": ""}, ["head_name"]),
    ({"head_name": MASKED}, ["head_name"]),
    ({"head_name": "x" * 121}, ["head_name"]),
    ({"head_name": "Hồ\u200bVăn"}, ["head_name"]),
    ({"hamlet_code": "Thôn Không Có"}, ["hamlet_code"]),
    ({"area_dm2": "trăm"}, ["area_dm2"]),
    ({"area_dm2": Decimal("0.001")}, ["area_dm2"]),
    ({"area_dm2": Decimal(-1)}, ["area_dm2"]),
    ({"form": "vay"}, ["form"]),
    ({"form": "Hiến đất", "compensation_due": "1"}, ["compensation_due"]),
    ({"compensation_due": "nhiều"}, ["compensation_due"]),
    ({"compensation_due": Decimal("0.5")}, ["compensation_due"]),
    ({"compensation_due": Decimal(10**15)}, ["compensation_due"]),
    ({"handed_over_on": "31/02/2023"}, ["handed_over_on"]),
    ({"handed_over_on": today() + timedelta(days=1)}, ["handed_over_on"]),
    ({"code": "x" * 41}, ["code", "code"]),
    ({"area_dm2": "x", "form": "y", "note": "z" * 1001}, ["area_dm2", "form", "note"]),
]


@pytest.mark.parametrize(("values", "fields"), BAD)
def test_faults_are_told_by_row_and_column(world: World, values: dict[str, Any], fields: list[str]) -> None:
    told = faults(work().id, row("H01"), row(**({"code": "H02"} | values)))
    assert [number for number, _ in told] == [3] * len(told)
    assert {field for _, field in told} == set(fields)


def test_a_code_that_comes_twice_is_a_fault_of_the_second_row(world: World) -> None:
    assert faults(work().id, row("H01"), row("H02"), row("H01")) == [(4, "code")]


def test_with_a_bad_row_nothing_is_written_unless_the_good_ones_are_asked_for(world: World) -> None:
    its = work()
    cells = (row("H01", compensation_due="5 triệu"), row("H02", area_dm2="x"), row("H03"))
    before = state(*LAND)
    assert not apply(its.id, *cells).applied
    assert state(*LAND) == before, "not even begun"
    done = apply(its.id, *cells, only_good=True)
    assert (done.applied, done.count("new"), len(done.bad)) == (True, 2, 1)
    assert [h.code for h in found(its.id)] == ["H01", "H03"]
    assert not apply(its.id, row("H01", compensation_due="5 triệu"), row("H03")).applied, "nothing to write"


@pytest.mark.parametrize("only_good", [True, False])
def test_a_table_past_the_plan_is_refused_whole(world: World, only_good: bool) -> None:
    its = work()
    household(its.id, code="H01")
    planned(its.id, 20 * MILLION)
    before = state(*LAND)
    refused = apply(
        its.id,
        row("H02", compensation_due=Decimal(10 * MILLION + 1)),
        row("H03", form="?"),
        only_good=only_good,
    )
    assert not refused.applied
    assert refused.refusal is not None
    assert (refused.refusal.rule, dict(refused.refusal.facts)) == (
        "compensation_plan", {"asked": 20 * MILLION + 1, "held": 20 * MILLION},
    )  # fmt: skip
    assert state(*LAND) == before
    moved = apply(
        its.id,
        row("H01", compensation_due=Decimal(MILLION)),
        row("H02", compensation_due=Decimal(19 * MILLION)),
    )
    assert moved.applied, "what one household gives up, another may have"


def test_a_row_below_what_was_paid_is_a_fault(world: World) -> None:
    its = work()
    made = household(its.id, code="H01")
    clearance_payments.pay(actor(), its.id, made.id, compensation(its.id).id, 4 * MILLION)
    assert faults(its.id, row("H01", compensation_due=Decimal(4 * MILLION - 1))) == [(2, "compensation_due")]
    assert faults(its.id, row("H01", compensation_due=Decimal(4 * MILLION))) == []


def test_the_table_may_stand_below_titles_and_above_sums_and_notes(world: World) -> None:
    its = work()
    cells = [
        (1, ("Danh sách hộ",)), (3, ("Ghi chú", "mã HỘ", "STT", "CHỦ HỘ (ông, bà)", "Mã hộ")),
        (4, ("x", "H01", Decimal(1), "Hồ A", "")), (5, ("", Decimal(7), "", "Hồ B", "")),
        (6, ("", "Cộng 2 hộ", "", "", "")), (7, ("", "Người lập bảng", "", "", "")),
        (8, ("", "H09", "", "Thêm ở cuối", "")),
    ]  # fmt: skip
    done = clearance_table.apply(actor("officer"), its.id, cells)
    assert (done.applied, done.unused) == (True, ("STT", "Mã hộ"))
    assert [(h.code, h.head_name, h.note) for h in found(its.id)] == [
        ("7", "Hồ B", ""), ("H01", "Hồ A", "x"), ("H09", "Thêm ở cuối", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cells", [[], rows(), rows(("H01", "Hồ A"), heads=("Mã", "Tên")), rows(("H01",), heads=("Mã hộ",))]
)
def test_a_table_without_columns_or_rows_is_refused(world: World, cells: list[tuple[int, Cells]]) -> None:
    its = work()
    with fails(Invalid, "file"):
        clearance_table.preview(actor("officer"), its.id, cells)


def taken_out(its: works.WorkView, who: Any, form: str, lang: str) -> list[tuple[int, Cells]]:
    """The file of all households as somebody downloads it, read again as it is sent back."""
    seen = clearance_households.page(who, its.id, HouseholdFilter(), purpose="export", offset=0, limit=10_000)
    table = file_table(its, seen.households, seen.together, filters=[])
    content = xlsx.write(table, lang) if form == "xlsx" else b"".join(csv.write(table, lang))
    return [(line.number, line.values) for line in sheet.read(content)]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_what_is_taken_out_can_be_sent_back_changed(world: World, form: str, lang: str, role: str) -> None:
    its = work()
    paid = household(
        its.id,
        code="01",
        hamlet_code="20770.02",
        area_dm2=18_050,
        parcels="Tờ 9, thửa 12",
        compensation_due=25_000_001,
    )
    household(
        its.id, code="H2", area_dm2=5, assets="nhà\r\nvườn  rau", note="=1+1", form="gift", compensation_due=0
    )
    household(
        its.id,
        code="-3",
        head_name="Lê Thị Hoa",
        handed_over_on=date(2023, 6, 1),
        note="'x",
        area_dm2=100_000,
    )
    clearance_payments.pay(actor(), its.id, paid.id, compensation(its.id).id, MILLION)
    out = taken_out(its, actor(role), form, lang)
    same = clearance_table.preview(actor("officer"), its.id, out)
    assert [(r.code, r.state, r.changed, r.faults) for r in same.rows] == [
        (code, "unchanged", (), ()) for code in ("01", "-3", "H2")
    ]
    assert same.unused == tuple(translate(lang, name) for name in ("Đã chi trả", "Còn phải chi trả"))
    names = [translate(lang, COLUMNS[key]) for key in COLUMNS]
    at = next(i for i, (_, cells) in enumerate(out) if list(cells[:10]) == names)
    number, cells = out[at + 1]
    changed = [*cells]
    changed[names.index(translate(lang, COLUMNS["compensation_due"]))] = "26 triệu"
    out[at + 1] = (number, tuple(changed))
    assert clearance_table.apply(actor("officer"), its.id, out).applied
    assert [(h.code, h.head_name, h.compensation_due) for h in found(its.id)] == [
        ("01", NAME, 26 * MILLION), ("-3", "Lê Thị Hoa", 10 * MILLION), ("H2", NAME, 0),
    ]  # fmt: skip
    assert [h.assets for h in found(its.id)][2] == "nhà\r\nvườn  rau", "lines that a cell cannot hold stay"


def test_five_thousand_rows_come_and_change_in_reasonable_time(world: World) -> None:
    its = work()
    cells = [row(f"H{i:04}", area_dm2="120,5", compensation_due=Decimal(1_000)) for i in range(5_000)]
    begun = time.monotonic()
    assert clearance_table.preview(actor("officer"), its.id, rows(*cells)).count("new") == 5_000
    assert apply(its.id, *cells).applied
    assert (
        apply(its.id, *(row(f"H{i:04}", compensation_due=Decimal(999)) for i in range(5_000))).count(
            "changed"
        )
        == 5_000
    )
    assert time.monotonic() - begun < 60
    figures = clearance.get(actor(), its.id).figures
    assert (figures.households, figures.due, figures.area_dm2) == (5_000, 4_995_000, 60_250_000)


def test_a_file_is_kept_for_its_sender_alone_until_it_is_used(world: World) -> None:
    its, other = work(), work()
    sender, file = actor("officer"), b"Ma ho"
    kept = clearance_table.keep(sender, its.id, file)
    assert clearance_table.kept(sender, its.id, kept) == file
    for who, where in ((actor("accountant"), its.id), (sender, other.id)):
        with fails(NotFound):
            clearance_table.kept(who, where, kept)
    [path] = (settings().data_dir / "held").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    clearance_table.let_go(sender, its.id, kept)
    with fails(NotFound):
        clearance_table.kept(sender, its.id, kept)


def test_a_file_that_nobody_confirms_is_dropped_after_a_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its, sender = work(), actor("officer")
    kept = clearance_table.keep(sender, its.id, b"x")
    late = time.time() + 24 * 3600 + 60
    monkeypatch.setattr(time, "time", lambda: late)
    with fails(NotFound):
        clearance_table.kept(sender, its.id, kept)
    assert not list((settings().data_dir / "held").iterdir())


def test_a_preview_shows_no_names_that_were_not_sent(world: World) -> None:
    its = work()
    household(its.id, code="H01")
    before = views()
    [planned_row] = clearance_table.preview(actor("officer"), its.id, rows(row("H01", head_name=MASKED))).rows
    assert (planned_row.head_name, planned_row.state) == (MASKED, "unchanged")
    assert views() == before

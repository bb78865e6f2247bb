"""Households that a work affects, as a table on the page and as the file that can be sent back changed."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.works import WorkView
from app.domain.works.areas import square_metres
from app.domain.works.clearance import ClearanceSummary
from app.domain.works.clearance_households import HouseholdsTotal, HouseholdView
from app.domain.works.clearance_rows import COLUMNS, FORMS
from app.i18n import N_, Message
from app.reports.lines import Filters
from app.reports.svg import Bar
from app.reports.table import Cell, Column, Row, Table, Tag
from app.text import fold

HOUSEHOLD_STATES = {
    "waiting": N_("Chưa bàn giao"),
    "handed_over": N_("Đã bàn giao"),
    "unpaid": N_("Chưa chi trả đủ"),
    "at_risk": N_("Bàn giao khi chưa chi trả đủ"),
    "gift": N_("Hiến đất"),
}
_PAID = N_("Đã chi trả")
_UNPAID = N_("Còn phải chi trả")
_WIDTHS = {
    "code": 12, "head_name": 28, "hamlet_code": 22, "parcels": 26, "area_dm2": 14, "assets": 40, "form": 18,
    "note": 30,
}  # fmt: skip


def file_name(work: WorkView) -> str:
    """What names a work in the name of a file."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(work.code))


def clearance_bar(figures: ClearanceSummary | HouseholdView) -> Bar:
    """What is due: paid, and still to be paid."""
    return Bar(paid=figures.paid, available=max(0, figures.unpaid))


def state_tag(household: HouseholdView) -> Tag:
    """Whether a household handed its land over, and whether that was before it was paid."""
    if household.at_risk:
        return Tag("risk", N_("bàn giao khi chưa chi trả đủ"))
    if household.handed_over_on is not None:
        return Tag("done", Message(N_("bàn giao {day:date}"), {"day": household.handed_over_on}))
    return Tag("", N_("chưa bàn giao"))


def households_table(
    work: WorkView, households: Sequence[HouseholdView], together: HouseholdsTotal, *, filters: Filters
) -> Table:
    """Households as the page shows them; `together` is all that the filters leave, also beyond this page."""
    return Table(
        title=N_("Các hộ bị ảnh hưởng"),
        columns=[
            Column("name", N_("Hộ")),
            Column("area", N_("Diện tích (m²)"), "number"),
            Column("due", N_("Phải trả"), "money"),
            Column("paid", _PAID, "money"),
            Column("unpaid", _UNPAID, "money"),
            Column("state", N_("Bàn giao"), "tag"),
        ],
        rows=[_row(work, household) for household in households],
        totals=_totals(together, "name"),
        filters=[(N_("Công trình"), work.name), *filters],
        name=f"ho-gpmb-{file_name(work)}",
    )


def _row(work: WorkView, h: HouseholdView) -> Row:
    about = " · ".join(part for part in (h.hamlet_name, h.parcels) if part)
    gift = Tag("plain", FORMS["gift"]) if h.form == "gift" else None
    return Row(
        {
            "name": Cell(f"{h.code} · {h.head_name}", f"/works/{work.id}/clearance/households/{h.id}", about or None, gift),
            "area": square_metres(h.area_dm2),
            "due": h.compensation_due,
            "paid": h.paid,
            "unpaid": h.unpaid,
            "state": state_tag(h),
        }
    )  # fmt: skip


def _totals(together: HouseholdsTotal, first: str) -> Row | None:
    if not together.count:
        return None
    return Row(
        {
            first: Message(N_("Cộng {n:number} hộ"), {"n": together.count}),
            "area": square_metres(together.area_dm2),
            "area_dm2": square_metres(together.area_dm2),
            "due": together.due,
            "compensation_due": together.due,
            "paid": together.paid,
            "unpaid": together.due - together.paid,
        },
        "sum",
    )


def file_table(
    work: WorkView, households: Sequence[HouseholdView], together: HouseholdsTotal, *, filters: Filters
) -> Table:
    """Households as a file: the columns that an import reads, then what follows from them."""
    return Table(
        title=N_("Các hộ bị ảnh hưởng"),
        columns=[*_columns(), Column("paid", _PAID, "money"), Column("unpaid", _UNPAID, "money")],
        rows=[
            Row(
                {
                    **{key: getattr(h, key) for key in COLUMNS},
                    "hamlet_code": h.hamlet_name,
                    "area_dm2": square_metres(h.area_dm2),
                    "form": Message(FORMS[h.form]),
                    "paid": h.paid,
                    "unpaid": h.unpaid,
                }
            )
            for h in households
        ],
        totals=_totals(together, "code"),
        filters=[(N_("Công trình"), work.name), *filters],
        name=f"ho-gpmb-{file_name(work)}",
    )


def template_table(work: WorkView) -> Table:
    """The empty table that an import reads."""
    return Table(
        title=N_("Các hộ bị ảnh hưởng"), columns=_columns(), rows=[], name=f"mau-ho-gpmb-{file_name(work)}"
    )


def _columns() -> list[Column]:
    kinds = {"area_dm2": "number", "compensation_due": "money", "handed_over_on": "date"}
    return [
        Column(key, label, kinds.get(key, "text"), width=_WIDTHS.get(key))  # type: ignore[arg-type]
        for key, label in COLUMNS.items()
    ]

"""Who gets what from support models, and what came of them, as tables in a reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.domain.support.earlier import Earlier
from app.domain.support.outcomes import By, Outcome
from app.domain.support.received import Gift, Received
from app.i18n import N_, Message
from app.reports.table import Cell, Column, Row, Table

Item = dict[str, Any]
WAYS: Final[dict[str, str]] = {
    "model": N_("Theo mô hình"),
    "hamlet": N_("Theo thôn"),
    "year": N_("Theo năm"),
    "commune": N_("Theo xã"),
}
STATUSES: Final = {"poor": N_("Hộ nghèo"), "near_poor": N_("Hộ cận nghèo"), "escaped": N_("Mới thoát nghèo")}


def gifts_table(found: Received, *, filters: Sequence[tuple[str, str]], show_unit: bool, name: str) -> Table:
    """What households received; the total is that of all, also beyond this page."""
    return Table(
        title=N_("Hộ đã nhận hỗ trợ"),
        columns=[
            Column("code", N_("Mã hộ"), width=16),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("hamlet", N_("Thôn"), width=20),
            Column("model", N_("Mô hình"), width=50),
            Column("project", N_("Dự án"), width=14),
            Column("times", N_("Lần nhận"), "number"),
            Column("value", N_("Giá trị"), "money"),
        ],
        rows=[_gift(gift) for gift in found.gifts],
        totals=Row(
            {
                "code": Message(N_("Cộng {n:number} hộ"), {"n": found.households}),
                "value": found.value,
            },
            "sum",
        )
        if found.count
        else None,
        filters=filters,
        notes=[N_("Giá trị tính theo đơn giá đã duyệt của mô hình.")] if found.count else [],
        name=name,
    )


def _gift(gift: Gift) -> Row:
    return Row(
        {
            "code": Cell(gift.code, f"/households/{gift.household_id}"), "unit": gift.unit_name,
            "hamlet": gift.hamlet or "", "model": Cell(gift.model_name, f"/support/{gift.model_id}"),
            "project": gift.project_code, "times": gift.deliveries, "value": gift.value,
        }
    )  # fmt: skip


def twice_items(found: Sequence[Earlier]) -> list[Item]:
    """Items of a list: households given the same more than once, with the earlier record."""
    return [
        {
            "name": e.household_code, "href": f"/households/{e.household_id}", "model": e.model_name,
            "model_href": f"/support/{e.model_id}", "year": str(e.year), "kinds": ", ".join(e.kinds),
            "received_on": e.received_on,
        }
        for e in found
    ]  # fmt: skip


def waiting_table(
    found: Received, *, filters: Sequence[tuple[str, str]], show_unit: bool, name: str
) -> Table:
    """Households that may be supported and never were."""
    return Table(
        title=N_("Hộ thuộc diện mà chưa từng được hỗ trợ"),
        columns=[
            Column("code", N_("Mã hộ"), width=16),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("hamlet", N_("Thôn"), width=20),
            Column("status", N_("Diện"), width=20),
        ],
        rows=[
            Row(
                {
                    "code": Cell(w.code, f"/households/{w.household_id}"),
                    "unit": w.unit_name,
                    "hamlet": w.hamlet or "",
                    "status": Message(STATUSES[w.status]),
                }
            )
            for w in found.waiting
        ],
        filters=filters,
        name=name,
    )


def outcomes_table(
    rows: Sequence[Outcome], total: Outcome, by: By, *, filters: Sequence[tuple[str, str]], name: str
) -> Table:
    """Models compared one way; below each figure the count that it comes from."""
    return Table(
        title=N_("Kết quả của các mô hình"),
        columns=[
            Column("label", WAYS[by], width=50),
            Column("households", N_("Số hộ"), "number"),
            Column("value", N_("Đã hỗ trợ"), "money"),
            Column("left", N_("Hộ thoát nghèo"), "number"),
            Column("cost", N_("Chi một hộ thoát nghèo"), "money"),
            Column("survival", N_("Con được cấp còn sống, đã bán"), "percent"),
            Column("unknown", N_("Con chưa rõ"), "number"),
            Column("born", N_("Sinh thêm"), "number"),
            Column("change", N_("Thu nhập tăng một hộ một năm"), "money"),
        ],
        rows=[_outcome(o, _href(o, by)) for o in rows],
        totals=_outcome(total, None, "sum") if rows else None,
        filters=filters,
        notes=[
            N_(
                "Chỉ tính từ bản ghi: đợt nhận, lần thăm, diện của hộ, thu nhập đã báo; số nhỏ là số bản ghi đứng sau."
            ),
            N_("Đợt nhận, lần thăm tính đến hết năm đang xem."),
            N_(
                "Chi một hộ thoát nghèo: giá trị cấp cho các hộ đã rõ diện, chia cho số hộ thoát nghèo trong các hộ ấy. Mô hình của chính năm đang xem thì chưa rõ."
            ),
            N_(
                "Con được cấp: chia cho số con hộ đã nhận đến lần đếm cuối; con không thấy sống, chết, bán là chưa rõ, không tính là còn."
            ),
        ],
        name=name,
    )


def _href(o: Outcome, by: By) -> str | None:
    return f"/support/{o.key}" if by == "model" else None


def _outcome(o: Outcome, href: str | None, kind: Any = "row") -> Row:
    return Row(
        {
            "label": Cell(o.label or Message(N_("Tất cả")), href, None),
            "households": o.households,
            "value": o.value,
            "left": Cell(o.left, sub=f"/{o.counted}"),
            "cost": Cell(o.cost_per_left, sub=f"{o.counted}"),
            "survival": Cell(o.survival, sub=f"{o.visited}"),
            "unknown": o.unknown,
            "born": o.born,
            "change": Cell(o.mean_change, sub=f"{o.incomes}"),
        },
        kind,
    )

"""The disbursement report: the same rows as the interface's, as one table for page, Excel and CSV."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.ledger.figures import Figures
from app.domain.ledger.pockets import Pockets
from app.domain.programs import Names
from app.i18n import N_, Message
from app.money import rate
from app.reports.labels import CAPITAL_KINDS
from app.reports.table import Cell, Column, Row, Table, Value

_COLUMNS = (
    Column("name", N_("Chương trình, dự án"), width=60),
    Column("source", N_("Nguồn vốn"), width=24),
    Column("kind", N_("Loại vốn"), width=22),
    Column("plan", N_("Kế hoạch"), "money"),
    Column("carried_in", N_("trong đó năm trước chuyển sang"), "money"),
    Column("disbursed", N_("Giải ngân"), "money"),
    Column("advanced", N_("Tạm ứng chưa thu hồi"), "money"),
    Column("paid", N_("Thanh toán KLHT"), "money"),
    Column("settled", N_("Đã quyết toán"), "money"),
    Column("available", N_("Còn lại"), "money"),
    Column("carried_out", N_("Chuyển năm sau"), "money"),
    Column("lapsed", N_("Hủy dự toán"), "money"),
    Column("rate", N_("Tỷ lệ giải ngân"), "percent"),
)


def disbursement_table(
    found: Figures,
    names: Names,
    lang: str = "vi",
    opens: Callable[[str, str, str], str] | None = None,
) -> Table:
    """`opens(project, source, capital kind)` leads to the entries behind a row."""
    rows: list[Row] = []
    groups: dict[str, list[Pockets]] = {}
    for row in found.rows:
        groups.setdefault(row.program_code, []).append(row.pockets)
    for program, parts in groups.items():
        whole = sum(parts, Pockets())
        rows.append(Row({"name": names.programs.get(program, program), **_figures(whole)}, "group"))
        for row in found.rows:
            if row.program_code == program:
                href = opens(row.project_code, row.source, row.capital_kind) if opens else None
                name = Cell(names.projects.get(row.project_code, row.project_code), href, row.project_code)
                source = names.source(row.source, lang)
                kind = Message(CAPITAL_KINDS[row.capital_kind])
                rows.append(Row({"name": name, "source": source, "kind": kind, **_figures(row.pockets)}))
    return Table(
        title=Message(N_("Tình hình giải ngân năm {year}"), {"year": found.year}),
        subtitle=found.unit.name,
        columns=_COLUMNS,
        rows=rows,
        totals=Row({"name": Message(N_("Cộng")), **_figures(found.total)}, "sum") if rows else None,
        filters=[
            (N_("Đơn vị"), f"{found.unit.name} ({found.unit.code})"),
            (N_("Năm ngân sách"), str(found.year)),
            (N_("Tính đến ngày"), found.as_of),
            (N_("Số liệu đã ghi sổ đến"), Message("{at:moment}", {"at": found.known_at})),
        ],
        notes=[N_("Kế hoạch gồm vốn giao, trừ điều chỉnh giảm, cộng vốn năm trước chuyển sang.")],
        as_of=found.as_of,
        made_at=found.known_at,
        name=f"giai-ngan-{found.unit.code}-{found.year}",
    )


def _figures(pockets: Pockets) -> dict[str, Value]:
    columns = (
        "plan",
        "carried_in",
        "disbursed",
        "advanced",
        "paid",
        "settled",
        "available",
        "carried_out",
        "lapsed",
    )
    return {name: getattr(pockets, name) for name in columns} | {
        "rate": rate(pockets.disbursed, pockets.plan)
    }

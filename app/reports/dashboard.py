"""A unit's year as tables: by program, by source and capital kind, by unit below, month by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from app.domain.dashboard import Dashboard, Sum, YearOf
from app.domain.ledger.pockets import Pockets
from app.i18n import N_, Message
from app.money import rate
from app.reports.labels import CAPITAL_KINDS
from app.reports.lines import bar_of
from app.reports.table import Cell, Column, Row, RowKind, Table, Value

# Where the lines or entries behind a figure are read, by what it is narrowed to; None leads nowhere.
Opens = Callable[..., str | None]

_MONEY = (
    Column("plan", N_("Kế hoạch"), "money"),
    Column("disbursed", N_("Giải ngân"), "money"),
    Column("bar", N_("Tiền và thời gian"), "bar"),
    Column("rate", N_("Tỷ lệ"), "percent"),
    Column("at_risk", N_("Nguy cơ mất"), "money"),
)


def year_gone(money: YearOf) -> Decimal:
    """How much of the budget year had passed at the end of the day."""
    first, last = date(money.year, 1, 1), date(money.year, 12, 31)
    days = (money.as_of - first).days + 1
    whole = (last - first).days + 1
    return min(max(Decimal(days) / whole, Decimal(0)), Decimal(1))


def figures(of: Sum, gone: Decimal, href: str | None = None) -> dict[str, Value | Cell]:
    """A row's figures, each opening what it is made of."""
    pockets = of.pockets
    return {
        "plan": Cell(pockets.plan, href),
        "disbursed": Cell(pockets.disbursed, href),
        "bar": bar_of(pockets, gone, of.at_risk),
        "rate": rate(pockets.disbursed, pockets.plan),
        "at_risk": Cell(of.at_risk, href),
    }


def _table(money: YearOf, title: str, label: str, rows: list[Row], opens: Opens, name: str) -> Table:
    totals = {"name": Message(N_("Cộng")), **figures(money.whole, year_gone(money), opens())}
    return Table(
        title=Message(title),
        columns=[Column("name", label, width=60), *_MONEY],
        rows=rows,
        totals=Row(totals, "sum") if rows else None,
        filters=[(N_("Đơn vị"), money.unit.name), (N_("Năm"), str(money.year))],
        as_of=money.as_of,
        name=f"{name}-{money.unit.code}-{money.year}",
    )


def by_program(money: YearOf, opens: Opens) -> Table:
    """Programs as groups, below each the projects that have lines."""
    gone = year_gone(money)
    projects = money.by("project_code")
    program_of = {row.project_code: row.program_code for row in money.rows}
    rows = []
    for program, whole in money.by("program_code").items():
        rows.append(_row(money.names.programs[program], None, "group", whole, gone, opens(project=program)))
        rows += [
            _row(money.names.projects[code], code, "row", part, gone, opens(project=code))
            for code, part in projects.items()
            if program_of[code] == program
        ]
    return _table(money, N_("Theo chương trình"), N_("Chương trình, dự án"), rows, opens, "theo-chuong-trinh")


def _row(name: Value, sub: str | None, kind: RowKind, of: Sum, gone: Decimal, href: str | None) -> Row:
    return Row({"name": Cell(name, href, sub), **figures(of, gone, href)}, kind)


def by_source(money: YearOf, lang: str, opens: Opens) -> Table:
    gone = year_gone(money)
    sums = money.by("source")
    rows = [
        _row(money.names.source(code, lang), None, "row", sums[code], gone, opens(source=code))
        for code in money.names.sources
        if code in sums
    ]
    return _table(money, N_("Theo nguồn vốn"), N_("Nguồn vốn"), rows, opens, "theo-nguon")


def by_kind(money: YearOf, opens: Opens) -> Table:
    """By capital kind, with the usual last day of paying out of each."""
    gone = year_gone(money)
    sums = money.by("capital_kind")
    rows = []
    for kind, label in CAPITAL_KINDS.items():
        if kind in sums:
            row = _row(Message(label), None, "row", sums[kind], gone, opens(capital=kind))
            rows.append(row)
    return _table(money, N_("Theo loại vốn"), N_("Loại vốn"), rows, opens, "theo-loai-von")


def by_child(found: Dashboard, opens: Opens, opens_unit: Callable[[str], str]) -> Table:
    """The units below that have lines, and what stands on the unit's own lines."""
    money, gone = found.money, year_gone(found.money)
    rows = []
    for child in found.children:
        of = Sum(child.pockets, child.at_risk)
        href = opens_unit(child.exact_code)
        rows.append(_row(child.name, child.code, "row", of, gone, href))
    if found.own != Sum():
        label = Message(N_("{unit}, chưa phân xuống dưới"), {"unit": money.unit.name})
        rows.append(Row({"name": label, **figures(found.own, gone)}))
    return _table(money, N_("Theo đơn vị"), N_("Đơn vị"), rows, opens, "theo-don-vi")


def by_month(money: YearOf, months: Sequence[tuple[date, Pockets]]) -> Table:
    """What was disbursed by the end of each month, and in it."""
    rows = []
    before = 0
    for day, pockets in months:
        rows.append(
            Row(
                {
                    "day": Message(N_("đến hết {day:date}"), {"day": day}),
                    "disbursed": pockets.disbursed,
                    "more": pockets.disbursed - before,
                    "rate": rate(pockets.disbursed, pockets.plan),
                }
            )
        )
        before = pockets.disbursed
    return Table(
        title=N_("Giải ngân lũy kế"),
        columns=[
            Column("day", N_("Thời điểm")), Column("disbursed", N_("Lũy kế"), "money"),
            Column("more", N_("Trong tháng"), "money"), Column("rate", N_("Tỷ lệ trên kế hoạch lúc đó"), "percent"),
        ],
        rows=rows,
        as_of=money.as_of,
        name=f"luy-ke-{money.unit.code}-{money.year}",
    )  # fmt: skip

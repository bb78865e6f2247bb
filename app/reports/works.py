"""Works, a work's money by year and source, and its contracts, as tables."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from app.domain.ledger.lines import LineView
from app.domain.ledger.pockets import Pockets, total
from app.domain.works import WorksTotal, WorkView
from app.domain.works.contracts import ContractView
from app.domain.works.mapped import MapWork
from app.i18n import N_, Message, say
from app.money import rate
from app.reports.labels import CAPITAL_SHORT, STAGES
from app.reports.lines import Filters, bar_of
from app.reports.svg import Bar
from app.reports.table import Cell, Column, Row, Table, Tag


def work_bar(work: WorkView | WorksTotal) -> Bar:
    """A work's money over all years."""
    return Bar(work.settled, work.paid, work.advanced, work.available)


def stage_tag(work: WorkView | MapWork) -> Tag:
    if work.late:
        return Tag("late", N_("Quá hạn hoàn thành"))
    if work.stage in ("completed", "handed_over", "settled"):
        return Tag("done", STAGES[work.stage])
    return Tag("risk" if work.stage == "suspended" else "plain", STAGES[work.stage])


def works_table(
    works: Sequence[WorkView],
    together: WorksTotal,
    *,
    filters: Filters,
    show_unit: bool,
    name: str,
    lang: str,
    whole: bool = False,
    why: Mapping[uuid.UUID, Sequence[Message]] | None = None,
) -> Table:
    """Works with their money; `together` is all that the filters leave, also beyond this page.

    `why` says of each why it answers the question that was asked. `whole` (in a file) names all that is missing.
    """
    return Table(
        title=N_("Công trình"),
        columns=[
            Column("name", N_("Công trình"), width=50),
            *([Column("unit", N_("Chủ đầu tư"))] if show_unit else []),
            Column("stage", N_("Giai đoạn"), "tag"),
            *([Column("why", N_("Vì sao"), width=60)] if why is not None else []),
            *([Column("missing", N_("Còn thiếu"), width=60)] if why is None or whole else []),
            Column("finish", N_("Hoàn thành theo kế hoạch"), "date"),
            Column("investment", N_("Tổng mức đầu tư"), "money"),
            Column("allocated", N_("Đã giao"), "money"),
            Column("disbursed", N_("Giải ngân"), "money"),
            Column("bar", N_("Tiền theo phần"), "bar"),
        ],
        rows=[
            Row(
                {
                    "name": Cell(work.name, f"/works/{work.id}", f"{work.code} · {work.project_code}"),
                    "unit": work.owner_unit_name,
                    "stage": stage_tag(work),
                    "why": "; ".join(say(lang, reason) for reason in (why or {}).get(work.id, ())),
                    "missing": _missing(work, lang, whole),
                    "finish": work.planned_finish,
                    "investment": work.total_investment,
                    "allocated": work.allocated,
                    "disbursed": work.disbursed,
                    "bar": work_bar(work),
                }
            )
            for work in works
        ],
        totals=Row(
            {
                "name": Message(N_("Cộng {n:number} công trình"), {"n": together.count}),
                "investment": together.total_investment,
                "allocated": together.allocated,
                "disbursed": together.disbursed,
                "bar": work_bar(together),
            },
            "sum",
        )
        if together.count
        else None,
        filters=filters,
        name=name,
    )


def _missing(work: WorkView, lang: str, whole: bool) -> Cell:
    """What bars a work's next stage: how much, and the first by name; in a file everything."""
    names = [missing.said(lang) for missing in work.missing]
    if whole or not names:
        return Cell("; ".join(names))
    return Cell(Message(N_("{n:number} việc"), {"n": len(names)}), f"/works/{work.id}/dossier", names[0])


def money_table(work: WorkView, lines: Sequence[LineView], sources: Mapping[str, str]) -> Table:
    """A work's lines by year and source, over all years; each opens its line."""

    def figures(pockets: Pockets) -> dict[str, int | None]:
        return {
            "plan": pockets.plan, "disbursed": pockets.disbursed, "available": pockets.available,
            "carried_out": pockets.carried_out, "lapsed": pockets.lapsed,
        }  # fmt: skip

    together = total(line.pockets for line in lines)
    gone = [
        Column("carried_out", N_("Chuyển năm sau"), "money") if together.carried_out else None,
        Column("lapsed", N_("Đã hủy"), "money") if together.lapsed else None,
    ]
    in_order = sorted(lines, key=lambda line: (line.year, line.origin_year))
    return Table(
        title=N_("Tiền theo năm và nguồn"),
        columns=[
            Column("name", N_("Năm, nguồn vốn")),
            Column("plan", N_("Kế hoạch"), "money"),
            Column("disbursed", N_("Giải ngân"), "money"),
            *(column for column in gone if column),
            Column("available", N_("Còn lại"), "money"),
            Column("bar", N_("Tiền theo phần"), "bar"),
        ],
        rows=[
            Row(
                {
                    "name": Cell(
                        f"{line.year} · {sources.get(line.source, line.source)}",
                        f"/ledger/lines/{line.id}",
                        tag=Tag("plain", CAPITAL_SHORT[line.capital_kind]),
                    ),
                    **figures(line.pockets),
                    "bar": bar_of(line.pockets),
                }
            )
            for line in in_order
        ],
        totals=Row({"name": Message(N_("Cộng")), **figures(together), "bar": bar_of(together)}, "sum") if lines else None,
        name=f"tien-{work.code}",
    )  # fmt: skip


def contracts_table(work: WorkView, contracts: Sequence[ContractView]) -> Table:
    """A work's contracts: value with amendments, what was disbursed, and the room for advances."""
    together = {
        "value": sum(c.value_with_amendments for c in contracts),
        "disbursed": sum(c.disbursed for c in contracts),
        "advanced": sum(c.advanced for c in contracts),
    }
    return Table(
        title=N_("Hợp đồng"),
        columns=[
            Column("name", N_("Hợp đồng")),
            Column("signed", N_("Ngày ký"), "date"),
            Column("value", N_("Giá trị, kể cả phụ lục"), "money"),
            Column("disbursed", N_("Đã giải ngân"), "money"),
            Column("rate", N_("Tỷ lệ"), "percent"),
            Column("advanced", N_("Tạm ứng chưa thu hồi"), "money"),
            Column("ceiling", N_("Trần tạm ứng"), "money"),
        ],
        rows=[
            Row(
                {
                    "name": Cell(c.code, f"/contracts/{c.id}", c.contractor),
                    "signed": c.signed_on,
                    "value": c.value_with_amendments,
                    "disbursed": c.disbursed,
                    "rate": rate(c.disbursed, c.value_with_amendments),
                    "advanced": c.advanced,
                    "ceiling": c.advance_ceiling,
                }
            )
            for c in contracts
        ],
        totals=Row({"name": Message(N_("Cộng")), **together}, "sum") if contracts else None,
        name=f"hop-dong-{work.code}",
    )

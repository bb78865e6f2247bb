"""A version of a procedure as a table."""

from __future__ import annotations

from app.domain.works.procedures import ProcedureView
from app.i18n import N_, Message
from app.reports.labels import STAGES
from app.reports.steps import Names, kinds_named
from app.reports.table import Cell, Column, Row, Table, Tag


def procedure_table(version: ProcedureView, names: Names, lang: str) -> Table:
    """Its steps in order, each with what it needs and where its rule stands."""
    places = {step.code: i for i, step in enumerate(version.steps, start=1)}
    return Table(
        title=version.named(lang),
        columns=[
            Column("step", N_("Bước"), width=46),
            Column("after", N_("Sau bước"), width=12),
            Column("papers", N_("Văn bản cần có"), width=46),
            Column("who", N_("Ai lập, ai duyệt"), width=36),
            Column("days", N_("Số ngày thường dùng"), "number"),
            Column("gate", N_("Cần trước khi"), width=18),
            Column("source", N_("Căn cứ"), width=46),
        ],
        rows=[
            Row(
                {
                    "step": Cell(f"{places[step.code]}. {step.name_en if lang == 'en' and step.name_en else step.name}", None, step.code),
                    "after": ", ".join(str(places[code]) for code in step.after),
                    "papers": kinds_named(step.required_documents, names, lang),
                    "who": " · ".join(part for part in (step.prepares, step.approves) if part),
                    "days": step.days,
                    "gate": Message(STAGES[step.gate]) if step.gate else "",
                    "source": Cell(
                        step.source or version.source,
                        tag=Tag("risk", N_("chờ xác nhận")) if step.certainty == "confirm" else None,
                    ),
                }
            )
            for step in version.steps
        ],
        name=f"thu-tuc-{version.code}-{version.number}",
    )  # fmt: skip

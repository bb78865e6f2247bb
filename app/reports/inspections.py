"""Inspections as a table, what is missing of one, its demands, and a unit's report as tables: in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.clock import today
from app.domain.inspections import About, CheckView, Counts, DemandView, FindingView, InspectionView
from app.i18n import N_, Message, translate
from app.reports import directives
from app.reports.labels import PLAN_STATES, STAGES, SUPPORT_STATES
from app.reports.table import Cell, Column, Row, Table, Tag, TagKind

Item = dict[str, Any]
STATES: Final = {
    "planned": N_("Trong kế hoạch"),
    "held": N_("Chưa kết luận"),
    "concluded": N_("Đã kết luận"),
    "cancelled": N_("Đã hủy"),
}
RESULTS: Final = {
    "met": N_("Đạt"),
    "not_met": N_("Chưa đạt"),
    "not_applicable": N_("Không áp dụng"),
    "checked": N_("Đã kiểm tra"),
}
SUBJECTS: Final = {
    "work": N_("Công trình"),
    "line": N_("Dòng vốn"),
    "criterion": N_("Tiêu chí"),
    "support_model": N_("Mô hình hỗ trợ"),
    "directive": N_("Nhiệm vụ được giao"),
    "plan": N_("Kế hoạch"),
}
ROLES: Final = {
    "lead": N_("Trưởng đoàn"),
    "deputy": N_("Phó trưởng đoàn"),
    "secretary": N_("Thư ký"),
    "member": N_("Thành viên"),
}
WORDS: Final = {
    "results": N_("Kết quả chỉ đạo, thực hiện"),
    "difficulties": N_("Khó khăn, tồn tại, nguyên nhân"),
    "proposals": N_("Kiến nghị, đề xuất"),
}
_RESULT_TAGS: Final[Mapping[str, TagKind]] = {
    "met": "done", "not_met": "late", "not_applicable": "plain", "checked": "plain",
}  # fmt: skip
_PAGES: Final = {
    "work": "/works/{id}", "line": "/ledger/lines/{id}", "criterion": "/criteria/{id}?unit={unit}",
    "support_model": "/support/{id}", "directive": "/directives/{id}", "plan": "/plans/{id}",
}  # fmt: skip


def href(inspection: InspectionView) -> str:
    return f"/inspections/{inspection.id}"


def state_tag(inspection: InspectionView) -> Tag:
    """Where it stands; a planned one whose day has passed is late."""
    if inspection.state == "concluded":
        return Tag("done", N_("đã kết luận"))
    if inspection.state == "held":
        return Tag("risk", N_("chưa kết luận"))
    if inspection.state == "cancelled":
        return Tag("plain", N_("đã hủy"))
    if inspection.planned_on is not None and inspection.planned_on < today():
        return Tag("late", N_("quá ngày dự kiến"))
    return Tag("plain", N_("trong kế hoạch"))


def result_tag(result: str | None) -> Tag:
    if result is None:
        return Tag("plain", N_("chưa ghi"))
    return Tag(_RESULT_TAGS[result], RESULTS[result])


def about_href(of: CheckView | FindingView, inspection: InspectionView) -> str | None:
    """The page of what a line or a finding is about; none of what the reader may not see."""
    if of.about is None:
        return None
    return _PAGES[of.about.kind].format(id=of.about.id, unit=inspection.exact_unit)


def about_name(about: About | None, lang: str) -> str:
    if about is None:
        return ""
    name = about.named(lang)
    return f"{about.id}. {name}" if about.kind == "criterion" else name


def lacks(inspection: InspectionView, lang: str) -> list[Item]:
    """Items of `ui.missing`: what an inspection should have by now and has not."""
    if inspection.state == "cancelled":
        return []
    done = inspection.state != "planned"
    found = (
        (inspection.decision is None, N_("Quyết định thành lập đoàn kiểm tra")),
        (inspection.lead is None, N_("Trưởng đoàn")),
        (not done and inspection.planned_on is None, N_("Ngày dự kiến kiểm tra")),
        (done and not inspection.findings, N_("Kết quả, tồn tại đã thấy")),
        (inspection.state == "concluded" and not inspection.conclusion_number, N_("Số thông báo kết luận")),
    )
    return [{"name": translate(lang, name)} for is_missing, name in found if is_missing]


def inspections_table(
    found: Sequence[InspectionView],
    together: Counts,
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Inspections with their day, decision, team and state; `together` is all that the filters leave."""
    return Table(
        title=N_("Kế hoạch kiểm tra"),
        columns=[
            Column("title", N_("Cuộc kiểm tra"), width=60),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("year", N_("Năm"), width=8),
            Column("planned", N_("Ngày dự kiến"), "date"),
            Column("held", N_("Ngày kiểm tra"), "date"),
            Column("state", N_("Tình trạng"), "tag", width=22),
            Column("team", N_("Đoàn kiểm tra"), width=30),
            Column("decision", N_("Quyết định"), width=24),
            Column("shortcomings", N_("Tồn tại"), "number"),
        ],
        rows=[
            Row(
                {
                    "title": Cell(i.title, href(i), i.by_name),
                    "unit": i.unit_name,
                    "year": str(i.year),
                    "planned": i.planned_on,
                    "held": i.held_on,
                    "state": state_tag(i),
                    "team": Cell(i.team_name, sub=i.lead.person if i.lead else None),
                    "decision": i.decision_number,
                    "shortcomings": len(i.shortcomings) if i.state != "planned" else None,
                }
            )
            for i in found
        ],
        totals=Row(
            {
                "title": Message(
                    N_("{n:number} cuộc: {planned:number} trong kế hoạch, {held:number} chưa kết luận, {concluded:number} đã kết luận"),
                    {"n": together.all, "planned": together.planned, "held": together.held, "concluded": together.concluded},
                )
            },
            "sum",
        )
        if together.all
        else None,
        filters=filters,
        name=name,
    )  # fmt: skip


def demand_items(found: Sequence[DemandView]) -> list[Item]:
    """Demands as a list shows them: what, of whom, by when, where it stands; `href` where the reader may open it."""
    return [
        {
            "text": d.text, "href": directives.href(d) if d.readable else None, "tag": directives.state_tag(d), "who": d.assignee_name,
            "due": d.due_on, "quote": d.quote,
        }
        for d in found
    ]  # fmt: skip


# The unit's report --------------------------------------------------------------------------------------


def money_table(content: Mapping[str, Any], name: str) -> Table:
    """The money of a report by program, as it was frozen."""
    money = content["money"]
    return Table(
        title=Message(N_("Vốn năm {year} theo chương trình"), {"year": str(content["year"])}),
        columns=[
            Column("name", N_("Chương trình"), width=40),
            Column("plan", N_("Kế hoạch"), "money"),
            Column("disbursed", N_("Giải ngân"), "money"),
            Column("rate", N_("Tỷ lệ"), "percent"),
            Column("available", N_("Còn lại"), "money"),
            Column("at_risk", N_("Nguy cơ mất"), "money"),
        ],
        rows=[Row({"name": row["name"], **_figures(row)}) for row in money["programs"]],
        totals=Row({"name": Message(N_("Cộng"), {}), **_figures(money["total"])}, "sum"),
        as_of=date.fromisoformat(content["as_of"]),
        name=name,
    )


def _figures(row: Mapping[str, Any]) -> dict[str, Any]:
    rate = None if row["rate"] is None else Decimal(str(row["rate"]))
    return {name: row[name] for name in ("plan", "disbursed", "available", "at_risk")} | {"rate": rate}


def stated(content: Mapping[str, Any]) -> list[tuple[str, list[tuple[Message, int]]]]:
    """Works, plans and models of a report: how many stand in each state, in the order of the states."""
    groups = (
        (N_("Công trình"), content["works"]["by_stage"], STAGES),
        (N_("Kế hoạch"), content["plans"]["by_state"], PLAN_STATES),
        (N_("Mô hình hỗ trợ"), content["models"]["by_state"], SUPPORT_STATES),
    )
    return [
        (title, [(Message(words[state], {}), by[state]) for state in words if by.get(state)])
        for title, by, words in groups
    ]


def late_items(content: Mapping[str, Any], lang: str) -> list[Item]:
    """Items of `ui.missing`: works that were late, as they were named then, and how many more there were."""
    works = content["works"]
    others = works["late_total"] - len(works["late"])
    more = [{"name": translate(lang, N_("{n:number} công trình khác"), n=others)}] if others else []
    return [
        {
            "name": work["name"], "href": f"/works/{work['id']}",
            "note": translate(lang, N_("quá hạn hoàn thành {days:number} ngày"), days=work["days"]),
        }
        for work in works["late"]
    ] + more  # fmt: skip

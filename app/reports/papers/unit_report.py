"""The report (báo cáo) of an inspected unit, from the figures and words that were frozen when it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.clock import local
from app.domain.inspections.reporting import ReportView
from app.i18n import format_date
from app.money import format_number, percent
from app.reports.archive import plain
from app.reports.labels import PLAN_STATES, STAGES, SUPPORT_STATES
from app.reports.papers.paper import (
    Block,
    Col,
    Grid,
    Heading,
    Items,
    Paper,
    Paragraph,
    Signature,
    full_committee_of,
    people_of,
    place_of,
)

_MONEY: Final = (
    Col("Chương trình", 6), Col("Kế hoạch", 4, "right"), Col("Giải ngân", 4, "right"), Col("Còn lại", 4, "right"),
    Col("Tỷ lệ", 2, "right"),
)  # fmt: skip


def unit_report(report: ReportView) -> Paper:
    """A report as it was frozen: it says what was so then, however books and inspection were changed since."""
    content = report.content
    words: Mapping[str, str] = content.get("words", {})
    unit, inspection = str(content["unit_name"]), content["inspection"]
    return Paper(
        name=f"bao-cao-{plain(place_of(unit))}-{report.as_of.isoformat()}",
        kind="Báo cáo",
        abstract=f"Tình hình thực hiện các chương trình mục tiêu quốc gia\n(phục vụ: {inspection['title']})",
        to=full_committee_of(inspection["by_name"]),
        sign="BC-UBND",
        issuer=people_of(unit),
        place=place_of(unit),
        day=local(report.created_at).date(),
        blocks=(
            Paragraph(f"Số liệu tính đến ngày {format_date(report.as_of)}.", italic=True),
            Heading("I. Kết quả thực hiện"),
            Paragraph(words.get("results", "")),
            *_money(content["money"], int(content["year"])),
            *_works(content["works"]),
            *_criteria(content["criteria"]),
            *_rest(content),
            *_said("II. Khó khăn, vướng mắc", words.get("difficulties", "")),
            *_said("III. Kiến nghị, đề xuất", words.get("proposals", "")),
        ),
        signatures=(Signature(("TM. Ủy ban nhân dân", "Chủ tịch")),),
        recipients=("Như trên", inspection["team_name"] or "Đoàn kiểm tra", "Lưu: VT"),
        illustrative=bool(content.get("illustrative")),
    )


def _said(title: str, text: str) -> Iterator[Block]:
    yield Heading(title)
    yield Paragraph(text or "Không có.")


def _money(money: Mapping[str, Any], year: int) -> Iterator[Block]:
    yield Heading(f"1. Vốn năm {year}", 2)
    rows = [(str(program["name"]), *_sums(program)) for program in money["programs"]]
    if rows:
        yield Grid(_MONEY, rows, ("Cộng", *_sums(money["total"])), "Đơn vị tính: đồng")
        yield Paragraph(
            f"{format_number(int(money['total']['at_risk']))} đồng.", lead="Có nguy cơ không giải ngân hết:"
        )
    else:
        yield Paragraph("Chưa có dòng vốn nào trong năm.")


def _sums(figures: Mapping[str, Any]) -> tuple[str, str, str, str]:
    plan, disbursed, available = (
        format_number(int(figures[name])) for name in ("plan", "disbursed", "available")
    )
    rate = figures["rate"]
    return plan, disbursed, available, percent(None if rate is None else Decimal(str(rate)))


def _works(works: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading("2. Công trình", 2)
    yield Paragraph(f"{works['total']} công trình{_by_state(works['by_stage'], STAGES)}.")
    if works["late"]:
        yield Paragraph(f"{works['late_total']} công trình.", lead="Quá hạn hoàn thành:")
        yield Items([*map(_late, works["late"]), *_others(works["late_total"] - len(works["late"]))])


def _others(number: int) -> list[str]:
    """The late works that are not named."""
    return [f"và {number} công trình khác"] if number else []


def _late(work: Mapping[str, Any]) -> str:
    due = work.get("planned_finish")
    until = f", hạn {format_date(date.fromisoformat(due))}" if due else ""
    return f"{work['name']}: chậm {work['days']} ngày{until}"


def _criteria(criteria: Mapping[str, Any] | None) -> Iterator[Block]:
    yield Heading("3. Tiêu chí nông thôn mới", 2)
    if criteria is None:
        yield Paragraph("Chưa có bộ tiêu chí áp dụng.")
        return
    of = (
        f" của {criteria['communes']} xã, {criteria['full']} xã đạt đủ"
        if criteria["communes"] is not None
        else ""
    )
    yield Paragraph(f"Đạt {criteria['met']}/{criteria['total']} tiêu chí{of} ({criteria['set']}).")
    if criteria["not_met"]:
        yield Paragraph("", lead="Chưa đạt:")
        yield Items([_not_met(one) for one in criteria["not_met"]])


def _not_met(one: Mapping[str, Any]) -> str:
    due = f", phải đạt trước {format_date(date.fromisoformat(one['due_on']))}" if one["due_on"] else ""
    lost = ", đã từng đạt" if one["state"] == "lost" else ""
    return f"Tiêu chí {one['number']}. {one['name']}{lost}{due}"


def _rest(content: Mapping[str, Any]) -> Iterator[Block]:
    plans, models, directives = content["plans"], content["models"], content["directives"]
    yield Heading("4. Kế hoạch, mô hình hỗ trợ", 2)
    yield Items(
        [
            f"{plans['total']} kế hoạch{_by_state(plans['by_state'], PLAN_STATES)}",
            f"{models['total']} mô hình{_by_state(models['by_state'], SUPPORT_STATES)}",
        ]
    )
    yield Heading("5. Nhiệm vụ được giao", 2)
    yield Paragraph(
        f"{directives['standing']} nhiệm vụ chưa được chấp nhận hoàn thành, trong đó {directives['overdue']} quá hạn, "
        f"{directives['reported']} đã báo cáo, {directives['returned']} bị trả lại."
    )


def _by_state(numbers: Mapping[str, int], names: Mapping[str, str]) -> str:
    """`: 2 thi công, 1 hoàn thành`, in the order of the names."""
    parts = [f"{numbers[state]} {name.lower()}" for state, name in names.items() if numbers.get(state)]
    return f": {', '.join(parts)}" if parts else ""

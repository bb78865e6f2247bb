"""A work's progress in words, as the S-curve with its table, and its reports as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from app.domain.works import WorkView
from app.domain.works.pace import PACE_DAYS, Course, Pace, disbursed_by
from app.domain.works.progress import UNFINISHED, ReportView
from app.i18n import N_, translate
from app.money import rate
from app.reports.curve import Curve, s_curve
from app.reports.table import Cell, Column, Row, Table
from app.text import fold


def file_name(work: WorkView) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(work.code))


def said(work: WorkView, pace: Pace, lang: str) -> str:
    """How a work stands against its plan, in one sentence; what holds it is said beside, with its link."""
    parts = [f"{_reached(pace, lang)}, {_against_plan(pace, lang)}"]
    if pace.money_percent is not None:
        parts.append(translate(lang, N_("tiền {share:percent}"), share=pace.money_percent))
    if work.stage in UNFINISHED and pace.physical_percent < 100:
        parts.append(_ahead(pace, lang))
    return "; ".join(parts) + "."


def _reached(pace: Pace, lang: str) -> str:
    if pace.reached_on is not None:
        return translate(lang, N_("Khối lượng đủ 100 % từ ngày {day:date}"), day=pace.reached_on)
    return translate(lang, N_("Khối lượng {done:number} %"), done=pace.physical_percent)


def _against_plan(pace: Pace, lang: str) -> str:
    if pace.planned_percent is None or pace.slippage_points is None:
        return translate(lang, N_("chưa có kế hoạch để so"))
    plan = translate(lang, N_("kế hoạch {planned:number} %"), planned=pace.planned_percent)
    points, days = abs(pace.slippage_points), abs(pace.slippage_days or 0)
    if not pace.late:
        early = days and pace.slippage_days and pace.slippage_days < 0
        if not early:
            return f"{plan}: {translate(lang, N_('đúng kế hoạch'))}"
        words = N_("sớm {points:number} điểm, {days:number} ngày") if points else N_("sớm {days:number} ngày")
    else:
        words = (
            N_("chậm {points:number} điểm, {days:number} ngày") if points else N_("chậm {days:number} ngày")
        )
    return f"{plan}: {translate(lang, words, points=points, days=days)}"


def _ahead(pace: Pace, lang: str) -> str:
    """When it will be finished, or why nobody can say."""
    if pace.forecast_on is not None:
        words = N_("giữ nhịp {days:number} ngày qua thì xong khoảng {day:date}")
    elif pace.reports_lately < 2:
        words = N_("{days:number} ngày qua chưa đủ hai báo cáo để ước ngày xong")
    else:
        words = N_("{days:number} ngày qua khối lượng không tăng nên chưa ước được ngày xong")
    return translate(lang, words, days=PACE_DAYS, day=pace.forecast_on)


def held_words(pace: Pace, lang: str) -> str:
    """When the step that holds the work is due, and how late it is; nothing where no day is set."""
    step = pace.held_by
    if step is None or step.due_on is None:
        return ""
    late = step.days_late(pace.on)
    words = N_("hạn {day:date}, chậm {late:number} ngày") if late else N_("hạn {day:date}")
    return translate(lang, words, day=step.due_on, late=late)


def curve_of(work: WorkView, course: Course, lang: str) -> Curve | None:
    """The picture of a work's way. Its volume begins at nothing on the day it broke ground."""
    real = [(told.on, told.percent) for told in course.reports]
    begun = work.started_on or work.planned_start
    if real and begun is not None and begun < real[0][0]:
        real.insert(0, (begun, 0))
    return s_curve(
        course.plan.corners, real, course.money, course.pace.of_money, course.pace.on, lang
    )  # fmt: skip


def curve_table(work: WorkView, course: Course) -> Table:
    """The figures behind the picture: on each day of a report or a milestone, and on the day asked for."""
    told = {report.on: report.percent for report in course.reports}
    days = sorted({*told, *(day for day, _ in course.plan.corners), course.pace.on})
    return Table(
        title=N_("Kế hoạch, khối lượng và tiền theo ngày"),
        columns=[
            Column("day", N_("Ngày"), "date"),
            Column("plan", N_("Kế hoạch"), "percent"),
            Column("real", N_("Khối lượng"), "percent"),
            Column("spent", N_("Tiền"), "percent"),
        ],
        rows=[Row(_figures(course, told, day)) for day in days],
        name=f"duong-tien-do-{file_name(work)}",
    )


def _figures(course: Course, told: Mapping[date, int], day: date) -> dict[str, date | Decimal | None]:
    """Volume stands where it was reported (and today where it stands); money up to the day asked for."""
    planned, pace = course.plan.at(day), course.pace
    real = told.get(day, pace.physical_percent if day == pace.on else None)
    known = pace.of_money is not None and day <= pace.on
    return {
        "day": day,
        "plan": None if planned is None else rate(planned.numerator, 100 * planned.denominator),
        "real": None if real is None else rate(real, 100),
        "spent": rate(disbursed_by(course.money, day), pace.of_money or 0) if known else None,
    }


def reports_table(work: WorkView, reports: Sequence[ReportView], people: Mapping[str, str]) -> Table:
    """A work's reports, the newest first."""
    return Table(
        title=N_("Báo cáo tiến độ"),
        columns=[
            Column("day", N_("Ngày"), "date"),
            Column("real", N_("Khối lượng"), "percent"),
            Column("accepted", N_("Giá trị nghiệm thu"), "money"),
            Column("note", N_("Ghi chú"), width=50),
            Column("photos", N_("Số ảnh"), "number"),
            Column("place", N_("Vị trí (vĩ độ, kinh độ)"), width=24),
            Column("who", N_("Người báo cáo"), width=24),
        ],
        rows=[
            Row(
                {
                    "day": Cell(r.reported_on, f"/works/{work.id}/progress#r-{r.id}"),
                    "real": rate(r.physical_percent, 100),
                    "accepted": r.accepted_value,
                    "note": r.note,
                    "photos": len(r.photos),
                    "place": "" if r.lat is None else f"{r.lat}, {r.lon}",
                    "who": people.get(r.created_by, r.created_by),
                }
            )
            for r in reports
        ],
        filters=[(N_("Công trình"), work.name)],
        name=f"tien-do-{file_name(work)}",
    )

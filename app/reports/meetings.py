"""Meetings as a table, their months, and what is said of them: in a reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final
from urllib.parse import urlencode

from app.clock import today
from app.domain.directives import DirectiveView
from app.domain.meetings import BoardYear, MeetingView, Month, Without
from app.i18n import N_, Message, translate
from app.reports.directives import short_items
from app.reports.table import Cell, Column, Row, Table, Tag

Item = dict[str, Any]
STATES: Final = {"planned": N_("Chưa họp"), "held": N_("Đã họp"), "cancelled": N_("Đã hủy")}
PRESENCES: Final = {"present": N_("Có mặt"), "excused": N_("Vắng có lý do"), "absent": N_("Vắng")}
OFFERS: Final = {
    "directive": N_("Nhiệm vụ quá hạn, đến hạn"),
    "work": N_("Công trình chậm"),
    "line": N_("Vốn có nguy cơ mất"),
    "target": N_("Chỉ tiêu chưa đạt"),
    "obstacle": N_("Vướng mắc chưa giải quyết"),
    "plan": N_("Kế hoạch đang chờ"),
}
_PLACES: Final = {
    "directive": "/directives/{id}", "work": "/works/{id}", "line": "/ledger/lines/{id}", "target": "/targets/{id}",
    "obstacle": "/obstacles/{id}", "plan": "/plans/{id}",
}  # fmt: skip
_MARKS: Final = {
    "held": ("met", N_("đã họp {on:date}")),
    "planned": ("goal", N_("dự kiến {on:date}")),
    "missed": ("lost", N_("không họp")),
    "none": ("", N_("không phải họp")),
}


def href(meeting: MeetingView) -> str:
    return f"/meetings/{meeting.id}"


def subject_href(kind: str, id_: object) -> str | None:
    """The page of what an item of an agenda was filled in from."""
    return _PLACES[kind].format(id=id_) if kind in _PLACES else None


def clock(at: time | None) -> str:
    return f"{at.hour}:{at.minute:02d}" if at is not None else ""


def when(meeting: MeetingView, lang: str) -> str:
    """The hour and the day."""
    day = translate(lang, "{day:date}", day=meeting.date)
    return f"{clock(meeting.starts_at)} {day}".strip()


def overdue(meeting: MeetingView) -> bool:
    """Whether its day has passed without minutes."""
    return meeting.state == "planned" and meeting.date < today()


def state_tag(meeting: MeetingView) -> Tag:
    if meeting.state == "held":
        return Tag("done", N_("đã họp"))
    if meeting.state == "cancelled":
        return Tag("plain", N_("đã hủy"))
    if overdue(meeting):
        return Tag("late", N_("chưa ghi biên bản"))
    return Tag("", N_("chưa họp"))


def meetings_table(
    meetings: Sequence[MeetingView],
    number: int,
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Meetings with what came of each; `number`: how many the filters leave, also beyond this page."""
    return Table(
        title=N_("Các cuộc họp"),
        columns=[
            Column("title", N_("Cuộc họp"), width=60),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("date", N_("Ngày họp"), "date"),
            Column("state", N_("Tình trạng"), "tag", width=20),
            Column("place", N_("Nơi họp"), width=30),
            Column("present", N_("Có mặt"), "number"),
            Column("concluded", N_("Kết luận"), "number"),
            Column("number", N_("Số biên bản"), width=20),
        ],
        rows=[
            Row(
                {
                    "title": Cell(
                        m.title, href(m), m.committee_name if m.committee_name not in m.title else None
                    ),
                    "unit": m.unit_name,
                    "date": Cell(m.date, sub=clock(m.starts_at) or None),
                    "state": state_tag(m),
                    "place": m.place,
                    "present": m.present,
                    "concluded": m.concluded or None,
                    "number": m.minutes_number,
                }
            )
            for m in meetings
        ],
        totals=Row({"title": Message(N_("Cộng {n:number} cuộc họp"), {"n": number})}, "sum")
        if number
        else None,
        filters=filters,
        name=name,
    )


def conclusion_items(given: Sequence[DirectiveView], lang: str) -> list[Item]:
    """Items of `ui.todo`: what a meeting concluded, on its own page, with who has to do it by when."""
    return [
        item | {"why": f"{d.assignee_name} · {translate(lang, N_('hạn {day:date}'), day=d.due_on)}"}
        for d, item in zip(given, short_items(given, lang), strict=True)
    ]


def month_marks(board: BoardYear, lang: str) -> list[Item]:
    """The twelve months of a board: number, how it is drawn, what is said of it, where it leads."""
    return [_mark(month, lang) for month in board.months]


def _mark(month: Month, lang: str) -> Item:
    drawn, words = _MARKS[month.state]
    said = translate(lang, words, on=month.on)
    if month.state == "held" and month.on is not None and month.on.replace(day=1) != month.month:
        said = translate(lang, N_("họp muộn, ngày {on:date}"), on=month.on)
    if month.state == "missed" and month.on is not None:
        said = translate(lang, N_("không họp, đã định ngày {on:date}"), on=month.on)
    facts = {"n": month.month.month, "year": str(month.month.year), "said": said}
    return {
        "number": month.month.month,
        "state": drawn,
        "about": translate(lang, N_("Tháng {n:number}/{year}: {said}"), **facts),
        "href": f"/meetings/{month.meeting_id}" if month.meeting_id else None,
    }


def without_items(found: Sequence[Without], lang: str, *, wide: bool, unit: str | None = None) -> list[Item]:
    """Items of `ui.missing`: each board with the months in which it did not meet, as they are listed of a `unit`."""
    at = {} if unit is None else {"unit": unit}
    return [
        {
            "name": f"{w.committee_name}, {w.unit_name}" if wide else w.committee_name,
            "href": f"/meetings?{urlencode(at | {'year': str(w.months[-1].year)})}",
            "note": months_said(w.months, lang),
        }
        for w in found
    ]


def months_said(months: Sequence[date], lang: str) -> str:
    """Months as they are said, those of one year together: tháng 6, 8/2023."""
    years: dict[int, list[str]] = {}
    for month in months:
        years.setdefault(month.year, []).append(str(month.month))
    return "; ".join(
        translate(lang, N_("tháng {months}/{year}"), months=", ".join(numbers), year=str(year))
        for year, numbers in years.items()
    )

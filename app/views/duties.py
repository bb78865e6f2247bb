"""What each duty of a person is called on their page: what, why it is there, by when, where it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from app import money
from app.clock import today
from app.domain.directives import DirectiveView
from app.domain.inspections import InspectionView
from app.domain.ledger.risky import RiskyLine
from app.domain.ledger.slips import CHECK, RETURNED, WAITING, Slip
from app.domain.meetings import MeetingView, Without
from app.domain.observations import ObservationView
from app.domain.obstacles import ObstacleView
from app.domain.owed import LATE_WORK, Owed
from app.domain.today import Duty
from app.domain.workflow import Waiting
from app.i18n import N_, Message, say, translate
from app.reports import directives, inspections, meetings, observations, obstacles
from app.reports.labels import CAPITAL_SHORT, ENTRY_KINDS, PLAN_STATES, STAGES, SUPPORT_STATES

Item = dict[str, Any]
_STATES: Final[Mapping[str, Mapping[str, str]]] = {"plan": PLAN_STATES, "support_model": SUPPORT_STATES}
_PLACES: Final = {"plan": "/plans/{id}", "support_model": "/support/{id}"}
_KINDS: Final = {"plan": N_("Kế hoạch"), "support_model": N_("Mô hình hỗ trợ")}


def row(duty: Duty, lang: str, own_unit: str) -> Item:
    """An item of `ui.todo`, with a `hint`: where it belongs, the unit said where it is not the reader's own."""
    return _WORDS[type(duty.thing)](duty.thing, lang, own_unit)


def slip_row(slip: Slip, lang: str) -> Item:
    """A slip, to check or of one's own: what it is, and why it is here."""
    kind, by, why = _slip_says(slip)
    name = translate(lang, ENTRY_KINDS[slip.kind])
    return {
        "what": f"{name}, {_compact(slip.amount, lang)}",
        "href": f"/ledger/entries/{slip.id}",
        "kind": kind,
        "by": translate(lang, by),
        "why": say(lang, why),
        "hint": _joined(slip.project_code, slip.project_name, slip.source(lang)),
    }


def _slip_says(slip: Slip) -> tuple[str, str, Message]:
    if slip.group == CHECK:
        facts = {"who": slip.maker, "number": slip.document_number, "day": slip.effective_date}
        return (
            "risk",
            N_("chờ ông/bà duyệt"),
            Message(N_("{who} lập · chứng từ {number} ngày {day:date}"), facts),
        )
    if slip.group == RETURNED:
        return "late", N_("bị trả lại"), Message(N_("Lý do trả lại: {reason}"), {"reason": slip.reason})
    if slip.group == WAITING:
        facts = {"number": slip.document_number, "at": slip.at}
        return "plain", N_("chờ duyệt"), Message(N_("chứng từ {number} · lập {at:moment}"), facts)
    return (
        "done",
        N_("đã vào sổ"),
        Message(N_("{who} duyệt {at:moment}"), {"who": slip.checker, "at": slip.at}),
    )


def _line(line: RiskyLine, lang: str, own_unit: str) -> Item:
    kind, by = _deadline(line.last_day)
    lost = {"risk": _compact(line.at_risk, lang), "left": _compact(line.available, lang)}
    return {
        "what": line.name,
        "href": f"/ledger/lines/{line.id}",
        "kind": kind,
        "by": say(lang, by),
        "why": translate(lang, N_("nguy cơ mất {risk} trong {left} còn lại"), **lost),
        "hint": _joined(
            line.project_code,
            line.source_name_en if lang == "en" else line.source_name,
            translate(lang, CAPITAL_SHORT[line.capital_kind]),
            str(line.year),
            _beside(line.unit_name, own_unit),
        ),
    }


def _deadline(last: date | None) -> tuple[str, Message]:
    if last is None:
        return "plain", Message(N_("chưa có hạn"))
    if last < today():
        return "late", Message(N_("hết hạn {day:date}"), {"day": last})
    return _left(last)


def _left(day: date) -> tuple[str, Message]:
    """The tag of a day to come."""
    days = (day - today()).days
    if days == 0:
        return "risk", Message(N_("hôm nay"))
    return "risk", Message(N_("còn {days:number} ngày"), {"days": days})


def _directive(directive: DirectiveView, lang: str, own_unit: str) -> Item:
    (item,) = directives.short_items([directive], lang)
    return item | {
        "hint": _joined(translate(lang, N_("Nhiệm vụ được giao")), _beside(directive.unit_name, own_unit))
    }


def _appraised(thing: Waiting, lang: str, own_unit: str) -> Item:
    due = translate(lang, N_("hạn {day:date}"), day=thing.due_on) if thing.due_on else ""
    if thing.due_on is not None and thing.due_on < today():
        due = translate(lang, N_("quá hạn từ {day:date}"), day=thing.due_on)
    return {
        "what": thing.title,
        "href": _PLACES[thing.subject].format(id=thing.id),
        "kind": "late" if thing.state == "returned" else "risk",
        "by": translate(lang, _STATES[thing.subject][thing.state]),
        "why": due,
        "hint": _joined(translate(lang, _KINDS[thing.subject]), _beside(thing.unit_name, own_unit)),
    }


def _obstacle(obstacle: ObstacleView, lang: str, own_unit: str) -> Item:
    (item,) = obstacles.short_items([obstacle], lang)
    held = translate(lang, N_("giữ {money}"), money=_compact(item["held"], lang)) if item["held"] else ""
    return {
        "what": item["what"],
        "href": item["href"],
        "kind": "risk",
        "by": translate(lang, N_("chờ ông/bà trả lời")),
        "why": _joined(item["sent"], held, item["about"]),
        "hint": _joined(translate(lang, N_("Vướng mắc")), _beside(obstacle.unit_name, own_unit)),
    }


def _observation(observation: ObservationView, lang: str, own_unit: str) -> Item:
    tag, due = observations.state_tag(observation), observation.answer_due_on
    answered = observation.state == "answered"
    return {
        "what": obstacles.shortened(observation.text),
        "href": observations.href(observation),
        "kind": tag.kind if tag.kind == "late" else "risk",
        "by": translate(lang, N_("đã trả lời, chờ ông/bà khép lại")) if answered else say(lang, tag.text),
        "why": _joined(
            observation.work_name or observation.model_name or "",
            translate(lang, N_("trả lời trước {day:date}"), day=due) if due and not answered else "",
        ),
        "hint": _joined(
            translate(lang, N_("Giám sát cộng đồng")),
            observation.board,
            _beside(observation.unit_name, own_unit),
        ),
    }


def _meeting(meeting: MeetingView, lang: str, _own_unit: str) -> Item:
    tag = meetings.state_tag(meeting)
    kind, by = (tag.kind, tag.text) if meetings.overdue(meeting) else _left(meeting.date)
    board = meeting.committee_name if meeting.committee_name not in meeting.title else ""
    return {
        "what": meeting.title,
        "href": meetings.href(meeting),
        "kind": kind,
        "by": say(lang, by),
        "why": _joined(meetings.when(meeting, lang), meeting.place, board),
    }


def _without(board: Without, lang: str, own_unit: str) -> Item:
    (item,) = meetings.without_items([board], lang, wide=False)
    return {
        "what": item["name"],
        "href": item["href"],
        "kind": "late",
        "by": translate(lang, N_("không họp")),
        "why": item["note"],
        "hint": _joined(translate(lang, N_("Họp")), _beside(board.unit_name, own_unit)),
    }


def _inspection(inspection: InspectionView, lang: str, own_unit: str) -> Item:
    item = {"what": inspection.title, "href": inspections.href(inspection)}
    day = inspection.day
    if inspection.inspecting:
        tag = inspections.state_tag(inspection)
        kind, by = (tag.kind, tag.text) if day is None or day < today() else _left(day)
    elif day is None:
        kind, by = "risk", N_("chưa gửi báo cáo")
    else:
        kind, by = _deadline(day) if day >= today() else ("late", N_("chưa gửi báo cáo"))
    owed = "" if inspection.inspecting else translate(lang, N_("Báo cáo của đơn vị chưa gửi"))
    on = translate(lang, N_("kiểm tra ngày {day:date}"), day=day) if day else ""
    other = inspection.unit_name if inspection.inspecting else inspection.by_name
    return item | {
        "kind": kind,
        "by": say(lang, by),
        "why": _joined(owed, on),
        "hint": _joined(translate(lang, N_("Các cuộc kiểm tra")), _beside(other, own_unit)),
    }


def _late_work(work: Owed, lang: str, own_unit: str) -> Item:
    return {
        "what": work.name,
        "href": f"/works/{work.id}",
        "kind": "late",
        "by": translate(lang, N_("chậm {days:number} ngày"), days=(today() - work.on).days),
        "why": _joined(
            translate(lang, STAGES[work.beside]),
            translate(lang, N_("khối lượng {n:number} %"), n=work.amount),
            translate(lang, N_("dự kiến xong {day:date}"), day=work.on),
        ),
        "hint": _joined(translate(lang, N_("Công trình")), _beside(work.unit_name, own_unit)),
    }


def _owed(one: Owed, lang: str, own_unit: str) -> Item:
    if one.kind == LATE_WORK:
        return _late_work(one, lang, own_unit)
    by, why = _OWED_SAYS[one.kind]
    days = (today() - one.on).days
    kind, due = (
        ("late", Message(N_("quá hạn {days:number} ngày"), {"days": days})) if days > 0 else _left(one.on)
    )
    facts = {"day": one.on, "money": _compact(one.amount, lang)}
    return {
        "what": obstacles.shortened(one.name) or translate(lang, N_("{n:number} đánh giá chờ thẩm tra"), n=one.number),
        "href": _OWED_PLACES[one.kind].format(id=one.id, within=one.within),
        "kind": "risk" if by else kind,
        "by": translate(lang, by) if by else say(lang, due),
        "why": translate(lang, why, **facts) if why else one.beside,
        "hint": _joined(translate(lang, _OWED_KINDS[one.kind]), _beside(one.unit_name, own_unit) if one.unit_name else ""),
    }  # fmt: skip


_OWED_KINDS: Final = {
    "settlement": N_("Quyết toán"), "assessments": N_("Tiêu chí nông thôn mới"), "plan_task": N_("Kế hoạch"),
    "target_task": N_("Chỉ tiêu"), "step": N_("Thủ tục"), "gave": N_("Nhiệm vụ đã giao"),
}  # fmt: skip
_OWED_PLACES: Final = {
    "settlement": "/works/{within}/settlement", "assessments": "/assessments?verdict=none", "plan_task": "/plans/{within}",
    "target_task": "/targets/{within}", "step": "/works/{within}/steps/{id}", "gave": "/directives/{id}",
}  # fmt: skip
# What the tag says where it is not the day, and why it is here where that is not what stands beside it.
_OWED_SAYS: Final[Mapping[str, tuple[str, str]]] = {
    "settlement": (N_("chờ ông/bà phê duyệt"), N_("đề nghị {money}, trình {day:date}")),
    "assessments": (N_("chờ ông/bà thẩm tra"), N_("lần cũ nhất {day:date}")),
    "plan_task": ("", ""), "target_task": ("", ""), "step": ("", ""), "gave": ("", ""),
}  # fmt: skip


def _beside(unit: str, own_unit: str) -> str:
    return unit if unit != own_unit else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _compact(amount: int, lang: str) -> str:
    return "\u00a0".join(money.compact(amount, lang)).replace(" ", "\u00a0")


_WORDS: Final[Mapping[type, Callable[[Any, str, str], Item]]] = {
    RiskyLine: _line,
    Slip: lambda slip, lang, _own_unit: slip_row(slip, lang),
    DirectiveView: _directive,
    Waiting: _appraised,
    ObstacleView: _obstacle,
    ObservationView: _observation,
    MeetingView: _meeting,
    Without: _without,
    InspectionView: _inspection,
    Owed: _owed,
}

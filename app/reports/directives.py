"""Directives as a table, as short lists and as a timeline: in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.directives import DirectivesTotal, DirectiveView, EventView
from app.i18n import N_, Message, translate
from app.reports.obstacles import shortened
from app.reports.table import Cell, Column, Row, Table, Tag

Item = dict[str, Any]
STATES: Final = {
    "open": N_("Đang thực hiện"),
    "reported": N_("Chờ chấp nhận"),
    "returned": N_("Bị trả lại"),
    "accepted": N_("Đã hoàn thành"),
    "withdrawn": N_("Đã thu hồi"),
}
SOURCES: Final = {
    "inspection": N_("Kết luận kiểm tra"),
    "meeting": N_("Kết luận cuộc họp"),
    "document": N_("Văn bản giao việc"),
}
ASSIGNEES: Final = {
    "person": N_("Người"),
    "board": N_("Ban"),
    "agency": N_("Cơ quan, đoàn thể"),
    "unit": N_("Đơn vị"),
}
PRIORITIES: Final = {"normal": N_("Bình thường"), "urgent": N_("Gấp")}
_EVENTS: Final = {
    "given": N_("{unit} giao, hạn {due:date}"),
    "progress": N_("Báo tiến độ"),
    "reported": N_("Đã báo cáo hoàn thành"),
    "accepted": N_("{unit} chấp nhận"),
    "returned": N_("{unit} trả lại"),
    "extended": N_("{unit} gia hạn đến {due:date}"),
    "reworded": N_("{unit} sửa lời, trước đó là"),
    "withdrawn": N_("{unit} thu hồi"),
}
_PAGES: Final = {
    "inspection": "/inspections/{id}",
    "meeting": "/meetings/{id}",
    "document": "/documents/{id}",
}


def href(directive: DirectiveView) -> str:
    return f"/directives/{directive.id}"


def source_href(directive: DirectiveView) -> str | None:
    """The page of where it was demanded; none of a document that is only named."""
    if directive.source_id is None:
        return None
    return _PAGES[directive.source_kind].format(id=directive.source_id)


def source_of(directive: DirectiveView, lang: str) -> str:
    """Where it was demanded, by name and day."""
    name = (
        directive.source_title or directive.document_number or translate(lang, SOURCES[directive.source_kind])
    )
    return translate(lang, N_("{name}, {day:date}"), name=name, day=directive.source_on)


def state_tag(directive: DirectiveView) -> Tag:
    """Where it stands; late is said first of what somebody has yet to do."""
    if directive.state == "accepted":
        return Tag("done", N_("đã hoàn thành"))
    if directive.state == "withdrawn":
        return Tag("plain", N_("đã thu hồi"))
    if directive.state == "reported":
        return Tag("risk", N_("chờ chấp nhận"))
    if directive.overdue:
        return Tag("late", Message(N_("quá hạn {n:number} ngày"), {"n": directive.late_days}))
    if directive.state == "returned":
        return Tag("late", N_("bị trả lại"))
    if (directive.due_on - directive.as_of).days <= 7:
        return Tag("risk", N_("sắp đến hạn"))
    return Tag("plain", N_("đang thực hiện"))


def directives_table(
    directives: Sequence[DirectiveView],
    together: DirectivesTotal,
    lang: str,
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Directives with who has to do each by when; `together` is all that the filters leave, also beyond this page."""
    return Table(
        title=N_("Nhiệm vụ được giao"),
        columns=[
            Column("text", N_("Việc được giao"), width=60),
            Column("assignee", N_("Ai thực hiện"), width=30),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("given", N_("Ngày giao"), "date"),
            Column("due", N_("Hạn"), "date"),
            Column("state", N_("Tình trạng"), "tag", width=24),
            Column("giver", N_("Đơn vị giao"), width=24),
        ],
        rows=[
            Row(
                {
                    "text": Cell(
                        shortened(d.text, 240), href(d), source_of(d, lang),
                        Tag("late", N_("gấp")) if d.priority == "urgent" and d.stands else None,
                    ),
                    "assignee": d.assignee_name,
                    "unit": d.unit_name,
                    "given": d.given_on,
                    "due": Cell(d.due_on, sub=_extended(d, lang)),
                    "state": Cell(state_tag(d), sub=_beside(d, lang)),
                    "giver": d.giver_name,
                }
            )
            for d in directives
        ],
        totals=Row({"text": _together(together)}, "sum") if together.count else None,
        filters=filters,
        name=name,
    )  # fmt: skip


def _together(total: DirectivesTotal) -> Message:
    text = N_(
        "{n:number} nhiệm vụ: {standing:number} chưa hoàn thành, trong đó {overdue:number} quá hạn, {reported:number} chờ chấp nhận, {returned:number} bị trả lại"
    )
    facts = {
        "n": total.count, "standing": total.standing, "overdue": total.overdue, "reported": total.reported,
        "returned": total.returned,
    }  # fmt: skip
    return Message(text, facts)


def _beside(directive: DirectiveView, lang: str) -> str | None:
    """What stands below the state: how late a report is that waits, how far it has come until then."""
    if directive.state == "reported" and directive.overdue:
        return translate(lang, N_("quá hạn {n:number} ngày"), n=directive.late_days)
    if directive.state in ("open", "returned") and directive.percent is not None:
        return translate(lang, N_("đã làm {percent:number} %"), percent=directive.percent)
    return None


def _extended(directive: DirectiveView, lang: str) -> str | None:
    if directive.due_on == directive.first_due_on:
        return None
    return translate(lang, N_("lúc giao {day:date}"), day=directive.first_due_on)


def short_items(directives: Sequence[DirectiveView], lang: str) -> list[Item]:
    """Items of `ui.todo`: each with where it stands, who has to do it and by when."""
    return [
        {
            "what": shortened(d.text),
            "href": href(d),
            "kind": (tag := state_tag(d)).kind,
            "by": translate(lang, tag.text) if isinstance(tag.text, str) else translate(lang, tag.text.text, **tag.text.facts),
            "why": " · ".join((d.assignee_name, translate(lang, N_("hạn {day:date}"), day=d.due_on), source_of(d, lang))),
        }
        for d in directives
    ]  # fmt: skip


def timeline(
    directive: DirectiveView, events: Sequence[EventView], people: Mapping[str, str], lang: str
) -> list[Item]:
    """Items of `ui.steps`: what happened, and what it waits for."""
    items = [
        {
            "state": "bad" if e.what in ("returned", "withdrawn") else "ok",
            "name": translate(lang, _EVENTS[e.what], unit=e.unit_name, due=e.due_on),
            "when": translate(lang, "{day:date}", day=e.on),
            "note": _note(e, people),
        }
        for e in events
    ]
    waits = {
        "open": N_("Chờ {assignee} thực hiện"),
        "returned": N_("Chờ {assignee} báo cáo lại"),
        "reported": N_("Chờ {giver} chấp nhận"),
    }.get(directive.state)
    if waits is not None:
        name = translate(lang, waits, assignee=directive.assignee_name, giver=directive.giver_name)
        due = translate(lang, N_("hạn {day:date}"), day=directive.due_on)
        items.append({"state": "now", "name": name, "when": due, "note": ""})
    return items


def _note(event: EventView, people: Mapping[str, str]) -> str:
    who = f"{people.get(event.by, event.by)}, {event.unit_name}"
    percent = f"{event.percent} %" if event.percent is not None else ""
    return " · ".join(part for part in (percent, event.text, who) if part)

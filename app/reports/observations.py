"""What community supervision observed, as a table and as a timeline: in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.domain.observations import ObservationsTotal, ObservationView
from app.domain.workflow import MoveView
from app.i18n import N_, Message, translate
from app.reports.obstacles import shortened
from app.reports.table import Cell, Column, Row, Table, Tag

Item = dict[str, Any]
STATES: Final = {
    "open": N_("Chờ trả lời"),
    "answered": N_("Đã trả lời"),
    "closed": N_("Đã khép lại"),
}
SAID: Final = {
    "answer": N_("Trả lời"),
    "close": N_("Khép lại"),
    "reopen": N_("Mở lại, chờ trả lời tiếp"),
}


def href(observation: ObservationView) -> str:
    return f"/observations/{observation.id}"


def subject_href(observation: ObservationView) -> str:
    """The page of what it is about."""
    if observation.work_id is not None:
        return f"/works/{observation.work_id}"
    if observation.model_id is not None:
        return f"/support/{observation.model_id}"
    return f"/units/{observation.exact_unit}"


def state_tag(observation: ObservationView) -> Tag:
    """Where it stands; what is late says by how much."""
    days = observation.days_late()
    if observation.state == "closed":
        return Tag("done", N_("đã khép lại"))
    if observation.state == "answered":
        return (
            Tag("risk", Message(N_("trả lời muộn {n:number} ngày"), {"n": days}))
            if days
            else Tag("", N_("đã trả lời"))
        )
    if days:
        return Tag("late", Message(N_("quá hạn trả lời {n:number} ngày"), {"n": days}))
    return Tag("plain", N_("chờ trả lời"))


def observations_table(
    observations: Sequence[ObservationView],
    together: ObservationsTotal,
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Observations with where they stand; `together` is all that the filters leave, also beyond this page."""
    return Table(
        title=N_("Giám sát cộng đồng"),
        columns=[
            Column("text", N_("Ý kiến"), width=60),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("board", N_("Ban giám sát"), width=36),
            Column("day", N_("Ngày"), "date"),
            Column("state", N_("Tình trạng"), "tag", width=30),
            Column("due", N_("Hạn trả lời"), "date"),
        ],
        rows=[
            Row(
                {
                    "text": Cell(shortened(o.text, 240), href(o), o.about),
                    "unit": o.unit_name,
                    "board": Cell(o.board, sub=o.observer or None),
                    "day": o.observed_on,
                    "state": state_tag(o),
                    "due": o.answer_due_on,
                }
            )
            for o in observations
        ],
        totals=Row({"text": Message(N_("Cộng {n:number} ý kiến"), {"n": together.count})}, "sum")
        if together.count
        else None,
        filters=filters,
        name=name,
    )


def waiting_items(observations: Sequence[ObservationView], lang: str) -> list[Item]:
    """Items of `ui.missing`: what is owed an answer, by name, with when it is due."""
    return [
        {"name": shortened(o.text), "href": href(o), "note": f"{o.about}, {_due(o, lang)}"}
        for o in observations
    ]


def _due(observation: ObservationView, lang: str) -> str:
    if observation.answer_due_on is None:
        return translate(lang, N_("không đặt hạn"))
    return translate(lang, N_("hạn {day:date}"), day=observation.answer_due_on)


def timeline(
    observation: ObservationView, moves: Sequence[MoveView], people: Mapping[str, str], lang: str
) -> list[Item]:
    """Items of `ui.steps`: what was observed, what happened, and what it waits for."""
    writer = people.get(observation.created_by, observation.created_by)
    items = [_step("ok", translate(lang, N_("Đã ghi ý kiến")), _day(observation.observed_on, lang), writer)]
    for m in moves:
        who = f"{people.get(m.by, m.by)}, {m.unit_name}"
        items.append(_step("ok", translate(lang, SAID[m.move]), _day(m.on, lang), f"{m.remark} · {who}"))
    if observation.state == "open":
        waits = translate(lang, N_("Chờ {unit} trả lời"), unit=observation.unit_name)
        state = "bad" if observation.late else "now"
        items.append(_step(state, waits, "", _due(observation, lang)))
    elif observation.state == "answered":
        items.append(_step("now", translate(lang, N_("Chờ người giám sát khép lại hoặc mở lại")), "", ""))
    return items


def _step(state: str, name: str, when: str, note: str) -> Item:
    return {"state": state, "name": name, "when": when, "note": note}


def _day(day: date, lang: str) -> str:
    return translate(lang, "{day:date}", day=day)

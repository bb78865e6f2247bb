"""Obstacles as a table, as short lists and as a timeline: in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.domain.obstacles import EventView, ObstaclesTotal, ObstacleView
from app.i18n import N_, Message, translate
from app.money import compact
from app.reports.labels import OBSTACLE_KINDS
from app.reports.table import Cell, Column, Row, Table, Tag

Item = dict[str, Any]
SHORT: Final = 90
EVENTS: Final = {
    "raised": N_("Đã nêu"),
    "escalated": N_("Chuyển {unit}"),
    "answered": N_("{unit} trả lời"),
    "resolved": N_("Đã giải quyết"),
    "reopened": N_("Mở lại"),
}


def href(obstacle: ObstacleView) -> str:
    return f"/obstacles/{obstacle.id}"


def subject_href(obstacle: ObstacleView) -> str:
    """The page of what an obstacle is about."""
    if obstacle.subject_kind == "line":
        return f"/ledger/lines/{obstacle.subject_id}"
    if obstacle.subject_kind == "step" and obstacle.step_name:
        return f"/works/{obstacle.work_id}/steps/{obstacle.subject_id}"
    if obstacle.subject_kind == "support_model":
        return f"/support/{obstacle.subject_id}"
    return f"/works/{obstacle.work_id}"


def about(obstacle: ObstacleView, lang: str) -> str:
    """What it is about, with the work that this belongs to."""
    own = obstacle.about(lang)
    return own if obstacle.work_name in (None, own) else f"{own} · {obstacle.work_name}"


def shortened(text: str, most: int = SHORT) -> str:
    """The beginning of a text, whole words of it, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + " …"


def state_tag(obstacle: ObstacleView) -> Tag:
    if obstacle.state == "resolved":
        return Tag("done", N_("đã giải quyết"))
    if obstacle.waits:
        return Tag("risk", Message(N_("chờ {unit} trả lời"), {"unit": obstacle.escalated_to_name}))
    if obstacle.answered_on is not None:
        return Tag("", Message(N_("{unit} đã trả lời"), {"unit": obstacle.escalated_to_name}))
    return Tag("plain", N_("chưa giải quyết"))


def _state(obstacle: ObstacleView) -> Cell:
    """The state in a table, where there is little room: the unit that was asked stands below it."""
    return Cell(
        _short_tag(obstacle), sub=obstacle.escalated_to_name if obstacle.state == "escalated" else None
    )


def _short_tag(obstacle: ObstacleView) -> Tag:
    tag = state_tag(obstacle)
    if obstacle.state != "escalated":
        return tag
    return Tag(tag.kind, N_("chờ trả lời") if obstacle.waits else N_("đã trả lời"))


def obstacles_table(
    obstacles: Sequence[ObstacleView],
    together: ObstaclesTotal,
    lang: str,
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Obstacles with what they hold back; `together` is all that the filters leave, also beyond this page."""
    return Table(
        title=N_("Vướng mắc"),
        columns=[
            Column("text", N_("Vướng mắc"), width=60),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("kind", N_("Loại"), width=20),
            Column("state", N_("Tình trạng"), "tag", width=30),
            Column("resolver", N_("Ai giải quyết"), width=30),
            Column("raised", N_("Ngày phát sinh"), "date"),
            Column("age", N_("Số ngày"), "number"),
            Column("held", N_("Tiền bị giữ"), "money"),
        ],
        rows=[
            Row(
                {
                    "text": Cell(shortened(o.text, 240), href(o), about(o, lang)),
                    "unit": o.unit_name,
                    "kind": Message(OBSTACLE_KINDS[o.kind]),
                    "state": _state(o),
                    "resolver": o.resolver,
                    "raised": o.raised_on,
                    "age": o.age_days,
                    "held": o.money_held,
                }
            )
            for o in obstacles
        ],
        totals=Row(
            {
                "text": Message(N_("Cộng {n:number} vướng mắc"), {"n": together.count}),
                "held": together.money_held,
            },
            "sum",
        )
        if together.count
        else None,
        filters=filters,
        notes=[N_("Dòng vốn có nhiều vướng mắc chỉ tính một lần vào tổng.")] if together.count > 1 else [],
        name=name,
    )


def waiting_items(obstacles: Sequence[ObstacleView], lang: str) -> list[Item]:
    """Items of `ui.missing`: what waits for an answer, by name, with who owes it and since when."""
    return [
        {
            "name": shortened(o.text),
            "href": href(o),
            "note": ", ".join(
                (
                    about(o, lang),
                    _sent(o, lang),
                    _held(o, lang),
                )
            ),
        }
        for o in obstacles
    ]


def short_items(obstacles: Sequence[ObstacleView], lang: str, *, of: str | None = None) -> list[Item]:
    """Items of a card: each obstacle with its state, its age and what it holds back; `of` is what all are about."""
    return [
        {
            "what": shortened(o.text),
            "href": href(o),
            "tag": _short_tag(o),
            "sent": _sent(o, lang) if o.state == "escalated" else "",
            "age": o.age_days,
            "held": o.money_held,
            "resolver": o.resolver,
            "about": _beside(o, of, lang),
            "unit": o.unit_name,
        }
        for o in obstacles
    ]


def _beside(obstacle: ObstacleView, of: str | None, lang: str) -> str:
    """What an obstacle is about, beside what the page is about; empty where it is that itself."""
    if of is None:
        return about(obstacle, lang)
    return obstacle.about(lang) if of and obstacle.subject_kind != "work" else ""


def _sent(obstacle: ObstacleView, lang: str) -> str:
    facts = {"unit": obstacle.escalated_to_name, "day": obstacle.escalated_on}
    return translate(lang, N_("gửi {unit} {day:date}"), **facts)


def _held(obstacle: ObstacleView, lang: str) -> str:
    return translate(lang, N_("giữ {money}"), money=" ".join(compact(obstacle.money_held, lang)))


def timeline(
    obstacle: ObstacleView, events: Sequence[EventView], people: Mapping[str, str], lang: str
) -> list[Item]:
    """Items of `ui.steps`: what happened, and what it waits for."""
    items = [
        _step(
            "ok",
            translate(lang, EVENTS[e.what], unit=e.to_unit_name or e.unit_name),
            _day(e.on, lang),
            " · ".join((*([e.text] if e.what != "raised" or e.text != obstacle.text else []), _who(e, people))),
        )
        for e in events
    ]  # fmt: skip
    if obstacle.waits:
        waits = translate(lang, N_("Chờ {unit} trả lời"), unit=obstacle.escalated_to_name)
        items.append(_step("now", waits, "", ""))
    elif obstacle.state != "resolved":
        items.append(_step("now", translate(lang, N_("Chờ giải quyết")), "", obstacle.resolver))
    return items


def _step(state: str, name: str, when: str, note: str) -> Item:
    return {"state": state, "name": name, "when": when, "note": note}


def _day(day: date, lang: str) -> str:
    return translate(lang, "{day:date}", day=day)


def _who(event: EventView, people: Mapping[str, str]) -> str:
    return f"{people.get(event.by, event.by)}, {event.unit_name}"

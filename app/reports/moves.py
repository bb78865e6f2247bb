"""What moved through a workflow, as a timeline: the moves that were made, what it waits for, what comes after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.domain.workflow import MoveView
from app.i18n import N_, translate

Item = dict[str, Any]
# What each flow has by these names: a move that was made, and one that is to come.
DONE: Final = {
    "submit": N_("Đã gửi"),
    "appraise": N_("Đã thẩm định"),
    "approve": N_("Đã phê duyệt"),
    "return": N_("Đã trả lại"),
}
AHEAD: Final = {
    "submit": N_("Gửi thẩm định"),
    "appraise": N_("Cấp trên thẩm định"),
    "approve": N_("Cấp trên phê duyệt"),
}


def made(
    events: Sequence[MoveView], done: Mapping[str, str], people: Mapping[str, str], lang: str
) -> list[Item]:
    """Items of `ui.steps`: each move by its words of `done`, its day, who made it; one that sent back stands out."""
    return [
        {
            "state": "bad" if e.move == "return" else "ok",
            "name": translate(lang, done[e.move]),
            "when": translate(lang, "{day:date}", day=e.on),
            "note": _said(e, people, lang),
        }
        for e in events
    ]


def to_come(steps: Sequence[str], due_on: date | None, lang: str) -> list[Item]:
    """Items of `ui.steps` for what comes yet: the first is waited for, and due on a day if any."""
    return [
        {
            "state": "open" if number else "now",
            "name": translate(lang, step),
            "when": translate(lang, N_("hạn {day:date}"), day=due_on) if due_on and not number else "",
            "note": "",
        }
        for number, step in enumerate(steps)
    ]


def returned(state: str, events: Sequence[MoveView]) -> MoveView | None:
    """The move that sent something back, as long as it was not sent again."""
    return events[-1] if state == "returned" else None


def _said(event: MoveView, people: Mapping[str, str], lang: str) -> str:
    """Who made a move, on which document, with which words."""
    parts = [f"{people.get(event.by, event.by)}, {event.unit_name}"]
    if event.document is not None:
        its = event.document
        facts = {"number": its.number, "day": its.date, "issuer": its.issuer}
        parts.append(translate(lang, N_("{number} ngày {day:date} của {issuer}"), **facts))
    return " · ".join((*parts, *([event.remark] if event.remark else [])))

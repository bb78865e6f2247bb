"""Targets as a table and as short lists, with what is off track and why, in a reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.targets import TargetView
from app.i18n import N_, Message, translate
from app.reports.labels import RECOGNITIONS, TARGET_LAGS
from app.reports.lines import bar_of
from app.reports.table import Cell, Column, Row, Table, Tag

Item = dict[str, Any]


def href(target: TargetView) -> str:
    return f"/targets/{target.id}"


def aim(target: TargetView, lang: str) -> str:
    """What is to be reached, in words."""
    if target.recognition is not None:
        return translate(lang, RECOGNITIONS[target.recognition])
    return f"{target.criterion_number}. {target.named(lang)}"


def state_tag(target: TargetView) -> Tag:
    match target.state:
        case "reached":
            return Tag("done", N_("đã đạt"))
        case "dropped":
            return Tag("plain", N_("đã bỏ"))
        case "overdue":
            days = (target.as_of - target.due_on).days
            return Tag("late", Message(N_("quá hạn {days:number} ngày"), {"days": days}))
    left = (target.due_on - target.as_of).days
    return Tag("", Message(N_("còn {days:number} ngày"), {"days": left}))


def lags_of(target: TargetView) -> list[Message]:
    """Why the target itself is off track."""
    return [Message(TARGET_LAGS[lag.code], {"figure": lag.figure}) for lag in target.lags]


def short_items(targets: Sequence[TargetView], lang: str) -> list[Item]:
    """Items of a card: what is to be reached, where, by when."""
    return [
        {
            "what": aim(t, lang), "href": href(t), "tag": state_tag(t), "unit": t.unit_name, "due": t.due_on,
            "responsible": t.responsible, "of_hamlet": t.unit_level == "hamlet",
        }
        for t in targets
    ]  # fmt: skip


def off_track_items(targets: Sequence[TargetView], lang: str) -> list[Item]:
    """Items of `ui.missing`: what is off track, by name, with why."""
    return [
        {"name": f"{aim(t, lang)}, {t.unit_name}", "href": href(t), "note": "; ".join(_reasons(t, lang))}
        for t in targets
        if t.off_track
    ]


def _reasons(target: TargetView, lang: str) -> list[str]:
    own = [translate(lang, m.text, **m.facts) for m in lags_of(target)]
    late = len(target.late_tasks)
    return [*own, *([translate(lang, N_("{n:number} việc chậm"), n=late)] if late else [])]


def targets_table(
    targets: Sequence[TargetView], lang: str, *, filters: Sequence[tuple[str, str]], name: str
) -> Table:
    """Targets with their roadmaps' progress and money."""
    return Table(
        title=N_("Chỉ tiêu"),
        columns=[
            Column("aim", N_("Phải đạt"), width=50),
            Column("unit", N_("Đơn vị"), width=24),
            Column("due", N_("Hạn"), "date"),
            Column("state", N_("Tình trạng"), "tag", width=20),
            Column("responsible", N_("Phụ trách"), width=24),
            Column("tasks", N_("Việc xong"), width=12),
            Column("plan", N_("Vốn gắn với lộ trình"), "money"),
            Column("disbursed", N_("Giải ngân"), "money"),
            Column("bar", N_("Tiền"), "bar"),
        ],
        rows=[
            Row(
                {
                    "aim": Cell(aim(t, lang), href(t), t.basis or None),
                    "unit": t.unit_name,
                    "due": t.due_on,
                    "state": state_tag(t),
                    "responsible": t.responsible,
                    "tasks": f"{t.done}/{len(t.tasks)}" if t.tasks else "",
                    "plan": t.money.plan,
                    "disbursed": t.money.disbursed,
                    "bar": bar_of(t.money) if t.money.plan else None,
                }
            )
            for t in targets
        ],
        filters=filters,
        notes=[N_("Một dòng vốn gắn với nhiều chỉ tiêu thì đứng ở từng chỉ tiêu ấy.")] if targets else [],
        name=name,
    )

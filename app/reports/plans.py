"""Plans as tables, as short lists and as a timeline, in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from app.domain.plans import Actual, FundActual, FundView, PlanView
from app.domain.tasks import TaskView
from app.domain.workflow import MoveView
from app.i18n import N_, Message, translate
from app.reports.labels import CAPITAL_KINDS, PLAN_KINDS, PLAN_STATES, TASK_KINDS, TASK_OFF_TRACK
from app.reports.lines import bar_of
from app.reports.moves import AHEAD, DONE, Item, made, to_come
from app.reports.table import Cell, Column, Row, Table, Tag, TagKind

_TAGS: Final[Mapping[str, TagKind]] = {
    "draft": "plain", "submitted": "risk", "appraised": "risk", "approved": "done", "recognised": "done",
    "returned": "late",
}  # fmt: skip
_DONE: Final = DONE | {"recognise": N_("Đã công nhận"), "revise": N_("Điều chỉnh")}
# What a plan in each state goes through yet, the first of it waited for.
_AHEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "draft": ("submit", "appraise", "approve"),
    "returned": ("submit", "appraise", "approve"),
    "submitted": ("appraise", "approve"),
    "appraised": ("approve",),
    "approved": (),
    "recognised": (),
}
_NEXT: Final = AHEAD | {"recognise": N_("Công nhận thôn kiểu mẫu")}


def href(plan: PlanView) -> str:
    return f"/plans/{plan.id}"


def state_tag(plan: PlanView) -> Tag:
    return Tag(_TAGS[plan.state], PLAN_STATES[plan.state])


def when(plan: PlanView) -> str:
    """The year or the years of a plan."""
    return f"{plan.period_from}–{plan.period_to}" if plan.year is None else str(plan.year)


def plans_table(
    plans: Sequence[PlanView],
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Plans with where each stands and when the next move is due."""
    return Table(
        title=N_("Các kế hoạch"),
        columns=[
            Column("title", N_("Kế hoạch"), width=60),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("kind", N_("Loại"), width=26),
            Column("program", N_("Thuộc chương trình"), width=20),
            Column("year", N_("Năm"), width=12),
            Column("state", N_("Tình trạng"), "tag", width=20),
            Column("due", N_("Hạn bước tiếp theo"), "date"),
            Column("responsible", N_("Người phụ trách"), width=24),
        ],
        rows=[
            Row(
                {
                    "title": Cell(p.title, href(p)),
                    "unit": p.unit_name,
                    "kind": Message(PLAN_KINDS[p.kind]),
                    "program": p.program_name,
                    "year": when(p),
                    "state": state_tag(p),
                    "due": p.due_on,
                    "responsible": p.responsible,
                }
            )
            for p in plans
        ],
        filters=filters,
        name=name,
    )


def waiting_items(plans: Sequence[PlanView], lang: str) -> list[Item]:
    """Items of `ui.missing`: what waits, by name, with what it waits for and since when it is due."""
    return [{"name": p.title, "href": href(p), "note": _waits(p, lang)} for p in plans]


def _waits(plan: PlanView, lang: str) -> str:
    parts = [p for p in (plan.unit_name, translate(lang, PLAN_STATES[plan.state])) if p not in plan.title]
    if plan.due_on is not None:
        parts.append(translate(lang, N_("hạn {day:date}"), day=plan.due_on))
    return ", ".join(parts)


def short_items(plans: Sequence[PlanView], lang: str) -> list[Item]:
    """Items of a card: each plan with where it stands and when the next move is due."""
    return [
        {
            "what": p.title,
            "href": href(p),
            "tag": state_tag(p),
            "due": translate(lang, N_("hạn {day:date}"), day=p.due_on) if p.due_on else "",
            "unit": p.unit_name,
        }
        for p in plans
    ]


def timeline(plan: PlanView, events: Sequence[MoveView], people: Mapping[str, str], lang: str) -> list[Item]:
    """Items of `ui.steps`: the moves that were made, what it waits for now, and what comes after that."""
    items = made(events, _DONE, people, lang)
    ahead = [
        *_AHEAD[plan.state],
        *(["recognise"] if plan.kind == "model_hamlet" and plan.state != "recognised" else []),
    ]
    return items + to_come([_NEXT[step] for step in ahead], plan.due_on, lang)


def fund_name(fund: FundView, lang: str) -> str:
    """What a row of money is of."""
    return fund.project_code or fund.line_name or translate(lang, N_("Không theo dự án"))


def funds_table(
    rows: Sequence[FundActual],
    lang: str,
    *,
    title: str | Message,
    filters: Sequence[tuple[str, str]],
    name: str,
    on: date,
) -> Table:
    """A plan's money row by row beside what its lines had on a day."""
    tied = [row for row in rows if row.pockets is not None]
    return Table(
        title=title,
        columns=[
            Column("of", N_("Dự án"), width=40),
            Column("source", N_("Nguồn vốn"), width=24),
            Column("kind", N_("Loại vốn"), width=24),
            Column("amount", N_("Theo kế hoạch"), "money"),
            Column("plan", N_("Đã giao"), "money"),
            Column("disbursed", N_("Giải ngân"), "money"),
            Column("bar", N_("Tiền"), "bar"),
        ],
        rows=[
            Row(
                {
                    "of": Cell(fund_name(r.fund, lang), _line_href(r), r.fund.project_name or r.fund.note),
                    "source": r.fund.named(lang),
                    "kind": Message(CAPITAL_KINDS[r.fund.capital_kind]),
                    "amount": r.fund.amount,
                    "plan": r.plan,
                    "disbursed": r.disbursed,
                    "bar": None if r.pockets is None else bar_of(r.pockets, at_risk=r.at_risk),
                }
            )
            for r in rows
        ],
        totals=Row(
            {
                "of": Message(N_("Cộng")),
                "amount": sum(r.fund.amount for r in rows),
                "plan": sum(r.plan or 0 for r in tied) if tied else None,
                "disbursed": sum(r.disbursed or 0 for r in tied) if tied else None,
            },
            "sum",
        )
        if rows
        else None,
        filters=filters,
        notes=[N_("Vốn không theo dự án nào thì không có dòng vốn để so.")] if len(tied) < len(rows) else [],
        as_of=on,
        name=name,
    )  # fmt: skip


def _line_href(row: FundActual) -> str | None:
    return f"/ledger/lines/{row.fund.budget_line_id}" if row.fund.budget_line_id else None


def tasks_table(found: Actual, lang: str, *, filters: Sequence[tuple[str, str]], name: str) -> Table:
    """A plan's tasks as far as each had come on a day, and why it is off track."""
    return Table(
        title=N_("Nhiệm vụ"),
        columns=[
            Column("text", N_("Việc"), width=60),
            Column("kind", N_("Loại"), width=14),
            Column("responsible", N_("Người phụ trách"), width=24),
            Column("due", N_("Hạn"), "date"),
            Column("quantity", N_("Phải đạt"), "number"),
            Column("value", N_("Đã được"), "number"),
            Column("measure", N_("Đơn vị tính"), width=14),
            Column("state", N_("Tình trạng"), "tag", width=40),
        ],
        rows=[
            Row(
                {
                    "text": t.text,
                    "kind": Message(TASK_KINDS[t.kind]),
                    "responsible": t.responsible,
                    "due": t.due_on,
                    "quantity": t.goal,
                    "value": t.value,
                    "measure": t.measure or "%" if t.quantity is not None else "%",
                    "state": _task_state(t, lang),
                }
            )
            for t in found.items
        ],
        filters=filters,
        as_of=found.on,
        name=name,
    )


def _task_state(task: TaskView, lang: str) -> Cell:
    """Where a task stands; why it is off track stands below it."""
    if task.done:
        return Cell(Tag("done", N_("xong")))
    if not task.off_track:
        return Cell(Tag("", N_("đang làm") if task.value else N_("chưa làm")))
    said = (translate(lang, TASK_OFF_TRACK[off.code], figure=off.figure) for off in task.off_track)
    return Cell(Tag("late", N_("chậm")), sub="; ".join(said))

"""What the system's figures of a unit give reason to look at: the checklist of an inspection begins with it.

Each line says in Vietnamese, as it is kept, what the figures say that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app import db
from app.domain import plans, programs, support, targets, territory, works
from app.domain.access import Actor
from app.domain.inspections.demands import earlier
from app.domain.inspections.views import InspectionView
from app.domain.ledger import lines
from app.domain.ledger.figures import lines_on
from app.domain.ledger.lines import LineFilter
from app.domain.plans import PlanFilter
from app.domain.support import ModelFilter
from app.domain.territory import UnitView
from app.domain.works import WorkFilter
from app.i18n import N_, translate
from app.money import compact
from app.text import nfc

AT_MOST: Final = 200  # rows of a kind that are looked at
_LANG: Final = "vi"
_UNAPPROVED: Final = ("draft", "submitted", "appraised", "returned")
_PLAN_STATES: Final = {
    "draft": N_("Dự thảo"), "submitted": N_("Chờ thẩm định"), "appraised": N_("Chờ phê duyệt"),
    "returned": N_("Bị trả lại để sửa"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line for the checklist: about what (`id` of a criterion is its number), and what the figures say."""

    kind: str
    id: str
    text: str


def suggestions(actor: Actor, of: InspectionView, on: date) -> list[Suggestion]:
    """What there is to look at on a day, what was demanded before first. Reads outside of any transaction."""
    unit = territory.find(actor, of.exact_unit)
    return [
        *_demands(actor, of, on),
        *_works(actor, unit, on),
        *_lines(actor, of, on),
        *_criteria(actor, of, on),
        *_plans(actor, of, on),
        *_models(actor, of, on),
    ]


def _say(message: str, on: date, /, **facts: str | int | date) -> str:
    return nfc(translate(_LANG, message, on=on, **facts))


def _money(amount: int) -> str:
    return " ".join(compact(amount, _LANG))


def _demands(actor: Actor, of: InspectionView, on: date) -> Iterator[Suggestion]:
    with db.snapshot() as session:
        found = earlier(session, actor, of, on)
    for d in found:
        if d.state not in ("accepted", "withdrawn"):
            said = (
                N_("Yêu cầu lần trước chưa được chấp nhận hoàn thành, quá hạn {late:number} ngày: {text}")
                if d.overdue
                else N_("Yêu cầu lần trước chưa được chấp nhận hoàn thành, hạn {due:date}: {text}")
            )
            facts: dict[str, str | int | date] = {"late": d.late_days} if d.overdue else {"due": d.due_on}
            text = d.text if len(d.text) <= 600 else f"{d.text[:599]}…"
            yield Suggestion("directive", str(d.id), _say(said, on, text=text, **facts))


def _works(actor: Actor, unit: UnitView, on: date) -> Iterator[Suggestion]:
    wanted = WorkFilter(unit=unit, question="unready", as_of=on)
    for w in works.works(actor, wanted, by_code=True, limit=AT_MOST):
        missing = "; ".join(m.said(_LANG) for m in w.missing)
        said = N_("{name}: chưa đủ điều kiện khởi công, còn thiếu: {missing} (đến {on:date})")
        yield Suggestion("work", str(w.id), _say(said, on, name=w.name, missing=missing[:600]))


def _lines(actor: Actor, of: InspectionView, on: date) -> Iterator[Suggestion]:
    """Lines of the plan's year of which nothing was disbursed, or whose money is at risk at their pace."""
    wanted = LineFilter(unit=of.exact_unit, year=of.year)
    book = lines.lines(actor, wanted, by_project=True, limit=AT_MOST)
    with db.snapshot() as session:
        money = lines_on(session, [line.id for line in book], {of.year}, on)
        sources = programs.names(session)
    for line in book:
        held = money.get(line.id)
        if held is None or not held.pockets.plan or (held.pockets.disbursed and not held.at_risk):
            continue
        name = f"{line.project_code} {line.title} · {sources.source(line.source, _LANG)} · {line.year}"
        said = (
            N_("{name}: giải ngân {done} trong {plan}, {risk} có nguy cơ mất (đến {on:date})")
            if held.at_risk
            else N_("{name}: giải ngân {done} trong {plan} (đến {on:date})")
        )
        facts = {"done": _money(held.pockets.disbursed), "plan": _money(held.pockets.plan), "risk": _money(held.at_risk)}  # fmt: skip
        yield Suggestion("line", str(line.id), _say(said, on, name=name, **facts))


def _criteria(actor: Actor, of: InspectionView, on: date) -> Iterator[Suggestion]:
    for t in targets.heads(actor, of.unit_id, on):
        due = t.due_on.year <= of.year and t.state in ("open", "overdue")
        if due and t.criterion_number is not None and t.unit_level != "hamlet":
            said = N_("Tiêu chí {number}. {name}: phải đạt trước {due:date}, chưa đạt (đến {on:date})")
            facts: dict[str, str | int | date] = {"number": str(t.criterion_number), "name": t.named(_LANG) or "", "due": t.due_on}  # fmt: skip
            yield Suggestion("criterion", str(t.criterion_number), _say(said, on, **facts))


def _plans(actor: Actor, of: InspectionView, on: date) -> Iterator[Suggestion]:
    for p in plans.plans(actor, PlanFilter(unit=of.exact_unit), by_name=True, limit=AT_MOST):
        if p.state in _UNAPPROVED and of.year in p.years:
            said = N_("{name}: chưa được phê duyệt, đang {state} (đến {on:date})")
            yield Suggestion(
                "plan", str(p.id), _say(said, on, name=p.title, state=_PLAN_STATES[p.state].lower())
            )


def _models(actor: Actor, of: InspectionView, on: date) -> Iterator[Suggestion]:
    for state in ("approved", "running"):
        wanted = ModelFilter(unit=of.exact_unit, state=state)
        for found in support.with_parts(actor, wanted, limit=AT_MOST):
            if any(given.delivered for given in found.inputs):
                continue
            said = N_("{name}: {members:number} hộ, chưa cấp phát lần nào (đến {on:date})")
            text = _say(said, on, name=found.model.name, members=len(found.members))
            yield Suggestion("support_model", str(found.model.id), text)
